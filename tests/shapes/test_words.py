"""The words in which findings are told are there in every language, and in none two things stand for the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.errors import InputError
from pedgraph.intake.bundle import read_ontology, read_vocabulary
from pedgraph.intake.messages import ENGLISH, LANGUAGES
from pedgraph.intake.telling.words import read_words
from pedgraph.resources import words_directory
from pedgraph.vocabulary.iris import TERMS

if TYPE_CHECKING:
    from pedgraph.intake.telling.words import Words

LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
NAMED: Final = re.compile(r"\{[?^]?[\w:]+\}")


def shape_of(words: Words) -> dict[str, list[str]]:
    """What the words of each language have in common: names, and what is filled in."""
    patterns = {**words.phrases, **words.kinds}
    return {name: sorted(NAMED.findall(text)) for name, text in patterns.items()} | {
        iri: ["term"] for iri in words.terms
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_words(language: str) -> None:
    assert shape_of(read_words(language)) == shape_of(read_words(ENGLISH))
    assert all(text.strip() == text != "" for text in read_words(language).phrases.values())
    assert all(text.strip() == text != "" for text in read_words(language).terms.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_of_words_is_written_as_the_others_are(language: str) -> None:
    text = (words_directory() / f"{language}.json").read_text(encoding="utf-8")
    content = json.loads(text)

    assert list(content) == ["language", "phrases", "kinds", "terms"]
    assert content["language"] == language
    assert all(list(content[part]) == sorted(content[part]) for part in ("phrases", "kinds", "terms"))
    assert text == json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def test_every_term_of_ours_has_a_word_and_the_english_one_is_its_label() -> None:
    labels = {
        triple.subject.value: triple.object.value
        for triple in read_ontology()
        if triple.predicate.value == LABEL
        and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(TERMS)
        and isinstance(triple.object, Literal)
    }
    ours = {iri: word for iri, word in read_words(ENGLISH).terms.items() if iri.startswith(TERMS)}

    assert ours == labels
    assert len(labels) > 100


def test_the_kinds_that_are_described_are_kinds() -> None:
    known = {triple.subject.value for triple in read_vocabulary() if hasattr(triple.subject, "value")}
    kinds = set(read_words(ENGLISH).kinds)

    assert {kind for kind in kinds if kind.startswith(TERMS)} <= known
    assert len(kinds) > 10


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="There are no messages in 'it'"):
        read_words("it")
