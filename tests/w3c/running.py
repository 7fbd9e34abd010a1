"""All tests of all suites against one server, with a verdict on each."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import httpx

from tests.w3c.description import run_description_case
from tests.w3c.endpoint import CannotLoad
from tests.w3c.exchanges import GraphStoreRun, run_protocol_case
from tests.w3c.languages import run_language_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tests.w3c.endpoint import Endpoint
    from tests.w3c.manifests import Case, Suites
    from tests.w3c.neighbours import Neighbours

_GROUPS: Final = {
    "ProtocolTest": "protocol",
    "GraphStoreProtocolTest": "graph store",
    "ServiceDescriptionTest": "service description",
    "UpdateEvaluationTest": "update evaluation",
}
_FORMAT_SUITES: Final = {"sparql11/csv-tsv-res", "sparql11/json-res"}


@dataclass(frozen=True)
class Verdict:
    """A test, the group that it counts in, and what is wrong (nothing if it passes)."""

    test: str
    group: str
    wrong: str

    @property
    def passes(self) -> bool:
        """Whether the test passes."""
        return not self.wrong


def group_of(case: Case) -> str:
    """The group that a test counts in."""
    if case.suite.endswith("/entailment"):
        return "entailment regimes"
    if case.suite in _FORMAT_SUITES:
        return "result formats"
    if case.suite.endswith("/service"):
        return "federation"
    edition = case.suite.partition("/")[0].replace("sparql1", "1.")
    if case.kind in _GROUPS:
        return _GROUPS[case.kind]
    if "SyntaxTest" in case.kind:
        return f"{'update' if 'Update' in case.kind else 'query'} syntax {edition}"
    return f"query evaluation {edition}"


def endpoints_of(cases: Iterable[Case]) -> list[str]:
    """The endpoints that the tests of federated queries name."""
    return sorted({name for case in cases for name, _ in case.services})


def run_cases(suites: Suites, cases: Iterable[Case], endpoint: Endpoint, others: Neighbours) -> Iterator[Verdict]:
    """Runs tests one after the other."""
    graph_store = GraphStoreRun(endpoint)
    runners: dict[str, Callable[[Case], str]] = {
        "ProtocolTest": lambda case: run_protocol_case(case, endpoint),
        "GraphStoreProtocolTest": graph_store.run,
        "ServiceDescriptionTest": lambda case: run_description_case(case, endpoint),
    }
    for case in cases:
        try:
            run = runners.get(case.kind)
            wrong = run(case) if run else run_language_case(suites, case, endpoint, others)
        except CannotLoad as error:
            wrong = f"its data cannot be loaded: {error}"
        except (SyntaxError, ValueError, httpx.HTTPError) as error:
            wrong = f"{type(error).__name__}: {error}"
        yield Verdict(str(case), group_of(case), wrong)


def write(verdicts: list[Verdict], path: Path) -> None:
    """Writes verdicts as JSON."""
    path.write_text(json.dumps([asdict(verdict) for verdict in verdicts], indent=1), encoding="utf-8")


def read(path: Path) -> list[Verdict]:
    """Reads what :func:`write` wrote."""
    return [Verdict(**verdict) for verdict in json.loads(path.read_text(encoding="utf-8"))]


def table(columns: dict[str, list[Verdict]]) -> str:
    """A table of groups: number of tests, and how many pass for each server."""
    names = list(columns)
    groups = dict.fromkeys(sorted(verdict.group for verdict in columns[names[0]]))
    total = Counter(verdict.group for verdict in columns[names[0]])
    passed = {name: Counter(one.group for one in verdicts if one.passes) for name, verdicts in columns.items()}
    lines = [f"| Suite | Tests | {' | '.join(names)} |", "|---|--:|" + "--:|" * len(names)]
    lines += [
        f"| {group} | {total[group]} | {' | '.join(str(passed[name][group]) for name in names)} |" for group in groups
    ]
    sums = " | ".join(str(passed[name].total()) for name in names)
    return "\n".join([*lines, f"| all | {total.total()} | {sums} |"])
