"""Single terms: what is wrong with one, as the parser sees it, and what stands in for one that cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from pedgraph.intake.reading import lexing, rules

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from pedgraph.intake.findings import Finding

# Begins the IRIs that stand in for what cannot be read; the number of its finding follows, or a word where none does.
STAND_IN: Final = "x-unreadable:"
# The same as a language tag, which has no room for more; and the tag for "in no language", which the parser of RDF/XML
# does not take (XML 1.0, section 2.12).
STAND_IN_LANGUAGE: Final = "x-unread-"
NO_LANGUAGE: Final = "x-none"
_NOWHERE: Final = -1
# Most IRIs; there is no need to ask the parser about each of them.
_PLAIN: Final = re.compile(r"<https?://[a-z0-9.-]+/[A-Za-z0-9/._~#-]*>")


def rule_of(error: SyntaxError) -> str:
    """The rule for an error of the parser."""
    text = str(error).lower()
    if "no scheme" in text:
        return rules.RELATIVE_IRI
    if "iri" in text and ("invalid" in text or "code point" in text):
        return rules.BAD_IRI
    return rules.SYNTAX


def error_in(kind: int, word: str, base: str | None) -> SyntaxError | None:
    """What the parser of Turtle says of an IRI, a text or a language tag that stands alone; ``None`` for nothing."""
    if kind == lexing.IRI and _PLAIN.fullmatch(word):
        return None
    if kind in {lexing.IRI, lexing.TEXT}:
        said = f"<x:s> <x:p> {word} ."
    elif kind == lexing.TAG:
        said = f'<x:s> <x:p> ""{word} .'
    else:
        return None
    bases = "" if base is None else f"@base <{base}> . "
    try:
        list(parse((bases + said).encode(), RdfFormat.TURTLE))
    except SyntaxError as error:
        return error
    return None


def stand_ins(quad: Quad) -> list[int]:
    """The numbers of the stand-ins in a statement, which is not to be taken then."""
    found = []
    for term in (quad.subject, quad.predicate, quad.object):
        iri = _iri(term)
        if iri.startswith(STAND_IN):
            number = iri.removeprefix(STAND_IN)
            found.append(int(number) if number.isdecimal() else _NOWHERE)
    return found


def without_no_language(triple: Triple) -> Triple:
    """The triple with a plain text in place of one that is tagged as in no language."""
    if isinstance(triple.object, Literal) and triple.object.language == NO_LANGUAGE:
        return Triple(triple.subject, triple.predicate, Literal(triple.object.value))
    return triple


def about(finding: Finding, said: Quad | None) -> Finding:
    """The finding with the subject and property of the statement that it made unreadable, where they are known."""
    if said is None or _iri(said.subject).startswith(STAND_IN):
        return finding
    path = said.predicate.value
    return replace(finding, focus_node=_iri(said.subject), path="" if path.startswith(STAND_IN) else path)


def _iri(term: object) -> str:
    if isinstance(term, Literal):
        language = term.language or ""
        is_stand_in = language.startswith(STAND_IN_LANGUAGE)
        return STAND_IN + language.removeprefix(STAND_IN_LANGUAGE) if is_stand_in else term.datatype.value
    return term.value if isinstance(term, NamedNode) else ""
