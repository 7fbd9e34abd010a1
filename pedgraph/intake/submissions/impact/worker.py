"""The process that works out one preview: limited, without network, and killable at any moment.

``python -m pedgraph.intake.submissions.impact.worker PARENT MEMORY_BYTES`` reads one job as JSON from its standard
input and writes the preview, or an error, as one JSON object to its standard output.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pedgraph.errors import MemoryLimit, PedgraphError, StoreError
from pedgraph.intake.findings import Finding
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.submissions.accepting import Withdrawal, read_acceptance
from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.impact.asked import FILE, WITHDRAW, Change, put
from pedgraph.intake.submissions.preview import preview
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.states import Kind
from pedgraph.settings import Settings
from pedgraph.store import child
from pedgraph.store.barrier import close_network
from pedgraph.vocabulary.media import N_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Works out one preview."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    child.begin(parent)
    close_network()
    output = child.take_output()
    outcome: dict[str, Any] = {}
    job = json.loads(sys.stdin.buffer.read())
    child.run_deep(lambda: outcome.update(_outcome(job, memory_bytes)))
    output.write(json.dumps(outcome).encode())
    output.flush()


def _outcome(job: dict[str, Any], memory_bytes: int) -> dict[str, Any]:
    # Here, as the stack of this thread is not to count.
    child.limit_more_memory(memory_bytes)
    try:
        settings = Settings.model_validate(job["settings"])
        change, findings = _asked(job, settings)
        return {"preview": preview(settings, change, findings, language=job["language"]).as_json()}
    except MemoryError:
        return {"error": {"code": MemoryLimit.code, "detail": "", "extensions": {}}}
    except PedgraphError as error:
        return {"error": {"code": error.code, "detail": error.detail, "extensions": error.extensions}}
    except OSError as error:
        return {"error": {"code": StoreError.code, "detail": f"{error}.", "extensions": {}}}


def _asked(job: dict[str, Any], settings: Settings) -> tuple[Change, list[Finding]]:
    """The change that is meant, and what was found when it was checked."""
    if job["act"] == FILE:
        content = Path(job["data_path"]).read_bytes()
        triples = [quad.triple for quad in parse_rdf(content, N_TRIPLES, job["graph"])]
        return put(job["graph"], triples, tuple(job["replaces"])), [Finding.from_json(each) for each in job["findings"]]
    directory = directory_in(settings.home)
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    with Register(directory).reading() as reading:
        submission = reading.get(job["submission"])
        if job["act"] == WITHDRAW:
            return Change(Withdrawal(submission, moment, "").apply, replaces=(submission.graph,)), []
        files = Files(directory)
        acceptance = read_acceptance(reading, files, submission, moment)
    checked = submission.last(Kind.CHECKED)
    assert checked is not None
    report = json.loads(files.read(checked.data["report"]))
    findings = [Finding.from_json(each) for each in report["findings"]]
    return Change(acceptance.apply, submission.graph, tuple(each.graph for each in acceptance.formers)), findings


if __name__ == "__main__":
    main(sys.argv[1:])
