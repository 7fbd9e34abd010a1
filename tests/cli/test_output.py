"""Findings as people see them, and what it costs to show them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from pedgraph.cli.output import show_findings
from pedgraph.intake.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


class Counted(list[Finding]):
    """Findings that count how often somebody goes through all of them."""

    passes = 0

    def __iter__(self) -> Iterator[Finding]:
        self.passes += 1
        return super().__iter__()


def test_findings_stand_with_what_they_are_about_worst_first(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [
        Finding(Severity.WARNING, "S03", "urn:x:a", "", "", "S03: It could be better."),
        Finding(Severity.WARNING, "S03", "urn:x:b", "", "urn:x::smile:", "S03: It could be [better]."),
        Finding(Severity.VIOLATION, "S02", "urn:x:b", LABEL, "urn:x:b", "S02: It needs a label."),
    ]

    show_findings("stdin", findings)

    assert capsys.readouterr().out.splitlines() == [
        "stdin: 1 violation, 2 warnings",
        "",
        "urn:x:b",
        "  violation S02  rdfs:label",
        "            It needs a label.",
        "  warning   S03   = urn:x::smile:",
        "            It could be [better].",
        "",
        "urn:x:a",
        "  warning   S03  ",
        "            It could be better.",
    ]


def test_the_cost_of_showing_findings_grows_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    passes = []
    for number in (10, 100):
        findings = Counted(Finding(Severity.INFO, "S01", f"urn:x:{i}", "", "", "S01: See.") for i in range(number))
        show_findings("stdin", findings)
        passes.append(findings.passes)

    assert passes[0] == passes[1], "each finding goes through all others"
    assert capsys.readouterr().out.count("S01") == 110


def test_what_others_wrote_neither_begins_a_line_of_the_log_nor_steers_the_terminal() -> None:
    script = (
        "import logging; from pedgraph.cli.output import set_up_logging; set_up_logging(verbose=False); "
        r"logging.getLogger('a').warning('GET %s', '/x\n2026 ERROR b: forged\x1b[2J')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert [line[24:] for line in done.stderr.splitlines()] == ["WARNING a: GET /x\u240a2026 ERROR b: forged\u241b[2J"]
