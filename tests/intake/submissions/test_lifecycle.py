"""The life of a submission: handed in, checked, decided on, revised, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.errors import BadRequest, Conflict, DoesNotConform, Forbidden, NotFound
from pedgraph.intake.submissions.records import Decision, Waiver
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import CODES, GRAPHS
from tests.intake.submissions.desk import (
    ANN,
    BOB,
    EVE,
    PRAGUE,
    THINGS,
    accepted,
    at_desk,
    described,
    district,
    graph,
    hand_in,
    in_review,
    names,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.service import Submissions

ALPHA = f"{THINGS}ped/cz-prague-alpha"
FIRST = f"{GRAPHS}2026-0001/1"
SECOND = f"{GRAPHS}2026-0001/2"
DESCRIPTION = """\
dcat:inSeries id:series/pedgraph
dcterms:conformsTo <https://w3id.org/pedgraph/profile/0.2.0>
dcterms:creator id:organisation/charles-university
dcterms:identifier "2026-0001"
dcterms:issued TODAY
dcterms:license <https://creativecommons.org/licenses/by/4.0/>
dcterms:publisher id:organisation/pedgraph
dcterms:title "A district in Prague"@en
dqv:hasQualityAnnotation id:annotation/2026-0001-1-1
pedg:confidence code:confidence/stated-by-other
pedg:submissionStatus code:submission-status/accepted
prov:hadPrimarySource id:source/2026-0001-1
prov:wasGeneratedBy id:activity/submission-2026-0001-1
prov:wasInfluencedBy id:activity/review-2026-0001-1
rdf:type dcat:Dataset
rdf:type pedg:Submission
rdf:type prov:Entity"""
SOURCE = """\
dcterms:publisher id:organisation/charles-university
dcterms:rights "The source states no terms, as far as its submitter says."@en
dcterms:title "A page about a district"@en
pedg:dateRead "2026-11-20"^^<http://www.w3.org/2001/XMLSchema#date>
rdf:type pedg:Source
schema:url "https://example.org/district"^^<http://www.w3.org/2001/XMLSchema#anyURI>"""
WARNED = district("alpha", 'skos:altLabel "Alfa"')


def test_from_receipt_to_publication(home: Path) -> None:
    async def work(submissions: Submissions) -> dict[str, Any]:
        identifier = await in_review(submissions, WARNED)
        shown = await submissions.get(identifier, ANN)
        assert shown["counts"] == {"violation": 0, "warning": 1, "info": 0}
        waiver = Waiver("S03", "The name is the same in all languages.", ALPHA)
        await submissions.decide(identifier, EVE, Decision("accept", "Fine", (waiver,), expected=shown["tag"]))
        path, name, _ = await submissions.original(identifier, ANN)
        assert (path.read_bytes(), name) == (WARNED, "district.ttl")
        events = await submissions.events(identifier, ANN)
        assert [(each["who"], each["kind"], each["state"], each["comment"]) for each in events] == [
            ("Ann", "received", "received", ""),
            ("pedgraph", "checked", "in-review", ""),
            ("Eve", "publishing", "in-review", "Fine"),
            ("Eve", "accepted", "accepted", "Fine"),
        ]
        return await submissions.get(identifier, ANN)

    shown = at_desk(home, work, is_real=True)

    assert (shown["id"], shown["state"], shown["version"], shown["graph"]) == ("2026-0001", "accepted", 2, FIRST)
    assert shown["acts"] == ["revise", "withdraw"]
    assert described(home, FIRST) == DESCRIPTION
    assert described(home, f"{THINGS}source/2026-0001-1") == SOURCE
    annotation = described(home, f"{THINGS}annotation/2026-0001-1-1")
    assert 'dcterms:description "The name is the same in all languages."@en' in annotation
    assert "dcterms:subject id:ped/cz-prague-alpha" in annotation
    assert len(graph(home, FIRST)) == 4
    assert names(home) & {"Eve", "Ann"} == set()


