"""The shape of the code: imports point one way, rooms keep to themselves, files and functions stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pedgraph

PACKAGE = Path(pedgraph.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted(Path(__file__).parents[1].rglob("*.py"))
LONGEST_FILE_LINES = 300
LONGEST_FUNCTION_LINES = 40
# Each room may import itself and the rooms before it.
ROOMS = [
    "errors",
    "settings",
    "resources",
    "vocabulary",
    "store",
    "query",
    "intake",
    "delivery",
    "wiring",
    "web",
    "cli",
]
ONLY_IN = {
    "pyshacl": {"intake"},
    "rdflib": {"intake"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web", "cli"},
    "python_multipart": {"web"},
    "typer": {"cli"},
    "rich": {"cli"},
    "starlette_compress": {"web"},
    "cachetools": {"query", "web"},
    "werkzeug": {"vocabulary"},
    "jinja2": {"delivery"},
    "markdown_it": {"delivery"},
    "pygeoif": {"delivery"},
    "pyld": {"delivery", "intake"},
    "openpyxl": {"intake"},
    "defusedxml": {"intake"},
    "argon2": {"intake"},
    "sqlite3": {"intake"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """The full names of what a module imports, wherever in it."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def imported_rooms(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("pedgraph.")} & set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) - ({"intake"} if room == "web" else set())

    assert imported_rooms(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_used_in_its_room_only(path: Path) -> None:
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or room_of(path) in rooms, name
        assert name != "pyoxigraph.Store" or room_of(path) == "store", name


@pytest.mark.parametrize("path", MODULES + TESTS, ids=lambda path: "/".join(path.parts[-3:]))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path in MODULES:
        assert len(text.splitlines()) <= LONGEST_FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION_LINES, node.name


def test_no_module_does_work_when_it_is_imported() -> None:
    """At the top of a module stand definitions and constants; calls there make constants only."""
    harmless = (
        ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
    )  # fmt: skip
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_guard = isinstance(node, ast.If) and ast.unparse(node.test) in {
                "TYPE_CHECKING",
                "__name__ == '__main__'",
            }
            if path.name == "__main__.py" or is_docstring or is_guard:
                continue
            is_set_up = isinstance(node, ast.Expr) and path.parent.name == "cli"
            assert isinstance(node, harmless) or is_set_up, f"{path}:{node.lineno}"


def test_the_rooms_are_the_folders() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}

    assert rooms <= set(ROOMS)
    assert len(MODULES) > 30
