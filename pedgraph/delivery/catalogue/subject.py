"""What the descriptions are about: a version of the graph, counted through, and where it can be had."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest
from pedgraph.vocabulary.iris import ROOT, THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.delivery.catalogue.survey import Described, Survey
    from pedgraph.store.manifest import Manifest

CATALOGUE: Final = ROOT + "catalog"
DATASET: Final = CATALOGUE + "#dataset"
VOID: Final = ROOT + "void"
SERIES: Final = THINGS + "series/pedgraph"
RIGHTS_STATEMENT: Final = CATALOGUE + "#rights"
CONTACT: Final = CATALOGUE + "#contact"
PUBLISHER: Final = THINGS + "organisation/pedgraph"

TITLE: Final = "pedgraph: Europe's Positive Energy Districts as linked data"
DESCRIPTION: Final = (
    "Districts, projects, cities, organisations, events and numbers on Positive Energy Districts in Europe, taken from "
    "public sources. Each source has a named graph of its own, so that every statement is known with who made it, when "
    "it was read and under which licence; where sources disagree, both are kept."
)
KEYWORDS: Final = (
    "climate-neutral cities", "energy transition", "innovation atelier", "knowledge graph", "linked data",
    "positive energy district", "smart city", "urban energy",
)  # fmt: skip
# The licence of the whole where the graphs do not say (CC BY 4.0).
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS: Final = (
    "Each graph names its licence and its source; what a source demands beyond that stands in its description."
)

_SITE: Final = re.compile(r"https?://[A-Za-z0-9.\-_\[\]:]+(?:/[\w.~%!$&'()*+,;=:@-]+)*/", re.ASCII)
_SHOWN_CHARACTERS: Final = 200


@dataclass(frozen=True)
class MadeFile:
    """A file of a version that is made: its name, size and SHA-256 in hex."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Subject:
    """A version of the graph as it is described to one client.

    ``site`` is the absolute address of the start of the site as the client sees it. ``others`` are the numbers of the
    other versions that are kept, ``files`` what is known of the files of the version where they are made already.
    """

    site: str
    survey: Survey
    described: dict[str, Described]
    manifest: Manifest
    others: tuple[int, ...] = ()
    files: tuple[MadeFile, ...] = ()
    is_current: bool = True

    @property
    def version(self) -> int:
        """The number of the version."""
        return self.manifest.version

    @property
    def licence(self) -> str:
        """The licence of the whole: that of the series of all graphs."""
        return licence_of(self.described)

    @property
    def endpoint(self) -> str:
        """The address of the SPARQL endpoint."""
        return self.site + "sparql"

    @property
    def service(self) -> str:
        """The IRI of the endpoint, as the service description has it."""
        return self.endpoint + "#service"


def check_site(site: str) -> None:
    """Raises :class:`BadRequest` where what a client calls this site cannot stand in an IRI."""
    if not _SITE.fullmatch(site):
        raise BadRequest(f"'{site[:_SHOWN_CHARACTERS]}' cannot be the address of this site.")


def licence_of(described: Mapping[str, Described]) -> str:
    """The licence of the whole: that of the series of all graphs."""
    series = described.get(SERIES)
    return series.licence if series is not None and series.licence else LICENCE


def version_iri(number: int) -> str:
    """The IRI of a version."""
    return f"{ROOT}version/{number}"


def address_of(site: str, iri: str) -> str:
    """Where one of our IRIs answers on a site."""
    return site + iri.removeprefix(ROOT)
