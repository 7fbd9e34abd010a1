"""The form of a file, and the reader for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position
from pedgraph.intake.importing.recognising import holds_answers
from pedgraph.intake.importing.recognising import read as read_answers
from pedgraph.intake.reading import rules, sniffing
from pedgraph.intake.reading.collecting import Collector
from pedgraph.intake.reading.documents import Document, problem
from pedgraph.intake.reading.texts import decode
from pedgraph.vocabulary.media import (
    CSV,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
    find_format,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.reading.texts import Text
    from pedgraph.intake.tables.things import Things
    from pedgraph.settings import Settings

ARCHIVE: Final = Format("zip", "application/zip", ("application/x-zip-compressed",), (), ".zip")
WORKBOOK: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (), ("workbook",), ".xlsx"
)
ACCEPTED: Final = (*RDF_FORMATS, CSV, ARCHIVE, WORKBOOK)

# Types that programs send for anything; a spreadsheet program's own type comes with any .csv.
_SAYING_NOTHING: Final = frozenset(
    {"text/plain", "application/octet-stream", "application/xml", "text/xml", "application/json",
     "application/vnd.ms-excel"}
)  # fmt: skip
_OTHER_SUFFIXES: Final = {".n3": TURTLE, ".turtle": TURTLE, ".xml": RDF_XML, ".owl": RDF_XML, ".json": JSON_LD,
                          ".xlsm": WORKBOOK}  # fmt: skip
_SEEMING: Final = {
    sniffing.WORKBOOK: WORKBOOK, sniffing.ARCHIVE: ARCHIVE, sniffing.XML: RDF_XML, sniffing.JSON: JSON_LD,
    sniffing.TURTLE: TURTLE, sniffing.QUADS: N_QUADS, sniffing.CSV: CSV,
}  # fmt: skip
# Texts of these look alike; which of them it is the parser tells.
_TURTLE_FAMILY: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS)


@dataclass(frozen=True)
class Form:
    """What a file is read as, and what it was said to be where that is something else."""

    format: Format
    said: Format | None = None


def read(
    path: Path,
    file_name: str,
    media_type: str,
    settings: Settings,
    known: Callable[[], Things] | None = None,
    graph: str = "",
) -> Document:
    """Reads a file in whatever accepted form it is.

    ``file_name`` is what its owner calls it, ``media_type`` what came with it; both may be empty, and neither is
    believed where the content is plainly something else. What is wrong with the file is in the ``problems`` of the
    document, never an exception. The size is for the caller to limit. ``known`` gives the things that a table may name
    without describing them; it is called for tables and for answers of the PED Database only, whose statements name the
    source of the submission that ``graph`` is of. Raises :class:`OSError` where the path cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(sniffing.BEGINNING_BYTES)
    if not beginning.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        return _refused(rules.EMPTY, file_name)
    form = recognise(beginning, file_name, media_type)
    may_be_json = form is not None and form.format == JSON_LD
    if holds_answers(path, media_type, may_be_json=may_be_json):
        return read_answers(path, file_name, settings, known, graph)
    if form is None:
        seems = sniffing.seems(beginning)
        accepted = ", ".join(each.suffix for each in ACCEPTED)
        if not seems:
            return _refused(rules.NO_FORM, file_name, accepted=accepted)
        return _refused(rules.UNKNOWN_FORM, file_name, found=seems, accepted=accepted)
    if form.format in RDF_FORMATS:
        return _read_text(path.read_bytes(), file_name, form)
    document = _read_table(path, file_name, form.format, settings, known() if known else None)
    document.problems += _notices(form, file_name)
    return document


def recognise(beginning: bytes, file_name: str, media_type: str) -> Form | None:
    """The form of a file that begins with these bytes; ``None`` for one that is not read here."""
    said = _said(file_name, media_type)
    name = sniffing.seems(beginning)
    if sniffing.is_foreign(name):
        return None
    seems = _SEEMING.get(name)
    if said is None or seems is None:
        found = said or seems
        return None if found is None else Form(found)
    is_alike = said == seems or {said, seems} <= set(_TURTLE_FAMILY)
    return Form(said) if is_alike else Form(seems, said)


def _said(file_name: str, media_type: str) -> Format | None:
    named = media_type.partition(";")[0].strip().lower()
    by_type = None if named in _SAYING_NOTHING else find_format(named, ACCEPTED) if "/" in named else None
    suffix = PurePath(file_name).suffix.lower()
    by_suffix = next((each for each in ACCEPTED if each.suffix == suffix), _OTHER_SUFFIXES.get(suffix))
    return by_type or by_suffix


def _refused(rule: str, file_name: str, **variables: str) -> Document:
    return Document("", problems=[problem(rule, Position(file_name), **variables)])


def _notices(form: Form, file_name: str) -> list[Finding]:
    if form.said is None:
        return []
    return [rules.notice(rules.OTHER_FORM, Position(file_name), said=form.said.media_type, form=form.format.media_type,
                         suffix=form.format.suffix)]  # fmt: skip


def _read_table(path: Path, file_name: str, table_format: Format, settings: Settings, known: Things | None) -> Document:
    if table_format == WORKBOOK:
        from pedgraph.intake.tables.workbooks import read_workbook

        return read_workbook(path, file_name, settings, known)
    from pedgraph.intake.tables.csv_files import read_archive, read_csv

    return (read_archive if table_format == ARCHIVE else read_csv)(path, file_name, settings, known)


def _read_text(content: bytes, file_name: str, form: Form) -> Document:
    from pedgraph.intake.reading.json_ld import read_json_ld
    from pedgraph.intake.reading.lines import read_lines
    from pedgraph.intake.reading.rdf_xml import declared_encoding, read_rdf_xml
    from pedgraph.intake.reading.turtle import read_turtle

    declared = declared_encoding(content) if form.format == RDF_XML else ""
    text, problems = decode(content, file_name, declared)
    if any(each.rule == rules.NUL for each in problems):
        return Document(form.format.media_type, problems=problems)
    if form.format in _TURTLE_FAMILY:
        form = _within_family(text, form)
    collector = Collector(form.format.media_type, file_name)
    for each in [*problems, *_notices(form, file_name)]:
        collector.complain(each)
    if form.format == RDF_XML:
        read_rdf_xml(text, collector)
    elif form.format == JSON_LD:
        read_json_ld(text, collector)
    elif form.format in {N_TRIPLES, N_QUADS}:
        read_lines(text, form.format, collector)
    else:
        read_turtle(text, form.format, collector)
    return collector.finish()


def _within_family(text: Text, form: Form) -> Form:
    """The form of the family of Turtle in which the parser finds no error; what was said, where there is none."""
    from pedgraph.intake.reading.turtle import is_valid

    fitting = (each for each in (form.format, *_TURTLE_FAMILY) if is_valid(text, each))
    found = next(fitting, form.format)
    return form if found == form.format else Form(found, form.said or form.format)
