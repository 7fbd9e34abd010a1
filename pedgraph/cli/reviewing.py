"""Review from the command line, through the same service as the web: looking at submissions, and deciding on them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path  # noqa: TC003 - read by the framework
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import typer

from pedgraph.cli.acting import recorded, who_acts
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.cli.submitting import HomeOption, NameOption, opened
from pedgraph.errors import BadRequest, ContractBroken, DoesNotConform
from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pedgraph.intake.submissions.service import Submissions
    from pedgraph.wiring import Actor, Decision, Waiver

    Work = Callable[[Submissions, Actor], Awaitable[dict[str, Any]]]

Result = TypeVar("Result")
_MADE: Final = {"accepted": "with", "withdrawn": "without"}

app = typer.Typer(help="Look at submissions, and decide on them.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The number of a submission, such as 2026-0001.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write it as JSON.")]
CommentOption = Annotated[str, typer.Option(help="Why; the submitter is told.")]


@app.command("list")
def list_submissions(
    states: Annotated[list[str] | None, typer.Option("--state", help="Only those in this state.")] = None,
    as_json: JsonOption = False,  # noqa: FBT002
    home: HomeOption = None,
) -> None:
    """List submissions, newest first."""
    found = _run(home, lambda submissions, who: submissions.list(who, states or (), limit=1_000_000))
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            from pedgraph.cli.output import show_submissions

            show_submissions(found["submissions"])


@app.command()
def show(identifier: IdArgument, as_json: JsonOption = False, home: HomeOption = None) -> None:  # noqa: FBT002
    """Show a submission, what happened to it, and what was found in it."""

    async def look(submissions: Submissions, who: Actor) -> dict[str, Any]:
        submission = await submissions.get(identifier, who)
        is_checked = submission["conforms"] is not None
        report = await submissions.findings(identifier, who) if is_checked else {"findings": []}
        events = await submissions.events(identifier, who)
        return {"submission": submission, "events": events, "findings": report["findings"]}

    found = _run(home, look)
    with until_nobody_reads():
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            from pedgraph.cli.output import show_submission

            show_submission(found["submission"], found["events"], found["findings"])


@app.command()
def check(identifier: IdArgument, name: NameOption = None, home: HomeOption = None) -> None:
    """Check a submission again, against the rules and data of today."""
    _act(home, name, ("check", identifier), lambda submissions, who: submissions.check(identifier, who))


@app.command()
def accept(
    identifier: IdArgument,
    comment: CommentOption = "",
    waive: Annotated[
        list[str] | None, typer.Option(metavar="RULE=NOTE", help="Let the warnings of a rule stand, and say why.")
    ] = None,
    name: NameOption = None,
    home: HomeOption = None,
) -> None:
    """Accept a submission and publish it. Exit code 1: the data would not conform."""
    from pedgraph.wiring import Decision

    _decide(identifier, Decision("accept", comment, tuple(map(_waiver, waive or ()))), name, home)


@app.command()
def reject(identifier: IdArgument, comment: CommentOption, name: NameOption = None, home: HomeOption = None) -> None:
    """Reject a submission."""
    _close(identifier, "reject", comment, name, home)


@app.command("request-changes")
def request_changes(
    identifier: IdArgument, comment: CommentOption, name: NameOption = None, home: HomeOption = None
) -> None:
    """Send a submission back to its submitter, who is to revise it."""
    _close(identifier, "request-changes", comment, name, home)


@app.command()
def withdraw(
    identifier: IdArgument, comment: CommentOption = "", name: NameOption = None, home: HomeOption = None
) -> None:
    """Take a submission back; what it stated goes from the graph, and a tombstone stays."""
    asked = ("withdraw", identifier)
    _act(home, name, asked, lambda submissions, who: submissions.withdraw(identifier, who, comment))


def _close(
    identifier: str, decision: Literal["reject", "request-changes"], comment: str, name: str | None, home: Path | None
) -> None:
    from pedgraph.wiring import Decision

    _decide(identifier, Decision(decision, comment), name, home)


def _decide(identifier: str, decision: Decision, name: str | None, home: Path | None) -> None:
    from pedgraph.cli.output import show_broken, show_findings
    from pedgraph.intake.findings import Finding

    asked = (decision.decision, identifier)
    try:
        _act(home, name, asked, lambda submissions, who: submissions.decide(identifier, who, decision))
    except DoesNotConform as error:
        show_findings(identifier, [Finding.from_json(members) for members in error.findings], to_stderr=True)
        raise
    except ContractBroken as error:
        show_broken(error.broken)
        raise


def _waiver(text: str) -> Waiver:
    from pedgraph.wiring import Waiver

    rule, sign, note = text.partition("=")
    if not sign:
        raise BadRequest(f"'{text}' should be a rule, an equals sign and a note, as in S46='It has no pages'.")
    return Waiver(rule, note)


def _run(home: Path | None, work: Callable[[Submissions, Actor], Awaitable[Result]]) -> Result:
    """Looks at the submissions as whoever acts."""
    settings = load_settings(home=home)

    async def run() -> Result:
        actor, _ = await who_acts(settings, None)
        async with opened(settings) as submissions:
            return await work(submissions, actor)

    return asyncio.run(run())


def _act(home: Path | None, name: str | None, asked: tuple[str, str], work: Work) -> None:
    """Does something to a submission as whoever acts, which is audited (action, object), and tells what came of it."""
    settings = load_settings(home=home)

    async def run() -> dict[str, Any]:
        actor, who = await who_acts(settings, name)
        async with opened(settings) as submissions:
            with recorded(settings, *asked, who=who) as deed:
                shown = await work(submissions, actor)
                deed.note_version(shown)
                return shown

    _tell(asyncio.run(run()))


def _tell(submission: dict[str, Any]) -> None:
    version, words = submission["version"], _MADE.get(submission["state"])
    suffix = f" Version {version} is current {words} it." if words and version else ""
    typer.echo(f"Submission {submission['id']} is {submission['state']}.{suffix}", err=True)
