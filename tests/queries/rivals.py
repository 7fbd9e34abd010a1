"""A server on the shipped data and invented sources that disagree, one disagreement of each kind."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import parse

from pedgraph.intake.bundle import read_derivations
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import META_GRAPH

if TYPE_CHECKING:
    from pyoxigraph import Triple


def plant(home: Path, built: Path, *files: str) -> None:
    """Makes ``home`` a copy of what is built with the graphs of files of this folder beside those that are there."""
    shutil.copytree(built, home)
    graphs: dict[str, list[Triple]] = {}
    for file in files or ("rivals.trig",):
        for quad in parse(path=Path(__file__).with_name(file)):
            graphs.setdefault(str(quad.graph_name).strip("<>"), []).append(quad.triple)
    versions = Versions(home)
    about = graphs.pop(META_GRAPH, [])
    if about:
        # Descriptions stand beside those of other graphs; a change would take their place.
        graphs["https://w3id.org/pedgraph/graph/invented-descriptions/1"] = about
    publish(versions, ChangeSet(graphs), Publication("test", "planted", derivations=read_derivations()))
