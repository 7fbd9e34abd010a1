"""Every rule is told in every language: in whole sentences, with labels, and with nothing left to fill in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from pedgraph.intake.bundle import read_data
from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.messages import ENGLISH, LANGUAGES, read_catalogue
from pedgraph.intake.telling.teller import Background, Teller
from pedgraph.vocabulary.iris import SHAPES
from tests.folders import TEXTS
from tests.shapes.conftest import triples_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.intake.validation import Rulebook

INVALID: Final = sorted(Path(__file__).parent.glob("*/invalid-*.ttl"))
UNFILLED: Final = re.compile(r"\{[?$]")
VARIABLES: Final = re.compile(r"\{[?$](\w+)\}")
IRI: Final = re.compile(r"https?://\S+|_:\w+")


@pytest.fixture(scope="module")
def background(rulebook: Rulebook) -> Background:
    """What the check of a file tells its findings with."""
    known = [triple for graph in read_data(TEXTS).graphs.values() for triple in graph]
    return Background.of_triples(rulebook.shapes, [*rulebook.vocabulary, *rulebook.reference], known)


def texts(told: dict[str, Any]) -> list[str]:
    """All that a told finding has for people to read."""
    nearest = [told["nearest"]["label"]] if told["nearest"] else []
    labels = [told["entity"]["label"], told["property"]["label"], *(each["label"] for each in told["allowed"])]
    return [told["problem"], told["fix"], told["message"], told["found"], *labels, *nearest]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_a_fixture_raises_is_told_in_every_language(
    path: Path, background: Background, findings_in: Callable[[Path], list[Finding]]
) -> None:
    english = read_catalogue(ENGLISH)
    for language in LANGUAGES:
        teller = Teller(background, triples_of(path), language)
        for finding in findings_in(path):
            told = teller.tell(finding)

            assert [text for text in texts(told) if UNFILLED.search(text)] == []
            assert told["problem"]
            assert told["fix"]
            assert told["entity"]["label"]
            assert not IRI.fullmatch(told["entity"]["label"]) or finding.key == "S01", told["entity"]
            assert not IRI.fullmatch(told["property"]["label"]) or finding.key == "S08", told["property"]
            assert told["message"].startswith(f"{finding.rule}: ")
            assert language == ENGLISH or told["message"] != english.message(finding.key, dict(finding.variables))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_of_a_catalogue_is_told_as_a_problem_and_what_to_do(language: str, background: Background) -> None:
    teller = Teller(background, (), language)
    templates = read_catalogue(ENGLISH).templates
    for key, template in templates.items():
        rule = key.partition("-")[0]
        variables = tuple((name, f"<{name}>") for name in sorted(set(VARIABLES.findall(template))))
        shape = SHAPES + key if rule.startswith("S") else ""

        told = teller.tell(Finding(Severity.VIOLATION, rule, "urn:x:node", "", "", "", shape, variables))

        assert told["problem"], key
        assert told["fix"], f"{key} does not say how to mend it, in a sentence of its own"
        assert [text for text in texts(told) if UNFILLED.search(text)] == [], key
        page = "shapes" if shape else "file-rules"
        assert told["help"] == f"https://w3id.org/pedgraph/documentation/{page}.html#{rule}"

    assert {key.partition("-")[0][0] for key in templates} >= {"F", "G", "S"}
    assert len(templates) > 150
