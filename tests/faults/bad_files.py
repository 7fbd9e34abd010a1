"""Bad files by their names, with what is to be said of them; and a server that must not be asked for anything."""

from __future__ import annotations

import io
import json
import socket
import threading
import zipfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.faults.bad_tables import TABLES
from tests.faults.bad_texts import TEXTS, TRAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MEBIBYTE: Final = 2**20
FILES: Final[Mapping[str, Callable[[], bytes]]] = {**TEXTS, **TABLES}
# Name → whether it conforms, and per group of findings: rule, how many, place of the first.
EXPECTED: Final[dict[str, dict[str, Any]]] = json.loads(Path(__file__).with_name("bad_files.json").read_bytes())
SETTINGS: Final = {"unpacked_max_bytes": 30 * MEBIBYTE, "file_max_bytes": 8 * MEBIBYTE}


class Trap:
    """A server that counts who comes."""

    def __init__(self, listening: socket.socket) -> None:
        self.visitors = 0
        self._listening = listening
        self.place: tuple[str, int] = listening.getsockname()
        self.address = f"http://127.0.0.1:{self.place[1]}/trap"

    def count(self) -> None:
        """Counts until the socket is closed."""
        while True:
            try:
                visitor, _ = self._listening.accept()
            except OSError:
                return
            self.visitors += 1
            visitor.close()


@contextmanager
def set_trap() -> Iterator[Trap]:
    """A trap on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        trap = Trap(listening)
        thread = threading.Thread(target=trap.count)
        thread.start()
        try:
            yield trap
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def content_of(name: str, trap: Trap) -> bytes:
    """The content of a bad file; its addresses lead into the trap."""
    content, address = _made(name), trap.address.encode()
    if name == "external.xlsx":
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
            for each in old.infolist():
                new.writestr(each, old.read(each).replace(TRAP, address))
        return made.getvalue()
    return content.replace(TRAP, address)


@cache
def _made(name: str) -> bytes:
    """Packages hold the time at which they were made, so each is made once."""
    return FILES[name]()


def base_name(name: str) -> str:
    """What a file is called by whoever sends it, for some have the same name."""
    return name.rpartition("/")[2]


def summary(told: dict[str, Any], name: str) -> dict[str, Any]:
    """What is told of a file, in short."""
    found = [
        f"{group['severity']} {group['rule']} x {group['count']} at {shown_place(group['findings'][0]['place'], name)}"
        for group in told["groups"]
    ]
    return {"conforms": told["conforms"], "statements": told["statements"], "found": found}


def shown_place(place: str, name: str) -> str:
    """A place as it can be compared: without the folder of the file."""
    return place.removeprefix(name.removesuffix(base_name(name)))
