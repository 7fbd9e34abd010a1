"""``/versions``: which versions are kept, so can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 (read by FastAPI at run time)
from starlette.responses import Response

from pedgraph.store.history import kept_versions
from pedgraph.web.sending import send_json

if TYPE_CHECKING:
    from pedgraph.store.history import Kept
    from pedgraph.wiring import Graph

router = APIRouter(include_in_schema=False)

ALLOWED = "GET, HEAD, OPTIONS"


@router.api_route("/versions", methods=ALLOWED.split(", "))
@router.api_route("/versions/", methods=ALLOWED.split(", "))
def versions(request: Request) -> Response:
    """Lists the versions that are kept, oldest first."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED})
    graph: Graph = request.app.state.graph
    listed = [_members(each) for each in kept_versions(graph.versions)]
    return send_json(request, listed, keep="public, no-cache")


def _members(kept: Kept) -> dict[str, Any]:
    """What is said of a version; of one whose manifest is damaged, only that it is there."""
    manifest = kept.manifest
    return {
        "number": kept.number,
        "current": kept.is_current,
        "created": manifest and manifest.created,
        "author": manifest and manifest.author,
        "reason": manifest and manifest.reason,
        "release": manifest and manifest.release,
        "quads": manifest and manifest.quads,
    }
