"""Differences as RDF Patch: one line per statement that is deleted (D) or added (A), in one transaction.

The header names the version that the patch leads to (``id``) and the one that it starts from (``prev``). Blank nodes
stand under IRIs (RDF 1.1 Concepts, section 3.5). What belongs to a default graph that is no merge has no fourth term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.delivery.versions.tables import REMOVED
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.delivery.versions.comparing import Statement

END: Final = "TC .\n"


def lines(before: int, after: int, statements: Iterable[Statement]) -> Iterator[str]:
    """The lines of a patch; deletions are expected to come before additions of the same."""
    yield f"H id <{ROOT}version/{after}> .\n"
    yield f"H prev <{ROOT}version/{before}> .\n"
    yield "TX .\n"
    for each in statements:
        graph = f"<{each.graph}> " if each.graph else ""
        yield f"{'D' if each.change == REMOVED else 'A'} {each.subject} {each.predicate} {each.object} {graph}.\n"
    yield END
