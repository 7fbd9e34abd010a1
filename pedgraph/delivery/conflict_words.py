"""How rival statements are told to people: what they are about, their values, and why one of them is preferred."""

from __future__ import annotations

from typing import Final

from pedgraph.delivery.units import unit_words
from pedgraph.vocabulary.iris import THINGS, compact

OTHER: Final = "other"
# Kinds of things by the first part of their IRI, as headings and choices call them.
THING_KINDS: Final = {
    "city": "cities", "project": "projects", "ped": "districts", "site": "sites", "network": "networks",
    "cluster": "clusters", "event": "events", "atelier": "innovation ateliers", "hub": "innovation hubs",
    "person": "people", "organisation": "organisations", "document": "documents",
    "register": "registers", OTHER: "other things",
}  # fmt: skip
_ASPECTS: Final = {
    "rdfs:label": "name", "schema:startDate": "start", "schema:endDate": "end", "pedg:dueDate": "due date",
    "pedg:plannedStart": "planned start", "schema:geo": "coordinates", "pedg:inCountry": "country",
    "pedg:role": "role", "pedg:helix": "helix", "pedg:stage": "stage", "pedg:value": "number",
    "pedg:claimedStatus": "status", "schema:eventAttendanceMode": "way of attending",
}  # fmt: skip
_VALUES: Final = {
    "OnlineEventAttendanceMode": "online",
    "OfflineEventAttendanceMode": "on site",
    "MixedEventAttendanceMode": "on site and online",
}
_HTTP: Final = ("http://", "https://")

Row = dict[str, str]


def thing_kind(iri: str) -> str:
    """The kind of a thing, one of :data:`THING_KINDS`."""
    kind = iri.removeprefix(THINGS).partition("/")[0] if iri.startswith(THINGS) else OTHER
    return kind if kind in THING_KINDS else OTHER


def aspect_words(row: Row) -> str:
    """What the statements of a row differ in, such as ``role in ASCEND``."""
    name = compact(row["aspect"])
    words = _ASPECTS.get(name, name.rpartition(":")[2])
    context = row.get("contextLabel") or (compact(row["context"]) if row.get("context") else "")
    if not context:
        return words
    return context if name == "pedg:value" else f"{words} in {context}"


def value_words(row: Row) -> str:
    """The value of a row, with its unit and the word that limits it."""
    value = row.get("valueLabel") or row["value"]
    if row["value"].startswith(_HTTP) and not row.get("valueLabel"):
        value = compact(row["value"])
        value = _VALUES.get(value.rpartition(":")[2], value)
    if not row.get("unit"):
        return value
    qualifier = row.get("qualifier", "")
    unit = unit_words(row["unit"], row.get("unitLabel") or row["unit"].rpartition("/")[2])
    return " ".join(part for part in (qualifier if qualifier != "exact" else "", value, unit) if part)


def link(address: str) -> str:
    """An address that a page may lead to, else an empty text."""
    return address if address.startswith(_HTTP) else ""


def reason(preferred: Row, other: Row) -> str:
    """Why a statement is preferred to another one: the first step of the rule that tells them apart."""
    if preferred.get("confidence") != other.get("confidence"):
        return f"its source is trusted more ({preferred.get('confidence') or 'not graded'})"
    if preferred.get("issued") and not other.get("issued"):
        return "its source says when it was published, and the other one does not"
    if preferred.get("issued") != other.get("issued"):
        return f"its source is the newer one ({preferred['issued']})"
    if preferred.get("read") != other.get("read"):
        return "its source was read later"
    return "nothing else tells them apart, and its graph comes first by name"
