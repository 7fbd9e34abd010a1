"""What an update text may contain, and its operations one by one (SPARQL 1.1 Update, section 3).

Refused here: queries, ``SERVICE``, ``LOAD``, texts too long and too deeply nested. What is wrong with the syntax
otherwise is for the engine to say, which reads the text before it is taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest, LoadRefused, QuerySyntaxError, TooLarge, UpdateSyntaxError
from pedgraph.query.readings import refuse_what_reads_otherwise
from pedgraph.query.services import find_calls, judge_calls
from pedgraph.query.text import Form, refuse_depth, refuse_surrogates
from pedgraph.query.tokens import Token, nesting, position, tokens, unescaped
from pedgraph.store.operations import ALL, DEFAULT, NAMED, VARIABLE, Kind, Operation
from pedgraph.store.updating import check_syntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.settings import Settings

_VARIABLE: Final = re.compile(r"#[^\r\n]*|[?$]([\w\u00b7\u0300-\u036f\u203f\u2040]+)")
_COMMENT: Final = re.compile(r"#[^\r\n]*")
_PROLOGUE: Final = {"BASE": 2, "VERSION": 2, "PREFIX": 3}
_ON_GRAPHS: Final = frozenset({"CREATE", "CLEAR", "DROP"})
_TRANSFERS: Final = frozenset({"ADD", "COPY", "MOVE"})
_EVERY: Final = frozenset({DEFAULT, NAMED, ALL})


@dataclass(frozen=True)
class Dataset:
    """The graphs that ``using-graph-uri`` and ``using-named-graph-uri`` name (SPARQL 1.1 Protocol, section 2.2.3)."""

    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


def operations(text: str, dataset: Dataset, settings: Settings) -> list[Operation]:
    """The operations of an update text, after it was checked.

    Raises :class:`TooLarge`, :class:`UpdateSyntaxError`, :class:`QueryTooDeep`, :class:`ServiceRefused`,
    :class:`LoadRefused`, and :class:`BadRequest` where the text has clauses of its own that name a dataset.
    """
    text = unescaped(text)
    parts = list(_split(text, _checked(text, settings)))
    _check_syntax(text, parts)
    read = [_Reader(text, part.prologue, part.found).operation() for part in parts if part.found]
    return [_with_dataset(operation, dataset) for operation in read]


@dataclass(frozen=True)
class _Part:
    """What stands between two semicolons: the prologue in force, its places in the text, and an operation's tokens."""

    prologue: str
    places: tuple[tuple[int, int], ...]
    found: Sequence[Token]
    end: int


def _check_syntax(text: str, parts: Sequence[_Part]) -> None:
    first = next((part.found[0] for part in parts if part.found), None)
    if first is not None and first.text.upper() in Form.__members__:
        line, column = position(text, first.offset)
        detail = "This is a query; an update is expected here. Queries are answered at /sparql."
        raise UpdateSyntaxError(detail, line=line, column=column)
    if len({part.places for part in parts}) == 1:
        check_syntax(text, len(text) if first is None else first.offset)
        return
    # The engine takes a prologue at the beginning only, the standard before each operation. So they are read one by
    # one, all others being blanked out.
    for part in parts:
        begin = part.found[0].offset if part.found else part.end
        places = (*part.places, (begin, part.end))
        check_syntax(_only(text, places), begin)


