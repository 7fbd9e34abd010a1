"""Large files that come in while memory is watched: how they come and how large they are makes no difference to it."""

from __future__ import annotations

import http.client
import os
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.servers import running_server
from tests.staff import files_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import RunningServer

MEBIBYTE = 2**20
# Larger than what is read, and as large as what is.
SIZES = (200 * MEBIBYTE, 99 * MEBIBYTE)
GROWTH_BYTES = 30 * MEBIBYTE


def noise(size_bytes: int) -> Iterator[bytes]:
    """Lines that are no data, made as they are sent."""
    line = b"<urn:x:a> <urn:x:b> " + os.urandom(30).hex().encode() + b"\n"
    chunk = (line * (MEBIBYTE // len(line) + 1))[:MEBIBYTE]
    for _ in range(size_bytes // MEBIBYTE):
        yield chunk


class Watch(threading.Thread):
    """Looks at the memory of a process until it is stopped."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__()
        self._process = process
        self._over = threading.Event()
        self.before_bytes = self.most_bytes = process.memory_info().rss

    def run(self) -> None:
        """Looks a hundred times a second."""
        while not self._over.wait(0.01):
            self.most_bytes = max(self.most_bytes, self._process.memory_info().rss)

    def stop(self) -> int:
        """The memory at the end."""
        self._over.set()
        self.join()
        return int(self._process.memory_info().rss)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_memory_is_flat_while_large_files_come_in(home: Path) -> None:
    with running_server(home, readers=1, checks=1, validation_deadline_seconds=60) as server:
        before = files_of(home)
        for size_bytes in SIZES:
            for is_chunked in (True, False):
                watch = Watch(psutil.Process(server.process.pid))
                watch.start()
                started = time.monotonic()
                status = send(server, size_bytes, is_chunked=is_chunked)
                after_bytes = watch.stop()
                print(  # noqa: T201 - the figures of the run
                    f"{size_bytes // MEBIBYTE} MiB, {'chunked' if is_chunked else 'with its length'}: {status} after "
                    f"{time.monotonic() - started:.1f} s; memory before {watch.before_bytes / MEBIBYTE:.0f}, most "
                    f"{watch.most_bytes / MEBIBYTE:.0f}, after {after_bytes / MEBIBYTE:.0f} MiB"
                )
                assert status == (413 if size_bytes > 100 * MEBIBYTE else 200)
                assert watch.most_bytes - watch.before_bytes < GROWTH_BYTES
        assert files_of(home) == before


def send(server: RunningServer, size_bytes: int, *, is_chunked: bool) -> int:
    """Sends a file to be checked; gives the status."""
    host, port = server.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=300)
    headers = {"Content-Type": "application/n-triples"}
    headers |= {} if is_chunked else {"Content-Length": str(size_bytes // MEBIBYTE * MEBIBYTE)}
    connection.request("POST", "/validate", noise(size_bytes), headers, encode_chunked=is_chunked)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
