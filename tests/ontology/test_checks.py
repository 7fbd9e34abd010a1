"""The checklist of the ontology: no check has an offender, and each check is seen to fire on a fixture of its own.

A fixture is a folder ``fires/<check>`` whose files lie over those of the checkout while the check is asked. Their lines
``# fires …`` are the offenders that it must then report, and no others.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import InputError
from pedgraph.intake.bundle import read_shapes, read_vocabulary
from tests.ontology.checklist import Check, Checkout, read_checks

if TYPE_CHECKING:
    from pyoxigraph import Triple

TOP = Path(__file__).parents[2]
FOLDER = TOP / "queries" / "checks" / "ontology"
FIRES = Path(__file__).parent / "fires"
# These ask a dataset of their own, with what other vocabularies declare.
ASKED_ELSEWHERE = {"Q11-external-terms"}
CHECKS = [check for check in read_checks(FOLDER) if check.name not in ASKED_ELSEWHERE]
RULES = [f"Q{number:02}" for number in range(1, 25)]


def headers() -> list[Triple]:
    """What vocabulary and shapes say with what the build writes; nothing where a file does not parse."""
    try:
        return [*read_vocabulary(), *read_shapes()]
    except InputError:
        return []


@cache
def checkout() -> Checkout:
    """The files of this checkout, read once."""
    return Checkout(TOP, headers())


def declared(folder: Path) -> list[str]:
    """The lines of offenders that the files of a fixture declare."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()]
    return sorted(line for text in texts for line in re.findall(r"^# fires (.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_finds_no_offender(check: Check) -> None:
    offenders = checkout().offenders(check)

    if offenders:
        pytest.fail("\n".join([check.header["title"], *(str(row) for row in sorted(offenders))]), pytrace=False)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_fires_on_its_fixture(check: Check) -> None:
    fixture = FIRES / check.name
    before = checkout().offenders(check)

    with checkout().overlaid(fixture):
        during = checkout().offenders(check)

    assert sorted(str(row) for row in during - before) == declared(fixture) != []
    assert checkout().offenders(check) == before


def test_the_checks_are_the_files_and_the_fixtures() -> None:
    names = [check.name for check in CHECKS]

    assert set(names) == {path.stem for path in FOLDER.iterdir()} - {"README"} - ASKED_ELSEWHERE
    assert set(names) == {path.name for path in FIRES.iterdir() if "-" in path.name}
    assert len(names) == len({check.header["title"] for check in CHECKS}) == 42
    assert {check.rule for check in CHECKS} <= set(RULES)


def test_the_table_lists_every_rule_once_and_what_it_names_is_there() -> None:
    """The table in the README: rule, what, where it is checked, after which model."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| Q")
    ]
    where = {row[0]: re.findall(r"`([^`]+)`", row[2]) for row in rows}

    assert [row[0] for row in rows] == RULES
    assert all(len(row) == 4 and row[1] and row[3] for row in rows)
    for rule, named in where.items():
        queries = {place for place in named if place.endswith(".rq")}
        assert {f"{check.name}.rq" for check in CHECKS if check.rule == rule} <= queries, rule
        places = {FOLDER / place if place in queries else TOP / place for place in named}
        assert all(place.exists() for place in places), rule
        assert named, rule
