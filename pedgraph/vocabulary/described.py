"""In which profiles and formats a thing is described, and how both are agreed on: pure functions.

Profiles are those of Content Negotiation by Profile (W3C, 2023), sections 4 and 7: asked for with the parameter
``_profile``, by token or IRI, or with the header field ``Accept-Profile``. What somebody asks for with the parameter
must be there; of the header field only what is there counts, and else the usual profile of the format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest
from pedgraph.vocabulary.iris import ROOT
from pedgraph.vocabulary.media import HTML, JSON_LD, N_QUADS, N_TRIPLES, PLAIN_JSON, RDF_XML, TRIG, TURTLE, Format

if TYPE_CHECKING:
    from collections.abc import Iterable

PROFILE_ROOT: Final = ROOT + "profile/"
CARD: Final = "card"
FULL: Final = "full"
RAW: Final = "raw"
PROVENANCE: Final = "provenance"
# Token → what it gives, in the words of pages and lists.
DESCRIPTION_PROFILES: Final = {
    CARD: "a short card for apps: names, what it belongs to, numbers, sources",
    FULL: "everything that its page shows, as one tree",
    RAW: "all statements with the thing as subject or object",
    PROVENANCE: "each statement with its graph, source, date, licence and acceptance",
}

# JSON for clients that do not know JSON-LD: the same keys, with the context in a Link (JSON-LD 1.1, section 6.1).
DESCRIBED_FORMATS: Final = (TURTLE, PLAIN_JSON, JSON_LD, N_TRIPLES, RDF_XML, TRIG, N_QUADS, HTML)

_ITEM: Final = re.compile(r"""\s*(?:<([^<>\s]*)>|"([^"\s]*)"|([^\s,;<>"]+))\s*((?:;[^,]*)?)(?:,|$)""")
_WEIGHT: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?|\.[0-9]{1,3})\s*(?:;|$)", re.IGNORECASE)
_MOST_ITEMS: Final = 50
_SHOWN_CHARACTERS: Final = 80


def profile_iri(name: str) -> str:
    """The IRI of a profile, by its token."""
    return PROFILE_ROOT + name


def usual_profile(chosen: Format) -> str:
    """The profile of a format where a client asks for none: a tree in JSON, and statements in the other formats."""
    return FULL if chosen in {PLAIN_JSON, JSON_LD, HTML} else RAW


def choose_profile(chosen: Format, *, accept_profile: str | None = None, name: str | None = None) -> str:
    """The profile to describe a thing in, one of :data:`DESCRIPTION_PROFILES`.

    ``name`` is the value of the parameter ``_profile`` and wins over ``accept_profile``, the header field. Raises
    :class:`BadRequest` for a name that there is not.
    """
    if name is not None:
        found = _known(name.strip())
        if found is None:
            raise BadRequest(
                f"There is no profile '{name[:_SHOWN_CHARACTERS]}'. There are: {', '.join(DESCRIPTION_PROFILES)}.",
                parameter="_profile",
                known=list(DESCRIPTION_PROFILES),
            )
        return found
    known = ((weight, found) for each, weight in _accepted(accept_profile or "") if (found := _known(each)) is not None)
    # The first of those with the greatest weight; max() keeps the order.
    weight, best = max(known, key=lambda pair: pair[0], default=(0.0, ""))
    return best if weight > 0 else usual_profile(chosen)


def _known(name: str) -> str | None:
    token = name.removeprefix(PROFILE_ROOT)
    return token if token in DESCRIPTION_PROFILES else None


def _accepted(value: str) -> Iterable[tuple[str, float]]:
    """The profiles in a header field with their weights; what is not of its form is passed over."""
    for found in list(_ITEM.finditer(value))[:_MOST_ITEMS]:
        weight = _WEIGHT.search(found[4])
        yield found[1] or found[2] or found[3] or "", float(weight[1]) if weight else 1.0
