"""Contracts of stored queries: what breaks one stops a publication, and what does not break one passes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import ContractBroken
from pedgraph.intake.bundle import read_derivations
from pedgraph.intake.contracts import breaks, check_contracts
from pedgraph.query.library import Column, StoredQuery, read_library
from pedgraph.resources import queries_directory
from pedgraph.store.candidate import Candidate
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS
from tests.cli.commandline import run
from tests.folders import TEXTS
from tests.servers import running_server
from tests.writing import KEY, client

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.building import Built

LIBRARY = read_library()
SOURCE = GRAPHS + "s1/1"


@pytest.fixture(scope="module")
def candidate(built: tuple[Path, Built]) -> Candidate:
    """The shipped version, as a candidate."""
    return Candidate(Versions(built[0]).store_directory())


@pytest.mark.parametrize("query", LIBRARY.values(), ids=lambda query: query.name)
def test_the_shipped_data_keep_every_contract(query: StoredQuery, candidate: Candidate) -> None:
    assert breaks(query, candidate) == []


def test_most_queries_promise_to_find_something() -> None:
    """A promise that everybody forgets to make would be kept always."""
    promising = [query.name for query in LIBRARY.values() if query.never_empty]
    silent = sorted(set(LIBRARY) - set(promising))

    assert len(list((queries_directory() / "library").rglob("*.rq"))) == len(LIBRARY) == 49
    assert silent == [
        "count-cities-by-country", "list-actors-of-project", "list-areas", "list-assessments",
        "list-cities-in-several-projects", "list-city-roles", "list-coordinators", "list-cordis-numbers",
        "list-disagreements", "list-districts-by-label", "list-missing-facts", "list-numbers",
        "list-organisations-in-several-projects", "list-places", "list-preferred-values", "list-projects-of-year",
        "list-register-counts", "list-residents", "list-rival-statements", "list-statements-without-locator",
        "list-unlinked",
    ]  # fmt: skip


def changed(query: StoredQuery, name: str, **changes: object) -> StoredQuery:
    """A stored query with a column declared otherwise."""
    columns = tuple(
        replace(column, **changes) if column.name == name else column  # type: ignore[arg-type]
        for column in query.columns
    )
    return replace(query, columns=columns)


CITIES = LIBRARY["list-cities"]
NOBODY = "?city a <urn:x:nobody> ;"
SPOILT = {
    "empty rows": (replace(CITIES, text=CITIES.text.replace("?city a pedg:City ;", NOBODY)), "empty", {}),
    "empty graph": (
        replace(
            LIBRARY["describe-event"],
            text=LIBRARY["describe-event"].text.replace("event:2025-06-11-joint-ped-workshop", "<urn:x:y>"),
        ),
        "empty",
        {},
    ),
    "a column more": (
        replace(CITIES, columns=(*CITIES.columns, Column("more", "text", ""))),
        "other columns",
        {},
    ),
    "another order of columns": (replace(CITIES, columns=CITIES.columns[::-1]), "other columns", {}),
    "another kind": (
        changed(CITIES, "label", kind="iri"),
        "other kind of value",
        {"column": "label", "row": 1},
    ),
    "another datatype": (
        changed(LIBRARY["list-targets"], "value", kind="integer"),
        "other kind of value",
        {"column": "value", "row": 1},
    ),
    "a missing value": (
        changed(LIBRARY["list-events"], "host", is_optional=False),
        "missing value",
        {"column": "host", "row": 3},
    ),
    "no query": (replace(CITIES, text=CITIES.text.replace("SELECT", "SELEKT")), "fails", {}),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_breaks_a_contract_is_told(name: str, candidate: Candidate) -> None:
    query, problem, place = SPOILT[name]

    (broken,) = breaks(query, candidate)

    assert {key: value for key, value in broken.items() if key != "detail"} == {
        "query": query.name,
        "problem": problem,
        **place,
    }
    assert broken["detail"]


def test_a_query_that_may_be_empty_may_be(candidate: Candidate) -> None:
    query = SPOILT["empty rows"][0]

    assert breaks(replace(query, never_empty=False), candidate) == []


def test_a_publication_that_breaks_contracts_does_not_happen(home: Path) -> None:
    versions = Versions(home)
    publication = Publication("test", "withdraw", derivations=read_derivations(), examine=check_contracts)

    with pytest.raises(ContractBroken) as caught:
        publish(versions, ChangeSet(removed=frozenset({SOURCE})), publication)

    assert (versions.current(), versions.numbers()) == (1, [1])
    assert sorted(path.name for path in versions.root.iterdir()) == ["000001"]
    assert (caught.value.status, caught.value.exit_code) == (422, 1)
    told = {(each["query"], each["problem"]) for each in caught.value.broken}
    assert {("list-cluster-projects", "empty"), ("find-things", "empty")} <= told
    assert caught.value.as_problem()["broken"] == list(caught.value.broken)


def test_a_publication_that_breaks_none_happens(home: Path) -> None:
    publication = Publication("test", "again", derivations=read_derivations(), examine=check_contracts)

    assert publish(Versions(home), ChangeSet(), publication).version == 2


@pytest.fixture
def data_without_claims(tmp_path: Path) -> Path:
    """The shipped data without the claims of any source, which conform."""
    copy = tmp_path / "data"
    shutil.copytree(TEXTS, copy)
    for path in (copy / "sources").iterdir():
        path.unlink()
    return copy


def test_a_build_is_held_to_the_contracts_unless_told_otherwise(data_without_claims: Path, tmp_path: Path) -> None:
    home, data = tmp_path / "home", str(data_without_claims)

    ended = run("build", "--data", data, home=home)

    assert ended.returncode == 1
    assert b"list-cluster-projects  empty: It finds nothing, and promises to find something." in ended.stderr
    assert Versions(home).pointer() is None
    assert run("build", "--data", data, home=home, PEDGRAPH_VALIDATE_WRITES="off").returncode == 0


def test_a_write_that_breaks_contracts_is_refused_with_what_broke(home: Path) -> None:
    with running_server(home, readers=1, admin_key=KEY) as server, client(server) as asking:
        refused = asking.delete("/data", params={"graph": SOURCE})

    assert (refused.status_code, refused.json()["type"]) == (422, "https://w3id.org/pedgraph/problem/contract-broken")
    assert {"list-cluster-projects", "find-things"} <= {each["query"] for each in refused.json()["broken"]}
    assert Versions(home).numbers() == [1]
