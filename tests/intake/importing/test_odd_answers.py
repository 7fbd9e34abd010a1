"""Odd and hostile answers: what is told of them, and what of them is read all the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from pedgraph.intake.findings import Severity, conforms
from pedgraph.intake.importing.recognising import PROFILE
from pedgraph.intake.importing.texts import hidden, plain
from tests.intake.importing.answers import everything, found, reading, site

if TYPE_CHECKING:
    from pedgraph.intake.reading.documents import Document

SAID: Final = f"application/json{PROFILE}"
POINT: Final = "A1P011"


def point(longitude: object, latitude: object) -> dict[str, Any]:
    return site(**{POINT: {f"{POINT}.1": longitude, f"{POINT}.2": latitude}})


def values(document: Document, name: str) -> set[str]:
    """The local names or texts that a property has."""
    return {
        str(getattr(each.object, "value", "")).rpartition("/")[2]
        for each in document.triples
        if each.predicate.value.endswith(name)
    }


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "F03"),
        (b"  \n", "F03"),
        (b"[]", "F03"),
        (b'{"caseStudies":{"data":[]}}', "F03"),
        (b"<html><body>503</body></html>", "F06"),
        (b"Name;City\nOne;Two\n", "F06"),
        (b'{"caseStudies":{"data":[{"entryId":"1"', "F06"),
        (b'[{"entryId":"1","formId":"1","data":{"A1P001":"\xff"}}]', "F04"),
        (b"[" * 50_000, "F13"),
        (b'[{"entryId":"1","formId":"1","data":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_002 + b"]", "F13"),
        (b'{"a":1}', "I01"),
        (b'"text"', "I01"),
        (b"[1, null]", "I01"),
        (b'[{"entryId":"1","formId":"9","data":{"x":"y"}}]', "I01"),
        (b'[{"entryId":"1","formId":"1","data":[]}]', "I01"),
        (b'{"@context":{},"@id":"https://example.org/"}', "I01"),
    ],
)
def test_what_is_no_answer_is_refused(content: bytes, rule: str) -> None:
    document = reading(content, "answer.json", SAID)

    worst = [each.rule for each in document.problems if each.severity is Severity.VIOLATION]
    assert rule in worst
    assert set(worst) == {rule}


@pytest.mark.parametrize(
    ("content", "is_answer"),
    [
        (everything(), True),
        (everything()["projects"]["data"][0], True),
        ({"@context": {"projects": "https://example.org/projects"}, "projects": {"data": "x"}}, False),
        ({"projects": ["x"]}, False),
        ([{"@id": "https://example.org/", "https://example.org/p": "entryId"}], False),
    ],
)
def test_an_answer_is_known_by_its_structure(content: object, is_answer: bool) -> None:
    assert reading(content, "some.json").media_type == ("application/json" if is_answer else "application/ld+json")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"A1P001": ""}, {("I02", "", "7")}),
        ({"A1P001": "†"}, {("I02", "", "7")}),
        ({"A1P012": "Atlantis"}, {("I09", "A1P012", "Atlantis"), ("I10", "A1P013", "Amsterdam")}),
        ({"A1P012": "Austri", "A1P013": ""}, {("I09", "A1P012", "Austri")}),
        ({"A1P012": "", "A1P013": "Nowhere"}, {("I10", "A1P013", "Nowhere")}),
        ({"A1P012": "Spain", "A1P013": ""}, {("I10", "A1P012", "Spain")}),
        ({"A1P005": "Dreaming Phase"}, {("I06", "A1P005", "Dreaming Phase")}),
        ({"A1P001": ["a", "b"]}, {("I02", "", "7")}),
        ({"A1P013": ["a", "b"]}, {("I10", "A1P012", "Netherlands"), ("I10", "A1P013", "a; b")}),
        ({"A1P005": "planning phase"}, set()),
        ({"A2P007": "much"}, {("I07", "A2P007", "much")}),
        ({"A2P007": "1.234"}, {("I07", "A2P007", "1.234")}),
        ({"A2P007": "12 kg"}, {("I07", "A2P007", "12 kg")}),
        ({"A2P007": "12 GWh/a"}, set()),
        ({"A2P007": ["1", "2"]}, {("I07", "A2P007", "1; 2")}),
        ({"A9P999": "x", "B1P001": {"B1P001.1": True}}, {("I05", "A9P999", "x"), ("I05", "B1P001.1", "yes")}),
        ({"A9P999": "someone@example.org"}, {("I12", "A9P999", "")}),
        ({"A9P999": "Ask someone@example.org for it"}, {("I05", "A9P999", "Ask …@… for it")}),
        ({"A9P999": False, "A9P998": None, "A9P997": [], "A9P996": {"A9P996.1": " "}}, set()),
        ({"A3P004": {"0": "one", "2": "three"}}, {("I04", "A3P004", "one; three")}),
        ({"A1P008": [{"id": 3}]}, {("I15", "A1P008", "3")}),
        ({"A1P008": [{"id": "x", "title": "Invented Project"}]}, set()),
        ({"A1P008": ["Invented Project", 3]}, {("I15", "A1P008", "3")}),
        ({"A1P008": "Invented"}, {("I04", "A1P008", "Invented")}),
        ({"A1P003": ["PED Lab", "PED Dream"]}, {("I06", "A1P003", "PED Dream")}),
    ],
)
def test_what_cannot_be_read_is_told(change: dict[str, object], expected: set[tuple[str, str, str]]) -> None:
    document = reading(site(**change))

    assert found(document) == expected
    assert conforms(document.problems)


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        ("4.9", "52.4", {"52.4"}),
        ("4,9", "52,4", {"52.4"}),
        (4.9, 52, {"52.0"}),
        ("-180", "-90", {"-90.0"}),
        ("4.9", "95.2", set()),
        ("181", "52.4", set()),
        ("4.9", "", set()),
        ("4.9 E", "52.4 N", set()),
        ("4.9", "NaN", set()),
        ("1e400", "Infinity", set()),
    ],
)
def test_a_point_needs_two_numbers_in_range(longitude: object, latitude: object, expected: set[str]) -> None:
    document = reading(point(longitude, latitude))

    assert values(document, "latitude") == expected
    rules = {rule for rule, _, _ in found(document)}
    assert rules == (set() if expected else {"I11"})


def test_coordinates_that_are_only_right_the_other_way_round_are_told_so() -> None:
    told = {dict(each.variables).get("nearest", "") for each in reading(point("52.4", "104.9")).problems}
    assert told == {"", "52.4, 104.9"}


@pytest.mark.parametrize(
    ("number", "is_kept"), [(7, True), ("7", True), ("07", False), (0, False), ("٣", False), (None, False)]
)
def test_a_page_has_a_number(number: object, is_kept: bool) -> None:
    whole = site()
    whole["caseStudies"]["data"][0]["postId"] = number

    assert values(reading(whole), "schemaAgency") == ({"PED-EU-NET"} if is_kept else set())


def test_interchanged_coordinates_in_range_are_for_the_rules_to_tell() -> None:
    """They may be right: rule S19 knows where the country lies."""
    assert values(reading(point("52.4", "4.9")), "latitude") == {"4.9"}


def test_an_entry_that_comes_twice_is_refused() -> None:
    whole = site()
    whole["caseStudies"]["data"] *= 2

    document = reading(whole)

    assert found(document) == {("I03", "", "7")}
    assert not conforms(document.problems)


def test_two_sites_of_one_name_get_the_numbers_of_their_pages() -> None:
    whole = site()
    second = json.loads(json.dumps(whole["caseStudies"]["data"][0])) | {"postId": 8}
    whole["caseStudies"]["data"].append(second)

    names = {str(each.subject) for each in reading(whole).triples if "/site/" in str(each.subject)}

    assert names == {f"<https://w3id.org/pedgraph/id/site/nl-amsterdam-site-{number}>" for number in (7, 8)}


def test_markup_is_taken_out_and_never_obeyed() -> None:
    document = reading(site(A1P001="A<script>alert(1)</script> <b onclick='x'>B</b> &lt;i&gt;"))

    assert values(document, "label") == {"A B <i>"}
    assert {rule for rule, _, _ in found(document)} == {"I14"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ("plain", False)),
        ("a < b & c", ("a < b & c", False)),
        ("R&amp;D &#8364; x", ("R&D € x", False)),
        ("one<br/>two", ("one two", True)),
        ("<style>p {}</style>x<!-- no -->", ("x", True)),
        (" two\n lines ", ("two lines", False)),
    ],
)
def test_texts_are_words_on_one_line(text: str, expected: tuple[str, bool]) -> None:
    assert plain(text) == expected


def test_an_address_is_hidden_wherever_it_stands() -> None:
    assert hidden("Ask <a.b@example.org>, or c@example.org.") == "Ask <…@…>, or …@…"
    for document in (reading(everything()), reading(site(A1P006="x someone@example.org"))):
        assert all("@" not in each.value.replace("…@…", "") for each in document.problems)


def test_a_project_that_is_known_is_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.intake.importing import answers

    things = answers.known()
    things.add(
        "https://w3id.org/pedgraph/id/project/wind", "https://w3id.org/pedgraph/ont#Project", ["Invented Wind Project"]
    )
    monkeypatch.setattr(answers, "known", lambda: things)

    document = answers.reading(everything())

    subjects = {str(each.subject) for each in document.triples if each.predicate.value.endswith("demonstratesIn")}
    assert subjects == {
        "<https://w3id.org/pedgraph/id/project/wind>",
        "<https://w3id.org/pedgraph/id/project/invented-tide-project>",
    }
