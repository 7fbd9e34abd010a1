"""``pedgraph query --explain``: what people and programs get to read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.commandline import run

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

CITIES = "PREFIX pedg: <https://w3id.org/pedgraph/ont#> SELECT * { ?x a pedg:City }"


def test_an_empty_answer_is_explained(built: tuple[Path, Built]) -> None:
    query = CITIES.replace("pedg:City }", "pedg:City ; pedg:incountry ?k }")

    done = run("query", "--explain", "empty", query, home=built[0])

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (
        "1:75: No property pedg:incountry is known in this version.\n"
        "    perhaps: pedg:inCountry\n"
        "\n"
        "  alone   joined  pattern\n"
        "     10       10  ?x a pedg:City\n"
        "      0        0  ?x pedg:incountry ?k  <- nothing is left\n"
    )


def test_an_answer_that_is_not_empty(built: tuple[Path, Built]) -> None:
    assert run("query", "--explain", "empty", CITIES, home=built[0]).stdout == b"The answer is not empty.\n"


def test_a_plan_is_drawn(built: tuple[Path, Built]) -> None:
    done = run("query", "--explain", "plan", CITIES, home=built[0])

    assert (done.returncode, done.stderr) == (0, b"")
    drawn = re.sub(r"in [\d.]+ s", "in _ s", done.stdout.decode())
    assert drawn == "Project ?x  [10 in _ s]\n└── QuadPattern ?x rdf:type pedg:City  [10 in _ s]\n"


@pytest.mark.parametrize(("option", "key"), [("empty", "is_empty"), ("plan", "plan")])
def test_explanations_as_json(built: tuple[Path, Built], option: str, key: str) -> None:
    done = run("query", "--explain", option, "--format", "json", CITIES, home=built[0])

    assert done.returncode == 0
    assert key in json.loads(done.stdout)


def test_a_plan_whose_query_runs_too_long_has_no_numbers(built: tuple[Path, Built]) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    done = run("query", "--explain", "plan", runaway, home=built[0], PEDGRAPH_QUERY_DEADLINE_SECONDS="1")

    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[0] == "Project ?n"
    assert done.stdout.endswith(b"There are no numbers, for the query runs longer than 1 seconds.\n")


def test_an_explanation_has_no_other_format(built: tuple[Path, Built]) -> None:
    done = run("query", "--explain", "plan", "--format", "csv", CITIES, home=built[0])

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--format json" in done.stderr
