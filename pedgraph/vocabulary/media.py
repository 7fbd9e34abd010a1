"""Media types and their negotiation: pure functions, without any knowledge of requests or queries.

Formats of solutions and booleans: SPARQL 1.1 Query Results JSON, XML, CSV and TSV. Formats of graphs: the RDF 1.1
family. The q-values of ``Accept`` follow RFC 9110, section 12.5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from pedgraph.errors import BadRequest, NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Format:
    """One format: its short name, media type, other media types it answers to, and file suffix."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    suffix: str = ""
    is_text: bool = False

    def content_type(self, asked: str | None = None) -> str:
        """The ``Content-Type`` to send; an alias that the client asked for is kept."""
        media_type = asked if asked in self.aliases else self.media_type
        return f"{media_type}; charset=utf-8" if self.is_text else media_type


JSON_RESULTS: Final = Format("json", "application/sparql-results+json", ("application/json",), ("srj",), ".srj")
XML_RESULTS: Final = Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), ("srx",), ".srx")
CSV: Final = Format("csv", "text/csv", (), (), ".csv", is_text=True)
TSV: Final = Format("tsv", "text/tab-separated-values", (), (), ".tsv", is_text=True)

TURTLE: Final = Format("ttl", "text/turtle", ("application/x-turtle",), ("turtle",), ".ttl", is_text=True)
N_TRIPLES: Final = Format("nt", "application/n-triples", ("text/plain",), ("ntriples", "n-triples"), ".nt")
N_QUADS: Final = Format("nq", "application/n-quads", ("text/x-nquads",), ("nquads", "n-quads"), ".nq")
TRIG: Final = Format("trig", "application/trig", ("application/x-trig",), (), ".trig")
RDF_XML: Final = Format(
    "rdf", "application/rdf+xml", ("application/xml", "text/xml"), ("rdfxml", "rdf+xml", "xml"), ".rdf"
)
JSON_LD: Final = Format("jsonld", "application/ld+json", ("application/json",), ("json-ld", "json"), ".jsonld")

HTML: Final = Format("html", "text/html", (), (), ".html", is_text=True)

RESULT_FORMATS: Final = (JSON_RESULTS, XML_RESULTS, CSV, TSV)
GRAPH_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG)
RDF_FORMATS: Final = GRAPH_FORMATS
DESCRIPTION_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)


@dataclass(frozen=True)
class Choice:
    """What was agreed on: the format and the ``Content-Type`` that says so."""

    format: Format
    content_type: str


def _names(candidate: Format) -> Iterable[str]:
    return (candidate.name, *candidate.short_names, candidate.media_type, *candidate.aliases)


def find_format(name: str, offered: Sequence[Format]) -> Format | None:
    """The offered format of this short name or media type, or ``None``."""
    wanted = name.strip().lower()
    return next((candidate for candidate in offered if wanted in _names(candidate)), None)


def format_of_suffix(suffix: str) -> Format | None:
    """The RDF format of a file suffix such as ``.ttl``, or ``None``."""
    return next((candidate for candidate in RDF_FORMATS if candidate.suffix == suffix.lower()), None)


def negotiate(accept: str | None, offered: Sequence[Format], *, format_name: str | None = None) -> Choice:
    """Chooses among the offered formats, whose order is the server's preference.

    ``format_name`` (the parameter ``format``: a short name or a media type) wins over ``accept``, the value of the
    ``Accept`` header field. Raises :class:`BadRequest` for a format name that pedgraph does not know, and
    :class:`NotAcceptable` with the media types on offer where none of them is accepted.
    """
    if format_name is not None:
        return _named(format_name, offered)
    media_types = [candidate.media_type for candidate in offered]
    media_types += [alias for candidate in offered for alias in candidate.aliases]
    ranges = parse_accept_header(accept or "*/*", MIMEAccept)
    # Parameters such as profile or header choose within a type; as part of the range they would match nothing.
    bare = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in ranges] or [("*/*", 1)])
    best = bare.best_match(media_types)
    if best is None:
        raise _not_acceptable(accept or "", offered)
    chosen = next(candidate for candidate in offered if best in (candidate.media_type, *candidate.aliases))
    return Choice(chosen, chosen.content_type(best))


def _named(name: str, offered: Sequence[Format]) -> Choice:
    chosen = find_format(name, offered)
    if chosen is not None:
        return Choice(chosen, chosen.content_type())
    if find_format(name, RESULT_FORMATS + GRAPH_FORMATS) is not None:
        raise _not_acceptable(name, offered)
    known = ", ".join(candidate.name for candidate in RESULT_FORMATS + GRAPH_FORMATS)
    raise BadRequest(f"Unknown format '{name}'. Known formats: {known}, or their media types.")


def _not_acceptable(wanted: str, offered: Sequence[Format]) -> NotAcceptable:
    media_types = [candidate.media_type for candidate in offered]
    return NotAcceptable(
        f"This answer cannot be sent as '{wanted}'. It is offered as {', '.join(media_types)}.",
        offered=media_types,
    )
