"""What a reader makes of a file: statements with their places, and the problems that kept others from being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pedgraph.intake.findings import Finding, Severity

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from pedgraph.intake.findings import Position
    from pedgraph.intake.tables.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple as it was written, and where."""

    triple: Triple
    position: Position


@dataclass
class Document:
    """A file as read.

    ``problems`` are findings about the form of the file (rules F… and T…, never of SHACL), each with its position.
    ``places`` says where something about a node and a property would stand or stands, also where the cell or member is
    empty: (IRI of the node, IRI of the property) → position; with an empty property the place of the node itself.
    ``about`` is what the file says of itself, field → value and place, and ``sheets`` are the names of its sheets in
    their order, those of them that were read as ``tables`` with all rows. ``media_type`` is the form it was read as.
    """

    media_type: str
    statements: list[Statement] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    places: dict[tuple[str, str], Position] = field(default_factory=dict)
    about: dict[str, tuple[str, Position]] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    tables: list[Sheet] = field(default_factory=list)

    @property
    def triples(self) -> list[Triple]:
        """The triples alone, in the order of the file."""
        return [statement.triple for statement in self.statements]


def problem(
    rule: str, position: Position, *, focus_node: str = "", path: str = "", value: str = "", **variables: str
) -> Finding:
    """A violation in the form of a file, found before SHACL; its message is filled in from the catalogues later."""
    return Finding(
        Severity.VIOLATION,
        rule,
        focus_node,
        path,
        value,
        "",
        variables=tuple(sorted(variables.items())),
        position=position,
    )
