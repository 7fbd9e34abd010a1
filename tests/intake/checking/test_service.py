"""Files are checked in processes of their own: what they do to these, they do to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import psutil
import pytest

from pedgraph import __version__
from pedgraph.errors import Busy
from pedgraph.intake.checking.checks import Check, Checked
from pedgraph.intake.checking.normalising import data_hash
from pedgraph.intake.checking.service import CheckService
from pedgraph.intake.parsing import parse_rdf
from pedgraph.settings import Settings, load_settings
from pedgraph.vocabulary.iris import TERMS, THINGS
from pedgraph.vocabulary.media import TURTLE

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

CITY = """
@prefix pedg: <https://w3id.org/pedgraph/ont#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/pedgraph/id/city/fr-lyon> a pedg:City ; rdfs:label "Lyon"@fr ;
    pedg:inCountry <http://publications.europa.eu/resource/authority/country/FRA> .
"""
BAD = CITY.replace("pedg:City", "pedg:Cty")


@pytest.fixture
def settings(built: tuple[Path, Built]) -> Settings:
    return load_settings({}, home=built[0], checks=1)


def written(tmp_path: Path, text: str, name: str = "data.ttl") -> Check:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return Check(path, name)


def run(settings: Settings, *checks: Check) -> list[Checked]:
    async def work() -> list[Checked]:
        async with CheckService(settings) as service:
            return [await service.run(check) for check in checks]

    return asyncio.run(work())


def test_a_verdict_with_its_receipt(tmp_path: Path, settings: Settings) -> None:
    good, bad = run(settings, written(tmp_path, CITY), written(tmp_path, BAD, "bad.ttl"))

    assert good.conforms
    assert (good.statements, good.size_bytes, good.counts["violation"]) == (3, len(CITY.encode()), 0)
    triples = [quad.triple for quad in parse_rdf(CITY.encode(), TURTLE, "")]
    assert good.receipt == replace(
        good.receipt,
        data_hash=data_hash(triples),
        file_hash=sha256(CITY.encode()).hexdigest(),
        shapes=__version__,
        version=1,
        conforms=True,
    )
    assert good.receipt.engine.startswith("pyshacl ")
    assert not bad.conforms
    assert "G01" in {finding.rule for finding in bad.findings}


def test_an_outcome_survives_the_way_through_json(tmp_path: Path, settings: Settings) -> None:
    outcome = run(settings, written(tmp_path, BAD))[0]

    assert Checked.from_json(outcome.as_json()) == outcome


def test_a_table_may_name_what_the_current_version_knows(tmp_path: Path, settings: Settings) -> None:
    table = "Name,City\nExample quarter,{}\n"
    check = replace(written(tmp_path, table.format("Lyon"), "districts.csv"), data_path=tmp_path / "data.nt")
    lyon = f"<{THINGS}ped/fr-lyon-example-quarter> <{TERMS}inCity> <{THINGS}city/fr-lyon> ."

    known, unknown = run(settings, check, written(tmp_path, table.format("Lyons"), "others.districts.csv"))

    assert known.conforms
    assert lyon in (tmp_path / "data.nt").read_text(encoding="utf-8").splitlines()
    assert not unknown.conforms


def test_the_statements_are_kept_in_canonical_form_with_names_and_decimals(tmp_path: Path, settings: Settings) -> None:
    number = "[ a <https://w3id.org/pedgraph/ont#IndicatorObservation> ; <https://w3id.org/pedgraph/ont#value> 7 ] ."
    check = replace(written(tmp_path, number), data_path=tmp_path / "data.nt")

    run(settings, check)

    kept = (tmp_path / "data.nt").read_text(encoding="utf-8")
    of_kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/pedgraph/ont#IndicatorObservation>"
    name = kept.split(" ")[0]
    assert name.startswith("<https://w3id.org/pedgraph/id/obs/")
    assert kept == (
        f"{name} {of_kind} .\n"
        f'{name} <https://w3id.org/pedgraph/ont#value> "7.0"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    )


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_checked(tmp_path: Path, settings: Settings) -> None:
    hurried = settings.model_copy(update={"validation_deadline_seconds": 0.01})
    slow = run(hurried, written(tmp_path, CITY))[0]

    assert [(each.rule, each.position.source) for each in slow.findings] == [("F90", "data.ttl")]
    assert slow.findings[0].message.startswith("F90: Checking the file took longer than 0.01 seconds")
    assert (slow.conforms, slow.counts, slow.receipt.data_hash) == (
        False,
        {"violation": 1, "warning": 0, "info": 0},
        "",
    )


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path: Path, settings: Settings) -> None:
    poor = settings.model_copy(update={"validation_memory_bytes": 320 * 1024 * 1024})
    heavy = f'<https://example.org/a> <https://example.org/b> "{"x" * 90_000_000}" .'

    assert [each.rule for each in run(poor, written(tmp_path, heavy))[0].findings] == ["F91"]


def running_checker() -> psutil.Process:
    for child in psutil.Process().children():
        # Other children may end at this moment.
        with contextlib.suppress(psutil.Error):
            if "checker" in " ".join(child.cmdline()):
                return child
    raise AssertionError("no process checks")


@pytest.mark.parametrize(("kills", "rules"), [(1, []), (2, ["F92"])])
def test_one_process_that_dies_costs_nothing_and_two_with_a_file_that_file(
    tmp_path: Path, settings: Settings, kills: int, rules: list[str]
) -> None:
    """The file is a pipe, so that it is known when it is being read; it is read by this process too in the end."""
    pipe = tmp_path / "data.ttl"
    os.mkfifo(pipe)
    is_over = threading.Event()

    def feed() -> None:
        left = kills
        while True:
            # Around the file, which is written to when it is closed: the reader may have gone before.
            with contextlib.suppress(BrokenPipeError), pipe.open("wb") as file:
                if is_over.is_set():
                    return
                if left:
                    left -= 1
                    checker = running_checker()
                    checker.kill()
                    while psutil.pid_exists(checker.pid):
                        is_over.wait(0.01)
                else:
                    file.write(CITY.encode())
            # The file is read more than once; each time is over before the next begins.
            is_over.wait(0.05)

    feeder = threading.Thread(target=feed)
    feeder.start()
    (checked,) = run(settings, Check(pipe, "data.ttl"))
    is_over.set()
    pipe.read_bytes()
    feeder.join()

    assert [each.rule for each in checked.findings] == rules


def test_more_files_than_can_wait_are_told_to_come_back(tmp_path: Path, settings: Settings) -> None:
    check = written(tmp_path, CITY)

    async def work() -> list[Checked | BaseException]:
        async with CheckService(settings) as service:
            return await asyncio.gather(*(service.run(check) for _ in range(13)), return_exceptions=True)

    outcomes = asyncio.run(work())

    assert [type(each) for each in outcomes].count(Busy) == 3
    assert all(isinstance(each, Busy) or (isinstance(each, Checked) and each.conforms) for each in outcomes)
