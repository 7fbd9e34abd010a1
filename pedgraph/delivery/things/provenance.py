"""Where each statement about a thing comes from: statements as nodes (RDF 1.1 Semantics, appendix D.1), their graphs,
and the sources, activities and acceptance of these.

A dataset needs no such nodes, as there each statement stands in its graph.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Triple

from pedgraph.vocabulary.iris import PREFIXES, ROOT, TERMS, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from pedgraph.delivery.things.statements import Statements

_RDF: Final = PREFIXES["rdf"]
_STATEMENT, _SUBJECT, _PREDICATE, _OBJECT = (
    NamedNode(_RDF + name) for name in ("Statement", "subject", "predicate", "object")
)
_TYPE: Final = NamedNode(RDF_TYPE)
_STATED_IN_GRAPH: Final = NamedNode(TERMS + "statedInGraph")
_STATED_IN: Final = NamedNode(TERMS + "statedIn")
_ISSUED: Final = NamedNode(PREFIXES["dcterms"] + "issued")
_LICENSE: Final = NamedNode(PREFIXES["dcterms"] + "license")
_STATUS: Final = NamedNode(TERMS + "submissionStatus")
_HAD_SOURCE: Final = NamedNode(PREFIXES["prov"] + "hadPrimarySource")
_HASH_DIGITS: Final = 16


def statement_name(iri: str, triple: Triple) -> str:
    """The IRI of a statement, as a part of the document that describes the thing."""
    document = ROOT + "doc/" + iri.removeprefix(THINGS) if iri.startswith(THINGS) else iri
    digest = hashlib.sha256(str(triple).encode()).hexdigest()[:_HASH_DIGITS]
    return f"{document}#statement-{digest}"


def reified(statements: Statements) -> list[Triple]:
    """Each statement with the thing as subject or object as a node of its own, with the graphs that make it, and what
    is known of these graphs and of where they come from.
    """
    found = []
    for quad in statements.quads:
        node = NamedNode(statement_name(statements.iri, quad.triple))
        found += [
            Triple(node, _TYPE, _STATEMENT),
            Triple(node, _SUBJECT, quad.subject),
            Triple(node, _PREDICATE, quad.predicate),
            Triple(node, _OBJECT, quad.object),
        ]
        if isinstance(quad.graph_name, NamedNode):
            found.append(Triple(node, _STATED_IN_GRAPH, quad.graph_name))
    return list(dict.fromkeys([*found, *(quad.triple for quad in statements.provenance)]))
