"""Previews in their process: what they leave behind, what they take too long for, and what stored queries answer."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.errors import MemoryLimit, ReaderLost, StoreError, TimeLimit
from pedgraph.intake.bundle import read_derivations
from pedgraph.intake.checking.service import CheckService
from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.submissions.checker import ServiceChecker
from pedgraph.intake.submissions.impact.asked import Limits, put, withdraw
from pedgraph.intake.submissions.impact.conflicts import read_conflict_queries
from pedgraph.intake.submissions.impact.service import PreviewService
from pedgraph.intake.submissions.preview import preview
from pedgraph.intake.submissions.records import Decision
from pedgraph.intake.submissions.service import Submissions
from pedgraph.intake.writing import WriteService
from pedgraph.query.library import read_library
from pedgraph.settings import MEBIBYTE, load_settings
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS
from tests.intake.submissions.desk import EVE, district, in_review
from tests.intake.submissions.worlds import graph, look, triples

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from pedgraph.intake.building import Built

Json = dict[str, Any]

SOURCE = GRAPHS + "s1/1"
PUBLICATION = Publication("test", "meanwhile", read_derivations())
# Stops in the middle until it is told to go on.
STOPPING = """
import sys
from pathlib import Path
from pedgraph.intake.submissions.checker import ServiceChecker
from pedgraph.intake.submissions.impact.asked import withdraw
from pedgraph.intake.submissions.preview import preview
from pedgraph.intake.submissions.records import Decision
from pedgraph.intake.submissions.service import Submissions
from pedgraph.intake.writing import WriteService
from pedgraph.settings import MEBIBYTE, load_settings

def examine(*_):
    print("in the middle", flush=True)
    sys.stdin.readline()
    return []

print(preview(load_settings({}, home=Path(sys.argv[1])), withdraw(sys.argv[2]), examine=examine).version, flush=True)
"""


@pytest.fixture(scope="module")
def home(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped version, to which no test here publishes."""
    copy = tmp_path_factory.mktemp("process") / "home"
    shutil.copytree(built[0], copy)
    return copy


