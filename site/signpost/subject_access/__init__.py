"""Everything held about one person, for that person: gathered, reviewed for what is about others, given once, kept as given."""
