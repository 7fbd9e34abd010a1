"""Things that cells may name: those of other rows of the same file, and those that the graph knows already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.tables.kinds import folded
from pedgraph.intake.tables.rules import NOT_FOUND, SEVERAL_FOUND, NotReadError, choice
from pedgraph.vocabulary.iris import PREFIXES, THINGS, is_absolute
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Triple

NAMING: Final = frozenset(
    {
        f"{PREFIXES['rdfs']}label",
        f"{PREFIXES['skos']}altLabel",
        f"{PREFIXES['dcterms']}title",
        f"{PREFIXES['pedg']}acronym",
    }
)
_SHORT: Final = re.compile(r"^(?:id:)?([a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*)$")


class Things:
    """Things with their classes, by IRI and by what they are called."""

    def __init__(self) -> None:
        self._classes: dict[str, set[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}

    def add(self, iri: str, class_iri: str, names: Iterable[str]) -> None:
        """Adds a thing, or a class or names of one that is there."""
        self._classes.setdefault(iri, set()).add(class_iri)
        for name in names:
            self._names.setdefault(iri, []).append(name)
            called = self._by_name.setdefault(folded(name), [])
            if iri not in called:
                called.append(iri)

    def __contains__(self, iri: str) -> bool:
        return iri in self._classes

    def called(self, name: str) -> list[str]:
        """All things of this name."""
        return self._by_name.get(folded(name), [])

    def of(self, classes: Sequence[str], superclasses: Mapping[str, tuple[str, ...]]) -> list[str]:
        """All things of one of these classes, or of any where none is given."""
        return [iri for iri in self._classes if self.is_of(iri, classes, superclasses)]

    def is_of(self, iri: str, classes: Sequence[str], superclasses: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether a thing is of one of these classes."""
        own = {above for each in self._classes.get(iri, ()) for above in superclasses.get(each, (each,))}
        return not classes or not own.isdisjoint(classes)

    def name(self, iri: str) -> str:
        """What a thing is called first; its slug where it has no name."""
        return next(iter(self.names(iri)), iri.rpartition("/")[2])

    def names(self, iri: str) -> Sequence[str]:
        """All that a thing is called."""
        return self._names.get(iri, ())


def known_things(triples: Iterable[Triple]) -> Things:
    """The things that a graph knows, from their kinds and names: what a file may name without describing it."""
    classes: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for triple in triples:
        if not (isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(THINGS)):
            continue
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode):
            classes.setdefault(triple.subject.value, []).append(triple.object.value)
        elif triple.predicate.value in NAMING and isinstance(triple.object, Literal):
            names.setdefault(triple.subject.value, []).append(triple.object.value)
    things = Things()
    for iri, kinds in classes.items():
        for class_iri in kinds:
            things.add(iri, class_iri, names.get(iri, []))
    return things


class Lookup:
    """Finds what a cell names: in the file first, then in the graph."""

    def __init__(self, rows: Things, known: Things, superclasses: Mapping[str, tuple[str, ...]]) -> None:
        self._places = (rows, known)
        self._superclasses = superclasses

    def find(self, text: str, classes: Sequence[str], words: Sequence[str]) -> str:
        """The IRI of a thing named by its IRI, ``kind/slug``, slug or name. ``classes`` are those that it may have,
        ``words`` the kinds that stand in IRIs of such things.

        Raises :class:`NotReadError` where there is none, or there are several.
        """
        if text.startswith(("http://", "https://")) and is_absolute(text):
            return text
        if found := _SHORT.match(text):
            return THINGS + found[1]
        for things in self._places:
            named = [iri for iri in things.called(text) if things.is_of(iri, classes, self._superclasses)]
            if len(named) > 1:
                raise NotReadError(SEVERAL_FOUND, allowed=", ".join(sorted(named)), nearest="")
            slugs = [f"{THINGS}{word}/{text}" for word in words if f"{THINGS}{word}/{text}" in things]
            if named or slugs:
                return (named or slugs)[0]
        raise NotReadError(NOT_FOUND, **self._choice(text, classes))

    def _choice(self, text: str, classes: Sequence[str]) -> dict[str, str]:
        own, known = (
            [things.name(iri) for iri in things.of(classes, self._superclasses)] for things in self._places
        )  # fmt: skip
        return choice(text, own, known)
