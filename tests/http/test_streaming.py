"""Answers that listen for the client to go while they are sent, on the short way."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from starlette.responses import FileResponse, StreamingResponse

from pedgraph.web.connections import Connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(3):
        await asyncio.sleep(0.01)
        yield b"piece "


async def answers(application: object, *targets: str) -> list[str]:
    """What a server of one application answers to plain requests."""
    server = uvicorn.Server(uvicorn.Config(application, http=Connection, lifespan="off", log_config=None))  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, timeout=20) as client:
            found = [(await client.get(target)).text for target in targets]
        server.should_exit = True
        await serving
    return found


@pytest.mark.timeout(30)
def test_an_answer_that_waits_for_the_client_to_go_is_sent_whole(tmp_path: Path) -> None:
    """The library listens for that while it streams; told of the same end again and again, it would do nothing else."""
    path = tmp_path / "file.txt"
    path.write_text("whole file")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
        response = FileResponse(path) if scope["path"] == "/file" else StreamingResponse(pieces())
        await response(scope, receive, send)

    assert asyncio.run(answers(application, "/file", "/stream")) == ["whole file", "piece piece piece "]
