"""Reads the groups of a query (SPARQL 1.1 Query, section 19.8, productions 5 to 104).

It is no check of the syntax, which the engine makes first: what is read here is what a correct query says. Expressions
are not read but kept as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.blocks import BlockReader
from pedgraph.query.diagnosis.lexing import lexemes, with_literals
from pedgraph.query.diagnosis.model import Group, Head, Modifiers, Part, Pattern, Reading, Template, Term, Unreadable
from pedgraph.query.diagnosis.resolving import TERMS, declarations, meanings, read_prologue
from pedgraph.query.diagnosis.signs import Signs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.query.diagnosis.lexing import Lexeme
    from pedgraph.query.diagnosis.model import PartKind

_DEEPEST: Final = 40
_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def read(text: str) -> Reading:
    """Reads a query; raises :class:`Unreadable` for what it does not know."""
    found = with_literals(lexemes(text))
    prologue, start = read_prologue(found)
    signs = Signs(text, found, meanings(prologue, found[start:]))
    signs.index = start
    prefixes = declarations(prologue, found[:start])
    head = _head(signs)
    if signs.is_at_end():
        return Reading(prologue, prefixes, None, head.terms)
    reader = _GroupReader(signs)
    where, modifiers = reader.group(), reader.modifiers()
    counts_all = head.has_aggregate and not modifiers.is_grouped
    return Reading(prologue, prefixes, where, head.terms, modifiers, head.template, counts_all)


def read_names(text: str) -> Reading:
    """Reads no more than the names of a query that :func:`read` cannot read: all of them as ``head_terms``."""
    found = with_literals(lexemes(text))
    prologue, start = read_prologue(found)
    known = meanings(prologue, found[start:])
    names = tuple(
        Term("iri", lexeme.text, lexeme.text, lexeme.offset, known.get(lexeme.text))
        for lexeme in found[start:]
        if lexeme.kind in {"iri", "prefixed"}
    )
    return Reading(prologue, declarations(prologue, found[:start]), None, names, is_names_only=True)


def _head(signs: Signs) -> Head:
    """Goes to the brace that opens the group."""
    named, template, has_aggregate = [], None, False
    form = signs.take()
    if form.is_word("CONSTRUCT") and signs.peek().is_mark("{"):
        start = signs.peek().offset
        template = Template(signs.text[start : signs.skip_brackets().end], start)
    while not signs.is_at_end() and not signs.peek().is_mark("{"):
        if signs.peek().is_word("FROM"):
            signs.take_words("FROM", "NAMED")
            signs.take()
        elif signs.peek().is_mark("("):
            start = signs.peek().offset
            expression = signs.text[start : signs.skip_brackets().end]
            has_aggregate = has_aggregate or any(each.is_word(*_AGGREGATES) for each in lexemes(expression))
        elif form.is_word("DESCRIBE") and signs.peek().kind in {"iri", "prefixed"}:
            named.append(signs.term())
        else:
            signs.take()
    return Head(tuple(named), template, has_aggregate)


class _GroupReader:
    """Reads groups, one within the other, up to a depth that is enough for people."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._depth = 0
        self._blocks = BlockReader(signs)
        self._parts: dict[str, Callable[[], Part]] = {
            "FILTER": self._filter,
            "BIND": self._bind,
            "VALUES": self._values,
            "OPTIONAL": lambda: self._with_group("optional"),
            "MINUS": lambda: self._with_group("minus"),
            "GRAPH": self._graph,
        }

    def group(self) -> Group:
        """Reads from one brace to the one that closes it (production 53, GroupGraphPattern)."""
        signs = self._signs
        start = signs.expect("{").offset
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"groups nested more than {_DEEPEST} deep")
        elements: list[Pattern | Part] = [self._select()] if signs.peek().is_word("SELECT") else []
        while not signs.peek().is_mark("}"):
            elements += self._element()
        self._depth -= 1
        return Group(tuple(elements), signs.text[start : signs.take().end])

    def modifiers(self) -> Modifiers:
        """Reads what stands behind the group of a query or of a subquery (production 18, SolutionModifier)."""
        signs = self._signs
        numbers: dict[str, Lexeme] = {}
        having: int | None = None
        values: Part | None = None
        is_grouped = False
        while not signs.is_at_end() and not signs.peek().is_mark("}"):
            if signs.peek().is_word("LIMIT", "OFFSET"):
                name = signs.take().text.upper()
                numbers[name] = signs.take()
            elif signs.peek().is_word("VALUES"):
                values = self._values()
            elif signs.peek().is_mark("(", "{"):
                signs.skip_brackets()
            else:
                lexeme = signs.take()
                having = lexeme.offset if lexeme.is_word("HAVING") else having
                is_grouped = is_grouped or lexeme.is_word("GROUP")
        limit, skipped = numbers.get("LIMIT"), numbers.get("OFFSET")
        return Modifiers(
            is_grouped=is_grouped,
            limit=_number(limit),
            limit_offset=limit.offset if limit else 0,
            skipped=_number(skipped),
            skipped_offset=skipped.offset if skipped else 0,
            having=having,
            values=values,
        )

    def _element(self) -> list[Pattern | Part]:
        signs = self._signs
        following = signs.peek()
        word = following.text.upper() if following.kind == "word" else ""
        if word in self._parts:
            return [self._parts[word]()]
        if following.is_mark("{"):
            return [self._union()]
        if following.is_mark("."):
            signs.take()
            return []
        return list(self._blocks.triples())

    def _part(
        self,
        kind: PartKind,
        start: int,
        *,
        groups: tuple[Group, ...] = (),
        terms: tuple[Term, ...] = (),
        variables: tuple[str, ...] = (),
    ) -> Part:
        return Part(kind, self._signs.text[start : self._signs.peek(-1).end], start, groups, terms, variables)

    def _select(self) -> Part:
        signs = self._signs
        start = signs.peek().offset
        _head(signs)
        where = self.group()
        self.modifiers()
        return self._part("select", start, groups=(where,))

    def _with_group(self, kind: PartKind) -> Part:
        start = self._signs.take().offset
        return self._part(kind, start, groups=(self.group(),))

    def _graph(self) -> Part:
        start = self._signs.take().offset
        name = self._signs.term()
        return self._part("graph", start, groups=(self.group(),), terms=(name,))

    def _union(self) -> Part:
        start = self._signs.peek().offset
        groups = [self.group()]
        while self._signs.peek().is_word("UNION"):
            self._signs.take()
            groups.append(self.group())
        return self._part("union" if len(groups) > 1 else "group", start, groups=tuple(groups))

    def _filter(self) -> Part:
        """The constraint is in brackets, or a function with its arguments, or ``[NOT] EXISTS`` with a group."""
        signs = self._signs
        first = signs.take().offset
        signs.take_words("NOT")
        while not signs.peek().is_mark("(", "{"):
            signs.take()
        start = signs.index
        signs.skip_brackets()
        return self._part("filter", first, terms=self._names(start))

    def _bind(self) -> Part:
        signs = self._signs
        first, start = signs.take().offset, signs.index
        signs.skip_brackets()
        return self._part("bind", first, terms=self._names(start))

    def _values(self) -> Part:
        """Production 61, InlineData."""
        signs = self._signs
        first, start = signs.take().offset, signs.index
        variables = []
        while not signs.peek().is_mark("{"):
            lexeme = signs.take()
            if lexeme.kind == "variable":
                variables.append("?" + lexeme.text[1:])
        signs.skip_brackets()
        return self._part("values", first, terms=self._names(start), variables=tuple(variables))

    def _names(self, start: int) -> tuple[Term, ...]:
        """The names and literals from a sign up to here."""
        signs, end = self._signs, self._signs.index
        signs.index = start
        terms = []
        while signs.index < end:
            is_function = signs.peek(1).is_mark("(")
            if signs.peek().kind in TERMS and not is_function:
                terms.append(signs.term())
            else:
                signs.take()
        return tuple(terms)


def _number(lexeme: Lexeme | None) -> int | None:
    return int(lexeme.text) if lexeme is not None and lexeme.text.isdecimal() and lexeme.text.isascii() else None
