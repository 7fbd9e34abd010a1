"""The wheel carries all it needs: installed into a fresh environment it serves a query in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from pedgraph.delivery.browser_files import BrowserFiles, pinned_files
from pedgraph.resources import data_directory, ontology_directory, queries_directory, shapes_directory

TOP = Path(__file__).parents[2]
WHEELHOUSE = Path(sys.prefix) / "wheelhouse"
# A limit for what hangs; a busy machine builds all data in a minute and more.
START_SECONDS = 240


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(TOP)], check=True)
    (wheel,) = folder.glob("pedgraph-*.whl")
    return wheel


def shipped_files() -> set[str]:
    folders = (ontology_directory(), shapes_directory(), queries_directory(), data_directory())
    files = {path.relative_to(TOP) for folder in folders for path in folder.rglob("*") if path.is_file()}
    # The programs in there are for those who keep the ontology, and work on a checkout.
    held = {path for path in files if path.suffix not in {".py", ".pyc"}} | {Path("CHANGELOG.md")}
    return {f"pedgraph/bundled/{path}" for path in held}


def test_the_wheel_answers_a_query_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    assert WHEELHOUSE.is_dir(), "'make test' downloads the pinned dependencies into the wheelhouse"
    environment, empty = tmp_path / "environment", tmp_path / "empty"
    venv.create(environment)
    empty.mkdir()
    installed = str(environment / "bin" / "python")
    # What is imported is compiled then, which is less than all that is installed.
    pip = [sys.executable, "-m", "pip", "--python", installed, "install", "--quiet", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--find-links", str(WHEELHOUSE), str(wheel)], check=True)

    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    log_file = tmp_path / "log"
    with log_file.open("wb") as log:
        command = [str(environment / "bin" / "pedgraph"), "serve", "--port", "0"]
        server = subprocess.Popen(command, cwd=empty, env=bare, stderr=log, stdout=log)
    try:
        url = wait_for_url(log_file)
        query = (queries_directory() / "library" / "district" / "list-districts.rq").read_text(encoding="utf-8")
        answer = httpx.get(url, params={"query": query}, headers={"Accept": "text/csv"})
    finally:
        server.terminate()
        server.wait(20)

    assert answer.status_code == 200
    assert "PED Buiksloterham,Amsterdam" in answer.text
    assert [path.name for path in empty.iterdir()] == ["var"]


def wait_for_url(log_file: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        text = log_file.read_text(encoding="utf-8")
        if "is served by" in text:
            return text.partition("listening on ")[2].split()[0]
        time.sleep(0.1)
    raise AssertionError(log_file.read_text(encoding="utf-8"))


def test_the_wheel_holds_every_file_that_the_checkout_has(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())

    assert shipped_files() <= held
    assert {name for name in held if name.startswith("pedgraph/bundled/")} == shipped_files()
    assert "pedgraph/py.typed" in held
    assert not any(name.startswith(("tests", "ontology", "data")) for name in held)


def test_the_wheel_brings_the_query_page_with_all_that_it_loads(wheel: Path) -> None:
    browser = TOP / "pedgraph" / "delivery" / "browser"
    held = set(zipfile.ZipFile(wheel).namelist())
    here = {str(path.relative_to(TOP)) for path in browser.rglob("*") if path.is_file()}

    assert here == {name for name in held if name.startswith("pedgraph/delivery/browser/")}
    assert "pedgraph/delivery/templates/query.html" in held
    if BrowserFiles().is_complete:
        assert {f"pedgraph/delivery/browser/installed/{name}" for name in pinned_files()} <= held
