"""The JSON-LD contexts and frames that come with pedgraph, and the one loader through which a processor gets them.

Nothing is ever fetched: a context of anybody else is an error, so that what a document means cannot depend on the
network.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from pedgraph.errors import ContextNotFound
from pedgraph.resources import context_file, frames_directory, list_context_file
from pedgraph.vocabulary.iris import CONTEXT, FRAMES, LIST_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = dict[str, Any]

_SUFFIX = ".jsonld"


def document(iri: str) -> Json:
    """The shipped context or frame of this IRI, for the caller to change as it likes.

    Raises :class:`ContextNotFound` for any other IRI.
    """
    found: Json = json.loads(_text(iri))
    return found


def load(iri: str, _: Mapping[str, Any]) -> Json:
    """A document loader as JSON-LD 1.1 API, section 9.4, describes it; raises as :func:`document`."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": iri,
        "document": document(iri),
    }


def inlined(given: Json) -> Json:
    """A document with its shipped context written out, for processors that load nothing.

    Raises :class:`ContextNotFound` where its context is another IRI.
    """
    context = given.get("@context")
    if not isinstance(context, str):
        return given
    return {**given, "@context": document(context)["@context"]}


@cache
def _text(iri: str) -> str:
    name = iri.removeprefix(FRAMES).removesuffix(_SUFFIX)
    known = {each.stem: each for each in frames_directory().glob("*" + _SUFFIX)}
    if iri == CONTEXT:
        return context_file().read_text(encoding="utf-8")
    if iri == LIST_CONTEXT:
        return list_context_file().read_text(encoding="utf-8")
    if iri == FRAMES + name + _SUFFIX and name in known:
        return known[name].read_text(encoding="utf-8")
    raise ContextNotFound(f"Only the contexts and frames of pedgraph are known here, as {CONTEXT}.", iri=iri)
