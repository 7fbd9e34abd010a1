"""Bad files: each comes back with exactly the problems that stand beside it in ``bad/expected.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from pedgraph.intake.messages import LANGUAGES, translate
from pedgraph.intake.reading import rules
from tests.intake.reading.texts import reading

FOLDER: Final = Path(__file__).parent / "bad"
EXPECTED: Final[dict[str, dict[str, Any]]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def test_every_file_is_expected() -> None:
    assert sorted(EXPECTED) == sorted(each.name for each in FOLDER.iterdir() if each.name != "expected.json")
    # The second half of these rules is about the whole file; the limit on problems has a test of its own.
    found = {each[0] for expected in EXPECTED.values() for each in expected["problems"]}
    assert found == set(rules.RULES) - {rules.TOO_DEEP, rules.TOO_MANY_PROBLEMS}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_file(name: str) -> None:
    document = reading((FOLDER / name).read_bytes(), name)

    problems = [
        [each.rule, each.position.line, each.position.column, each.position.pointer, each.value]
        for each in document.problems
    ]
    assert {
        "media_type": document.media_type,
        "statements": len(document.statements),
        "problems": problems,
    } == EXPECTED[name]
    assert {each.position.source for each in document.problems} <= {name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_told_with_what_was_found(language: str) -> None:
    """No variable of a message is left without its value."""
    for name in EXPECTED:
        document = reading((FOLDER / name).read_bytes(), name)
        for each in translate(document.problems, language):
            assert each.message.startswith(f"{each.rule}: ")
            assert "{?" not in each.message, each
