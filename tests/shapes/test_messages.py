"""Each catalogue of messages says what the English one says, and the English one what the shapes say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.gate import BLANK_NODE, UNDESCRIBED_GRAPH, UNKNOWN_TERM
from pedgraph.intake.messages import ENGLISH, FOUND, LANGUAGES, read_catalogue
from pedgraph.intake.ownership import OTHERS_CLAIM, OWN_TERM
from pedgraph.resources import messages_directory
from pedgraph.vocabulary.iris import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Triple

from pedgraph.intake.messages import Catalogue

SH: Final = "http://www.w3.org/ns/shacl#"
# Found by the gates, and in the form of files, tables and answers, which no shape speaks for.
WITHOUT_A_SHAPE: Final = re.compile(r"[FGIT]\d\d(-\w+)?")
PRESENT: Final = [language for language in LANGUAGES if (messages_directory() / f"{language}.json").exists()]
TRANSLATED: Final = [language for language in PRESENT if language != ENGLISH]
# What a translation may not change: variables, addresses, names of terms, numbers, and what stands in braces.
FIXED: Final = re.compile(r"\{[?$]?\w+\}|https?://[^\s{}]*[\w/]|\b[a-z]+:[A-Za-z]\w*|\d+(?:\.\d+)?")


def messages_of_shapes(shapes: list[Triple]) -> Iterator[tuple[str, str]]:
    """The local name of each shape that has a message, or whose SPARQL constraint has one, with that message."""
    owners = {triple.object: triple.subject for triple in shapes if triple.predicate.value == f"{SH}sparql"}
    for triple in shapes:
        if triple.predicate.value == f"{SH}message":
            owner = owners.get(triple.subject, triple.subject)
            assert isinstance(owner, NamedNode)
            assert isinstance(triple.object, Literal)
            assert triple.object.language == ENGLISH
            yield owner.value.removeprefix(SHAPES), triple.object.value


def fixed(text: str) -> set[str]:
    """The parts of a message that are the same in every language."""
    return set(FIXED.findall(text))


@pytest.fixture(scope="module")
def english() -> Catalogue:
    """The catalogue that the others translate."""
    return read_catalogue(ENGLISH)


def test_the_english_catalogue_repeats_the_shapes(english: Catalogue) -> None:
    said = list(messages_of_shapes(read_shapes()))

    assert len(said) == len(dict(said)) > 100
    assert {key: text for key, text in english.templates.items() if not WITHOUT_A_SHAPE.fullmatch(key)} == dict(said)
    assert set(english.templates) >= {UNKNOWN_TERM, BLANK_NODE, UNDESCRIBED_GRAPH, OWN_TERM, OTHERS_CLAIM}


@pytest.mark.parametrize("language", PRESENT)
def test_a_catalogue_is_written_as_the_others_are(language: str) -> None:
    """Keys in order, letters as they are, two blanks of indentation: so that a change shows as a change of one line."""
    text = (messages_directory() / f"{language}.json").read_text(encoding="utf-8")
    content = json.loads(text)

    assert list(content) == ["language", FOUND, "messages"]
    assert content["language"] == language
    assert list(content["messages"]) == sorted(content["messages"])
    assert text == json.dumps(content, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("language", PRESENT)
def test_every_message_begins_with_its_rule_and_ends_with_a_full_stop(language: str) -> None:
    catalogue = read_catalogue(language)

    odd = {
        key: text
        for key, text in catalogue.templates.items()
        if not text.startswith(f"{key.partition('-')[0]}: ") or not text.endswith(".")
    }

    assert odd == {}
    assert fixed(catalogue.found) == {"{?" + FOUND + "}"}
    assert catalogue.found.endswith(".")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_messages_of_the_english_catalogue(language: str, english: Catalogue) -> None:
    assert list(read_catalogue(language).templates) == list(english.templates)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_what_is_the_same_in_every_language(language: str, english: Catalogue) -> None:
    translated = read_catalogue(language).templates

    kept = {key: sorted(fixed(text)) for key, text in translated.items()}

    assert kept == {key: sorted(fixed(text)) for key, text in english.templates.items()}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_translates_every_message(language: str, english: Catalogue) -> None:
    catalogue = read_catalogue(language)

    assert {key for key, text in catalogue.templates.items() if text == english.templates[key]} == set()
    assert catalogue.found != english.found


def test_dutch_and_german_are_there() -> None:
    assert {"nl", "de"} <= set(TRANSLATED)
