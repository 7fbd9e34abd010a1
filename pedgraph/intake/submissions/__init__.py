"""Submissions: from a file that was sent to a graph that is published, and away again."""
