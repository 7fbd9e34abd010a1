"""The process that parses and validates a file of somebody else's: limited, without network, and killable.

``python -m pedgraph.intake.worker PARENT MEMORY_BYTES`` reads one JSON line with ``source`` and ``format`` and then the
bytes of the file from its standard input, and writes one JSON object to its standard output: the findings or an error.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pedgraph.errors import PedgraphError
from pedgraph.store import child
from pedgraph.store.barrier import close_network

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Validates one file."""
    parent, memory_bytes = (int(argument) for argument in arguments)
    child.begin(parent)
    child.limit_memory(memory_bytes)
    close_network()
    output = child.take_output()
    header = json.loads(sys.stdin.buffer.readline())
    outcome = _validate(header, sys.stdin.buffer.read())
    output.write(json.dumps(outcome).encode())
    output.flush()


def _validate(header: dict[str, str], content: bytes) -> dict[str, Any]:
    from pedgraph.intake.bundle import read_data, read_rulebook
    from pedgraph.intake.parsing import parse_rdf
    from pedgraph.intake.validation import validate
    from pedgraph.resources import data_directory
    from pedgraph.vocabulary.media import RDF_FORMATS, find_format

    rdf_format = find_format(header["format"], RDF_FORMATS)
    assert rdf_format is not None
    try:
        triples = [quad.triple for quad in parse_rdf(content, rdf_format, header["source"])]
        findings = validate(triples, read_rulebook(read_data(data_directory())))
    except PedgraphError as error:
        return {"error": {"detail": error.detail, **error.extensions}}
    return {"triples": len(triples), "findings": [finding.as_json() for finding in findings]}


if __name__ == "__main__":
    main(sys.argv[1:])
