"""Reports: figures of whole periods that identify nobody, published once (C3)."""
