"""The web application: its lifespan, its routes, and what holds for all of them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette_compress import CompressMiddleware, add_compress_type

from pedgraph import __version__, open_graph
from pedgraph.query.limits import header_value
from pedgraph.vocabulary.media import GRAPH_FORMATS, RESULT_FORMATS
from pedgraph.web import (
    auditing,
    catalogue,
    collections,
    documents,
    dumps,
    feed,
    graphs,
    health,
    home,
    meanings,
    named_graphs,
    openapi,
    pages,
    problems,
    queries,
    reports,
    reviewing,
    running,
    search,
    sparql,
    submissions,
    templates,
    things,
    timemaps,
    update,
    validating,
    versions,
)
from pedgraph.web.conditions import TagsOfCodings
from pedgraph.web.connections import KEPT_RESPONSES
from pedgraph.web.contributing import reviewing as contributing_reviewing
from pedgraph.web.contributing import sending, signing, starting, submitting
from pedgraph.web.express import KeptResponses
from pedgraph.web.forwarding import Forwarded, trusted_proxies
from pedgraph.web.limits import HEADER as LIMITS_HEADER
from pedgraph.web.limits import LimitsHeader
from pedgraph.web.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from starlette.types import ASGIApp, Receive, Scope, Send

    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

# Less is not worth the time of either side.
_SMALLEST_COMPRESSED_BYTES: Final = 1000
_COMPRESSIBLE: Final = (problems.MEDIA_TYPE, *(each.media_type for each in RESULT_FORMATS + GRAPH_FORMATS))
_EXPOSED: Final = (
    sparql.VERSION_HEADER, LIMITS_HEADER, queries.TOTAL_HEADER, "Accept-Ranges", "Content-Disposition",
    "Content-Encoding", "Content-Location", "Content-Range", "ETag", "Link",
    "Location", "Memento-Datetime", "Repr-Digest", "Retry-After", "Vary",
)  # fmt: skip
_ROUTES: Final = (
    starting, signing, submitting, contributing_reviewing, submissions, reviewing, validating, templates, auditing,
    update, graphs, running, health, pages, documents, versions, queries, reports, things, named_graphs, timemaps,
    meanings, search, feed, collections, dumps, catalogue, home,
)  # fmt: skip
# What is kept as it goes over the wire has this share of the memory for answers.
_WIRE_SHARE: Final = 4


class Application(FastAPI):
    """FastAPI, but queries do without its routing and validation, which take longer than most queries."""

    def __init__(
        self, settings: Settings, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[dict[str, Any]]]
    ) -> None:
        super().__init__(
            title="pedgraph",
            version=__version__,
            summary="The linked-data knowledge graph of Europe's Positive Energy Districts",
            lifespan=lifespan,
            docs_url=None,
            redoc_url=None,
        )
        self._limits = header_value(settings)
        self._queries = self._with_layers(sparql.endpoint)
        self._forwarded = Forwarded(self._answer, trusted_proxies(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as an ASGI application."""
        await self._forwarded(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].removeprefix(scope["root_path"]) in sparql.PATHS:
            scope["app"] = self
            await self._queries(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's own layers, and around them those of every answer."""
        return self._with_layers(super().build_middleware_stack())

    def _with_layers(self, app: ASGIApp) -> ASGIApp:
        compressed = CompressMiddleware(app, minimum_size=_SMALLEST_COMPRESSED_BYTES)
        return CORSMiddleware(
            LimitsHeader(TagsOfCodings(compressed), self._limits),
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
            allow_headers=["*"],
            expose_headers=_EXPOSED,
            max_age=86400,
        )


def create_app(settings: Settings) -> FastAPI:
    """Makes the ASGI application; the graph is opened when the server starts it and closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with open_graph(settings) as graph:
            app.state.graph = graph
            app.state.uploads = Uploads(settings)
            if not graph.pool.barriers:
                log.warning("no second barrier keeps the readers from the network on this host")
            log.info("version %d is served by %d readers", graph.versions.current(), settings.readers)
            yield {KEPT_RESPONSES: KeptResponses(settings.cache_max_bytes // _WIRE_SHARE)}

    for media_type in _COMPRESSIBLE:
        add_compress_type(media_type)
    app = Application(settings, lifespan)
    problems.install(app)
    sending.install(app)
    openapi.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    app.state.routes = [route for routes in _ROUTES for route in routes.router.routes]
    return app
