"""``/openapi.json``: what the server offers, as an OpenAPI 3.1 document that programs and their makers can read.

Everything is described here, in one section per file. A section is a function from the service of stored queries to a
*Paths Object*; add yours to :data:`SECTIONS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi

from pedgraph.web.openapi import (
    checking,
    explaining,
    graph_store,
    harvesting,
    lists,
    operation,
    parts,
    sparql,
    stored,
    submissions,
    things,
    updating,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from pedgraph.delivery.stored import StoredQueries

OPENAPI_VERSION: Final = "3.1.0"
SECTIONS: Final[tuple[Callable[[StoredQueries], dict[str, Any]], ...]] = (
    lists.paths,
    things.paths,
    harvesting.paths,
    sparql.paths,
    stored.paths,
    updating.paths,
    graph_store.paths,
    checking.paths,
    submissions.paths,
    operation.paths,
)

_DESCRIPTION: Final = """\
Positive Energy Districts of Europe as linked data: every statement with its source, in versions that never change.

Ask with SPARQL at `/sparql`, or take one of the stored queries, each of which is an operation of its own. Everything
can be asked of any version that is kept, with `version`. Errors are problem documents (RFC 9457).
"""
_TAGS: Final = (
    {"name": "lists", "description": "For makers of apps and maps: things in short, with filters, counts and pages"},
    {"name": "things", "description": "For makers of apps and partners who follow links: one thing by its IRI"},
    {"name": "search", "description": "For everybody who knows a word: things by their names and texts"},
    {"name": "catalogue", "description": "For harvesters: what there is, under which licence, and as files"},
    {"name": "changes", "description": "For followers and copies: what came, changed and went"},
    {"name": "SPARQL", "description": "For analysts and federations: any question, in the language of linked data"},
    {
        "name": "stored queries",
        "description": "For makers of pages and tables: questions with typed parameters and pages",
    },
    {"name": "versions", "description": "For whoever cites: what is kept, and can be asked"},
    {"name": "writing", "description": "For curators with a key of the role admin: every write is one version"},
    {"name": "contributing", "description": "For whoever has data: templates, and having a file checked"},
    {"name": "submissions", "description": "For submitters and stewards with a key: from a file to a version"},
    {"name": "operation", "description": "For those who run the server"},
)


def install(app: FastAPI) -> None:
    """Makes an application describe all that it offers. The document is made when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = make_document(app, app.state.graph.stored)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def make_document(app: FastAPI, queries: StoredQueries) -> dict[str, Any]:
    """The document of an application with these stored queries."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=OPENAPI_VERSION,
        summary=app.summary,
        description=_DESCRIPTION,
        routes=app.routes,
        tags=list(_TAGS),
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    made["externalDocs"] = {"description": "The ontology, its code lists and its rules", "url": "documentation/"}
    for section in SECTIONS:
        made["paths"] |= section(queries)
    made["components"] = parts.components()
    made["components"]["schemas"] |= explaining.schemas() | checking.schemas() | submissions.schemas() | lists.schemas()
    return made
