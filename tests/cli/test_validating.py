"""The command that checks files: its exit codes, its forms, and what it shows on a terminal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
import rdflib
from openpyxl import load_workbook
from rdflib.namespace import SH
from rich.console import Console

from pedgraph.cli.findings import plain_table, print_told
from pedgraph.intake.messages import LANGUAGES
from pedgraph.resources import data_directory
from tests.cli.commandline import run
from tests.delivery.findings.told import HOSTILE, finding, group, told, warning

if TYPE_CHECKING:
    from pathlib import Path

PROLOGUE: Final = b"""@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
VALID: Final = (
    PROLOGUE
    + b"""<https://w3id.org/pedgraph/id/ped/nl-x> a pedg:PositiveEnergyDistrict ; rdfs:label "X"@en ;
    pedg:inCity <https://w3id.org/pedgraph/id/city/nl-amsterdam> .
"""
)
INVALID: Final = VALID.replace(b"nl-amsterdam", b"nl-amsterdm")
WARNED: Final = VALID.replace(b"@en", b"")
# What does harm elsewhere, and the rules that it breaks here.
HARMFUL: Final = {
    "empty.ttl": (b"", {"F03"}),
    "mark.ttl": (b"\xef\xbb\xbf" + VALID, set()),
    "lines.ttl": (VALID.replace(b"\n", b"\r\n"), set()),
    "wide.ttl": (VALID.decode().encode("utf-16"), set()),
    "broken.ttl": (VALID + b"\xff", {"F04", "F06"}),
    "list.jsonld": (b"[" * 50_000, {"F13"}),
    "tree.jsonld": (b'{"@id":' * 50_000, {"F13"}),
    "remote.jsonld": (b'{"@context":"https://example.org/c.jsonld","@id":"urn:x:s","p":"o"}', {"F12"}),
    "bomb.rdf": (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>', {"F11"}),
    "nested.ttl": (b"<urn:x:a> <urn:x:b> " + b"[ <urn:x:c> " * 50_000, {"F06"}),
}


def test_the_exit_code_says_whether_all_files_conform(tmp_path: Path) -> None:
    for name, content in (("fine.ttl", VALID), ("warned.ttl", WARNED), ("wrong.ttl", INVALID)):
        (tmp_path / name).write_bytes(content)
    fine, warned, wrong, missing = (
        str(tmp_path / name) for name in ("fine.ttl", "warned.ttl", "wrong.ttl", "none.ttl")
    )

    conforming = run("validate", fine, warned)
    all_of_them = run("validate", fine, wrong, missing)
    most_of_them = run("validate", fine, wrong, "--language", "de")

    verdicts = [line for line in conforming.stdout.decode().splitlines() if line.startswith("✔")]
    assert (conforming.returncode, verdicts) == (
        0,
        [f"✔ {fine}: Nothing to complain about.", f"✔ {warned}: 1 warning  The file can be taken in."],
    )
    assert all_of_them.returncode == 2
    assert f"pedgraph: {missing}: It cannot be read: No such file or directory." in all_of_them.stderr.decode()
    assert f"✖ {wrong}: 1 error  The file cannot be taken in yet." in all_of_them.stdout.decode()
    assert most_of_them.returncode == 1
    assert most_of_them.stdout.decode().splitlines()[2:] == [
        "✖ Fehler S51 x 1  in der Stadt",
        "  „in der Stadt“ (pedg:inCity) muss auf eine Stadt verweisen, und das ist hier nicht der Fall.",
        "  → Bitte den Verweis korrigieren oder angeben, von welcher Art das ist, worauf verwiesen wird.",
        "  Erlaubt: Stadt",
        f"  {'Stelle':<{len(wrong) + 5}}  Betrifft  Gefunden             Gemeint vielleicht",
        f"  {wrong}:4:17  X         id:city/nl-amsterdm  Amsterdam",
        "        4 │     pedg:inCity <https://w3id.org/pedgraph/id/city/nl-amsterdm> .",
        "          │                 ^",
        "",
        f"✖ {wrong}: 1 Fehler  Die Datei kann noch nicht aufgenommen werden.",
    ]


def test_json_has_the_facts_of_the_check_and_the_findings_in_groups() -> None:
    done = run("validate", "-", "--json", "--language", "nl", stdin=INVALID)

    outcome = json.loads(done.stdout)
    (found,) = outcome["groups"]
    assert done.returncode == 1
    assert {name: outcome[name] for name in ("source", "language", "conforms", "counts", "statements", "bytes")} == {
        "source": "stdin",
        "language": "nl",
        "conforms": False,
        "counts": {"violation": 1, "warning": 0, "info": 0},
        "statements": 3,
        "bytes": len(INVALID),
    }
    assert outcome["receipt"]["conforms"] is False
    assert outcome["sha256"] == outcome["receipt"]["file_hash"]
    assert (found["rule"], found["findings"][0]["place"]) == ("S51", "stdin:4:17")
    assert found["findings"][0]["nearest"]["label"] == "Amsterdam"


def test_files_that_do_harm_elsewhere_are_judged_all_in_one_go(tmp_path: Path) -> None:
    for name, (content, _) in HARMFUL.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in HARMFUL]

    done = run("validate", *paths, "--json", PEDGRAPH_VALIDATION_DEADLINE_SECONDS="60")

    outcomes = json.loads(done.stdout)
    judged = {outcome["source"]: {each["rule"] for each in outcome["groups"]} for outcome in outcomes}
    assert judged == {str(tmp_path / name): rules for name, (_, rules) in HARMFUL.items()}
    assert [outcome["conforms"] for outcome in outcomes] == [not rules for _, rules in HARMFUL.values()]
    assert "Traceback" not in done.stderr.decode()
    assert done.returncode == 1


