"""The model of tables: kinds (one sheet or CSV file each), their columns, and the nodes that short forms stand for.

It is built by :mod:`pedgraph.intake.tables.columns` from the shapes, the ontology and the code lists.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "nl", "de", "fr", "es")
# What stands between several values in one cell.
SEPARATOR: Final = ";"
# Sheets that pedgraph itself adds to templates and to marked workbooks; readers pass over them.
OWN_SHEETS: Final = frozenset(
    {
        *("readme", "leesmij", "liesmich", "lisezmoi", "leeme"),
        *("lists", "lijsten", "listen", "listes", "listas"),
        *("findings", "bevindingen", "befunde", "constats", "hallazgos"),
    }
)
_NO_WORD: Final = re.compile(r"[\W_]+")


class ValueKind(StrEnum):
    """What the cells of a column hold."""

    IDENTIFIER = "identifier"  # the slug of the row's own thing
    TEXT = "text"  # with a language, if the column has one
    CODE = "code"  # member of one or more code lists
    CLASS = "class"  # which subclass of the kind's class the row is
    ENTITY = "entity"  # another thing
    NUMBER = "number"
    UNIT = "unit"  # of the number in another column
    DATE = "date"
    YEAR = "year"
    IRI = "iri"  # an address
    COORDINATES = "coordinates"  # latitude, longitude
    EXTERNAL = "external"  # identifier that somebody else gave, such as a ROR


@dataclass(frozen=True)
class Member:
    """One value of a coded column: its IRI, its notation, and its labels by language."""

    iri: str
    notation: str
    labels: Mapping[str, str] = field(hash=False)
    scheme: str = ""
    other_names: tuple[str, ...] = field(default=(), hash=False)
    definition: str = field(default="", hash=False)

    def label(self, language: str) -> str:
        """The label in a language, else the English one, else the notation."""
        return self.labels.get(language) or self.labels.get(ENGLISH) or self.notation


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``name`` is the header in English, lower-case, ``labels`` the headers by language. ``path`` is the property that a
    cell states, ``^`` in front of it if it points from the value to the row; ``also`` are properties that get the same
    value. A column without ``path`` only says what its nodes share, or how the row is called. ``node`` names the
    :class:`Node` of the kind that the column speaks about; empty for the row itself. ``datatypes`` are the IRIs of the
    datatypes that literals may have, ``classes`` those of the things that entities may be (empty: any thing).
    ``schemes`` are the IRIs of code lists, ``members`` what may be chosen from. ``unit`` is the IRI of a fixed unit,
    ``unit_column`` the name of the column with the unit. ``agency`` is who gave an external identifier. ``help`` says
    by language what the column means, ``example`` is a value as one would type it.
    """

    name: str
    labels: Mapping[str, str]
    value_kind: ValueKind
    path: str = ""
    also: tuple[str, ...] = ()
    node: str = ""
    datatypes: tuple[str, ...] = ()
    has_language: bool = False
    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    unit: str = ""
    unit_column: str = ""
    agency: str = ""
    is_required: bool = False
    is_recommended: bool = False
    is_many: bool = False
    help: Mapping[str, str] = field(default_factory=dict)
    example: str = ""

    def label(self, language: str) -> str:
        """The header in a language, else the English one."""
        return self.labels.get(language) or self.labels[ENGLISH]

    @property
    def property_iri(self) -> str:
        """The property of :attr:`path`, in whichever direction."""
        return self.path.removeprefix("^")


@dataclass(frozen=True)
class Node:
    """A node of its own that some columns of a row speak about, such as one figure of an energy balance.

    ``link`` is the property that leads from the row to it, with ``^`` in front if from it to the row. ``facts`` are
    properties with a fixed value; ``shares`` are properties whose values stand in a column of the row (name of it).
    The node is there in the data if one of its own columns is filled in.
    """

    name: str
    class_iri: str
    link: str
    facts: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One sheet of a workbook, or one CSV file: a row is one thing.

    ``name`` is that of sheet and file, ``labels`` by language what people may call the sheet instead. ``slugs`` maps
    the class of a row to the word for it in IRIs (``id/{word}/…``). ``name_column`` is the column by which other rows
    may name this one, empty for n-ary nodes, which are named after a hash of their facts (``is_hashed``).
    ``slug_columns`` are those that the slug is made of where no id is given. In a form (``is_form``) each column is a
    row instead: its label on the left, its value on the right.
    """

    name: str
    labels: Mapping[str, str]
    class_iri: str
    columns: tuple[Column, ...]
    nodes: tuple[Node, ...] = ()
    slugs: Mapping[str, str] = field(default_factory=dict)
    name_column: str = ""
    slug_columns: tuple[str, ...] = ()
    is_hashed: bool = False
    is_form: bool = False
    help: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """The name of the sheet in a language, else in English."""
        return self.labels.get(language) or self.labels[ENGLISH]

    @property
    def file_name(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """The column of this name; raises :class:`KeyError`."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def id_pattern(self, class_iri: str = "") -> str:
        """What IRIs of rows look like, up to the slug: ``https://w3id.org/pedgraph/id/city/``."""
        return f"{THINGS}{self.slugs[class_iri or self.class_iri]}/"


@dataclass(frozen=True)
class Model:
    """All kinds, in the order of the sheets, the units that numbers may have, and the words that cells may hold.

    ``superclasses`` maps each class of a row to itself and all above it, ``qualifiers`` words in small letters, such as
    ``over``, to members of the code list value-qualifier, ``months`` names of months, as :func:`folded` makes them, to
    their numbers.
    """

    kinds: tuple[Kind, ...]
    units: tuple[Member, ...]
    superclasses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)

    def kind(self, name: str) -> Kind:
        """The kind of this name; raises :class:`KeyError`."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise KeyError(name)


def folded(text: str) -> str:
    """A text as it is compared: without case, accents, blanks and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NO_WORD.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))
