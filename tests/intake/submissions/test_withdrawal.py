"""Withdrawals: what its owner takes back goes, whoever points to it, and a tombstone stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import Withdrawn
from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS
from tests.intake.submissions.desk import (
    ANN,
    BOB,
    EVE,
    PROLOGUE,
    THINGS,
    accepted,
    at_desk,
    described,
    district,
    graph,
    names,
)  # fmt: skip

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.service import Submissions

ALPHA = f"{THINGS}ped/cz-prague-alpha"
FIRST = f"{GRAPHS}2026-0001/1"
TOMBSTONE = """\
dcat:inSeries id:series/pedgraph
dcterms:conformsTo <https://w3id.org/pedgraph/profile/0.2.0>
dcterms:creator id:organisation/pedgraph
dcterms:identifier "2026-0001"
dcterms:issued TODAY
dcterms:license <https://creativecommons.org/licenses/by/4.0/>
dcterms:publisher id:organisation/pedgraph
dcterms:title "Submission 2026-0001, withdrawn"@en
pedg:submissionStatus code:submission-status/withdrawn
prov:hadPrimarySource id:source/2026-0001-1
prov:invalidatedAtTime NOW
prov:wasGeneratedBy id:activity/submission-2026-0001-1
prov:wasInvalidatedBy id:activity/withdrawal-2026-0001-1
rdf:type dcat:Dataset
rdf:type pedg:Submission
rdf:type prov:Entity"""


def test_withdrawal_leaves_a_tombstone_and_what_others_state(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        first = await accepted(submissions, district("alpha", 'dcterms:description "Only here."@en'))
        others = {
            "creator": "Others",
            "title": "Mine",
            "source_title": "Other",
            "source_address": "https://example.org/o",
        }
        await accepted(submissions, district("alpha", 'skos:altLabel "Alfa"@cs'), BOB, **others)
        await accepted(submissions, district("omega"), BOB, **others)
        await submissions.withdraw(first, ANN, "Ann was wrong")
        for ask in (submissions.get, submissions.events, submissions.findings, submissions.original):
            with pytest.raises(Withdrawn) as gone:
                await ask(first, ANN)
            assert gone.value.extensions["state"] == "withdrawn"

    at_desk(home, work)

    assert graph(home, FIRST) == set()
    assert len(graph(home, f"{GRAPHS}2026-0002/1")) == 4
    assert described(home, FIRST) == TOMBSTONE
    assert 'rdfs:label "alpha"@en' in described(home, ALPHA, everywhere=True)
    assert "Only here." not in names(home)
    assert described(home, f"{THINGS}organisation/charles-university") == ""
    assert described(home, f"{THINGS}organisation/others") != ""
    assert names(home) & {"Ann", "Ann was wrong", "A page about a district", "A district in Prague"} == set()
    assert [read_manifest(Versions(home).directory(5)).reason[:28]] == ["Withdraw submission 2026-000"]


def test_what_others_point_to_can_be_withdrawn(home: Path) -> None:
    """It goes, though their data do not conform without it."""
    city = f"{THINGS}city/cz-brno"
    brno = f'<{city}> a pedg:City ; rdfs:label "Brno"@cs ; pedg:inCountry country:CZE .'

    async def work(submissions: Submissions) -> None:
        identifier = await accepted(submissions, f"{PROLOGUE}{brno}".encode())
        await accepted(submissions, district("alpha").replace(b"city/cz-prague", b"city/cz-brno"), BOB)
        await submissions.withdraw(identifier, ANN)

    at_desk(home, work)

    assert described(home, city) == ""
    assert "pedg:inCity id:city/cz-brno" in described(home, ALPHA, everywhere=True)


def test_what_was_derived_goes_with_what_it_was_derived_from(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        identifier = await accepted(submissions, district("alpha"))
        assert _assessed(home) == before | {ALPHA}
        await submissions.withdraw(identifier, EVE)

    before = _assessed(home)
    at_desk(home, work)

    assert _assessed(home) == before
    assert ALPHA not in names(home)


def _assessed(home: Path) -> set[str]:
    return {
        each.split()[2].strip("<>")
        for each in graph(home, f"{GRAPHS}inferred")
        if "#StatusAssessment" not in each
        and "/id/assessment/" in each.split()[0]
        and each.split()[1].endswith("#about>")
    }
