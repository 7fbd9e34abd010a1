"""The command line: the same services as the web. Exit codes: 0 fine, 1 does not conform, 2 error."""

from __future__ import annotations

import logging
import sys
import uuid

from pedgraph.errors import EXIT_ERROR, PedgraphError

log = logging.getLogger(__name__)


def main() -> None:
    """Runs the command line of this process and ends the process with its exit code."""
    from pedgraph.cli.commands import app
    from pedgraph.cli.streams import complain, give_up

    try:
        app()
    except PedgraphError as error:
        complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        # Mostly the standard streams themselves, which a framework writes to on its own, as for --help.
        give_up(sys.stdout)
        complain(error)
        sys.exit(EXIT_ERROR)
    except Exception:
        # Python's own exit code for these is 1, which says here that data do not conform.
        log.exception("incident %s: an unforeseen error", uuid.uuid4().hex[:12])
        sys.exit(EXIT_ERROR)
