"""The whole journey over HTTP: from an empty template to data that anybody can ask for, and back to nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from openpyxl import load_workbook

from pedgraph.intake.tables.sheets import column_letters
from tests.intake.tables.thirty_mistakes import MISTAKES, make_thirty_mistakes, marked_cells
from tests.staff import SUBMISSION, Staff, problem, sent

if TYPE_CHECKING:
    import httpx
    from openpyxl import Workbook

ONT: Final = "https://w3id.org/pedgraph/ont#"
META: Final = "https://w3id.org/pedgraph/graph/meta"
STATUS: Final = "https://w3id.org/pedgraph/code/submission-status/"
INFERRED: Final = "https://w3id.org/pedgraph/graph/inferred"
NAMES: Final = "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
# Sheet, header, what is written into the first row of the worked example, and the rule that it breaks.
PLANTED: Final = (
    ("Cities", "Country", "Nowhere", "T03"),
    ("Districts", "City", "No such city", "T10"),
    ("Numbers", "Value", "=1+1", "T12"),
)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def address_of(book: Workbook, sheet: str, header: str) -> str:
    """The cell below a header, in the first row that is filled."""
    for row in book[sheet].iter_rows():
        for cell in row:
            if str(cell.value).strip(" *") == header or str(cell.value).startswith(f"{header} ("):
                return f"{column_letters(cell.column or 0)}{(cell.row or 0) + 1}"
    raise AssertionError((sheet, header))


def rename(book: Workbook, old: str, new: str) -> None:
    """Gives a thing another name in all cells that name it."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == old:
                    cell.value = new


