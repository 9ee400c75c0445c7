"""Files of rows that somebody brings: read by the worker, shown row by row, and taken."""
