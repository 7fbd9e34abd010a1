"""Graphs as Turtle, TriG and RDF/XML with the prefixes that they need, always in the same order.

The prefixes are those that the query declares and, for namespaces that it does not name, our own; of these only the
ones that the answer uses. What it uses is seen in its first :data:`LOOKED_AT` triples: an answer is sent while it is
made, and its prefixes stand before everything else. In the rest of a longer answer, IRIs in other namespaces are
written out.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, serialize

from pedgraph.vocabulary.iris import CODES, PREFIXES, THINGS, kinds_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import Triple

    from pedgraph.store.tables import Output


ABBREVIATING: Final = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
LOOKED_AT: Final = 10_000

_NOT_NAMES: Final = re.compile(rb'<[^<>\s]*>|"[^"\\]*(?:\\.[^"\\]*)*"|^@prefix .*\n|\\.', re.MULTILINE)
_NAME: Final = re.compile(rb"(?:^|[\s(\[^])([^\s:(\[^]*):", re.MULTILINE)
_ELEMENT: Final = re.compile(rb"<(?![?!/])(?:([^\s<>/:]+):)?[^\s<>/:]")
_TURTLE_HEAD: Final = re.compile(rb"\A(?:@prefix [^\n]*\n)*")
_PREFIX_LINE: Final = re.compile(rb"@prefix ([^:]*):[^\n]*\n")
_XML_HEAD: Final = re.compile(rb"<rdf:RDF[^>]*>")
_XML_NAMESPACE: Final = re.compile(rb' xmlns(?::([^=]+))?="[^"]*"')
# The engine writes these two whether they are needed or not; a literal with a direction needs the second.
_XML_ALWAYS: Final = frozenset({"rdf", "its"})


def write_abbreviated(
    triples: Iterator[Triple], output: Output, rdf_format: RdfFormat, declared: Mapping[str, str]
) -> None:
    """Writes triples in one of the formats :data:`ABBREVIATING`; ``declared`` are the prefixes of the query.

    Whatever the iterator raises comes through.
    """
    first = list(islice(triples, LOOKED_AT))
    prefixes, content, used = _abbreviated(first, rdf_format, _joined(dict(sorted(declared.items())), PREFIXES))
    if rdf_format != RdfFormat.RDF_XML and any(prefixes[name] in {CODES, THINGS} for name in used):
        with_kinds = _joined(prefixes, kinds_in("\n".join(map(str, first))))
        prefixes, content, used = _abbreviated(first, rdf_format, with_kinds)
    head, body = _split(content, rdf_format)
    following = next(triples, None)
    if following is None:
        output.write(_ordered(head, used, rdf_format))
        output.write(body)
        return
    rest = chain(first, (following,), triples)
    first = []
    needed = {name: prefixes[name] for name in sorted(used)}
    serialize(rest, _Ordering(output, len(needed), used, rdf_format), rdf_format, prefixes=needed)  # type: ignore[arg-type]


class _Ordering:
    """A binary output that puts the head of what is written to it in order and passes the rest on."""

    def __init__(self, output: Output, prefixes: int, used: set[str], rdf_format: RdfFormat) -> None:
        self._output = output
        self._lines = prefixes
        self._used = used
        self._format = rdf_format
        self._pending: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Takes bytes of the answer."""
        if self._pending is None:
            return self._output.write(data)
        self._pending += data
        if self._is_whole(self._pending):
            head, body = _split(self._pending, self._format)
            self._pending = None
            self._output.write(_ordered(head, self._used, self._format))
            self._output.write(body)
        return len(data)

    def flush(self) -> None:
        """Everything that has a head is passed on as it comes."""

    def _is_whole(self, data: bytes) -> bool:
        if self._format == RdfFormat.RDF_XML:
            return _XML_HEAD.search(data) is not None
        return data.count(b"\n") > self._lines


def _abbreviated(
    triples: list[Triple], rdf_format: RdfFormat, prefixes: dict[str, str]
) -> tuple[dict[str, str], bytes, set[str]]:
    """The prefixes that the format can have, the document that the engine makes with them, and those in use."""
    if rdf_format == RdfFormat.RDF_XML:
        # Reserved names (Namespaces in XML 1.0, section 3), which the engine would write all the same.
        prefixes = {name: prefixes[name] for name in prefixes if not name.lower().startswith("xml")}
    content = serialize(triples, format=rdf_format, prefixes=prefixes) or b""
    return prefixes, content, _used(content, rdf_format) & prefixes.keys()


def _joined(*tables: Mapping[str, str]) -> dict[str, str]:
    """One name for each namespace and one namespace for each name, the first that there is."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name, namespace in chain.from_iterable(table.items() for table in tables):
        if name not in names and namespace not in taken:
            names[name] = namespace
            taken.add(namespace)
    return names


def _used(content: bytes, rdf_format: RdfFormat) -> set[str]:
    """The names of prefixes that occur in a document of the engine."""
    if rdf_format == RdfFormat.RDF_XML:
        return {name.decode() for name in _ELEMENT.findall(content)} | _XML_ALWAYS
    return {name.decode() for name in _NAME.findall(_NOT_NAMES.sub(b"", content))}


def _split(content: bytes, rdf_format: RdfFormat) -> tuple[bytes, bytes]:
    found = (_XML_HEAD.search if rdf_format == RdfFormat.RDF_XML else _TURTLE_HEAD.match)(content)
    at = 0 if found is None else found.end()
    return content[:at], content[at:]


def _ordered(head: bytes, used: set[str], rdf_format: RdfFormat) -> bytes:
    """The head with the prefixes in use only, by name; the engine's order changes from process to process."""
    if rdf_format == RdfFormat.RDF_XML:
        found = {(each[1] or b"").decode(): each[0] for each in _XML_NAMESPACE.finditer(head)}
        kept = (found[name] for name in sorted(found) if name in used | _XML_ALWAYS)
        return _XML_NAMESPACE.sub(b"", head).replace(b"<rdf:RDF", b"<rdf:RDF" + b"".join(kept))
    lines = {each[1].decode(): each[0] for each in _PREFIX_LINE.finditer(head)}
    return b"".join(lines[name] for name in sorted(lines) if name in used)
