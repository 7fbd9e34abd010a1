"""Told findings as HTML: a part for other pages, and a page that needs nothing but itself.

Both work without scripts: severities are sections that one can jump to, and each place is a link into the source text,
or to the cell.
All that comes from a file is escaped, and control characters in it are made visible.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pedgraph import __version__
from pedgraph.delivery.findings.sheets import SheetViews
from pedgraph.intake.findings import Severity
from pedgraph.intake.telling.words import read_words
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A source of more lines is shown around its findings only.
LONGEST_SOURCE_LINES: Final = 400
_CONTEXT_LINES: Final = 3
_LONGEST_LINE_CHARACTERS: Final = 1000
_SHOWN_ALLOWED: Final = 12


@dataclass(frozen=True)
class Line:
    """A line of a source text as it is shown: what comes before the first place that is meant, from there on, and what
    is said about it. ``number`` 0 stands for lines that are left out.
    """

    number: int
    before: str
    after: str
    notes: tuple[dict[str, Any], ...]


def findings_page(files: Sequence[tuple[dict[str, Any], str]]) -> bytes:
    """A page of its own about some files: what is told about each, and its text or nothing."""
    several = len(files) > 1
    parts = [
        (told, findings_fragment(told, text, prefix=f"file-{number}-" if several else ""))
        for number, (told, text) in enumerate(files, start=1)
    ]
    language = files[0][0]["language"] if files else "en"
    words = read_words(language)
    values = {"language": language, "words": words, "parts": parts, "version": __version__}
    return _environment().get_template("findings_page.html").render(values).encode(errors="replace")


def findings_fragment(told: dict[str, Any], text: str = "", *, prefix: str = "", root: str = ROOT) -> str:
    """The findings about a file, and its ``text`` with line numbers if it is given, as part of a page.

    Of tables the rows with findings take the place of the text.

    The part has one element at its top, headings from ``h2`` on, and classes that :func:`findings_style` knows. The ids
    in it begin with ``prefix``; that of line 12 is ``L12`` after it. ``root`` is where the documentation of the rules
    is looked for, such as ``../``.
    """
    sheets = SheetViews(told, prefix)
    lines = [] if sheets.views else numbered_lines(told, text)
    by_severity: dict[str, list[tuple[int, dict[str, Any]]]] = {severity.name.lower(): [] for severity in Severity}
    for number, group in enumerate(told["groups"], start=1):
        by_severity[group["severity"]].append((number, group))
    values = {
        "told": told,
        "words": read_words(told["language"]),
        "sections": {severity: groups for severity, groups in by_severity.items() if groups},
        "lines": lines,
        "linked": {line.number for line in lines},
        "sheets": sheets.views,
        "anchor": sheets.anchor,
        "prefix": prefix,
        "here": (ROOT, root),
        "shown_allowed": _SHOWN_ALLOWED,
    }
    return _environment().get_template("findings.html").render(values)


def source_view(told: dict[str, Any], text: str, *, prefix: str = "") -> str:
    """The text of a file alone, with line numbers, anchors such as ``L12`` and what is told about each line.

    For pages that have :func:`findings_fragment` without a text elsewhere in them, under the same ``prefix``.
    """
    lines = numbered_lines(told, text)
    values = {"told": told, "words": read_words(told["language"]), "lines": lines, "prefix": prefix}
    return _environment().get_template("findings_source.html").render(values)


def findings_style() -> str:
    """The style sheet of the part, for pages that have the colours of the documentation's style sheet."""
    return _source(_environment(), "findings.css")


def numbered_lines(told: dict[str, Any], text: str) -> list[Line]:
    """The lines of a text that are worth showing: all of a short one, else those around findings."""
    notes = _notes(told)
    if not text or not notes:
        return []
    lines = text.split("\n")
    shown = range(1, len(lines) + 1) if len(lines) <= LONGEST_SOURCE_LINES else sorted(_around(notes, len(lines)))
    return list(_with_gaps(lines, shown, notes))


def _notes(told: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Line → the findings in it with the numbers of their groups; those of the file, not of others in an archive."""
    notes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for number, group in enumerate(told["groups"], start=1):
        for finding in group["findings"]:
            position = finding["position"]
            if position["line"] and not position["cell"] and position["source"] in {"", told["source"]}:
                notes[position["line"]].append({**finding, "group": number})
    return dict(notes)


def _around(notes: dict[int, list[dict[str, Any]]], last: int) -> set[int]:
    return {
        number
        for line in notes
        for number in range(line - _CONTEXT_LINES, line + _CONTEXT_LINES + 1)
        if 1 <= number <= last
    }


def _with_gaps(lines: Sequence[str], shown: Sequence[int], notes: dict[int, list[dict[str, Any]]]) -> Iterator[Line]:
    before = 0
    for number in shown:
        if number != before + 1:
            yield Line(0, "", "", ())
        before = number
        found = tuple(notes.get(number, ()))
        text = lines[number - 1].rstrip("\r")
        columns = [each["position"]["column"] for each in found if each["position"]["column"]]
        split = min(columns) - 1 if columns else len(text)
        cut = "…" if len(text) > split + _LONGEST_LINE_CHARACTERS else ""
        start = max(0, split - _LONGEST_LINE_CHARACTERS)
        yield Line(number, text[start:split], text[split : split + _LONGEST_LINE_CHARACTERS] + cut, found)
    if before != len(lines):
        yield Line(0, "", "", ())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("pedgraph.delivery"), PackageLoader("pedgraph.delivery.documentation")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = lambda text: visible(str(text))
    environment.filters["visible_lines"] = lambda text: visible(str(text).replace("\t", "    "))
    # Style sheets of our own, which are no text of anybody's.
    environment.globals["style"] = lambda name: Markup(_source(environment, name))  # noqa: S704
    return environment


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
