"""The web application: its lifespan, its routes, and what holds for all of them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from pedgraph import __version__, open_graph
from pedgraph.web import documents, health, problems, sparql

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pedgraph.settings import Settings

log = logging.getLogger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """Makes the ASGI application; the graph is opened when the server starts it and closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_graph(settings) as graph:
            app.state.graph = graph
            if not graph.pool.barriers:
                log.warning("no second barrier keeps the readers from the network on this host")
            log.info("version %d is served by %d readers", graph.versions.current(), settings.readers)
            yield

    app = FastAPI(
        title="pedgraph",
        version=__version__,
        summary="The linked-data knowledge graph of Europe's Positive Energy Districts",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.include_router(sparql.router)
    app.include_router(health.router)
    app.include_router(documents.router)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=[sparql.VERSION_HEADER, "Content-Location", "ETag", "Link", "Retry-After", "Vary"],
        max_age=86400,
    )
    return app
