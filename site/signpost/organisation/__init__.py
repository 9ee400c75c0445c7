"""The organisation's own data: schools, employers, venues, and the settings."""
