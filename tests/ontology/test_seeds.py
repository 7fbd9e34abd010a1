"""Every statement of the two source texts that the ontology was made for is found by a stored query (rule Q23).

``seeds.csv`` is the list: the statement, the stored query, the parameter to bind with its thing where the default will
not do, and a part of the answer.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.query.library import read_library
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from tests.servers import RunningServer

with Path(__file__).with_name("seeds.csv").open(encoding="utf-8", newline="") as table:
    SEEDS = list(csv.DictReader(table))
LIBRARY = read_library()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["statement"])
def test_a_statement_of_the_sources_is_found_by_a_stored_query(seed: dict[str, str], server: RunningServer) -> None:
    query = LIBRARY[seed["query"]]
    text = query.text
    if seed["parameter"]:
        text, bound = re.subn(
            rf"VALUES \?{seed['parameter']} {{ \S+ }}",
            f"VALUES ?{seed['parameter']} {{ <{THINGS}{seed['thing']}> }}",
            text,
        )
        assert bound == 1

    answer = server.get(text, accept="text/csv" if query.columns else "application/n-triples")

    assert answer.status_code == 200, answer.text
    assert seed["answer"] in answer.text


def test_the_list_of_statements_is_whole_and_no_statement_stands_twice() -> None:
    assert len({seed["statement"] for seed in SEEDS}) == len(SEEDS) == 48
    assert all(seed["answer"] for seed in SEEDS)