def _only(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with all but some places blanked out, so that these stay where they are."""
    pieces: list[str] = []
    at = 0
    for begin, end in places:
        pieces += (re.sub(r"[^\r\n]", " ", text[at:begin]), text[begin:end])
        at = end
    return "".join(pieces)


def _checked(text: str, settings: Settings) -> list[Token]:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > settings.file_max_bytes:
        raise TooLarge(
            f"The update has {size:,} bytes; at most {settings.file_max_bytes:,} are read.",
            limit_bytes=settings.file_max_bytes,
        )
    refuse_surrogates(text)
    found = list(tokens(text))
    try:
        refuse_what_reads_otherwise(text, found)
    except QuerySyntaxError as error:
        raise UpdateSyntaxError(error.detail, **error.extensions) from None
    nothing_allowed = settings.model_copy(update={"service_endpoints": ""})
    judge_calls(find_calls(text, found, nothing_allowed), "", nothing_allowed)
    refuse_depth(text, found, settings.query_max_depth)
    return found


def _split(text: str, found: Sequence[Token]) -> Iterator[_Part]:
    prologue = ""
    places: tuple[tuple[int, int], ...] = ()
    for chunk, end in _chunks(text, found):
        rest = chunk
        while rest and rest[0].text.upper() in _PROLOGUE:
            length = _PROLOGUE[rest[0].text.upper()]
            last = rest[min(length, len(rest)) - 1]
            place = (rest[0].offset, last.offset + len(last.text))
            prologue += text[slice(*place)] + "\n"
            places = (*places, place)
            rest = rest[length:]
        yield _Part(prologue, places, rest, end)


def _chunks(text: str, found: Sequence[Token]) -> Iterator[tuple[list[Token], int]]:
    """Yields the tokens between semicolons that stand outside of all brackets, and the offset of their end."""
    chunk: list[Token] = []
    is_outside, end = True, 0
    for token, opened in nesting(found):
        if is_outside and ";" in _COMMENT.sub("", text[end : token.offset]):
            yield chunk, end
            chunk = []
        chunk.append(token)
        is_outside, end = not opened, token.offset + len(token.text)
    yield chunk, len(text)


def _with_dataset(operation: Operation, dataset: Dataset) -> Operation:
    if not (dataset.using or dataset.using_named):
        return operation
    if operation.with_graph or operation.using or operation.using_named:
        raise BadRequest(
            "The dataset is given twice: by using-graph-uri or using-named-graph-uri, and by WITH or USING in the text."
        )
    if operation.kind is not Kind.MODIFY:
        return operation
    using, named = (tuple(f"<{iri}>" for iri in iris) for iris in (dataset.using, dataset.using_named))
    return replace(operation, using=using, using_named=named)


class _Reader:
    """Reads one operation, token by token."""

    def __init__(self, text: str, prologue: str, found: Sequence[Token]) -> None:
        self._text = text
        self._prologue = prologue
        self._found = found
        self._at = 0

    def operation(self) -> Operation:
        word = self._word()
        if word == "LOAD":
            operation = self._load()
        elif word in _ON_GRAPHS:
            is_silent = self._take("SILENT")
            operation = Operation(Kind[word], self._prologue, is_silent, target=self._target())
        elif word in _TRANSFERS:
            is_silent = self._take("SILENT")
            source = self._graph()
            self._need("TO")
            operation = Operation(Kind[word], self._prologue, is_silent, source=source, target=self._graph())
        else:
            operation = self._modification(word)
        if self._at < len(self._found):
            raise self._unexpected()
        return operation

    def _load(self) -> Operation:
        if not self._take("SILENT"):
            line, column = position(self._text, self._found[0].offset)
            raise LoadRefused(
                "LOAD would make this server fetch a document, which it never does. Fetch it yourself and send it "
                "to /data.",
                line=line,
                column=column,
            )
        self._at = len(self._found)
        return Operation(Kind.LOAD, is_silent=True)

    def _target(self) -> str:
        for every in _EVERY:
            if self._take(every):
                return every
        self._need("GRAPH")
        return self._name()

    def _graph(self) -> str:
        if self._take(DEFAULT):
            return DEFAULT
        self._take("GRAPH")
        return self._name()

    def _modification(self, word: str) -> Operation:
        if word in {"INSERT", "DELETE"} and self._take("DATA"):
            kind = Kind[f"{word}_DATA"]
            block = self._block()
            data = {"insert": block} if word == "INSERT" else {"delete": block}
            return Operation(kind, self._prologue, **data)  # type: ignore[arg-type]
        if word == "DELETE" and self._take("WHERE"):
            at = self._at
            where = self._block()
            self._at = at
            delete, variables = self._template()
            return Operation(Kind.MODIFY, self._prologue, delete=delete, where=where, variables=variables)
        with_graph = ""
        if word == "WITH":
            with_graph = self._name()
            word = self._word()
        templates = {"DELETE": "", "INSERT": ""}
        names: set[str] = set()
        while word in {"DELETE", "INSERT"}:
            templates[word], variables = self._template()
            names.update(variables)
            word = self._word()
        using: tuple[list[str], list[str]] = ([], [])
        while word == "USING":
            using[self._take(NAMED)].append(self._name())
            word = self._word()
        if word != "WHERE":
            self._at -= 1
            raise self._unexpected()
        return Operation(
            Kind.MODIFY,
            self._prologue,
            delete=templates["DELETE"],
            insert=templates["INSERT"],
            where=self._block(),
            variables=tuple(sorted(names)),
            with_graph=with_graph,
            using=tuple(using[0]),
            using_named=tuple(using[1]),
        )

    def _template(self) -> tuple[str, tuple[str, ...]]:
        """A block with an IRI for each variable, and the names of these."""
        first = self._at
        self._block()
        pieces: list[str] = []
        names: set[str] = set()

        def as_iri(match: re.Match[str]) -> str:
            if not match[1]:
                return match[0]
            names.add(match[1])
            return f"<{VARIABLE}{match[1]}>"

        end = self._found[first].offset
        for token in self._found[first : self._at]:
            pieces += (_VARIABLE.sub(as_iri, self._text[end : token.offset]), token.text)
            end = token.offset + len(token.text)
        return "".join(pieces), tuple(sorted(names))

    def _block(self) -> str:
        """The text of what stands in the braces that open here."""
        if self._at >= len(self._found) or self._found[self._at].text != "{":
            raise self._unexpected()
        first = self._found[self._at]
        for token, opened in nesting(self._found[self._at :]):
            self._at += 1
            if not opened:
                return self._text[first.offset : token.offset + 1]
        raise self._unexpected()

    def _word(self) -> str:
        if self._at >= len(self._found) or self._found[self._at].kind != "word":
            raise self._unexpected()
        self._at += 1
        return self._found[self._at - 1].text.upper()

    def _take(self, word: str) -> bool:
        is_there = self._at < len(self._found) and self._found[self._at].is_word(word)
        self._at += is_there
        return is_there

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected()

    def _name(self) -> str:
        if self._at >= len(self._found) or self._found[self._at].kind not in {"iri", "prefixed"}:
            raise self._unexpected()
        self._at += 1
        return self._found[self._at - 1].text

    def _unexpected(self) -> UpdateSyntaxError:
        token = self._found[min(self._at, len(self._found) - 1)]
        line, column = position(self._text, token.offset)
        detail = f"'{token.text}' is not expected here. Keywords and names need a space between them."
        return UpdateSyntaxError(detail, line=line, column=column)
