"""The words of the change feed: Linked Data Event Streams, TREE and Activity Streams."""

from __future__ import annotations

from typing import Final

from pedgraph.vocabulary.iris import PREFIXES, ROOT

LDES: Final = "https://w3id.org/ldes#"
TREE: Final = "https://w3id.org/tree#"
AS: Final = "https://www.w3.org/ns/activitystreams#"

FEED: Final = f"{ROOT}feed"
TYPE: Final = f"{PREFIXES['rdf']}type"
CREATE: Final = f"{AS}Create"
UPDATE: Final = f"{AS}Update"
DELETE: Final = f"{AS}Delete"
# The end of a change.
ANNOUNCE: Final = f"{AS}Announce"
# The graph that a member belongs to.
TARGET: Final = f"{AS}target"
# How many members a page has, and how many statements they hold together.
TOTAL: Final = f"{AS}totalItems"
TRIPLES: Final = f"{PREFIXES['void']}triples"
VERSION_OF: Final = f"{PREFIXES['dcterms']}isVersionOf"
CREATED: Final = f"{PREFIXES['dcterms']}created"
MODE: Final = f"{PREFIXES['dcterms']}type"
POSITION: Final = f"{PREFIXES['schema']}position"
GENERATED_BY: Final = f"{PREFIXES['prov']}wasGeneratedBy"
