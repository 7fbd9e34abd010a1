"""The page on one thing: its facts with who states each, its records, rival statements, what links to it, its sources.

It is whole without any script. What others wrote is escaped and inert (:mod:`pedgraph.delivery.templating`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.geometries import geometry_of
from pedgraph.delivery.geometries import point as point_geometry
from pedgraph.delivery.things.facts import backlinks, descriptions, facts, outlines, point
from pedgraph.delivery.things.origins import Origins
from pedgraph.delivery.things.records import Records
from pedgraph.delivery.things.words import Words
from pedgraph.vocabulary.described import DESCRIBED_FORMATS, DESCRIPTION_PROFILES
from pedgraph.vocabulary.iris import INFERRED_GRAPH, PREFIXES, TERMS, THINGS, compact
from pedgraph.vocabulary.media import HTML
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pedgraph.delivery.asking import Row
    from pedgraph.delivery.things.origins import Origin
    from pedgraph.delivery.things.records import Row as Record
    from pedgraph.delivery.things.records import Table
    from pedgraph.delivery.things.statements import Names, Statements
    from pedgraph.delivery.things.words import Shown

MOST_STATED: Final = 300
MOST_FIGURES: Final = 4
_NAMES: Final = tuple(
    PREFIXES[prefix] + name
    for prefix, name in (("skos", "prefLabel"), ("dcterms", "title"), ("rdfs", "label"), ("skos", "notation"))
)
_INFERRED: Final = NamedNode(INFERRED_GRAPH)
# Disagreements on these are shown at the records that state them.
_OF_RECORDS: Final = frozenset({TERMS + "role", TERMS + "value"})
_DISAGREEMENT: Final = NamedNode(TERMS + "Disagreement")
_FORMAT_NAMES: Final = {
    "json": "JSON", "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "nq": "N-Quads",
    "trig": "TriG",
}  # fmt: skip

Json = dict[str, Any]


def mentioned(statements: Statements, stated: Iterable[Row]) -> set[str]:
    """All IRIs whose names a page may show: one query asks for all of them."""
    quads = [*statements.quads, *statements.records, *statements.provenance]
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    found = {term.value for term in terms if isinstance(term, NamedNode)}
    return found | {row["thing"]["value"] for row in stated}


def page_values(statements: Statements, names: Names, stated: list[Row], root: str) -> Json:
    """What the template for a thing shows. ``stated`` says of a source what it is about."""
    words = Words(names, root)
    origins = Origins(statements.graphs, statements.provenance, words)
    own = statements.own
    own_records = own if any(quad.object == _DISAGREEMENT for quad in own) else []
    records = Records(statements.iri, [*own_records, *statements.pointing, *statements.records], words, origins)
    tables, disagreements = records.tables(), records.disagreements()
    held = frozenset(
        [
            *(row.iri for table in tables for row in table.rows),
            *(iri for each in disagreements for iri in (each["iri"], *each["sides"])),
        ]
    )
    name, language = _name(statements, words)
    return {
        "iri": statements.iri,
        "label": name,
        "label_language": language,
        "kinds": _kinds(own, words),
        "descriptions": descriptions(own, words, origins),
        "facts": facts(own, words, origins, is_record=held),
        "tables": tables,
        "disputed": _disputed(tables, disagreements),
        "figures": _figures(tables, disagreements),
        "disagreements": disagreements,
        "backlinks": backlinks(statements.pointing, words, origins, is_record=held),
        "stated": _stated(stated, words),
        "stated_more": max(0, len(stated) - MOST_STATED),
        "origins": [origin for origin in origins.all if not origin.is_derived],
        "most_shown": len({*statements.quads, *statements.records}) if statements.is_cut else 0,
        "place": _place(own, statements.records, statements.iri, name),
        "path": words.path(statements.iri),
        "is_thing": statements.iri.startswith(THINGS),
        "profiles": DESCRIPTION_PROFILES,
        "formats": [(each.suffix, _FORMAT_NAMES[each.name]) for each in DESCRIBED_FORMATS if each != HTML],
    }


def _name(statements: Statements, words: Words) -> tuple[str, str]:
    """The name of a thing and its language; a record is called by what it connects."""
    own = statements.own
    for name in _NAMES:
        found = [quad.object for quad in own if quad.predicate.value == name and isinstance(quad.object, Literal)]
        if found:
            best = min(found, key=lambda each: (each.language != "en", each.language or "", each.value))
            return best.value, best.language or ""
    known: dict[str, list[str]] = {}
    for quad in statements.quads:
        is_own = quad.subject == NamedNode(statements.iri)
        key = ("" if is_own else "^") + compact(quad.predicate.value)
        known.setdefault(key, []).append(words.shown(quad.object if is_own else quad.subject).text)
    classes = sorted((quad for quad in own if _is_class(quad)), key=lambda quad: quad.graph_name == _INFERRED)
    kinds = [quad.object.value for quad in classes if isinstance(quad.object, NamedNode)]
    made = next((text for kind in kinds if (text := words.record_name(kind, known))), "")
    whole = known.get("pedg:about") or known.get("^pedg:rivalStatement")
    if not made and kinds and whole:
        made = f"{words.kind(kinds[0])} about {whole[0]}" if known.get("pedg:about") else words.kind(kinds[0])
    return (made[:1].upper() + made[1:], "en") if made else (words.name(statements.iri), "")


def _is_class(quad: Quad) -> bool:
    return quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode)


def _kinds(own: list[Quad], words: Words) -> list[str]:
    """What a thing is: what is stated, and only where nothing is, what is derived."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for quad in own:
        if _is_class(quad) and isinstance(quad.object, NamedNode) and (kind := words.kind(quad.object.value)):
            is_derived = quad.graph_name == _INFERRED
            if kind not in found[is_derived]:
                found[is_derived].append(kind)
    return found[False] or found[True]


