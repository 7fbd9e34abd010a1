"""Datasets: what a query over several default graphs gives equals what rdflib gives over the merge of these graphs."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.settings import load_settings
from pedgraph.store.pool import ReaderPool, ReadRequest
from pedgraph.store.publication import build
from pedgraph.store.versions import Versions
from tests.store.worlds import PUBLICATION, A, B, C, world

if TYPE_CHECKING:
    from pathlib import Path

KNOWS, AGE = NamedNode("urn:x:knows"), NamedNode("urn:x:age")
ANN, BEN, EVE = (NamedNode(f"urn:x:{name}") for name in ("ann", "ben", "eve"))
GRAPHS = {
    "a": [Triple(ANN, KNOWS, BEN), Triple(BEN, KNOWS, EVE), Triple(ANN, AGE, Literal(40))],
    "b": [Triple(ANN, KNOWS, BEN), Triple(BEN, AGE, Literal(30)), Triple(ANN, AGE, Literal(40))],
    "c": [Triple(ANN, KNOWS, BEN), Triple(EVE, KNOWS, ANN)],
}
QUERIES = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (SUM(?age) AS ?n) (AVG(?age) AS ?mean) { ?s <urn:x:age> ?age }",
    "SELECT ?x ?z { ?x <urn:x:knows> ?y . ?y <urn:x:knows> ?z } ORDER BY ?x ?z",
    "SELECT ?x (COUNT(?y) AS ?n) { ?x <urn:x:knows> ?y } GROUP BY ?x ORDER BY ?x",
    "SELECT ?x ?y { ?x <urn:x:knows>+ ?y } ORDER BY ?x ?y",
    "SELECT ?x ?age { ?x <urn:x:knows> ?y OPTIONAL { ?x <urn:x:age> ?age } } ORDER BY ?x ?age",
]


def expected(query: str, graphs: tuple[str, ...]) -> list[list[str]]:
    merged = rdflib.Graph()
    for name in graphs:
        merged.parse(data="".join(f"{triple} .\n" for triple in GRAPHS[name]), format="nt")
    content = merged.query(query).serialize(format="csv")
    assert content is not None
    return list(csv.reader(io.StringIO(content.decode())))


async def ask(pool: ReaderPool, query: str, default: tuple[str, ...] | None) -> list[list[str]]:
    answer = await pool.run(
        ReadRequest(query, "text/csv", default_graphs=default, named_graphs=None if default is None else ())
    )
    content = b"".join([chunk async for chunk in answer.chunks()])
    await answer.close()
    return list(csv.reader(io.StringIO(content.decode())))


def test_every_choice_of_default_graphs_equals_rdflib_over_their_merge(tmp_path: Path) -> None:
    names = {"a": A, "b": B, "c": C}
    build(Versions(tmp_path), world(**GRAPHS), PUBLICATION)

    async def compare() -> list[str]:
        differing = []
        async with ReaderPool(load_settings({}, home=tmp_path, readers=1), Versions(tmp_path)) as pool:
            for size in (1, 2, 3):
                for chosen in itertools.permutations(names, size):
                    for query in QUERIES:
                        given = await ask(pool, query, tuple(names[name] for name in chosen))
                        if given != expected(query, chosen):
                            differing.append(f"{chosen} {query}: {given}")
            for query in QUERIES:
                given = await ask(pool, query, None)
                if given != expected(query, ("a", "b", "c")):
                    differing.append(f"published {query}: {given}")
        return differing

    assert asyncio.run(compare()) == []


def test_named_graphs_stay_apart_beside_merged_default_graphs(tmp_path: Path) -> None:
    build(Versions(tmp_path), world(**GRAPHS), PUBLICATION)
    query = """SELECT (COUNT(*) AS ?n) (SUM(?named) AS ?m) {
        { ?s ?p ?o BIND(0 AS ?named) } UNION { GRAPH ?g { ?s ?p ?o } BIND(1 AS ?named) } }"""

    async def run() -> bytes:
        async with ReaderPool(load_settings({}, home=tmp_path, readers=1), Versions(tmp_path)) as pool:
            request = ReadRequest(query, "text/csv", default_graphs=(A, B), named_graphs=(C,))
            answer = await pool.run(request)
            content = b"".join([chunk async for chunk in answer.chunks()])
            await answer.close()
            return content

    assert asyncio.run(run()) == b"n,m\r\n6,2\r\n"
