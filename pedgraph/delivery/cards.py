"""Cards: what is known of one thing, as one JSON-LD document for apps.

For each kind of card there is a stored CONSTRUCT query, which selects the triples, and a frame, which makes a tree of
them. The frame embeds what it names and nothing else, so that a card cannot grow beyond its two or three levels. In the
queries, links stand in ``VALUES`` and properties in ``FILTER``: the engine begins with ``VALUES``, and unless these are
the links it reads the whole graph.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat, Triple, parse

from pedgraph.delivery.documents import frame_graph, ordered
from pedgraph.errors import BadRequest, CardTooLarge, NotFound
from pedgraph.query.binding import with_iri
from pedgraph.query.library import read_stored_query
from pedgraph.query.running import QueryRequest
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.contexts import Json, document
from pedgraph.vocabulary.iris import FRAMES, INDICATORS, THINGS, compact
from pedgraph.vocabulary.media import N_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pedgraph.query.running import QueryService

GENERAL: Final = "thing"
KINDS: Final = (
    "ped", "site", "project", "city", "network", "atelier", "event", "person", "organisation", "document", "target",
    "indicator-series", GENERAL,
)  # fmt: skip
MOST_TRIPLES: Final = 20_000

# The kinds in IRIs that share a card with another kind.
_CARD_OF_KIND = {"cluster": "network", "hub": "atelier", "demo": "organisation"}
# All of these keys say pedg:about the other way round; the type of the item says which of them an app looks for.
_ABOUT_KEYS = {
    "StatusAssessment": "assessments",
    "StatusClaim": "claims",
    "EnergyBalance": "balances",
    "Disagreement": "disagreements",
}
_OTHER_ABOUT_KEY = "indicators"
_NUMBERS = frozenset({"xsd:decimal", "xsd:integer"})


def kind_of(iri: str) -> str:
    """The kind of card for a thing, read from its IRI; :data:`GENERAL` where there is none of its own."""
    if iri.startswith(INDICATORS):
        return "indicator-series"
    kind = iri.removeprefix(THINGS).partition("/")[0] if iri.startswith(THINGS) else GENERAL
    card_kind = _CARD_OF_KIND.get(kind, kind)
    return card_kind if card_kind in KINDS else GENERAL


def card_query(iri: str) -> str:
    """The text of the CONSTRUCT query for the card of a thing; raises :class:`BadRequest` for what is no IRI."""
    stored = read_stored_query(queries_directory() / "cards" / f"{kind_of(iri)}.rq")
    return with_iri(stored, "this", iri)


def card(triples: Iterable[Triple], kind: str, iri: str) -> Json:
    """The card of a thing, made of the triples that its query gives.

    Keys and items come in a fixed order. Decimals are value objects with their datatype, as any number in JSON would
    come back as a double; ``plain``, which is no RDF, repeats them as numbers, and dates as text.

    Raises :class:`NotFound` where nothing is said about the thing, :class:`CardTooLarge` where too much is, and
    :class:`BadRequest` for a kind that does not exist.
    """
    if kind not in KINDS:
        raise BadRequest(f"There is no kind of card '{kind}'. The kinds are: {', '.join(KINDS)}.")
    chosen: dict[Triple, None] = {}
    for triple in triples:
        chosen[triple] = None
        if len(chosen) > MOST_TRIPLES:
            raise _too_large(iri)
    framed = frame_graph(chosen, {**document(f"{FRAMES}{kind}.jsonld"), "id": iri})
    if framed.get("id") != iri:
        raise NotFound(f"Nothing is said about {compact(iri)}.", iri=iri)
    sort_by_type(framed)
    add_plain(framed)
    found: Json = ordered(framed)
    return found


class Cards:
    """Makes cards from the current version of the graph, or from one that is kept."""

    def __init__(self, queries: QueryService) -> None:
        self._queries = queries

    async def describe(self, iri: str, *, version: int | None = None) -> Json:
        """The card of a thing; raises the errors of :func:`card_query`, :func:`card` and :class:`QueryService`."""
        request = QueryRequest(card_query(iri), format_name=N_TRIPLES.name, version=version)
        running = await self._queries.run(request)
        chunks, lines = [], 0
        try:
            async for chunk in running.answer.chunks():
                chunks.append(chunk)
                lines += chunk.count(b"\n")
                # The same triple may come more than once, though seldom more than a few times.
                if lines > 10 * MOST_TRIPLES:
                    raise _too_large(iri)
        finally:
            await running.answer.close()
        return await asyncio.to_thread(_from_n_triples, b"".join(chunks), iri)


def _from_n_triples(content: bytes, iri: str) -> Json:
    quads = parse(content, RdfFormat.N_TRIPLES)
    return card((quad.triple for quad in quads), kind_of(iri), iri)


def _too_large(iri: str) -> CardTooLarge:
    return CardTooLarge(
        f"More than {MOST_TRIPLES:,} triples belong to this card. Ask for them with a query.",
        iri=iri,
        limit_triples=MOST_TRIPLES,
    )


def sort_by_type(node: Json) -> None:
    """Gives each number, balance, claim and assessment to the key under which apps look for it."""
    keys = (*_ABOUT_KEYS.values(), _OTHER_ABOUT_KEY)
    items = [item for key in keys for item in node.pop(key, [])]
    for item in items:
        types = item.get("type", []) if isinstance(item, dict) else []
        named = [types] if isinstance(types, str) else types
        key = next((_ABOUT_KEYS[name] for name in named if name in _ABOUT_KEYS), _OTHER_ABOUT_KEY)
        node.setdefault(key, []).append(item)


def add_plain(value: Any) -> None:  # noqa: ANN401
    """Adds ``plain`` to each object of the tree that has values with a datatype."""
    if isinstance(value, list):
        for item in value:
            add_plain(item)
    elif isinstance(value, dict) and "@value" not in value:
        plain = {key: _plain(each) for key, each in value.items() if _is_typed(each)}
        for each in value.values():
            add_plain(each)
        if plain:
            value["plain"] = dict(sorted(plain.items()))


def _is_typed(value: Any) -> bool:  # noqa: ANN401
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(isinstance(each, dict) and "@value" in each and "type" in each for each in values)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_plain(each) for each in value]
    text = value["@value"]
    if value["type"] not in _NUMBERS:
        return text
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
