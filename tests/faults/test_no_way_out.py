"""No query makes the server call another one: by the check of the text, and by the barrier behind it."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import PedgraphError
from pedgraph.settings import load_settings
from pedgraph.store.pool import ReaderPool, ReadRequest
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import RunningServer

SPELLINGS = {
    "plain": "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "lower case": "SELECT * {{ service <{url}> {{ ?s ?p ?o }} }}",
    "mixed case": "SELECT * {{ sErViCe <{url}> {{ ?s ?p ?o }} }}",
    "silent": "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "silent in lower case": "SELECT * {{ service silent <{url}> {{ ?s ?p ?o }} }}",
    "comment between tokens": "SELECT * {{ SERVICE # <urn:x>\n<{url}> {{ ?s ?p ?o }} }}",
    "comment before": "SELECT * {{ # nothing here\nSERVICE<{url}>{{ ?s ?p ?o }} }}",
    "no white space": "SELECT*{{SERVICE<{url}>{{?s ?p ?o}}}}",
    "tabs and line breaks": "SELECT * {{\tSERVICE\r\n\t<{url}>\n{{ ?s ?p ?o }} }}",
    "variable endpoint": "SELECT * {{ VALUES ?e {{ <{url}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "bound endpoint": "SELECT * {{ BIND(<{url}> AS ?e) SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
    "prefixed endpoint": "PREFIX e: <{url}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "relative endpoint": "BASE <{url}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "in a subquery": "SELECT * {{ {{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "in EXISTS": "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "in OPTIONAL": "SELECT * {{ ?s ?p ?o OPTIONAL {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }} }}",
    "after a less-than": "SELECT * {{ ?a ?b ?c FILTER(?a<?b)SERVICE <{url}> {{ ?s ?p ?o }} FILTER(?a>?b) }}",
    "after a full stop": "SELECT * {{ ?a ?b ?c.SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "after a string with an escaped quote": "SELECT * {{ ?s ?p 'it\\'s' . SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "after a long string": 'SELECT * {{ ?s ?p """a "quoted" # text""" . SERVICE <{url}> {{ ?s ?p ?o }} }}',
    "after an escaped hash in a name": "PREFIX x: <urn:x:> ASK {{ ?s x:a\\#b ?o . SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "escaped first letter": "SELECT * {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
    "escaped last letter": "SELECT * {{ SERVIC\\U00000045 <{url}> {{ ?s ?p ?o }} }}",
    "in ASK": "ASK {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "in CONSTRUCT": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "in DESCRIBE": "DESCRIBE ?s WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "one word with true": "SELECT * {{ ?s ?p trueSERVICE <{url}> {{ ?a ?b ?c }} }}",
    "one word with false": "SELECT * {{ ?s ?p FALSEservice <{url}> {{ ?a ?b ?c }} }}",
    "one word with SILENT": "SELECT * {{ SERVICESILENT <{url}> {{ ?s ?p ?o }} }}",
    "one word with SILENT and the name": "PREFIX e: <{url}> SELECT * {{ SERVICESILENTe: {{ ?s ?p ?o }} }}",
    "one word with the name": "PREFIX e: <{url}> SELECT * {{ SERVICEe: {{ ?s ?p ?o }} }}",
    "one word with a name, both prefixes": "PREFIX e: <{url}> PREFIX SERVICEe: <urn:x> ASK {{ SERVICEe: {{}} }}",
    "one word with a number and the name": "PREFIX e: <{url}> SELECT * {{ ?s ?p 1SERVICEe: {{ ?s ?p ?o }} }}",
    "after FROM": "SELECT * FROM <{url}> {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
}
# By the letter of the standard these are no queries at all, but the engine takes them for calls.
MISREAD = {
    "a less-than and a comment make an IRI": "SELECT * {{ FILTER(1<2)SERVICE#>\n<{url}>{{ ?s ?p ?o }} }}",
    "a less-than and a string make an IRI": "SELECT * {{ FILTER(1<2&&'>'='x'||true)SERVICE<{url}>{{ ?s ?p ?o }} }}",
    "after a variable": "SELECT * {{ ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<{url}>{{ ?s ?p ?o }} }}",
    "after a comment": "SELECT * {{ ?a ?b ?c FILTER(?a#\n<2)SERVICE#>\n<{url}>{{ ?s ?p ?o }} }}",
    "with a prefix": "PREFIX e: <{url}> SELECT * {{ ?a ?b ?c FILTER(?a<e:a)SERVICE#>\n<{url}>{{ ?s ?p ?o }} }}",
    "a long string without an end": "SELECT * {{ ?s ?p ('''x') . SERVICE <{url}> {{ ?a ?b ?c }} }}",
    "an escaped end of a long string": "SELECT * {{ ?s ?p ('''\\'x\\''') . SERVICE <{url}> {{ ?a ?b ?c }} }}",
}
UNTOUCHED = {
    "a string": "ASK {{ BIND('SERVICE <{url}>' AS ?x) }}",
    "an IRI": "ASK {{ BIND(<{url}SERVICE> AS ?x) }}",
    "a comment": "ASK {{ # SERVICE <{url}>\n}}",
    "a variable": "ASK {{ VALUES ?SERVICE {{ <{url}> }} }}",
    "a prefixed name": "PREFIX SERVICE: <{url}> ASK {{ BIND(SERVICE:SERVICE AS ?x) }}",
    "a prefixed name before a group": "PREFIX SERVICE: <{url}> ASK {{ ?s ?p SERVICE:x . {{ ?a ?b ?c }} }}",
    "a graph to read": "ASK FROM <{url}> FROM <{url}/2> {{ ?s ?p ?o }}",
}


