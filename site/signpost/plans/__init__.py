"""Plans: what somebody set out to do, by when, and how far it got. Shared by careers and progression."""
