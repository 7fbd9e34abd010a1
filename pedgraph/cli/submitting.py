"""Handing in a file from the command line, through the same service as the web.

Whoever may write to the home folder may do all.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pedgraph.cli.acting import recorded, who_acts
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.errors import EXIT_DOES_NOT_CONFORM, InputError
from pedgraph.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pedgraph.intake.submissions.service import Submissions
    from pedgraph.settings import Settings
    from pedgraph.wiring import Actor, Delivery

_CHUNK_BYTES = 1024 * 1024

HomeOption = Annotated[Path | None, typer.Option("--home", help="Folder of the versions (PEDGRAPH_HOME).")]
NameOption = Annotated[str | None, typer.Option("--as", help="Who does it; default: the name of the user.")]


# What is said of a file that is handed in, by whichever command.
TitleOption = Annotated[str, typer.Option("--title", help="A title for what is handed in.")]
CreatorOption = Annotated[
    str, typer.Option("--creator", help="The organisation that hands it in: its name, or its IRI.")
]
SourceTitleOption = Annotated[str, typer.Option("--source-title", help="The title of the source.")]
SourceUrlOption = Annotated[str, typer.Option("--source-url", help="Where the source can be read.")]
ReadOnOption = Annotated[str, typer.Option("--read-on", help="The day on which the source was read.")]
LicenceOption = Annotated[str, typer.Option("--licence", help="The address of the licence of the data.")]
SourcePublisherOption = Annotated[
    str, typer.Option("--source-publisher", help="Who publishes the source; default: the creator.")
]
SourceLicenceOption = Annotated[
    str, typer.Option("--source-licence", help="The licence of the source, if it states one.")
]
SourceRightsOption = Annotated[str, typer.Option("--source-rights", help="Other terms of the source, in words.")]
LanguageOption = Annotated[str, typer.Option("--language", help="The language of the titles; default: en.")]
ConfidenceOption = Annotated[str, typer.Option("--confidence", help="Who vouches for it; default: stated-by-other.")]
NoteOption = Annotated[str, typer.Option("--note", help="For the stewards; it is not published.")]
RevisesOption = Annotated[
    str, typer.Option("--revises", metavar="ID", help="The submission that this one is to replace.")
]


@dataclass(frozen=True)
class Asked:
    """A file to hand in, what it replaces, who hands it in, and what is said of it."""

    file: Path
    revises: str
    name: str | None
    delivery: Delivery


def submit(  # noqa: PLR0913 - each is an option of the command line
    file: Annotated[Path, typer.Argument(help="The file to hand in.")],
    *,
    title: TitleOption = "",
    creator: CreatorOption = "",
    source_title: SourceTitleOption = "",
    source_url: SourceUrlOption = "",
    read_on: ReadOnOption = "",
    licence: LicenceOption = "",
    source_publisher: SourcePublisherOption = "",
    source_licence: SourceLicenceOption = "",
    source_rights: SourceRightsOption = "",
    media_type: Annotated[str, typer.Option(help="The media type of the file; default: by its name.")] = "",
    language: LanguageOption = "",
    confidence: ConfidenceOption = "",
    note: NoteOption = "",
    revises: RevisesOption = "",
    name: NameOption = None,
    home: HomeOption = None,
) -> None:
    """Hand in a file and check it. Exit code 1: it breaks rules, and has to be revised.

    What is not said here is read from the sheet about the file, if it has one.
    """
    from pedgraph.wiring import Delivery

    delivery = Delivery(
        file.name, title, source_title, source_url, read_on, creator, licence,
        media_type, source_publisher=source_publisher, source_licence=source_licence, source_rights=source_rights,
        language=language, confidence=confidence, note=note,
    )  # fmt: skip
    hand_in(load_settings(home=home), Asked(file, revises, name, delivery))


def hand_in(settings: Settings, asked: Asked) -> None:
    """Hands a file in, checks it, and tells what came of it; exit code 1 where it breaks rules."""
    submission, findings, is_new = asyncio.run(_submit(settings, asked))
    _tell(submission, findings, is_new=is_new)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Submissions]:
    """The submissions of a home folder, without readers: nothing is asked."""
    from pedgraph import open_graph

    graph = open_graph(settings)
    async with graph.writes, graph.checks, graph.submissions:
        yield graph.submissions


async def _submit(settings: Settings, asked: Asked) -> tuple[dict[str, Any], dict[str, Any], bool]:
    actor, who = await who_acts(settings, asked.name)
    async with opened(settings) as submissions:
        with recorded(settings, "submit", who=who) as deed:
            received = await _receive(submissions, asked, actor)
            submission = received["submission"]
            deed.object = submission["id"]
        # It is on the disk; whatever the check comes to, its number is told.
        typer.echo(submission["id"])
        if submission["state"] == "received":
            submission = await submissions.check(submission["id"], actor)
        return submission, await submissions.findings(submission["id"], actor), received["is_new"]


async def _receive(submissions: Submissions, asked: Asked, actor: Actor) -> dict[str, Any]:
    with submissions.open_upload() as upload:
        try:
            with asked.file.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    upload.write(chunk)
        except OSError as error:
            raise InputError(f"It cannot be read: {error.strerror}.", source=str(asked.file)) from None
        if asked.revises:
            return await submissions.revise(asked.revises, upload, asked.delivery, actor)
        return await submissions.receive(upload, asked.delivery, actor)


def _tell(submission: dict[str, Any], report: dict[str, Any], *, is_new: bool) -> None:
    from pedgraph.cli.output import show_findings
    from pedgraph.intake.findings import Finding

    with until_nobody_reads():
        if not is_new:
            typer.echo(f"This file was handed in before, as {submission['id']}; nothing is kept twice.", err=True)
        findings = [Finding.from_json(members) for members in report["findings"]]
        show_findings(submission["file_name"], findings, to_stderr=True)
        typer.echo(f"Submission {submission['id']} is {submission['state']}.", err=True)
    if submission["state"] == "invalid":
        raise typer.Exit(EXIT_DOES_NOT_CONFORM)
