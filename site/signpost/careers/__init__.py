"""The careers session: a workspace for the conversation, what is shared of it, and what is kept (B, A12–A19)."""
