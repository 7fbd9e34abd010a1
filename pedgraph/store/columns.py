"""The columns of ``SELECT *``: the engine gives them by name, and people expect them as they wrote them.

Which variables there are is for the engine to say (SPARQL 1.1 Query, section 18.2.1); their order is that in which they
first occur in the text. The star is replaced by their list, and nothing else changes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import QuerySolutions

from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from pyoxigraph import Store


@dataclass(frozen=True)
class Star:
    """The star of a query.

    ``offset`` is its place in the text, ``variables`` are all names of variables in the text in their order. ``asked``
    is the text by which the engine is asked for the variables: the same, but for what would call another endpoint.
    """

    offset: int
    variables: tuple[str, ...]
    asked: str

    def as_message(self) -> dict[str, Any]:
        """The star as a member of a request to a reader."""
        return asdict(self)


def with_columns(text: str, star: dict[str, Any] | None, empty: Store) -> str:
    """The text with its star replaced; ``empty`` is a store without anything in it.

    Raises ``SyntaxError`` where the engine does.
    """
    if star is None:
        return text
    result = empty.query(star["asked"], base_iri=ROOT)
    assert isinstance(result, QuerySolutions)
    there = {variable.value for variable in result.variables}
    ordered = [name for name in dict.fromkeys(star["variables"]) if name in there]
    names = [*ordered, *sorted(there.difference(ordered))]
    if not names:
        return text
    offset = star["offset"]
    return f"{text[:offset]} {' '.join('?' + name for name in names)} {text[offset + 1 :]}"
