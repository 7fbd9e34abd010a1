"""``/validate``: the verdict of the command line, in all forms; and nothing is left behind."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, parse

from tests.staff import PREFIXES, Staff, district, files_of, problem

WRONG = PREFIXES.encode() + b'ped:cz-prague-wrong a pedg:PositiveEnergyDistrict ; rdfs:label "A district"@en .\n'
ENTITIES = "<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)
SAMPLES: dict[str, bytes] = {
    "fine.ttl": district("fine"),
    "wrong.ttl": WRONG,
    "empty.ttl": b"",
    "broken.ttl": district("broken")[:-4] + b"\n<a> <b",
    "byte-order-mark.ttl": b"\xef\xbb\xbf" + district("marked"),
    "utf-16.ttl": district("wide").decode().encode("utf-16"),
    "latin.ttl": district("latin").replace(b"latin", b"l\xe4tin"),
    "lines.ttl": district("lines").replace(b"\n", b"\r\n"),
    "misnamed.xlsx": district("misnamed"),
    "no-suffix": district("plain"),
    "bomb.rdf": f"<!DOCTYPE x [{ENTITIES}]><rdf:RDF>&j;</rdf:RDF>".encode(),
    "deep.jsonld": b"[" * 50_000 + b"]" * 50_000,
    "remote.jsonld": b'{"@context": "https://example.org/context", "@id": "urn:x:a"}',
    "file.jsonld": b'{"@context": "file:///etc/passwd", "@id": "urn:x:a"}',
    "unknown-term.ttl": district("unknown").replace(b"inCity", b"inTown"),
    "space.ttl": district("space").replace(b"city:cz-prague", b"<https://example.org/a b>"),
    "mail.ttl": district("mail").replace(b'"mail"', b'"name@' + b'example.org"'),
    "table.csv": b"a,b\n=1+1,2\n",
    "zip.zip": b"PK\x05\x06" + bytes(18),
    "none.xlsx": b"PK\x03\x04 nothing",
}


def verdict(told: dict[str, Any]) -> dict[str, Any]:
    """What is said of a file, without when."""
    receipt = {name: value for name, value in told["receipt"].items() if name != "checked"}
    findings = [(each["rule"], each["place"]) for group in told["groups"] for each in group["findings"]]
    return {"conforms": told["conforms"], "counts": told["counts"], "findings": findings, "receipt": receipt}


@pytest.fixture(scope="module")
def by_command_line(staff: Staff, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What ``pedgraph validate`` says of all samples."""
    folder = tmp_path_factory.mktemp("samples")
    for name, content in SAMPLES.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-m", "pedgraph", "validate", "--json", *SAMPLES]
    environment = {**os.environ, "PEDGRAPH_HOME": str(staff.home)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return {each["source"]: verdict(each) for each in json.loads(done.stdout)}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_verdict_is_that_of_the_command_line(
    staff: Staff, by_command_line: dict[str, dict[str, Any]], name: str
) -> None:
    before = files_of(staff.home)
    answer = staff.client().post("/validate", files={"file": (name, SAMPLES[name])})

    assert answer.status_code == 200, answer.text
    assert verdict(answer.json()) == by_command_line[name]
    assert files_of(staff.home) == before


def test_the_samples_are_of_both_kinds(by_command_line: dict[str, dict[str, Any]]) -> None:
    fine = {name for name, each in by_command_line.items() if each["conforms"]}
    assert {"fine.ttl", "byte-order-mark.ttl", "lines.ttl"} <= fine
    assert not fine & {"wrong.ttl", "broken.ttl", "empty.ttl", "bomb.rdf", "deep.jsonld", "remote.jsonld", "none.xlsx"}


def test_findings_come_in_all_forms(staff: Staff) -> None:
    client = staff.client()

    def ask(accept: str, **parameters: str) -> tuple[str, bytes]:
        answer = client.post(
            "/validate", content=WRONG, headers={"Accept": accept, "Content-Type": "text/turtle"}, params=parameters
        )
        assert answer.status_code == 200, answer.text
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
        return answer.headers["content-type"], answer.content

    media_type, content = ask("application/json")
    assert (media_type, json.loads(content)["conforms"]) == ("application/json", False)
    media_type, content = ask("text/html")
    assert (media_type, content[:15]) == ("text/html; charset=utf-8", b"<!DOCTYPE html>")
    for rdf_format in (RdfFormat.TURTLE, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML):
        media_type, content = ask(rdf_format.media_type)
        values = [
            quad.object.value for quad in parse(content, rdf_format) if quad.predicate.value.endswith("#conforms")
        ]
        assert values == ["false"]
    media_type, content = ask("application/sarif+json")
    assert json.loads(content)["runs"][0]["results"]
    assert ask("text/html", format="sarif")[0] == "application/sarif+json"


def test_a_table_comes_back_marked(staff: Staff) -> None:
    answer = staff.client().post(
        "/validate", files={"file": ("cities.csv", b"name,country\nX,Nowhere\n")}, params={"format": "xlsx"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="cities.checked.xlsx"')
    assert len(load_workbook(io.BytesIO(answer.content)).sheetnames) >= 2


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({"params": {"language": "nl"}}, "nl"),
        ({"headers": {"Accept-Language": "fr-BE;q=0.8, de;q=0.9, *;q=0.1"}}, "de"),
        ({"headers": {"Accept-Language": "pl"}}, "en"),
        ({"data": {"language": "es"}, "headers": {"Accept-Language": "de"}}, "es"),
    ],
)
def test_it_is_told_in_the_language_asked_for(staff: Staff, given: dict[str, dict[str, str]], language: str) -> None:
    answer = staff.client().post("/validate", files={"file": ("wrong.ttl", WRONG)}, **given)  # type: ignore[arg-type]
    assert (answer.headers["content-language"], answer.json()["language"]) == (language, language)


def test_what_cannot_be_asked_is_refused(staff: Staff) -> None:
    client = staff.client()
    assert problem(client.post("/validate", content=b"", params={"language": "pl"})) == (400, "bad-request")
    assert problem(client.post("/validate", content=b"", headers={"Accept": "image/png"})) == (406, "not-acceptable")
    assert problem(client.get("/validate")) == (405, "method-not-allowed")
