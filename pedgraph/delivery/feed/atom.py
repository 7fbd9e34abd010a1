"""The change feed as Atom (RFC 4287), with archives (RFC 5005, section 4): one entry per thing and change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pedgraph.delivery.describing import Document
from pedgraph.errors import NotFound, NotReady, PageGone
from pedgraph.vocabulary.events import FEED
from pedgraph.vocabulary.iris import ROOT, compact

if TYPE_CHECKING:
    from pedgraph.store.ledger import Dated, Ledger

ENTRIES_PER_PAGE: Final = 50
ATOM: Final = "application/atom+xml"
_ATOM_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_HISTORY_NAMESPACE: Final = "http://purl.org/syndication/history/1.0"
# What XML 1.0 (section 2.2) cannot hold.
_NO_CHARACTER: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AtomFeed:
    """Writes the feed of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def current(self, site: str) -> Document:
        """The feed to subscribe to: the newest events. ``site`` is the start of the site, as an address.

        Raises :class:`NotReady` where nothing was ever published.
        """
        identity, edition = self._identity()
        newest = self._ledger.events(newest=1)
        full = newest[0].number // ENTRIES_PER_PAGE if newest else 0
        shown = (newest[0].number % ENTRIES_PER_PAGE if newest else 0) + (ENTRIES_PER_PAGE if full else 0)
        feed = self._feed(identity, site, f"{site}feed.atom", self._ledger.events(newest=shown))
        if full > 1:
            _link(feed, "prev-archive", _address(site, edition, full - 2))
        return _document(feed)

    def archive(self, edition: int, number: int, site: str) -> Document:
        """A page of earlier events, from 0 on; only pages that are full are archives, so it never changes.

        Raises :class:`NotFound`, and :class:`PageGone` for one of an earlier edition.
        """
        identity, newest = self._identity()
        if 1 <= edition < newest:
            raise PageGone("The pages of the feed have new addresses, since something was taken out of it.")
        end = (number + 1) * ENTRIES_PER_PAGE
        events = self._ledger.events(newest=ENTRIES_PER_PAGE, below=end + 1)
        if edition != newest or not events or events[0].number != end:
            raise NotFound("There is no such page of the feed.")
        feed = self._feed(identity, site, _address(site, edition, number), events)
        SubElement(feed, "fh:archive")
        _link(feed, "current", f"{site}feed.atom")
        if number:
            _link(feed, "prev-archive", _address(site, edition, number - 1))
        return _document(feed)

    def _identity(self) -> tuple[str, int]:
        identity, edition = self._ledger.identity()
        if not identity:
            raise NotReady("What changed is not written down here yet. Try again in a moment.")
        return identity, edition

    def _feed(self, identity: str, site: str, address: str, events: list[Dated]) -> Element:
        feed = Element("feed", {"xmlns": _ATOM_NAMESPACE, "xmlns:fh": _HISTORY_NAMESPACE})
        _text(feed, "id", f"{FEED}#stream-{identity}")
        _text(feed, "title", "pedgraph: what is created, changed and withdrawn")
        _text(feed, "updated", events[0].moment if events else "1970-01-01T00:00:00Z")
        _text(SubElement(feed, "author"), "name", "pedgraph")
        _link(feed, "self", address, ATOM)
        _link(feed, "alternate", f"{site}feed")
        for each in events:
            _add_entry(feed, identity, site, each)
        return feed


def _add_entry(feed: Element, identity: str, site: str, dated: Dated) -> None:
    event = dated.event
    name = event.label or compact(event.iri)
    entry = SubElement(feed, "entry")
    _text(entry, "id", f"{FEED}#event-{identity}-{dated.number}")
    _text(entry, "title", f"{name}: {event.kind}")
    _text(entry, "updated", dated.moment)
    _link(entry, "alternate", _page_of(event.iri, site))
    for each in (event.kind, *event.classes):
        SubElement(entry, "category", {"term": _NO_CHARACTER.sub("", each)})
    _text(entry, "summary", f"{event.iri} was {event.kind} with version {dated.version}.")


def _page_of(iri: str, site: str) -> str:
    """Where a thing is described: on this site, where its IRI is one of ours."""
    return site + iri.removeprefix(ROOT) if iri.startswith(ROOT) else iri


def _address(site: str, edition: int, number: int) -> str:
    return f"{site}feed/{edition}/{number}.atom"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NO_CHARACTER.sub("\ufffd", text)


def _link(parent: Element, relation: str, address: str, media_type: str = "") -> None:
    members = {"rel": relation, "href": _NO_CHARACTER.sub("", address)}
    SubElement(parent, "link", members | ({"type": media_type} if media_type else {}))


def _document(feed: Element) -> Document:
    indent(feed)
    return Document(tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n", f"{ATOM}; charset=utf-8")
