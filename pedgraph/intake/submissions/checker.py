"""What a register needs of a check, and who gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pedgraph.intake.checking.checks import Check
from pedgraph.intake.messages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pedgraph.intake.checking.service import CheckService


@dataclass(frozen=True)
class Asked:
    """A file to check: where its bytes lie, what it is called and said to be, for which graph, in place of which.

    ``data_path`` is where its statements are to be written as N-Triples.
    """

    path: Path
    file_name: str
    media_type: str
    graph: str
    replaces: str
    data_path: Path


class Checker(Protocol):
    """Checks files. The outcome is a JSON object with ``conforms``, ``counts``, ``statements`` and ``findings``."""

    async def __call__(self, asked: Asked) -> dict[str, Any]:
        """Checks one file; raises an error of ours where that cannot be done."""
        ...

    async def about(self, path: Path, file_name: str, media_type: str) -> Mapping[str, str]:
        """What a file says of itself: field of the sheet about it → value; empty for files without such a sheet."""
        ...


class ServiceChecker:
    """Checks files as anybody may have them checked, and has the findings told in all languages."""

    def __init__(self, service: CheckService) -> None:
        self._service = service

    async def __call__(self, asked: Asked) -> dict[str, Any]:
        """Checks one file; raises what :meth:`pedgraph.intake.checking.service.CheckService.run` does."""
        check = Check(
            asked.path,
            asked.file_name,
            asked.media_type,
            graph=asked.graph,
            replaces=asked.replaces,
            languages=LANGUAGES,
            data_path=asked.data_path,
        )
        return (await self._service.run(check)).as_json()

    async def about(self, path: Path, file_name: str, media_type: str) -> Mapping[str, str]:
        """What a file says of itself; raises what a check does."""
        check = Check(path, file_name, media_type, languages=(), without_rules=True)
        said = (await self._service.run(check)).about
        return {name: value for name, (value, _) in said.items()}
