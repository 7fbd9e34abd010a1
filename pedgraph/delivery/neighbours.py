"""What stands around a description: under which licences its statements are, in which versions the thing is known, and
what is called nearly the same where there is nothing.
"""

from __future__ import annotations

import asyncio
import difflib
import re
from typing import TYPE_CHECKING, Final

from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.delivery.asking import Asking

_MOST_NAMES: Final = 5
_MOST_COMPARED: Final = 5000
_CLOSENESS: Final = 0.6
_KIND: Final = re.compile(r"[a-z][a-z-]{1,30}")


class Neighbours:
    """Answers with one query each; the service that is asked keeps its answers."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def licences(self, iri: str, version: int) -> list[str]:
        """The licences of all graphs that state something about a thing, by IRI."""
        rows = await self._asking.rows(
            "SELECT DISTINCT ?licence WHERE { "
            f"{{ SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ <{iri}> ?property ?value }} }} }} "
            f"GRAPH <{META_GRAPH}> {{ ?graph <{PREFIXES['dcterms']}license> ?licence }} "
            "FILTER(isIRI(?licence)) } ORDER BY ?licence",
            version,
        )
        return [row["licence"]["value"] for row in rows]

    async def known_in(self, iri: str, versions: Sequence[int]) -> list[int]:
        """Those of the versions in which something is said about a thing."""
        text = f"SELECT ?property WHERE {{ <{iri}> ?property ?value }} LIMIT 1"
        return [each for each in versions if await self._asking.rows(text, each)]

    async def nearest(self, iri: str, version: int) -> list[str]:
        """The IRIs of things of the same kind whose names are nearest to that in an IRI, the nearest first."""
        kind, _, slug = iri.removeprefix(THINGS).partition("/")
        if not iri.startswith(THINGS) or not _KIND.fullmatch(kind.lower()):
            return []
        start = f"{THINGS}{kind.lower()}/"
        slugs = [each.removeprefix(start) for each in await self._iris(start, version)]
        return [start + each for each in await asyncio.to_thread(_close, slug.lower(), slugs)]

    async def _iris(self, start: str, version: int) -> list[str]:
        rows = await self._asking.rows(
            "SELECT DISTINCT ?thing WHERE { ?thing a ?class "
            f'FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), "{start}")) }} ORDER BY ?thing LIMIT {_MOST_COMPARED}',
            version,
        )
        return [row["thing"]["value"] for row in rows]


def _close(slug: str, slugs: Iterable[str]) -> list[str]:
    """The nearest of the slugs; a part of one, such as the name of a city without its country, counts as near."""
    among = list(slugs)
    holding = [each for each in among if slug and f"-{slug}-" in f"-{each}-"]
    close = difflib.get_close_matches(slug, among, n=_MOST_NAMES, cutoff=_CLOSENESS)
    return list(dict.fromkeys([*holding, *close]))[:_MOST_NAMES]
