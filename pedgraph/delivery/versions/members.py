"""Differences as JSON: what is said in it, with the addresses at which there is more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.delivery.versions.comparing import Detail, Overview, Pair, Statement, Wanted

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def address_of(pair: Pair, **parameters: str | int) -> str:
    """Where a difference, or a part of it, stands from the start of the site; empty parameters are left out."""
    given = {name: value for name, value in parameters.items() if value}
    query = f"?{urlencode(given, quote_via=quote, safe='/:,')}" if given else ""
    return f"versions/{pair.before}..{pair.after}{query}"


def next_address(pair: Pair, wanted: Wanted, total: int) -> str:
    """Where what comes after is; empty where nothing does."""
    following = wanted.offset + wanted.limit
    if following >= total:
        return ""
    return address_of(pair, **chosen(wanted), limit=wanted.limit, offset=following)


def previous_address(pair: Pair, wanted: Wanted) -> str:
    """Where what comes before is; empty where nothing does."""
    if not wanted.offset:
        return ""
    before = max(wanted.offset - wanted.limit, 0)
    return address_of(pair, **chosen(wanted), limit=wanted.limit, offset=before)


def chosen(wanted: Wanted) -> dict[str, str]:
    """The parameters that choose a part of a difference."""
    return {"iri": wanted.iri, "graph": wanted.graph, "change": wanted.change}


def of_overview(overview: Overview, pair: Pair, wanted: Wanted, site: str) -> dict[str, Any]:
    """A difference as a whole."""
    return {
        **_both(pair, overview.added, overview.removed),
        "patch": site + address_of(pair, format="rdfp"),
        "graphs": [{**vars(each), "difference": site + address_of(pair, graph=each.graph)} for each in overview.graphs],
        "things": {
            "total": overview.total,
            **overview.counts,
            **({"listed": wanted.change} if wanted.change else {}),
            **_page(pair, wanted, overview.listed, site),
            "items": [
                {
                    "id": each.iri,
                    "label": each.label or None,
                    "change": each.change,
                    "added": each.added,
                    "removed": each.removed,
                    "difference": site + address_of(pair, iri=each.iri),
                }
                for each in overview.things
            ],
        },
    }


def of_detail(detail: Detail, pair: Pair, wanted: Wanted, site: str) -> dict[str, Any]:
    """The part of a difference that is about one thing or of one graph."""
    return {
        **_both(pair, detail.added, detail.total - detail.added),
        **({"id": wanted.iri, "label": detail.labels.get(wanted.iri)} if wanted.iri else {}),
        "change": detail.change or None,
        **({"graph": wanted.graph} if wanted.graph else {}),
        "patch": site + address_of(pair, iri=wanted.iri, graph=wanted.graph, format="rdfp"),
        "statements": {
            "total": detail.total,
            **_page(pair, wanted, detail.total, site),
            "items": [_statement(each) for each in detail.statements],
        },
    }


def read_term(text: str) -> dict[str, str]:
    """A term that N-Triples write so, as the JSON format of query results has it (section 3.2.2)."""
    (quad,) = parse(f"<urn:x:s> <urn:x:p> {text} .", RdfFormat.N_TRIPLES)
    term = quad.object
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    assert isinstance(term, Literal), text
    literal = {"type": "literal", "value": term.value}
    if term.language:
        return literal | {"xml:lang": term.language}
    return literal if term.datatype.value == _STRING else literal | {"datatype": term.datatype.value}


def _both(pair: Pair, added: int, removed: int) -> dict[str, Any]:
    return {"before": pair.before, "after": pair.after, "added": added, "removed": removed}


def _page(pair: Pair, wanted: Wanted, total: int, site: str) -> Mapping[str, Any]:
    following = next_address(pair, wanted, total)
    return {"limit": wanted.limit, "offset": wanted.offset, "next": site + following if following else None}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "change": statement.change,
        "subject": read_term(statement.subject),
        "predicate": statement.predicate[1:-1],
        "object": read_term(statement.object),
        "graph": statement.graph or None,
    }
