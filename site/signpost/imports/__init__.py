"""Files of rows that somebody brings: read by the worker, shown row by row, taken as a whole or not at all."""
