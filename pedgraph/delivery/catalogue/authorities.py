"""Codes of the EU authority tables and of IANA that DCAT-AP 3.0.1 asks for (section 10), each with its name.

A catalogue names the class of each code beside it, since whoever reads it need not have the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.delivery.catalogue.triples import about, english, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

# The licences that the EU table has, by the addresses under which graphs name them: code, name, and what all call it.
_LICENCES: Final = {
    "https://creativecommons.org/licenses/by/4.0/": (
        "CC_BY_4_0", "Creative Commons Attribution 4.0 International", "CC BY 4.0",
    ),
    "https://creativecommons.org/licenses/by-sa/4.0/": (
        "CC_BYSA_4_0", "Creative Commons Attribution-ShareAlike 4.0 International", "CC BY-SA 4.0",
    ),
    "https://creativecommons.org/publicdomain/zero/1.0/": ("CC0", "Creative Commons CC0 1.0 Universal", "CC0 1.0"),
    "https://opendatacommons.org/licenses/odbl/1-0/": (
        "ODC_BL", "Open Data Commons Open Database License 1.0", "ODbL 1.0",
    ),
}  # fmt: skip
_LANGUAGES: Final = {
    "bg": ("BUL", "Bulgarian"), "cs": ("CES", "Czech"), "da": ("DAN", "Danish"), "de": ("DEU", "German"),
    "el": ("ELL", "Greek"), "en": ("ENG", "English"), "es": ("SPA", "Spanish"), "et": ("EST", "Estonian"),
    "fi": ("FIN", "Finnish"), "fr": ("FRA", "French"), "ga": ("GLE", "Irish"), "hr": ("HRV", "Croatian"),
    "hu": ("HUN", "Hungarian"), "is": ("ISL", "Icelandic"), "it": ("ITA", "Italian"), "lt": ("LIT", "Lithuanian"),
    "lv": ("LAV", "Latvian"), "mt": ("MLT", "Maltese"), "nb": ("NOB", "Norwegian Bokmål"), "nl": ("NLD", "Dutch"),
    "no": ("NOR", "Norwegian"), "pl": ("POL", "Polish"), "pt": ("POR", "Portuguese"), "ro": ("RON", "Romanian"),
    "sk": ("SLK", "Slovak"), "sl": ("SLV", "Slovenian"), "sv": ("SWE", "Swedish"), "tr": ("TUR", "Turkish"),
    "uk": ("UKR", "Ukrainian"),
}  # fmt: skip
_THEMES: Final = {
    "ENER": "Energy",
    "ENVI": "Environment",
    "REGI": "Regions and cities",
    "TECH": "Science and technology",
}

THEME_TABLE: Final = named("eu:data-theme")
THEMES: Final = tuple(named(f"eu:data-theme/{code}") for code in _THEMES)
IRREGULAR: Final = named("eu:frequency/IRREG")
PUBLIC: Final = named("eu:access-right/PUBLIC")
EUROPE: Final = named("eu:continent/EUROPE")
AVAILABLE: Final = named("eu:planned-availability/AVAILABLE")
COMPLETED: Final = named("eu:distribution-status/COMPLETED")

_LICENCE: Final = "dcterms:LicenseDocument"
_TABLES: Final = {
    named("eu:file-type/").value: "dcterms:MediaTypeOrExtent",
    named("iana:").value: "dcterms:MediaType",
}


def licence(address: str) -> NamedNode:
    """The licence of an address: its code in the EU table, or where that has none, the address itself."""
    return named(f"eu:licence/{_LICENCES[address][0]}") if address in _LICENCES else NamedNode(address)


def called(address: str) -> str:
    """What people call the licence of an address; for one that the table lacks, the address without its scheme."""
    return _LICENCES[address][2] if address in _LICENCES else address.partition("://")[2] or address


def language(tag: str) -> NamedNode | None:
    """The code of a language by its tag (BCP 47); ``None`` where the table is not known to have it."""
    code = _LANGUAGES.get(tag.partition("-")[0], ("", ""))[0]
    return named(f"eu:language/{code}") if code else None


def file_type(code: str) -> NamedNode:
    """A type of file by its code."""
    return named(f"eu:file-type/{code}")


def media_type(name: str) -> NamedNode:
    """A media type in the registry of IANA."""
    return named(f"iana:{name}")


def explained(code: NamedNode) -> Iterator[Triple]:
    """What a code that the catalogue uses is: its class, and its name or what its IRI says of it."""
    kind, name = _known().get(code, ("", ""))
    if not kind:
        kind = next((each for start, each in _TABLES.items() if code.value.startswith(start)), _LICENCE)
        name = code.value.partition("/media-types/")[2] or code.value.rpartition("/")[2].replace("_", " ")
    label = "skos:prefLabel" if kind == "skos:Concept" else "rdfs:label"
    yield from about(code, {"rdf:type": [named(kind)], label: [english(name)]})


def _known() -> dict[NamedNode, tuple[str, str]]:
    return {
        **{licence(address): (_LICENCE, name) for address, (_, name, _) in _LICENCES.items()},
        **{named(f"eu:language/{code}"): ("dcterms:LinguisticSystem", name) for code, name in _LANGUAGES.values()},
        **{named(f"eu:data-theme/{code}"): ("skos:Concept", name) for code, name in _THEMES.items()},
        IRREGULAR: ("dcterms:Frequency", "irregular"),
        PUBLIC: ("dcterms:RightsStatement", "public"),
        EUROPE: ("dcterms:Location", "Europe"),
        AVAILABLE: ("skos:Concept", "available"),
        COMPLETED: ("skos:Concept", "completed"),
    }
