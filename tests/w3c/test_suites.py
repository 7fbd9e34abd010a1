"""The suites against a server of ours in plain mode; they run where their folder is named."""

from __future__ import annotations

import os
import re
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.servers import running_server
from tests.w3c.endpoint import Endpoint
from tests.w3c.manifests import STARTS, Suites
from tests.w3c.neighbours import neighbours
from tests.w3c.running import endpoints_of, run_cases, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.w3c.manifests import Case
    from tests.w3c.running import Verdict

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

VARIABLE = "PEDGRAPH_W3C_TESTS"
KEY = "a-key-for-the-suites"
_ENTRIES = re.compile(r"\bmf:entries\s*\((.*?)\)", re.DOTALL)
_COMMENT = re.compile(r"(?m)#[^<>\n]*$|(?<=\s)#.*$")


def failing() -> set[str]:
    """The tests that are known not to pass; the file says why."""
    lines = Path(__file__).with_name("failing.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


@pytest.fixture(scope="module")
def suites() -> Suites:
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with the test suites of the W3C")
    return Suites(Path(folder))


@pytest.fixture(scope="module")
def cases(suites: Suites) -> list[Case]:
    return suites.cases()


@pytest.fixture(scope="module")
def verdicts(suites: Suites, cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Verdict]]:
    """What comes of each test, on a server with a home of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("w3c") / "home"
    with (
        neighbours(endpoints_of(cases), port) as others,
        running_server(
            home,
            default_graph="plain",
            validate_writes="off",
            admin_key=KEY,
            service_endpoints=" ".join(others.addresses),
        ) as server,
    ):
        endpoint = Endpoint(f"{server.url}/sparql", f"{server.url}/update", f"{server.url}/data", KEY)
        with closing(endpoint):
            yield list(run_cases(suites, cases, endpoint, others))


def test_every_entry_of_every_manifest_is_run_once(suites: Suites, cases: list[Case]) -> None:
    """The entries are counted in the texts of the manifests, without the reader that the run uses."""
    folders = {suites.root / start.partition("/")[0] for start in STARTS}
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("manifest*.ttl")]
    names = [name for text in texts for entries in _ENTRIES.findall(text) for name in _COMMENT.sub("", entries).split()]

    assert len(cases) == len({str(case) for case in cases}) == len(names) > 1300


def test_what_fails_is_what_is_known_to_fail(verdicts: list[Verdict]) -> None:
    wrong = {verdict.test: verdict.wrong for verdict in verdicts if not verdict.passes}

    assert {test: wrong[test] for test in sorted(set(wrong) - failing())} == {}, table({"pedgraph": verdicts})
    assert sorted(failing() - set(wrong)) == [], "these pass now; take them out of failing.txt"


@pytest.mark.parametrize("group", ["protocol", "graph store", "service description", "update evaluation"])
def test_all_of_a_group_pass(group: str, verdicts: list[Verdict]) -> None:
    assert [verdict for verdict in verdicts if verdict.group == group and not verdict.passes] == []