class Trap:
    """A loopback server that counts the connections it gets."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/sparql"
        self.connections = 0
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    def _count(self) -> None:
        while True:
            connection, address = self._listener.accept()
            is_last = address == self._last_caller
            self.connections += not is_last
            connection.close()
            if is_last:
                return

    _last_caller: tuple[str, int] = ("", 0)

    def close(self) -> None:
        with socket.socket() as caller:
            caller.bind(("127.0.0.1", 0))
            self._last_caller = caller.getsockname()
            caller.connect(self._listener.getsockname())
            self._thread.join()
        self._listener.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A server that must not be called."""
    server = Trap()
    yield server
    server.close()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_service_is_refused_in_every_spelling(spelling: str, server: RunningServer, trap: Trap) -> None:
    answer = server.post(SPELLINGS[spelling].format(url=trap.url), accept="*/*")

    assert trap.connections == 0
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/service-refused")
    assert answer.json()["line"] >= 1


@pytest.mark.parametrize("spelling", MISREAD)
def test_what_only_the_engine_takes_for_a_call_is_refused(spelling: str, server: RunningServer, trap: Trap) -> None:
    answer = server.post(MISREAD[spelling].format(url=trap.url))

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "query-syntax"), answer.text
    assert trap.connections == 0


@pytest.mark.parametrize("place", UNTOUCHED)
def test_the_word_elsewhere_is_no_call(place: str, server: RunningServer, trap: Trap) -> None:
    answer = server.post(UNTOUCHED[place].format(url=trap.url), accept="text/csv")

    assert (answer.status_code, trap.connections) == (200, 0), answer.text


def test_load_is_refused(server: RunningServer, trap: Trap) -> None:
    answer = server.post(f"LOAD <{trap.url}>")

    assert (answer.status_code, trap.connections) == (400, 0)


def test_a_reader_cannot_call_out_even_when_the_text_is_not_checked(home: Path, trap: Trap) -> None:
    async def ask() -> tuple[tuple[str, ...], list[str]]:
        settings = load_settings({}, home=home, readers=1)
        outcomes = []
        async with ReaderPool(settings, Versions(home)) as pool:
            for spelling in ("plain", "silent", "variable endpoint"):
                query = SPELLINGS[spelling].format(url=trap.url)
                try:
                    answer = await pool.run(ReadRequest(query, "text/csv"))
                    outcomes.append(b"".join([chunk async for chunk in answer.chunks()]).decode())
                    await answer.close()
                except PedgraphError as error:
                    outcomes.append(error.code)
            return pool.barriers, outcomes

    barriers, outcomes = asyncio.run(ask())

    assert barriers != (), "no second barrier on this host"
    assert trap.connections == 0
    assert outcomes == ["store", "o,p,s\r\n,,\r\n", "query-failed"]


def test_the_trap_counts(trap: Trap) -> None:
    with socket.create_connection(("127.0.0.1", int(trap.url.split(":")[2].split("/")[0]))) as caller:
        assert caller.recv(1) == b""

    assert trap.connections == 1
