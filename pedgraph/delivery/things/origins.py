"""The graphs that statements on a page are in, as people read of them: source, dates, licence, acceptance."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import INFERRED_GRAPH, META_GRAPH, PREFIXES, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pedgraph.delivery.things.words import Shown, Words

_DCTERMS: Final = PREFIXES["dcterms"]
_PROV: Final = PREFIXES["prov"]
_URL: Final = PREFIXES["schema"] + "url"


@dataclass(frozen=True)
class Source:
    """A source: its title and place here, where it can be read, who published it, and its terms."""

    title: Shown
    publishers: tuple[Shown, ...]
    issued: str
    read: str
    url: str
    licence: tuple[Shown, ...]
    rights: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """A graph: its number on the page, its title and page, its sources, and how it got here."""

    number: int
    iri: str
    graph: Shown
    sources: tuple[Source, ...]
    publishers: tuple[Shown, ...]
    issued: str
    licence: tuple[Shown, ...]
    rights: tuple[str, ...]
    status: str
    confidence: str

    @property
    def is_derived(self) -> bool:
        """Whether it holds what follows from other graphs."""
        return self.iri == INFERRED_GRAPH


class Origins:
    """The graphs of one page, numbered by their titles; how all is described and what is derived come last."""

    def __init__(self, graphs: Iterable[str], provenance: Iterable[Quad], words: Words) -> None:
        self._about: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        for quad in provenance:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._about[quad.subject.value][quad.predicate.value].append(quad.object)
        self._words = words
        in_order = sorted(set(graphs), key=lambda iri: (_place(iri), self._title(iri), iri))
        self.all = [self._origin(number, iri) for number, iri in enumerate(in_order, start=1)]
        self._by_iri = {each.iri: each for each in self.all}

    def of(self, graphs: Iterable[str]) -> tuple[Origin, ...]:
        """The origins of a statement that is in these graphs; what is derived counts where nobody states it."""
        found = sorted((self._by_iri[iri] for iri in set(graphs)), key=lambda origin: origin.number)
        stated = tuple(each for each in found if not each.is_derived)
        return stated or tuple(found)

    def one(self, iri: str) -> Origin:
        """The origin of a graph, also of one that the page does not number (0)."""
        return self._by_iri.get(iri) or self._origin(0, iri)

    def _title(self, iri: str) -> str:
        sources = self._values(iri, _PROV + "hadPrimarySource")
        names = [self._text(each.value, _DCTERMS + "title") for each in sources] or [
            self._text(iri, _DCTERMS + "title")
        ]
        return (names[0] or iri).casefold()

    def _origin(self, number: int, iri: str) -> Origin:
        sources = self._values(iri, _PROV + "hadPrimarySource")
        return Origin(
            number=number,
            iri=iri,
            graph=self._named(iri),
            sources=tuple(self._source(each.value) for each in sources if isinstance(each, NamedNode)),
            publishers=self._shown(iri, _DCTERMS + "publisher"),
            issued=self._text(iri, _DCTERMS + "issued"),
            licence=self._shown(iri, _DCTERMS + "license"),
            rights=tuple(each.value for each in self._values(iri, _DCTERMS + "rights")),
            status=self._label(iri, TERMS + "submissionStatus"),
            confidence=self._label(iri, TERMS + "confidence"),
        )

    def _source(self, iri: str) -> Source:
        url = self._text(iri, _URL)
        return Source(
            title=self._named(iri),
            publishers=self._shown(iri, _DCTERMS + "publisher"),
            issued=self._text(iri, _DCTERMS + "issued"),
            read=self._text(iri, TERMS + "dateRead"),
            url=url if url.startswith(("http://", "https://")) else "",
            licence=self._shown(iri, _DCTERMS + "license"),
            rights=tuple(each.value for each in self._values(iri, _DCTERMS + "rights")),
        )

    def _named(self, iri: str) -> Shown:
        shown = self._words.shown(NamedNode(iri))
        title = self._text(iri, _DCTERMS + "title")
        return type(shown)(title, shown.address) if title else shown

    def _values(self, iri: str, name: str) -> list[NamedNode | Literal]:
        return self._about[iri][name] if iri in self._about else []

    def _text(self, iri: str, name: str) -> str:
        found = self._values(iri, name)
        return found[0].value if found else ""

    def _shown(self, iri: str, name: str) -> tuple[Shown, ...]:
        return tuple(self._words.shown(each) for each in self._values(iri, name))

    def _label(self, iri: str, name: str) -> str:
        found = self._values(iri, name)
        return self._words.name(found[0].value) if found else ""


def _place(iri: str) -> int:
    """Where a graph comes before titles count; what is derived, which the page does not list, leaves no gap."""
    return (META_GRAPH, INFERRED_GRAPH).index(iri) + 1 if iri in {META_GRAPH, INFERRED_GRAPH} else 0
