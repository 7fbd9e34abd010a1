"""SERVICE to allowed endpoints: it works, it is held to the same limits, and it leads nowhere else."""

from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
import pytest

from pedgraph.errors import PedgraphError, SettingsError
from pedgraph.settings import load_settings
from pedgraph.store.barrier import LANDLOCK, NETWORK_NAMESPACE, SECCOMP
from pedgraph.store.doors import Door
from pedgraph.store.pool import ReaderPool, ReadRequest
from pedgraph.store.relay import doors_of, refuse_calls_without_barrier
from pedgraph.store.versions import Versions
from tests.faults.test_clients import SMALL, wait_until
from tests.faults.test_limits import problem
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pedgraph.intake.building import Built

ROW = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"from afar"}}]}}'
AFAR = "s\r\nfrom afar\r\n"


class _Endpoint(BaseHTTPRequestHandler):
    """Answers by path: a row, a redirect, an error, or nothing until it is released."""

    calls: ClassVar[list[tuple[str, str]]] = []
    elsewhere: ClassVar[str] = ""
    released: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.calls.append((self.headers["host"], self.path))
        kind, _, status = self.path.strip("/").partition("/")
        if kind == "redirect":
            self.send_response(int(status))
            self.send_header("Location", self.elsewhere)
            self.end_headers()
        elif kind == "error":
            self.send_error(500)
        else:
            if kind == "slow":
                self.released.wait(30)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(ROW)))
            self.end_headers()
            self.wfile.write(ROW)

    def do_GET(self) -> None:
        self.calls.append((self.headers["host"], self.path))
        self.send_error(405)

    def log_message(self, *_: object) -> None:
        pass


def serve() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    threading.Thread(target=server.serve_forever).start()
    return server


@pytest.fixture(scope="module")
def endpoints() -> Iterator[tuple[str, str]]:
    """Two servers on loopback, by name: the first is allowed, the second is not."""
    servers = [serve(), serve()]
    allowed, forbidden = (f"http://localhost:{server.server_port}" for server in servers)
    _Endpoint.elsewhere = f"{forbidden}/row"
    yield allowed, forbidden
    _Endpoint.released.set()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def calls(endpoints: tuple[str, str]) -> list[tuple[str, str]]:
    """What the endpoints were asked during the test."""
    _Endpoint.calls.clear()
    return _Endpoint.calls


