"""Words as a search compares them, and indexes that are made of a few names and asked what is hard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.search.asking import everything, find, opened
from pedgraph.delivery.search.index import write_index
from pedgraph.delivery.search.kinds import kind_of
from pedgraph.delivery.search.telling import told
from pedgraph.delivery.search.words import slips, slips_allowed, slips_of_beginning, words_of, words_of_name

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.delivery.asking import Row

ID = "https://w3id.org/pedgraph/id/"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Málaga", ["malaga"]),
        ("Ma\u0301laga", ["malaga"]),
        ("ŁÓDŹ, Sønderborg", ["lodz", "sonderborg"]),
        ("Straße", ["strasse"]),
        ("İstanbul Kad\u0131köy", ["istanbul", "kadikoy"]),
        ("ΑΘΉΝΑ Αθήνας", ["αθηνα", "αθηνασ"]),
        ("Focşani Focșani", ["focsani", "focsani"]),
        ("kW·h/m²", ["kw", "h", "m2"]),
        ("ﬁnal \uff12\uff10", ["final", "20"]),
        ('"a" AND b* NEAR(c) {d}: -e^', ["a", "and", "b", "near", "c", "d", "e"]),
        ("snake_case \x00 \ud800!?", ["snake", "case"]),
        ("東京", ["東京"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Köln", ["koln", "koeln"]),
        ("Ko\u0308ln", ["koln", "koeln"]),
        ("Sønderborg", ["sonderborg", "soenderborg"]),
        ("PED-ACT", ["ped", "act", "pedact"]),
        ("Umeå Energi", ["umea", "energi", "umeaa", "umeaenergi"]),
        ("one two three four five", ["one", "two", "three", "four", "five"]),
    ],
)
def test_names_have_more_words(name: str, words: list[str]) -> None:
    assert words_of_name(name) == words


@pytest.mark.parametrize(
    ("word", "other", "number"),
    [
        ("amsterdam", "amsterdam", 0),
        ("amsterdm", "amsterdam", 1),
        ("amtserdam", "amsterdam", 1),
        ("amsterrdam", "amsterdam", 1),
        ("ansterdan", "amsterdam", 2),
        ("rotterdam", "amsterdam", 3),
        ("gent", "gnet", 1),
        ("", "ab", 2),
        ("a", "abcdefg", 3),
    ],
)
def test_slips_are_counted(word: str, other: str, number: int) -> None:
    assert slips(word, other, 2) == slips(other, word, 2) == number


def test_a_longer_word_may_have_more_slips() -> None:
    assert [slips_allowed(word) for word in ("abc", "abcd", "abcdefg", "abcdefgh")] == [0, 1, 1, 2]


def test_a_word_may_be_typed_in_part() -> None:
    assert slips_of_beginning("buikslt", "buiksloterham", 2) == 1
    assert slips_of_beginning("buikslt", "bilbao", 2) == 3


@pytest.mark.parametrize(
    ("iri", "kind"),
    [
        (f"{ID}city/nl-amsterdam", "city"),
        ("https://w3id.org/pedgraph/indicator/energy-use", "indicator"),
        ("https://w3id.org/pedgraph/code/topic/law", "code"),
        ("https://w3id.org/pedgraph/ont#City", "term"),
        (f"{ID}activity/reading", None),
        ("https://w3id.org/pedgraph/graph/a/1", None),
        (f"{ID}city/", None),
        ("https://example.org/id/city/a", None),
    ],
)
def test_kinds_are_read_from_iris(iri: str, kind: str | None) -> None:
    assert kind_of(iri) == kind


def row(slug: str, sort: str, text: str, language: str = "en") -> Row:
    term = {"type": "literal", "value": text} | ({"xml:lang": language} if language else {})
    return {"thing": {"type": "uri", "value": ID + slug}, "sort": {"type": "literal", "value": sort}, "text": term}


def place(slug: str, city: str) -> Row:
    return {"thing": {"type": "uri", "value": ID + slug}, "city": {"type": "uri", "value": ID + city}}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "an index?#%41.sqlite"
    texts = [
        row("city/gr-athens", "name", "Athens"),
        row("city/gr-athens", "name", "Αθήνα", "el"),
        row("city/gr-athens", "number", "264371", ""),
        row("city/gr-athens", "shown", "Athens"),
        row("city/gr-athens", "text", "Hauptstadt mit Wärmenetz", "de"),
        row("ped/gr-athens-heat", "shown", "Heat island"),
        row("project/heat", "shown", "HEAT"),
        row("project/heat", "name", "Warmte voor iedereen", "nl"),
        row("project/heat", "text", "word " * 100 + "needle " + "word " * 100),
        row("site/unnamed", "text", "Nobody has named this."),
        row("site/blank", "shown", "  "),
        row("activity/reading", "shown", "Reading of Athens"),
    ]
    write_index(path, texts, [place("ped/gr-athens-heat", "city/gr-athens")])
    return path


def found(path: Path, text: str, language: str = "", *, names_only: bool = False) -> list[str]:
    with opened(path) as database:
        answer = find(database, words_of(text), language, names_only=names_only)
        return [each.iri.removeprefix(ID) for each in answer.found]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("athens", ["city/gr-athens", "ped/gr-athens-heat"]),
        ("ΑΘΗΝΑ", ["city/gr-athens"]),
        ("264371", ["city/gr-athens"]),
        ("2643", ["city/gr-athens"]),
        # The whole name comes before the beginning of one, whatever the kinds.
        ("heat", ["project/heat", "ped/gr-athens-heat"]),
        ("heat athens", ["ped/gr-athens-heat"]),
        ("district", ["ped/gr-athens-heat"]),
        ("warmenetz", ["city/gr-athens"]),
        ("iedreeen", ["project/heat"]),
        ("needle nowhereatall", ["project/heat"]),
        ("nowhereatall", []),
        ("named", []),
        ("reading", []),
    ],
)
def test_things_are_found(index: Path, text: str, slugs: list[str]) -> None:
    assert found(index, text) == slugs


def test_a_language_narrows_texts(index: Path) -> None:
    assert found(index, "athens", "en") == ["city/gr-athens", "ped/gr-athens-heat"]
    # Its name in German is not known, but a number has no language.
    assert found(index, "wärmenetz", "en") == []
    assert found(index, "wärmenetz", "de") == ["city/gr-athens"]
    assert found(index, "264371", "de") == ["city/gr-athens"]
    assert found(index, "warmte", "nl") == ["project/heat"]
    assert found(index, "warmte", "en") == []


def test_suggestions_leave_out_texts(index: Path) -> None:
    assert found(index, "needle", names_only=True) == []
    assert found(index, "264371", names_only=True) == ["city/gr-athens"]


def test_everything_comes_in_order(index: Path) -> None:
    with opened(index) as database:
        slugs = [each.iri.removeprefix(ID) for each in everything(database).found]

    assert slugs == ["ped/gr-athens-heat", "city/gr-athens", "project/heat"]


def test_a_result_says_by_what_it_was_found(index: Path) -> None:
    with opened(index) as database:
        number = find(database, ["warmte", "needle"]).found[0].thing
        result = told(database, [number], ["warmte", "needle"], "")[0]

    assert (result.name, result.other_name) == ("HEAT", "Warmte voor iedereen")
    assert result.text.startswith("… word")
    assert " needle " in result.text
    assert result.text.endswith("word …")
    assert len(result.text) <= 204