def _disputed(tables: list[Table], disagreements: list[Json]) -> dict[str, str]:
    """Records and properties on which sources disagree, each with the place on the page that tells of it."""
    found = {each["property"]: each["id"] for each in disagreements if each["thing"] is None}
    for row in (row for table in tables for row in table.rows):
        subjects = {shown.address for shown in row.subjects}
        for each in disagreements:
            if each["property"] in _OF_RECORDS and subjects & each["beside"]:
                found[row.iri] = each["id"]
    return found


def _figures(tables: list[Table], disagreements: list[Json]) -> list[tuple[Record, str]]:
    """The numbers that stand at the top: of each indicator the latest, or the preferred one, and the disagreement about
    it where there is one.
    """
    disputed = {each["aspect"]: each for each in disagreements if each["thing"] is None}
    latest: dict[str, Record] = {}
    for row in (row for table in tables if table.anchor == "numbers" for row in table.rows):
        name = row.subjects[0].text
        conflict = disputed.get(name)
        is_preferred = conflict is None or _shares(conflict["values"][0]["origins"], row.origins)
        if is_preferred and (name not in latest or row.when > latest[name].when):
            latest[name] = row
    return [(row, disputed[name]["id"] if name in disputed else "") for name, row in latest.items()][:MOST_FIGURES]


def _shares(some: Iterable[Origin], others: Iterable[Origin]) -> bool:
    return bool({each.iri for each in some} & {each.iri for each in others})


def _stated(rows: list[Row], words: Words) -> list[tuple[Shown, str]]:
    """What a source states something about, by name, with the number of statements; records have no name."""
    things = [(row["thing"]["value"], row["statements"]["value"]) for row in rows]
    found = [(words.shown(NamedNode(iri)), count) for iri, count in things if words.has_name(iri)]
    found.sort(key=lambda pair: (pair[0].note, pair[0].text.casefold(), pair[0].address))
    return found[:MOST_STATED]


def _place(own: list[Quad], records: list[Quad], iri: str, name: str) -> str:
    """Where a thing is, as GeoJSON (RFC 7946); an empty text where that is not known."""
    drawn = [geometry for text in outlines([*own, *records]) if (geometry := geometry_of(text)) is not None]
    position = point(own)
    geometry = drawn[0] if drawn else point_geometry(*position) if position else None
    if geometry is None:
        return ""
    kind = iri.removeprefix(THINGS).partition("/")[0]
    feature = {"type": "Feature", "geometry": geometry, "properties": {"label": name, "kind": kind}}
    # Inside an element for data nothing may look like its end (HTML, section 4.12.1.3).
    return json.dumps(feature).replace("<", "\\u003c")
