"""The operations of a SPARQL 1.1 update, taken apart so that each can be carried out, and what it changes be known."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Final

# Stands in a template in place of a variable; nobody who writes an update can know it.
VARIABLE: Final = f"urn:pedgraph-variable:{secrets.token_hex(16)}:"

DEFAULT: Final = "DEFAULT"
NAMED: Final = "NAMED"
ALL: Final = "ALL"


class Kind(Enum):
    """The kinds of operations (SPARQL 1.1 Update, section 3)."""

    INSERT_DATA = "INSERT DATA"
    DELETE_DATA = "DELETE DATA"
    MODIFY = "DELETE/INSERT"
    CREATE = "CREATE"
    CLEAR = "CLEAR"
    DROP = "DROP"
    ADD = "ADD"
    COPY = "COPY"
    MOVE = "MOVE"
    LOAD = "LOAD"


@dataclass(frozen=True)
class Operation:
    """One operation.

    ``prologue`` holds the BASE and PREFIX lines that are in force. Names of graphs are as written there, or the
    keywords DEFAULT, NAMED and ALL. ``delete`` and ``insert`` are blocks of quads in braces, empty where there are
    none, with :data:`VARIABLE` and a name as an IRI for each of the ``variables``. ``where`` is a group in braces.
    """

    kind: Kind
    prologue: str = ""
    is_silent: bool = False
    source: str = ""
    target: str = ""
    delete: str = ""
    insert: str = ""
    where: str = ""
    variables: tuple[str, ...] = ()
    with_graph: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
