"""The doctor on the shipped data: each query holds a planted slip, and what is found is compared as a whole."""

from __future__ import annotations

import asyncio
import tomllib
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph import open_graph
from pedgraph.errors import QuerySyntaxError, ServiceRefused, UpdateNotAllowed, VersionNotFound
from pedgraph.query.diagnosis.findings import Counted, Diagnosis, Finding
from pedgraph.query.running import QueryRequest
from pedgraph.query.tokens import position
from pedgraph.settings import load_settings
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pedgraph.errors import PedgraphError
    from pedgraph.intake.building import Built
    from pedgraph.wiring import Graph

PROLOGUE = (
    " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("pedg", "rdfs", "skos", "xsd"))
    + f" PREFIX city: <{PREFIXES['id']}city/> PREFIX helix: <{PREFIXES['code']}helix/>\n"
)
SLIPS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("slips.toml").read_text(encoding="utf-8"))


class Clinic:
    """A doctor with a graph of its own, and the loop in which both live."""

    def __init__(self, runner: asyncio.Runner, graph: Graph) -> None:
        self._runner = runner
        self._graph = graph

    def diagnose(self, query: str, **members: object) -> Diagnosis:
        request = QueryRequest(query, **members)  # type: ignore[arg-type]
        return self._runner.run(self._graph.doctor.diagnose(request))


@asynccontextmanager
async def opened(home: Path, **settings: object) -> AsyncIterator[Graph]:
    async with open_graph(load_settings({}, home=home, readers=1, **settings)) as graph:
        yield graph


@pytest.fixture(scope="module")
def clinic(built: tuple[Path, Built]) -> Iterator[Clinic]:
    with asyncio.Runner() as runner:
        context = opened(built[0], diagnosis_seconds=60.0)
        yield Clinic(runner, runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


def expected(slip: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            kind=each["kind"],
            message=each["message"],
            line=None if place is None else place[0],
            column=None if place is None else place[1],
            term=each.get("term"),
            suggestions=tuple(each.get("suggestions", ())),
        )
        for each in slip.get("findings", ())
        for place in [place_of(each.get("at"), PROLOGUE + slip["query"])]
    ]


def place_of(piece: str | None, text: str) -> tuple[int, int] | None:
    """Line and column where a piece of a query stands for the first time."""
    return None if piece is None else position(text, text.index(piece, len(PROLOGUE)))


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_planted_slip_is_found(clinic: Clinic, slip: dict[str, Any]) -> None:
    diagnosis = clinic.diagnose(PROLOGUE + slip["query"])

    assert list(diagnosis.findings) == expected(slip)
    assert (diagnosis.culprit.text if diagnosis.culprit else None) == slip.get("culprit")
    assert (diagnosis.is_empty, diagnosis.is_complete, diagnosis.version) == (True, True, 1)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x a pedg:City }",
        "ASK { ?x a pedg:City }",
        "DESCRIBE city:nl-amsterdam",
        "CONSTRUCT WHERE { ?x a pedg:City }",
        "SELECT (COUNT(*) AS ?n) { ?x a pedg:City }",
        "SELECT * {}",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?x a pedg:City OPTIONAL { ?x pedg:nothing ?y } }",
    ],
)
def test_nothing_is_found_where_there_is_an_answer(clinic: Clinic, query: str) -> None:
    diagnosis = clinic.diagnose(PROLOGUE + query)

    assert (diagnosis.is_empty, diagnosis.findings, diagnosis.patterns, diagnosis.culprit) == (False, (), (), None)
    assert diagnosis.is_complete


def test_the_patterns_are_counted_alone_and_together(clinic: Clinic) -> None:
    text = "\n".join(
        [
            PROLOGUE + "SELECT * {",
            "  ?x a pedg:City .",
            "  ?s ?p ?o .",
            "  ?x pedg:acronym ?a ; pedg:inCountry ?k .",
            "  FILTER(?k != ?a)",
            "}",
        ]
    )

    diagnosis = clinic.diagnose(text)

    assert diagnosis.patterns == (
        Counted("?x a pedg:City", 3, 6, 10, 10),
        Counted("?x pedg:acronym ?a", 5, 6, 6, 0),
        Counted("?x pedg:inCountry ?k", 5, 24, 10, 0),
        Counted("?s ?p ?o", 4, 6, 1001, 0),
    )
    assert diagnosis.culprit == Counted("?x pedg:acronym ?a", 5, 6, 6, 0)
    assert [each.as_json()["solutions"] for each in diagnosis.patterns] == [10, 6, 10, "1000+"]


def test_the_dataset_of_the_request_is_that_of_the_diagnosis(clinic: Clinic) -> None:
    query = PROLOGUE + "SELECT * { ?x a pedg:Network }"
    first, second = (f"https://w3id.org/pedgraph/graph/{name}/1" for name in ("s1", "s2"))

    assert clinic.diagnose(query, default_graphs=(first, second)).is_empty is False
    diagnosis = clinic.diagnose(query, default_graphs=(second,))

    assert diagnosis.is_empty
    assert [(finding.kind, finding.suggestions) for finding in diagnosis.findings] == [("other-graph", (f"<{first}>",))]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p", QuerySyntaxError),
        ("INSERT DATA {}", UpdateNotAllowed),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", ServiceRefused),
    ],
)
def test_what_is_no_query_is_refused_as_ever(clinic: Clinic, query: str, error: type[PedgraphError]) -> None:
    with pytest.raises(error):
        clinic.diagnose(query)


def test_a_version_that_is_not_there_is_not_diagnosed(clinic: Clinic) -> None:
    with pytest.raises(VersionNotFound):
        clinic.diagnose("ASK {}", version=99)


def test_a_diagnosis_ends_when_its_time_is_over(built: tuple[Path, Built]) -> None:
    """The query would run for hours; the readers that were at it are replaced, and others are answered after it."""
    all_triples = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(CONCAT(STR(?a), STR(?d), STR(?g)) AS ?z)"
    runaway = f"SELECT * {{ {all_triples} FILTER(STRLEN(?z) < 3) }}"

    async def diagnose() -> tuple[Diagnosis, bytes]:
        async with opened(built[0], diagnosis_seconds=0.5) as graph:
            diagnosis = await graph.doctor.diagnose(QueryRequest(runaway))
            other = await graph.queries.run(QueryRequest("ASK {}", format_name="csv"))
            return diagnosis, b"".join([chunk async for chunk in other.answer.chunks()])

    diagnosis, other = asyncio.run(diagnose())

    assert (diagnosis.is_empty, diagnosis.is_complete, diagnosis.findings) == (None, False, ())
    assert other == b"true"
