"""What a process does first that works for this one: it goes when its parent goes, cannot reach the network, leaves no
dumps behind, and has a limit to its memory.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pedgraph.store.barrier import close_network, die_with_parent
from pedgraph.store.frames import Kind, pack_object, read_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, BinaryIO

# The engine recurses over queries, updates and terms.
STACK_BYTES = 256 * 1024 * 1024


def begin(parent: int, *ignored: signal.Signals) -> None:
    """Ties this process to its parent, and keeps what it knows out of core dumps.

    Ctrl-C and the ``ignored`` signals are for the parent, which lets work finish and then ends its children.
    """
    die_with_parent(parent)
    for each in (signal.SIGINT, *ignored):
        signal.signal(each, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def go_first_when_memory_is_short() -> None:
    """Makes the kernel end this process before others (proc(5), oom_score_adj)."""
    Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")


def limit_memory(limit_bytes: int) -> None:
    """Limits the address space of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def limit_more_memory(more_bytes: int) -> None:
    """Limits the address space of this process to what it has now and so much more."""
    limit_memory(_address_space_bytes() + more_bytes)


def take_output() -> BinaryIO:
    """The standard output, for frames only: whatever else is printed goes to the standard error from now on."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def run_deep(work: Callable[[], None]) -> None:
    """Does work in a thread with a large stack, and waits for its end."""
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _address_space_bytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmSize:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmSize")


def carry_out_jobs(
    arguments: Sequence[str], outcome: Callable[[dict[str, Any]], tuple[Kind, dict[str, Any]]], *, niceness: int = 0
) -> None:
    """Answers requests from standard input, each a JSON object, with one frame each, until the input ends.

    ``arguments`` are the process identifier of the parent and the memory limit in bytes. ``outcome`` carries a job out
    and says how it ended. A higher ``niceness`` leaves the processor to those whom somebody waits for.
    """
    parent, memory_bytes = (int(argument) for argument in arguments)
    begin(parent, signal.SIGTERM, signal.SIGXFSZ)
    go_first_when_memory_is_short()
    os.nice(niceness)
    barriers = close_network()
    requests = os.fdopen(0, "rb")
    output = take_output()
    limit_more_memory(memory_bytes)
    output.write(pack_object(Kind.READY, {"barriers": list(barriers)}))
    output.flush()
    while (frame := read_frame(requests)) is not None:
        output.write(pack_object(*outcome(json.loads(frame[1]))))
        output.flush()
