"""Media types and their negotiation: pure functions, without any knowledge of requests or queries.

Formats of solutions and booleans: SPARQL 1.1 Query Results JSON, XML, CSV and TSV. Formats of graphs: the RDF 1.1
family, JSON-LD also in the profiles of JSON-LD 1.1, appendix B.1. How ``Accept`` is read stands in
:mod:`pedgraph.vocabulary.accepting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest, NotAcceptable
from pedgraph.vocabulary.accepting import Acceptance, read_accept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What a client sent is repeated to it up to here.
_SHOWN_CHARACTERS: Final = 200


@dataclass(frozen=True)
class Format:
    """One format: its short name, media type, other media types it answers to, and file suffix.

    ``parameters`` follow the media type in ``Content-Type``.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    suffix: str = ""
    parameters: str = ""

    def content_type(self, asked: str | None = None) -> str:
        """The ``Content-Type`` to send; an alias that the client asked for is kept."""
        media_type = asked if asked in self.aliases else self.media_type
        return f"{media_type}; {self.parameters}" if self.parameters else str(media_type)


_UTF_8: Final = "charset=utf-8"

JSON_RESULTS: Final = Format("json", "application/sparql-results+json", ("application/json",), ("srj",), ".srj")
XML_RESULTS: Final = Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), ("srx",), ".srx")
CSV: Final = Format("csv", "text/csv", (), (), ".csv", f"{_UTF_8}; header=present")
TSV: Final = Format("tsv", "text/tab-separated-values", (), (), ".tsv", _UTF_8)
# No recommendation says how; a boolean is the one word, without a line of names.
BOOLEAN_CSV: Final = Format("csv", "text/csv", (), (), ".csv", _UTF_8)

TURTLE: Final = Format(
    "ttl",
    "text/turtle",
    ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    ("turtle", "n3"),
    ".ttl",
    _UTF_8,
)
N_TRIPLES: Final = Format("nt", "application/n-triples", ("text/plain",), ("ntriples", "n-triples"), ".nt")
N_QUADS: Final = Format("nq", "application/n-quads", ("text/x-nquads", "text/nquads"), ("nquads", "n-quads"), ".nq")
TRIG: Final = Format("trig", "application/trig", ("application/x-trig", "text/trig"), (), ".trig")
RDF_XML: Final = Format(
    "rdf", "application/rdf+xml", ("application/xml", "text/xml"), ("rdfxml", "rdf+xml", "xml"), ".rdf"
)
JSON_LD: Final = Format("jsonld", "application/ld+json", ("application/json",), ("json-ld", "json"), ".jsonld")

HTML: Final = Format("html", "text/html", (), (), ".html", _UTF_8)
PLAIN_JSON: Final = Format("json", "application/json", (), (), ".json")

RESULT_FORMATS: Final = (JSON_RESULTS, XML_RESULTS, CSV, TSV)
BOOLEAN_FORMATS: Final = (JSON_RESULTS, XML_RESULTS, BOOLEAN_CSV, TSV)
GRAPH_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG)
RDF_FORMATS: Final = GRAPH_FORMATS
DESCRIPTION_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)

JSON_LD_PROFILES: Final = "http://www.w3.org/ns/json-ld#"
COMPACTED: Final = JSON_LD_PROFILES + "compacted"
EXPANDED: Final = JSON_LD_PROFILES + "expanded"
FLATTENED: Final = JSON_LD_PROFILES + "flattened"
PROFILES: Final = (COMPACTED, EXPANDED, FLATTENED)

# Types that say no more than how something is written down. A browser names some of them, and means documents to show.
_GENERIC: Final = frozenset({"application/xml", "text/xml", "text/plain"})


@dataclass(frozen=True)
class Choice:
    """What was agreed on: the format, the ``Content-Type`` that says so, and the profile of JSON-LD if one was asked.

    ``profile`` is one of :data:`PROFILES`, or ``None``.
    """

    format: Format
    content_type: str
    profile: str | None = None

    def without_profile(self) -> Choice:
        """The same format as the engine writes it."""
        return self if self.shaped_profile is None else Choice(self.format, self.format.content_type())

    @property
    def shaped_profile(self) -> str | None:
        """The profile, where the engine cannot write it itself."""
        return self.profile if self.profile in {COMPACTED, FLATTENED} else None

    @property
    def written_as(self) -> Format:
        """What the engine has to write, so that the profile can be made of it."""
        return self.format if self.shaped_profile is None else N_TRIPLES


def find_format(name: str, offered: Sequence[Format]) -> Format | None:
    """The offered format of this short name or media type, or ``None``."""
    # A plus sign in an address that somebody has typed arrives as a space.
    wanted = name.strip().lower().replace(" ", "+")
    return next((candidate for candidate in offered if wanted in _names(candidate)), None)


