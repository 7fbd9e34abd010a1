"""The competency questions, asked over HTTP: each stored query gives the stored answer."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.compare import isomorphic

from pedgraph.query.library import StoredQuery, read_library
from pedgraph.resources import queries_directory

if TYPE_CHECKING:
    from tests.servers import RunningServer

FOLDER = Path(__file__).parent
LIBRARY = read_library()
SOLUTIONS = [query for query in LIBRARY.values() if query.columns]
GRAPHS = [query for query in LIBRARY.values() if not query.columns]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("query", SOLUTIONS, ids=lambda query: query.name)
def test_a_query_gives_the_stored_solutions_over_http(query: StoredQuery, server: RunningServer) -> None:
    answer = server.get(query.text)

    assert answer.status_code == 200, answer.text
    assert rows(answer.text) == rows((FOLDER / query.name / "expected.csv").read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", GRAPHS, ids=lambda query: query.name)
def test_a_query_gives_the_stored_graph_over_http(query: StoredQuery, server: RunningServer) -> None:
    answer = server.get(query.text, accept="text/turtle")

    assert answer.status_code == 200, answer.text
    given = rdflib.Graph().parse(data=answer.text, format="turtle")
    assert isomorphic(given, rdflib.Graph().parse(FOLDER / query.name / "expected.ttl"))


def test_a_query_has_the_columns_that_its_header_names(server: RunningServer) -> None:
    for query in SOLUTIONS:
        assert rows(server.get(query.text).text)[0] == [column.name for column in query.columns], query.name


def test_a_parameter_is_a_one_row_values_block() -> None:
    for query in LIBRARY.values():
        for parameter in query.parameters:
            assert query.text.count(f"VALUES ?{parameter.name} {{ ") == 1, (query.name, parameter.name)


def test_every_competency_question_is_answered_once() -> None:
    answered = sorted(answer for query in LIBRARY.values() for answer in query.answers)

    assert answered == [f"CQ{number:02}" for number in range(1, 31)]


def test_the_folders_are_the_queries() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == set(LIBRARY)
    assert len(LIBRARY) == len(list((queries_directory() / "library").rglob("*.rq")))
