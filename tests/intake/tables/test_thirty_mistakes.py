"""The workbook with thirty mistakes: each is found where it was planted, and nothing else is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pedgraph.intake.bundle import read_data, read_rulebook
from pedgraph.intake.checking.places import placed
from pedgraph.intake.messages import LANGUAGES, translate
from pedgraph.intake.tables.workbooks import read_workbook
from pedgraph.intake.validation import validate
from pedgraph.settings import Settings
from tests.folders import TEXTS
from tests.intake.tables.thirty_mistakes import MISTAKES, marked_cells, write_thirty_mistakes

if TYPE_CHECKING:
    from pathlib import Path


def test_thirty_different_cells_are_marked_and_no_others(tmp_path: Path) -> None:
    document = read_workbook(write_thirty_mistakes(tmp_path / "mistakes.xlsx"), "mistakes.xlsx", Settings())
    found = [*document.problems, *validate(document.triples, read_rulebook(read_data(TEXTS)))]

    rules = defaultdict(set)
    for finding in placed(found, document):
        rules[finding.position.sheet, finding.position.cell].add(finding.rule)

    assert len(marked_cells()) == len(MISTAKES) == 30
    assert set(rules) == marked_cells()
    planted = {(mistake.sheet.replace("-", " "), mistake.cell): mistake.rule for mistake in MISTAKES}
    assert {place: rule for place, rule in planted.items() if rule not in rules[place]} == {}
    for language in LANGUAGES:
        told = translate(document.problems, language)
        assert [each.message for each in told if not each.message or "{?" in each.message] == []
