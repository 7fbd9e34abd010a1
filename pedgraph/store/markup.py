"""XML as it may be read back: what the engine leaves raw is escaped, and what XML cannot carry is refused.

A carriage return would come back as a line feed (XML 1.0, section 2.11), and most control characters may not stand in
a document at all (section 2.2): one of them, and no parser reads the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pedgraph.store.failing import Failure

if TYPE_CHECKING:
    from pedgraph.store.tables import Output

_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# The first bytes of the two forbidden characters that take more than one.
_BEGINNINGS: Final = (b"\xef\xbf", b"\xef")


class XmlOutput:
    """A binary output that passes XML on."""

    def __init__(self, output: Output, *, gives_graph: bool) -> None:
        self._output = output
        self._gives_graph = gives_graph
        self._held = b""

    def write(self, data: bytes) -> int:
        """Takes bytes of the document; raises :class:`Failure` where XML cannot carry them."""
        whole = self._held + data
        self._held = next((end for end in _BEGINNINGS if whole.endswith(end)), b"")
        passed = whole.removesuffix(self._held)
        if (found := _FORBIDDEN.search(passed)) is not None:
            raise Failure(
                "not-acceptable",
                f"The answer holds the character U+{ord(found[0].decode()):04X}, which XML cannot carry.",
                gives_graph=self._gives_graph,
            )
        self._output.write(passed.replace(b"\r", b"&#xD;") if b"\r" in passed else passed)
        return len(data)

    def flush(self) -> None:
        """Nothing that a document may end with is held back."""
