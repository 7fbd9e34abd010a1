"""The shape of the code: imports point one way, rooms keep to themselves, files and functions stay small."""

from __future__ import annotations

import ast
from functools import cache
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
    "cachetools": {"query", "delivery", "web"},
    "werkzeug": {"vocabulary"},
    "jinja2": {"delivery"},
    "markdown_it": {"delivery"},
    "pygeoif": {"delivery"},
    "pyld": {"delivery", "intake"},
    "openpyxl": {"intake"},
    "defusedxml": {"intake"},
    "argon2": {"intake"},
    "sqlite3": {"store", "intake", "delivery"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a tree, read once for all that is asked of it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[str]:
    """The full names of what a module imports, wherever in it."""
    names = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def imported_rooms(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("pedgraph.")} & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) - ({"intake"} if room == "web" else set())

    modules = [path for path in MODULES if room_of(path) == room]
    assert modules
    assert {str(path): wrong for path in modules if (wrong := imported_rooms(path) - allowed)} == {}


def test_a_library_is_used_in_its_room_only() -> None:
    only_in = {**ONLY_IN, "pyoxigraph.Store": {"store"}}
    strays = [
        (str(path), name)
        for path in MODULES
        for name in imports(path)
        if room_of(path) not in only_in.get(name, only_in.get(name.split(".")[0], {room_of(path)}))
    ]
    assert strays == []


def test_files_stay_small() -> None:
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: number for path, number in lines.items() if number > LONGEST_FILE_LINES} == {}


def test_functions_stay_small() -> None:
    long = [
        (str(path), node.name)
        for path in MODULES + TESTS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION_LINES
    ]
    assert long == []


def test_no_module_does_work_when_it_is_imported() -> None:
    """At the top of a module stand definitions and constants; calls there make constants only."""
    harmless = (
        ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
    )  # fmt: skip
    for path in MODULES:
        for node in parsed(path).body:
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
