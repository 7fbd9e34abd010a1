"""The server under test, as far as the suites need to know it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
from pyoxigraph import Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Quad

_QUADS = """SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"""


class CannotLoad(Exception):
    """The server does not take the data of a test, so that the test cannot begin."""


@dataclass
class Endpoint:
    """Addresses of a server; ``key`` is the bearer token that allows writing, if it wants one."""

    query_url: str
    update_url: str
    graphs_url: str
    key: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0))
    _loaded: object = None

    @property
    def authorization(self) -> dict[str, str]:
        """The header that allows writing."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def close(self) -> None:
        """Closes all connections."""
        self.client.close()

    def query(self, text: bytes | str, accept: str) -> httpx.Response:
        """Sends a query as the body of a POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.client.post(self.query_url, content=text, headers=headers)

    def update(self, text: bytes | str) -> httpx.Response:
        """Sends an update as the body of a POST; what was loaded is not relied upon any more."""
        self._loaded = None
        headers = {"Content-Type": "application/sparql-update", **self.authorization}
        return self.client.post(self.update_url, content=text, headers=headers)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        """Sends any request, with the key; what was loaded is not relied upon any more."""
        self._loaded = None
        # Each on a connection of its own: what is left over of a bad answer must not begin the next one.
        headers = {**headers, **self.authorization, "Connection": "close"}
        return self.client.request(method, url, headers=headers, content=body)

    def load(self, what: object, quads: Iterable[Quad], empty_graphs: Iterable[str] = ()) -> None:
        """Makes the server hold these quads and no others; raises :class:`CannotLoad`.

        Nothing is sent where the last thing loaded, and not written to since, equals ``what``.
        """
        if self._loaded is not None and what == self._loaded:
            return
        answer = self.update(_loading(quads, empty_graphs))
        if answer.is_error:
            raise CannotLoad(f"{answer.status_code} {answer.text[:300]}")
        self._loaded = what

    def everything(self) -> bytes:
        """All quads of the server as JSON results; ``g`` is unbound for those of the default graph."""
        answer = self.query(_QUADS, "application/sparql-results+json")
        answer.raise_for_status()
        return answer.content


def _written(term: object) -> str:
    if isinstance(term, Triple):
        return f"<<( {term.subject} {term.predicate} {_written(term.object)} )>>"
    return str(term)


def _loading(quads: Iterable[Quad], empty_graphs: Iterable[str]) -> str:
    by_graph: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        graph = "" if str(quad.graph_name) == "DEFAULT" else str(quad.graph_name)
        by_graph[graph].append(f"{quad.subject} {quad.predicate} {_written(quad.object)} .")
    inserted = [
        f"GRAPH {graph} {{\n" + "\n".join(lines) + "\n}" if graph else "\n".join(lines)
        for graph, lines in by_graph.items()
    ]
    creations = [f"CREATE SILENT GRAPH <{graph}>" for graph in empty_graphs]
    return " ;\n".join(
        ["DROP ALL", *creations, *(["INSERT DATA {\n" + "\n".join(inserted) + "\n}"] if inserted else [])]
    )
