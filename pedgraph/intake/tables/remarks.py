"""A finding as it is told in a workbook: where it stands there, and the words of its comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.findings import Severity
from pedgraph.intake.tables.styles import SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.intake.tables.words import Words

NAME: Final = "pedgraph"
_ALLOWED_SHOWN: Final = 12
_TOLD_PER_CELL: Final = 5
_OURS: Final = re.compile(rf"\n*^{NAME} [{''.join(SIGNS.values())}] .*\Z", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Remark:
    """What is said about a place: the members of a told finding, and where it stands.

    ``cell`` is the address of the cell, empty where it is about no single one; ``line`` then is the row, or 0.
    ``is_located`` says that the workbook has this sheet.
    """

    severity: Severity
    rule: str
    message: str
    fix: str
    label: str
    value: str
    allowed: tuple[str, ...]
    nearest: str
    source: str
    sheet: str
    cell: str
    line: int
    is_located: bool = False


def read_remark(finding: Mapping[str, Any]) -> Remark:
    """The remark of a finding in its JSON form, be it told with labels or as :meth:`Finding.as_json` gives it."""
    from openpyxl.utils import get_column_letter

    position = finding.get("position") or {}
    cell, line, column = (position.get(name) for name in ("cell", "line", "column"))
    if not cell and line and column:
        cell = f"{get_column_letter(column)}{line}"
    return Remark(
        severity=Severity[str(finding["severity"]).upper()],
        rule=finding.get("rule") or "",
        message=finding.get("problem") or finding.get("message") or "",
        fix=finding.get("fix") or "",
        label=_label(finding.get("property")) or finding.get("path") or "",
        value=_label(finding.get("found") or finding.get("value")),
        allowed=tuple(_label(each) for each in finding.get("allowed") or ()),
        nearest=_label(finding.get("nearest")),
        source=position.get("source") or "",
        sheet=position.get("sheet") or "",
        cell=cell or "",
        line=line or 0,
    )


def told(remarks: Sequence[Remark], words: Words) -> str:
    """The comment of a cell: what is wrong, what was found, what may stand there and what to do, worst first."""
    ordered = sorted(remarks, key=lambda each: each.severity)
    parts = [_told(each, words) for each in ordered[:_TOLD_PER_CELL]]
    if len(ordered) > _TOLD_PER_CELL:
        parts.append(f"{NAME} {SIGNS[ordered[-1].severity]} {words('more', number=len(ordered) - _TOLD_PER_CELL)}")
    return "\n\n".join(parts)


def without_told(comment: str) -> str:
    """A comment without what :func:`told` put there; empty where nothing is left."""
    return _OURS.sub("", comment)


def severity_word(severity: Severity, words: Words) -> str:
    """The sign and the word for how much a finding matters."""
    return f"{SIGNS[severity]} {words(severity.name.lower())}"


def shown(allowed: Sequence[str]) -> str:
    """The first of the values that are allowed, with commas between them."""
    return ", ".join(allowed[:_ALLOWED_SHOWN]) + (" …" if len(allowed) > _ALLOWED_SHOWN else "")


def _told(remark: Remark, words: Words) -> str:
    lines = [f"{NAME} {severity_word(remark.severity, words)} {remark.rule}".rstrip(), remark.message]
    if remark.value and remark.value not in remark.message:
        lines.append(f"{words('found')}: {remark.value}")
    if remark.allowed:
        lines.append(f"{words('allowed')}: {shown(remark.allowed)}")
    if remark.nearest:
        lines.append(f"{words('nearest')}: {remark.nearest}")
    if remark.fix and remark.fix not in remark.message:
        lines.append(f"{words('fix')}: {remark.fix}")
    return "\n".join(line for line in lines if line)


def _label(value: object) -> str:
    """The words for a value: the label of an entity or property, else its IRI, else the value itself."""
    if isinstance(value, dict):
        return str(value.get("label") or value.get("iri") or "")
    return "" if value is None else str(value)
