"""Negotiation is a pure function; what the web makes of it is tested over HTTP."""

from __future__ import annotations

import pytest

from pedgraph.errors import BadRequest, NotAcceptable
from pedgraph.vocabulary.media import (
    CSV,
    GRAPH_FORMATS,
    JSON_LD,
    JSON_RESULTS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    TSV,
    TURTLE,
    XML_RESULTS,
    Format,
    find_format,
    format_of_suffix,
    negotiate,
)


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
    ],
)
def test_the_best_accepted_format_wins(accept: str | None, chosen: Format) -> None:
    assert negotiate(accept, RESULT_FORMATS).format == chosen


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
    ],
)
def test_a_format_may_be_named(name: str, chosen: Format) -> None:
    assert negotiate("image/png", GRAPH_FORMATS, format_name=name).format == chosen


def test_a_named_format_is_unknown_or_does_not_fit() -> None:
    with pytest.raises(BadRequest, match="Unknown format 'docx'"):
        negotiate(None, GRAPH_FORMATS, format_name="docx")
    with pytest.raises(NotAcceptable, match="text/turtle"):
        negotiate(None, GRAPH_FORMATS, format_name="csv")


def test_a_name_or_a_suffix_means_one_format_only() -> None:
    for formats in (RESULT_FORMATS, GRAPH_FORMATS):
        names = [name for each in formats for name in (each.name, *each.short_names, each.media_type, *each.aliases)]
        assert len(names) == len(set(names))
        assert all(find_format(name, formats) is not None for name in names)
    suffixes = [each.suffix for each in RDF_FORMATS]
    assert [format_of_suffix(suffix.upper()) for suffix in suffixes] == list(RDF_FORMATS)
    assert format_of_suffix(".docx") is None
