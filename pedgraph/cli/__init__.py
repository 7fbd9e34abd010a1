"""The command line: the same services as the web. Exit codes: 0 fine, 1 does not conform, 2 error."""

from __future__ import annotations

import sys

from pedgraph.errors import PedgraphError


def main() -> None:
    """Runs the command line of this process and ends the process with its exit code."""
    from pedgraph.cli.commands import app

    try:
        app()
    except PedgraphError as error:
        print(f"pedgraph: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
