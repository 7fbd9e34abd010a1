"""A template as CSV (RFC 4180): one file per kind, and all of them in an archive with a page that explains them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.headings import choice_label, heading, help_text, marked_heading
from pedgraph.intake.tables.packing import archived
from pedgraph.intake.tables.safe_cells import csv_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.intake.tables.kind_sheets import Value
    from pedgraph.intake.tables.kinds import Kind, Model
    from pedgraph.intake.tables.words import Words

# Without it, Excel takes UTF-8 for something else; other programs take it for a part of the first name.
BYTE_ORDER_MARK: Final = "\ufeff".encode()
GUIDE: Final = "README.txt"


def template_csv(model: Model, kind: Kind, words: Words, rows: Sequence[Mapping[str, Value]] = ()) -> bytes:
    """The CSV file of a kind in UTF-8: its header, and the rows that are given; of a form a line per column."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    headers = [csv_text(heading(column, model, words.language)) for column in kind.columns]
    if kind.is_form:
        row = rows[0] if rows else {}
        writer.writerows(
            [header, _shown(row.get(column.name, ""))] for header, column in zip(headers, kind.columns, strict=True)
        )
    else:
        writer.writerow(headers)
        writer.writerows([_shown(row.get(column.name, "")) for column in kind.columns] for row in rows)
    return made.getvalue().encode()


def template_archive(
    model: Model,
    kinds: Sequence[Kind],
    words: Words,
    example: Mapping[str, Sequence[Mapping[str, Value]]] | None,
    *,
    mark: bytes = b"",
) -> bytes:
    """A ZIP archive with the CSV file of each kind, ``mark`` in front of each, and a text that explains the columns."""
    guide = _guide(model, kinds, words, is_example=example is not None)
    tables = (
        (kind.file_name, mark + template_csv(model, kind, words, (example or {}).get(kind.name, ()))) for kind in kinds
    )
    return archived([(GUIDE, guide.encode()), *tables])


def _guide(model: Model, kinds: Sequence[Kind], words: Words, *, is_example: bool) -> str:
    of = "_example" if is_example else ""
    lines = [words(f"readme{of}_title"), "", words(f"readme{of}_intro"), words("readme_csv")]
    lines += ["", f"* {words('readme_required')}; + {words('readme_recommended')}"]
    for kind in kinds:
        meaning = kind.help.get(words.language) or kind.help.get("en", "")
        lines += ["", "", kind.file_name, "-" * len(kind.file_name), meaning]
        for column in kind.columns:
            lines += ["", marked_heading(column, model, words.language)]
            lines += [f"    {line}" for line in help_text(kind, column, model, words).split("\n")]
            if column.members:
                labels = (choice_label(column, member, words.language) for member in column.members)
                lines.append(f"    {words('allowed')}: {'; '.join(labels)}")
    return "\r\n".join(lines) + "\r\n"


def _shown(value: Value) -> str:
    return csv_text(value) if isinstance(value, str) else str(value)
