"""Triples as JSON-LD documents in our context, and back: compaction, framing, and one stable order of keys and items.

Algorithms: JSON-LD 1.1 Processing Algorithms and API, sections 5 to 8, and JSON-LD 1.1 Framing, section 4. The
processor gets a data set object, never a text: its own reader of N-Quads takes time that grows with the square of the
length.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from pedgraph.errors import InputError, PedgraphError
from pedgraph.vocabulary.contexts import Json, load
from pedgraph.vocabulary.iris import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

_FIRST_KEYS = ("@context", "@id", "id", "@type", "type", "label", "title")
_FRAMING = {"omitDefault": True, "omitGraph": True}
# The processor keeps contexts in one cache for all threads, which may not be changed by two at a time.
_ONE_AT_A_TIME = threading.Lock()


def compact_graph(triples: Iterable[Triple]) -> Json:
    """All triples as one document in our context: ``@graph`` holds one object per subject, by IRI.

    Nothing is embedded, added or left out; the document parses back to an isomorphic graph.
    """
    from pyld import jsonld

    expanded = _expanded_from(triples)
    compacted = _run(lambda: jsonld.compact(expanded, CONTEXT, {"graph": True, "documentLoader": load}))
    found: Json = ordered(compacted)
    return found


def compact_tree(tree: Json) -> Json:
    """One node object in expanded form, with all that is embedded in it, in our context; nothing is moved."""
    from pyld import jsonld

    compacted = _run(lambda: jsonld.compact([tree], CONTEXT, {"documentLoader": load}))
    found: Json = ordered(compacted)
    return found


def flatten_graph(triples: Iterable[Triple]) -> list[Json]:
    """All triples in flattened form (API, section 5.3): one object per subject, by IRI, without a context."""
    from pyld import jsonld

    expanded = _expanded_from(triples)
    flattened: list[Json] = _run(lambda: jsonld.flatten(expanded, None, {"documentLoader": load}))
    found: list[Json] = ordered(flattened)
    return found


def frame_graph(triples: Iterable[Triple], frame: Json) -> Json:
    """The triples as the tree that the frame describes; only ``@context`` where nothing in them fits it."""
    from pyld import jsonld

    expanded = _expanded_from(triples)
    framed: Json = _run(lambda: jsonld.frame(expanded, frame, {"documentLoader": load, **_FRAMING}))
    return framed


def expand(document: Json) -> list[Json]:
    """The expanded form of a document (API, section 5.1).

    Raises :class:`pedgraph.errors.ContextNotFound` where it names a context that is not ours, and
    :class:`InputError` where it is not JSON-LD.
    """
    from pyld import jsonld

    expanded: list[Json] = _run(lambda: jsonld.expand(document, {"documentLoader": load}))
    return expanded


def ordered(value: Any) -> Any:  # noqa: ANN401
    """The same document with its keys and the items of its sets in a fixed order; lists keep theirs."""
    if isinstance(value, dict):
        leading = [key for key in _FIRST_KEYS if key in value]
        keys = leading + sorted(value.keys() - set(leading))
        return {key: value[key] if key in {"@context", "@list"} else ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return sorted(map(ordered, value), key=_sort_key)
    return value


def _sort_key(item: Any) -> tuple[str, str]:  # noqa: ANN401
    name = item.get("id", item.get("@id", "")) if isinstance(item, dict) else item
    return str(name), json.dumps(item, sort_keys=True)


def _run(work: Callable[[], Any]) -> Any:  # noqa: ANN401
    from pyld.jsonld import JsonLdError

    try:
        with _ONE_AT_A_TIME:
            return work()
    except JsonLdError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, PedgraphError):
            cause = cause.__cause__
        if cause is not None:
            raise cause from None
        raise InputError(f"This is not JSON-LD that can be read: {error.code or error.type}.") from error


def _expanded_from(triples: Iterable[Triple]) -> list[Json]:
    from pyld import jsonld

    statements = [
        {"subject": _term(each.subject), "predicate": _term(each.predicate), "object": _term(each.object)}
        for each in dict.fromkeys(triples)
    ]
    expanded: list[Json] = _run(lambda: jsonld.from_rdf({"@default": statements}))
    return expanded


def _term(term: object) -> dict[str, str]:
    """A term as the processor wants it in its data set object."""
    if isinstance(term, NamedNode):
        return {"type": "IRI", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "blank node", "value": f"_:{term.value}"}
    assert isinstance(term, Literal), term
    literal = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return literal | {"language": term.language} if term.language else literal
