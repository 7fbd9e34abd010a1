"""Giving a stored query its values, its pages and its count.

No text from outside gets into a query. A value becomes a term that is checked for its kind and written by the engine,
and takes the place of the default in the ``VALUES`` block of its parameter. These places are found in the shipped text
alone, so that a value which looks like such a place is none.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.errors import BadRequest
from pedgraph.query.kinds import EXPECTED, literal, named_node
from pedgraph.query.library import COMMON_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Literal

    from pedgraph.query.codes import CodeLists
    from pedgraph.query.library import Parameter, StoredQuery

_BLOCK: Final = re.compile(r"VALUES \?(?P<name>\w+) \{ (?P<term>[^{}\n]*) \}")
# What readers take apart differently: a backslash before a u, the second of which some would read as an escape (SPARQL
# 1.1 Query, section 19.2), and an escape of four digits before more of them.
_ESCAPE: Final = re.compile(r"\\(?:\\(?P<letter>[uU])|u(?P<code>[0-9A-Fa-f]{4})|.)", re.DOTALL)
_QUOTED_LENGTH: Final = 100


def bind(query: StoredQuery, given: Sequence[tuple[str, str]], codes: CodeLists) -> str:
    """The text of a stored query with the values that are given, and the defaults of the others.

    Raises :class:`BadRequest` for an unknown or repeated parameter, and for a value that is not of its kind.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    terms: dict[str, NamedNode | Literal] = {}
    for name, value in given:
        if name not in parameters:
            raise _unknown(query, name)
        if name in terms:
            raise BadRequest(f"The parameter '{name}' is given more than once.", parameter=name)
        terms[name] = term_of(value, parameters[name], query, codes)
    return with_terms(query, terms)


def with_iri(query: StoredQuery, name: str, iri: str) -> str:
    """The text of a stored query with an IRI for one of its parameters; raises :class:`BadRequest` for what is none."""
    try:
        return with_terms(query, {name: NamedNode(iri)})
    except ValueError:
        raise BadRequest(f"'{iri}' is not an absolute IRI.") from None


def with_iris(query: StoredQuery, name: str, iris: Iterable[str]) -> str:
    """The text of a stored query for several IRIs at a time, each a value of the same parameter.

    Raises :class:`BadRequest` where one is no IRI.
    """
    try:
        listed = " ".join(written(NamedNode(iri)) for iri in iris)
    except ValueError as error:
        raise BadRequest(f"A thing has an IRI that is none: {error}.") from None
    block = next(each for each in _BLOCK.finditer(query.text) if each["name"] == name)
    return f"{query.text[: block.start()]}VALUES ?{name} {{ {listed} }}{query.text[block.end() :]}"


def with_terms(query: StoredQuery, terms: Mapping[str, NamedNode | Literal]) -> str:
    """The text of a stored query with terms for some of its parameters."""
    open_names = set(terms)

    def replaced(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in open_names:
            return found[0]
        open_names.discard(name)
        return f"VALUES ?{name} {{ {written(terms[name])} }}"

    # One pass over the shipped text: what is put in is not looked at again.
    text = _BLOCK.sub(replaced, query.text)
    assert not open_names, (query.name, open_names)
    return text


def written(term: NamedNode | Literal) -> str:
    r"""A term as SPARQL that means the same to whoever resolves ``\u`` before parsing and to whoever does so within."""

    def unambiguous(found: re.Match[str]) -> str:
        if found["letter"]:
            return rf"\\\U{ord(found['letter']):08X}"
        return rf"\U0000{found['code']}" if found["code"] else found[0]

    return _ESCAPE.sub(unambiguous, str(term))


def term_of(value: str, parameter: Parameter, query: StoredQuery, codes: CodeLists) -> NamedNode | Literal:
    """The term that a value of a parameter means; raises :class:`BadRequest` with what is expected."""
    if parameter.choices and value not in parameter.choices:
        raise _unfit(value, parameter, f"one of {', '.join(parameter.choices)}", parameter.choices[0])
    if parameter.kind == "code":
        return _code(value, parameter, query, codes)
    expected, example = EXPECTED[parameter.kind]
    try:
        if parameter.kind == "iri":
            return named_node(value, query.prefixes)
        return literal(value, parameter.kind, parameter.language)
    except ValueError:
        raise _unfit(value, parameter, expected, parameter.default or example) from None


def ordered(query: StoredQuery, text: str) -> str:
    """The bound text of a query with an order that leaves nothing open: its own, and then all of its columns."""
    return text.rstrip("\n") + "".join(f" ?{column.name}" for column in query.columns) + "\n"


def paged(query: StoredQuery, text: str, *, limit: int | None, offset: int) -> str:
    """The bound text of a query for a part of its rows, in the order of :func:`ordered`."""
    slices = [f"LIMIT {limit:d}"] if limit is not None else []
    slices += [f"OFFSET {offset:d}"] if offset else []
    return ordered(query, text) + "".join(f"{each}\n" for each in slices)


def counting(text: str) -> str:
    """A query for the number of rows that a bound text gives, as ``?count``."""
    prologue, select, rest = text.partition("\nSELECT ")
    assert select
    return f"{prologue}\nSELECT (COUNT(*) AS ?count) {{ {{{select}{rest}}} }}\n"


def _code(value: str, parameter: Parameter, query: StoredQuery, codes: CodeLists) -> NamedNode:
    scheme = parameter.scheme or ""
    node = codes.find(value, scheme, query.prefixes)
    if node is not None:
        return node
    nearest = codes.nearest(value, scheme)
    hint = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
    raise BadRequest(
        f"'{value[:_QUOTED_LENGTH]}' is no member of the code list {scheme}.{hint}",
        parameter=parameter.name,
        nearest=nearest,
        known=list(codes.members(scheme)),
    )


def _unknown(query: StoredQuery, name: str) -> BadRequest:
    own = [parameter.name for parameter in query.parameters]
    known = [*own, *(each for each in COMMON_PARAMETERS if query.columns or each not in {"limit", "offset"})]
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    return BadRequest(
        f"{query.name} has no parameter '{name[:_QUOTED_LENGTH]}'.{hint} It takes {', '.join(known)}.",
        parameter=name,
        known=known,
    )


def _unfit(value: str, parameter: Parameter, expected: str, example: str) -> BadRequest:
    return BadRequest(
        f"The parameter '{parameter.name}' takes {expected}, and '{value[:_QUOTED_LENGTH]}' is none. "
        f"For example: {example}.",
        parameter=parameter.name,
        expected=expected,
        example=example,
    )
