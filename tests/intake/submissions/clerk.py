"""A clerk at work in a process of its own, which may be killed.

It is called as ``python -m tests.intake.submissions.clerk HOME JOB ARGUMENT``.

``real`` and ``quick`` (with the real check, or one that takes no time; ``SEED ACT``) check what waits, receive, check,
accept, revise and withdraw without end, the act that is named first, and say through a pipe at which stage they are and
what was acknowledged. ``accept ID`` waits for a line on standard input, and says how accepting went.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph.errors import PedgraphError
from pedgraph.intake import writing
from pedgraph.intake.checking import service
from pedgraph.intake.submissions.records import Decision
from tests.intake.submissions import stages
from tests.intake.submissions.desk import ANN, DELIVERY, EVE, PRAGUE, THINGS, quick_desk, real_desk

if TYPE_CHECKING:
    from pedgraph.intake.submissions.service import Submissions

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TERMS = "https://w3id.org/pedgraph/ont#"
_ACTS = ("new", "revise", "withdraw")


def statements(name: str) -> bytes:
    """A district of a name, as N-Triples."""
    iri = f"<{THINGS}ped/cz-prague-{name}>"
    return (
        f"{iri} <{_TYPE}> <{_TERMS}PositiveEnergyDistrict> .\n"
        f'{iri} <{_LABEL}> "{name}"@en .\n'
        f"{iri} <{_TERMS}inCity> {PRAGUE} .\n"
    ).encode()


class Clerk:
    """Does one thing after the other, and says what was acknowledged."""

    def __init__(self, submissions: Submissions, seed: str) -> None:
        self._submissions = submissions
        self._seed = seed
        self._chance = random.Random(seed)
        self._number = 0

    async def work(self, first: str) -> None:
        """Works until it is killed."""
        act = first
        while True:
            try:
                await self._do(act)
            except PedgraphError as error:
                stages.tell("failed", error.code)
            act = self._chance.choice(_ACTS)

    async def _do(self, act: str) -> None:
        listed = await self._submissions.list(EVE, ["accepted"])
        accepted = [each["id"] for each in listed["submissions"]]
        if act == "new" or not accepted:
            stages.tell("act", "new")
            received = [await self._hand_in() for _ in range(self._chance.randint(1, 3))]
        elif act == "revise":
            stages.tell("act", "revise")
            received = [await self._hand_in(self._chance.choice(accepted))]
        else:
            stages.tell("act", "withdraw")
            identifier = self._chance.choice(accepted)
            await self._submissions.withdraw(identifier, ANN, "No longer true")
            stages.tell("withdrawn", identifier)
            return
        for each in received:
            stages.enter("check")
            await self._submissions.check(each)
            stages.enter("checked")
        for each in received:
            await self._submissions.decide(each, EVE, Decision("accept"))
            stages.tell("accepted", each)

    async def _hand_in(self, revises: str = "") -> str:
        self._number += 1
        content = statements(f"{self._seed}-{self._number}")
        delivery = replace(DELIVERY, file_name="district.nt")
        with self._submissions.open_upload() as upload:
            upload.write(content[:50])
            upload.flush()
            stages.enter("incoming")
            upload.write(content[50:])
            if revises:
                made = await self._submissions.revise(revises, upload, delivery, ANN)
            else:
                made = await self._submissions.receive(upload, delivery, ANN)
        identifier = str(made["submission"]["id"])
        stages.tell("received", f"{identifier} {hashlib.sha256(content).hexdigest()}")
        stages.enter("received")
        return identifier


async def _work(home: Path, seed: str, first: str, *, is_real: bool) -> None:
    stages.tell_of_clerk()
    writing.WRITER = "tests.intake.submissions.telling_writer"  # type: ignore[misc]
    service.CHECKER = "tests.intake.submissions.telling_checker"  # type: ignore[misc]
    stages.tell("act", "recover")
    async with real_desk(home) if is_real else quick_desk(home) as submissions:
        stages.tell("act", "pending")
        await submissions.check_pending()
        stages.tell("pending")
        await Clerk(submissions, seed).work(first)


async def _accept(home: Path, identifier: str) -> None:
    async with quick_desk(home) as submissions:
        _say("ready", "")
        sys.stdin.readline()
        try:
            shown = await submissions.decide(identifier, EVE, Decision("accept"))
            _say("accepted", str(shown["version"]))
        except PedgraphError as error:
            _say(error.code, str(error.extensions.get("state", "")))


def _say(what: str, which: str) -> None:
    print(json.dumps([what, which]), flush=True)  # noqa: T201


def main() -> None:
    """Does the job."""
    home, job, *arguments = sys.argv[1:]
    if job == "accept":
        asyncio.run(_accept(Path(home), *arguments))
    else:
        asyncio.run(_work(Path(home), *arguments, is_real=job == "real"))


if __name__ == "__main__":
    main()
