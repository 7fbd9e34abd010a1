"""Checking a file from the command line, by the same service as on the web."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph.cli.streams import read_input, source_name
from pedgraph.errors import PedgraphError
from pedgraph.intake.checking.checks import Check
from pedgraph.intake.checking.service import CheckService

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.intake.checking.checks import Checked
    from pedgraph.settings import Settings


def check_inputs(
    files: Iterable[tuple[str, str]], settings: Settings, language: str
) -> Iterator[Checked | PedgraphError]:
    """Checks files one after the other in the same process: pairs of a file, ``-`` for the standard input, and the
    media type that it is said to be of. Yields for each what came of it, or why it could not be checked.
    """
    with asyncio.Runner() as runner:
        service = CheckService(settings)
        try:
            for file, media_type in files:
                check = Check(Path(), source_name(file), media_type, languages=(language,))
                yield runner.run(_check_input(service, file, check, settings))
        finally:
            runner.run(service.__aexit__())


async def _check_input(service: CheckService, file: str, check: Check, settings: Settings) -> Checked | PedgraphError:
    try:
        content = read_input(file, max_bytes=settings.file_max_bytes)
        with tempfile.NamedTemporaryFile(prefix="pedgraph-") as copy:
            copy.write(content)
            copy.flush()
            return await service.run(replace(check, path=Path(copy.name)))
    except PedgraphError as error:
        return error
