"""What is meant by the argument of ``pedgraph query``: a text, a file, or the name of a stored query."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from pedgraph.cli.querying import bound_text, query_text
from pedgraph.errors import BadRequest, InputError, TooLarge
from pedgraph.query.library import read_library

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = "There is no such file or stored query."
LIMIT_BYTES = 100


def text(given: str) -> str:
    return query_text(given, max_bytes=LIMIT_BYTES)


@pytest.mark.parametrize(
    "given",
    [
        "ASK{}",
        "SELECT *",
        "DESCRIBE<urn:x:a/b.rq>",
        "DESCRIBE <urn:x:b>",
        "DESCRIBE*",
        "DESCRIBE?x",
        "",
        "DESCRIBE <urn:x:" + "a" * 300 + ">",
    ],
)
def test_what_can_be_a_query_is_one(given: str) -> None:
    assert text(given) == given


@pytest.mark.parametrize("name", ["query.rq", "query.sparql", "my query.txt", "list-districts"])
@pytest.mark.parametrize("content", [b"ASK {}", b"\xef\xbb\xbfASK {}"], ids=["plain", "with a byte order mark"])
def test_a_file_is_read(name: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)

    assert text(name) == text(str(tmp_path / name)) == "ASK {}"


def test_a_pipe_is_read_like_a_file() -> None:
    end, start = os.pipe()
    os.write(start, b"ASK {}")
    os.close(start)

    assert text(f"/dev/fd/{end}") == "ASK {}"
    os.close(end)


def test_a_stored_query_goes_by_its_name_even_beside_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list-districts").mkdir()

    assert text("list-districts") == read_library()["list-districts"].text


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("missing.sparql", ""),
        ("a folder/missing.rq", ""),
        ("/", ""),
        ("./no such file", ""),
        ("SELECT", ""),
        ("list-cluster-projekt", " Did you mean list-cluster-projects?"),
        ("queries/list-cluster-projekt.rq", " Did you mean list-cluster-projects?"),
        ("a" * 300, ""),
    ],
)
def test_what_can_only_be_a_name_is_said_to_be_missing(given: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        text(given)

    assert str(caught.value) == f"{given}: {NOTHING}{hint}"


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")
    (tmp_path / "large.rq").write_bytes(b"#" * (LIMIT_BYTES + 1))

    with pytest.raises(InputError, match="not valid UTF-8: byte 14"):
        text(str(tmp_path / "latin.rq"))
    with pytest.raises(TooLarge, match="at most 100 bytes"):
        text(str(tmp_path / "large.rq"))


def test_values_go_into_a_stored_query() -> None:
    bound = bound_text("find-things", ["text=a = b"])

    assert bound == read_library()["find-things"].text.replace('"ascend"', '"a = b"')


@pytest.mark.parametrize(
    ("name", "value", "error", "says"),
    [
        ("find-thing", "text=a", InputError, "Did you mean find-things?"),
        ("SELECT * {}", "text=a", InputError, "Values go with a stored query only."),
        ("find-things", "text", BadRequest, "'text' is not of the form name=value."),
        ("find-things", "word=a", BadRequest, "has no parameter 'word'"),
        ("list-cities-by-role", "role=folower", BadRequest, "Did you mean follower"),
    ],
)
def test_values_that_fit_nowhere_are_refused(name: str, value: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=re.escape(says)):
        bound_text(name, [value])
