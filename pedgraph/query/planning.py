"""Plans of queries, for those who want to know how the engine goes about them."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import Busy, QueryTooDeep
from pedgraph.query.text import check
from pedgraph.store.plan import ENGINE, PlanRequest, engine_version, make_plan
from pedgraph.store.register import digest
from pedgraph.vocabulary.media import CSV, N_TRIPLES

if TYPE_CHECKING:
    from pedgraph.query.running import QueryRequest
    from pedgraph.query.text import CheckedQuery
    from pedgraph.settings import Settings
    from pedgraph.store.versions import Versions

# Each is a process besides the readers, so there is one at a time.
_AT_ONCE = 1
_DEEPEST: Final = 200
# The engine numbers the variables that it makes up at random.
_MADE_UP: Final = re.compile(r"\?[0-9a-f]{28,32}\b")


@dataclass(frozen=True)
class Plan:
    """The plan of a query; ``tree`` is a JSON object of operators. ``notes`` say what it does not reflect."""

    query: str
    version: int
    engine_version: str
    planning_seconds: float
    tree: dict[str, Any]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The plan as a JSON object."""
        return {
            "query": self.query,
            "version": self.version,
            "engine": {"name": ENGINE, "version": self.engine_version},
            "planning_seconds": self.planning_seconds,
            "plan": self.tree,
            "notes": list(self.notes),
        }


class Planner:
    """Makes plans, one at a time."""

    def __init__(self, settings: Settings, versions: Versions) -> None:
        self._settings = settings
        self._versions = versions
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def plan(self, request: QueryRequest, *, with_statistics: bool = False) -> Plan:
        """The plan of a query; with statistics it is run over its version, within the limits of a query.

        Raises the errors of :func:`pedgraph.query.text.check` and :func:`pedgraph.store.plan.make_plan`,
        :class:`VersionNotFound`, and :class:`Busy` where others are being made for too long.
        """
        checked = await asyncio.to_thread(check, request.text, self._settings)
        version = self._versions.current() if request.version is None else request.version
        self._versions.store_directory(version)
        longest_seconds = self._settings.query_deadline_seconds
        wanted = PlanRequest(
            query=request.text,
            media_type=(N_TRIPLES if checked.form.gives_graph else CSV).media_type,
            directory=self._versions.directory(version) if with_statistics else None,
            timeout_seconds=min(longest_seconds, request.timeout_seconds or longest_seconds),
            memory_bytes=self._settings.reader_memory_bytes,
        )
        await self._wait_for_turn()
        try:
            made = await make_plan(wanted)
        finally:
            self._turn.release()
        return Plan(
            query=digest(request.text),
            version=version,
            engine_version=engine_version(),
            planning_seconds=made["planning duration in seconds"],
            tree=_tree(made["plan"], {}, 1),
            notes=tuple(_notes(request, checked)) if with_statistics else (),
        )

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise Busy("Other plans are being made, one at a time.", retry_after_seconds=1) from None


def _tree(node: dict[str, Any], renamed: dict[str, str], depth: int) -> dict[str, Any]:
    """A step of the engine's plan in our words; variables that it made up are numbered as they come."""
    if depth > _DEEPEST:
        raise QueryTooDeep(f"The plan of this query has more than {_DEEPEST} steps one within the other.")

    def rename(found: re.Match[str]) -> str:
        return renamed.setdefault(found[0], f"?_{len(renamed) + 1}")

    operator, bracket, detail = _MADE_UP.sub(rename, node["name"]).partition("(")
    members: dict[str, Any] = {"operator": operator, "detail": detail[:-1] if bracket else ""}
    if "number of results" in node:
        members["results"] = node["number of results"]
        members["seconds"] = node["duration in seconds"]
    members["children"] = [_tree(child, renamed, depth + 1) for child in node["children"]]
    return members


def _notes(request: QueryRequest, checked: CheckedQuery) -> list[str]:
    """What the numbers leave out: the engine's command knows no dataset parameters and merges no graphs."""
    if request.default_graphs or request.named_graphs:
        return [
            "default-graph-uri and named-graph-uri are not reflected: the numbers are those of the query "
            "with the dataset that its text names, or of the version's default dataset."
        ]
    if len(checked.default_graphs or ()) > 1:
        return [
            "The graphs of several FROM clauses were joined, not merged: "
            "a triple that stands in two of them counts twice here, and once in the answer."
        ]
    return []
