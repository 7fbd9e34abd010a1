"""What a query text may contain, and what can be known of it before it is evaluated.

Refused here: updates, ``SERVICE`` (calls to other endpoints) where it is not allowed, texts too long and too deeply
nested. What is wrong with the syntax otherwise is for the engine to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from pedgraph.errors import (
    BadRequest,
    QuerySyntaxError,
    QueryTooDeep,
    TooLarge,
    UpdateNotAllowed,
)
from pedgraph.query.columns import find_star
from pedgraph.query.readings import refuse_glued_clause, refuse_what_reads_otherwise
from pedgraph.query.services import Calls, find_calls, judge_calls
from pedgraph.query.tokens import Token, nesting, position, tokens, unescaped
from pedgraph.query.volatility import is_volatile
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.settings import Settings
    from pedgraph.store.columns import Star

_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})


class Form(Enum):
    """The four forms of a query (SPARQL 1.1 Query, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the result is a graph; it is solutions or a boolean otherwise."""
        return self in {Form.CONSTRUCT, Form.DESCRIBE}


@dataclass(frozen=True)
class CheckedQuery:
    r"""A text that may be evaluated, with its ``\u`` escapes resolved, and what is known of it.

    ``default_graphs`` and ``named_graphs`` are the IRIs of its dataset clauses; ``None`` for both where it has none.
    ``prefixes`` are those that it declares. ``is_volatile`` says that it may answer differently when asked again,
    ``calls`` what its calls to other endpoints lead to. ``star`` is the star of ``SELECT *``.
    """

    text: str
    form: Form
    prefixes: tuple[tuple[str, str], ...]
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    is_volatile: bool = False
    calls: Calls = Calls.NONE
    star: Star | None = None


def check(text: str, settings: Settings) -> CheckedQuery:
    """Checks a query text.

    Raises :class:`TooLarge`, :class:`QuerySyntaxError`, :class:`UpdateNotAllowed`, :class:`ServiceRefused`,
    :class:`QueryTooDeep`.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > settings.query_max_bytes:
        raise TooLarge(
            f"The query has {size:,} bytes; at most {settings.query_max_bytes:,} are read.",
            limit_bytes=settings.query_max_bytes,
        )
    # Escapes are resolved before anything else is read (SPARQL 1.1 Query, section 19.2); the engine would not do so.
    text = unescaped(text)
    refuse_surrogates(text)
    found = list(tokens(text))
    refuse_what_reads_otherwise(text, found)
    service_calls = find_calls(text, found, settings)
    refuse_depth(text, found, settings.query_max_depth)
    form, at = _form(text, found)
    calls = judge_calls(service_calls, text[: found[at].offset], settings)
    default_graphs, named_graphs, prefixes = _dataset_clauses(text, found, at)
    return CheckedQuery(
        text,
        form,
        prefixes,
        default_graphs,
        named_graphs,
        is_volatile=is_volatile(text, found[at:]),
        calls=calls,
        star=find_star(text, found, at),
    )


def refuse_surrogates(text: str) -> None:
    """Refuses a text that cannot be written as UTF-8; raises :class:`BadRequest`."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest(f"The query holds a lone surrogate at character {error.start}.") from None


def refuse_depth(text: str, found: Iterable[Token], limit: int) -> None:
    """Refuses a text, given with its tokens, that nests brackets too deeply; raises :class:`QueryTooDeep`."""
    for token, opened in nesting(found):
        if len(opened) > limit:
            line, column = position(text, token.offset)
            raise QueryTooDeep(
                f"Brackets are nested more than {limit} deep here.", line=line, column=column, limit=limit
            )


def _form(text: str, found: Sequence[Token]) -> tuple[Form, int]:
    """The form of a query, and the index of the token that says so."""
    if not found:
        raise QuerySyntaxError("The query is empty.", line=1, column=1)
    skip = False
    for index, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        if word in Form.__members__:
            return Form(word), index
        if word in _UPDATES:
            line, column = position(text, token.offset)
            raise UpdateNotAllowed(
                f"{word} changes the graph, and this endpoint only answers queries.", line=line, column=column
            )
        # The prologue: BASE <iri>, PREFIX name: <iri>, VERSION "1.2".
        if not (word in {"BASE", "PREFIX", "VERSION"} or skip or token.kind in {"iri", "string"}):
            break
        skip = word == "PREFIX"
    line, column = position(text, token.offset)
    raise QuerySyntaxError(
        "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines.",
        line=line,
        column=column,
    )


def _dataset_clauses(
    text: str, found: Sequence[Token], form_at: int
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None, tuple[tuple[str, str], ...]]:
    prologue = text[: found[form_at].offset]
    default, named = _graph_names(text, found, form_at)
    turtle = prologue + "".join(f"<urn:x:default> <urn:x:is> {name} .\n" for name in default)
    turtle += "".join(f"<urn:x:named> <urn:x:is> {name} .\n" for name in named)
    try:
        # Names in a dataset clause mean the same in Turtle, whose parser resolves prefixes and bases as SPARQL does.
        parser = parse(turtle, RdfFormat.TURTLE, base_iri=ROOT)
        quads = [(str(quad.subject), quad.object) for quad in parser]
    except SyntaxError as error:
        if len(default) > 1:
            raise QuerySyntaxError(f"The FROM clauses cannot be read: {error}.") from None
        # The engine says better what is wrong with the prologue, and takes one graph as it should.
        return None, None, ()
    prefixes = tuple(sorted(parser.prefixes.items()))
    if not default and not named:
        return None, None, prefixes
    iris = [(kind, term.value) for kind, term in quads if isinstance(term, NamedNode)]
    return (
        tuple(iri for kind, iri in iris if kind == "<urn:x:default>"),
        tuple(iri for kind, iri in iris if kind == "<urn:x:named>"),
        prefixes,
    )


def _graph_names(text: str, found: Sequence[Token], form_at: int) -> tuple[list[str], list[str]]:
    """The names in FROM and FROM NAMED clauses, as written."""
    default: list[str] = []
    named: list[str] = []
    clause: list[str] | None = None
    for token, opened in nesting(found[form_at + 1 :]):
        if token.text == "{" and default + named:
            break
        if not opened and token.is_word("FROM"):
            clause = default
        elif clause is not None and token.is_word("NAMED"):
            clause = named
        elif clause is not None and token.kind in {"iri", "prefixed"}:
            clause.append(token.text)
            clause = None
        elif not opened and token.text[:4].upper() == "FROM":
            refuse_glued_clause(text, token, found[:form_at])
    return default, named
