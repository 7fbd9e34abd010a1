"""The reader process: opens versions read-only, evaluates one query at a time, writes the answer as frames.

``python -m pedgraph.store.reader PARENT MEMORY_BYTES`` reads requests from its standard input and writes frames to its
standard output. It may be killed at any moment. Everything of the engine stays in one thread (its results are bound to
the thread that made them); that thread has a large stack, because the engine recurses over the query.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pedgraph.store.barrier import close_network, die_with_parent
from pedgraph.store.evaluation import Evaluation, Failure
from pedgraph.store.frames import FrameWriter, Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

STACK_BYTES = 256 * 1024 * 1024


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    die_with_parent(parent)
    # Ctrl-C and a group's SIGTERM are for the parent, which lets queries finish and then ends its readers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    barriers = close_network()
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(memory_bytes, barriers))
    thread.start()
    thread.join()


def _serve(memory_bytes: int, barriers: tuple[str, ...]) -> None:
    requests = os.fdopen(0, "rb")
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit = _status_bytes("VmSize") + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    evaluation = Evaluation()
    gc.freeze()
    output.write(pack_object(Kind.READY, {"barriers": list(barriers)}))
    output.flush()
    while (frame := read_frame(requests)) is not None:
        _answer(evaluation, json.loads(frame[1]), output)


def _answer(evaluation: Evaluation, request: dict[str, Any], output: BinaryIO) -> None:
    try:
        evaluation.run(request, FrameWriter(output))
        end = pack_object(Kind.END, {"resident_bytes": _status_bytes("VmRSS")})
    except MemoryError:
        end = pack_object(Kind.ERROR, {"code": "memory-limit"})
    except Failure as failure:
        end = pack_object(Kind.ERROR, failure.members)
    output.write(end)
    output.flush()


def _status_bytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(name)


if __name__ == "__main__":
    main(sys.argv[1:])
