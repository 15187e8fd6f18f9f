"""Read only: a connection and filters in, rows out."""
