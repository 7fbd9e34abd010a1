"""What is told about a file as one JSON object, from what a check gave; and the forms that it can be written in."""

from __future__ import annotations

from typing import Any


def told_file(checked: dict[str, Any], language: str, source: str) -> dict[str, Any]:
    """What a check told in a language, with the facts of the check; ``checked`` is its outcome as a JSON object.

    Its findings are those that are shown, in groups; ``counts`` are the true numbers. ``sheets`` has the rows of tables
    with findings, of which ``rows_left_out`` are not there; outcomes that were kept before there were any have none.
    """
    receipt = checked["receipt"]
    facts = {
        "media_type": checked["media_type"],
        "bytes": checked["size_bytes"],
        "sha256": receipt["file_hash"],
        "statements": checked["statements"],
        "receipt": receipt,
        "sheets": checked.get("sheets", []),
        "rows_left_out": checked.get("rows_left_out", 0),
    }
    told = checked["told"][language]
    groups = told["groups"]
    return {**told, "source": source, "conforms": checked["conforms"], **facts, "groups": groups}


def shown_findings(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of all groups that are shown, in the order of the groups."""
    return [finding for group in told["groups"] for finding in group["findings"]]
