"""Negotiation is a pure function; what the web makes of it is tested over HTTP."""

from __future__ import annotations

import pytest

from pedgraph.errors import BadRequest, NotAcceptable
from pedgraph.vocabulary.media import (
    BOOLEAN_FORMATS,
    COMPACTED,
    CSV,
    DESCRIPTION_FORMATS,
    EXPANDED,
    FLATTENED,
    GRAPH_FORMATS,
    HTML,
    JSON_LD,
    JSON_RESULTS,
    N_QUADS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    TRIG,
    TSV,
    TURTLE,
    XML_RESULTS,
    Format,
    find_format,
    format_of_suffix,
    negotiate,
)
from tests.vocabulary import clients


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON_RESULTS),
        ("", JSON_RESULTS),
        ("*/*;q=0.1", JSON_RESULTS),
        ("text/csv, application/sparql-results+xml", XML_RESULTS),
        ("text/csv;q=1.0, application/sparql-results+xml;q=0.999", CSV),
        ("TEXT/CSV", CSV),
        ("text/*;q=0.2, text/tab-separated-values;q=0.1", CSV),
        ("text/*, text/csv;q=0", TSV),
        ("application/*;q=0.3, text/csv;q=0.2", JSON_RESULTS),
        ("  text/csv  ;  q=0.5 ", CSV),
        ("text/csv;q=nonsense", JSON_RESULTS),
        ("text/csv;q=.5", CSV),
        ("*", JSON_RESULTS),
        ("text/csv, */*", CSV),
        ("application/sparql-results+json;q=0, */*", XML_RESULTS),
        ("application/xml", XML_RESULTS),
        ("text/html, application/xml", XML_RESULTS),
        ("text/html;q=0.2, application/xml;q=0.9, text/csv;q=0.5", XML_RESULTS),
        ("text/html, application/xml, text/csv;q=0.1", CSV),
    ],
)
def test_the_best_accepted_format_wins(accept: str | None, chosen: Format) -> None:
    assert negotiate(accept, RESULT_FORMATS).format == chosen


@pytest.mark.parametrize(("offered", "row"), clients.ALL, ids=lambda value: value[0] if len(value) == 4 else "")
def test_real_clients_get_what_they_can_read(offered: tuple[Format, ...], row: clients.Row) -> None:
    _, name, accept, chosen = row

    assert negotiate(accept, offered, format_name=name).format == chosen


@pytest.mark.parametrize(
    ("accept", "format_name", "profile_name", "choice"),
    [
        (f'application/ld+json;profile="{COMPACTED}"', None, None, (JSON_LD, COMPACTED)),
        (f"application/ld+json;profile={EXPANDED}", None, None, (JSON_LD, EXPANDED)),
        (f'application/ld+json; Profile="urn:x:other {FLATTENED}"; q=0.9', None, None, (JSON_LD, FLATTENED)),
        (f'text/turtle;q=0.5, application/ld+json;profile="{COMPACTED}"', None, None, (JSON_LD, COMPACTED)),
        (f'text/turtle, application/ld+json;profile="{COMPACTED}";q=0.5', None, None, (TURTLE, None)),
        (f'application/ld+json, application/ld+json;profile="{COMPACTED}";q=0.5', None, None, (JSON_LD, None)),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"', None, None, (JSON_LD, None)),
        ("application/ld+json", None, None, (JSON_LD, None)),
        ("*/*", None, "compacted", (JSON_LD, COMPACTED)),
        (None, None, FLATTENED, (JSON_LD, FLATTENED)),
        ("text/turtle", None, "compacted", (TURTLE, None)),
        ("*/*", "ttl", "compacted", (TURTLE, None)),
        ("*/*", "jsonld", "expanded", (JSON_LD, EXPANDED)),
        ("*/*", None, "framed", (TURTLE, None)),
    ],
)
def test_a_profile_is_taken_where_it_is_offered(
    accept: str | None, format_name: str | None, profile_name: str | None, choice: tuple[Format, str | None]
) -> None:
    chosen = negotiate(accept, GRAPH_FORMATS, format_name=format_name, profile_name=profile_name)

    assert (chosen.format, chosen.profile) == choice
    stated = f'; profile="{chosen.profile}"' if chosen.profile else ""
    assert chosen.content_type == (JSON_LD.media_type + stated if chosen.format == JSON_LD else TURTLE.content_type())
    assert chosen.written_as == (N_TRIPLES if chosen.profile in {COMPACTED, FLATTENED} else chosen.format)
    plain = chosen.without_profile()
    assert (plain.format, plain.written_as) == (chosen.format, chosen.format)


def test_solutions_have_no_profile() -> None:
    assert negotiate("*/*", RESULT_FORMATS, profile_name="compacted").format == JSON_RESULTS


@pytest.mark.parametrize("accept", [clients.CHROME, clients.FIREFOX, clients.SAFARI])
def test_a_browser_gets_a_page_where_there_is_one(accept: str) -> None:
    assert negotiate(accept, DESCRIPTION_FORMATS).format == HTML


def test_only_solutions_have_a_line_of_names() -> None:
    types = [negotiate("text/csv", offered).content_type for offered in (RESULT_FORMATS, BOOLEAN_FORMATS)]

    assert types == ["text/csv; charset=utf-8; header=present", "text/csv; charset=utf-8"]


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "text/csv;q=0", "*/*;q=0", "nonsense"])
def test_nothing_accepted_names_what_is_offered(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, RESULT_FORMATS)

    assert caught.value.extensions["offered"] == [each.media_type for each in RESULT_FORMATS]


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("ttl", TURTLE),
        ("turtle", TURTLE),
        ("TTL", TURTLE),
        ("text/turtle", TURTLE),
        ("json", JSON_LD),
        ("xml", RDF_XML),
        ("n-triples", N_TRIPLES),
        ("application/ld+json", JSON_LD),
        ("application/ld json", JSON_LD),
        ("n3", TURTLE),
        ("nquads", N_QUADS),
        ("application/x-trig", TRIG),
        ("ttl, turtle,text/turtle", TURTLE),
        ("unheard-of,ttl", TURTLE),
    ],
)
def test_a_format_may_be_named(name: str, chosen: Format) -> None:
    assert negotiate("image/png", GRAPH_FORMATS, format_name=name).format == chosen


def test_a_named_format_is_unknown_or_does_not_fit() -> None:
    with pytest.raises(BadRequest, match="Unknown format 'docx'"):
        negotiate(None, GRAPH_FORMATS, format_name="docx")
    with pytest.raises(NotAcceptable, match="text/turtle"):
        negotiate(None, GRAPH_FORMATS, format_name="csv")
    with pytest.raises(BadRequest, match="'ttl' and as 'nt'"):
        negotiate(None, GRAPH_FORMATS, format_name="ttl,nt")


def test_a_name_or_a_suffix_means_one_format_only() -> None:
    for formats in (RESULT_FORMATS, GRAPH_FORMATS):
        names = [name for each in formats for name in (each.name, *each.short_names, each.media_type, *each.aliases)]
        assert len(names) == len(set(names))
        assert all(find_format(name, formats) is not None for name in names)
    suffixes = [each.suffix for each in RDF_FORMATS]
    assert [format_of_suffix(suffix.upper()) for suffix in suffixes] == list(RDF_FORMATS)
    assert format_of_suffix(".docx") is None
