"""Each barrier by itself, in a process of its own: what it lets through and what it does not."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pedgraph.store.barrier import LANDLOCK, NETWORK_NAMESPACE, SECCOMP

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = """
import json, socket, sys
from pedgraph.store import barrier, doors
ports = [int(port) for port in sys.argv[2:]]
in_force = eval(sys.argv[1])
outcomes = []
for port in ports:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        outcomes.append("connected")
    except OSError as error:
        outcomes.append(type(error).__name__)
for family in (socket.AF_INET, socket.AF_UNIX):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
        outcomes.append("made")
    except OSError as error:
        outcomes.append(type(error).__name__)
print(json.dumps([in_force, *outcomes]))
"""


@pytest.fixture
def ports() -> Iterator[list[str]]:
    """Two ports on loopback that can be connected to."""
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        yield [str(each.getsockname()[1]) for each in (first, second)]


def outcome(expression: str, ports: list[str]) -> list[object]:
    """What comes of an expression that puts up barriers, two connections, and sockets of two families."""
    command = [sys.executable, "-c", SCRIPT, expression, *ports]
    result: list[object] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("None", [None, "connected", "connected", "made", "made"]),
        ("barrier.leave_network(with_mounts=False)", [True, "OSError", "OSError", "made", "made"]),
        ("barrier.limit_ports(())", [True, "PermissionError", "PermissionError", "made", "made"]),
        ("barrier.limit_ports(ports[:1])", [True, "connected", "PermissionError", "made", "made"]),
        ("barrier.filter_sockets(allowed_family=None)", [True, *["PermissionError"] * 4]),
        (
            "barrier.filter_sockets(allowed_family=socket.AF_INET)",
            [True, "connected", "connected", "made", "PermissionError"],
        ),
        ("barrier.close_network()", [[NETWORK_NAMESPACE, LANDLOCK, SECCOMP], *["PermissionError"] * 4]),
    ],
)
def test_a_barrier_by_itself(expression: str, expected: list[object], ports: list[str]) -> None:
    assert outcome(expression, ports) == expected


def test_doors_without_namespace_are_ports_only(ports: list[str]) -> None:
    """Where the host allows no namespaces: ``unshare`` is replaced by a failure, and no door may be announced."""
    expression = (
        "(setattr(barrier, 'leave_network', lambda **_: False), "
        "doors.open_doors([doors.Door('127.0.0.1', ports[0])], socket.socketpair()[0]))[1]"
    )

    assert outcome(expression, ports) == [[LANDLOCK], "connected", "PermissionError", "made", "made"]
