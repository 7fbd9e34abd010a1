"""Small worlds that previews start from: the vocabulary, the reference data, and a few graphs of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Triple, parse

from pedgraph.intake.bundle import read_data, read_derivations, read_vocabulary
from pedgraph.intake.submissions.preview import preview
from pedgraph.settings import load_settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, PREFIXES, VOCABULARY_GRAPH
from tests.folders import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.impact.asked import Change
    from pedgraph.intake.submissions.impact.result import EntityChanges, Preview

KINDS = (
    "balance",
    "city",
    "claim",
    "event",
    "hub",
    "involvement",
    "obs",
    "organisation",
    "ped",
    "project",
    "site",
    "stage",
)
CODES = (
    "boundary-mode", "calculation-method", "city-role", "energy-metric", "helix", "hub-stage", "involvement-role",
    "ped-stage", "ped-status", "use-scope", "value-origin", "value-role",
)  # fmt: skip
PROLOGUE = "".join(
    f"@prefix {prefix}: <{namespace}> .\n"
    for prefix, namespace in {
        **PREFIXES,
        **{kind: f"https://w3id.org/pedgraph/id/{kind}/" for kind in KINDS},
        **{code: f"https://w3id.org/pedgraph/code/{code}/" for code in CODES},
    }.items()
)


def graph(name: str) -> str:
    """The IRI of a graph."""
    return f"{GRAPHS}{name}/1"


def triples(text: str) -> list[Triple]:
    """Triples in Turtle, with the usual prefixes."""
    return [quad.triple for quad in parse(input=(PROLOGUE + text).encode(), format=RdfFormat.TURTLE)]


def build_world(home: Path, **graphs: str) -> None:
    """Publishes a version with graphs of these names, whose titles are their names in capitals."""
    given = {graph(name): triples(text) for name, text in graphs.items()}
    titles = [
        f'<{graph(name)}> dcterms:title "{name.upper()}"@en ; dcterms:issued "2026-11-21"^^xsd:date .'
        for name in graphs
    ]
    changes = ChangeSet(
        {
            VOCABULARY_GRAPH: read_vocabulary(),
            **read_data(TEXTS).reference,
            META_GRAPH: triples("\n".join(titles)),
            **given,
        }
    )
    build(Versions(home), changes, Publication("test", "a small world", read_derivations()))


def look(home: Path, change: Change, *, language: str = "en") -> Preview:
    """A preview that holds nothing against the shapes."""
    return preview(load_settings({}, home=home), change, language=language, examine=lambda *_: [])


Line = tuple[str, str, str, str]


def lines(changes: EntityChanges) -> list[Line]:
    """What a preview says of a thing: effect, subject, value before and after; what is derived in parentheses."""
    return [
        (f"({fact.effect})" if fact.is_derived else fact.effect, fact.subject, fact.before, fact.after)
        for fact in changes.facts
    ]


def said(found: Preview) -> dict[str, list[Line]]:
    """What a preview says of all things, by their labels."""
    return {each.entity.label: lines(each) for each in found.entities}
