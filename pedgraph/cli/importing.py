"""Handing in what other databases answer to programs: it is converted where every file is read, when it is checked."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pedgraph.cli.streams import STDIN, open_output, read_input, until_nobody_reads
from pedgraph.cli.submitting import (
    Asked,
    ConfidenceOption,
    CreatorOption,
    HomeOption,
    LanguageOption,
    LicenceOption,
    NameOption,
    NoteOption,
    ReadOnOption,
    RevisesOption,
    SourceLicenceOption,
    SourcePublisherOption,
    SourceRightsOption,
    SourceTitleOption,
    SourceUrlOption,
    TitleOption,
    hand_in,
)
from pedgraph.errors import EXIT_DOES_NOT_CONFORM, InputError
from pedgraph.settings import load_settings
from pedgraph.vocabulary.media import N_TRIPLES, TURTLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.intake.checking.checks import Checked
    from pedgraph.settings import Settings

_ARCHIVE = "ped-eu-net.zip"
_LANGUAGE = "en"
# Every line of N-Triples is Turtle, too (RDF 1.1 N-Triples, section 1).
_SUFFIXES = (N_TRIPLES.suffix, TURTLE.suffix)
_HELP = """Hand in answers of the PED Database: everything, case-studies, projects, and meta. Several files are one
submission. Exit code 1: what they become breaks rules.

The answers state no licence and no date, so none is assumed: say them as for submit.
"""

app = typer.Typer(help="Hand in what other databases answer.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@dataclass(frozen=True)
class _File:
    """One file to hand in, made of all that were named."""

    path: Path
    name: str
    media_type: str


@app.command("ped-eu-net", help=_HELP)
def ped_eu_net(  # noqa: PLR0913 - each is an option of the command line
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Answers of the PED Database, as JSON.")],
    *,
    check_only: Annotated[
        bool, typer.Option("--check-only", help="Only show the findings, and hand nothing in.")
    ] = False,
    output: Annotated[str, typer.Option("--output", "-o", help="File (.nt, .ttl) for the data that it becomes.")] = "",
    title: TitleOption = "",
    creator: CreatorOption = "",
    source_title: SourceTitleOption = "",
    source_url: SourceUrlOption = "",
    read_on: ReadOnOption = "",
    licence: LicenceOption = "",
    source_publisher: SourcePublisherOption = "",
    source_licence: SourceLicenceOption = "",
    source_rights: SourceRightsOption = "",
    language: LanguageOption = "",
    confidence: ConfidenceOption = "",
    note: NoteOption = "",
    revises: RevisesOption = "",
    name: NameOption = None,
    home: HomeOption = None,
) -> None:
    """Hands in answers of the PED Database, or only checks them."""
    from pedgraph.wiring import Delivery

    settings = load_settings(home=home)
    _verify_output(output)
    with _one_file(files, settings) as file:
        if output or check_only:
            _check(file, settings, output)
        if check_only:
            return
        delivery = Delivery(
            file.name, title, source_title, source_url, read_on, creator, licence,
            file.media_type, source_publisher=source_publisher, source_licence=source_licence,
            source_rights=source_rights, language=language, confidence=confidence, note=note,
        )  # fmt: skip
        hand_in(settings, Asked(file.path, revises, name, delivery))


def _verify_output(output: str) -> None:
    if output and Path(output).suffix not in _SUFFIXES:
        raise InputError(f"Let the name of this file end in {' or '.join(_SUFFIXES)}.", source=output)


@contextmanager
def _one_file(files: Sequence[Path], settings: Settings) -> Iterator[_File]:
    """The file itself, or an archive of several."""
    from pedgraph.intake.importing.archives import ZIP, pack
    from pedgraph.intake.importing.reading import JSON
    from pedgraph.intake.importing.recognising import PROFILE

    contents = [(name, read_input(str(file), max_bytes=settings.file_max_bytes)) for name, file in _named(files)]
    with tempfile.TemporaryDirectory(prefix="pedgraph-") as folder:
        path = Path(folder) / "file"
        if len(contents) == 1:
            name, content = contents[0]
            path.write_bytes(content)
            yield _File(path, name, JSON + PROFILE)
        else:
            pack(contents, path)
            yield _File(path, _ARCHIVE, ZIP + PROFILE)


def _named(files: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """The files with names of their own: two of one name get that of their folder in front, or a number."""
    names = Counter(file.name for file in files)
    given: set[str] = set()
    for number, file in enumerate(files, start=1):
        name = "stdin.json" if str(file) == STDIN else file.name
        if names[file.name] > 1:
            name = f"{file.resolve().parent.name}-{file.name}"
        if name in given:
            name = f"{number}-{name}"
        given.add(name)
        yield name, file


def _check(file: _File, settings: Settings, output: str) -> None:
    """Tells the findings, and writes the data where that is wanted; exit code 1 where they may not be published."""
    from pedgraph.cli.findings import show_told
    from pedgraph.delivery.findings.files import told_file

    data_path = file.path.with_name("data.nt")
    checked = asyncio.run(_checked(file, settings, data_path))
    with until_nobody_reads():
        show_told([told_file(checked.as_json(), _LANGUAGE, file.name)])
    if output:
        with open_output(output) as opened:
            opened.write(data_path.read_bytes() if data_path.exists() else b"")
    if not checked.conforms:
        raise typer.Exit(EXIT_DOES_NOT_CONFORM)


async def _checked(file: _File, settings: Settings, data_path: Path) -> Checked:
    from pedgraph.intake.checking.checks import Check
    from pedgraph.intake.checking.service import CheckService

    check = Check(file.path, file.name, file.media_type, languages=(_LANGUAGE,), data_path=data_path)
    async with CheckService(settings) as service:
        return await service.run(check)
