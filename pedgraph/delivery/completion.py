"""What the query page offers while somebody writes: prefixes, and terms with their labels, definitions and use.

Made of the vocabulary and the data of a version by queries like anybody's, once per version.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.describing import Document
from pedgraph.errors import PedgraphError
from pedgraph.query.running import QueryRequest
from pedgraph.vocabulary.iris import PREFIXES, VOCABULARY_GRAPH
from pedgraph.vocabulary.media import JSON_RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.query.running import QueryService

log = logging.getLogger(__name__)

_LONGEST_DEFINITION: Final = 240
_KINDS: Final = {
    "http://www.w3.org/2002/07/owl#Class": "class",
    "http://www.w3.org/2002/07/owl#ObjectProperty": "property",
    "http://www.w3.org/2002/07/owl#DatatypeProperty": "property",
    "http://www.w3.org/2002/07/owl#AnnotationProperty": "property",
    "http://www.w3.org/2004/02/skos/core#Concept": "code",
}
_DECLARED: Final = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?type ?label ?definition
WHERE {{
  GRAPH <{VOCABULARY_GRAPH}> {{
    VALUES ?type {{ {" ".join(f"<{each}>" for each in _KINDS)} }}
    ?term a ?type .
    OPTIONAL {{ ?term rdfs:label|skos:prefLabel ?label FILTER (LANGMATCHES(LANG(?label), "en")) }}
    OPTIONAL {{ ?term skos:definition ?definition FILTER (LANGMATCHES(LANG(?definition), "en")) }}
  }}
  FILTER (ISIRI(?term))
}}"""
_USED: Final = {
    "class": "SELECT ?term (COUNT(*) AS ?uses) WHERE { ?thing a ?term FILTER (ISIRI(?term)) } GROUP BY ?term",
    "property": "SELECT ?term (COUNT(*) AS ?uses) WHERE { ?thing ?term ?value } GROUP BY ?term",
}

Term = dict[str, Any]


class Completion:
    """Keeps the suggestions of the version that was asked for last."""

    def __init__(self, queries: QueryService) -> None:
        self._queries = queries
        self._making = asyncio.Lock()
        self._made: tuple[int, Document] | None = None

    async def document(self, version: int) -> Document:
        """The suggestions for a version as JSON: ``version``, ``prefixes``, and ``terms`` with the most used first.

        Raises the errors of :meth:`QueryService.run` for the vocabulary. Where counting the use of terms takes longer
        than a query may, the terms come without.
        """
        async with self._making:
            if self._made is None or self._made[0] != version:
                terms = await self._terms(version)
                content = {"version": version, "prefixes": PREFIXES, "terms": terms}
                encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
                self._made = version, Document(encoded, "application/json")
            return self._made[1]

    async def _terms(self, version: int) -> list[Term]:
        terms: dict[str, Term] = {}
        for row in await self._rows(_DECLARED, version):
            term = terms.setdefault(row["term"], {"iri": row["term"], "kind": _KINDS[row["type"]], "uses": 0})
            for key in ("label", "definition"):
                if key in row:
                    term[key] = _shortened(row[key])
        for kind, query in _USED.items():
            try:
                rows = await self._rows(query, version)
            except PedgraphError as error:
                log.warning("the use of terms could not be counted: %s", error.detail)
                continue
            for row in rows:
                term = terms.setdefault(row["term"], {"iri": row["term"], "kind": kind, "uses": 0})
                term["uses"] = int(row["uses"])
        return sorted(terms.values(), key=lambda term: (-term["uses"], term["iri"]))

    async def _rows(self, query: str, version: int) -> list[dict[str, str]]:
        asked = QueryRequest(query, format_name=JSON_RESULTS.name, version=version)
        running = await self._queries.run(asked)
        try:
            content = b"".join([chunk async for chunk in running.answer.chunks()])
        finally:
            await running.answer.close()
        return list(_plain(json.loads(content)["results"]["bindings"]))


def _plain(bindings: list[dict[str, dict[str, str]]]) -> Iterator[dict[str, str]]:
    for binding in bindings:
        yield {name: term["value"] for name, term in binding.items()}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_DEFINITION else text[:_LONGEST_DEFINITION].rpartition(" ")[0] + " …"
