"""How a case runs to its agreed number of sessions, and who is told of its end."""
