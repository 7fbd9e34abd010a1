"""People on the pages: browsers without scripts, each with a session of its own."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from tests.staff import SUBMISSION, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

COOKIE = "pedgraph-session"
PAGE = "text/html; charset=utf-8"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


@dataclass
class Visitor:
    """Somebody on the pages, who may be signed in."""

    client: httpx.Client
    form_token: str = ""

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Opens a page."""
        return self.client.get(path, **more)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form of this session."""
        return self.client.post(path, data={"form_token": self.form_token, **fields})

    def send(self, path: str, content: bytes, file_name: str = "district.ttl", **fields: str) -> httpx.Response:
        """Sends a form with a file."""
        said = {} if path == "/contribute/check" else {**SUBMISSION, "form_token": self.form_token}
        values = {**said, **fields}
        return self.client.post(path, data=values, files={"file": (file_name, content)})

    def submit(self, content: bytes, **fields: str) -> str:
        """Submits a file; gives the path of the page about it."""
        answer = self.send("/contribute/submissions", content, **fields)
        assert answer.status_code == 303, shown(answer)
        return str(answer.next_request.url.path) if answer.next_request else ""


@contextmanager
def visiting(staff: Staff, name: str = "", **more: Any) -> Iterator[Visitor]:  # noqa: ANN401
    """A browser in which somebody is signed in, or nobody."""
    with httpx.Client(base_url=staff.server.url, timeout=120, **more) as client:
        visitor = Visitor(client)
        if name:
            answer = client.post("/contribute/sign-in", data={"key": staff.tokens[name]})
            assert answer.status_code == 303, shown(answer)
            visitor.form_token = token_of(client.get("/contribute"))
        yield visitor


def token_of(answer: httpx.Response) -> str:
    """The token in the forms of a page."""
    found = _TOKEN.search(answer.text)
    assert found is not None, answer.text
    return found[1]


def shown(answer: httpx.Response) -> tuple[int, str]:
    """The status of a page and its heading."""
    assert answer.headers["content-type"] == PAGE, answer.headers
    found = _HEADING.search(answer.text)
    assert found is not None, answer.text
    return answer.status_code, found[1]
