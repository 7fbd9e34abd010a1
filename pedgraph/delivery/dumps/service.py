"""Dumps as a service: the files of a version, made when somebody first asks for any of them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from pedgraph.delivery.dumps.making import LIST_NAME
from pedgraph.delivery.dumps.names import FOLDER, LIST_OF_MADE
from pedgraph.errors import NotFound, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.delivery.dumps.workshop import Workshop
    from pedgraph.delivery.made import MadeFiles
    from pedgraph.store.versions import Versions


class Dumps:
    """The files of versions. All methods raise :class:`VersionNotFound`, :class:`VersionGone`, and what
    :meth:`pedgraph.delivery.dumps.workshop.Workshop.carry_out` and ``made`` do.
    """

    def __init__(self, versions: Versions, made: MadeFiles, workshop: Workshop) -> None:
        self._versions = versions
        self._made = made
        self._workshop = workshop

    async def listed(self, version: int) -> dict[str, Any]:
        """The list of all files of a version with sizes and checksums, as JSON, after they were made if need be."""
        path = await self._list(version)
        try:
            found: dict[str, Any] = json.loads(await asyncio.to_thread(path.read_text, encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"The list of the files of version {version} cannot be read: {error}.") from error
        return found

    async def file(self, version: int, name: str) -> tuple[Path, dict[str, Any]]:
        """A file of a version, what the list says of it, and under which licences it is; raises :class:`NotFound` for a
        name that is not there.
        """
        listed = await self.listed(version)
        found = next((each for each in listed["files"] if each["name"] == name), None)
        if found is None:
            known = [each["name"] for each in listed["files"]]
            raise NotFound(
                f"There is no file '{name[:100]}' of version {version}. There are: {', '.join(known)}.", known=known
            )
        return self._made.path(version, f"{FOLDER}/{name}"), {**found, "licences": listed["licences"]}

    async def _list(self, version: int) -> Path:
        async def make(work: Path) -> None:
            folder = self._versions.store_directory(version).parent
            await self._workshop.carry_out({"version_folder": str(folder), "folder": str(work.parent)})
            await asyncio.to_thread((work.parent / LIST_NAME).rename, work)

        # The list is moved to its name last, so that where it is, all other files are whole.
        path = self._made.path(version, LIST_OF_MADE)
        if path.is_file():
            return path
        return await self._workshop.made(str(path), lambda: self._made.file(version, LIST_OF_MADE, make))
