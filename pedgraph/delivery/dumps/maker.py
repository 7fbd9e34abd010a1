"""The process that makes dumps and differences: limited, without network, and killable.

``python -m pedgraph.delivery.dumps.maker PARENT MEMORY_BYTES`` speaks as :mod:`pedgraph.store.reader` does: a request
that says what to make, and one frame back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.store import child
from pedgraph.store.frames import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nobody waits for files as one waits for an answer.
_NICENESS: Final = 10


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    child.carry_out_jobs(arguments, _outcome, niceness=_NICENESS)


def _outcome(job: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    try:
        _carry_out(job)
    except (MemoryError, RecursionError):
        return Kind.ERROR, {"code": MemoryLimit.code, "detail": "", "extensions": {}}
    except PedgraphError as error:
        return Kind.ERROR, {"code": error.code, "detail": error.detail, "extensions": error.extensions}
    except OSError as error:
        return Kind.ERROR, {"code": StoreError.code, "detail": f"{error}.", "extensions": {}}
    return Kind.END, {}


def _carry_out(job: dict[str, Any]) -> None:
    from pedgraph.delivery.dumps.making import make
    from pedgraph.delivery.versions.making import make_difference
    from pedgraph.store.versions import Versions

    if "folder" in job:
        make(Path(job["version_folder"]), Path(job["folder"]))
    else:
        versions = Versions(Path(job["home"]))
        make_difference(versions, job["before"], job["after"], Path(job["target"]), Path(job["patch"]))


if __name__ == "__main__":
    main(sys.argv[1:])
