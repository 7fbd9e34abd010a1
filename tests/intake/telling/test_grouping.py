"""Order, groups and limits: what is left out is counted, and what is shown is worth it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Finding, Position, Severity
from pedgraph.intake.telling.grouping import Limits, grouped, in_order, merged, told
from pedgraph.intake.validation import validate
from pedgraph.vocabulary.iris import SHAPES, TERMS
from tests.intake.telling.conftest import triples

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.intake.telling.teller import Teller
    from pedgraph.intake.validation import Rulebook

ID: Final = "https://w3id.org/pedgraph/id/"


def finding(rule: str, position: Position, severity: Severity = Severity.VIOLATION, path: str = "topic") -> Finding:
    return Finding(severity, rule, ID + "ped/x", TERMS + path, "?", "", SHAPES + rule, position=position)


def test_findings_stand_in_the_order_of_the_file() -> None:
    places = [
        Position("a.xlsx", "Cities", 9, 1, "A9"),
        Position("a.xlsx", "Cities", 10, 1, "A10"),
        Position("a.xlsx", "Cities", 10, 2, "B10"),
        Position("a.xlsx", "Actors", 2, 1, "A2"),
        Position("a.xlsx"),
    ]
    ordered = [finding("S02", places[0], Severity.WARNING), *(finding("S02", each) for each in places)]
    ordered[0], ordered[1] = ordered[1], ordered[0]

    assert in_order(reversed(ordered), ["Cities", "Actors"]) == ordered


def test_groups_are_of_one_rule_and_property_in_the_order_of_their_first_places() -> None:
    findings = [
        finding("S03", Position("a.ttl", "", 5), Severity.WARNING),
        finding("S09", Position("a.ttl", "", 1), path="role"),
        finding("S09", Position("a.ttl", "", 9)),
        finding("S03", Position("a.ttl", "", 2), Severity.WARNING),
        finding("S09", Position("a.ttl", "", 7)),
    ]

    groups = grouped(findings, Limits())

    firsts = [(group.findings[0].rule, group.findings[0].path.removeprefix(TERMS)) for group in groups]
    assert firsts == [("S09", "role"), ("S03", "topic"), ("S09", "topic")]
    assert [(group.count, group.shown) for group in groups] == [(1, 1), (2, 2), (2, 2)]


def test_limits_leave_something_of_each_kind_and_more_of_the_heavier() -> None:
    findings = [finding("S03", Position("a.ttl", "", line), Severity.WARNING) for line in range(1, 51)]
    findings += [finding("S09", Position("a.ttl", "", line)) for line in range(51, 101)]

    def shown(limits: Limits) -> list[tuple[str, int]]:
        return [(group.findings[0].rule, group.shown) for group in grouped(findings, limits)]

    assert shown(Limits(per_group=20, in_all=100)) == [("S03", 20), ("S09", 20)]
    assert shown(Limits(per_group=20, in_all=25)) == [("S03", 5), ("S09", 20)]
    assert shown(Limits(per_group=20, in_all=2)) == [("S03", 1), ("S09", 1)]
    assert shown(Limits(per_group=20, in_all=1)) == [("S03", 0), ("S09", 1)]


def test_ten_thousand_findings_are_told_small_with_true_numbers(teller: Callable[[str, str], Teller]) -> None:
    findings = [
        Finding(
            Severity.VIOLATION, "S09", f"{ID}ped/x-{line}", TERMS + "topic", f"wrong {line}", "",
            SHAPES + "S09-topic-value", position=Position("a.ttl", "", line, 3),
        )
        for line in range(1, 8001)
    ]  # fmt: skip
    findings += [
        finding("S36-area", Position("a.ttl", "", line, 4), Severity.WARNING, "value") for line in range(1, 2001)
    ]

    whole = told(findings, teller("", "de"), source="a.ttl")

    assert (whole["counts"], whole["conforms"]) == ({"violation": 8000, "warning": 2000, "info": 0}, False)
    assert (whole["total"], whole["shown"], whole["left_out"]) == (10_000, 200, 9_800)
    assert [(group["key"], group["count"], group["left_out"], len(group["findings"])) for group in whole["groups"]] == [
        ("S09-topic-value", 8000, 7900, 100),
        ("S36-area", 2000, 1900, 100),
    ]
    assert len(whole["groups"][0]["allowed"]) == whole["groups"][0]["findings"][0]["allowed_count"] > 30
    assert len(whole["groups"][0]["findings"][0]["allowed"]) == 10
    assert len(json.dumps(whole)) < 500_000


def test_what_differs_among_the_findings_of_a_group_is_left_open_in_its_heading(
    teller: Callable[[str, str], Teller],
) -> None:
    findings = [
        Finding(Severity.VIOLATION, "S36", ID + "x/1", TERMS + "value", text, "", SHAPES + "S36", (("value", text),))
        for text in ("-1", "-2")
    ]

    (group,) = told(findings, teller("", "en"), source="a.ttl")["groups"]

    assert group["problem"] == "… is less than nothing, which a count or an area cannot be."
    assert [each["problem"] for each in group["findings"]] == [
        "-1 is less than nothing, which a count or an area cannot be.",
        "-2 is less than nothing, which a count or an area cannot be.",
    ]


def test_one_wrong_unit_is_one_finding_with_all_units_that_fit(
    teller: Callable[[str, str], Teller], rulebook: Rulebook
) -> None:
    turtle = """
        id:x/1 a pedg:IndicatorObservation ; pedg:about ped:nl-x ; pedg:indicator indicator:participants ;
            pedg:unit unit:KiloW-HR ; pedg:value 3 ; pedg:referenceYear '2024'^^xsd:gYear .
        ped:nl-x a pedg:PositiveEnergyDistrict ; rdfs:label 'X'@en ; pedg:inCity city:nl-amsterdam .
        id:x/2 a pedg:IndicatorObservation ; pedg:about ped:nl-x ; pedg:indicator indicator:energy-use ;
            pedg:unit unit:NUM ; pedg:value 3 ; pedg:referenceYear '2024'^^xsd:gYear .
    """
    findings = [each for each in validate(triples(turtle), rulebook) if each.rule == "S35"]
    one = merged(findings)

    (group,) = told(findings, teller(turtle, "en"), source="a.ttl")["groups"]

    counts = [each["allowed_count"] for each in group["findings"]]
    units = [unit["iri"] for each in group["findings"] for unit in each["allowed"]]
    assert len(findings) > len(one) == group["count"] == 2
    assert min(counts) == 1 < max(counts)
    assert all(iri.startswith("http://qudt.org/vocab/unit/") for iri in units)
    assert "{?" not in json.dumps(group)
