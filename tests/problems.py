"""Problem documents, wherever they stand: an answer of their own, or the page that a browser gets."""

from __future__ import annotations

import html
import json
from typing import Any

JSON_TYPE = "application/problem+json"
PAGE_TYPE = "text/html; charset=utf-8"


def read_problem(content_type: str, text: str) -> dict[str, Any] | None:
    """The problem document (RFC 9457) in the body of an answer; ``None`` where the type is one of neither."""
    if content_type == JSON_TYPE:
        document: dict[str, Any] = json.loads(text)
        return document
    if content_type != PAGE_TYPE:
        return None
    # A page has the document as well, for those who want to see what programs get.
    found: dict[str, Any] = json.loads(html.unescape(text.partition("<pre><code>")[2].partition("</code>")[0]))
    assert f'<span class="status">{found["status"]}</span> {html.escape(found["title"])}</h1>' in text
    return found
