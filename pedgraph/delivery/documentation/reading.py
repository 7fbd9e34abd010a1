"""What the pages are made from: the files of ontology, code lists, alignments, shapes, context and examples."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pedgraph.delivery.facts import Facts, node_name
from pedgraph.errors import InputError
from pedgraph.intake.bundle import read_codes, read_ontology, read_shapes
from pedgraph.intake.parsing import parse_rdf
from pedgraph.resources import (
    alignments_directory,
    changelog_file,
    context_file,
    data_directory,
    examples_directory,
    frames_directory,
    ontology_directory,
)
from pedgraph.vocabulary.iris import THINGS
from pedgraph.vocabulary.media import TRIG, TURTLE

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Triple

_SOURCES = THINGS + "source/"


@dataclass(frozen=True)
class Part:
    """One file of the ontology: its name, what its first line says of it, and what it declares."""

    name: str
    about: str
    triples: list[Triple]
    declared: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Example:
    """An example of a class: what its first line says of it, the file below that line, and its triples."""

    about: str
    text: str
    triples: list[Triple]


@dataclass(frozen=True)
class Sources:
    """All that the pages are made from."""

    vocabulary: Facts
    shapes: Facts
    modules: list[Part]
    alignments: list[Part]
    examples: dict[str, Example]
    context: dict[str, Any]
    frames: dict[str, Any]
    titles: dict[str, str]
    changelog: str


def read_sources() -> Sources:
    """Reads the files that come with pedgraph; context, frames, alignments and examples may be missing.

    Raises :class:`InputError` where one of them cannot be read or does not parse.
    """
    return Sources(
        vocabulary=Facts([*read_ontology(), *read_codes()]),
        shapes=Facts(read_shapes()),
        modules=_parts(ontology_directory()),
        alignments=_parts(alignments_directory()),
        examples={path.stem: _example(path) for path in _in(examples_directory())},
        context=_json(context_file()).get("@context", {}),
        frames={path.stem: _json(path) for path in _in(frames_directory(), ".jsonld")},
        titles=_titles(data_directory() / "meta.trig"),
        changelog=changelog_file().read_text("utf-8"),
    )


def _example(path: Path) -> Example:
    first, _, rest = path.read_text("utf-8").partition("\n")
    return Example(first.removeprefix("#").strip(), rest.strip("\n") + "\n", _triples(path))


def _parts(directory: Path) -> list[Part]:
    found = []
    for path in _in(directory):
        first = path.read_text("utf-8").split("\n", 1)[0]
        about = re.sub(r"^# *(pedgraph [^:]*: *)?", "", first).rstrip(".") if first.startswith("#") else ""
        triples = _triples(path)
        found.append(Part(path.stem, about, triples, frozenset(node_name(triple.subject) for triple in triples)))
    return found


def _in(directory: Path, suffix: str = ".ttl") -> list[Path]:
    return sorted(directory.glob(f"*{suffix}"))


def _triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse_rdf(path.read_bytes(), TURTLE, str(path), rename_blank_nodes=True)]


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError(f"It is not valid JSON: {error}.", source=str(path)) from None
    if not isinstance(content, dict):
        raise InputError("It is not a JSON object.", source=str(path))
    return content


def _titles(meta_file: Path) -> dict[str, str]:
    """The titles of the sources, by IRI."""
    meta = Facts(quad.triple for quad in parse_rdf(meta_file.read_bytes(), TRIG, str(meta_file)))
    sources = [each for each in meta.of_kind("pedg:Source") if each.startswith(_SOURCES)]
    return {source: meta.text(source, "dcterms:title") for source in sources}
