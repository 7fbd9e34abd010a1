"""The reader process: opens versions read-only, evaluates one query at a time, writes the answer as frames.

``python -m pedgraph.store.reader PARENT MEMORY_BYTES [DOORS CHANNEL]`` reads requests from its standard input and
writes frames to its standard output. It may be killed at any moment. Everything of the engine stays in one thread (its
results are bound to the thread that made them); that thread has a large stack, because the engine recurses over the
query.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.store.doors import from_argument, open_doors
from pedgraph.store.evaluation import Evaluation
from pedgraph.store.failing import Failure
from pedgraph.store.frames import FrameWriter, Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

_SIZES_BYTES = 200
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments[:2])
    child.begin(parent, signal.SIGTERM)
    child.go_first_when_memory_is_short()
    barriers = _open_some(*arguments[2:]) if arguments[2:] else close_network()
    child.run_deep(lambda: _serve(memory_bytes, barriers))


def _open_some(doors: str, channel: str) -> tuple[str, ...]:
    with socket.socket(fileno=int(channel)) as connected:
        return open_doors(from_argument(doors), connected)


def _serve(memory_bytes: int, barriers: tuple[str, ...]) -> None:
    requests = os.fdopen(0, "rb")
    output = child.take_output()
    child.limit_more_memory(memory_bytes)
    evaluation = Evaluation()
    # Opened once, as it is read with every query.
    sizes = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    gc.freeze()
    output.write(pack_object(Kind.READY, {"barriers": list(barriers), "thread": threading.get_native_id()}))
    output.flush()
    while (frame := read_frame(requests)) is not None:
        _answer(evaluation, json.loads(frame[1]), output, sizes)


def _answer(evaluation: Evaluation, request: dict[str, Any], output: BinaryIO, sizes: int) -> None:
    writer = FrameWriter(output)
    try:
        evaluation.run(request, writer)
        writer.finish(pack_object(Kind.END, {"resident_bytes": _resident_bytes(sizes)}))
        return
    except MemoryError:
        end = pack_object(Kind.ERROR, {"code": "memory-limit"})
    except Failure as failure:
        end = pack_object(Kind.ERROR, failure.members)
    output.write(end)
    output.flush()


def _resident_bytes(sizes: int) -> int:
    """The size of this process (proc(5), statm: the second field, in pages)."""
    return int(os.pread(sizes, _SIZES_BYTES, 0).split()[1]) * _PAGE_BYTES


if __name__ == "__main__":
    main(sys.argv[1:])
