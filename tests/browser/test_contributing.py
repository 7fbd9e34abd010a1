"""The way of a steward through the pages, with real files: template, findings, corrected file, review, answer."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pedgraph.intake.keys import STEWARD, SUBMITTER, Keys
from tests.browser.chromium import NEEDS_AXE, NEEDS_CHROMIUM, Chromium, Page
from tests.servers import running_server
from tests.staff import SUBMISSION, district

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built
    from tests.servers import RunningServer

pytestmark = NEEDS_CHROMIUM

DISTRICTS = "Districts"
KEPT = {"Read me", "About", "Lists", "Sources", "Organisations", "Networks", "Cities", DISTRICTS}
WIDTHS = {"desk": 1280, "phone": 375}
FORM = "form[data-upload]"


@pytest.fixture(scope="module")
def keys(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A home folder of its own, and a key for each role."""
    home = tmp_path_factory.mktemp("contributing") / "home"
    shutil.copytree(built[0], home)
    register = Keys(home)
    made = {role: register.add(f"Somebody, {role}", role)[1] for role in (SUBMITTER, STEWARD)}
    return home, made


@pytest.fixture(scope="module")
def guarded(keys: tuple[Path, dict[str, str]]) -> Iterator[RunningServer]:
    with running_server(keys[0]) as running:
        yield running


@pytest.fixture
def page(chromium: Chromium, guarded: RunningServer) -> Iterator[Page]:
    """A tab; in the end nothing may have been asked of another server, and nothing gone wrong in a script."""
    with chromium.page() as tab:
        tab.look_like(width=WIDTHS["desk"])
        yield tab
        tab.call("Network.clearBrowserCookies")
        assert [url for url in tab.requests if not url.startswith((f"{guarded.url}/", "about:", "data:"))] == []
        assert [each for each in tab.complaints if "the server responded with a status of" not in each] == []


@pytest.fixture(scope="module")
def example(guarded: RunningServer) -> bytes:
    """The template with its worked example, as the start page hands it out, but only a district and what it names."""
    address = f"{guarded.url}/contribute/template?language=en&format=xlsx&example=1"
    workbook = load_workbook(BytesIO(httpx.get(address, follow_redirects=True).raise_for_status().content))
    for name in set(workbook.sheetnames) - KEPT:
        del workbook[name]
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def changed(example: bytes, folder: Path, name: str, cells: dict[str, Any]) -> Path:
    """The worked example with other values in cells of the sheet of districts."""
    workbook = load_workbook(BytesIO(example))
    for cell, value in cells.items():
        workbook[DISTRICTS][cell] = value
    path = folder / name
    workbook.save(path)
    return path


def column(example: bytes, header: str) -> str:
    """The letter of a column of the sheet of districts."""
    headers = next(load_workbook(BytesIO(example))[DISTRICTS].iter_rows(values_only=True))
    names = [str(value).removesuffix(" *").lower() for value in headers]
    return get_column_letter(names.index(header) + 1)


def sign_in(page: Page, server: RunningServer, key: str) -> None:
    page.open(f"{server.url}/contribute/sign-in")
    page.evaluate("document.querySelector('#key').focus()")
    page.type(key)
    page.press("Enter", code=13)
    page.call("Input.dispatchKeyEvent", type="char", text="\r")
    page.wait_for("location.pathname === '/contribute/submissions' && document.readyState === 'complete'")


def sign_out(page: Page) -> None:
    page.click(".who button")
    page.wait_for("location.pathname === '/contribute' && document.querySelector('.who a')")


def submit(page: Page, path: Path) -> str:
    """Submits a file whose first sheet says all else; gives the number of the submission."""
    before = page.evaluate("location.pathname")
    page.choose_file("#file", path)
    page.click(f"{FORM} button.main")
    page.wait_for(f"location.pathname !== {json.dumps(before)} && document.readyState === 'complete'")
    return str(page.evaluate("location.pathname.split('/').pop()"))


def state(page: Page) -> str:
    """The state that the page about a submission shows."""
    return str(page.evaluate("document.querySelector('.verdict .state').textContent"))


