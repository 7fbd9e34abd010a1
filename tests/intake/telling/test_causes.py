"""What follows from another finding is not told again, and nothing else is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pedgraph.intake.findings import Finding, Severity
from pedgraph.intake.telling.causes import without_consequences

MISSING: Final = Finding(
    Severity.VIOLATION, "S22", "urn:x:a", "urn:x:role", "", "",
    component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
)  # fmt: skip
NO_CODE: Final = Finding(Severity.VIOLATION, "S09", "urn:x:a", "urn:x:role", "urn:x:wrong", "")
UNREAD: Final = Finding(Severity.VIOLATION, "T03", "urn:x:a", "urn:x:role", "wrong", "")
UNKNOWN: Final = Finding(Severity.VIOLATION, "G01", "urn:x:a", "urn:x:role", "urn:x:wrong", "")


def test_a_value_that_could_not_be_read_is_not_missing_too() -> None:
    assert without_consequences([MISSING, UNREAD]) == [UNREAD]
    assert without_consequences([MISSING]) == [MISSING]
    for other in (
        replace(UNREAD, severity=Severity.WARNING),
        replace(UNREAD, focus_node="urn:x:b"),
        replace(UNREAD, path="urn:x:other"),
    ):
        assert without_consequences([MISSING, other]) == [MISSING, other]


def test_an_unknown_term_is_in_no_code_list() -> None:
    assert without_consequences([NO_CODE, UNKNOWN]) == [UNKNOWN]
    assert without_consequences([UNKNOWN, replace(NO_CODE, value="urn:x:else")]) == [
        UNKNOWN,
        replace(NO_CODE, value="urn:x:else"),
    ]
    assert without_consequences([NO_CODE, replace(NO_CODE, rule="S23"), UNKNOWN]) == [
        replace(NO_CODE, rule="S23"),
        UNKNOWN,
    ]
