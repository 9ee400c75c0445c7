"""Documents of cases: what a file is by what is in it, keeping it sealed, and handing it out to those who may read it."""
