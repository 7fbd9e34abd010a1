"""Texts to read: a file of them, and what stands at a position."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from pedgraph.intake.reading.forms import read
from pedgraph.intake.reading.texts import Text
from pedgraph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.intake.findings import Position
    from pedgraph.intake.reading.documents import Document

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"


def reading(content: str | bytes, file_name: str, media_type: str = "") -> Document:
    """What is read of a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, file_name, media_type, Settings())


def problems(document: Document) -> list[tuple[str, int, int, str]]:
    """Rule, line, column and pointer of each problem."""
    return [(each.rule, each.position.line, each.position.column, each.position.pointer) for each in document.problems]


def after(content: str, position: Position) -> str:
    """The text from a position on."""
    return content[Text("", content).offset(position.line, position.column) :]


def canonical(triples: Iterable[Triple]) -> Dataset:
    """The triples with canonical blank nodes, to be compared."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


# Characters that every form writes as they are.
_PLAIN = st.text(st.sampled_from("abcXYZ019 äπ語😀.,;-_"), min_size=1, max_size=9).map(lambda text: f"k{text}k")
_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,4}", fullmatch=True)
_NODES = st.one_of(_NAMES.map(lambda name: NamedNode(EX + name)), st.sampled_from("abcd").map(BlankNode))
_LITERALS = st.one_of(
    _PLAIN.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), _PLAIN, st.sampled_from(["en", "nl-be"])),
    st.integers(0, 999).map(lambda number: Literal(str(number), datatype=NamedNode(f"{XSD}integer"))),
    st.sampled_from(["true", "false"]).map(lambda text: Literal(text, datatype=NamedNode(f"{XSD}boolean"))),
    st.integers(0, 99).map(lambda number: Literal(f"{number}.5", datatype=NamedNode(f"{XSD}decimal"))),
)
TRIPLES = st.lists(
    st.builds(
        Triple, _NODES, _NAMES.map(lambda name: NamedNode(f"{EX}p-{name}")), st.one_of(_NODES, _LITERALS)
    ),
    min_size=1,
    max_size=12,
    unique=True,
)  # fmt: skip
