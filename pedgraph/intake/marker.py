"""The process that marks workbooks of somebody else's: limited, without network, and killable.

``python -m pedgraph.intake.marker PARENT MEMORY_BYTES`` speaks as :mod:`pedgraph.store.reader` does: a request with
the file and the findings, and one frame back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.store import child
from pedgraph.store.frames import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Runs until the standard input ends."""
    child.carry_out_jobs(arguments, _outcome)


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
