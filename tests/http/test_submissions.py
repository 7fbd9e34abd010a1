"""Submissions over HTTP: who sees and does what with them, and the whole way from a template to an answer."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.staff import SUBMISSION, Staff, district, files_of, problem, sent

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

PARTS = ("", "/original", "/findings", "/receipt", "/preview")


def test_a_submission_is_seen_by_whom_it_concerns(staff: Staff) -> None:
    content = district("seen")
    answer = staff.submit("Ann", content, "../../ab.ttl")
    identifier = sent(answer)
    assert answer.headers["location"] == f"/submissions/{identifier}"
    assert (answer.json()["state"], answer.json()["file_name"]) == ("in-review", "ab.ttl")

    for part in PARTS:
        found = {name: staff.client(name).get(f"/submissions/{identifier}{part}") for name in ("Ann", "Bob", "Eve")}
        assert {name: each.status_code for name, each in found.items()} == {"Ann": 200, "Bob": 403, "Eve": 200}
        assert problem(found["Bob"]) == (403, "forbidden")
    original = staff.client("Ann").get(f"/submissions/{identifier}/original")
    assert original.content == content
    assert original.headers["content-disposition"] == "attachment; filename=\"ab.ttl\"; filename*=UTF-8''ab.ttl"
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["x-content-type-options"] == "nosniff"
    listed = {name: staff.client(name).get("/submissions").json()["submissions"] for name in ("Ann", "Bob", "Eve")}
    assert {name: identifier in [each["id"] for each in found] for name, found in listed.items()} == {
        "Ann": True, "Bob": False, "Eve": True,
    }  # fmt: skip
    receipt = staff.client("Ann").get(f"/submissions/{identifier}/receipt").json()
    checked = staff.client().post("/validate", files={"file": ("ab.ttl", content)}).json()["receipt"]
    assert {**receipt, "checked": ""} == {"submission": identifier, **checked, "checked": ""}


def test_the_same_bytes_again_are_the_same_submission(staff: Staff) -> None:
    first, again = staff.submit("Ann", district("twice")), staff.submit("Ann", district("twice"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert staff.submit("Bob", district("twice")).json()["id"] != first.json()["id"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"licence": "free"}, "licence"),
        ({"source_address": "file:///etc/passwd"}, "source_address"),
        ({"source_read_on": "yesterday"}, "source_read_on"),
        ({"creator": "name@" + "example.org"}, "creator"),
    ],
)
def test_what_is_not_said_of_a_file_is_asked_for(staff: Staff, changed: dict[str, str], field: str) -> None:
    before = {name for name in files_of(staff.home) if name.startswith("submissions/files")}
    answer = staff.submit("Ann", district("asked"), **changed)
    assert (problem(answer), answer.json()["field"]) == ((400, "bad-request"), field)
    assert {name for name in files_of(staff.home) if name.startswith("submissions/files")} == before


def test_decisions_are_for_stewards_who_have_seen_the_newest(staff: Staff) -> None:
    ann, eve = staff.client("Ann"), staff.client("Eve")
    identifier = sent(staff.submit("Ann", district("decided")))
    address = f"/submissions/{identifier}"
    seen = eve.get(address)
    assert eve.get(address, headers={"If-None-Match": seen.headers["etag"]}).status_code == 304
    condition = {"If-Match": seen.headers["etag"]}

    assert problem(ann.post(f"{address}/decisions", json={"decision": "accept"})) == (403, "forbidden")
    assert problem(eve.post(f"{address}/decisions", json={"decision": "reject"})) == (400, "bad-request")
    assert problem(eve.post(f"{address}/decisions", json=["accept"])) == (400, "bad-request")
    assert problem(eve.post(f"{address}/decisions", json={"decision": "maybe"})) == (400, "bad-request")
    assert (
        problem(eve.post(f"{address}/decisions", content="{", headers={"Content-Type": "application/json"}))[0] == 400
    )
    back = eve.post(
        f"{address}/decisions", json={"decision": "request-changes", "comment": "Which street?"}, headers=condition
    )
    assert (back.status_code, back.json()["state"]) == (200, "changes-requested")
    late = eve.post(f"{address}/decisions", json={"decision": "accept"}, headers=condition)
    assert problem(late) == (412, "precondition-failed")
    gone = ann.post(f"{address}/withdrawal", json={"comment": "A mistake"})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert problem(ann.get(address)) == (410, "withdrawn")
    assert problem(eve.post(f"{address}/decisions", json={"decision": "accept"}))[0] in {409, 410}


def test_what_breaks_rules_cannot_be_accepted(staff: Staff) -> None:
    answer = staff.submit("Ann", district("invalid").replace(b"city:cz-prague", b"city:nowhere"))
    identifier = sent(answer)
    assert answer.json()["state"] == "invalid"
    decided = staff.client("Eve").post(f"/submissions/{identifier}/decisions", json={"decision": "accept"})
    assert problem(decided) == (422, "does-not-conform")


def filled(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def find_cell(book: Workbook, text: str) -> Cell:
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text)
    return next(cells)


def test_the_whole_way_from_a_template_to_an_answer(staff: Staff) -> None:
    ann, eve = staff.client("Ann"), staff.client("Eve")
    template = ann.get("/templates/pedgraph.xlsx", params={"example": "true"})
    assert template.status_code == 200
    book = filled(template.content)
    cell = find_cell(book, "planned")
    place = f"{cell.parent.title}!{cell.coordinate}"
    cell.value = "plannned"

    wrong = ann.post("/submissions", files={"file": ("mine.xlsx", saved(book))}, data=SUBMISSION)
    first = sent(wrong)
    assert wrong.json()["state"] == "invalid"
    told = ann.get(f"/submissions/{first}/findings").json()
    places = {
        each["place"] for group in told["groups"] for each in group["findings"] if each["severity"] == "violation"
    }
    assert places == {place}
    marked = ann.get(f"/submissions/{first}/findings", params={"format": "xlsx"})
    assert filled(marked.content)[cell.parent.title][cell.coordinate].comment is not None

    cell.value = "planned"
    right = ann.post("/submissions", files={"file": ("mine.xlsx", saved(book))}, data={**SUBMISSION, "revises": first})
    second = sent(right)
    assert right.json()["state"] == "in-review", ann.get(f"/submissions/{second}/findings").text
    assert eve.get(f"/submissions/{second}/preview").status_code == 200
    accepted = eve.post(f"/submissions/{second}/decisions", json={"decision": "accept", "comment": "Good."})
    assert accepted.status_code == 200, accepted.text
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{accepted.json()['graph']}> {{ ?s ?p ?o }} }}"
    answer = staff.server.get(query)
    assert answer.headers["pedgraph-version"] == accepted.headers["pedgraph-version"]
    assert int(answer.text.split()[1]) > 20
    states = {each["id"]: each["state"] for each in ann.get("/submissions").json()["submissions"]}
    assert (states[first], states[second]) == ("superseded", "accepted")