def test_a_page_a_log_and_a_report_are_written_to_files(tmp_path: Path) -> None:
    path = tmp_path / "district.ttl"
    path.write_bytes(INVALID)
    outputs = {form: tmp_path / f"out.{form}" for form in ("html", "sarif", "turtle")}

    codes = [run("validate", str(path), "--format", form, "-o", str(out)).returncode for form, out in outputs.items()]

    assert codes == [1, 1, 1]
    page = outputs["html"].read_text(encoding="utf-8")
    assert '<li id="L4" class="noted violation">' in page
    assert '<a href="#L4">' in page
    (result,) = json.loads(outputs["sarif"].read_bytes())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 17}
    assert len(list(rdflib.Graph().parse(outputs["turtle"], format="turtle").objects(None, SH.result))) == 1


def test_a_table_comes_back_marked(tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_bytes(b"Name,Kind of nothing\r\nAmsterdam,1\r\n")

    done = run("validate", str(path), "--format", "xlsx", "-o", str(tmp_path / "marked.xlsx"))

    assert done.returncode in {0, 1}, done.stderr.decode()
    assert len(load_workbook(tmp_path / "marked.xlsx").sheetnames) > 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-", "-", "--format", "xlsx"], "One workbook holds the findings about one file."),
        (["-", "--language", "it"], "There are no messages in 'it'."),
        (["-", "--input-format", "docx"], "stdin: Its format is not known. Name one with --input-format: ttl, jsonld"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_checked(arguments: list[str], says: str) -> None:
    done = run("validate", *arguments, stdin=VALID)

    assert (done.returncode, done.stdout) == (2, b"")
    assert f"pedgraph: {says}" in done.stderr.decode()


def test_a_file_that_is_too_large_is_not_read_and_one_that_takes_too_long_is_given_up() -> None:
    large = run("validate", "-", stdin=VALID, PEDGRAPH_FILE_MAX_BYTES="100")
    slow = run("validate", "-", stdin=VALID, PEDGRAPH_VALIDATION_DEADLINE_SECONDS="0.01")

    assert (large.returncode, slow.returncode) == (2, 1)
    assert "at most 100 bytes are read" in large.stderr.decode()
    assert "✖ error F90 x 1" in slow.stdout.decode()
    assert "took longer than 0.01 seconds" in slow.stdout.decode()


def test_the_shipped_sources_conform_by_the_same_command() -> None:
    sources = [str(data_directory() / "sources" / f"{name}.trig") for name in ("s1", "s2")]

    assert run("validate", *sources).returncode == 0


def printed(file: dict[str, Any], *, width: int, colours: bool = False) -> str:
    """What a terminal of a width is sent."""
    console = Console(width=width, force_terminal=colours, color_system="standard" if colours else None)
    with console.capture() as captured:
        print_told(console, [file])
    return captured.get()


def test_numbers_are_true_and_what_is_left_out_is_said() -> None:
    text = plain_table([told(group(finding(3), count=1500), group(warning(9)))])

    assert "✖ error S09 x 1,500  topic" in text
    assert "  1,499 more of this kind are not shown." in text
    assert text.endswith(
        "✖ a.ttl: 1,500 errors, 1 warning  The file cannot be taken in yet.  2 of 1,501 findings are shown.\n"
    )


def test_on_a_narrow_terminal_lines_are_wrapped_and_nothing_is_lost() -> None:
    text = printed(told(group(finding(3), finding(44444))), width=40)

    lines = [line.rstrip() for line in text.splitlines()]
    assert max(map(len, lines[:-1])) <= 40
    assert lines[-8:-2] == [
        "    Found: helth",
        "    Did you mean: health",
        "  a.ttl:44444:5",
        "    About: Noord",
        "    Found: helth",
        "    Did you mean: health",
    ]


def test_colour_says_nothing_alone() -> None:
    file = told(group(finding(3)), group(warning(9)))

    coloured = printed(file, width=100, colours=True)

    assert "\x1b[1;31m✖ error\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(file, width=100)


@pytest.mark.parametrize("colours", [False, True])
def test_hostile_values_have_no_power_over_a_terminal(tmp_path: Path, *, colours: bool) -> None:
    path = tmp_path / "wild.ttl"
    path.write_text(f"{HOSTILE}\n", encoding="utf-8")
    wild = {"iri": "", "label": HOSTILE}
    position = {"source": str(path), "sheet": "", "line": 1, "column": 3, "cell": "", "pointer": ""}
    file = told(
        group(finding(1, entity=wild, property=wild, found=HOSTILE, problem=HOSTILE, fix=HOSTILE, position=position)),
        source=str(path),
    )

    text = printed(file, width=200, colours=colours)

    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert plain.count("<script>alert(1)</script>␛[31m[red]\N{REPLACEMENT CHARACTER}␇{{ 7*7 }}&") >= 5
    assert "\x1b[31m[red]" not in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_whole_in_every_language(language: str) -> None:
    text = plain_table(
        [told(group(finding(3), count=20), group(warning(9)), language=language), told(language=language)]
    )

    assert "{?" not in text
    assert len(text.splitlines()) > 10
