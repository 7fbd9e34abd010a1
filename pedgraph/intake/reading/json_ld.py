"""JSON-LD, with the JSON pointer, line and column of each statement. Of contexts only those of pedgraph have IRIs.

The document is marked (:mod:`pedgraph.intake.reading.marking`), expanded, looked through for what the parser would
pass over in silence, and then read by the parser.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from pedgraph.errors import ContextNotFound
from pedgraph.intake.findings import Position
from pedgraph.intake.parsing import detail_of
from pedgraph.intake.reading import rules
from pedgraph.intake.reading.documents import problem
from pedgraph.intake.reading.expanded import Looker
from pedgraph.intake.reading.json_text import Array, JsonReader, Object, pointer_of
from pedgraph.intake.reading.marking import Marker, Terms
from pedgraph.intake.reading.terms import about as about_of
from pedgraph.intake.reading.terms import stand_ins
from pedgraph.vocabulary import contexts
from pedgraph.vocabulary.iris import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

    from pedgraph.intake.reading.collecting import Collector
    from pedgraph.intake.reading.texts import Text

_LIST_PROPERTIES: Final = frozenset(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("first", "rest"))
_TOP: Final = frozenset({"@context", "@graph"})


def read_json_ld(text: Text, collector: Collector) -> None:
    """Reads a text as JSON-LD into the collector; what is wrong with it becomes problems there."""
    reader = JsonReader(text)
    is_read = reader.read()
    for finding in reader.problems:
        collector.complain(finding)
    if is_read:
        _Document(text, reader.value, collector).read()


class _Document:
    """One document being read."""

    def __init__(self, text: Text, value: object, collector: Collector) -> None:
        self._text = text
        self._value = value
        self._collector = collector
        self._terms = Terms()

    def read(self) -> None:
        """Reads it as a whole, or where that cannot be done, one top-level node after the other."""
        if not isinstance(self._value, Object | Array):
            self._complain(rules.JSON_LD, "#", 0, detail="a JSON-LD document is an object or an array")
            return
        are_known = True
        for pointer, offset, context in _contexts(self._value):
            are_known = self._learn(pointer, offset, context) and are_known
        if not are_known:
            return
        if not self._terms.names:
            # Whoever forgot the context gets the terms of ours as suggestions.
            self._terms.names |= contexts.document(CONTEXT)["@context"].keys()
        if self._read_part(self._value, [], None) is None:
            return
        for part, steps, context in _parts(self._value):
            if self._collector.is_full:
                return
            error = self._read_part(part, steps, context)
            if error is not None:
                self._complain(rules.JSON_LD, pointer_of(steps), getattr(part, "offset", 0), detail=error)

    def _learn(self, pointer: str, offset: int, context: object) -> bool:
        if not isinstance(context, str):
            self._terms.learn(context)
            return True
        try:
            self._terms.learn(contexts.document(context).get("@context"))
        except ContextNotFound:
            self._complain(
                rules.FOREIGN_CONTEXT, pointer, offset, value=rules.shown(context), found=rules.shown(context),
                context=CONTEXT,
            )  # fmt: skip
            return False
        return True

    def _read_part(self, part: object, steps: list[str], context: object) -> str | None:
        """Reads a document, or a node of it in its context; returns what is wrong where it cannot be expanded."""
        from pyld import jsonld

        marker = Marker(self._terms, secrets.token_hex(8))
        marked = marker.document(part, steps)
        if steps:
            marked = {"@context": context, "@graph": [marked]}
        try:
            expanded = jsonld.expand(marked, {"base": marker.base, "documentLoader": contexts.load})
        except jsonld.JsonLdError as error:
            return _why(error)
        looker = Looker(marker)
        looked = looker.look(expanded)
        places = [self._position(pointer, offset) for pointer, offset in marker.places]
        self._take(looked, marker, places, looker)
        return None

    def _take(self, expanded: Any, marker: Marker, places: list[Position], looker: Looker) -> None:  # noqa: ANN401
        content = json.dumps(expanded).encode()
        try:
            quads = list(parse(content, RdfFormat.JSON_LD))
        except SyntaxError as error:
            self._complain(rules.JSON_LD, "#", 0, detail=detail_of(error))
            return
        about: dict[int, Quad] = {}
        for quad, number in _paired(quads, marker):
            position = places[number] if number is not None else self._position("#", 0)
            numbers = stand_ins(quad)
            for each in numbers:
                about.setdefault(each, quad)
            if not numbers:
                self._collector.take(quad.triple, position)
                self._collector.graph(quad.graph_name, position)
        for bad, finding in enumerate(looker.findings(places)):
            self._collector.complain(about_of(finding, about.get(bad)))

    def _position(self, pointer: str, offset: int) -> Position:
        position = self._text.position(offset)
        return Position(position.source, line=position.line, column=position.column, pointer=pointer)

    def _complain(self, rule: str, pointer: str, offset: int, *, value: str = "", **variables: str) -> None:
        self._collector.complain(problem(rule, self._position(pointer, offset), value=value, **variables))


def _paired(quads: list[Quad], marker: Marker) -> Iterator[tuple[Quad, int | None]]:
    """The statements without the marks, each with the number of the mark that stood behind its value."""
    waiting: dict[tuple[str, str], list[Quad]] = {}
    in_lists: list[Quad] = []
    nodes: dict[str, int] = {}
    for quad in quads:
        key = (str(quad.subject), quad.predicate.value)
        number = marker.number(getattr(quad.object, "value", None)) if isinstance(quad.object, NamedNode) else None
        if number is None:
            if key[1] in _LIST_PROPERTIES:
                in_lists.append(quad)
            else:
                waiting.setdefault(key, []).append(quad)
            continue
        if key[1] == marker.node:
            nodes.setdefault(key[0], number)
            continue
        for found in [*waiting.pop(key, []), *in_lists]:
            yield found, number
        in_lists.clear()
    for key, left in waiting.items():
        for quad in left:
            yield quad, nodes.get(key[0])
    for quad in in_lists:
        yield quad, None


def _contexts(value: object) -> Iterator[tuple[str, int, object]]:
    """Yields pointer, offset and content of each context in a document, those that others import among them."""
    todo: list[tuple[list[str], int, object, bool]] = [([], 0, value, False)]
    while todo:
        steps, offset, each, is_context = todo.pop()
        if isinstance(each, Array):
            todo += [([*steps, str(index)], each.offsets[index], item, is_context) for index, item in enumerate(each)]
        elif is_context and each is not None:
            yield pointer_of(steps), offset, each
        if isinstance(each, Object):
            for key, member in each.items():
                is_inner = key in {"@context", "@import"}
                todo.append(([*steps, key], each.offsets[key], member, is_inner))


def _parts(value: Object | Array) -> Iterator[tuple[object, list[str], object]]:
    """The top-level nodes of a document, each with the steps that lead to it and its context."""
    if isinstance(value, Array):
        for index, node in enumerate(value):
            yield node, [str(index)], None
    elif value.keys() <= _TOP and isinstance(value.get("@graph"), Array):
        for index, node in enumerate(value["@graph"]):
            yield node, ["@graph", str(index)], value.get("@context")
    else:
        yield value, [], None


def _why(error: Any) -> str:  # noqa: ANN401
    """What the processor says, in one line: its deepest reason."""
    deepest = error
    while getattr(deepest, "cause", None) is not None and hasattr(deepest.cause, "code"):
        deepest = deepest.cause
    reason = str(deepest.args[0] if deepest.args else deepest).partition("\n")[0]
    return rules.shown(reason.rstrip("."))
