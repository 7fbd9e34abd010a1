"""What accepting a submission would change: asked once per submission, its data and version, and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from pedgraph.intake.submissions.register import as_disk_error

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.intake.submissions.accepting import Acceptance
    from pedgraph.settings import Settings


class Previewer(Protocol):
    """Says what an acceptance would change in a version, as a JSON object."""

    async def __call__(
        self, acceptance: Acceptance, version: int, settings: Settings, language: str = ""
    ) -> dict[str, Any]:
        """Looks at one acceptance; ``acceptance.apply(edits)`` is what its publication would do."""
        ...


class Previews:
    """The previews that are kept in a folder; they may be removed at any time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self, name: str) -> dict[str, Any] | None:
        """A preview that is kept, or ``None``."""
        try:
            preview: dict[str, Any] = json.loads((self._directory / f"{name}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return preview

    def keep(self, name: str, preview: dict[str, Any]) -> None:
        """Keeps a preview in place of older ones of the same data; raises :class:`StoreError`, :class:`DiskFull`."""
        target = self._directory / f"{name}.json"
        work = target.with_suffix(".tmp")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            work.write_text(json.dumps(preview, ensure_ascii=False), encoding="utf-8")
            for older in self._directory.glob(f"{name.rpartition('-')[0]}-*.json"):
                older.unlink(missing_ok=True)
            work.replace(target)
        except OSError as error:
            raise as_disk_error(error, self._directory) from error

    def forget(self, submission: str) -> None:
        """Removes the previews of a submission, which name what it states."""
        for path in self._directory.glob(f"{submission}-*"):
            path.unlink(missing_ok=True)
