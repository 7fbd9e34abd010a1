"""The register and the files beside it: only added to, by several processes at once, and durable."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import DiskFull, NotFound, TooLarge
from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.records import Stored
from pedgraph.intake.submissions.register import Register
from pedgraph.intake.submissions.states import Kind, State
from tests.intake.submissions.desk import ANN, DELIVERY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.submissions.records import Submission

STORED = Stored("ab" * 32, 7)


def test_rows_and_events_stay_as_they_are(tmp_path: Path) -> None:
    register = Register(tmp_path)
    with register.writing() as editing:
        editing.add(DELIVERY, STORED, ANN)
        editing.append("2026-0001", "Eve", Kind.REJECTED, State.REJECTED, "No.", reason=[1])
    with closing(sqlite3.connect(tmp_path / "register.sqlite3")) as connection:
        before = list(connection.iterdump())
        for text in (
            "UPDATE event SET who = 'Bob'",
            "DELETE FROM event",
            "UPDATE submission SET key = ''",
            "DELETE FROM submission",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(text)
        assert list(connection.iterdump()) == before
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)

    with register.reading() as reading:
        found = reading.get("2026-0001")
    assert [(each.number, each.who, each.kind, each.data) for each in found.events] == [
        (1, "Ann", Kind.RECEIVED, {}),
        (2, "Eve", Kind.REJECTED, {"reason": [1]}),
    ]
    assert (found.delivery, found.original, found.state, found.tag) == (DELIVERY, STORED, State.REJECTED, 2)


def test_what_fails_on_the_way_is_not_added(tmp_path: Path) -> None:
    register = Register(tmp_path)
    with pytest.raises(NotFound), register.writing() as editing:
        editing.get(editing.add(DELIVERY, STORED, ANN).id + "-2")

    with register.reading() as reading:
        assert reading.all() == []
        with pytest.raises(NotFound):
            reading.get("2026-0001")


def test_many_at_once_get_numbers_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: add(Register(tmp_path), STORED).id, range(40)))

    assert sorted(numbers) == [f"2026-{number:04d}" for number in range(1, 41)]


def test_a_file_is_kept_as_it_came(tmp_path: Path) -> None:
    files = Files(tmp_path)
    content = bytes(range(256)) * 100
    stored = files.keep_chunks([content[:1000], content[1000:]], len(content))
    again = files.keep_chunks([content], len(content))

    assert stored == again == Stored(hashlib.sha256(content).hexdigest(), len(content))
    assert files.read(stored.sha256) == content
    assert files.path(stored.sha256).stat().st_mode & 0o222 == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [files.path(stored.sha256)]


def test_what_is_too_large_or_left_behind_goes_away(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with pytest.raises(TooLarge):
        files.keep_chunks([b"1234567890", b"1"], 10)
    script = (
        "import os, signal, sys; from pathlib import Path; from pedgraph.intake.submissions.files import Files\n"
        "upload = Files(Path(sys.argv[1])).upload(10); upload.write(b'1'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    with files.upload(10) as upload:
        assert len(list(tmp_path.rglob("*.part"))) == 2
        assert files.sweep() == 1
        assert upload.path.exists()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of its own with little room."""
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)


def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path) -> None:
    files, register = Files(small_disk), Register(small_disk)
    register.keep_open()
    first = add(register, files.keep_chunks([b"first"], 5))
    with pytest.raises(DiskFull):
        files.keep_chunks([os.urandom(3_000_000)], 4_000_000)
    _fill(small_disk / "filler")
    with pytest.raises(DiskFull):
        files.keep_chunks([b"second"], 6)
    known = _add_until_it_fails(register)
    with register.reading() as reading:
        assert reading.all() == known[::-1]
        assert reading.get(first.id) == first == known[0]
    register.close()
    (small_disk / "filler").unlink()

    assert add(register, STORED).id == f"2026-{len(known) + 1:04d}"
    assert files.read(first.original.sha256) == b"first"
    assert list((small_disk / "incoming").iterdir()) == []


def add(register: Register, stored: Stored) -> Submission:
    with register.writing() as editing:
        return editing.add(DELIVERY, stored, ANN)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def _add_until_it_fails(register: Register) -> list[Submission]:
    """Everything that was acknowledged until then; a page or two may still have had room."""
    with register.reading() as reading:
        known = reading.all()
    for _ in range(1000):
        try:
            known.append(add(register, STORED))
        except DiskFull:
            return known
    pytest.fail("the disk was never full")
