"""What the names and literals of a query mean: prefixes and bases resolved, escapes undone.

They mean the same in Turtle, whose parser does it; a name that it does not take stays without a meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pedgraph.query.diagnosis.model import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.query.diagnosis.lexing import Lexeme

Value = NamedNode | Literal
TERMS: Final = frozenset({"iri", "prefixed", "literal"})
_MOST_SINGLY: Final = 500


def read_prologue(found: Sequence[Lexeme]) -> tuple[str, int]:
    """The PREFIX and BASE lines at the beginning of a query as text, and the number of signs that they take."""
    lines, index = [], 0
    while index < len(found):
        length = 3 if found[index].is_word("PREFIX") else 2
        if not found[index].is_word("PREFIX", "BASE", "VERSION"):
            break
        if not found[index].is_word("VERSION"):
            lines.append(" ".join(each.text for each in found[index : index + length]) + "\n")
        index += length
    return "".join(lines), index


def declarations(prologue: str, found: Sequence[Lexeme]) -> tuple[Declaration, ...]:
    """The prefixes that a prologue declares, the last of a name only, in the order of the text."""
    try:
        parser = parse(prologue + "<u:x:x> <u:x:x> <u:x:x> .", RdfFormat.TURTLE)
        list(parser)
        namespaces = dict(parser.prefixes)
    except SyntaxError:
        return ()
    places = {
        found[index + 1].text.partition(":")[0]: found[index + 2].offset
        for index in range(len(found) - 2)
        if found[index].is_word("PREFIX")
    }
    return tuple(
        Declaration(prefix, namespaces[prefix], offset) for prefix, offset in places.items() if prefix in namespaces
    )


def meanings(prologue: str, found: Iterable[Lexeme]) -> dict[str, Value]:
    """What each name and literal among the given signs means, by its text."""
    texts = list(dict.fromkeys(lexeme.text for lexeme in found if lexeme.kind in TERMS))
    at_once = _parse(prologue, texts)
    if at_once is not None:
        return at_once
    known: dict[str, Value] = {}
    for text in texts[:_MOST_SINGLY]:
        known |= _parse(prologue, [text]) or {}
    return known


def _parse(prologue: str, texts: Sequence[str]) -> dict[str, Value] | None:
    turtle = prologue + "".join(f"<u:x:x> <u:x:{index}> {text} .\n" for index, text in enumerate(texts))
    try:
        quads = list(parse(turtle, RdfFormat.TURTLE))
    except SyntaxError:
        return None
    if len(quads) != len(texts):
        return None
    objects = (quad.object for quad in quads)
    return {text: term for text, term in zip(texts, objects, strict=True) if isinstance(term, NamedNode | Literal)}
