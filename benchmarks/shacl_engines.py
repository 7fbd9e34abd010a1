"""One engine on one data set, in a process of its own: ``python -m benchmarks.shacl_engines ENGINE FOLDER SECONDS``.

Reads ``data.nt`` and ``shapes.nt`` in the folder, and writes the results that the engine finds, with the time that it
took, to ``ENGINE.json`` there. Imports only what the engine needs, as each has an environment of its own.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TOO_LONG: Final = 75
_SH: Final = "http://www.w3.org/ns/shacl#"
_PARTS: Final = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity")
# What takes the data in, and what validates what that gives; imports are done before either is timed.
Steps = tuple["Callable[[], Any]", "Callable[[Any], Any]"]


def ours(data: bytes, shapes: bytes) -> Steps:
    """Suspects by SPARQL, verdict by pySHACL."""
    from pyoxigraph import RdfFormat, parse

    from pedgraph.intake.shacl.validator import Validator
    from pedgraph.store.facts import Facts

    def check(facts: Facts) -> Any:  # noqa: ANN401
        return Validator([quad.triple for quad in parse(shapes, RdfFormat.N_TRIPLES)]).report(facts)[0]

    return lambda: Facts.of(quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)), check


def plain(data: bytes, shapes: bytes) -> Steps:
    """PySHACL as it comes, on a graph of rdflib."""
    import pyshacl

    def check(graph: Any) -> Any:  # noqa: ANN401
        rules = _rdflib_graph(shapes)
        return pyshacl.validate(graph, shacl_graph=rules, inplace=True, do_owl_imports=False)[1]

    return lambda: _rdflib_graph(data), check


def _rdflib_graph(content: bytes) -> Any:  # noqa: ANN401
    """A graph with literals as they were written, which the parser of rdflib would change."""
    import rdflib
    from pyoxigraph import RdfFormat, parse

    from pedgraph.intake.terms import to_rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    graph += to_rdflib(quad.triple for quad in parse(content, RdfFormat.N_TRIPLES))
    return graph


def turbo(data: bytes, shapes: bytes) -> Steps:
    """pyshacl-turbo on text, which it parses itself."""
    import pyshacl_turbo  # type: ignore[import-not-found]

    def check(_: None) -> Any:  # noqa: ANN401
        formats = {"data_graph_format": "nt", "shacl_graph_format": "nt"}
        return pyshacl_turbo.validate(data.decode(), shacl_graph=shapes.decode(), **formats)[1]

    return lambda: None, check


def rudof(data: bytes, shapes: bytes) -> Steps:
    """Pyrudof with its own data graph; its report is read as text."""
    import pyrudof  # type: ignore[import-not-found]
    import rdflib

    def load() -> Any:  # noqa: ANN401
        engine = pyrudof.Rudof(pyrudof.RudofConfig())
        engine.read_data(data.decode(), pyrudof.RDFFormat.NTriples)
        return engine

    def check(engine: Any) -> Any:  # noqa: ANN401
        engine.read_shacl(shapes.decode(), pyrudof.ShaclFormat.NTriples)
        engine.validate_shacl(pyrudof.ShaclValidationMode.Native)
        text = engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.Turtle)
        return rdflib.Graph().parse(data=text, format="turtle")

    return load, check


def whole(data: bytes, shapes: bytes) -> Steps:
    """The check as the product does it, with the gate and the findings that come of the report."""
    from pyoxigraph import RdfFormat, parse

    from pedgraph.intake.bundle import read_vocabulary
    from pedgraph.intake.validation import Rulebook, validate

    def check(triples: Any) -> None:  # noqa: ANN401
        rules = [quad.triple for quad in parse(shapes, RdfFormat.N_TRIPLES)]
        validate(triples, Rulebook(rules, read_vocabulary(), []))

    return lambda: [quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)], check


ENGINES: Final[dict[str, Callable[[bytes, bytes], Steps]]] = {
    "pedgraph": ours, "pedgraph validate": whole, "pyshacl": plain, "pyshacl-turbo": turbo, "pyrudof": rudof,
}  # fmt: skip


def found(report: Any) -> set[str]:  # noqa: ANN401
    """The results of a report: focus node, path, value, component and severity; a path that is no IRI as "path"."""
    import rdflib

    lines = set()
    for result in report.objects(None, rdflib.URIRef(f"{_SH}result")):
        terms = [report.value(result, rdflib.URIRef(_SH + part)) for part in _PARTS]
        path = "path" if isinstance(terms[1], rdflib.BNode) else terms[1]
        lines.add(" ".join(_written(term) for term in (terms[0], path, *terms[2:])))
    return lines


def _written(term: object) -> str:
    import rdflib

    if isinstance(term, rdflib.BNode):
        return "blank"
    return "-" if term is None else str(term).replace("\n", " ")


def main(engine: str, folder: Path, limit_seconds: int) -> None:
    """Runs an engine and writes down what it found; ends with a status of its own after so much processor time."""
    signal.signal(signal.SIGXCPU, lambda *_: os._exit(TOO_LONG))
    # The second limit ends an engine that does not come back to Python for long.
    resource.setrlimit(resource.RLIMIT_CPU, (limit_seconds, limit_seconds + 10))
    data, shapes = ((folder / name).read_bytes() for name in ("data.nt", "shapes.nt"))
    load, check = ENGINES[engine](data, shapes)
    wall, cpu = time.perf_counter(), time.process_time()
    loaded = load()
    loaded_wall = time.perf_counter()
    report = check(loaded)
    outcome = {
        "load_seconds": loaded_wall - wall,
        "validate_seconds": time.perf_counter() - loaded_wall,
        "cpu_seconds": time.process_time() - cpu,
        "memory_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **({} if report is None else {"results": sorted(found(report))}),
    }
    (folder / f"{engine}.json").write_text(json.dumps(outcome, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
