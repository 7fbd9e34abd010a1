"""Stages: processes at work say through a named pipe where they are, and halt where they are told to.

The pipe and the stage to halt at stand in the environment, which the writer and the checker have from their parent.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from pedgraph.intake import contracts, rules
from pedgraph.intake.submissions import changing, core, files, publishing
from pedgraph.intake.writing import WriteService
from pedgraph.store import publication
from pedgraph.store.manifest import Manifest
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PIPE = "STAGES_PIPE"
_HALT = "STAGES_HALT"

RECEIVING = ("incoming", "keep")
WAITING = ("received",)
CHECKING = ("check", "reading", "rules", "canonical")
CHECKED = ("noting", "checked")
ANNOUNCING = ("announcing", "announced")
WRITING = (
    "clone", "write", "change", "validate", "derive", "examine", "manifest", "sync", "rename", "renamed", "pointer",
)  # fmt: skip
PUBLISHED = ("published", "settling")
RECOVERING = ("recovering", "looking", "sweeping")


def environment(pipe: Path, halt: str = "") -> Mapping[str, str]:
    """The environment for a process that tells its stages, and halts at the first of a name."""
    return {**os.environ, _PIPE: str(pipe), _HALT: halt}


def tell(what: str, which: str = "") -> None:
    """Says something, in one piece."""
    line = json.dumps([what, which, os.getpid(), time.monotonic()]).encode() + b"\n"
    os.write(_pipe(os.environ[_PIPE]), line)


def enter(stage: str) -> None:
    """Says that a stage begins. Whoever halts there stays until it is killed."""
    tell("stage", stage)
    if os.environ[_HALT] == stage:
        # To this thread: it goes no step further, and takes the others with it.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def tell_of_clerk() -> None:
    """Has this process tell the stages of the service."""
    _wrap(files.Files, "keep", "keep")
    _wrap(core.Core, "_note", "noting")
    _wrap(publishing.Publisher, "_announce", "announcing")
    _wrap(WriteService, "run", "announced")
    _wrap(publishing.Publisher, "_settle", "settling")
    _wrap(publishing.Publisher, "_settle_all", "recovering")
    _wrap(files.Files, "sweep", "sweeping")
    _wrap(publishing, "find_published", "looking")


def tell_of_writer() -> None:
    """Has this process tell the stages of a publication."""
    _wrap(publication, "clone", "clone")
    _wrap(publication, "write", "write")
    _wrap(changing, "change", "change")
    _wrap(rules.Rules, "validate", "validate")
    _wrap(publication, "derive", "derive")
    _wrap(contracts, "check_contracts", "examine")
    _wrap(Manifest, "write", "manifest")
    _wrap(publication, "sync", "sync", after="rename")
    _wrap(publication, "sync_folder", "renamed")
    _wrap(Versions, "point_to", "pointer", after="published")


def tell_of_checker() -> None:
    """Has this process tell the stages of a check."""
    from pedgraph.intake.checking import work

    _wrap(work, "read", "reading")
    _wrap(work, "validate", "rules")
    _wrap(work, "canonical", "canonical")


def _wrap(owner: Any, name: str, stage: str, *, after: str = "") -> None:  # noqa: ANN401
    inner = getattr(owner, name)

    @functools.wraps(inner)
    def told(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        enter(stage)
        result = inner(*arguments, **named)
        if after:
            enter(after)
        return result

    setattr(owner, name, told)


@functools.cache
def _pipe(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CLOEXEC)
