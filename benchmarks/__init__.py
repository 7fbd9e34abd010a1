"""Measuring pedgraph against other servers on the same machine, the same data and in the same run: ``make bench``."""
