"""What waits for slow clients: order, size, and what happens where there is no room."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pedgraph.store.spool import DiskSpace, Spool

STEPS = st.lists(st.one_of(st.just(None), st.binary(min_size=1, max_size=9)), max_size=60)


@given(STEPS, st.integers(1, 12), st.integers(0, 40))
def test_what_is_taken_is_what_was_put_in_this_order(
    steps: list[bytes | None], memory_bytes: int, disk_bytes: int
) -> None:
    disk = DiskSpace(Path(tempfile.gettempdir()), disk_bytes)
    spool = Spool(memory_bytes, disk)
    put, taken = b"", b""
    for step in steps:
        if step is None:
            taken += spool.take()
        elif spool.put(step):
            put += step
        else:
            assert spool.is_long()
    while spool:
        taken += spool.take()

    assert taken == put
    assert disk.reserve(disk_bytes)


def test_where_no_file_can_be_written_there_is_no_room(tmp_path: Path) -> None:
    disk = DiskSpace(tmp_path / "nowhere", 100)
    spool = Spool(1, disk)

    assert [spool.put(b"a"), spool.put(b"b"), spool.take(), spool.put(b"c")] == [True, False, b"a", True]
    assert disk.reserve(100)


def test_what_is_thrown_away_gives_its_room_back(tmp_path: Path) -> None:
    disk = DiskSpace(tmp_path, 2)
    spool = Spool(1, disk)
    assert [spool.put(b"a"), spool.put(b"bc"), spool.put(b"d")] == [True, True, False]
    spool.clear()

    assert not spool
    assert spool.take() == b""
    assert disk.reserve(2)
    assert list(tmp_path.iterdir()) == []
