"""Standard input that has no end, standard output that takes nothing, and files that are too large."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pedgraph.cli import commands, main
from pedgraph.cli.streams import read_input
from pedgraph.errors import InputError, OutputError, TooLarge
from tests.cli.commandline import run
from tests.cli.test_commands import VALID

if TYPE_CHECKING:
    from pedgraph.intake.building import Built

WRITERS = [
    ["query", "ASK {}"],
    ["query", "SELECT * { ?s ?p ?o }"],
    ["validate", "-"],
    ["validate", "--json", "-"],
    ["versions"],
    ["versions", "--json"],
    ["dump"],
    ["--help"],
    ["--version"],
]


@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_full_disk_is_one_line_and_exit_code_two(arguments: list[str], built: tuple[Path, Built]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(*arguments, home=built[0], stdin=VALID, stdout=full)

    lines = done.stderr.decode().splitlines()
    assert (done.returncode, "Traceback" in done.stderr.decode()) == (2, False)
    assert lines[-1].startswith("pedgraph: ")
    assert "No space left on device" in lines[-1]


@pytest.mark.parametrize("arguments", WRITERS[:-2], ids=" ".join)
def test_a_reader_who_reads_nothing_changes_no_exit_code(arguments: list[str], built: tuple[Path, Built]) -> None:
    with subprocess.Popen(["true"], stdin=subprocess.PIPE) as reader:
        reader.wait()
        assert reader.stdin is not None
        done = run(*arguments, home=built[0], stdin=VALID, stdout=reader.stdin.raw)  # type: ignore[attr-defined]

    assert (done.returncode, "Traceback" in done.stderr.decode()) == (0, False)


def test_the_exit_code_tells_of_an_error_that_cannot_be_written(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("versions", home=tmp_path, stderr=full, PEDGRAPH_READRES="3")

    assert (done.returncode, done.stdout) == (2, b"")


def test_closed_streams_are_told_apart_from_findings(tmp_path: Path) -> None:
    program = f"{sys.executable} -m pedgraph"

    done = [
        subprocess.run(["sh", "-c", line], capture_output=True, check=False)
        for line in (f"{program} validate - <&-", f"{program} versions --home {tmp_path} >&-")
    ]

    assert [(each.returncode, each.stderr) for each in done] == [
        (2, b"pedgraph: stdin: It is closed.\n"),
        (2, b"pedgraph: stdout: It is closed.\n"),
    ]


@pytest.mark.parametrize("arguments", [["validate", "-"], ["validate", "/dev/zero"], ["query", "-"]], ids=" ".join)
def test_of_an_endless_input_no_more_than_the_limit_is_read(arguments: list[str], tmp_path: Path) -> None:
    limit = "2000000"
    source = "/dev/zero" if "/dev/zero" in arguments else "stdin"
    with Path("/dev/zero").open("rb") as endless:
        done = run(
            *arguments,
            home=tmp_path,
            stdin=endless,
            PEDGRAPH_FILE_MAX_BYTES=limit,
            PEDGRAPH_QUERY_MAX_BYTES=limit,
        )

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"pedgraph: {source}: It is too large: at most 2,000,000 bytes are read.\n"


def test_a_file_beyond_memory_is_not_read_into_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.ttl"
    path.touch()
    with path.open("r+b") as file:
        file.truncate(6 * 2**30)

    done = subprocess.run(
        [sys.executable, "-m", "pedgraph", "validate", str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30)),
        capture_output=True,
        check=False,
    )

    says = f"pedgraph: {path}: It is too large: at most 104,857,600 bytes are read.\n"
    assert (done.returncode, done.stderr.decode()) == (2, says)


def test_a_file_of_just_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3_000_000)

    assert read_input(str(path), max_bytes=3_000_000) == b"x" * 3_000_000
    with pytest.raises(TooLarge) as caught:
        read_input(str(path), max_bytes=2_999_999)
    assert caught.value.extensions == {"source": str(path), "limit_bytes": 2_999_999}
    with pytest.raises(InputError, match="Is a directory"):
        read_input(str(tmp_path), max_bytes=1)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OutputError("It is closed.", source="stdout"), "pedgraph: stdout: It is closed."),
        (PermissionError(13, "Permission denied", "x"), "pedgraph: [Errno 13] Permission denied: 'x'"),
        (ZeroDivisionError("a slip of ours"), ""),
    ],
)
def test_no_error_ends_with_the_exit_code_of_data_that_do_not_conform(
    error: Exception,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr(commands, "app", fails)
    with pytest.raises(SystemExit) as caught:
        main()

    assert caught.value.code == 2
    assert capfd.readouterr().err.strip() == says
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == ([] if says else [error])
