"""What holds for every connection to the server."""

from __future__ import annotations

import socket

from pedgraph.cli.serving import listen
from pedgraph.settings import Settings


def test_a_small_answer_is_not_held_back() -> None:
    """Nagle's algorithm (RFC 896) would keep the body until the client has confirmed the header."""
    with listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
