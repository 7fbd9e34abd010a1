"""Terms of an answer as they stand in the items of a list: in JSON-LD by the rules of our context, and in short."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.collections.model import COUNTRY, THING, YEAR
from pedgraph.vocabulary.contexts import Json, document
from pedgraph.vocabulary.iris import CONTEXT, PREFIXES, THINGS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pedgraph.delivery.asking import Row
    from pedgraph.delivery.collections.model import Filter

    Term = dict[str, str]

_STRING: Final = PREFIXES["xsd"] + "string"
_YEAR_DIGITS: Final = 4
# In the context these facts have another name.
_RENAMED: Final = {"inCountry": "country"}


def context_key(key: str) -> str:
    """The name in our context of a fact with this key."""
    return _RENAMED.get(key, key)


def members(key: str, terms: Iterable[Term], links: Mapping[str, Json]) -> Any:  # noqa: ANN401
    """The value of a key of our context for some terms; ``links`` has the objects for things that are linked to."""
    defined = _context().get(key, {})
    containers = defined.get("@container", [])
    kind = defined.get("@type")
    if "@language" in containers:
        return by_language(terms, has_lists="@set" in containers)
    if kind == "@vocab":
        found: list[Any] = [_code(term["value"], key) for term in terms]
    elif kind == "@id":
        found = [links.get(term["value"], {"id": term["value"]}) for term in terms]
    else:
        found = [_literal(term, kind) for term in terms]
    return found if "@set" in containers or len(found) != 1 else found[0]


def by_language(terms: Iterable[Term], *, has_lists: bool) -> Json:
    """Texts as a language map (JSON-LD 1.1, section 4.6.2), in the order of their languages."""
    found: dict[str, list[str]] = {}
    for term in terms:
        found.setdefault(term.get("xml:lang", "@none"), []).append(term["value"])
    return {language: texts if has_lists or len(texts) > 1 else texts[0] for language, texts in sorted(found.items())}


def short(iri_or_text: str, asked: Filter, notations: Mapping[str, str]) -> str:
    """How a filter names a value: the slug of a thing or code, the two letters of a country, the digits of a year."""
    if asked.kind == YEAR:
        return iri_or_text[:_YEAR_DIGITS]
    if asked.kind == COUNTRY:
        return notations.get(iri_or_text, last_part(iri_or_text))
    if asked.kind == THING:
        return iri_or_text.removeprefix(THINGS).removeprefix(f"{asked.of_kind}/" if asked.of_kind else "")
    return last_part(iri_or_text)


def last_part(iri: str) -> str:
    """What follows the last slash or number sign of an IRI."""
    return iri.rpartition("#")[2].rpartition("/")[2]


def sort_key(text: str) -> str:
    """A text as it is compared where a list is in order: without accents, capitals and small letters alike."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def unit_name(iri: str) -> str:
    """A unit of QUDT by its name in our context, such as ``MWh``."""
    return _code(iri, "unit")


def values_of(row: Row, *names: str) -> tuple[str, ...]:
    """The values of some variables of a solution, empty texts where they are unbound."""
    return tuple(row[name]["value"] if name in row else "" for name in names)


@cache
def _context() -> Json:
    found: Json = {key: each for key, each in document(CONTEXT)["@context"].items() if isinstance(each, dict)}
    return found


@cache
def _aliases(key: str) -> dict[str, str]:
    """IRI → name, for the members of a code list that the context names otherwise than by their last part."""
    scoped = _context()[key].get("@context", {})
    return {iri: name for name, iri in scoped.items() if not name.startswith("@")}


def _code(iri: str, key: str) -> str:
    aliases = _aliases(key)
    if iri in aliases:
        return aliases[iri]
    vocabulary: str = _context()[key].get("@context", {}).get("@vocab", "")
    local = iri.removeprefix(vocabulary)
    return local if local and local != iri and local not in _context() else iri


def _literal(term: Term, kind: str | None) -> Any:  # noqa: ANN401
    datatype = term.get("datatype", _STRING)
    if kind is None and datatype == _STRING:
        return term["value"]
    if kind is not None and PREFIXES["xsd"] + kind.removeprefix("xsd:") == datatype:
        return term["value"]
    return {"@value": term["value"], "type": compact(datatype)}
