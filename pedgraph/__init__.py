"""pedgraph: the linked-data knowledge graph of Europe's Positive Energy Districts.

This module owns the version and the one place that wires the parts together, :func:`open_graph`.
It does no work when it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pedgraph.settings import Settings
    from pedgraph.wiring import Graph

__version__ = "0.2.0"


def open_graph(settings: Settings) -> Graph:
    """Wires the parts of a running graph together; nothing is opened before ``async with``.

    Takes the settings; returns a :class:`pedgraph.wiring.Graph`, which opens its parts in order when it is
    entered and closes them in reverse when it is left.
    """
    from pedgraph.wiring import Graph

    return Graph(settings)
