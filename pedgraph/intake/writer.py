"""The writer process: carries out writes one at a time, limited, without network, and killable at any moment.

``python -m pedgraph.intake.writer PARENT MEMORY_BYTES`` speaks as :mod:`pedgraph.store.reader` does: a request with the
settings and the write, a data frame for each content of it, and one frame back.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.intake.writes import Write, Writing
from pedgraph.settings import Settings
from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.store.frames import Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    # A file that grows too large is an error to be told, not an end.
    child.begin(parent, signal.SIGTERM, signal.SIGXFSZ)
    barriers = close_network()
    child.run_deep(lambda: _serve(memory_bytes, barriers))


def _serve(memory_bytes: int, barriers: tuple[str, ...]) -> None:
    requests = os.fdopen(0, "rb")
    output = child.take_output()
    child.limit_more_memory(memory_bytes)
    writing = Writing()
    _say(output, Kind.READY, {"barriers": list(barriers)})
    while (frame := read_frame(requests)) is not None:
        job = json.loads(frame[1])
        contents = []
        for _ in range(job["contents"]):
            content = read_frame(requests)
            if content is None:
                return
            contents.append(content[1])
        _say(output, *_outcome(writing, job, contents))


def _outcome(writing: Writing, job: dict[str, Any], contents: list[bytes]) -> tuple[Kind, dict[str, Any]]:
    try:
        settings = Settings.model_validate(job["settings"])
        outcome = writing.carry_out(Write.from_json(job["write"]), contents, settings)
    except MemoryError:
        return Kind.ERROR, {"code": MemoryLimit.code, "detail": "", "extensions": {}}
    except PedgraphError as error:
        return Kind.ERROR, {"code": error.code, "detail": error.detail, "extensions": error.extensions}
    except OSError as error:
        return Kind.ERROR, {"code": StoreError.code, "detail": f"{error}.", "extensions": {}}
    return Kind.END, vars(outcome)


def _say(output: BinaryIO, kind: Kind, members: dict[str, Any]) -> None:
    output.write(pack_object(kind, members))
    output.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
