"""What the server cannot do now, or not within its limits."""

from __future__ import annotations

from pedgraph.errors.root import PedgraphError


class Unavailable(PedgraphError):
    """The server cannot answer this now; nothing is wrong with the request itself."""

    code = "unavailable"
    title = "The server cannot answer now"
    status = 503


class Busy(Unavailable):
    """All readers are at work and the queue is full, or waiting took too long."""

    code = "busy"
    title = "The server is busy"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail, retry_after_seconds=retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        """Says when to come back (RFC 9110, section 10.2.3)."""
        return {"Retry-After": str(self.retry_after_seconds)}


class BeingMade(Busy):
    """What is asked for takes a while to make, and that goes on meanwhile."""

    code = "being-made"
    title = "This is still being made"


class TooManyQueries(Busy):
    """One client has as many queries under way as one client may; ``limit`` says how many these are."""

    code = "too-many-queries"
    title = "Too many queries at a time"
    status = 429

    def __init__(self, detail: str, *, retry_after_seconds: int, limit: int) -> None:
        super().__init__(detail, retry_after_seconds=retry_after_seconds)
        self.extensions["limit"] = limit


class TimeLimit(Unavailable):
    """The query ran longer than allowed and its reader was ended."""

    code = "time-limit"
    title = "The query took too long"


class MemoryLimit(Unavailable):
    """The query needed more memory than a reader may have, and its reader was ended."""

    code = "memory-limit"
    title = "The query needed too much memory"


class AnswerTooLarge(Unavailable):
    """The answer is larger than answers may be; ``limit_bytes`` says how large."""

    code = "answer-too-large"
    title = "The answer is too large"


class QueryCancelled(Unavailable):
    """Somebody who runs the server ended the query."""

    code = "query-cancelled"
    title = "The query was cancelled"


class ReaderLost(Unavailable):
    """The reader process ended in the middle of the work for another reason than a limit."""

    code = "reader-lost"
    title = "The process that evaluated the query ended"


class ServiceFailed(PedgraphError):
    """Another endpoint, which the query calls and may call, did not answer as it should."""

    code = "service-failed"
    title = "An endpoint that the query calls failed"
    status = 502


class CardTooLarge(Unavailable):
    """More is said about a thing than one card holds; ``limit_triples`` says how much it does."""

    code = "card-too-large"
    title = "There is too much for one card"


class NotReady(Unavailable):
    """There is no published version yet, or no reader could be started."""

    code = "not-ready"
    title = "The graph is not ready"
