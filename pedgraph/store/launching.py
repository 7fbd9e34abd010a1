"""Starts the engine's own command in a process that is shut off and limited like a reader.

``python -m pedgraph.store.launching PARENT MEMORY_BYTES DIRECTORY WORK PROGRAM OPTION…`` becomes ``PROGRAM query``,
with the query on its standard input and its explanation in ``WORK/plan.json``. DIRECTORY is the folder of a version,
which is held against pruning and only read; where it is empty, the engine gets an empty database in the folder WORK.
It may be killed at any moment.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Store

from pedgraph.store import child
from pedgraph.store.barrier import close_network, die_with_parent
from pedgraph.store.versions import STORE_FOLDER, hold

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN_FILE = "plan.json"
# What the engine takes before it has read anything, and room for its recursion over the query.
_BASE_BYTES = 512 * 1024 * 1024
_STACK_BYTES = 16 * 1024 * 1024


def main(arguments: Sequence[str]) -> None:
    """Shuts this process off and becomes the engine; does not return."""
    parent, memory_bytes, directory, work, program, *options = arguments
    die_with_parent(int(parent))
    close_network()
    if directory:
        os.set_inheritable(hold(Path(directory)), True)  # noqa: FBT003
        location = Path(directory) / STORE_FOLDER
    else:
        location = Path(work) / STORE_FOLDER
        Store(str(location)).flush()
    _limit(int(memory_bytes))
    plan = str(Path(work) / PLAN_FILE)
    os.execv(program, [program, "query", "--location", str(location), "--explain-file", plan, *options])  # noqa: S606


def _limit(memory_bytes: int) -> None:
    child.go_first_when_memory_is_short()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hardest = resource.getrlimit(resource.RLIMIT_STACK)
    if hardest == resource.RLIM_INFINITY or hardest >= _STACK_BYTES:
        resource.setrlimit(resource.RLIMIT_STACK, (_STACK_BYTES, hardest))
    child.limit_memory(memory_bytes + _BASE_BYTES)


if __name__ == "__main__":
    main(sys.argv[1:])
