"""Findings as people are told of them: labels, what is allowed, what was meant, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from pedgraph.intake.findings import Finding, Position, Severity
from pedgraph.intake.telling.nearest import Candidates, nearest_number
from pedgraph.intake.telling.teller import place
from pedgraph.intake.validation import validate
from pedgraph.vocabulary.iris import SHAPES, TERMS
from tests.intake.telling.conftest import triples

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.intake.telling.teller import Teller
    from pedgraph.intake.validation import Rulebook

    Tell = Callable[[str, str], Teller]

SH: Final = "http://www.w3.org/ns/shacl#"
ID: Final = "https://w3id.org/pedgraph/id/"
CODE: Final = "https://w3id.org/pedgraph/code/"
DISTRICT: Final = "ped:nl-x a pedg:PositiveEnergyDistrict ; rdfs:label 'Noord'@nl , 'North'@en ; pedg:inCity {} ."


def finding(shape: str, path: str, value: str, *, component: str = "", **members: Any) -> Finding:  # noqa: ANN401
    return Finding(
        severity=Severity.VIOLATION,
        rule=shape.partition("-")[0],
        focus_node=members.pop("focus_node", ID + "ped/nl-x"),
        path=TERMS + path if path else "",
        value=value,
        message="",
        shape=SHAPES + shape,
        component=f"{SH}{component}ConstraintComponent" if component else "",
        **members,
    )


def test_a_finding_is_told_as_a_whole(teller: Tell, rulebook: Rulebook) -> None:
    turtle = "ped:nl-x a pedg:PositiveEnergyDistrict ; rdfs:label 'Noord'@nl ; pedg:inCity city:nl-amsterdm ."
    (found,) = validate(triples(turtle), rulebook)

    assert teller(turtle, "de").tell(found) == {
        "rule": "S51",
        "severity": "violation",
        "focus_node": ID + "ped/nl-x",
        "path": TERMS + "inCity",
        "entity": {"iri": ID + "ped/nl-x", "label": "Noord"},
        "property": {"iri": TERMS + "inCity", "label": "in der Stadt"},
        "value": ID + "city/nl-amsterdm",
        "found": "id:city/nl-amsterdm",
        "allowed": [{"iri": TERMS + "City", "label": "Stadt"}],
        "allowed_count": 1,
        "nearest": {"iri": ID + "city/nl-amsterdam", "label": "Amsterdam"},
        "problem": "„in der Stadt“ (pedg:inCity) muss auf eine Stadt verweisen, und das ist hier nicht der Fall.",
        "fix": "Bitte den Verweis korrigieren oder angeben, von welcher Art das ist, worauf verwiesen wird.",
        "message": "S51: pedg:inCity muss auf eine Stadt verweisen, und das ist hier nicht der Fall. Bitte den Verweis "
        "korrigieren oder angeben, von welcher Art das ist, worauf verwiesen wird. Gefunden: id:city/nl-amsterdm.",
        "position": {"source": "", "sheet": "", "line": 0, "column": 0, "cell": "", "pointer": ""},
        "place": "",
        "help": "https://w3id.org/pedgraph/documentation/shapes.html#S51",
        "shape": SHAPES + "S51-inCity-value",
        "component": SH + "ClassConstraintComponent",
    }


@pytest.mark.parametrize(
    ("language", "label"), [("en", "North"), ("nl", "Noord"), ("de", "North"), ("fr", "North"), ("es", "North")]
)
def test_a_label_is_in_the_language_asked_for_else_in_english(language: str, label: str, teller: Tell) -> None:
    told = teller(DISTRICT.format("city:nl-amsterdam"), language).tell(finding("S14-city", "inCity", ""))

    assert told["entity"]["label"] == label


def test_what_was_submitted_names_things_before_the_graph_does(teller: Tell) -> None:
    wrong = finding("S02-label", "", "", focus_node=ID + "city/nl-amsterdam")

    assert teller("", "en").tell(wrong)["entity"]["label"] == "Amsterdam"
    assert teller("city:nl-amsterdam rdfs:label 'Mokum' .", "en").tell(wrong)["entity"]["label"] == "Mokum"


@pytest.mark.parametrize(
    ("turtle", "label"),
    [
        (
            "a pedg:CityParticipation ; pedg:involves city:pt-porto ; pedg:context id:project/ascend",
            "role of Porto in ASCEND",
        ),
        ("a pedg:CityParticipation ; pedg:context id:project/ascend", "role in ASCEND"),
        ("a pedg:CityParticipation", "role “1”"),
        (
            "a pedg:IndicatorObservation ; pedg:indicator indicator:energy-use ; pedg:about ped:nl-x ; "
            "pedg:referenceYear '2023'^^xsd:gYear . ped:nl-x rdfs:label 'Schoonschip'",
            "figure: energy use of Schoonschip, 2023",
        ),
        (
            "a pedg:StageRecord ; pedg:stage code:hub-stage/planning . ped:x pedg:stageRecord id:x/1 ; rdfs:label 'X'",
            "stage “planning” of X",
        ),
        ("a pedg:Requirement . ped:nl-x pedg:hasRequirement id:x/1", "requirement of nl-x"),
        ("a adms:Identifier ; skos:notation '101' ; adms:schemaAgency 'CORDIS'", "identifier 101, CORDIS"),
        ("a pedg:City", "city “1”"),
        ("pedg:role 'x'", "1"),
        ("a pedg:Requirement . id:x/1 pedg:hasRequirement id:x/1", "requirement of 1"),
    ],
)
def test_what_has_no_label_is_called_by_what_it_connects(turtle: str, label: str, teller: Tell) -> None:
    told = teller(f"id:x/1 {turtle} .", "en").tell(finding("S46-locator", "locator", "", focus_node=ID + "x/1"))

    assert told["entity"] == {"iri": ID + "x/1", "label": label}


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("lighthose", "lighthouse"),
        ("Leuchtturmstadt", "lighthouse"),
        ("Ville  Phare", "lighthouse"),
        (CODE + "city-role/folower", "follower"),
        (CODE + "helix/industry", ""),
        ("fo", ""),
        ("Qqqqqqq", ""),
    ],
)
def test_the_code_that_was_meant_is_suggested(value: str, nearest: str, teller: Tell) -> None:
    told = teller("", "en").tell(finding("S09-role-value", "role", value, component="Or"))

    assert (told["nearest"] or {"iri": ""})["iri"].removeprefix(CODE + "city-role/") == nearest


def test_a_code_of_the_same_name_in_another_list_is_told_apart_by_its_iri(teller: Tell) -> None:
    told = teller("", "en").tell(finding("S09-activityStatus-value", "activityStatus", CODE + "hub-stage/planned"))

    label = "planned (code:activity-status/planned)"
    assert (told["found"], told["nearest"]) == ("planned", {"iri": CODE + "activity-status/planned", "label": label})


@pytest.mark.parametrize(
    ("shape", "path", "component", "labels"),
    [
        ("S34-year", "referenceYear", "Datatype", ["a year, for example 2025"]),
        ("S34-year", "referenceYear", "MaxCount", ["a year, for example 2025", "at most one value"]),
        ("S34-year-missing", "referenceYear", "MinCount", ["at least one value"]),
        ("S34-value", "value", "Or", ["a number, for example 130.5"]),
        ("S54-year", "referenceYear", "MaxCount", ["a year, for example 2025", "at most one value"]),
        ("S14-city", "inCity", "MinCount", ["city", "at least one value"]),
        ("S45-read", "dateRead", "Datatype", ["a day, for example 2025-06-30"]),
        (
            "S40-due",
            "dueDate",
            "Or",
            ["a day, for example 2025-06-30", "a month, for example 2025-06", "a year, for example 2025"],
        ),
        (
            "S37-metric",
            "energyMetric",
            "MinCount",
            ["final energy", "non-renewable primary energy", "total primary energy", "exactly one value"],
        ),
        ("S34-about", "about", "MinCount", ["exactly one value"]),
        ("S13-owl", "", "MaxCount", ["no value at all"]),
        ("S48-policy", "hasRequirement", "MinCount", ["at least one value"]),
    ],
)
def test_what_is_allowed_comes_from_the_shapes(
    shape: str, path: str, component: str, labels: list[str], teller: Tell
) -> None:
    told = teller("", "en").tell(finding(shape, path, "", component=component))

    assert [each["label"] for each in told["allowed"]] == labels
    assert told["allowed_count"] == len(labels)


def test_a_range_is_told_with_its_ends(teller: Tell) -> None:
    told = teller("", "fr").tell(finding("S16-latitude-range", "", "152,5", component="MaxInclusive"))

    assert [each["label"] for each in told["allowed"]] == ["un nombre, par exemple 130.5", "de -90 à 90"]
    assert told["nearest"] == {"iri": "", "label": "152.5"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("130,5", "130.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("-3,0", "-3.0"),
        ("2024-13-01", ""),
        ("1,2,3", ""),
    ],
)
def test_a_number_of_the_continent_is_suggested_as_it_is_written_here(text: str, number: str) -> None:
    assert nearest_number(text) == number


def test_a_wrong_date_has_no_nearest_one(teller: Tell) -> None:
    assert teller("", "en").tell(finding("S40-due", "dueDate", "2024-13-01", component="Datatype"))["nearest"] is None


def test_a_thing_of_another_kind_is_no_slip(teller: Tell) -> None:
    """Amsterdam exists, and is no project, however much ``amsterdam`` may be like the name of one."""
    told = teller("id:project/amsterdm a pedg:Project ; rdfs:label 'Amsterdm' .", "en").tell(
        finding("S22-project", "context", ID + "city/nl-amsterdam", component="Class")
    )

    assert (told["found"], told["nearest"]) == ("Amsterdam", None)


def test_an_unknown_term_comes_with_a_near_one_or_none(teller: Tell) -> None:
    def unknown(term: str, nearest: str) -> dict[str, Any]:
        variables = (("nearest", f"pedg:{nearest}"), ("term", f"pedg:{term}"))
        return teller("", "en").tell(
            Finding(Severity.VIOLATION, "G01", ID + "city/x", TERMS + term, TERMS + term, "", variables=variables)
        )

    assert unknown("incity", "inCity")["nearest"] == {"iri": TERMS + "inCity", "label": "in city"}
    assert "is in city (pedg:inCity)." in unknown("incity", "inCity")["problem"]
    assert unknown("zzzz", "vision")["nearest"] is None


def test_what_a_finding_about_a_cell_names_itself_is_told(teller: Tell) -> None:
    def tell(rule: str, value: str, path: str = "", **variables: str) -> dict[str, Any]:
        named = tuple(sorted(variables.items()))
        found = Finding(
            Severity.VIOLATION, rule, "", path, value, "", variables=named, position=Position("a.csv", "", 2, 1)
        )
        return teller("", "en").tell(found)

    code = tell("T03", "lighthose", allowed="lighthouse, follower", nearest="lighthouse", column="Role")
    assert code["allowed"] == [{"iri": "", "label": "lighthouse"}, {"iri": "", "label": "follower"}]
    assert code["nearest"] == {"iri": "", "label": "lighthouse"}
    role = tell(
        "T03", "Vile phare", TERMS + "role", allowed="lighthouse city, follower city", nearest="", column="Role"
    )
    assert [each["iri"].rpartition("/")[2] for each in role["allowed"]] == ["follower", "lighthouse"]
    assert (role["nearest"] or {})["label"] == "lighthouse city"
    assert role["fix"] == "Allowed: follower city, lighthouse city."
    point = tell("T26", "x", allowed="52.3960, 4.8990", nearest="")
    assert (point["allowed"], point["nearest"]) == ([{"iri": "", "label": "52.3960, 4.8990"}], None)


def test_for_a_table_terms_are_told_as_labels_alone(teller: Tell) -> None:
    cell = Position("data.xlsx", "Events", 7, 3, "C7")
    started = finding("S06-start", "", "", component="MinCount")

    in_text = teller("", "de").tell(started)["fix"]
    in_table = teller("", "de").tell(Finding(**{**vars(started), "position": cell}))["fix"]

    assert "„Beginn“ (schema:startDate)" in in_text
    assert '"2020-12"^^xsd:gYearMonth' in in_text
    assert "„Beginn“" in in_table
    assert "schema:" not in in_table
    assert "xsd:" not in in_table
    assert "2020-12" in in_table


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (Position("a.ttl", "", 3, 7), "a.ttl:3:7"),
        (Position("a.csv", "", 3), "a.csv:3"),
        (Position("a.xlsx", "Cities", 7, 2, "B7"), "Cities!B7"),
        (Position("a.jsonld", pointer="#/@graph/0"), "a.jsonld#/@graph/0"),
        (Position("a.ttl"), "a.ttl"),
        (Position(), ""),
    ],
)
def test_a_place_is_written_so_that_editors_find_it(position: Position, text: str) -> None:
    assert place(position) == text


def test_values_stay_short_and_templates_are_not_filled_twice(teller: Tell) -> None:
    hostile = "{?found}" + "x" * 10_000

    told = teller("", "en").tell(finding("S36", "value", hostile, variables=(("value", hostile),)))

    assert told["problem"].startswith("{?found}xxx")
    assert max(len(told["value"]), len(told["found"]), len(told["problem"])) < 700


def test_a_finding_without_a_message_in_the_catalogue_is_told_as_it_is(teller: Tell) -> None:
    told = teller("", "de").tell(Finding(Severity.INFO, "X1", "", "", "", "X1: Something else."))

    assert (told["problem"], told["fix"], told["help"]) == ("Something else.", "", "")
    assert told["entity"] == told["property"] == {"iri": "", "label": ""}


def test_candidates_are_found_without_case_accents_and_strokes() -> None:
    candidates = Candidates([("Région-Pilote", "a"), ("pilot site", "b")])

    assert [candidates.nearest(text) for text in ("region pilote", "PILOT_SITES", "", "zzzz")] == ["a", "b", "", ""]
    assert candidates.nearest("pilot sites", is_exact=True) == ""
