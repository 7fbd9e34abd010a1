"""Graphs as JSON-LD in the profile that a client asks for: compacted with our context, or flattened.

Profiles: JSON-LD 1.1, appendix B.1 (the media type's parameter), and RFC 6906. The expanded form comes from the engine;
framed documents have addresses of their own, the cards. The processor takes about 0.2 s for 1,000 triples, in which the
process does little else, so only answers of at most :data:`MOST_TRIPLES` are made.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, RdfFormat, Triple, parse

from pedgraph.delivery.documents import compact_graph, flatten_graph
from pedgraph.errors import NotAcceptable
from pedgraph.vocabulary.media import COMPACTED, EXPANDED, GRAPH_FORMATS, JSON_LD_PROFILES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MOST_TRIPLES: Final = 5_000


async def shaped(chunks: AsyncIterator[bytes], profile: str) -> bytes:
    """The document for an answer that comes as N-Triples; raises as :func:`as_json_ld`, and what the answer raises."""
    received = []
    lines = 0
    async for chunk in chunks:
        received.append(chunk)
        lines += chunk.count(b"\n")
        # The same triple may come more than once, though seldom more than a few times.
        if lines > 10 * MOST_TRIPLES:
            raise _too_large(profile)
    return await asyncio.to_thread(as_json_ld, b"".join(received), profile)


def as_json_ld(n_triples: bytes, profile: str) -> bytes:
    """A graph as a JSON-LD document in a profile: :data:`COMPACTED`, or flattened otherwise.

    Keys and items come in a fixed order. Raises :class:`NotAcceptable` where the graph is too large, and where it has
    triple terms or literals with a direction, which JSON-LD 1.1 cannot write.
    """
    triples: dict[Triple, None] = {}
    for quad in parse(n_triples, RdfFormat.N_TRIPLES):
        triples[quad.triple] = None
        if len(triples) > MOST_TRIPLES:
            raise _too_large(profile)
        if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction is not None):
            raise _not_offered(f"JSON-LD has no way to write {quad.object}.")
    document = compact_graph(triples) if profile == COMPACTED else flatten_graph(triples)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _too_large(profile: str) -> NotAcceptable:
    name = profile.removeprefix(JSON_LD_PROFILES)
    return _not_offered(f"Only graphs of at most {MOST_TRIPLES:,} triples are made into {name} JSON-LD. Ask for fewer.")


def _not_offered(why: str) -> NotAcceptable:
    offered = [candidate.media_type for candidate in GRAPH_FORMATS]
    return NotAcceptable(f"{why} The answer is offered as {', '.join(offered)}.", offered=offered, profile=EXPANDED)
