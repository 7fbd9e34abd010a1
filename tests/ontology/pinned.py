"""The pinned list of external IRIs as RDF, and the external IRIs that texts name: SPARQL, shapes, JSON-LD, Python.

The check ``Q11-external-terms`` asks a dataset in which the graph of a file is named ``file:`` and its path in the
checkout; the list stands there as ``file:ontology/pinned/terms.csv``, what texts name in ``urn:pedgraph:checks#facts``.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from pedgraph.query.tokens import tokens
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST: Final = NamedNode("file:ontology/pinned/terms.csv")
FACTS: Final = NamedNode("urn:pedgraph:checks#facts")
NAMES_OUTSIDE: Final = NamedNode("urn:pedgraph:checks#namesOutside")
RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DEPRECATED: Final = NamedNode("http://www.w3.org/2002/07/owl#deprecated")
PINNED: Final = "urn:pedgraph:pinned#"
SHACL: Final = "http://www.w3.org/ns/shacl#"
SPARQL_TEXTS: Final = {SHACL + "select", SHACL + "ask", SHACL + "construct", SHACL + "update"}


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """The rows of ``terms.csv`` or ``vocabularies.csv``."""
    with (root / "ontology/pinned" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pinned_quads(root: Path) -> Iterator[Quad]:
    """The list as RDF: namespaces, terms with their state as class, and which are deprecated."""
    for row in rows(root, "vocabularies.csv"):
        yield Quad(NamedNode(row["namespace"]), RDF_TYPE, NamedNode(PINNED + "Namespace"), LIST)
    for row in rows(root, "terms.csv"):
        term = NamedNode(row["iri"])
        yield Quad(term, RDF_TYPE, NamedNode(PINNED + row["state"].capitalize()), LIST)
        if row["deprecated"] == "yes":
            yield Quad(term, DEPRECATED, Literal(True), LIST)


def outside_facts(path: Path, root: Path) -> list[Quad]:
    """Which external IRIs a text names where no RDF parser sees them, as facts about its file."""
    file = NamedNode("file:" + path.relative_to(root).as_posix())
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".rq":
            named = terms_in_sparql(text)
        case ".ttl":
            named = terms_in_constraints(text)
        case ".jsonld":
            named = terms_in_json_ld(text)
        case ".py":
            spaces = tuple(row["namespace"] for row in rows(root, "vocabularies.csv"))
            named = {iri for iri in terms_in_python(text) if iri.startswith(spaces) and iri not in spaces}
        case _:
            named = set()
    return [Quad(file, NAMES_OUTSIDE, NamedNode(iri), FACTS) for iri in sorted(named) if _is_outside(iri)]


def _is_outside(iri: str) -> bool:
    return iri.startswith(("http://", "https://")) and not iri.startswith(ROOT)


def terms_in_sparql(text: str, prefixes: dict[str, str] | None = None) -> set[str]:
    """The IRIs that a SPARQL text names in full or short, by its own PREFIX lines and those given; no namespaces.

    Raises :class:`KeyError` for a prefix that nothing declares.
    """
    known = dict(prefixes or {})
    named = set()
    found = list(tokens(text))
    before = [None, None, *found]
    for older, last, token in zip(before, before[1:], found, strict=False):
        declares = older is not None and older.is_word("PREFIX")
        if token.kind == "iri" and declares and last is not None:
            known[last.text.removesuffix(":")] = token.text[1:-1]
        elif token.kind == "iri" and not (last is not None and last.is_word("BASE")):
            named.add(token.text[1:-1])
        elif token.kind == "prefixed" and not (last is not None and last.is_word("PREFIX")):
            prefix, _, local = token.text.partition(":")
            named.add(known[prefix] + re.sub(r"\\(.)", r"\1", local))
    return {iri for iri in named if ":" in iri}


def terms_in_constraints(text: str) -> set[str]:
    """The IRIs that SPARQL constraints in Turtle name; prefixes are those of ``sh:declare`` and the file's."""
    parsed = parse(text, format=RdfFormat.TURTLE)
    quads = list(parsed)
    known = dict(parsed.prefixes)
    said = {(str(quad.subject), quad.predicate.value): quad.object for quad in quads}
    for (subject, predicate), value in said.items():
        namespace = said.get((subject, SHACL + "namespace"))
        if predicate == SHACL + "prefix" and isinstance(value, Literal) and isinstance(namespace, Literal):
            known[value.value] = namespace.value
    texts = [
        quad.object.value for quad in quads if quad.predicate.value in SPARQL_TEXTS and isinstance(quad.object, Literal)
    ]
    return {iri for each in texts for iri in terms_in_sparql(each, _of_codes(each) | known)}


def _of_codes(text: str) -> dict[str, str]:
    """Prefixes of code lists are those that own files always use; of their IRIs nothing is asked here."""
    return {name: f"{ROOT}code/{name}/" for name in re.findall(r"\b([a-z]+(?:-[a-z]+)*):", text)}


def terms_in_json_ld(text: str) -> set[str]:
    """The IRIs that a JSON-LD context or frame names as value or key, in full or by a prefix of its context."""
    document = json.loads(text)
    strings = set(_strings(document))
    context = document.get("@context", {}) if isinstance(document, dict) else {}
    entries = context.items() if isinstance(context, dict) else []
    prefixes = {key: value for key, value in entries if isinstance(value, str) and value.endswith(("/", "#"))}
    prefixes |= {
        key: value["@id"] for key, value in entries if isinstance(value, dict) and value.get("@prefix") is True
    }
    named = {word for word in strings if re.match(r"https?://", word)}
    for word in strings:
        prefix, colon, local = word.partition(":")
        if colon and prefix in prefixes and local:
            named.add(prefixes[prefix] + local)
    return {iri for iri in named if not iri.endswith(("/", "#")) and not iri.endswith(".jsonld")}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def terms_in_python(text: str) -> set[str]:
    """The IRIs that stand in full as strings of a module."""
    constants = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"{}]+", value)}
