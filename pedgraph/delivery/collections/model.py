"""What a list is: its filters, its orders, and what is said of its items.

What an item has comes from the stored queries in ``queries/collections`` as facts with a key. A key that is one of our
JSON-LD context stands in the item under that name; the others are what a filter needs to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COUNTRY: Final = "country"
CODE: Final = "code"
THING: Final = "thing"
YEAR: Final = "year"


@dataclass(frozen=True)
class Filter:
    """A filter of a list: a parameter of its address.

    ``keys`` are the facts whose values count, ``schemes`` the code lists of a :data:`CODE`. Of a :data:`THING` the kind
    in its IRI is left out of its short name, unless ``of_kind`` is empty. Values of one that ``is_counted`` are counted
    in answers.
    """

    name: str
    label: str
    meaning: str
    keys: tuple[str, ...]
    kind: str
    example: str
    schemes: tuple[str, ...] = ()
    of_kind: str = ""
    is_counted: bool = True

    @property
    def has_labels(self) -> bool:
        """Whether items have names for people of its values beside them; sources have their titles elsewhere."""
        return self.kind != YEAR and self.of_kind != "source"


@dataclass(frozen=True)
class Order:
    """An order of a list: a value of its parameter ``sort``. ``column`` is where a made file keeps what is compared."""

    name: str
    label: str
    column: str


@dataclass(frozen=True)
class Collection:
    """A list of the things of a class, by the last part of its IRI. ``shown`` are the facts that an item has in
    JSON-LD, ``extras`` those of its plain form.
    """

    name: str
    of_class: str
    title: str
    introduction: str
    filters: tuple[Filter, ...]
    orders: tuple[Order, ...]
    shown: tuple[str, ...]
    extras: tuple[str, ...] = ()
    # Of what is no thing with a name of its own a search knows nothing.
    has_own_names: bool = True

    def filter(self, name: str) -> Filter | None:
        """The filter of this name."""
        return next((each for each in self.filters if each.name == name), None)


RELEVANCE: Final = Order("relevance", "relevance", "")