def format_of_suffix(suffix: str) -> Format | None:
    """The RDF format of a file suffix such as ``.ttl``, or ``None``."""
    return next((candidate for candidate in RDF_FORMATS if candidate.suffix == suffix.lower()), None)


def negotiate(
    accept: str | None,
    offered: Sequence[Format],
    *,
    format_name: str | None = None,
    profile_name: str | None = None,
) -> Choice:
    """Chooses among the offered formats, whose order is the server's preference (RFC 9110, section 12.5.1).

    ``accept`` is the value of the ``Accept`` header field. ``format_name`` (the parameter ``format``) wins over it: a
    short name or a media type, or several of the same format with commas between them. ``profile_name`` (the parameter
    ``_profile``) is a profile of JSON-LD or the last part of its IRI; it asks for JSON-LD where no format is named. A
    profile that is not offered does not count (RFC 6906, section 3.1).

    Raises :class:`BadRequest` for a format name that pedgraph does not know, and :class:`NotAcceptable` with the media
    types on offer where none of them is accepted.
    """
    accepted = read_accept(accept)
    profile = _find_profile(profile_name)
    if format_name is not None:
        named = _named(format_name, offered)
        return _with_profile(named, named.media_type, profile)
    if profile is not None and JSON_LD in offered and accepted.quality(JSON_LD.media_type)[0] > 0:
        return _with_profile(JSON_LD, JSON_LD.media_type, profile)
    chosen, media_type = _best(accepted, offered, accept or "")
    return _with_profile(chosen, media_type, profile or _accepted_profile(accepted, media_type))


def _names(candidate: Format) -> Iterable[str]:
    return (candidate.name, *candidate.short_names, candidate.media_type, *candidate.aliases)


def _best(accepted: Acceptance, offered: Sequence[Format], given: str) -> tuple[Format, str]:
    """The format, and the media type under which it is accepted."""
    shown = accepted.quality(HTML.media_type)
    found: list[tuple[float, int, int, Format, str]] = []
    for index, candidate in enumerate(offered):
        for media_type in (candidate.media_type, *candidate.aliases):
            quality, specificity = accepted.quality(media_type)
            is_for_show = media_type in _GENERIC and shown[1] == Acceptance.EXACT and shown[0] >= quality
            # Another name of a format counts where the client says it, not where it says "anything".
            if quality > 0 and (media_type == candidate.media_type or specificity == Acceptance.EXACT):
                found.append((0.0 if is_for_show else quality, specificity, -index, candidate, media_type))
    if not found:
        raise _not_acceptable(given, offered)
    best = max(found, key=lambda each: each[:3])
    return best[3], best[4]


def _find_profile(name: str | None) -> str | None:
    wanted = (name or "").strip().removeprefix(JSON_LD_PROFILES)
    return next((profile for profile in PROFILES if profile == JSON_LD_PROFILES + wanted), None)


def _accepted_profile(accepted: Acceptance, media_type: str) -> str | None:
    """The first profile on offer that comes with the media type; a range may name several (RFC 6906, section 3.1)."""
    named = [name for value in accepted.parameters(media_type, "profile") for name in value.split()]
    return next((name for name in named if name in PROFILES), None)


def _with_profile(chosen: Format, media_type: str, profile: str | None) -> Choice:
    content_type = chosen.content_type(media_type)
    if chosen != JSON_LD or profile is None:
        return Choice(chosen, content_type)
    return Choice(chosen, f'{JSON_LD.media_type}; profile="{profile}"', profile)


def _named(name: str, offered: Sequence[Format]) -> Format:
    names = [each for each in name.split(",") if each.strip()] or [name]
    chosen = [found for each in names if (found := find_format(each, offered)) is not None]
    if len(set(chosen)) > 1:
        raise BadRequest(f"The format is given as '{chosen[0].name}' and as '{chosen[1].name}'; one is enough.")
    if chosen:
        return chosen[0]
    if any(find_format(each, RESULT_FORMATS + GRAPH_FORMATS) is not None for each in names):
        raise _not_acceptable(name, offered)
    known = ", ".join(candidate.name for candidate in RESULT_FORMATS + GRAPH_FORMATS)
    raise BadRequest(f"Unknown format '{name}'. Known formats: {known}, or their media types.")


def _not_acceptable(wanted: str, offered: Sequence[Format]) -> NotAcceptable:
    media_types = [candidate.media_type for candidate in offered]
    shown = wanted if len(wanted) <= _SHOWN_CHARACTERS else f"{wanted[:_SHOWN_CHARACTERS]} …"
    return NotAcceptable(
        f"This answer cannot be sent as '{shown}'. It is offered as {', '.join(media_types)}.",
        offered=media_types,
    )
