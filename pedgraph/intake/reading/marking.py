"""A JSON-LD document with a mark beside each value, so that it is known afterwards where each statement came from.

Expansion (JSON-LD 1.1 API, section 5.1) keeps no places. But a node object in the list of values of a property comes
out again as the value of the same property, whatever the context says of the term; so one with a made-up IRI is put
behind each value, and one into each node object. Where a term gives its value another form (a map by language or
index, a list, a JSON literal, a reverse property) nothing is marked, and its statements have the place of the node.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.reading.json_text import Array, Object, pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_FORMS: Final = frozenset({"@language", "@index", "@id", "@type", "@graph", "@list"})
_NODES: Final = frozenset({"@graph", "@included"})


class Terms:
    """What the contexts of a document say of its terms, taken together and on the safe side."""

    def __init__(self) -> None:
        self.keywords: dict[str, str] = {}
        self.unmarkable: set[str] = set()
        self.language_maps: set[str] = set()
        self.names: set[str] = set()

    def learn(self, context: object) -> None:
        """Takes in a context, and those inside of it."""
        todo = [context]
        while todo:
            each = todo.pop()
            if isinstance(each, list):
                todo += each
            elif isinstance(each, dict):
                for term, definition in each.items():
                    self._define(term, definition)
                    if isinstance(definition, dict) and "@context" in definition:
                        todo.append(definition["@context"])

    def keyword(self, key: str) -> str:
        """The keyword that a key is or stands for, or nothing."""
        return key if key.startswith("@") else self.keywords.get(key, "")

    def nearest(self, member: str) -> str:
        """The term that is most like a name that is none."""
        names = {each.lower(): each for each in sorted(self.names - self.keywords.keys())}
        found = difflib.get_close_matches(member.lower(), names, n=1, cutoff=0.0)
        return names[found[0]] if found else "?"

    def _define(self, term: str, definition: object) -> None:
        is_new = term not in self.names
        if not term.startswith("@"):
            self.names.add(term)
        iri = definition.get("@id") if isinstance(definition, dict) else definition
        if isinstance(iri, str) and iri.startswith("@"):
            self.keywords[term] = iri
        container = definition.get("@container") if isinstance(definition, dict) else None
        # Only where all contexts agree that it is one.
        if container == "@language" and (is_new or term in self.language_maps):
            self.language_maps.add(term)
        else:
            self.language_maps.discard(term)
        if not isinstance(definition, dict):
            return
        containers = container if isinstance(container, list) else [container]
        is_other = any(isinstance(each, str) and each in _OTHER_FORMS for each in containers)
        if is_other or definition.get("@type") == "@json" or "@reverse" in definition:
            self.unmarkable.add(term)


class Marker:
    """Marks a document. ``places`` has the pointer and the offset of each mark; ``scheme`` begins their IRIs."""

    def __init__(self, terms: Terms, nonce: str) -> None:
        self.scheme = f"x-place-{nonce}:"
        self.node = f"{self.scheme}node"
        # Expansion makes a base up where there is none; by this one a relative IRI is known afterwards.
        self.base = f"{self.scheme}//relative/"
        self.places: list[tuple[str, int]] = []
        self.members: dict[int, str] = {}
        self.terms = terms

    def number(self, iri: object) -> int | None:
        """The number of the mark with this IRI; ``None`` where it is none."""
        if not isinstance(iri, str) or not iri.startswith(self.scheme):
            return None
        number = iri.removeprefix(self.scheme)
        return int(number) if number.isdecimal() else None

    def document(self, value: object, steps: list[str]) -> Any:  # noqa: ANN401
        """The marked copy of a document, or of one of its node objects, to which the steps lead."""
        return self._nodes(value, steps)

    def _mark(self, steps: list[str], offset: int, member: str = "") -> str:
        self.places.append((pointer_of(steps), offset))
        if member:
            self.members[len(self.places) - 1] = member
        return f"{self.scheme}{len(self.places) - 1}"

    def _nodes(self, value: object, steps: list[str]) -> Any:  # noqa: ANN401
        if isinstance(value, Array):
            return [self._nodes(each, [*steps, str(index)]) for index, each in enumerate(value)]
        return self._object(value, steps) if isinstance(value, Object) else value

    def _object(self, value: Object, steps: list[str]) -> Any:  # noqa: ANN401
        keywords = {self.terms.keyword(key) for key in value}
        if "@value" in keywords:
            return value
        # With a property, an object that only holds a graph would become the name of that graph.
        is_node = not keywords & {"@list", "@set", "@graph"}
        copy: dict[str, Any] = {}
        for key, each in value.items():
            copy[key] = self._member(key, each, [*steps, key], value.offsets[key])
        if is_node:
            copy[self.node] = {"@id": self._mark(steps, value.offset)}
        return copy

    def _member(self, key: str, value: object, steps: list[str], offset: int) -> Any:  # noqa: ANN401
        keyword = self.terms.keyword(key)
        if keyword == "@type":
            return list(self._types(value, steps, offset))
        if keyword in _NODES or keyword == "@list":
            return self._nodes(value, steps)
        if keyword == "@nest":
            return self._nested(value, steps)
        if key in self.terms.language_maps:
            return list(self._by_language(value, steps, offset, key))
        if keyword not in {"", "@set"} or key in self.terms.unmarkable:
            return value
        return list(self._values(value, steps, offset, "" if keyword else key))

    def _by_language(self, value: object, steps: list[str], offset: int, member: str) -> Iterator[object]:
        """The values of a language map as value objects, which mean the same (JSON-LD 1.1, section 4.2.4)."""
        if not isinstance(value, Object) or any(key.startswith("@") or key in self.terms.keywords for key in value):
            yield from self._values(value, steps, offset, member)
            return
        for tag, texts in value.items():
            many = isinstance(texts, Array)
            for index, each in enumerate(texts if many else [texts]):
                place = texts.offsets[index] if many else value.offsets[tag]
                # What is no text goes on as it is, for the processor to complain about.
                yield {"@value": each, "@language": tag} if isinstance(each, str | None) else {tag: each}
                yield {"@id": self._mark([*steps, tag, str(index)] if many else [*steps, tag], place, member)}

    def _nested(self, value: object, steps: list[str]) -> Any:  # noqa: ANN401
        if isinstance(value, Array):
            return [self._nested(each, [*steps, str(index)]) for index, each in enumerate(value)]
        if not isinstance(value, Object):
            return value
        return {key: self._member(key, each, [*steps, key], value.offsets[key]) for key, each in value.items()}

    def _types(self, value: object, steps: list[str], offset: int) -> Iterator[object]:
        if not isinstance(value, Array):
            yield value
            yield self._mark(steps, offset)
            return
        for index, each in enumerate(value):
            yield each
            yield self._mark([*steps, str(index)], value.offsets[index])

    def _values(self, value: object, steps: list[str], offset: int, member: str) -> Iterator[object]:
        if isinstance(value, Array):
            if not value and member:
                yield {"@id": self._mark(steps, offset, member)}
            for index, each in enumerate(value):
                yield from self._values(each, [*steps, str(index)], value.offsets[index], member)
            return
        yield self._object(value, steps) if isinstance(value, Object) else value
        yield {"@id": self._mark(steps, offset, member)}