@pytest.fixture
def stopped(home: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A preview that has stopped in the middle, and the home folder that it works on."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    command = [sys.executable, "-c", STOPPING, str(copy), SOURCE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        yield process, copy
        process.kill()


def test_one_that_is_killed_leaves_the_version_alone_and_its_folder_to_the_next(
    stopped: tuple[subprocess.Popen[str], Path],
) -> None:
    process, home = stopped
    versions = Versions(home)
    (left,) = versions.trials.iterdir()
    (evaluator,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()

    process.send_signal(signal.SIGKILL)
    process.wait()

    assert (left.exists(), versions.numbers(), versions.current()) == (True, [1], 1)
    assert look(home, withdraw(SOURCE)).version == 1
    assert list(versions.trials.iterdir()) == []
    assert not Path(f"/proc/{evaluator}/fd/0").exists()


def test_others_publish_meanwhile_and_what_a_killed_one_left_goes_with_that(
    stopped: tuple[subprocess.Popen[str], Path],
) -> None:
    process, home = stopped
    versions = Versions(home)
    changes = ChangeSet({graph("meanwhile"): triples("project:x rdfs:label 'X'@en .")})

    assert publish(versions, changes, PUBLICATION).version == 2
    assert len(list(versions.trials.iterdir())) == 1
    told, _ = process.communicate("go on\n")

    assert (told, process.returncode, list(versions.trials.iterdir())) == ("1\n", 0, [])
    (versions.trials / "left").mkdir()
    publish(versions, changes, PUBLICATION)
    assert list(versions.trials.iterdir()) == []


def test_stored_queries_that_change_and_promises_that_break_are_told(home: Path) -> None:
    found = look(home, withdraw(SOURCE)).answers

    cities = next(each for each in found.changed if each.query == "list-cities-by-role")
    assert {each.query for each in found.broken if each.is_new and each.problem == "empty"} >= {
        "find-things",
        "list-cluster-projects",
    }
    assert all(each.is_new for each in found.broken)
    assert (cities.title, cities.rows_after, cities.added) == (
        read_library()["list-cities-by-role"].title,
        0,
        (),
    )
    assert cities.rows_before == cities.removed_count > 0
    assert "Porto" in {cell for row in cities.removed for cell in row}
    assert len(found.changed) + found.unchanged == len(read_library())
    assert found.not_compared == ()


def test_one_row_that_comes_is_shown(home: Path) -> None:
    text = """project:new a pedg:Project ; rdfs:label "New"@en ;
        pedg:partOfCluster <https://w3id.org/pedgraph/id/cluster/ped-cluster> ."""

    found = look(home, put(graph("new"), triples(text))).answers

    assert {(each.query, each.rows_after - each.rows_before, each.added, each.removed) for each in found.changed} == {
        ("list-cluster-projects", 1, (("New", "New"),), ())
    }
    assert found.broken == ()


def test_what_takes_too_long_is_named(home: Path) -> None:
    settings = load_settings({}, home=home)

    found = preview(settings, withdraw(SOURCE), limits=Limits(query_seconds=0.000001), examine=lambda *_: [])

    assert found.answers.not_compared == tuple(read_library())
    assert (found.answers.changed, found.answers.unchanged) == ((), 0)
    assert found.not_compared == tuple(each.title for each in read_conflict_queries())


def test_findings_are_new_known_or_gone(home: Path) -> None:
    lyon, porto = "https://w3id.org/pedgraph/id/city/fr-lyon", "https://w3id.org/pedgraph/id/city/pt-porto"

    def finding(rule: str, node: str) -> Finding:
        return Finding(Severity.WARNING, rule, node, "", "", f"{rule}: found.")

    def examine(data: object, _: object) -> list[Finding]:
        is_after = "Lyons" in str(data)
        return [finding("S01", lyon), finding("S02", porto), finding("S03" if is_after else "S04", porto)]

    change = put(graph("new"), triples("city:fr-lyon skos:altLabel 'Lyons'@en ; pedg:memberOfNetwork city:pt-porto ."))
    found = preview(load_settings({}, home=home), change, [finding("S05", lyon)], examine=examine).findings

    told = {
        kind: [(each["rule"], each["entity"], each["in_submission"]) for each in getattr(found, kind)]
        for kind in ("new", "known", "gone")
    }
    assert told == {
        "new": [("S03", "Porto", False), ("S05", "Lyon", True)],
        "known": [("S01", "Lyon", False)],
        "gone": [("S04", "Porto", False)],
    }
    assert found.counts == {"new": 2, "known": 1, "gone": 1}


def test_the_rules_themselves_are_asked(home: Path) -> None:
    text = "involvement:1 a pedg:CityParticipation ; pedg:involves city:fr-lyon ; pedg:role city-role:follower ."

    found = preview(load_settings({}, home=home), put(graph("new"), triples(text))).findings

    assert {(each["rule"], each["severity"]) for each in found.new} >= {("S22", "violation"), ("S46", "violation")}
    assert found.gone == ()


def served(home: Path, ask: Callable[[PreviewService], Coroutine[Any, Any, Json]], **given: object) -> Json:
    async def run() -> Json:
        return await ask(PreviewService(load_settings({}, home=home, **given)))

    return asyncio.run(run())


def test_the_service_tells_of_a_file_and_of_errors(home: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    data.write_text("".join(f"{each} .\n" for each in triples("project:x a pedg:Project .")), encoding="utf-8")

    found = served(home, lambda service: service.of_file(data, graph("new")))

    assert [each["label"] for each in found["new_entities"]] == ["id:project/x"]
    assert found["graph"] == graph("new")
    with pytest.raises(StoreError, match="No such file"):
        served(home, lambda service: service.of_file(tmp_path / "none", graph("new")))
    with pytest.raises(TimeLimit):
        served(home, lambda service: service.of_file(data, graph("new")), validation_deadline_seconds=0.05)
    with pytest.raises((MemoryLimit, ReaderLost)):
        served(home, lambda service: service.of_file(data, graph("new")), validation_memory_bytes=MEBIBYTE)
    served(home, lambda service: service.of_file(data, graph("new")))
    assert list(Versions(home).trials.iterdir()) == []


def test_a_submission_is_previewed_as_its_acceptance_would_be(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    settings = load_settings({}, home=copy)

    async def run() -> tuple[Json, Json]:
        async with WriteService(settings) as writes, CheckService(settings) as checks:
            service = PreviewService(settings)
            async with Submissions(settings, writes, ServiceChecker(checks), service) as submissions:
                identifier = await in_review(submissions, district("letna"))
                asked = await submissions.preview(identifier, EVE)
                await submissions.decide(identifier, EVE, Decision("accept", "Fine."))
                return asked, await service.of_withdrawal(identifier)

    asked, withdrawn = asyncio.run(run())

    assert [(each["entity"]["label"], each["is_new"]) for each in asked["entities"]] == [("letna", True)]
    assert [(each["entity"]["label"], each["is_gone"]) for each in withdrawn["entities"]] == [("letna", True)]
    assert (asked["version"], withdrawn["version"]) == (1, 2)
    assert asked["counts"]["added"] == withdrawn["counts"]["removed"] == 3
    assert [(each["before"], each["after"]) for each in asked["statuses"]] == [
        ("", "insufficient data (lacks: energy balance)")
    ]
