"""What stands in a cell, and what it means where the column holds text, codes, addresses or identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.amounts import decimal_text
from pedgraph.intake.tables.kinds import folded
from pedgraph.intake.tables.rules import (
    NO_ADDRESS,
    NO_CODE,
    NO_COORDINATES,
    NO_TEXT,
    SEVERAL_FOUND,
    NotReadError,
    choice,
)
from pedgraph.vocabulary.iris import THINGS, is_absolute

if TYPE_CHECKING:
    from pedgraph.intake.tables.kinds import Member

_LANGUAGE: Final = re.compile(r"^(?P<text>.*\S)\s*@(?P<language>[a-z]{2})$", re.DOTALL)
_SLUG: Final = re.compile(r"[^a-z0-9]+")
# Decimal commas only where something else parts the two numbers.
_POINT: Final = re.compile(
    r"^([+-]?\d{1,3}(?:\.\d+)?|[+-]?\d{1,3},\d+(?=\s*[NSns]?\s*[;\s]))\s*([NSns]?)\s*[,;\s]\s*"
    r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*([EWew]?)$"
)
_WEB: Final = re.compile(r"^(www\.)?[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?$")
_DOI: Final = re.compile(r"^(?:doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
# What people paste in front of an identifier that they copy from the address of its page.
_PAGES: Final = re.compile(
    r"^https?://(?:[\w.-]+\.)?(?:ror\.org|wikidata\.org/(?:wiki|entity)|geonames\.org|cordis\.europa\.eu/project/id"
    r"|doi\.org)/(?P<identifier>[^?#]+?)/?(?:\.html)?$"
)


@dataclass(frozen=True)
class Flaw:
    """What stands in a cell that nobody should read: a formula or an error. ``text`` shows it."""

    rule: str
    text: str


def is_empty(value: object) -> bool:
    """Whether nothing is written in a cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: object) -> str:
    """What stands in a cell, as a finding shows it."""
    if isinstance(value, Flaw):
        return value.text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, int | float):
        return _number_shown(value)
    return str(value).strip()


def read_text(value: object) -> str:
    """The text in a cell. A number is taken as it was typed; a date or truth value is none, for the spreadsheet has
    made it out of something else. Raises :class:`NotReadError`.
    """
    if isinstance(value, bool | date | datetime):
        raise NotReadError(NO_TEXT)
    return shown(value).replace("\u00a0", " ").strip()


def parted_language(text: str, language: str) -> tuple[str, str]:
    """A text and its language, which may stand behind it: ``Schoonschip@nl``."""
    found = _LANGUAGE.match(text)
    return (found["text"], found["language"]) if found else (text, language)


def slug(text: str) -> str:
    """Small letters, digits and hyphens out of a text (rule S01); empty where it has none of them."""
    plain = "".join(_LETTERS.get(letter, letter) for letter in text.casefold())
    return _SLUG.sub("-", _unaccented(plain)).strip("-")


# Letters that do not come apart into a plain one and an accent.
_LETTERS: Final = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}


def _unaccented(text: str) -> str:
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=500)
def _by_form(members: tuple[Member, ...]) -> dict[str, tuple[Member, ...]]:
    found: dict[str, tuple[Member, ...]] = {}
    for member in members:
        names = {member.notation, *member.labels.values(), *member.other_names}
        for form in {member.iri, *map(folded, names)} - {""}:
            found[form] = (*found.get(form, ()), member)
    return found


def find_code(text: str, members: tuple[Member, ...], language: str) -> Member:
    """The member that a text means: by its IRI, its notation, or its label in any language.

    Raises :class:`NotReadError` where there is none, or there are several.
    """
    forms = _by_form(members)
    found = forms.get(text) or forms.get(folded(text), ())
    if len(found) > 1:
        # The same word in two languages may mean two things; then the language of the file tells, or the notation.
        wanted = folded(text)
        closer = [each for each in found if wanted in {folded(each.label(language)), folded(each.notation)}]
        found = tuple(closer) or found
    if not found:
        labels = [member.label(language) for member in members]
        others = [label for member in members for label in (*member.labels.values(), member.notation)]
        raise NotReadError(NO_CODE, **_to_label(choice(text, labels, others), members, language))
    if len(found) > 1:
        raise NotReadError(SEVERAL_FOUND, allowed=", ".join(member.iri for member in found), nearest="")
    return found[0]


def _to_label(variables: dict[str, str], members: tuple[Member, ...], language: str) -> dict[str, str]:
    """The nearest word may be in another language; what is shown is the label in that of the file."""
    near = _by_form(members).get(folded(variables["nearest"]), ())
    return {**variables, "nearest": near[0].label(language) if near else variables["nearest"]}


def read_address(value: object) -> str:
    """The web address in a cell; raises :class:`NotReadError`."""
    text = read_text(value)
    if re.match(r"^https?://[^\s/]+\S*$", text) and is_absolute(text):
        return text
    near = ""
    if found := _DOI.match(text):
        near = f"https://doi.org/{found[1]}"
    elif _WEB.match(text):
        near = f"https://{text}"
    elif " " in text and is_absolute(joined := text.replace(" ", "%20")) and joined.startswith("http"):
        near = joined
    raise NotReadError(NO_ADDRESS, allowed="https://example.org/page", nearest=near)


def read_external(value: object) -> str:
    """An identifier that somebody else gave, without the address around it; raises :class:`NotReadError`."""
    text = read_text(value)
    found = _PAGES.match(text)
    return found["identifier"] if found else text


def external_name(agency: str, identifier: str) -> str:
    """The IRI of the node of an external identifier, as rule S10 asks for it."""
    words = re.sub(r"[^0-9a-z]+", "-", f"{agency}-{identifier}".lower())
    return f"{THINGS}identifier/{words.removesuffix('-')}"


def read_coordinates(value: object) -> tuple[str, str]:
    """Latitude and longitude in degrees as decimals: ``52.37, 4.89``; raises :class:`NotReadError`."""
    found = _POINT.match(read_text(value).replace("°", "").replace("\u2212", "-"))
    if found is None:
        raise NotReadError(NO_COORDINATES, allowed="52.3960, 4.8990", nearest="")
    latitude = Decimal(found[1].replace(",", ".")) * (-1 if found[2] in {"S", "s"} else 1)
    longitude = Decimal(found[3].replace(",", ".")) * (-1 if found[4] in {"W", "w"} else 1)
    return decimal_text(latitude), decimal_text(longitude)


def _number_shown(value: float) -> str:
    text = decimal_text(Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g")))
    return text.removesuffix(".0")
