"""Clients that write, and whole data sets to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

if TYPE_CHECKING:
    from tests.servers import RunningServer

KEY = "the right key"
TURTLE = "text/turtle; charset=utf-8"


def client(server: RunningServer) -> httpx.Client:
    """A client with the admin key."""
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=120)


def update(server: RunningServer, text: str, **parameters: str | list[str]) -> httpx.Response:
    """Sends an update as it is."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/sparql-update"}
    return httpx.post(f"{server.url}/update", content=text, headers=headers, params=parameters, timeout=120)


def done(answer: httpx.Response) -> int:
    """The version that a write has made; fails where it has not been carried out."""
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return int(answer.headers["pedgraph-version"])


def graphs(server: RunningServer) -> dict[str, str]:
    """All graphs of a server, the default graph under the empty name, each canonical: whole contents to compare."""
    named = server.get("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").text.split()[1:]
    return {name: _content(server, name) for name in ("", *named)}


def canonical(content: bytes | str, media_type: str = "text/turtle", base: str | None = None) -> str:
    """RDF as N-Quads in canonical order with canonical blank nodes."""
    found = Dataset(parse(content, RdfFormat.from_media_type(media_type), base_iri=base))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(str(quad) for quad in found))


def _content(server: RunningServer, name: str) -> str:
    parameters = {"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"} | ({"default-graph-uri": name} if name else {})
    answer = httpx.get(
        f"{server.url}/sparql", params=parameters, headers={"Accept": "application/n-triples"}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return canonical(answer.content, "application/n-triples")
