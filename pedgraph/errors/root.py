"""The root of the exception tree: what a client, a shell or a log may see of an error."""

from __future__ import annotations

from typing import ClassVar

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
