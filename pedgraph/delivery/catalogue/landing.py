"""The graph as search engines for data sets want it told (schema.org), to be put into the page to start from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pedgraph.delivery.catalogue.subject import DATASET, DESCRIPTION, KEYWORDS, TITLE, version_iri
from pedgraph.delivery.dumps.names import DISTRIBUTIONS, address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.delivery.catalogue.subject import MadeFile
    from pedgraph.store.manifest import Manifest


def members(site: str, manifest: Manifest, licence: str, files: Sequence[MadeFile]) -> dict[str, Any]:
    """The description of a version as JSON-LD members; nothing has to be counted for it.

    ``site`` is the absolute address of the start of the site, ``files`` are those of the version that are made already.
    """
    publisher = {"@type": "Organization", "name": "pedgraph", "url": site}
    made = {each.name: each for each in files}
    downloads: list[dict[str, str]] = []
    for each in DISTRIBUTIONS:
        address = site + address_of(manifest.version, each.name)
        known = made.get(each.name)
        downloads.append(
            {
                "@type": "DataDownload",
                "name": each.title,
                "contentUrl": address,
                "encodingFormat": each.media_type,
                **({} if known is None else {"contentSize": f"{known.size_bytes} B", "sha256": known.sha256}),
            }
        )
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET,
        "name": TITLE,
        "description": DESCRIPTION,
        "url": site,
        "identifier": version_iri(manifest.version),
        "version": str(manifest.version),
        "dateModified": manifest.created,
        "license": licence,
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "creator": publisher,
        "publisher": publisher,
        "spatialCoverage": {"@type": "Place", "name": "Europe"},
        "size": f"{manifest.quads:,} statements in {len(manifest.graphs):,} graphs",
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "Catalogue of pedgraph", "url": f"{site}catalog"},
        "distribution": downloads,
    }


def script_text(described: dict[str, Any]) -> str:
    """JSON as the text of a ``script`` element: nothing in it ends that element (HTML, section 4.12.1.3)."""
    text = json.dumps(described, ensure_ascii=False, indent=1)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
