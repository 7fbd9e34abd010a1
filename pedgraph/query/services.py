"""Calls to other endpoints (SPARQL 1.1 Federated Query): which of them a query text makes, and which are allowed.

The engine reads a text otherwise than the standard in places: it takes ``SERVICESILENT`` and ``SERVICEx:y`` apart. What
it may take for a call counts as one here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from pedgraph.errors import ServiceRefused
from pedgraph.query.tokens import Token, position, tokens, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.settings import Settings

_COMMENT: Final = re.compile(r"#[^\r\n]*")
_SERVICE: Final = "SERVICE"


class Calls(Enum):
    """What the calls in a query lead to: there are none, all fail silently, or all go to allowed endpoints."""

    NONE = "none"
    SILENT = "silent"
    ALLOWED = "allowed"


@dataclass(frozen=True)
class Call:
    """A call: its place in a source text, its endpoint as written (``None`` for a variable), whether it is silent."""

    source: str
    offset: int
    endpoint: str | None
    is_silent: bool

    def refused(self, detail: str) -> ServiceRefused:
        """The error that refuses it, with its place."""
        line, column = position(self.source, self.offset)
        return ServiceRefused(detail, line=line, column=column)


def find_calls(text: str, found: Sequence[Token], settings: Settings) -> list[Call]:
    """The calls of a text, given with its tokens.

    Raises :class:`ServiceRefused` where no call at all could be allowed, and where escapes hide one.
    """
    calls = list(_calls(text, found))
    if "\\u" in text or "\\U" in text:
        plain = unescaped(text)
        hidden = list(_calls(plain, list(tokens(plain))))
        if len(hidden) > len(calls):
            raise hidden[0].refused(_refusal(settings))
    if calls and not settings.service_endpoints and settings.default_graph == "merged":
        raise calls[0].refused(_refusal(settings))
    return calls


def judge_calls(calls: Sequence[Call], prologue: str, settings: Settings) -> Calls:
    """What the calls lead to, whose endpoints are read with the prologue of their query.

    Raises :class:`ServiceRefused` for the first that may not be made.
    """
    if not calls:
        return Calls.NONE
    allowed = frozenset(settings.service_endpoints.split())
    refused = [call for call in calls if call.endpoint is None or _resolve(call.endpoint, prologue) not in allowed]
    if not refused:
        return Calls.ALLOWED
    # A store without network evaluates such a call as the standard says: to one empty solution.
    if settings.default_graph == "plain" and all(call.is_silent for call in calls) and len(refused) == len(calls):
        return Calls.SILENT
    raise refused[0].refused(_refusal(settings))


def _refusal(settings: Settings) -> str:
    if settings.service_endpoints:
        names = ", ".join(f"<{name}>" for name in settings.service_endpoints.split())
        return f"SERVICE may call only these endpoints here, each named by its constant IRI: {names}."
    return (
        "SERVICE would make this server call another one, which it never does. "
        "Query the other endpoint yourself, or federate from a client of your own."
    )


def _calls(source: str, found: Sequence[Token]) -> Iterator[Call]:
    for index, (token, following) in enumerate(pairwise([*found, Token("other", "", len(source))])):
        if not _may_call(source, token, following):
            continue
        silent = following.is_word("SILENT")
        at = index + 2 if silent else index + 1
        before = following if silent else token
        endpoint = found[at] if token.is_word(_SERVICE) and at < len(found) else None
        is_name = endpoint is not None and endpoint.kind in {"iri", "prefixed"}
        name = endpoint.text if endpoint and is_name and _stand_together(source, before, endpoint) else None
        yield Call(source, token.offset, name, silent or token.text.upper().startswith(_SERVICE + "SILENT"))


def _may_call(source: str, token: Token, following: Token) -> bool:
    """Whether the engine may take a token for the beginning of a call, in one with what comes before or after it."""
    if token.kind == "word":
        return _SERVICE in token.text.upper()
    if token.kind != "prefixed" or _SERVICE not in token.text.partition(":")[0].upper():
        return False
    return following.text == "{" and _stand_together(source, token, following)


def _stand_together(source: str, first: Token, second: Token) -> bool:
    """Whether nothing but white space and comments is between two tokens; variables and separators are no tokens."""
    return not _COMMENT.sub("", source[first.offset + len(first.text) : second.offset]).strip()


def _resolve(name: str, prologue: str) -> str:
    """The IRI that a name stands for; empty where it cannot be read."""
    try:
        # Turtle resolves prefixes and bases as SPARQL does.
        (quad,) = parse(f"{prologue} <urn:x:service> <urn:x:is> {name} .", RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        return ""
    return quad.object.value if isinstance(quad.object, NamedNode) else ""