def test_from_the_template_to_the_answer(
    page: Page, guarded: RunningServer, keys: tuple[Path, dict[str, str]], example: bytes, tmp_path: Path
) -> None:
    city = column(example, "city")
    bad = changed(example, tmp_path, "districts.xlsx", {f"{city}2": "Atlantis"})
    good = tmp_path / "mended.xlsx"
    good.write_bytes(example)

    page.open(f"{guarded.url}/contribute")
    page.choose_file("#check-file", bad)
    page.click(f"{FORM} button.main")
    page.wait_for("document.title.startsWith('districts.xlsx')")
    assert f"{DISTRICTS}!{city}2" in page.evaluate("document.querySelector('main').innerText")

    sign_in(page, guarded, keys[1][SUBMITTER])
    first = submit(page, bad)
    assert state(page) == "invalid"
    cookies = {each["name"]: each["value"] for each in page.call("Network.getCookies")["cookies"]}
    address = f"{guarded.url}/contribute/submissions/{first}/findings.xlsx"
    marked = load_workbook(BytesIO(httpx.get(address, cookies=cookies).raise_for_status().content))
    assert marked[DISTRICTS][f"{city}2"].comment is not None
    second = submit(page, good)
    assert (second != first, state(page)) == (True, "in review")
    page.open(f"{guarded.url}/contribute/submissions")
    states = page.evaluate("[...document.querySelectorAll('main tbody tr')].map((row) => row.innerText)")
    assert ["in review" in states[0], "superseded" in states[1]] == [True, True]
    sign_out(page)

    sign_in(page, guarded, keys[1][STEWARD])
    page.open(f"{guarded.url}/contribute/review")
    assert page.evaluate("document.querySelectorAll('main tbody tr').length") == 1
    page.open(f"{guarded.url}/contribute/submissions/{second}")
    assert "added" in page.evaluate("document.querySelector('#impact').innerText")
    page.click("#decide button.main")
    page.wait_for("location.pathname === '/contribute/review' && document.querySelector('.nothing')")

    graph = f"https://w3id.org/pedgraph/graph/{second.removesuffix('-2')}/2"
    query = f"ASK {{ GRAPH <{graph}> {{ ?thing ?property ?value }} }}"
    answer = httpx.get(f"{guarded.url}/sparql", params={"query": query}, headers={"Accept": "application/json"})
    assert answer.json()["boolean"] is True


