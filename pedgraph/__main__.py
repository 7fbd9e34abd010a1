"""``python -m pedgraph``: the same as the command ``pedgraph``."""

from pedgraph.cli import main

main()
