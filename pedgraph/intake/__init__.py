"""Intake: from a file to statements that may be published, or to findings that say what is wrong with it."""
