"""From bytes to text: encodings, byte order marks, and the line and column of each character."""

from __future__ import annotations

import bisect
import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.reading import rules
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from pedgraph.intake.findings import Finding

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE_END: Final = re.compile(r"\r\n?|\n")
# What most editors take for "plain text" where it is not UTF-8.
_LEGACY: Final = "cp1252"


@dataclass(frozen=True)
class Text:
    """The characters of a file named ``source``."""

    source: str
    characters: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.characters))]

    def position(self, offset: int) -> Position:
        """The line and column, both from 1, of the character at this offset; columns count characters."""
        starts = self._starts
        line = bisect.bisect_right(starts, offset)
        return Position(self.source, line=line, column=offset - starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of the character at this line and column, the opposite of :meth:`position`."""
        starts = self._starts
        start = starts[min(max(line, 1), len(starts)) - 1]
        return min(start + max(column, 1) - 1, len(self.characters))


def decode(content: bytes, source: str, declared: str = "") -> tuple[Text, list[Finding]]:
    """The text of a file, and what is wrong with its encoding (RFC 3629; Unicode, section 23.8).

    It is UTF-8, or UTF-16 with a byte order mark, or for XML what is ``declared``. Bytes that are not UTF-8 are taken
    for Windows-1252, so that reading goes on and shows more; the finding names the first of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content.removeprefix(mark), source, encoding)
    return _decoded(content, source, declared or "utf-8")


def _decoded(content: bytes, source: str, encoding: str) -> tuple[Text, list[Finding]]:
    findings = []
    try:
        text = Text(source, content.decode(encoding))
    except UnicodeDecodeError as error:
        text, finding = _repaired(content, source, error)
        findings.append(finding)
    except LookupError:
        text = Text(source, content.decode("latin-1"))
        findings.append(
            problem(rules.NOT_UTF_8, Position(source, line=1, column=1), found=rules.shown(encoding), number="1")
        )
    nul = text.characters.find("\0")
    if nul >= 0:
        number = f"{text.characters.count(chr(0))}"
        findings.append(problem(rules.NUL, text.position(nul), number=number))
    return text, findings


def _repaired(content: bytes, source: str, error: UnicodeDecodeError) -> tuple[Text, Finding]:
    number = 0

    def take(failure: UnicodeError) -> tuple[str, int]:
        nonlocal number
        number += 1
        assert isinstance(failure, UnicodeDecodeError)
        wrong = failure.object[failure.start : failure.start + 1]
        # A whole unit is passed over, or the rest of a UTF-16 file would be out of step.
        return wrong.decode(_LEGACY, "replace"), failure.start + (2 if "16" in failure.encoding else 1)

    name = "pedgraph-intake"
    codecs.register_error(name, take)
    text = Text(source, content.decode(error.encoding, name))
    place = text.position(len(content[: error.start].decode(error.encoding)))
    wrong = content[error.start : error.start + 1]
    found = f"0x{wrong.hex().upper()} ({wrong.decode(_LEGACY, 'replace')})"
    return text, problem(rules.NOT_UTF_8, place, found=found, number=str(number))
