"""Telling findings to people: in their language, with the labels of things, what is allowed, and what to do."""
