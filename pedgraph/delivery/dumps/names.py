"""What files there are of each version, and where: names, media types and addresses, without making any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pedgraph.vocabulary.media import CSV, JSON_LD, N_QUADS, TRIG

FOLDER: Final = "dumps"
GZIP: Final = "application/gzip"
ZIP: Final = "application/zip"
JSON: Final = "application/json"
TABLES_FOLDER: Final = "csv"


@dataclass(frozen=True)
class Distribution:
    """One form in which the whole of a version can be had.

    ``media_type`` is that of the content; ``compressed_as`` and ``packed_as`` are the media types of what is around it
    (``dcat:compressFormat``, ``dcat:packageFormat``), empty where there is nothing. ``file_type`` is a code of the EU
    authority table of file types, ``format_name`` what people call the format.
    """

    name: str
    title: str
    media_type: str
    file_type: str
    compressed_as: str = ""
    packed_as: str = ""
    format_name: str = ""

    @property
    def content_type(self) -> str:
        """The media type of the file as it is sent."""
        return self.compressed_as or self.packed_as or self.media_type


QUADS: Final = Distribution(
    "pedgraph.nq.gz",
    "All statements with their graphs as N-Quads",
    N_QUADS.media_type,
    "RDF_N_QUADS",
    GZIP,
    format_name="N-Quads",
)
TRIG_FILE: Final = Distribution(
    "pedgraph.trig.gz",
    "All statements with their graphs as TriG",
    TRIG.media_type,
    "RDF_TRIG",
    GZIP,
    format_name="TriG",
)
LINKED_JSON: Final = Distribution(
    "pedgraph.jsonld.gz",
    "All statements with their graphs as JSON-LD",
    JSON_LD.media_type,
    "JSON_LD",
    GZIP,
    format_name="JSON-LD",
)
TABLES: Final = Distribution(
    "pedgraph-csv.zip", "A table of each kind of thing, as CSV", CSV.media_type, "CSV", packed_as=ZIP, format_name="CSV"
)
CRATE: Final = Distribution(
    "pedgraph-ro-crate.zip",
    "Everything in one package with its description, an RO-Crate",
    ZIP,
    "ZIP",
    format_name="RO-Crate",
)
DISTRIBUTIONS: Final = (QUADS, TRIG_FILE, LINKED_JSON, TABLES, CRATE)

# Beside the distributions: the description of the crate alone, and checksums in the form that sha256sum reads.
CRATE_METADATA: Final = "ro-crate-metadata.json"
CHECKSUMS: Final = "SHA256SUMS"
# The list of the files of a version, with sizes and checksums; where it is, all of them are made.
LIST_OF_MADE: Final = f"{FOLDER}/whole.json"


def folder_of(version: int) -> str:
    """The page with all files of a version, from the start of the site."""
    return f"{FOLDER}/{version}/"


def address_of(version: int, name: str) -> str:
    """A file of a version, from the start of the site: ``name`` is that of a distribution, or ``csv/<kind>.csv``."""
    return folder_of(version) + name
