"""Queries: what a text may contain, how it is run, and the library of stored ones. Knows nothing of HTTP."""
