"""What happens when things go wrong: real processes, killed; a server that goes; a disk that fills; a clock set back.

Each experiment gives counts. The tests run them small, `python -m tests.reliability.run --large` in their full size.
"""
