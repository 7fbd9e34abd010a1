"""Which profile of a description a client gets: by parameter, by header field, or as usual for the format."""

from __future__ import annotations

import pytest

from pedgraph.errors import BadRequest
from pedgraph.vocabulary.described import DESCRIBED_FORMATS, DESCRIPTION_PROFILES, choose_profile, profile_iri
from pedgraph.vocabulary.media import HTML, JSON_LD, N_QUADS, N_TRIPLES, PLAIN_JSON, RDF_XML, TRIG, TURTLE, negotiate

CARD_IRI, RAW_IRI = "https://w3id.org/pedgraph/profile/card", "https://w3id.org/pedgraph/profile/raw"


def test_trees_are_usual_in_json_and_statements_elsewhere() -> None:
    usual = {each: choose_profile(each) for each in DESCRIBED_FORMATS}
    assert usual == {
        PLAIN_JSON: "full", JSON_LD: "full", HTML: "full",
        TURTLE: "raw", N_TRIPLES: "raw", RDF_XML: "raw", TRIG: "raw", N_QUADS: "raw",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        (f"<{CARD_IRI}>", "card"),
        (f'"{CARD_IRI}"', "card"),
        ("card", "card"),
        (f"<{CARD_IRI}>;q=0.5, <{RAW_IRI}>;q=0.9", "raw"),
        (f"<{CARD_IRI}>; q=.5 , <{RAW_IRI}>", "raw"),
        (f"<{RAW_IRI}>;q=0.7,<{CARD_IRI}>;q=0.7", "raw"),
        (f"<https://example.org/profile>;q=1, <{CARD_IRI}>;q=0.1", "card"),
        (f"<{CARD_IRI}>;q=0", "full"),
        ("<https://example.org/profile>", "full"),
        ("", "full"),
        (";;,<>,q=1,<car d", "full"),
        ("x" * 10_000, "full"),
        ("<a>," * 2_000 + f"<{CARD_IRI}>", "full"),
    ],
)
def test_the_header_field_chooses_among_what_there_is(field: str, chosen: str) -> None:
    assert choose_profile(JSON_LD, accept_profile=field) == chosen


@pytest.mark.parametrize("name", DESCRIPTION_PROFILES)
def test_the_parameter_takes_tokens_and_iris_and_wins(name: str) -> None:
    assert choose_profile(TURTLE, accept_profile=f"<{RAW_IRI}>", name=name) == name
    assert choose_profile(TURTLE, name=f" {profile_iri(name)} ") == name


@pytest.mark.parametrize("name", ["", "Card", "https://example.org/profile/card", "card " * 100])
def test_an_unknown_parameter_is_an_error_that_lists_what_there_is(name: str) -> None:
    with pytest.raises(BadRequest) as error:
        choose_profile(JSON_LD, name=name)
    assert error.value.extensions == {"parameter": "_profile", "known": ["card", "full", "raw", "provenance"]}


def test_plain_json_and_json_ld_are_told_apart() -> None:
    asked = ("application/json", "application/ld+json", "*/*", "text/html,*/*;q=0.1")
    assert [negotiate(each, DESCRIBED_FORMATS).format for each in asked] == [PLAIN_JSON, JSON_LD, TURTLE, HTML]
    named = [negotiate(None, DESCRIBED_FORMATS, format_name=each).format for each in ("json", "jsonld", "trig")]
    assert named == [PLAIN_JSON, JSON_LD, TRIG]
