"""Told findings as SARIF 2.1.0 (OASIS Standard), for editors and for the checks of code hosts.

A rule of SARIF is a constraint of ours, for a rule may have several that say different things.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pedgraph import __version__
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MEDIA_TYPE: Final = "application/sarif+json"
_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}


def sarif(files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One log with one run over some files; takes what was told about each.

    The members ``sha256``, ``bytes`` and ``media_type`` of a file are taken over where they are there. The
    results are those that are shown; true numbers stand among the properties of the run (sections 3.14, 3.27).
    """
    rules = _rules(files)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    artifacts = _Artifacts(files)
    results = [
        _result(finding, group, numbers[group["key"]], artifacts.location(finding, file))
        for file in files
        for group in file["groups"]
        for finding in group["findings"]
    ]
    run = {
        "tool": {"driver": {**_DRIVER, "rules": rules}},
        "language": files[0]["language"] if files else "en",
        # Columns count characters (section 3.14.17).
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, **_left_out(files)}],
        "artifacts": artifacts.described,
        "results": results,
        "properties": {"files": [_tally(file) for file in files]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


_DRIVER: Final = {
    "name": "pedgraph",
    "semanticVersion": __version__,
    "informationUri": f"{ROOT}documentation/shapes.html",
}


class _Artifacts:
    """The files with results in them, by number: those checked, and those inside of archives."""

    def __init__(self, files: Sequence[dict[str, Any]]) -> None:
        self.described: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        for file in files:
            self._add(file["source"], file)

    def location(self, finding: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
        """Where a finding is (section 3.28)."""
        position = finding["position"]
        source = position["source"] or file["source"]
        if source not in self._numbers:
            self._add(source, {})
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(source), "index": self._numbers[source]}}
        if position["line"] and not position["cell"]:
            column = {"startColumn": position["column"]} if position["column"] else {}
            physical["region"] = {"startLine": position["line"], **column}
        location: dict[str, Any] = {"physicalLocation": physical}
        if position["cell"]:
            location["logicalLocations"] = [{"fullyQualifiedName": finding["place"], "kind": "cell"}]
        elif position["pointer"]:
            location["logicalLocations"] = [{"fullyQualifiedName": position["pointer"], "kind": "value"}]
        return location

    def _add(self, source: str, file: dict[str, Any]) -> None:
        self._numbers[source] = len(self.described)
        described: dict[str, Any] = {"location": {"uri": _uri(source), "index": len(self.described)}}
        if file.get("bytes") is not None:
            described["length"] = file["bytes"]
        if file.get("media_type"):
            described["mimeType"] = file["media_type"]
        if file.get("sha256"):
            described["hashes"] = {"sha-256": file["sha256"]}
        self.described.append(described)


def _rules(files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A descriptor for each constraint with findings (section 3.49), in order of their ids."""
    groups = {group["key"]: group for file in files for group in file["groups"]}
    return [_rule(key, group) for key, group in sorted(groups.items())]


def _rule(key: str, group: dict[str, Any]) -> dict[str, Any]:
    problem, fix = group["general"]["problem"] or group["problem"], group["general"]["fix"] or group["fix"]
    described: dict[str, Any] = {
        "id": key,
        "shortDescription": {"text": problem or key},
        "fullDescription": {"text": f"{problem} {fix}".strip() or key},
        "help": {"text": fix or problem or key},
        "defaultConfiguration": {"level": _LEVELS[group["severity"]]},
        "properties": {"rule": group["rule"]},
    }
    return {**described, "helpUri": group["help"]} if group["help"] else described


def _result(
    finding: dict[str, Any], group: dict[str, Any], rule_index: int, location: dict[str, Any]
) -> dict[str, Any]:
    nearest = finding["nearest"]
    entity = finding["entity"]["label"]
    about = f"{entity}: " if entity else ""
    # Where the sentence does not say itself what was found.
    found = f" ({finding['found']})" if finding["found"] and finding["found"] not in finding["problem"] else ""
    properties = {
        "focusNode": finding["focus_node"],
        "property": finding["property"]["iri"],
        "value": finding["value"],
        "nearest": (nearest["iri"] or nearest["label"]) if nearest else "",
        "shape": finding["shape"],
        "component": finding["component"],
    }
    return {
        "ruleId": group["key"],
        "ruleIndex": rule_index,
        "level": _LEVELS[finding["severity"]],
        "kind": "fail",
        "message": {"text": f"{about}{finding['problem']}{found} {finding['fix']}".strip()},
        "locations": [location],
        "properties": {name: value for name, value in properties.items() if value},
    }


def _left_out(files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A notification for each file of whose findings not all are here (section 3.20.21)."""
    notifications = [
        {"level": "warning", "message": {"text": f"{file['source']}: {file['shown']} of {file['total']} are here."}}
        for file in files
        if file["left_out"]
    ]
    return {"toolExecutionNotifications": notifications} if notifications else {}


def _tally(file: dict[str, Any]) -> dict[str, Any]:
    return {"source": file["source"], "conforms": file["conforms"], "counts": file["counts"], "shown": file["shown"]}


def _uri(source: str) -> str:
    """A file as a URI or a relative reference (section 3.4.3)."""
    path = Path(source)
    return path.as_uri() if path.is_absolute() else quote(source.replace("\\", "/"))
