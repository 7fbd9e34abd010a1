"""One published notion of what rivals are: the queries that list conflicts also say what is derived from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

EACH_CONFLICT: Final = "VALUES ?name { UNDEF }"
_PREFIX: Final = re.compile(r"^PREFIX .*\n", re.MULTILINE)
_WHERE: Final = re.compile(r"\nWHERE \{\n(.*)\n\}\nORDER BY ", re.DOTALL)


def for_each_conflict(construct: str, conflicts: Iterable[tuple[str, str]]) -> list[str]:
    """A CONSTRUCT query once for each query of conflicts, given by name and text; as it is where it asks for none.

    What stands in the WHERE of a query of conflicts takes the place of :data:`EACH_CONFLICT`.
    """
    if EACH_CONFLICT not in construct:
        return [construct]
    return [_filled_in(construct, name, text) for name, text in conflicts]


def _filled_in(construct: str, name: str, text: str) -> str:
    found = _WHERE.search(text)
    assert found is not None, name
    body = f'VALUES ?name {{ "{name}" }}\n{found[1]}'
    prefixes = "".join(each for each in _PREFIX.findall(text) if each not in construct)
    return prefixes + construct.replace(EACH_CONFLICT, body)
