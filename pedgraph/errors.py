"""The exception tree: what can go wrong, and what a client, a shell or a log may see of it.

Each class has a stable ``code`` (the last part of the problem type's IRI), an HTTP status and an exit code.
This module imports nothing of pedgraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBLEM_NAMESPACE = "https://w3id.org/pedgraph/problem/"

EXIT_DOES_NOT_CONFORM = 1
EXIT_ERROR = 2


class PedgraphError(Exception):
    """Root of all errors that pedgraph raises on purpose.

    ``detail`` is a sentence for the person who asked; ``extensions`` are further members of the problem
    document (RFC 9457, section 3.2): numbers, strings and lists only.
    """

    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong inside the server"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = EXIT_ERROR

    def __init__(self, detail: str, **extensions: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extensions = {name: value for name, value in extensions.items() if value is not None}

    def __str__(self) -> str:
        """The detail, with the place in front of it."""
        place = [str(self.extensions[key]) for key in ("source", "line", "column") if key in self.extensions]
        return ": ".join([":".join(place), self.detail]) if place else self.detail

    @property
    def headers(self) -> dict[str, str]:
        """Header fields that go with the HTTP answer."""
        return {}

    def as_problem(self) -> dict[str, object]:
        """The problem document of this error, as a JSON object (RFC 9457, section 3.1)."""
        return {
            "type": PROBLEM_NAMESPACE + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extensions,
        }


class BadRequest(PedgraphError):
    """The request is wrong in itself; sending it again will not help."""

    code = "bad-request"
    title = "The request is not well-formed"
    status = 400


class QuerySyntaxError(BadRequest):
    """The text is not a SPARQL 1.1 query. ``line`` and ``column`` count from 1 where they are known."""

    code = "query-syntax"
    title = "The query is not valid SPARQL"


class QueryTooDeep(BadRequest):
    """The query nests groups, brackets or parentheses deeper than the server evaluates."""

    code = "query-too-deep"
    title = "The query is nested too deeply"


class UpdateNotAllowed(BadRequest):
    """A SPARQL update was sent where only queries are answered."""

    code = "update-not-allowed"
    title = "This endpoint answers queries only"


class ServiceRefused(PedgraphError):
    """The query would make the server call another endpoint."""

    code = "service-refused"
    title = "Calls to other endpoints are not allowed"
    status = 403


class NotFound(PedgraphError):
    """There is nothing at this address, or nothing by this name."""

    code = "not-found"
    title = "Nothing here"
    status = 404


class VersionNotFound(NotFound):
    """No version of that number is kept."""

    code = "version-not-found"
    title = "There is no such version"


class ContextNotFound(NotFound):
    """A JSON-LD document names a context that does not come with pedgraph; none is ever fetched. ``iri`` names it."""

    code = "context-not-found"
    title = "The JSON-LD context is not known here"


class MethodNotAllowed(PedgraphError):
    """The address exists, but not for this method."""

    code = "method-not-allowed"
    title = "This method is not offered here"
    status = 405


class NotAcceptable(PedgraphError):
    """No media type that the client accepts can carry the answer; ``offered`` lists those that can."""

    code = "not-acceptable"
    title = "None of the accepted formats is offered"
    status = 406


class TooLarge(PedgraphError):
    """The request is larger than the server reads; ``limit_bytes`` says how much it does."""

    code = "too-large"
    title = "The request is too large"
    status = 413


class UnsupportedMediaType(PedgraphError):
    """The request's body is in a form that is not read here."""

    code = "unsupported-media-type"
    title = "This form of request body is not read here"
    status = 415


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


class TimeLimit(Unavailable):
    """The query ran longer than allowed and its reader was ended."""

    code = "time-limit"
    title = "The query took too long"


class MemoryLimit(Unavailable):
    """The query needed more memory than a reader may have, and its reader was ended."""

    code = "memory-limit"
    title = "The query needed too much memory"


class ReaderLost(Unavailable):
    """The reader process ended in the middle of the work for another reason than a limit."""

    code = "reader-lost"
    title = "The process that evaluated the query ended"


class CardTooLarge(Unavailable):
    """More is said about a thing than one card holds; ``limit_triples`` says how much it does."""

    code = "card-too-large"
    title = "There is too much for one card"


class NotReady(Unavailable):
    """There is no published version yet, or no reader could be started."""

    code = "not-ready"
    title = "The graph is not ready"


class InputError(PedgraphError):
    """A file is not what it should be. ``source``, ``line`` and ``column`` say where, if that is known."""

    code = "input-error"
    title = "The input cannot be read"
    status = 400


class OutputError(PedgraphError):
    """What was asked for cannot be written where it should go; ``source`` names the file or stream."""

    code = "output-error"
    title = "The output cannot be written"


class DoesNotConform(PedgraphError):
    """Data violate the shapes; ``findings`` say which node, which rule and how to mend it."""

    code = "does-not-conform"
    title = "The data do not conform"
    status = 422
    exit_code = EXIT_DOES_NOT_CONFORM

    def __init__(self, detail: str, *, findings: Sequence[dict[str, Any]]) -> None:
        super().__init__(detail, findings=list(findings))
        self.findings = findings


class SettingsError(PedgraphError):
    """A setting has an unknown name or a value that it cannot have."""

    code = "settings"
    title = "A setting is wrong"


class StoreError(PedgraphError):
    """The versions on disk cannot be read or written."""

    code = "store"
    title = "The store cannot be read or written"


class StoreLocked(StoreError):
    """Another process is publishing at this moment."""

    code = "store-locked"
    title = "Another publication is under way"
    status = 409
