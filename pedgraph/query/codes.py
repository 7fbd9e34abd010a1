"""The members of the code lists that come with pedgraph, for what stored queries take."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from pedgraph.errors import InputError
from pedgraph.query.kinds import named_node
from pedgraph.resources import ontology_directory
from pedgraph.vocabulary.iris import CODES, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"
_NEAREST: Final = 3


class CodeLists:
    """The code lists by name; each is read when it is first asked for."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, str]] = {}

    def members(self, scheme: str) -> dict[str, str]:
        """The members of a code list: slug → IRI, by slug. Raises :class:`InputError` where there is no such list."""
        if scheme not in self._members:
            self._members[scheme] = _read(scheme)
        return self._members[scheme]

    def find(self, text: str, scheme: str, prefixes: Mapping[str, str]) -> NamedNode | None:
        """The member that a slug, a prefixed name or an IRI means, ``None`` where it means none."""
        members = self.members(scheme)
        if text in members:
            return NamedNode(members[text])
        try:
            node = named_node(text, prefixes)
        except ValueError:
            return None
        return node if node.value in members.values() else None

    def nearest(self, text: str, scheme: str) -> list[str]:
        """The slugs that are most like a text, at most three."""
        slug = text.rstrip(">").replace(":", "/").rpartition("/")[2].lower()
        return difflib.get_close_matches(slug, self.members(scheme), n=_NEAREST)


def _read(scheme: str) -> dict[str, str]:
    path = ontology_directory() / "codes" / f"{scheme}.ttl"
    try:
        quads = parse(path.read_bytes(), RdfFormat.TURTLE)
        found = [
            quad.subject.value
            for quad in quads
            if quad.predicate.value == _IN_SCHEME
            and quad.object == NamedNode(CODES + scheme)
            and isinstance(quad.subject, NamedNode)
        ]
    except (OSError, SyntaxError) as error:
        raise InputError(f"The code list cannot be read: {error}.", source=str(path)) from None
    return {iri.rpartition("/")[2]: iri for iri in sorted(found)}
