"""What the page of a list shows. The template ``list.html`` gets one :class:`ListPage` as ``page``.

Addresses of the list itself begin with ``?`` and hold on its own address; those of other pages are counted from the
start of the site, so a template writes ``{{ root }}{{ item.address }}``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A name with the address of what it stands for, which is empty where there is nothing to open."""

    label: str
    address: str = ""


@dataclass(frozen=True)
class Fact:
    """One line about an item, such as its city; there is at least one link in it."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ListItem:
    """One thing of the list: its IRI, the name that is shown and its language, its page, and what is said in short."""

    iri: str
    label: str
    language: str
    address: str
    facts: tuple[Fact, ...]
    sources: tuple[Link, ...]


@dataclass(frozen=True)
class FacetValue:
    """A value that the list can be narrowed to: how many items have it, and the address that puts it on or off."""

    value: str
    label: str
    count: int
    is_chosen: bool
    address: str


@dataclass(frozen=True)
class Facet:
    """A filter with its values, the most frequent first; ``name`` is the parameter of the address."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Choice:
    """One of several ways to have the list, such as an order or a format."""

    name: str
    label: str
    is_chosen: bool
    address: str


@dataclass(frozen=True)
class HiddenField:
    """What a search form sends along, so that what is chosen stays chosen."""

    name: str
    value: str


@dataclass(frozen=True)
class ListPage:
    """A page of a list.

    ``total`` is how many things pass the filters, ``of`` how many the list has without any. ``first`` is the place of
    the first item on this page in the whole list, from 1, or 0 where there is none. ``chosen`` has one entry per value
    that is set, whose address takes it away; ``clear`` takes away all. ``previous`` and ``next`` are empty where there
    is no such page. ``map_address`` gives all that passes the filters as GeoJSON, and is empty where nothing has a
    place. ``text`` is what the free text search was given.
    """

    name: str
    title: str
    introduction: str
    items: tuple[ListItem, ...]
    total: int
    of: int
    first: int
    facets: tuple[Facet, ...]
    chosen: tuple[FacetValue, ...]
    clear: str
    orders: tuple[Choice, ...]
    formats: tuple[Choice, ...]
    text: str
    hidden: tuple[HiddenField, ...]
    previous: str
    next: str
    map_address: str
