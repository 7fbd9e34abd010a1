"""The process that marks workbooks of somebody else's: limited, without network, and killable.

``python -m pedgraph.intake.marker PARENT MEMORY_BYTES`` speaks as :mod:`pedgraph.store.reader` does: a request with
the file and the findings, and one frame back.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.store.frames import Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    child.begin(parent, signal.SIGTERM, signal.SIGXFSZ)
    child.go_first_when_memory_is_short()
    barriers = close_network()
    requests = os.fdopen(0, "rb")
    output = child.take_output()
    child.limit_more_memory(memory_bytes)
    output.write(pack_object(Kind.READY, {"barriers": list(barriers)}))
    output.flush()
    while (frame := read_frame(requests)) is not None:
        output.write(pack_object(*_outcome(json.loads(frame[1]))))
        output.flush()


def _outcome(job: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    from pedgraph.intake.tables.marking import mark

    try:
        marked = mark(
            Path(job["path"]),
            job["findings"],
            job["language"],
            file_name=job["file_name"],
            unpacked_max_bytes=job["unpacked_max_bytes"],
        )
        Path(job["target"]).write_bytes(marked)
    except (MemoryError, RecursionError):
        return Kind.ERROR, {"code": MemoryLimit.code, "detail": "", "extensions": {}}
    except PedgraphError as error:
        return Kind.ERROR, {"code": error.code, "detail": error.detail, "extensions": error.extensions}
    except OSError as error:
        return Kind.ERROR, {"code": StoreError.code, "detail": f"{error}.", "extensions": {}}
    return Kind.END, {"bytes": len(marked)}


if __name__ == "__main__":
    main(sys.argv[1:])
