"""Publishes a round every some seconds until its standard input ends: ``python -m tests.soak.publisher HOME SECONDS``.

Prints the number of each version that it has published, and when.
"""

from __future__ import annotations

import select
import sys
import time
from pathlib import Path

from pedgraph.errors import StoreLocked
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from tests.soak.rounds import graphs_of

KEPT = 10


def publish_round(versions: Versions) -> int:
    """Publishes the round that bears the number of the version it becomes; raises :class:`StoreLocked`.

    Where a write over HTTP takes that number first, the round has a lower number than its version; then it is done
    again.
    """
    while True:
        pointer = versions.pointer()
        assert pointer is not None
        number = pointer.published + 1
        publication = Publication("publisher", f"round {number}", keep=KEPT)
        manifest = publish(versions, ChangeSet(graphs_of(number)), publication)
        print(f"{manifest.version} {number} {time.time()}", flush=True)  # noqa: T201
        if manifest.version == number:
            return number


def main() -> None:
    """Publishes until the standard input ends."""
    versions = Versions(Path(sys.argv[1]))
    interval_seconds = float(sys.argv[2])
    is_over = False
    while not is_over:
        try:
            publish_round(versions)
        except StoreLocked:
            time.sleep(0.05)
            continue
        is_over = bool(select.select([sys.stdin], [], [], interval_seconds)[0])


if __name__ == "__main__":
    main()
