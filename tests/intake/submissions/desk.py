"""A desk to work at: submissions of a home folder, with who works there, and files to hand in."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from pedgraph.intake.checking.service import CheckService
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.submissions.checker import ServiceChecker
from pedgraph.intake.submissions.records import Actor, Decision, Delivery
from pedgraph.intake.submissions.service import Submissions
from pedgraph.intake.writing import WriteService
from pedgraph.settings import load_settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, compact
from pedgraph.vocabulary.media import TURTLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from pedgraph.intake.submissions.checker import Asked

Result = TypeVar("Result")

ANN = Actor("key-ann", "Ann", "submitter")
BOB = Actor("key-bob", "Bob", "submitter")
EVE = Actor("key-eve", "Eve", "steward")
DELIVERY = Delivery(
    file_name="district.ttl",
    title="A district in Prague",
    source_title="A page about a district",
    source_address="https://example.org/district",
    source_read_on="2026-11-20",
    creator="Charles University",
    licence="https://creativecommons.org/licenses/by/4.0/",
)
PROLOGUE = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
THINGS = "https://w3id.org/pedgraph/id/"
PRAGUE = f"<{THINGS}city/cz-prague>"


def district(name: str, *more: str) -> bytes:
    """A file about a district of a name, with further statements about it."""
    facts = " ; ".join(["a pedg:PositiveEnergyDistrict", f'rdfs:label "{name}"@en', f"pedg:inCity {PRAGUE}", *more])
    return f"{PROLOGUE}<{THINGS}ped/cz-prague-{name}> {facts} .\n".encode()


class Trusting:
    """A check that takes no time, and finds nothing wrong with a file of Turtle."""

    async def __call__(self, asked: Asked) -> dict[str, Any]:
        quads = parse_rdf(asked.path.read_bytes(), TURTLE, asked.file_name)
        statements = [f"{quad.triple} .\n" for quad in quads]
        asked.data_path.write_text("".join(statements), encoding="utf-8")
        return {"conforms": True, "counts": {}, "statements": len(statements), "findings": []}

    async def about(self, path: Path, file_name: str, media_type: str) -> dict[str, str]:
        del path, file_name, media_type
        return {}


@asynccontextmanager
async def quick_desk(home: Path, **given: object) -> AsyncIterator[Submissions]:
    """The service, with the check that takes no time."""
    settings = load_settings({}, home=home, **given)
    async with WriteService(settings) as writes, Submissions(settings, writes, Trusting()) as submissions:
        yield submissions


@asynccontextmanager
async def real_desk(home: Path, **given: object) -> AsyncIterator[Submissions]:
    """The service, as the web and the command line have it."""
    settings = load_settings({}, home=home, **given)
    async with (
        WriteService(settings) as writes,
        CheckService(settings) as checks,
        Submissions(settings, writes, ServiceChecker(checks)) as submissions,
    ):
        yield submissions


def at_desk(
    home: Path, work: Callable[[Submissions], Awaitable[Result]], *, is_real: bool = False, **given: object
) -> Result:
    """Does some work at the desk of a home folder."""

    async def run() -> Result:
        async with real_desk(home, **given) if is_real else quick_desk(home, **given) as submissions:
            return await work(submissions)

    return asyncio.run(run())


async def hand_in(
    submissions: Submissions, content: bytes, actor: Actor = ANN, *, revises: str = "", **changed: str
) -> dict[str, Any]:
    """Hands in a file, as a new submission or a revision."""
    delivery = replace(DELIVERY, **changed)
    with submissions.open_upload() as upload:
        upload.write(content)
        if revises:
            return await submissions.revise(revises, upload, delivery, actor)
        return await submissions.receive(upload, delivery, actor)


async def in_review(
    submissions: Submissions, content: bytes, actor: Actor = ANN, *, revises: str = "", **changed: str
) -> str:
    """Hands in a file and has it checked; gives its id."""
    handed_in = await hand_in(submissions, content, actor, revises=revises, **changed)
    checked = await submissions.check(handed_in["submission"]["id"])
    assert checked["state"] == "in-review", await submissions.findings(checked["id"], actor)
    return str(checked["id"])


async def accepted(
    submissions: Submissions, content: bytes, actor: Actor = ANN, *, revises: str = "", **changed: str
) -> str:
    """Hands in a file, has it checked and accepts it; gives its id."""
    identifier = await in_review(submissions, content, actor, revises=revises, **changed)
    shown = await submissions.decide(identifier, EVE, Decision("accept", "Fine."))
    assert shown["state"] == "accepted"
    return identifier


def graph(home: Path, iri: str) -> set[str]:
    """What a named graph of the current version holds, as N-Triples."""
    return {str(quad.triple) for quad in _store(home).quads_for_pattern(None, None, None, NamedNode(iri))}


def described(home: Path, iri: str, *, everywhere: bool = False) -> str:
    """What the metadata graph of the current version (or all graphs) says of something, a line each, in short.

    ``TODAY`` and ``NOW`` stand for days and moments of the last hour.
    """
    graph_name = DefaultGraph() if everywhere else NamedNode(META_GRAPH)
    found = _store(home).quads_for_pattern(NamedNode(iri), None, None, graph_name)
    return "\n".join(sorted(f"{compact(quad.predicate.value)} {_short(quad.object)}" for quad in found))


def names(home: Path) -> set[str]:
    """All IRIs and texts in the current version."""
    return {term.value for quad in _store(home) for term in (quad.subject, quad.object) if not isinstance(term, Triple)}


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    moment = datetime.now(UTC)
    if isinstance(term, Literal) and term.value in {moment.date().isoformat(), _hour_ago(moment).date().isoformat()}:
        return "TODAY"
    if isinstance(term, Literal) and term.datatype.value.endswith("#dateTime"):
        assert _hour_ago(moment) < datetime.fromisoformat(term.value) <= moment
        return "NOW"
    return str(term)


def _hour_ago(moment: datetime) -> datetime:
    return moment - timedelta(hours=1)


def _store(home: Path) -> Store:
    return Store.read_only(str(Versions(home).store_directory()))
