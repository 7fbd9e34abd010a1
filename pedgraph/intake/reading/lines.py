"""N-Triples and N-Quads: one statement a line, so that an error costs one line (RDF 1.1 N-Triples, section 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, parse

from pedgraph.intake.parsing import detail_of
from pedgraph.intake.reading import lexing, rules, terms
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from pedgraph.intake.reading.collecting import Collector
    from pedgraph.intake.reading.texts import Text
    from pedgraph.vocabulary.media import Format

# A subject and a predicate; what comes then is the object.
_BEFORE_OBJECT: Final = re.compile(r"[ \t]*(?:<[^>\r\n]*+>|_:[^\s<>\"]++)[ \t]*<[^>\r\n]*+>[ \t]*")


def read_lines(text: Text, rdf_format: Format, collector: Collector) -> None:
    """Reads a text as N-Triples or N-Quads into the collector; what is wrong with it becomes problems there."""
    parsed_as = RdfFormat.from_media_type(rdf_format.media_type)
    # Only these end a line; a search for "^" does not know a lone carriage return.
    for line in re.finditer(r"[^\r\n]+", text.characters):
        statement = line.group()
        if not statement.strip(" \t") or statement.lstrip(" \t").startswith("#"):
            continue
        before = _BEFORE_OBJECT.match(statement)
        position = text.position(line.start() + (before.end() if before else 0))
        try:
            for quad in parse(statement.encode(), parsed_as):
                collector.take(quad.triple, position)
                collector.graph(quad.graph_name, position)
        except SyntaxError as error:
            _complain(text, line.start(), statement, error, collector)
        if collector.is_full:
            return


def _complain(text: Text, start: int, statement: str, error: SyntaxError, collector: Collector) -> None:
    offset = (error.offset or 1) - 1
    bad = next((each for each in lexing.tokens(statement, 0, len(statement)) if each[1] >= offset), (0, offset, offset))
    kind, begin, end = bad
    word = statement[begin:end]
    rule = terms.rule_of(error)
    if kind == lexing.UNCLOSED and len(word) > 1:
        rule = rules.BAD_IRI if word.startswith("<") else rules.UNCLOSED_TEXT
    variables = {"detail": detail_of(error), "found": rules.shown(word or statement)}
    collector.complain(problem(rule, text.position(start + begin), value=rules.shown(word), **variables))
