"""Making data of somebody else's fit to be published: names for what has none, and decimals in one form.

Names are the same whenever the same is stated, so that sending a file again changes nothing. They are those that
:mod:`pedgraph.vocabulary.minting` gives to n-ary nodes; other blank nodes are named after a hash of what is said of
them and of what points to them (Skolem IRIs; RDF 1.1 Concepts, section 3.5).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from pedgraph.vocabulary.iris import PREFIXES, THINGS
from pedgraph.vocabulary.minting import names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pedgraph.intake.reading.documents import Document

    Node = NamedNode | BlankNode | Literal | Triple

NODES: Final = THINGS + "node/"
_HASH_DIGITS: Final = 12
_XSD: Final = PREFIXES["xsd"]
_DECIMAL: Final = NamedNode(_XSD + "decimal")
_NUMERIC: Final = frozenset(
    _XSD + name for name in ("decimal", "integer", "double", "float", "int", "long", "short", "nonNegativeInteger")
)
# More digits than any measurement has; beyond them a number stays as it is written.
_MOST_DIGITS: Final = 60
_PATH: Final = PREFIXES["sh"] + "path"
_DATATYPE: Final = PREFIXES["sh"] + "datatype"
_UPWARDS: Final = frozenset({PREFIXES["rdf"] + "first", PREFIXES["rdf"] + "rest", PREFIXES["sh"] + "or"})
# n-ary nodes may hold each other, so names are looked for until nothing changes; this ends it whatever they do.
_DEEPEST: Final = 20
_STAND_IN: Final = "urn:blank:"


def name_blank_nodes(document: Document) -> dict[str, str]:
    """Gives each blank node of a document an IRI, in place; returns the labels, such as ``_:b0``, with their IRIs."""
    given: dict[str, str] = {}
    for _ in range(_DEEPEST):
        triples = document.triples
        blank = _blank_nodes(triples)
        if not blank:
            return given
        # The name of a node may be made from those of others; whatever depends on a label has to wait for them.
        one, other = names(_as_named(triples, "a")), names(_as_named(triples, "b"))
        keyed = {label: one[_STAND_IN + "a" + label] for label in blank if _STAND_IN + "a" + label in one}
        found = {label: iri for label, iri in keyed.items() if other[_STAND_IN + "b" + label] == iri}
        found = found or _hashed(triples, {label: each for label, each in blank.items() if label not in keyed} or blank)
        _rename(document, found)
        given |= found
    return given


def with_canonical_decimals(triples: Iterable[Triple], decimal_properties: Collection[str]) -> list[Triple]:
    """The triples with each number that is the value of such a property as an ``xsd:decimal`` in its canonical form
    (XML Schema 1.1 Datatypes, section 3.3.3.1), whatever numeric type it was written in.
    """
    return [
        Triple(triple.subject, triple.predicate, _decimal(triple.object))
        if triple.predicate.value in decimal_properties
        else triple
        for triple in triples
    ]


def decimal_properties(shapes: Iterable[Triple]) -> frozenset[str]:
    """The properties whose values the shapes want to be decimals, or let be so among other numbers (``sh:or``)."""
    triples = list(shapes)
    above: dict[Node, list[Triple]] = defaultdict(list)
    paths: dict[Node, str] = {}
    for triple in triples:
        above[triple.object].append(triple)
        if triple.predicate.value == _PATH and isinstance(triple.object, NamedNode):
            paths[triple.subject] = triple.object.value
    reached: list[Node] = [t.subject for t in triples if t.predicate.value == _DATATYPE and t.object == _DECIMAL]
    found = set()
    while reached:
        node = reached.pop()
        if node in paths:
            found.add(paths[node])
        reached += [triple.subject for triple in above[node] if triple.predicate.value in _UPWARDS]
    return frozenset(found)


def data_hash(triples: Iterable[Triple]) -> str:
    """The SHA-256 of a graph in canonical N-Quads (RDFC-1.0, section 4.4.3), as hexadecimal digits."""
    return hashlib.sha256(canonical(triples)).hexdigest()


def canonical(triples: Iterable[Triple]) -> bytes:
    """The graph in canonical N-Quads (RDFC-1.0, section 4.4.3), sorted by code point."""
    dataset = _canonical_dataset(triples)
    return "".join(sorted(f"{quad.triple} .\n" for quad in dataset)).encode()


def _canonical_dataset(triples: Iterable[Triple]) -> Dataset:
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _blank_nodes(triples: Iterable[Triple]) -> dict[str, BlankNode]:
    """Label → blank node."""
    return {
        str(term): term for triple in triples for term in (triple.subject, triple.object) if isinstance(term, BlankNode)
    }


def _as_named(triples: Iterable[Triple], mark: str) -> list[Triple]:
    """The triples with an IRI in the stead of each blank node, as the names of n-ary nodes are made from IRIs."""

    def named(term: Node) -> Node:
        return NamedNode(f"{_STAND_IN}{mark}{term}") if isinstance(term, BlankNode) else term

    return [Triple(named(each.subject), each.predicate, named(each.object)) for each in triples]  # type: ignore[arg-type]


def _hashed(triples: Sequence[Triple], blank: Mapping[str, BlankNode]) -> dict[str, str]:
    """An IRI for each blank node, from a hash of what is said of it, and of those around it in turn."""
    colours = dict.fromkeys(blank, "")
    for _ in range(_DEEPEST):
        facts: dict[str, list[str]] = defaultdict(list)
        for triple in triples:
            subject, value = (_coloured(term, colours) for term in (triple.subject, triple.object))
            facts[str(triple.subject)].append(f"{triple.predicate} {value}")
            facts[str(triple.object)].append(f"^{triple.predicate} {subject}")
        finer = {label: _digest(sorted(facts[label])) for label in blank}
        is_stable = len(set(finer.values())) == len(set(colours.values()))
        colours = finer
        if is_stable:
            break
    return _apart(colours)


def _apart(colours: Mapping[str, str]) -> dict[str, str]:
    """The IRIs for these colours; nodes that nothing tells apart are numbered as they come in the file."""
    alike: dict[str, list[str]] = defaultdict(list)
    for label, colour in colours.items():
        alike[colour].append(label)
    return {
        label: f"{NODES}{colour[:_HASH_DIGITS]}" + (f"-{number}" if number > 1 else "")
        for colour, labels in alike.items()
        for number, label in enumerate(labels, start=1)
    }


def _coloured(term: Node, colours: Mapping[str, str]) -> str:
    return f"_:{colours[str(term)]}" if isinstance(term, BlankNode) else str(term)


def _digest(facts: list[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _rename(document: Document, found: Mapping[str, str]) -> None:
    """Writes the names into statements, places and problems."""

    def named(term: Node) -> Node:
        return NamedNode(found[str(term)]) if isinstance(term, BlankNode) and str(term) in found else term

    document.statements = [
        replace(
            each,
            triple=Triple(named(each.triple.subject), each.triple.predicate, named(each.triple.object)),  # type: ignore[arg-type]
        )
        for each in document.statements
    ]
    document.places = {(found.get(node, node), path): place for (node, path), place in document.places.items()}
    document.problems = [
        replace(each, focus_node=found.get(each.focus_node, each.focus_node)) for each in document.problems
    ]


def _decimal(term: Node) -> Node:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMERIC:
        return term
    try:
        number = Decimal(term.value.strip())
    except InvalidOperation:
        return term
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > _MOST_DIGITS:
        return term
    text = f"{number:f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0") or "0"
    sign = "-" if whole.startswith("-") else ""
    whole = whole.lstrip("+-").lstrip("0") or "0"
    zero = whole == "0" and fraction == "0"
    return Literal(f"{'' if zero else sign}{whole}.{fraction}", datatype=_DECIMAL)
