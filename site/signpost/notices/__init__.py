"""Who is told of what, and which rule permits it; the outbox, its delivery and the ledger."""
