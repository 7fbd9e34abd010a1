"""Parts of lists in the formats in which apps take them: JSON-LD, plain JSON, CSV and GeoJSON.

In GeoJSON (RFC 7946) what has no known place has ``null`` for a geometry. Where it was asked for, the place of the city
stands in, and the feature says so: ``"approximate": "city"``.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.describing import Document
from pedgraph.delivery.rows import GEO_JSON, ROWS_JSON_LD
from pedgraph.intake.tables.safe_cells import csv_text
from pedgraph.vocabulary.iris import LIST_CONTEXT, ROOT
from pedgraph.vocabulary.media import CSV, HTML, PLAIN_JSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.collections.model import Collection
    from pedgraph.delivery.collections.reading import Item, Part
    from pedgraph.vocabulary.contexts import Json

FORMATS: Final = (PLAIN_JSON, ROWS_JSON_LD, GEO_JSON, CSV, HTML)
# Between several values in one cell.
SEPARATOR: Final = "; "
_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class Answer:
    """A part of a list with its place in the whole, and the addresses of the parts around it, empty where none is.

    ``query`` is what says which items are in the list, as in its address.
    """

    collection: Collection
    version: int
    part: Part
    query: str
    offset: int
    limit: int
    first: str
    previous: str
    next: str
    is_near: bool
    with_mark: bool


def plain_json(answer: Answer) -> Document:
    """The part as JSON, whose context is told by a header field (JSON-LD 1.1, section 6.1)."""
    return Document(_list(answer, {}), PLAIN_JSON.media_type)


def json_ld(answer: Answer) -> Document:
    """The part as JSON-LD: a collection of Hydra with our cards in it."""
    return Document(_list(answer, {"@context": LIST_CONTEXT}), ROWS_JSON_LD.media_type)


def comma_separated(answer: Answer) -> Document:
    """The part as comma-separated values (RFC 4180) with a line of names; texts that a spreadsheet would take for
    formulas have an apostrophe in front.
    """
    names = columns(answer.collection)
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(names)
    for item in answer.part.items:
        plain = {"id": item.iri, **json.loads(item.card)["plain"]}
        writer.writerow([_cell(plain.get(name)) for name in names])
    mark = _MARK if answer.with_mark else ""
    return Document((mark + lines.getvalue()).encode(errors="replace"), CSV.content_type())


def features(answer: Answer) -> Document:
    """The part as a feature collection. ``numberMatched`` and ``numberReturned`` are those of OGC API - Features,
    part 1, section 7.15.8; ``attribution`` has the credits that the sources of the places want.
    """
    found = [_feature(item, is_near=answer.is_near) for item in answer.part.items]
    wanted = {credit: None for item in answer.part.items for credit in _credits(item, is_near=answer.is_near)}
    members: Json = {
        "type": "FeatureCollection",
        "numberMatched": answer.part.total,
        "numberReturned": len(found),
        **({"attribution": " ".join(wanted)} if wanted else {}),
        "links": [
            {"rel": relation, "href": address, "type": GEO_JSON.media_type}
            for relation, address in (("prev", answer.previous), ("next", answer.next))
            if address
        ],
        "features": found,
    }
    return Document(_encoded(members), GEO_JSON.media_type)


def columns(collection: Collection) -> list[str]:
    """The names of the columns of a list as CSV."""
    names = ["id", "label", "description", *collection.extras]
    for each in collection.filters:
        names += [each.name, f"{each.name}Label"] if each.has_labels else [each.name]
    return [*dict.fromkeys(names), "latitude", "longitude"]


RENDERERS: Final[dict[str, Callable[[Answer], Document]]] = {
    PLAIN_JSON.name: plain_json,
    ROWS_JSON_LD.name: json_ld,
    CSV.name: comma_separated,
    GEO_JSON.name: features,
}


def _list(answer: Answer, leading: Json) -> bytes:
    name = answer.collection.name
    members: Json = {
        **leading,
        "id": f"{ROOT}{name}{answer.query}",
        "type": "Collection",
        "title": {"en": answer.collection.title},
        "version": answer.version,
        "total": answer.part.total,
        "of": answer.part.of,
        "offset": answer.offset,
        "limit": answer.limit,
        "first": answer.first,
        "previous": answer.previous or None,
        "next": answer.next or None,
        "items": [],
        "facets": {
            filter_name: [{"value": each.value, "label": each.label, "count": each.count} for each in counts]
            for filter_name, counts in answer.part.counts.items()
        },
    }
    if not answer.part.counts:
        del members["facets"]
    before, after = _encoded(members).split(b'"items":[]', 1)
    # Cards are kept as they are sent.
    cards = ",".join(item.card for item in answer.part.items).encode()
    return b"".join([before, b'"items":[', cards, b"]", after])


def _feature(item: Item, *, is_near: bool) -> Json:
    card = json.loads(item.card)
    geometry, approximate = item.geometry, {}
    if geometry is None and is_near and item.nearby is not None:
        geometry, approximate = item.nearby, {"approximate": "city"}
    properties = {name: value for name, value in card["plain"].items() if name not in {"latitude", "longitude"}}
    return {
        "type": "Feature",
        "id": item.iri,
        "geometry": None if geometry is None else json.loads(geometry),
        "properties": {"type": card["type"], **properties, **approximate},
    }


def _credits(item: Item, *, is_near: bool) -> list[str]:
    if item.geometry is None and not is_near:
        return []
    credit = item.credit if item.geometry is not None else item.nearby_credit
    return [credit] if credit else []


def _cell(value: Any) -> str:  # noqa: ANN401
    """A value as text; what is a number stays one, also where it is negative."""
    if value is None:
        return ""
    if isinstance(value, list):
        return csv_text(SEPARATOR.join(map(str, value)))
    return csv_text(value) if isinstance(value, str) else str(value)


def _encoded(members: Json) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
