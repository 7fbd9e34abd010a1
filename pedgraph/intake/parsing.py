"""Parsing RDF: bytes in, quads out, or an error with line and column. Nothing is fetched, whatever the bytes say."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, RdfFormat, Triple, parse

from pedgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pedgraph.vocabulary.media import Format

_PLACE = re.compile(r"^Parser error (?:at|between) line [^:]*: ")


def parse_rdf(
    content: bytes,
    rdf_format: Format,
    source: str,
    *,
    rename_blank_nodes: bool = False,
    base_iri: str | None = None,
    is_rdf_1_2_allowed: bool = False,
) -> list[Quad]:
    """Parses RDF in one of the formats of :data:`pedgraph.vocabulary.media.RDF_FORMATS`.

    ``source`` names the file in errors. Raises :class:`InputError` with ``line`` and ``column`` where the parser knows
    them. IRIs must be absolute, unless there is a ``base_iri``. JSON-LD contexts must be inside the document: none is
    fetched. ``rename_blank_nodes`` keeps blank nodes of several files apart, whose labels may be the same.
    """
    parsed_as = RdfFormat.from_media_type(rdf_format.media_type)
    try:
        plain = content.removeprefix(codecs.BOM_UTF8)
        quads = list(parse(plain, parsed_as, base_iri=base_iri, rename_blank_nodes=rename_blank_nodes))
    except SyntaxError as error:
        raise InputError(f"{detail_of(error)}.", source=source, line=error.lineno, column=error.offset) from None
    except (ValueError, OSError, RuntimeError) as error:
        raise InputError(f"It cannot be read as {rdf_format.media_type}: {error}.", source=source) from None
    if not is_rdf_1_2_allowed:
        refuse_rdf_1_2((quad.triple for quad in quads), source)
    return quads


def detail_of(error: SyntaxError) -> str:
    """What the parser says is wrong, without the place."""
    return _PLACE.sub("", str(error.msg or error))


def rdf_1_2_in(triple: Triple) -> str | None:
    """What in the object of a triple RDF 1.1 does not have, in words, or ``None``."""
    if isinstance(triple.object, Triple):
        return "a triple term"
    if isinstance(triple.object, Literal) and triple.object.direction is not None:
        return "a text with a base direction"
    return None


def refuse_rdf_1_2(triples: Iterable[Triple], source: str) -> None:
    """What RDF 1.1 does not have could neither be validated nor handed to those who harvest the graph; raises
    :class:`InputError`.
    """
    for quad in triples:
        what = rdf_1_2_in(quad)
        if what is not None:
            raise InputError(
                f"The value of {quad.predicate} of {quad.subject} is {what}. That is RDF 1.2; RDF 1.1 is read here.",
                source=source,
            )
