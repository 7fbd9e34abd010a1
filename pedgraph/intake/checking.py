"""Checking a file of somebody else's: in a process that is ended when it takes too long or too much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.errors import InputError, TooLarge
from pedgraph.intake.findings import Finding
from pedgraph.settings import environment_of_children

if TYPE_CHECKING:
    from pedgraph.settings import Settings
    from pedgraph.vocabulary.media import Format


@dataclass(frozen=True)
class Checked:
    """What came of a check: the number of triples in the file, and the findings about them, worst first."""

    triples: int
    findings: list[Finding]


def check_file(content: bytes, rdf_format: Format, source: str, settings: Settings) -> Checked:
    """Parses and validates the bytes of a file; ``source`` names it in findings and errors.

    Raises :class:`InputError` where it cannot be read as RDF or takes more time or memory than allowed, and
    :class:`TooLarge`. Nothing is kept.
    """
    if len(content) > settings.file_max_bytes:
        raise TooLarge(
            f"{source} has {len(content):,} bytes; at most {settings.file_max_bytes:,} are read.",
            limit_bytes=settings.file_max_bytes,
        )
    header = json.dumps({"source": source, "format": rdf_format.name}).encode() + b"\n"
    command = [sys.executable, "-P", "-m", "pedgraph.intake.worker"]
    limits = [str(os.getpid()), str(settings.validation_memory_bytes)]
    try:
        process = subprocess.run(
            command + limits,
            input=header + content,
            capture_output=True,
            timeout=settings.validation_deadline_seconds,
            env={**environment_of_children(), "RUST_BACKTRACE": "0"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        limit = settings.validation_deadline_seconds
        raise InputError(f"Checking it took longer than {limit:g} seconds and was given up.", source=source) from None
    if process.returncode != 0:
        raise InputError(_why(process), source=source)
    outcome = json.loads(process.stdout)
    if "error" in outcome:
        raise InputError(**outcome["error"])
    return Checked(outcome["triples"], [Finding.from_json(members) for members in outcome["findings"]])


def _why(process: subprocess.CompletedProcess[bytes]) -> str:
    if b"MemoryError" in process.stderr or b"memory allocation" in process.stderr:
        return "Checking it needs more memory than a file may have."
    lines = process.stderr.decode(errors="replace").strip().splitlines()
    return f"The process that checked it ended ({process.returncode}): {lines[-1] if lines else 'without a word'}."