@pytest.fixture(scope="module")
def federated(built: tuple[Path, Built], endpoints: tuple[str, str]) -> Iterator[RunningServer]:
    """A server that may call some paths of the first endpoint."""
    allowed, _ = endpoints
    paths = ["row", "error", "slow", *(f"redirect/{status}" for status in (301, 302, 303, 307, 308))]
    settings = {"service_endpoints": " ".join(f"{allowed}/{path}" for path in paths), "query_deadline_seconds": 2}
    with running_server(built[0], readers=1, service_readers=1, **settings) as running:
        yield running


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s {{ SERVICE <{url}/row> {{ ?s ?p ?o }} }}",
        "SELECT ?s {{ service silent <{url}/row> {{ ?s ?p ?o }} }}",
        "BASE <{url}/> SELECT ?s {{ SERVICE <row> {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}/> SELECT ?s {{ SERVICE e:row {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}/r> SELECT ?s {{ SERVICE # here\n e:ow {{ ?s ?p ?o }} }}",
        "SELECT ?s {{ SERVICE <{url}/r\\u006Fw> {{ ?s ?p ?o }} }}",
        "SELECT ?s {{ \\u0053ERVICE <{url}/row> {{ ?s ?p ?o }} }}",
    ],
)
def test_an_allowed_endpoint_is_called(
    query: str, federated: RunningServer, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    answers = [federated.post(query.format(url=endpoints[0])) for _ in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, AFAR)] * 2
    assert calls == [(endpoints[0].removeprefix("http://"), "/row")] * 2, "an answer of elsewhere is not kept"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{other}/row> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{other}/row> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{url}/row> {{ ?s ?p ?o }} SERVICE <{other}/row> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{url}/other> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{url}/row?x> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <HTTP{tail}/row> {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?e {{ <{url}/row> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND(<{url}/row> AS ?e) SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
        "PREFIX e: <{other}/> SELECT * {{ SERVICE e:row {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}/> SELECT * {{ SERVICEe:row {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{url}/row> {{ SERVICESILENT <{other}/row> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ \\u005Cu0053ERVICE <{url}/row> {{ ?s ?p ?o }} }}",
        "BASE <{url}/> BASE <{other}/> SELECT * {{ SERVICE <row> {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}/> PREFIX e: <{other}/> SELECT * {{ SERVICE e:row {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE undeclared:row {{ ?s ?p ?o }} }}",
    ],
)
def test_everything_else_is_refused(
    query: str, federated: RunningServer, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    url, other = endpoints
    answer = federated.post(query.format(url=url, other=other, tail=url.removeprefix("http")))

    assert problem(answer) == (403, "service-refused")
    assert f"<{url}/row>" in answer.json()["detail"]
    assert calls == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere(
    status: int, federated: RunningServer, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    url, _ = endpoints
    answer = federated.get(f"SELECT * {{ SERVICE <{url}/redirect/{status}> {{ ?s ?p ?o }} }}")

    assert problem(answer) == (502, "service-failed")
    assert [path for _, path in calls] == [f"/redirect/{status}"]


def test_a_failing_endpoint_is_a_typed_problem(
    federated: RunningServer, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    loud = federated.get(f"SELECT * {{ SERVICE <{endpoints[0]}/error> {{ ?s ?p ?o }} }}")
    silent = federated.get(f"SELECT ?s {{ SERVICE SILENT <{endpoints[0]}/error> {{ ?s ?p ?o }} }}")

    assert problem(loud) == (502, "service-failed")
    assert "500" in loud.json()["detail"]
    assert (silent.status_code, silent.text.splitlines()) == (200, ["s", ""])


def test_a_slow_endpoint_meets_the_deadline_and_holds_up_no_other_query(
    federated: RunningServer, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    answers: list[httpx.Response] = []
    query = f"SELECT * {{ SERVICE <{endpoints[0]}/slow> {{ ?s ?p ?o }} }}"
    client = threading.Thread(target=lambda: answers.append(federated.get(query)))
    client.start()
    assert wait_until(lambda: calls != [])
    during = federated.get(f"{SMALL} # meanwhile")
    client.join()

    assert during.text == "true"
    assert problem(answers[0]) == (503, "time-limit")
    assert wait_until(lambda: len(federated.readers()) == 2)
    assert federated.get(f"SELECT ?s {{ SERVICE <{endpoints[0]}/row> {{ ?s ?p ?o }} }}").text == AFAR


def test_readiness_says_what_keeps_calling_readers_to_their_endpoints(federated: RunningServer) -> None:
    answer: dict[str, Any] = httpx.get(f"{federated.url}/readyz").json()

    assert (answer["readers"], answer["service_readers"]) == (1, 1)
    assert set(answer["service_barriers"]) == {NETWORK_NAMESPACE, LANDLOCK, SECCOMP}


def test_a_calling_reader_reaches_nothing_else_even_when_the_text_is_not_checked(
    home: Path, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    allowed, forbidden = endpoints
    by_address = allowed.replace("localhost", "127.0.0.1")

    async def ask() -> list[str]:
        settings = load_settings({}, home=home, readers=1, service_readers=1, service_endpoints=f"{allowed}/row")
        outcomes = []
        async with ReaderPool(settings, Versions(home)) as pool:
            for url in (f"{allowed}/row", f"{forbidden}/row", f"{by_address}/row", "http://192.0.2.1/row"):
                query = f"SELECT ?s {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
                try:
                    answer = await pool.run(ReadRequest(query, "text/csv", calls_out=True))
                    outcomes.append(b"".join([chunk async for chunk in answer.chunks()]).decode())
                    await answer.close()
                except PedgraphError as error:
                    outcomes.append(error.code)
        return outcomes

    assert asyncio.run(ask()) == [AFAR, *["service-failed"] * 3]
    assert [path for _, path in calls] == ["/row"]


def test_in_plain_mode_silent_calls_fail_silently_and_reach_nobody(
    home: Path, endpoints: tuple[str, str], calls: list[tuple[str, str]]
) -> None:
    url = f"{endpoints[1]}/row"
    with running_server(home, readers=1, default_graph="plain") as server:
        silent = server.get(f"SELECT ?x {{ BIND(1 AS ?x) SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}")
        loud = server.get(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")
        both = server.get(f"SELECT * {{ SERVICE SILENT <{url}> {{ }} SERVICE <{url}> {{ ?s ?p ?o }} }}")

    assert (silent.status_code, silent.text) == (200, "x\r\n1\r\n")
    assert problem(loud) == problem(both) == (403, "service-refused")
    assert calls == []


@pytest.mark.parametrize(
    "address",
    ["sparql", "ftp://example.test/", "http://", "http://u:p@example.test/", "http://[::1]/", "http://a.test:99999/",
     "http://a.test/#x", "http://a_b.test/", "http://bücher.test/"],
)  # fmt: skip
def test_an_address_that_cannot_be_called_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(SettingsError, match="PEDGRAPH_SERVICE_ENDPOINTS"):
        doors_of(load_settings({}, service_endpoints=f"http://good.test/ {address}"))


def test_each_host_and_port_is_one_door() -> None:
    addresses = "https://a.test/x https://A.test/y http://a.test:8080/ http://127.1/z http://127.0.0.1/"

    assert doors_of(load_settings({}, service_endpoints=addresses)) == (
        Door("a.test", 443),
        Door("a.test", 8080),
        Door("127.0.0.1", 80),
    )


def test_no_call_is_allowed_where_nothing_keeps_readers_from_the_network(caplog: pytest.LogCaptureFixture) -> None:
    for others, calling in (((), (NETWORK_NAMESPACE,)), ((LANDLOCK,), (NETWORK_NAMESPACE,)), ((SECCOMP,), ())):
        with pytest.raises(SettingsError, match="no SERVICE can be allowed"):
            refuse_calls_without_barrier(others, calling)
    refuse_calls_without_barrier((SECCOMP,), (LANDLOCK,))

    assert "not to their hosts" in caplog.text
