"""Checking a file of somebody else's: read, gates, SHACL, verdict, in a process that can be killed."""
