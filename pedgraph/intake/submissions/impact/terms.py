"""Terms as lists of texts, to be sent between processes, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

Term = NamedNode | BlankNode | Literal


def packed(term: Term | Triple | None) -> list[str] | None:
    """A term as texts: its value, and for a literal its language and datatype; ``None`` for what is unbound."""
    if term is None:
        return None
    if isinstance(term, Literal):
        return [term.value, term.language or "", term.datatype.value]
    return [term.value] if isinstance(term, NamedNode) else [str(term), "", "http://www.w3.org/2001/XMLSchema#string"]


def unpacked(parts: Sequence[str] | None) -> Term | None:
    """The term that :func:`packed` made these texts from; what is neither IRI nor literal comes back as its text."""
    if parts is None:
        return None
    if len(parts) == 1:
        return NamedNode(parts[0])
    value, language, datatype = parts
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))