def test_a_form_keeps_what_was_typed_and_a_submission_is_taken_back(
    page: Page, guarded: RunningServer, keys: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "district.ttl"
    path.write_bytes(district("browsed"))
    sign_in(page, guarded, keys[1][SUBMITTER])
    fill = "for (const [name, text] of Object.entries({})) document.querySelector(`#${{name}}`).value = text"
    page.evaluate(fill.format(json.dumps({**SUBMISSION, "creator": ""})))
    page.choose_file("#file", path)
    page.click(f"{FORM} button.main")
    page.wait_for("document.querySelector('#problem')")
    assert "the organisation that submits it" in page.evaluate("document.querySelector('#problem').innerText")
    assert page.evaluate("document.querySelector('#source_address').value") == SUBMISSION["source_address"]
    page.evaluate(f"document.querySelector('#creator').value = {json.dumps(SUBMISSION['creator'])}")
    number = submit(page, path)
    assert state(page) == "in review"

    page.click(".withdraw summary")
    page.click(".withdraw button")
    page.wait_for("location.pathname === '/contribute/submissions' && document.readyState === 'complete'")
    row = page.evaluate("document.querySelector('main tbody tr').innerText")
    assert (number in row, "withdrawn" in row) == (True, True)


def test_a_finding_leads_to_the_line_of_the_text(page: Page, guarded: RunningServer, tmp_path: Path) -> None:
    path = tmp_path / "cities.ttl"
    path.write_text(
        "@prefix pedg: <https://w3id.org/pedgraph/ont#> .\n\n<https://w3id.org/pedgraph/id/city/x> a pedg:Cty .\n"
    )
    page.open(f"{guarded.url}/contribute")
    page.choose_file("#check-file", path)
    page.click(f"{FORM} button.main")
    page.wait_for("document.title.startsWith('cities.ttl')")

    page.click('main td a[href="#L3"]')

    page.wait_for("location.hash === '#L3'")
    assert "pedg:Cty" in page.evaluate("document.querySelector('#L3').closest('tr, li, div').innerText")


def test_a_finding_leads_to_its_cell_and_the_cell_back(
    page: Page, guarded: RunningServer, example: bytes, tmp_path: Path
) -> None:
    cell = f"{column(example, 'city')}2"
    page.look_like(width=WIDTHS["phone"])
    page.open(f"{guarded.url}/contribute")
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS["phone"]
    page.choose_file("#check-file", changed(example, tmp_path, "districts.xlsx", {cell: "Atlantis"}))
    page.click(f"{FORM} button.main")
    page.wait_for("document.title.startsWith('districts.xlsx')")

    page.click(f'main td a[href="#cell-{DISTRICTS}-{cell}"]')

    page.wait_for(f"location.hash === '#cell-{DISTRICTS}-{cell}'")
    assert page.evaluate("document.querySelector('td:target').firstChild.textContent.trim()") == "Atlantis"
    box = page.evaluate(
        "(({left, right}) => [left, right])(document.querySelector('td:target').getBoundingClientRect())"
    )
    head = page.evaluate(
        "document.querySelector('td:target').parentElement.firstElementChild.getBoundingClientRect().right"
    )
    assert head <= box[0] < box[1] <= WIDTHS["phone"]
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS["phone"]
    page.click("td:target a")
    assert page.wait_for("location.hash.startsWith('#group-')")


def test_a_file_can_be_dropped(page: Page, guarded: RunningServer) -> None:
    page.open(f"{guarded.url}/contribute")
    page.evaluate(
        """(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["nothing"], "dropped.ttl"));
          const area = document.querySelector("[data-drop]");
          for (const kind of ["dragenter", "dragover", "drop"]) {
            area.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
          }
        })()"""
    )

    assert page.evaluate("document.querySelector('.chosen').textContent") == "dropped.ttl, 7 bytes"
    assert page.evaluate("document.querySelector('#check-file').files[0].name") == "dropped.ttl"


def test_who_is_not_signed_in_is_led_there_and_back(
    page: Page, guarded: RunningServer, keys: tuple[Path, dict[str, str]]
) -> None:
    page.open(f"{guarded.url}/contribute/review")
    assert page.evaluate("location.pathname + location.search") == "/contribute/sign-in?next=%2Fcontribute%2Freview"
    page.evaluate("document.querySelector('#key').focus()")
    page.type(keys[1][STEWARD])
    page.click("main form button")

    page.wait_for("location.pathname === '/contribute/review'")


@NEEDS_AXE
def test_the_pages_are_accessible(page: Page, guarded: RunningServer, keys: tuple[Path, dict[str, str]]) -> None:
    numbers = {}
    headers = {"Authorization": f"Bearer {keys[1][SUBMITTER]}"}
    for name, content in (("fine", district("shown")), ("wrong", district("shown", "nowhere"))):
        files, said = {"file": ("district.ttl", content)}, {**SUBMISSION, "title": "W" * 200}
        numbers[name] = httpx.post(f"{guarded.url}/submissions", headers=headers, files=files, data=said).json()["id"]
    sign_in(page, guarded, keys[1][STEWARD])
    about = [f"/submissions/{number}" for number in numbers.values()]
    for scheme, width in (("light", "desk"), ("dark", "phone")):
        page.look_like(width=WIDTHS[width], scheme=scheme)
        for path in ("", "/sign-in", "/submissions", "/review", *about, "/none"):
            page.open(f"{guarded.url}/contribute{path}")
            assert page.lacks() == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width], path


def test_forms_work_without_scripts(guarded: RunningServer, keys: tuple[Path, dict[str, str]]) -> None:
    with httpx.Client(base_url=guarded.url, follow_redirects=True) as client:
        listed = client.post("/contribute/sign-in", data={"key": keys[1][SUBMITTER]})
        assert listed.url.path == "/contribute/submissions"
        checked = client.post("/contribute/check", files={"file": ("a.ttl", b"<urn:a> <urn:b> <urn:c> .")})
        assert (checked.status_code, "S08" in checked.text) == (200, True)
        refused = client.post("/contribute/submissions", files={"file": ("a.ttl", b"<urn:a> <urn:b> <urn:c> .")})
        assert (refused.status_code, json.dumps(refused.headers["content-type"])) == (403, '"text/html; charset=utf-8"')
