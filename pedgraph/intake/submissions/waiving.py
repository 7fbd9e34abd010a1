"""Waivers: a steward's word that warnings may stand. Violations may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pedgraph.errors import BadRequest, DoesNotConform

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.intake.submissions.records import Waiver


def verify_waivers(waivers: Iterable[Waiver], findings: Sequence[dict[str, Any]]) -> None:
    """Raises :class:`DoesNotConform` where a violation is to be waived, :class:`BadRequest` where there is nothing to
    waive or no reason is given.
    """
    for waiver in waivers:
        if not waiver.note.strip():
            raise BadRequest(f"Say in a note why the warnings of {waiver.rule} may stand.", field="waivers")
        meant = [
            each for each in findings if each["rule"] == waiver.rule and waiver.focus_node in {"", each["focus_node"]}
        ]
        violations = [each for each in meant if each["severity"] == "violation"]
        if violations:
            raise DoesNotConform(f"{waiver.rule} is violated; only warnings can be waived.", findings=violations)
        if not meant:
            raise BadRequest(f"There is no warning of {waiver.rule[:50]} to waive.", field="waivers")
