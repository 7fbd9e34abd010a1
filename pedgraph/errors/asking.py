"""What is wrong with a request: the client has to change something."""

from __future__ import annotations

from pedgraph.errors.root import PedgraphError


class BadRequest(PedgraphError):
    """The request is wrong in itself; sending it again will not help."""

    code = "bad-request"
    title = "The request is not well-formed"
    status = 400


class QuerySyntaxError(BadRequest):
    """The text is not a SPARQL 1.1 query. ``line`` and ``column`` count from 1 where they are known."""

    code = "query-syntax"
    title = "The query is not valid SPARQL"


class UpdateSyntaxError(BadRequest):
    """The text is not a SPARQL 1.1 update. ``line`` and ``column`` count from 1 where they are known."""

    code = "update-syntax"
    title = "The update is not valid SPARQL"


class QueryFailed(PedgraphError):
    """The query is valid SPARQL, but the engine cannot evaluate it: it calls a function that is not offered, say."""

    code = "query-failed"
    title = "The query cannot be evaluated"
    status = 422


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


class LoadRefused(PedgraphError):
    """The update would make the server fetch a document."""

    code = "load-refused"
    title = "Documents are not fetched"
    status = 403


class Unauthorized(PedgraphError):
    """No key came with the request, or one that is not known."""

    code = "unauthorized"
    title = "A key is needed here"
    status = 401

    @property
    def headers(self) -> dict[str, str]:
        """Says how to prove who one is (RFC 6750, section 3)."""
        return {"WWW-Authenticate": 'Bearer realm="pedgraph"'}


class WritesOff(PedgraphError):
    """Nobody may write here, because no admin key is set."""

    code = "writes-off"
    title = "Writing is switched off here"
    status = 403


class GraphNotWritable(PedgraphError):
    """The graph is made by the server itself; ``graph`` names it."""

    code = "graph-not-writable"
    title = "This graph cannot be written to"
    status = 403


class NotFound(PedgraphError):
    """There is nothing at this address, or nothing by this name."""

    code = "not-found"
    title = "Nothing here"
    status = 404


class VersionNotFound(NotFound):
    """There never was such a version; ``kept`` lists the numbers of those that there are."""

    code = "version-not-found"
    title = "There is no such version"


class PageGone(PedgraphError):
    """A page of the change feed was replaced by one at another address."""

    code = "page-gone"
    title = "The page has another address now"
    status = 410


class VersionGone(PedgraphError):
    """The version was pruned; ``kept`` lists the numbers of those that are not."""

    code = "version-gone"
    title = "This version is not kept any more"
    status = 410


class ContextNotFound(NotFound):
    """A JSON-LD document names a context that does not come with pedgraph; none is ever fetched. ``iri`` names it."""

    code = "context-not-found"
    title = "The JSON-LD context is not known here"


class MethodNotAllowed(PedgraphError):
    """The address exists, but not for this method."""

    code = "method-not-allowed"
    title = "This method is not offered here"
    status = 405

    def __init__(self, detail: str, *, allowed: str = "") -> None:
        super().__init__(detail)
        self._allowed = allowed

    @property
    def headers(self) -> dict[str, str]:
        """Names the methods that are (RFC 9110, section 10.2.1)."""
        return {"Allow": self._allowed} if self._allowed else {}


class NotAcceptable(PedgraphError):
    """No media type that the client accepts can carry the answer; ``offered`` lists those that can."""

    code = "not-acceptable"
    title = "None of the accepted formats is offered"
    status = 406


class PreconditionFailed(PedgraphError):
    """What the client asks to hold before its request is carried out does not hold."""

    code = "precondition-failed"
    title = "A condition of the request does not hold"
    status = 412


class TooLarge(PedgraphError):
    """The request is larger than the server reads; ``limit_bytes`` says how much it does."""

    code = "too-large"
    title = "The request is too large"
    status = 413


class RangeNotSatisfiable(PedgraphError):
    """The part of a file that the client asks for begins after its end; ``size_bytes`` says how long the file is."""

    code = "range-not-satisfiable"
    title = "The file has no such part"
    status = 416

    def __init__(self, detail: str, size_bytes: int) -> None:
        super().__init__(detail, size_bytes=size_bytes)
        self._size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        """Says how long the file is (RFC 9110, section 14.4)."""
        return {"Content-Range": f"bytes */{self._size_bytes}", "Accept-Ranges": "bytes"}


class UnsupportedMediaType(PedgraphError):
    """The request's body is in a form that is not read here."""

    code = "unsupported-media-type"
    title = "This form of request body is not read here"
    status = 415


class Forbidden(PedgraphError):
    """Who asks is known, but their role does not allow it."""

    code = "forbidden"
    title = "Your key does not allow this"
    status = 403


class StaleForm(Forbidden):
    """A form on a page is of a session that has ended, or comes from another site."""

    code = "stale-form"
    title = "This form does not hold any more"


class Conflict(PedgraphError):
    """What is asked for does not fit the state that the thing is in; ``state`` names it."""

    code = "conflict"
    title = "It is not in a state in which this can be done"
    status = 409


class Withdrawn(PedgraphError):
    """A submission was withdrawn; a tombstone is all that is left of it."""

    code = "withdrawn"
    title = "The submission was withdrawn"
    status = 410


class ThingWithdrawn(PedgraphError):
    """Nothing is said any more about a thing that was described once; the members are its tombstone.

    ``links`` is the value of a ``Link`` field that leads to what was said.
    """

    code = "thing-withdrawn"
    title = "This was withdrawn"
    status = 410

    def __init__(self, detail: str, *, links: str = "", **tombstone: object) -> None:
        super().__init__(detail, **tombstone)
        self._links = links

    @property
    def headers(self) -> dict[str, str]:
        """Leads to what was said (RFC 7089, section 4.5.2)."""
        return {"Link": self._links} if self._links else {}


class UploadCut(BadRequest):
    """The connection ended before the upload did; nothing of it was kept."""

    code = "upload-cut"
    title = "The upload ended too early"
