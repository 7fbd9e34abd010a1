"""What has been answered already: whole answers kept in memory, and one computation at a time for each of them.

A version never changes, so an answer that is kept for its version, text, dataset and format stays right for ever. The
memory is bounded; what was not asked for longest goes first. It knows nothing of readers or requests.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from pedgraph.store.pool import ReadRequest
    from pedgraph.vocabulary.media import Choice

# What an entry takes besides its bytes, roughly: the key, the links of the order, the objects' heads.
_ENTRY_BYTES: Final = 500
_TAG_CHARACTERS: Final = 32

T = TypeVar("T")


def entity_tag(read: ReadRequest, choice: Choice, identity: str) -> str:
    """The strong entity tag of an answer, without its quotes: all that decides about its bytes, as a digest.

    ``identity`` is that of the version (:meth:`pedgraph.store.versions.Versions.identity`).
    """
    dataset = (read.default_graphs, read.named_graphs)
    parts = repr((identity, choice.content_type, read.with_byte_order_mark, dataset, read.query))
    return hashlib.sha256(parts.encode()).hexdigest()[:_TAG_CHARACTERS]


def _size(content: bytes) -> int:
    return len(content) + _ENTRY_BYTES


class AnswerCache:
    """Whole answers by their key, of at most ``max_bytes`` together; none are kept where that is 0."""

    def __init__(self, max_bytes: int) -> None:
        self._kept: LRUCache[str, bytes] = LRUCache(max(max_bytes, 1), getsizeof=_size)

    def get(self, key: str) -> bytes | None:
        """The answer of this key, or ``None`` where it is not kept."""
        return self._kept.get(key)

    def put(self, key: str, content: bytes) -> None:
        """Keeps an answer, unless it is larger than the whole cache."""
        if _size(content) <= self._kept.maxsize:
            self._kept[key] = content


@dataclass
class _Work(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class SharedWork(Generic[T]):
    """Work that several may ask for at one time and that is done once for all of them.

    It belongs to nobody: it goes on while anyone waits for it, and is cancelled when the last one has gone.
    """

    def __init__(self, discard: Callable[[T], Awaitable[None]]) -> None:
        """``discard`` gets a result that came when nobody waited for it any more."""
        self._discard = discard
        self._under_way: dict[str, _Work[T]] = {}

    async def do(self, key: str, work: Callable[[], Coroutine[object, object, T]]) -> T:
        """The result of the work, begun here or joined where it is under way; raises what the work raises."""
        joined = self._under_way.get(key)
        if joined is None:
            shared = self._under_way[key] = _Work(asyncio.ensure_future(work()))
            shared.task.add_done_callback(lambda _: self._forget(key, shared))
        else:
            shared = joined
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        except asyncio.CancelledError:
            if shared.waiting == 1:
                await self._abandon(key, shared)
            raise
        finally:
            shared.waiting -= 1

    async def _abandon(self, key: str, shared: _Work[T]) -> None:
        # Whoever asks from now on must not join what is being cancelled.
        self._forget(key, shared)
        shared.task.cancel()
        outcomes = await asyncio.gather(shared.task, return_exceptions=True)
        for outcome in outcomes:
            if not isinstance(outcome, BaseException):
                await self._discard(outcome)

    def _forget(self, key: str, shared: _Work[T]) -> None:
        if self._under_way.get(key) is shared:
            del self._under_way[key]
