"""Told findings as they come from a check, made by hand, so that nothing has to be checked for them."""

from __future__ import annotations

from typing import Any

HOSTILE = "<script>alert(1)</script>\x1b[31m[red]\u202e\x07{{ 7*7 }}&"


def finding(line: int = 0, **members: Any) -> dict[str, Any]:  # noqa: ANN401
    """A told finding; ``members`` replace those of an ordinary one."""
    position = {"source": "a.ttl", "sheet": "", "line": line, "column": 5 if line else 0, "cell": "", "pointer": ""}
    return {
        "rule": "S09",
        "severity": "violation",
        "focus_node": "https://w3id.org/pedgraph/id/ped/nl-x",
        "path": "https://w3id.org/pedgraph/ont#topic",
        "entity": {"iri": "https://w3id.org/pedgraph/id/ped/nl-x", "label": "Noord"},
        "property": {"iri": "https://w3id.org/pedgraph/ont#topic", "label": "topic"},
        "value": "helth",
        "found": "helth",
        "allowed": [{"iri": "https://w3id.org/pedgraph/code/topic/health", "label": "health"}],
        "allowed_count": 1,
        "nearest": {"iri": "https://w3id.org/pedgraph/code/topic/health", "label": "health"},
        "problem": "This is no member of the code list topic.",
        "fix": "Take one from the list.",
        "message": "S09: This is no member of the code list topic. Take one from the list.",
        "position": position,
        "place": f"a.ttl:{line}:5" if line else "a.ttl",
        "help": "https://w3id.org/pedgraph/documentation/shapes.html#S09",
        "shape": "https://w3id.org/pedgraph/shapes#S09-topic-value",
        "component": "http://www.w3.org/ns/shacl#NodeConstraintComponent",
        **members,
    }


def group(*findings: dict[str, Any], count: int = 0, **members: Any) -> dict[str, Any]:  # noqa: ANN401
    """A group of told findings, of which there are ``count`` in truth."""
    first = findings[0]
    return {
        "rule": first["rule"],
        "key": first["shape"].rpartition("#")[2] or first["rule"],
        "severity": first["severity"],
        "property": first["property"],
        "problem": first["problem"],
        "fix": first["fix"],
        "general": {"problem": first["problem"], "fix": first["fix"]},
        "allowed": first["allowed"],
        "help": first["help"],
        "count": count or len(findings),
        "left_out": max(0, count - len(findings)),
        "findings": list(findings),
        **members,
    }


def told(*groups: dict[str, Any], **members: Any) -> dict[str, Any]:  # noqa: ANN401
    """What is told about a file with these groups."""
    counts = {
        severity: sum(each["count"] for each in groups if each["severity"] == severity)
        for severity in ("violation", "warning", "info")
    }
    shown = sum(len(each["findings"]) for each in groups)
    return {
        "source": "a.ttl",
        "language": "en",
        "conforms": counts["violation"] == 0,
        "counts": counts,
        "total": sum(counts.values()),
        "shown": shown,
        "left_out": sum(counts.values()) - shown,
        "groups": list(groups),
        **members,
    }


def warning(line: int = 0, **members: Any) -> dict[str, Any]:  # noqa: ANN401
    """A told finding that keeps nothing out, and has no shape."""
    plain = {"rule": "T01", "severity": "warning", "shape": "", "component": "", "help": "", "allowed": []}
    return finding(
        line, **{**plain, "allowed_count": 0, "nearest": None, "problem": "It is odd.", "fix": "", **members}
    )
