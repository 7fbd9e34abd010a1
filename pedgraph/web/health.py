"""``/healthz``: the process lives. ``/readyz``: it can answer queries."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)

from pedgraph.errors import NotFound, NotReady, StoreError
from pedgraph.store.manifest import read_manifest

if TYPE_CHECKING:
    from pedgraph.wiring import Graph

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)


@router.head("/healthz")
@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Says that the process lives."""
    return {"status": "ok"}


@router.head("/readyz")
@router.get("/readyz")
async def readyz(request: Request) -> dict[str, Any]:
    """Says which version is served, by how many readers, and what keeps these from the network."""
    graph: Graph = request.app.state.graph
    version = graph.versions.current()
    try:
        read_manifest(graph.versions.store_directory(version).parent)
    except (NotFound, StoreError) as error:
        log.error("the current version is not whole: %s", error)
        raise NotReady(f"Version {version}, the current one, cannot be opened.") from error
    if not graph.pool.is_ready():
        raise NotReady("No reader is running at the moment.")
    answer = {
        "status": "ready",
        "version": version,
        "readers": len(graph.pool.process_ids),
        "network_barriers": list(graph.pool.barriers),
    }
    if (calling := graph.pool.calling) is not None:
        answer |= {"service_readers": len(calling.process_ids), "service_barriers": list(calling.barriers)}
    return answer
