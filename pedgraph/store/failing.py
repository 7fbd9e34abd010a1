"""Why a reader cannot answer."""

from __future__ import annotations


class Failure(Exception):
    """The query cannot be answered; ``members`` go into the error frame as they are."""

    def __init__(self, code: str, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.members = {"code": code, "detail": detail, **members}
