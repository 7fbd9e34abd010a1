"""A version that is built from scratch has all that stewards have accepted, as the version before had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Store

from pedgraph.intake.building import build_version
from pedgraph.intake.submissions.records import Decision
from pedgraph.settings import load_settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import VOCABULARY_GRAPH
from tests.folders import TEXTS
from tests.intake.submissions.desk import ANN, BOB, EVE, accepted, at_desk, district, in_review
from tests.store.worlds import contents

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.service import Submissions


def test_a_build_takes_up_what_was_accepted(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        first = await accepted(submissions, district("alpha"))
        await accepted(submissions, district("beta"), revises=first)
        gone = await accepted(submissions, district("gamma"), BOB)
        last = await in_review(submissions, district("gamma"), BOB, revises=gone, title="Another")
        await submissions.decide(last, EVE, Decision("accept"))
        await submissions.withdraw(last, BOB)
        await in_review(submissions, district("delta"))
        await submissions.withdraw(await in_review(submissions, district("epsilon")), ANN)

    at_desk(home, work)
    versions = Versions(home)
    before = _graphs(versions)

    built = build_version(versions, TEXTS, load_settings({}, home=home))

    assert built.manifest.version == versions.current() == 7
    after = _graphs(versions)
    assert after == before
    assert "https://w3id.org/pedgraph/graph/2026-0001/2" in after


def _graphs(versions: Versions) -> dict[str, set[str]]:
    """The named graphs, without the vocabulary: its blank nodes have new names in each build."""
    found = contents(Store.read_only(str(versions.store_directory())))
    return {name: each for name, each in found.items() if name not in {"", VOCABULARY_GRAPH}}
