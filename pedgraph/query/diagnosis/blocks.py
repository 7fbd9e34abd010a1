"""Reads blocks of triples: lists of properties and objects, nodes in brackets, collections and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.query.diagnosis.model import Pattern, Term, Unreadable
from pedgraph.query.diagnosis.signs import rdf_term

if TYPE_CHECKING:
    from pedgraph.query.diagnosis.signs import Signs

_DEEPEST: Final = 40


class BlockReader:
    """Reads the triple patterns that begin at the place of the signs."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._depth = 0
        self._patterns: list[Pattern] = []

    def triples(self) -> list[Pattern]:
        """All patterns of one subject (production 75, TriplesSameSubject); raises :class:`Unreadable`."""
        self._patterns = []
        before = self._signs.peek()
        subject = self._node()
        is_node_only = before.is_mark("[", "(") and self._patterns and self._is_end()
        if not is_node_only:
            self._properties(subject)
        if not self._is_end():
            raise Unreadable(f"'{self._signs.peek().text[:40]}' after a triple")
        return self._patterns

    def _is_end(self) -> bool:
        following = self._signs.peek()
        starts_part = following.kind == "word" and following.text.upper() in {
            "FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH", "SERVICE",
        }  # fmt: skip
        return starts_part or following.is_mark(".", "}", "{")

    def _properties(self, subject: Term) -> None:
        """Productions 77 and 79, PropertyList."""
        signs = self._signs
        while True:
            predicate = self._verb()
            while True:
                self._patterns.append(Pattern(subject, predicate, self._node()))
                if not signs.peek().is_mark(","):
                    break
                signs.take()
            if not signs.peek().is_mark(";"):
                return
            while signs.peek().is_mark(";"):
                signs.take()
            if self._is_end() or signs.peek().is_mark("]"):
                return

    def _node(self) -> Term:
        """A term, a node in brackets or a collection (productions 98 to 104)."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"nodes nested more than {_DEEPEST} deep")
        if self._signs.peek().is_mark("["):
            node = self._bracketed()
        elif self._signs.peek().is_mark("("):
            node = self._collection()
        else:
            node = self._signs.term()
        self._depth -= 1
        return node

    def _bracketed(self) -> Term:
        node = self._signs.fresh_node(self._signs.take().offset)
        if not self._signs.peek().is_mark("]"):
            self._properties(node)
        self._signs.expect("]")
        return node

    def _collection(self) -> Term:
        signs = self._signs
        offset = signs.take().offset
        members = []
        while not signs.peek().is_mark(")"):
            members.append(self._node())
        signs.take()
        rest = rdf_term("nil", offset)
        for member in reversed(members):
            node = signs.fresh_node(offset)
            self._patterns.append(Pattern(node, rdf_term("first", member.offset), member))
            self._patterns.append(Pattern(node, rdf_term("rest", member.offset), rest))
            rest = node
        return rest

    def _verb(self) -> Term:
        """A variable, a name, or a path (production 88), which is kept as text with the names in it."""
        signs = self._signs
        if signs.peek().kind == "variable":
            return signs.term()
        start, opened, names = signs.peek().offset, 0, []
        while True:
            while signs.peek().is_mark("^", "!", "("):
                opened += signs.take().text == "("
            names.append(signs.iri(signs.take()))
            end = signs.peek(-1).end
            while self._is_modifier() or (opened and signs.peek().is_mark(")")):
                closing = signs.take()
                opened -= closing.text == ")"
                end = closing.end
            if not signs.peek().is_mark("/", "|"):
                break
            signs.take()
        if opened:
            raise Unreadable("a path whose brackets are not closed")
        text = signs.text[start:end]
        if len(names) == 1 and text == names[0].shown:
            return names[0]
        return Term("path", text, text, start, iris=tuple(names))

    def _is_modifier(self) -> bool:
        """Whether ``*``, ``+`` or ``?`` follows; a plus may be the sign of a number too."""
        mark, following = self._signs.peek(), self._signs.peek(1)
        is_sign = mark.text == "+" and following.kind == "literal" and following.offset == mark.end
        return mark.is_mark("*", "+", "?") and not is_sign
