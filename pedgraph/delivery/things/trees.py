"""Statements about a thing as one tree in our context: what a page shows, or where each statement comes from.

The tree is built here and then compacted, without the framing algorithm: that one embeds what a frame names, and here
everything is embedded where it is met first, so that the document parses back to the graph that was selected.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.delivery.cards import add_plain, sort_by_type
from pedgraph.delivery.documents import compact_tree, ordered
from pedgraph.vocabulary.iris import INFERRED_GRAPH, PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pedgraph.delivery.things.statements import Statements
    from pedgraph.vocabulary.contexts import Json

_DCTERMS: Final = PREFIXES["dcterms"]
_PREF_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_SOURCE: Final = NamedNode(_DCTERMS + "source")
_REFERENCED_BY: Final = NamedNode(_DCTERMS + "isReferencedBy")
_HAD_SOURCE: Final = PREFIXES["prov"] + "hadPrimarySource"
# What is said of a graph and of its source beside the facts; the profile for provenance has the rest.
_OF_ORIGIN: Final = frozenset(
    {
        RDF_TYPE, PREFIXES["schema"] + "url", TERMS + "dateRead", TERMS + "confidence", TERMS + "submissionStatus",
        *(_DCTERMS + name for name in ("title", "issued", "publisher", "license", "rights")),
    }
)  # fmt: skip
_XSD_STRING: Final = PREFIXES["xsd"] + "string"
_STRINGS: Final = frozenset({_XSD_STRING, PREFIXES["rdf"] + "langString"})


def is_shown(quad: Quad) -> bool:
    """Whether a statement is shown: what anybody states, and of what is derived what our own terms say.

    The rest of what is derived repeats the same in the words of other vocabularies.
    """
    if quad.graph_name != NamedNode(INFERRED_GRAPH):
        return True
    if quad.predicate.value == RDF_TYPE:
        return isinstance(quad.object, NamedNode) and quad.object.value.startswith(TERMS)
    return quad.predicate.value.startswith(TERMS) or quad.predicate.value == _PREF_LABEL


def full_triples(statements: Statements, names: dict[str, list[tuple[str, Any]]]) -> list[Triple]:
    """The graph of the profile ``full``: what is shown of the thing, its records, names, and sources."""
    this = NamedNode(statements.iri)
    triples = [quad.triple for quad in (*statements.quads, *statements.records) if is_shown(quad)]
    for iri, known in names.items():
        if iri.startswith(THINGS) and iri != statements.iri:
            triples += [Triple(NamedNode(iri), NamedNode(name), value) for name, value in chosen_names(known)]
    graphs = {quad.graph_name for quad in statements.quads if quad.graph_name != NamedNode(INFERRED_GRAPH)}
    sources = set()
    for quad in statements.provenance:
        if quad.subject in graphs and quad.predicate.value == _HAD_SOURCE:
            sources.add(quad.object)
    triples += [Triple(this, _REFERENCED_BY, graph) for graph in graphs if isinstance(graph, NamedNode)]
    triples += [Triple(this, _SOURCE, source) for source in sources if isinstance(source, NamedNode)]
    described = graphs | sources
    triples += [
        quad.triple
        for quad in statements.provenance
        if quad.subject in described and quad.predicate.value in _OF_ORIGIN
    ]
    return list(dict.fromkeys(triples))


def chosen_names(known: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Of the names and classes of a thing those to show: its classes, and the names of the best property it has."""
    classes = [pair for pair in known if pair[0] == RDF_TYPE]
    for name in (_PREF_LABEL, PREFIXES["rdfs"] + "label", _DCTERMS + "title", PREFIXES["skos"] + "notation"):
        best = [pair for pair in known if pair[0] == name]
        if best:
            return classes + best
    return classes


def full_tree(triples: Iterable[Triple], iri: str) -> Json:
    """The graph of :func:`full_triples` as a tree in our context, with numbers and dates repeated as ``plain``."""
    compacted = compact_tree(_Tree(triples).whole(iri))
    sort_by_type(compacted)
    add_plain(compacted)
    found: Json = ordered(compacted)
    return found


def plain_tree(triples: Iterable[Triple], iri: str) -> Json:
    """A graph as a tree in our context."""
    return compact_tree(_Tree(triples).whole(iri))


class _Tree:
    """A graph that is taken apart, node by node, into one node object in expanded form.

    What has nothing but names and kinds is embedded wherever it is met, so that each link has a name beside it.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._left: dict[NamedNode | BlankNode | Triple, list[Triple]] = defaultdict(list)
        self._pointing: dict[str, list[tuple[NamedNode, NamedNode | BlankNode | Triple]]] = defaultdict(list)
        self._met: set[NamedNode | BlankNode | Triple] = set()
        for triple in sorted(set(triples), key=str):
            self._left[triple.subject].append(triple)
            if isinstance(triple.object, NamedNode):
                self._pointing[triple.object.value].append((triple.predicate, triple.subject))

    def whole(self, iri: str) -> Json:
        """The node object of a thing; what does not hang together with it is included at its side."""
        this = NamedNode(iri)
        back: dict[str, list[Json]] = defaultdict(list)
        own = self._left.pop(this, [])
        for predicate, subject in self._pointing[iri]:
            if subject != this:
                back[predicate.value].append(self._node(subject, Triple(subject, predicate, this)))
        self._left[this] = own
        node = self._node(this)
        if back:
            node["@reverse"] = dict(back)
        included = [self._node(subject) for subject in list(self._left) if subject in self._left.keys() - self._met]
        if included:
            node["@included"] = included
        return node

    def _node(self, subject: NamedNode | BlankNode | Triple, without: Triple | None = None) -> Json:
        node: Json = {"@id": _name(subject)}
        triples = self._left.get(subject, [])
        self._met.add(subject)
        if not all(_is_name(triple) for triple in triples):
            del self._left[subject]
        for triple in triples:
            if triple == without:
                continue
            if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode):
                node.setdefault("@type", []).append(triple.object.value)
            else:
                node.setdefault(triple.predicate.value, []).append(self._value(triple.object))
        return node

    def _value(self, term: NamedNode | BlankNode | Literal | Triple) -> Json:
        if not isinstance(term, Literal):
            return self._node(term) if term in self._left else {"@id": _name(term)}
        value: Json = {"@value": term.value}
        if term.language:
            value["@language"] = term.language
        elif term.datatype.value not in _STRINGS:
            value["@type"] = term.datatype.value
        return value


def _is_name(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) or triple.predicate.value == RDF_TYPE


def _name(term: NamedNode | BlankNode | Triple) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
