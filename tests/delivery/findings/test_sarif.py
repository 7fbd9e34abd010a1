"""SARIF 2.1.0: every member that the standard requires, with values that it allows, and whole logs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from pedgraph import __version__
from pedgraph.delivery.findings.sarif import sarif
from tests.delivery.findings.told import HOSTILE, finding, group, told, warning

LEVELS: Final = {"none", "note", "warning", "error"}
# Section 3.4.3 wants a URI reference (RFC 3986, section 4.1).
URI: Final = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def check(log: dict[str, Any]) -> None:
    """Fails where a log lacks what the sections 3.13 to 3.54 require, or refers to what is not there."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert len(json.dumps(log)) > 0
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"]
        identifiers = [rule["id"] for rule in driver["rules"]]
        assert len(identifiers) == len(set(identifiers))
        for rule in driver["rules"]:
            assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))
            assert rule["defaultConfiguration"]["level"] in LEVELS
            assert "helpUri" not in rule or rule["helpUri"].startswith("https://")
        for number, artifact in enumerate(run["artifacts"]):
            assert URI.fullmatch(artifact["location"]["uri"])
            assert artifact["location"]["index"] == number
            assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in artifact.get("hashes", {}).values())
        assert all(each["executionSuccessful"] is True for each in run["invocations"])
        for result in run["results"]:
            check_result(result, run)


def check_result(result: dict[str, Any], run: dict[str, Any]) -> None:
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in LEVELS - {"none"}
    assert result["kind"] == "fail"
    assert result["message"]["text"]
    for location in result["locations"]:
        physical = location["physicalLocation"]
        place = physical["artifactLocation"]
        assert run["artifacts"][place["index"]]["location"]["uri"] == place["uri"]
        region = physical.get("region", {"startLine": 1})
        assert region["startLine"] >= 1
        assert region.get("startColumn", 1) >= 1
        assert all(each["fullyQualifiedName"] for each in location.get("logicalLocations", []))


def test_a_log_is_written_as_a_whole() -> None:
    facts = {"sha256": "a" * 64, "bytes": 321, "media_type": "text/turtle"}

    log = sarif([told(group(finding(3), count=2), **facts)])

    check(log)
    golden = json.loads((Path(__file__).parent / "log.sarif").read_text(encoding="utf-8"))
    golden["runs"][0]["tool"]["driver"]["semanticVersion"] = __version__
    assert log == golden


@pytest.mark.parametrize(
    ("position", "location"),
    [
        (
            {"source": "b.xlsx", "sheet": "Cities", "line": 7, "column": 2, "cell": "B7", "pointer": ""},
            {
                "physicalLocation": {"artifactLocation": {"uri": "b.xlsx", "index": 1}},
                "logicalLocations": [{"fullyQualifiedName": "Cities!B7", "kind": "cell"}],
            },
        ),
        (
            {"source": "", "sheet": "", "line": 0, "column": 0, "cell": "", "pointer": "#/@graph/0"},
            {
                "physicalLocation": {"artifactLocation": {"uri": "a.ttl", "index": 0}},
                "logicalLocations": [{"fullyQualifiedName": "#/@graph/0", "kind": "value"}],
            },
        ),
        (
            {"source": "my cities.csv", "sheet": "", "line": 4, "column": 0, "cell": "", "pointer": ""},
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "my%20cities.csv", "index": 1},
                    "region": {"startLine": 4},
                }
            },
        ),
    ],
)
def test_places_in_tables_and_trees_are_logical(position: dict[str, Any], location: dict[str, Any]) -> None:
    log = sarif([told(group(finding(position=position, place="Cities!B7")))])

    check(log)
    assert log["runs"][0]["results"][0]["locations"] == [location]


def test_a_file_without_findings_and_one_with_warnings_share_a_run() -> None:
    log = sarif([told(source="/data/clean file.ttl"), told(group(warning(2)), language="de")])

    check(log)
    (run,) = log["runs"]
    assert [each["location"]["uri"] for each in run["artifacts"]] == ["file:///data/clean%20file.ttl", "a.ttl"]
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [("T01", "warning")]
    assert "helpUri" not in run["tool"]["driver"]["rules"][0]


def test_hostile_values_stay_values() -> None:
    log = sarif(
        [told(group(finding(1, value=HOSTILE, found=HOSTILE, entity={"iri": "", "label": HOSTILE})), source=HOSTILE)]
    )

    check(log)
    assert json.loads(json.dumps(log))["runs"][0]["results"][0]["properties"]["value"] == HOSTILE
