"""What a list is asked for, read from the parameters of its address without guessing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.collections.model import RELEVANCE
from pedgraph.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.delivery.collections.model import Collection, Order

Pairs = list[tuple[str, str]]

# The parameters of every list, besides its filters.
COMMON: Final = ("q", "bbox", "approximate", "sort", "limit", "cursor", "facets", "version", "format", "bom")
MOST_ITEMS: Final = 1_000
MOST_ROWS: Final = 10_000
# Every value is a condition of its own for the database.
_MOST_VALUES: Final = 100
_LONGEST_TEXT: Final = 500
_SHOWN: Final = 50
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,4}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_BOX_NUMBERS: Final = 4
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})


@dataclass(frozen=True)
class Box:
    """A bounding box in degrees (RFC 7946, section 5); across the antimeridian ``west`` is the greater one."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class ListQuestion:
    """What is asked of a list. ``chosen`` has of each filter the values, any of which will do, as they were given.

    ``is_near`` says that what has no place of its own is taken to be where its city is.
    """

    collection: Collection
    chosen: dict[str, tuple[str, ...]]
    text: str
    box: Box | None
    is_near: bool
    order: Order
    is_descending: bool
    limit: int | None
    cursor: str | None
    with_facets: bool
    with_mark: bool


def read(collection: Collection, given: Sequence[tuple[str, str]]) -> ListQuestion:
    """The question that an address asks of a list.

    Raises :class:`BadRequest` for an unknown parameter, for one that is repeated and is no filter, and for a value that
    is none of its kind.
    """
    names = [each.name for each in collection.filters]
    _check_names([*names, *COMMON], given)
    chosen = {name: _several(given, name) for name in names}
    if sum(map(len, chosen.values())) > _MOST_VALUES:
        raise BadRequest(f"The filters have more than {_MOST_VALUES} values together.")
    text = (_one(given, "q") or "").strip()
    if len(text) > _LONGEST_TEXT:
        raise BadRequest(f"The parameter 'q' has more than {_LONGEST_TEXT} characters.", parameter="q")
    order, is_descending = _order(collection, _one(given, "sort"), has_text=bool(text))
    approximate = _one(given, "approximate")
    if approximate not in {None, "", "city"}:
        raise _wrong("approximate", approximate or "", "'city'", "city")
    return ListQuestion(
        collection=collection,
        chosen={name: values for name, values in chosen.items() if values},
        text=text,
        box=_box(_one(given, "bbox")),
        is_near=approximate == "city",
        order=order,
        is_descending=is_descending,
        limit=_limit(_one(given, "limit")),
        cursor=_one(given, "cursor") or None,
        with_facets=_flag(given, "facets", default=True),
        with_mark=_flag(given, "bom", default=False),
    )


def kept(collection: Collection, given: Sequence[tuple[str, str]]) -> Pairs:
    """The parameters that say what is in a list and in which order, in an order that is always the same.

    Fields of forms that are left empty are left out, and what is said twice is said once.
    """
    names = [*(each.name for each in collection.filters), "q", "bbox", "approximate", "sort"]
    return list(dict.fromkeys((name, value) for name in names for key, value in given if key == name and value))


def _check_names(known: list[str], given: Sequence[tuple[str, str]]) -> None:
    for name, _ in given:
        if name not in known:
            raise BadRequest(
                f"There is no parameter '{name[:_SHOWN]}' here. There are: {', '.join(known)}.",
                parameter=name[:_SHOWN],
                known=known,
            )


def _several(given: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for key, value in given if key == name and value.strip()))


def _one(given: Sequence[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in given if key == name]
    if len(values) > 1:
        raise BadRequest(f"The parameter '{name}' is given {len(values)} times; once is allowed.", parameter=name)
    return values[0] if values else None


def _flag(given: Sequence[tuple[str, str]], name: str, *, default: bool) -> bool:
    text = _one(given, name)
    if text in _TRUE | _FALSE:
        return text in _TRUE
    if text:
        raise _wrong(name, text, "'true' or 'false'", "true")
    return default


def _order(collection: Collection, text: str | None, *, has_text: bool) -> tuple[Order, bool]:
    orders = {each.name: each for each in collection.orders} | ({RELEVANCE.name: RELEVANCE} if has_text else {})
    if not text:
        return (RELEVANCE if has_text else collection.orders[0]), False
    name = text.removeprefix("-")
    if name not in orders:
        names = ", ".join(orders)
        raise _wrong(
            "sort", text, f"one of {names}, with '-' in front for the other way round", collection.orders[0].name
        )
    return orders[name], text.startswith("-")


def _limit(text: str | None) -> int | None:
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= MOST_ROWS:
        raise _wrong("limit", text, f"a whole number from 1 to {MOST_ROWS:,}", "100")
    return int(text)


def _box(text: str | None) -> Box | None:
    if not text:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != _BOX_NUMBERS or not all(map(_NUMBER.fullmatch, parts)):
        raise _wrong("bbox", text, "four numbers with commas between them: west,south,east,north", _EXAMPLE)
    west, south, east, north = map(float, parts)
    if not all(math.isfinite(each) and abs(each) <= 180 for each in (west, east)):  # noqa: PLR2004
        raise _wrong("bbox", text, "a box whose longitudes, first and third, are from -180 to 180", _EXAMPLE)
    if not all(abs(each) <= 90 for each in (south, north)):  # noqa: PLR2004
        raise _wrong("bbox", text, "a box whose latitudes, second and fourth, are from -90 to 90", _EXAMPLE)
    if south > north:
        raise _wrong("bbox", text, "a box whose south, the second number, is not north of its fourth", _EXAMPLE)
    return Box(west, south, east, north)


_EXAMPLE: Final = "-10,35,30,60"


def _wrong(name: str, value: str, expected: str, example: str) -> BadRequest:
    return BadRequest(
        f"The parameter '{name}' takes {expected}; '{value[:_SHOWN]}' is none.",
        parameter=name,
        expected=expected,
        example=example,
    )