def rows(staff: Staff, query: str) -> list[list[str]]:
    """The rows of an answer, without the names of its columns."""
    answer = staff.server.get(f"PREFIX pedg: <{ONT}> {NAMES} {query}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def places(told: dict[str, Any]) -> dict[str, str]:
    """The places of what keeps a file out, with the rules."""
    return {
        each["place"]: each["rule"]
        for group in told["groups"]
        for each in group["findings"]
        if each["severity"] == "violation"
    }


def coloured(content: bytes, sent_book: Workbook) -> set[tuple[str, str]]:
    """The cells of the sheets that were sent which have a comment and another ground than they came with."""
    marked, found = opened(content), set()
    for sheet in sent_book:
        for row in marked[sheet.title].iter_rows():
            for cell in row:
                before = sheet[cell.coordinate]
                was_coloured = cell.fill.fgColor.rgb != before.fill.fgColor.rgb
                was_commented = (cell.comment.text if cell.comment else "") != (
                    before.comment.text if before.comment else ""
                )
                assert was_coloured == was_commented, (sheet.title, cell.coordinate)
                if was_coloured:
                    found.add((sheet.title, cell.coordinate))
    return found


def test_thirty_planted_mistakes_come_back_as_thirty_marked_cells(staff: Staff) -> None:
    book = make_thirty_mistakes()
    content = saved(book)
    answer = staff.client().post(
        "/validate", files={"file": ("mistakes.xlsx", content)}, params={"format": "xlsx", "language": "en"}
    )

    assert answer.status_code == 200, answer.text
    assert len(marked_cells()) == len(MISTAKES) == 30
    assert coloured(answer.content, opened(content)) == marked_cells()
    told = staff.client().post("/validate", files={"file": ("mistakes.xlsx", content)}).json()
    said = Counter(each["place"] for group in told["groups"] for each in group["findings"])
    assert set(said) == {f"{sheet}!{cell}" for sheet, cell in marked_cells()}


def plant(book: Workbook) -> dict[str, object]:
    """Plants the mistakes; gives what stood in their cells."""
    right: dict[str, object] = {}
    for sheet, header, value, _ in PLANTED:
        cell = address_of(book, sheet, header)
        right[f"{sheet}!{cell}"] = book[sheet][cell].value
        book[sheet][cell].value = value
    return right


def correct(book: Workbook, right: dict[str, object]) -> None:
    for place, was in right.items():
        sheet, cell = place.split("!")
        book[sheet][cell].value = was


def hand_in(submitter: httpx.Client, book: Workbook, **more: str) -> str:
    """Submits a workbook that is in order; gives the id."""
    files = {"file": ("mine.xlsx", saved(book))}
    answer = submitter.post("/submissions", files=files, data={**SUBMISSION, **more})
    identifier = sent(answer)
    assert answer.json()["state"] == "in-review", submitter.get(f"/submissions/{identifier}/findings").text
    return identifier


def accept(steward: httpx.Client, submission: str) -> str:
    """Finds a submission in the queue, looks at its preview, accepts it; gives its graph."""
    queue = steward.get("/submissions", params={"state": "in-review"}).json()["submissions"]
    assert submission in [each["id"] for each in queue]
    preview = steward.get(f"/submissions/{submission}/preview")
    assert (preview.status_code, bool(preview.json())) == (200, True)
    done = steward.post(f"/submissions/{submission}/decisions", json={"decision": "accept", "comment": "Seen."})
    assert done.status_code == 200, done.text
    return str(done.json()["graph"])


def names_in(staff: Staff, graph: str) -> list[list[str]]:
    return rows(staff, f"SELECT ?n {{ GRAPH <{graph}> {{ ?s a pedg:PositiveEnergyDistrict ; rdfs:label ?n }} }}")


def said_of(staff: Staff, graph: str) -> list[list[str]]:
    """Title, submitter and state of a submission, as everybody may ask for them."""
    said = f"<{graph}> dcterms:title ?title ; dcterms:creator/rdfs:label ?creator ; pedg:submissionStatus ?status"
    return rows(staff, f"SELECT ?title ?creator ?status {{ GRAPH <{META}> {{ {said} }} }}")


def test_from_a_template_to_an_answer_and_back(staff: Staff) -> None:
    ann, eve, anybody = staff.client("Ann"), staff.client("Eve"), staff.client()
    book = opened(anybody.get("/templates/pedgraph.xlsx", params={"example": "true"}).content)
    right = plant(book)
    wrong = saved(book)
    told = anybody.post("/validate", files={"file": ("mine.xlsx", wrong)}).json()
    marked = anybody.post("/validate", files={"file": ("mine.xlsx", wrong)}, params={"format": "xlsx"})
    assert places(told) == dict(zip(right, [rule for *_, rule in PLANTED], strict=True))
    assert {tuple(place.split("!")) for place in right} <= coloured(marked.content, opened(wrong))

    correct(book, right)
    first = hand_in(ann, book)
    graph = accept(eve, first)
    assert said_of(staff, graph) == [[SUBMISSION["title"], SUBMISSION["creator"], f"{STATUS}accepted"]]
    old = str(book["Districts"][address_of(book, "Districts", "Name")].value)
    assert [old] in names_in(staff, graph)
    derived = derived_from(staff, graph)
    assert still_derived(staff, derived) == derived != []

    rename(book, old, "A new name for the district")
    second = hand_in(ann, book, revises=first)
    new_graph = accept(eve, second)
    assert names_in(staff, graph) == []
    derived_anew = derived_from(staff, new_graph)
    assert still_derived(staff, derived_anew) == derived_anew != []
    assert ["A new name for the district"] in names_in(staff, new_graph)

    gone = ann.post(f"/submissions/{second}/withdrawal", json={"comment": "It was an example."})
    (noted,) = staff.client("Ada").get("/audit", params={"limit": 1}).json()["entries"]
    made = int(gone.headers["pedgraph-version"])
    assert (gone.json()["version"], noted["action"], noted["version"]) == (made, "withdraw", made)
    for each in (graph, new_graph):
        assert rows(staff, f"SELECT ?p {{ GRAPH <{each}> {{ ?s ?p ?o }} }} LIMIT 1") == []
    assert still_derived(staff, [*derived, *derived_anew], and_nowhere_described=True) == []
    assert problem(ann.get(f"/submissions/{second}")) == (410, "withdrawn")
    status = f"SELECT ?status {{ GRAPH <{META}> {{ <{new_graph}> pedg:submissionStatus ?status }} }}"
    assert rows(staff, status) == [[f"{STATUS}withdrawn"]]
    acts = [("Ann", "submit", first), ("Eve", "accept", first), ("Ann", "submit", second), ("Eve", "accept", second)]
    assert deeds(staff, {first, second}) == Counter((*each, "done") for each in [*acts, ("Ann", "withdraw", second)])


def derived_from(staff: Staff, graph: str) -> list[str]:
    """The things that a graph describes and something is derived of."""
    found = f"SELECT DISTINCT ?s {{ GRAPH <{graph}> {{ ?s ?q ?r }} GRAPH <{INFERRED}> {{ ?s ?p ?o }} }} ORDER BY ?s"
    return [each for (each,) in rows(staff, found)]


def still_derived(staff: Staff, things: list[str], *, and_nowhere_described: bool = False) -> list[str]:
    """Those of some things of which something is derived now, whoever describes them, or though nobody does."""
    values = " ".join(f"<{each}>" for each in things)
    nowhere = (
        f"FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?q ?r }} FILTER(?g != <{INFERRED}>) }}" if and_nowhere_described else ""
    )
    found = f"SELECT DISTINCT ?s {{ VALUES ?s {{ {values} }} GRAPH <{INFERRED}> {{ ?s ?p ?o }} {nowhere} }} ORDER BY ?s"
    return [each for (each,) in rows(staff, found)]


def deeds(staff: Staff, submissions: set[str]) -> Counter[tuple[str, str, str, str]]:
    """What the audit log says was done to some submissions: by whom, what, to which, and what came of it."""
    entries = staff.client("Ada").get("/audit", params={"limit": 1000}).json()["entries"]
    found = (tuple(str(each[name]) for name in ("name", "action", "object", "outcome")) for each in entries)
    return Counter((who, what, which, outcome) for who, what, which, outcome in found if which in submissions)
