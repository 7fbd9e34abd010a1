"""The process that reads and checks files of somebody else's: limited, without network, and killable.

``python -m pedgraph.intake.checking.checker PARENT MEMORY_BYTES`` speaks as :mod:`pedgraph.store.reader` does: a
request with the settings and the check, and one frame back.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.intake.checking.checks import Check
from pedgraph.settings import Settings
from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.store.frames import Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.checking.work import Work


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    child.begin(parent, signal.SIGTERM, signal.SIGXFSZ)
    child.go_first_when_memory_is_short()
    barriers = close_network()
    child.run_deep(lambda: _serve(memory_bytes, barriers))


def _serve(memory_bytes: int, barriers: tuple[str, ...]) -> None:
    from pedgraph.intake.checking.work import Work

    requests = os.fdopen(0, "rb")
    output = child.take_output()
    child.limit_more_memory(memory_bytes)
    work = Work()
    output.write(pack_object(Kind.READY, {"barriers": list(barriers)}))
    output.flush()
    while (frame := read_frame(requests)) is not None:
        output.write(pack_object(*_outcome(work, json.loads(frame[1]))))
        output.flush()


def _outcome(work: Work, job: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    try:
        checked = work.check(Check.from_json(job["check"]), Settings.model_validate(job["settings"]))
    except (MemoryError, RecursionError):
        return Kind.ERROR, {"code": MemoryLimit.code, "detail": "", "extensions": {}}
    except PedgraphError as error:
        return Kind.ERROR, {"code": error.code, "detail": error.detail, "extensions": error.extensions}
    except OSError as error:
        return Kind.ERROR, {"code": StoreError.code, "detail": f"{error}.", "extensions": {}}
    return Kind.END, checked.as_json()


if __name__ == "__main__":
    main(sys.argv[1:])
