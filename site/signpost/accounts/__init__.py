"""Who are you, which roles do you hold, over which school or employer?"""
