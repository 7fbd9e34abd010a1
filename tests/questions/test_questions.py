"""Ten questions over all curated data, asked over HTTP; the answers were checked by hand against the facts."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.query.library import read_library

if TYPE_CHECKING:
    from tests.servers import RunningServer

LIBRARY = read_library()
EXPECTED = Path(__file__).parent / "expected"
NAMES = sorted(path.stem for path in EXPECTED.glob("*.csv"))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_the_answer_of_the_facts(name: str, wide_server: RunningServer) -> None:
    answer = wide_server.get(LIBRARY[name].text)

    assert answer.status_code == 200, answer.text
    assert rows(answer.text) == rows((EXPECTED / f"{name}.csv").read_text(encoding="utf-8"))


def test_each_of_the_ten_questions_has_an_answer() -> None:
    asked = {query.name for query in LIBRARY.values() if any(each > "CQ20" for each in query.answers)}

    assert set(NAMES) == asked
    assert len(NAMES) == 10
