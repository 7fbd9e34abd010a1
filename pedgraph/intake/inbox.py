"""Where files of somebody else's lie while they are received and checked: one folder for each, gone afterwards.

The folders are in ``inbox`` below the home folder, and belong to the processes that work in them.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from pedgraph.errors import DiskFull, StoreError
from pedgraph.store.abandoned import own_folder, remove_abandoned
from pedgraph.store.candidates import is_full

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

FOLDER: Final = "inbox"
_OWNER_ONLY: Final = 0o700


class Inbox:
    """The folders for files that come in. Everything here may wait for the disk."""

    def __init__(self, home: Path) -> None:
        self._folder = home.absolute() / FOLDER

    @contextmanager
    def place(self) -> Iterator[Path]:
        """An empty folder for one file and what is made of it; removed in the end with all that is still in it.

        Raises :class:`StoreError`, and :class:`DiskFull` where there is no room.
        """
        with ExitStack() as stack:
            try:
                self._folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
                path = stack.enter_context(own_folder(self._folder))
            except OSError as error:
                if is_full(error):
                    raise DiskFull("There is no room on the disk for another file.") from error
                raise StoreError(f"{self._folder} cannot be used: {error}.") from error
            yield path

    def clean_up(self) -> int:
        """Removes what processes have left behind that are gone; gives the number of folders."""
        removed = remove_abandoned(self._folder)
        if removed:
            log.info("%d files were removed that had not been received or checked to the end", removed)
        return removed
