"""Publishes without end, builds and changes in turn, until it is killed: ``python publisher.py HOME``."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions

GRAPHS = ("https://w3id.org/pedgraph/graph/a/1", "https://w3id.org/pedgraph/graph/b/1")
TRIPLES_PER_GRAPH = 300
ROUND = NamedNode("urn:x:round")


def content(number: int) -> list[Triple]:
    """What both graphs hold in one round: the same subjects, all with the number of the round."""
    return [Triple(NamedNode(f"urn:x:{i}"), ROUND, Literal(number)) for i in range(TRIPLES_PER_GRAPH)]


def main() -> None:
    """Publishes for ever."""
    versions = Versions(Path(sys.argv[1]))
    publication = Publication(author="publisher", reason="a round", keep=3)
    print("ready", flush=True)  # noqa: T201
    for number in itertools.count():
        changes = ChangeSet(dict.fromkeys(GRAPHS, content(number)))
        if number % 3 == 0 or versions.pointer() is None:
            build(versions, changes, publication)
        else:
            publish(versions, changes, publication)


if __name__ == "__main__":
    main()
