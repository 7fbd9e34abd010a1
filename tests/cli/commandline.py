"""The command line as a process of its own, without the settings of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path


def run(
    *arguments: str,
    home: Path | None = None,
    stdin: bytes | BinaryIO = b"",
    stdout: BinaryIO | int = subprocess.PIPE,
    stderr: BinaryIO | int = subprocess.PIPE,
    **settings: str,
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEDGRAPH_")} | settings
    if home is not None:
        environment["PEDGRAPH_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, "-m", "pedgraph", *arguments],
        input=stdin if isinstance(stdin, bytes) else None,
        stdin=None if isinstance(stdin, bytes) else stdin,
        stdout=stdout,
        stderr=stderr,
        env=environment,
        check=False,
        timeout=120,
    )
