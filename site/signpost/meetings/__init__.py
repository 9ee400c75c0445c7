"""Meetings: free times, booking, polls, links to Microsoft Teams, and the calendar files that tell of them."""
