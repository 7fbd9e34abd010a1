"""A part of a list as its page shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.model import COUNTRY, RELEVANCE, THING, YEAR
from pedgraph.delivery.collections.pages import (
    Choice,
    Facet,
    FacetValue,
    Fact,
    HiddenField,
    Link,
    ListItem,
    ListPage,
)
from pedgraph.delivery.rows import GEO_JSON, ROWS_JSON_LD
from pedgraph.delivery.search.pages import address_of
from pedgraph.vocabulary.iris import THINGS
from pedgraph.vocabulary.media import CSV, PLAIN_JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.delivery.collections.addresses import Addresses
    from pedgraph.delivery.collections.answers import Answer
    from pedgraph.delivery.collections.asking import ListQuestion
    from pedgraph.delivery.collections.model import Filter
    from pedgraph.delivery.collections.reading import Item
    from pedgraph.vocabulary.contexts import Json

    Values = Mapping[str, tuple[str, ...]]

_FORMATS: Final = ((ROWS_JSON_LD, "JSON-LD"), (PLAIN_JSON, "JSON"), (CSV, "CSV"), (GEO_JSON, "GeoJSON"))
# A line with more links is none that anybody reads.
_MOST_LINKS: Final = 8
_EXTRA_LABELS: Final = {
    "startDate": "Begins",
    "endDate": "Ends",
    "residents": "Residents",
    "url": "Website",
    "value": "Value",
}


def list_page(
    answer: Answer, question: ListQuestion, addresses: Addresses, chosen: Values, labels: Mapping[tuple[str, str], str]
) -> ListPage:
    """The page of an answer. ``chosen`` are the values of the filters as they are kept, ``labels`` their names."""
    collection, part = answer.collection, answer.part
    written = _written(question, chosen)
    facets = tuple(_facet(each, answer, addresses, chosen, written) for each in collection.filters if each.is_counted)
    return ListPage(
        name=collection.name,
        title=collection.title,
        introduction=collection.introduction,
        items=tuple(_item(each, answer) for each in part.items),
        total=part.total,
        of=part.of,
        first=answer.offset + 1 if part.items else 0,
        facets=tuple(each for each in facets if each.values),
        chosen=(*_chosen(question, addresses, chosen, labels, written), *_others(question, addresses)),
        clear=addresses.cleared(),
        orders=tuple(_orders(question, addresses)),
        formats=tuple(Choice(each.name, label, is_chosen=False, address=addresses.with_one("format", each.name))
                      for each, label in _FORMATS),
        text=question.text,
        hidden=tuple(HiddenField(*pair) for pair in (*addresses.kept, *addresses.pinned) if pair[0] != "q"),
        previous=answer.previous,
        next=answer.next,
        map_address=_map_address(addresses) if part.total else "",
    )  # fmt: skip


def _written(question: ListQuestion, chosen: Values) -> dict[tuple[str, str], list[str]]:
    """The ways in which the values that are chosen stand in the address: there may be several for one."""
    written: dict[tuple[str, str], list[str]] = {}
    for name, values in chosen.items():
        given = question.chosen[name]
        for value in values:
            same = [text for text in given if text.rstrip(">").casefold().endswith(value.casefold())]
            written[name, value] = same if len(values) > 1 else list(given)
    return written


def _facet(
    asked: Filter, answer: Answer, addresses: Addresses, chosen: Values, written: Mapping[tuple[str, str], list[str]]
) -> Facet:
    values = tuple(
        FacetValue(
            each.value,
            each.label,
            each.count,
            each.value in chosen.get(asked.name, ()),
            addresses.toggled(asked.name, each.value, written.get((asked.name, each.value), ())),
        )
        for each in answer.part.counts.get(asked.name, ())
    )
    if asked.kind == YEAR:
        values = tuple(sorted(values, key=lambda each: each.value, reverse=True))
    return Facet(asked.name, asked.label, values)


def _chosen(
    question: ListQuestion,
    addresses: Addresses,
    chosen: Values,
    labels: Mapping[tuple[str, str], str],
    written: Mapping[tuple[str, str], list[str]],
) -> list[FacetValue]:
    return [
        FacetValue(
            value,
            f"{each.label}: {labels[each.name, value]}",
            0,
            is_chosen=True,
            address=addresses.toggled(each.name, value, written[each.name, value]),
        )
        for each in question.collection.filters
        for value in chosen.get(each.name, ())
    ]


def _others(question: ListQuestion, addresses: Addresses) -> list[FacetValue]:
    """What narrows the list down besides its filters."""
    found = []
    if question.text:
        found.append(
            FacetValue(question.text, f"Words: {question.text}", 0, is_chosen=True, address=addresses.with_one("q", ""))
        )
    if question.box is not None:
        box = question.box
        corners = f"{box.west:g}, {box.south:g} to {box.east:g}, {box.north:g}"
        found.append(FacetValue("bbox", f"Area: {corners}", 0, is_chosen=True, address=addresses.with_one("bbox", "")))
    return found


def _orders(question: ListQuestion, addresses: Addresses) -> list[Choice]:
    orders = [*((RELEVANCE,) if question.text else ()), *question.collection.orders]
    found = []
    for order in orders:
        for sign in ("", "-"):
            is_chosen = order == question.order and bool(sign) == question.is_descending
            label = order.label.capitalize() + (", the other way round" if sign else "")
            found.append(Choice(sign + order.name, label, is_chosen, addresses.with_one("sort", sign + order.name)))
    return found


def _map_address(addresses: Addresses) -> str:
    near = [pair for pair in addresses.kept if pair[0] not in {"approximate", "sort"}]
    pairs = (*near, ("approximate", "city"), ("facets", "false"))
    return type(addresses)(addresses.name, pairs, (), addresses.pinned).with_one("format", GEO_JSON.name)


def _item(item: Item, answer: Answer) -> ListItem:
    card = json.loads(item.card)
    plain = card["plain"]
    facts = [*_extras(plain, answer), *_facts(card, plain, answer)]
    sources = [Link(_title(each), address_of(each["id"])) for each in card.get("sources", ())]
    return ListItem(item.iri, item.label, item.language, address_of(item.iri), tuple(facts), tuple(sources))


def _extras(plain: Json, answer: Answer) -> list[Fact]:
    found = []
    for name in answer.collection.extras:
        value = plain.get(name)
        if value is None or name not in _EXTRA_LABELS:
            continue
        text = f"{value:,}" if isinstance(value, int | float) else str(value)
        if name == "value":
            text = " ".join(filter(None, [_qualified(plain["qualifier"]), text, plain["unitLabel"]]))
        address = text if name == "url" and text.startswith(("https://", "http://")) else ""
        found.append(Fact(_EXTRA_LABELS[name], (Link(text, address),)))
    return found


def _facts(card: Json, plain: Json, answer: Answer) -> list[Fact]:
    found = []
    for each in answer.collection.filters:
        values = plain[each.name]
        if not values or not each.has_labels:
            continue
        links = [
            Link(label, _address(each, value)) for value, label in zip(values, plain[f"{each.name}Label"], strict=True)
        ]
        more = (
            [Link(f"and {len(links) - _MOST_LINKS} more", address_of(card["id"]))] if len(links) > _MOST_LINKS else []
        )
        found.append(Fact(each.label, (*links[:_MOST_LINKS], *more)))
    return found


def _address(asked: Filter, value: Any) -> str:  # noqa: ANN401
    """Where a value of a filter is described, from the start of the site; empty for what is described elsewhere."""
    if asked.kind == THING:
        return address_of(f"{THINGS}{asked.of_kind}{'/' if asked.of_kind else ''}{value}")
    if asked.kind == COUNTRY or len(asked.schemes) != 1:
        return ""
    (scheme,) = asked.schemes
    return f"indicator/{value}" if scheme == "indicator" else f"code/{scheme}/{value}"


def _title(source: Json) -> str:
    texts = source.get("title", {})
    title = texts.get("en") or next(iter(texts.values()), source["id"].rpartition("/")[2])
    return title if isinstance(title, str) else str(title[0])


def _qualified(text: str | None) -> str:
    return "" if text in {None, "exact"} else str(text).replace("-", " ")