def test_what_violates_a_rule_is_invalid_and_can_neither_be_waived_nor_accepted(home: Path) -> None:
    wrong = district("alpha").replace(b'rdfs:label "alpha"@en ; ', b"")

    async def work(submissions: Submissions) -> None:
        received = await hand_in(submissions, wrong)
        identifier = received["submission"]["id"]
        shown = await submissions.check(identifier)
        assert shown["state"] == "invalid"
        findings = await submissions.findings(identifier, ANN)
        assert [each["rule"] for each in findings["findings"]] == ["S02"]
        for waivers in ((), (Waiver("S02", "It has no name."),)):
            with pytest.raises(DoesNotConform) as refusal:
                await submissions.decide(identifier, EVE, Decision("accept", "", waivers))
            assert [each["rule"] for each in refusal.value.findings] == ["S02"]
        assert (await submissions.get(identifier, ANN))["state"] == "invalid"

    at_desk(home, work, is_real=True)

    assert Versions(home).current() == 1


def test_waivers_need_a_warning_and_a_note(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        identifier = await in_review(submissions, WARNED)
        for waiver in (Waiver("S03", " "), Waiver("S46", "So be it."), Waiver("S03", "So be it.", f"{ALPHA}-not")):
            with pytest.raises(BadRequest):
                await submissions.decide(identifier, EVE, Decision("accept", "", (waiver,)))
        assert (await submissions.get(identifier, EVE))["state"] == "in-review"

    at_desk(home, work, is_real=True)


def test_what_the_writer_finds_wrong_is_not_published_and_the_state_stays(home: Path) -> None:
    """Two files that are fine each, and not together: both give the same identifier to districts of their own."""
    identified = (
        f"adms:identifier <{THINGS}identifier/wikidata-q123> . <{THINGS}identifier/wikidata-q123> a adms:Identifier ; "
        'skos:notation "Q123" ; adms:schemaAgency "Wikidata"'
    )

    async def work(submissions: Submissions) -> None:
        first = await in_review(submissions, district("alpha", identified))
        second = await in_review(submissions, district("beta", identified), BOB)
        await submissions.decide(first, EVE, Decision("accept"))
        with pytest.raises(DoesNotConform) as refusal:
            await submissions.decide(second, EVE, Decision("accept"))
        assert {each["rule"] for each in refusal.value.findings} == {"S11"}
        shown = await submissions.get(second, EVE)
        assert (shown["state"], shown["version"], shown["is_being_published"]) == ("in-review", None, False)
        assert [each["kind"] for each in await submissions.events(second, EVE)][-2:] == ["publishing", "abandoned"]

    at_desk(home, work)

    assert Versions(home).current() == 2


def test_what_others_have_claimed_in_the_meantime_is_not_changed(home: Path) -> None:
    """Two files that are fine each, and give another status to the same claim."""
    claim = f"<{THINGS}claim/0123456789ab> a pedg:StatusClaim ; pedg:about <{ALPHA}> ; pedg:locator 'page 1'@en ; "
    claims = [
        district("alpha") + f"{claim} pedg:statedIn <{THINGS}source/s1> ; pedg:claimedStatus <{status}> .".encode()
        for status in (f"{CODES}ped-status/aspiring", f"{CODES}ped-status/designed-as")
    ]

    async def work(submissions: Submissions) -> None:
        first, second = [await in_review(submissions, each) for each in claims]
        await submissions.decide(first, EVE, Decision("accept"))
        with pytest.raises(DoesNotConform) as refusal:
            await submissions.decide(second, EVE, Decision("accept"))
        assert [each["rule"] for each in refusal.value.findings] == ["G05"]

    at_desk(home, work)

    assert Versions(home).current() == 2


def test_a_revision_takes_the_place_of_what_it_revises(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        identifier = await accepted(submissions, district("alpha"))
        revision = await in_review(submissions, district("beta"), revises=identifier, title="Another district")
        assert revision == "2026-0001-2"
        assert (await submissions.get(identifier, ANN))["state"] == "accepted"
        with pytest.raises(Conflict, match="2026-0001-2"):
            await hand_in(submissions, district("gamma"), revises=identifier)
        await submissions.decide(revision, EVE, Decision("accept"))
        assert (await submissions.get(identifier, ANN))["state"] == "superseded"

    at_desk(home, work)

    assert graph(home, FIRST) == set()
    assert {each.split()[0] for each in graph(home, SECOND)} == {f"<{THINGS}ped/cz-prague-beta>"}
    assert f"prov:wasRevisionOf graph:{FIRST.removeprefix(GRAPHS)}" in described(home, SECOND)
    old = described(home, FIRST)
    assert "dcterms:isReplacedBy graph:2026-0001/2" in old
    assert [line for line in old.splitlines() if "submissionStatus" in line] == [
        "pedg:submissionStatus code:submission-status/superseded"
    ]
    assert f"{THINGS}ped/cz-prague-alpha" not in names(home)


def test_what_was_sent_back_is_superseded_by_its_revision_at_once(home: Path) -> None:
    async def work(submissions: Submissions) -> list[str]:
        identifier = await in_review(submissions, district("alpha"))
        sent_back = await submissions.decide(identifier, EVE, Decision("request-changes", "Say where it is."))
        assert (sent_back["state"], sent_back["comment"]) == ("changes-requested", "Say where it is.")
        revision = await in_review(submissions, district("beta"), revises=identifier)
        listed = await submissions.list(EVE, ["in-review", "changes-requested"])
        assert ([each["id"] for each in listed["submissions"]], listed["total"]) == ([revision], 1)
        await submissions.decide(revision, EVE, Decision("reject", "It is no district."))
        with pytest.raises(Conflict):
            await hand_in(submissions, district("beta"), revises=revision)
        return [each["state"] for each in (await submissions.list(ANN))["submissions"]]

    assert at_desk(home, work) == ["rejected", "superseded"]
    assert Versions(home).current() == 1


def test_the_same_bytes_of_the_same_submitter_are_one_submission(home: Path) -> None:
    async def work(submissions: Submissions) -> list[tuple[str, bool]]:
        first = await hand_in(submissions, district("alpha"))
        again = await hand_in(submissions, district("alpha"), title="The same file")
        other = await hand_in(submissions, district("alpha"), BOB)
        await submissions.withdraw("2026-0001", ANN)
        anew = await hand_in(submissions, district("alpha"))
        revision = await hand_in(submissions, district("alpha"), revises="2026-0003", title="Another title")
        same = await hand_in(submissions, district("alpha"), revises="2026-0003", title="Another title")
        every = (first, again, other, anew, revision, same)
        return [(each["submission"]["id"], each["is_new"]) for each in every]

    assert at_desk(home, work) == [
        ("2026-0001", True),
        ("2026-0001", False),
        ("2026-0002", True),
        ("2026-0003", True),
        ("2026-0003-2", True),
        ("2026-0003-2", False),
    ]


def test_what_a_role_does_not_allow_is_forbidden(home: Path) -> None:
    async def work(submissions: Submissions) -> None:
        identifier = await in_review(submissions, district("alpha"))
        for decision in ("accept", "reject", "request-changes"):
            with pytest.raises(Forbidden):
                await submissions.decide(identifier, ANN, Decision(decision, "Mine"))
        for ask in (submissions.get, submissions.events, submissions.findings, submissions.original):
            with pytest.raises(Forbidden):
                await ask(identifier, BOB)
        with pytest.raises(Forbidden):
            await submissions.withdraw(identifier, BOB)
        with pytest.raises(Forbidden):
            await hand_in(submissions, district("beta"), BOB, revises=identifier)
        assert await submissions.list(BOB) == {"submissions": [], "total": 0}
        with pytest.raises(NotFound):
            await submissions.get("2026-9999", EVE)

    at_desk(home, work)


def test_a_source_that_the_file_describes_itself_is_the_source(home: Path) -> None:
    own = f"{THINGS}source/prague-page"
    source = (
        f'dcterms:source <{own}> . <{own}> a pedg:Source ; dcterms:title "The page"@en ; '
        f"dcterms:publisher <{THINGS}organisation/prague> ; schema:url "
        '"https://example.org/district"^^xsd:anyURI ; pedg:dateRead "2026-11-20"^^xsd:date ; '
        'dcterms:rights "None stated."@en'
    )

    async def work(submissions: Submissions) -> None:
        identifier = await accepted(submissions, district("alpha", source))
        revision = await in_review(submissions, district("beta"), revises=identifier)
        await submissions.decide(revision, EVE, Decision("accept"))

    at_desk(home, work)

    assert "prov:hadPrimarySource id:source/prague-page" in described(home, FIRST)
    assert "prov:hadPrimarySource id:source/prague-page" in described(home, SECOND)
    assert 'dcterms:title "The page"@en' in described(home, own)
    assert PRAGUE in {each.split()[2] for each in graph(home, SECOND)}
