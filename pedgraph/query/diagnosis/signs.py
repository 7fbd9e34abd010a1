"""A place in the signs of a query, which moves on as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.query.diagnosis.lexing import Lexeme
from pedgraph.query.diagnosis.model import Term, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.query.diagnosis.resolving import Value

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CLOSING: Final = {"{": "}", "(": ")", "[": "]"}
_END: Final = "the end of the query"


class Signs:
    """The signs of a query with what they mean; ``index`` is the next one."""

    def __init__(self, text: str, found: Sequence[Lexeme], meanings: Mapping[str, Value]) -> None:
        self.text = text
        self.index = 0
        self._found = found
        self._meanings = meanings
        self._end = Lexeme("end", "", len(text))
        self._nodes = 0

    def is_at_end(self) -> bool:
        """Whether all signs are read."""
        return self.index >= len(self._found)

    def peek(self, ahead: int = 0) -> Lexeme:
        """A coming sign; one of kind ``end`` behind the last."""
        index = self.index + ahead
        return self._found[index] if index < len(self._found) else self._end

    def take(self) -> Lexeme:
        """The next sign, and goes on; raises :class:`Unreadable` behind the last."""
        lexeme = self.peek()
        if lexeme.kind == "end":
            raise Unreadable(_END)
        self.index += 1
        return lexeme

    def take_words(self, *words: str) -> None:
        """Goes over the given keywords, each where it is there."""
        for word in words:
            if self.peek().is_word(word):
                self.index += 1

    def expect(self, mark: str) -> Lexeme:
        """The next sign, which must be this one; raises :class:`Unreadable`."""
        lexeme = self.take()
        if not lexeme.is_mark(mark):
            raise Unreadable(f"'{lexeme.text[:40]}' where '{mark}' should be")
        return lexeme

    def skip_brackets(self) -> Lexeme:
        """Goes from an opening bracket behind the one that closes it, which is returned."""
        open_brackets = []
        while True:
            lexeme = self.take()
            if lexeme.is_mark(*_CLOSING):
                open_brackets.append(_CLOSING[lexeme.text])
            elif lexeme.is_mark(*_CLOSING.values()):
                if not open_brackets or open_brackets.pop() != lexeme.text:
                    raise Unreadable(f"a '{lexeme.text}' that closes nothing")
                if not open_brackets:
                    return lexeme

    def iri(self, lexeme: Lexeme) -> Term:
        """The term of a name that is taken already; ``a`` is one too."""
        if lexeme.kind == "word" and lexeme.text == "a":
            return Term("iri", "a", "a", lexeme.offset, self._meanings.get("a") or _rdf("type"))
        if lexeme.kind not in {"iri", "prefixed"}:
            raise Unreadable(f"'{lexeme.text[:40]}' where a name should be")
        return Term("iri", lexeme.text, lexeme.text, lexeme.offset, self._meanings.get(lexeme.text))

    def term(self) -> Term:
        """Takes a term that is one sign, or a number with its sign; raises :class:`Unreadable`."""
        lexeme = self.take()
        sign = ""
        if lexeme.is_mark("+", "-") and self.peek().kind == "literal" and self.peek().offset == lexeme.end:
            sign, lexeme = lexeme.text, self.take()
        if lexeme.kind == "variable":
            text = "?" + lexeme.text[1:]
            return Term("variable", text, lexeme.text, lexeme.offset)
        if lexeme.kind == "blank":
            return Term("variable", f"?pedgraph_blank_{lexeme.text[2:].encode().hex()}", lexeme.text, lexeme.offset)
        if lexeme.kind == "literal":
            value = None if sign else self._meanings.get(lexeme.text)
            return Term("literal", sign + lexeme.text, sign + lexeme.text, lexeme.offset, value)
        return self.iri(lexeme)

    def fresh_node(self, offset: int) -> Term:
        """A blank node without a name, as a variable that no query has."""
        self._nodes += 1
        return Term("variable", f"?pedgraph_node_{self._nodes}", "[]", offset)


def rdf_term(name: str, offset: int) -> Term:
    """A term of the RDF namespace that the query has in another form."""
    value = _rdf(name)
    return Term("iri", str(value), f"rdf:{name}", offset, value)


def _rdf(name: str) -> Value:
    return NamedNode(RDF + name)
