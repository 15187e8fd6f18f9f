"""Rows in, files out: no export knows where its rows come from."""
