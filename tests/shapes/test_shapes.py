"""Every rule has valid and invalid fixtures; each invalid one raises exactly the id that its first line declares."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.findings import Severity
from pedgraph.intake.gate import BLANK_NODE, UNKNOWN_TERM
from pedgraph.vocabulary.iris import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding

FOLDER = Path(__file__).parent
VALID = sorted(FOLDER.glob("*/valid.ttl"))
INVALID = sorted(FOLDER.glob("*/invalid-*.ttl"))
GATE = {UNKNOWN_TERM, BLANK_NODE}
SH = "http://www.w3.org/ns/shacl#"
IDENTIFIER = "http://purl.org/dc/terms/identifier"


def shape_facts(shapes: Iterable[Triple]) -> dict[str, dict[str, list[object]]]:
    """What is said of each named shape: IRI → property → objects."""
    facts: dict[str, dict[str, list[object]]] = {}
    for triple in shapes:
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(SHAPES):
            properties = facts.setdefault(triple.subject.value, {})
            properties.setdefault(triple.predicate.value, []).append(triple.object)
    return facts


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.parent.name)
def test_a_valid_fixture_raises_nothing(path: Path, findings_in: Callable[[Path], list[Finding]]) -> None:
    assert findings_in(path) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_invalid_fixture_raises_exactly_what_it_declares(
    path: Path, findings_in: Callable[[Path], list[Finding]]
) -> None:
    declared = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# raises ").split(" ")

    findings = findings_in(path)

    assert {finding.rule for finding in findings} == set(declared) == {path.parent.name}
    assert all(finding.message.startswith(f"{finding.rule}: ") for finding in findings)


def test_the_folders_are_the_rules() -> None:
    rules = {
        term.value
        for properties in shape_facts(read_shapes()).values()
        for term in properties.get(IDENTIFIER, [])
        if isinstance(term, Literal)
    }
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == rules | GATE
    assert {path.parent.name for path in VALID} == {path.parent.name for path in INVALID} == folders


def test_every_constraint_is_seen_to_fire(findings_in: Callable[[Path], list[Finding]]) -> None:
    constraints = {iri for iri, facts in shape_facts(read_shapes()).items() if f"{SH}severity" in facts}

    fired = Counter(finding.shape for path in INVALID for finding in findings_in(path))

    assert constraints - set(fired) == set()
    assert len(constraints) >= 10


def test_every_constraint_speaks() -> None:
    """A shape with a path or a SPARQL constraint has an id, one severity, and a message that begins with the id."""
    shapes = read_shapes()
    messages = {
        triple.subject: triple.object.value
        for triple in shapes
        if triple.predicate.value == f"{SH}message" and isinstance(triple.object, Literal)
    }
    for iri, facts in shape_facts(shapes).items():
        speakers = facts.get(f"{SH}sparql", [])
        if f"{SH}path" in facts:
            speakers = [NamedNode(iri)]
        for speaker in speakers:
            (identifier,) = facts[IDENTIFIER]
            (severity,) = facts[f"{SH}severity"]
            assert isinstance(identifier, Literal)
            assert isinstance(severity, NamedNode)
            assert Severity.of(severity.value) in Severity
            assert iri.removeprefix(SHAPES).startswith(identifier.value)
            assert messages[speaker].startswith(f"{identifier.value}: ")  # type: ignore[index]
            assert messages[speaker].endswith((".", ".org/"))  # type: ignore[index]
