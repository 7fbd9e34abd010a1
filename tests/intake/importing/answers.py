"""Answers of the PED Database as the tests need them: read, cut down to one entry, and counted."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from pedgraph.intake.reading.forms import read
from pedgraph.intake.tables.things import Things
from pedgraph.settings import Settings
from pedgraph.vocabulary.iris import TERMS, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.reading.documents import Document

FILE: Final = Path(__file__).parent / "everything.json"
CONTENT: Final = FILE.read_bytes()
GRAPH: Final = "https://w3id.org/pedgraph/graph/2026-0007/1"
PLACES: Final = ("caseStudies", "projects")


def everything() -> Any:  # noqa: ANN401 - JSON, to be changed at will
    """The answer ``everything``, as a copy of its own."""
    return json.loads(CONTENT)


def known() -> Things:
    """Amsterdam, as the graph knows it."""
    things = Things()
    things.add(f"{THINGS}city/nl-amsterdam", f"{TERMS}City", ["Amsterdam"])
    return things


def reading(content: object, name: str = "everything.json", media_type: str = "") -> Document:
    """What is read of a file with these bytes, or of a JSON text with this value."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read(path, name, media_type, Settings(), known, GRAPH)


def site(**data: object) -> dict[str, Any]:
    """The answer ``everything`` with one site of a few fields, and the labels of all."""
    whole = everything()
    fields = {"A1P001": "Site", "A1P012": "Netherlands", "A1P013": "Amsterdam", **data}
    whole["caseStudies"]["data"] = [{"entryId": "1", "formId": "1", "data": fields, "postId": 7}]
    whole["projects"]["data"] = []
    return dict(whole)


def found(document: Document) -> set[tuple[str, str, str]]:
    """Rule, field and value of each problem but the summary."""
    return {
        (each.rule, dict(each.variables).get("field", ""), each.value)
        for each in document.problems
        if each.rule != "I17"
    }


def count(value: Any) -> int:  # noqa: ANN401 - JSON
    """How many values there are in what fields hold; what is blank, unticked or null is none."""
    if isinstance(value, dict | list):
        return sum(count(each) for each in (value.values() if isinstance(value, dict) else value))
    return 0 if value is None or value is False or str(value).strip() == "" else 1


def unnamed(triples: Iterable[Triple]) -> list[Triple]:
    """The triples with blank nodes for those that are named after their facts."""

    def blank(term: Any) -> Any:  # noqa: ANN401 - any term
        is_hashed = isinstance(term, NamedNode) and term.value.startswith((f"{THINGS}stage/", f"{THINGS}obs/"))
        return BlankNode(term.value.rpartition("/")[2]) if is_hashed else term

    return [Triple(blank(each.subject), each.predicate, blank(each.object)) for each in triples]
