"""Whole versions as files: what there is, how it is made, and what is said of it."""
