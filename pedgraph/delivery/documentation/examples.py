"""The examples in a second syntax. The one place that decides what their JSON-LD looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pedgraph.delivery.documents import compact_graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple


def as_json_ld(triples: Iterable[Triple]) -> str:
    """The same triples as JSON-LD in our context, indented; always the same text."""
    return json.dumps(compact_graph(triples), ensure_ascii=False, indent=2)
