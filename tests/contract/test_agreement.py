"""Things that stand in two places agree: versions, settings and their documentation, errors and their codes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph import __version__, errors
from pedgraph.errors import PROBLEM_NAMESPACE, PedgraphError, SettingsError
from pedgraph.intake.bundle import read_data, read_shapes, read_vocabulary
from pedgraph.settings import Settings, load_settings, table
from pedgraph.vocabulary.iris import ROOT
from tests.folders import TEXTS

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")


def all_errors(above: type[PedgraphError] = PedgraphError) -> list[type[PedgraphError]]:
    """The error and all below it, but for those that a module raises and catches for itself."""
    public = [each for each in above.__subclasses__() if not each.__name__.startswith("_")]
    return [above, *(error for each in public for error in all_errors(each))]


def test_there_is_one_version() -> None:
    changelog = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    info = "http://www.w3.org/2002/07/owl#versionInfo"
    stated = {triple.object for triple in [*read_vocabulary(), *read_shapes()] if triple.predicate.value == info}
    profile = "http://purl.org/dc/terms/conformsTo"
    meta = [triple for triples in read_data(TEXTS).meta.values() for triple in triples]
    profiles = {triple.object for triple in meta if triple.predicate.value == profile}

    found = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert found is not None
    assert found[1] == __version__
    assert stated == {Literal(__version__)}
    assert profiles == {NamedNode(f"{ROOT}profile/{__version__}")}


def test_every_setting_is_in_the_readme_and_in_the_help() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "pedgraph", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for name, default, text in table():
        assert f"`{name}`" in README
        assert name in help_text
        assert text
        assert default in README


def test_settings_come_from_the_environment_and_are_checked() -> None:
    settings = load_settings({"PEDGRAPH_READERS": "7", "HOST": "0.0.0.0", "PEDGRAPH_HOME": ""}, port=1234)  # noqa: S104

    assert (settings.readers, settings.host, settings.port) == (7, "0.0.0.0", 1234)  # noqa: S104
    assert settings.home == Path("var")
    assert load_settings({"PORT": "99"}, port=None).port == 99
    for environment, says in [
        ({"PEDGRAPH_READRES": "7"}, "Unknown setting PEDGRAPH_READRES"),
        ({"PEDGRAPH_READERS": "many"}, "PEDGRAPH_READERS"),
        ({"PEDGRAPH_READERS": "0"}, "PEDGRAPH_READERS"),
        ({"PORT": "70000"}, "PORT"),
    ]:
        with pytest.raises(SettingsError, match=says):
            load_settings(environment)


def test_units_stand_in_the_names_of_settings() -> None:
    for name, field in Settings.model_fields.items():
        if "time" in (field.description or "").lower().split():
            assert name.endswith("_seconds") or name == "readers", name
        if "largest" in (field.description or "").lower():
            assert name.endswith("_bytes"), name


def test_every_error_has_a_code_of_its_own_and_fits_the_tree() -> None:
    found = all_errors()
    codes = [error.code for error in found]

    assert len(codes) == len(set(codes))
    assert len(found) == sum(
        1 for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PedgraphError)
    )
    for error in found:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
        assert 400 <= error.status < 600
        assert error.exit_code in {1, 2}
        assert error.__doc__


def test_an_error_becomes_a_problem_document() -> None:
    problem = errors.QuerySyntaxError("Wrong.", line=1, column=None).as_problem()

    assert problem == {
        "type": f"{PROBLEM_NAMESPACE}query-syntax",
        "title": "The query is not valid SPARQL",
        "status": 400,
        "detail": "Wrong.",
        "line": 1,
    }


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_with_hashes_and_name_no_address(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    requirements = re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))

    assert "://" not in text
    assert len(requirements) == len(re.findall(r"^\S+==\S+(?: ; [^\\]+)? \\\n    --hash=sha256:", text, re.MULTILINE))
    for dependency in project["project"]["dependencies"]:
        assert re.split(r"[<>=]", dependency)[0] in requirements


def test_the_top_level_holds_what_is_needed_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if not listed[0]:
        pytest.skip("not a git checkout")
    top = {path.split("/")[0] for path in listed if path}

    assert top == {
        ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "benchmarks", "data", "ontology",
        "pedgraph", "pyproject.toml", "queries", "requirements-dev.lock", "requirements.lock", "shapes", "tests",
    }  # fmt: skip


def test_no_page_of_the_project_names_an_address_of_a_person_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False).stdout.split(b"\0")
    for path in filter(None, listed):
        file = TOP / path.decode()
        text = str(file.readlink()) if file.is_symlink() else file.read_text(encoding="utf-8", errors="replace")
        if b"tests/" not in path:
            addresses = re.findall(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[a-z]{2,}", text)
            # Nobody has an address there (RFC 2606, section 3).
            assert [each for each in addresses if not each.endswith("@example.org")] == [], path
        assert "/work/" + "main" not in text, path
