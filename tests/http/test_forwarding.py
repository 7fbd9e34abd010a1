"""Proxies in front: addresses on the site hold behind them, and nobody else is believed."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pedgraph.errors import SettingsError
from pedgraph.settings import Settings, load_settings
from pedgraph.vocabulary.iris import ROOT
from pedgraph.web.forwarding import Forwarded, trusted_proxies
from tests.http.proxies import proxied
from tests.http.test_things import links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

    from tests.servers import RunningServer

RULE = re.compile(r"RewriteRule (\S+) (\S+) \[R=(\d+),L\]")


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of a proxy that says which path it takes away."""
    with (
        proxied(server.url, "/data/ped", says_prefix=True) as address,
        httpx.Client(base_url=address, timeout=30) as kept,
    ):
        yield kept


def test_all_ways_from_a_thing_hold_behind_a_proxy(client: httpx.Client) -> None:
    site = str(client.base_url)
    led = client.get("/id/city/nl-amsterdam")
    assert led.headers["location"] == "../../doc/city/nl-amsterdam"
    described = client.get("/id/city/nl-amsterdam.json", follow_redirects=True)
    assert str(described.url) == f"{site}doc/city/nl-amsterdam.json"
    found = links(described).values()
    inside = [address for address in found if address.startswith(site)]
    assert len(inside) >= 10
    for address in inside:
        assert client.get(address, follow_redirects=True).status_code == 200, address
    assert all(address.startswith((site, "https://")) for address in found)
    mementos = client.get("/timemap/json/id/city/nl-amsterdam").json()["mementos"]
    assert mementos["first"]["uri"] == f"{site}id/city/nl-amsterdam?version=1"
    moved = client.get("/doc/city/nl-amsterdam/?format=nt")
    assert (moved.status_code, moved.headers["location"]) == (308, "../nl-amsterdam?format=nt")
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert answer.text.strip() == "true"


def test_rules_for_permanent_names_lead_to_what_they_name(server: RunningServer, client: httpx.Client) -> None:
    """For one IRI of each form that is in the graph, and for those of ontology, shapes, context and pages."""
    text = client.get("/w3id.htaccess").text
    assert text.count(str(client.base_url)) == 4
    rules = [(re.compile(pattern), target, int(status)) for pattern, target, status in RULE.findall(text)]
    assert len(rules) == 3
    answer = server.get(
        "SELECT (MIN(STR(?node)) AS ?one) { { SELECT DISTINCT ?node { { ?node ?p ?o } UNION { ?s ?p ?node } } } "
        f'FILTER(isIRI(?node) && STRSTARTS(STR(?node), "{ROOT}")) '
        f'BIND(REPLACE(STRAFTER(STR(?node), "{ROOT}"), "^((id|code)/[^/#]+|[^/#]+).*$", "$1") AS ?form) }} '
        "GROUP BY ?form ORDER BY ?one"
    )
    iris = answer.text.split()[1:]
    assert len(iris) > 40
    iris += [
        f"{ROOT}{name}" for name in ("", "ont", "shapes", "context/v1", "context/v1.jsonld", "frame/v1/ped.jsonld")
    ]
    # The way through the proxy is another test's affair, and takes longer.
    with httpx.Client(base_url=server.url, timeout=30, follow_redirects=True) as direct:
        for iri in iris:
            path = iri.removeprefix(ROOT).partition("#")[0]
            target, status = led(rules, path)
            assert status == (303 if path.startswith("id/") else 302)
            assert target.startswith(str(client.base_url))
            assert direct.get("/" + target.removeprefix(str(client.base_url))).status_code == 200, iri


def led(rules: list[tuple[re.Pattern[str], str, int]], path: str) -> tuple[str, int]:
    """Where the first rule that fits leads to, as the web server reads the rules, and with which status."""
    for pattern, target, status in rules:
        if (found := pattern.search(path)) is not None:
            return target.replace("$1", found[1]), status
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("client_address", "fields", "host", "path"),
    [
        ("127.0.0.1", {"host": "ped.example", "prefix": "/a/b/"}, "ped.example", "/a/b/x"),
        ("127.0.0.1", {"host": "first.example, [2001:db8::1]:8443"}, "[2001:db8::1]:8443", "/x"),
        ("10.1.2.3", {"host": "ped.example", "prefix": "/a"}, "ped.example", "/a/x"),
        # Not one of ours.
        ("192.0.2.7", {"host": "evil.example", "prefix": "/evil"}, "here.example", "/x"),
        # What is no host and no path.
        ("127.0.0.1", {"host": 'evil.example/"><script>', "prefix": "//evil.example"}, "here.example", "/x"),
        ("127.0.0.1", {"host": "", "prefix": "/a/../b"}, "here.example", "/x"),
        ("127.0.0.1", {"host": "evil.example:99999999", "prefix": "/%2e%2e"}, "here.example", "/x"),
    ],
)
def test_only_proxies_of_ours_are_believed(client_address: str, fields: dict[str, str], host: str, path: str) -> None:
    seen: dict[str, Any] = {}

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.update(scope)

    async def nothing(*_: object) -> Any:  # noqa: ANN401
        return {}

    headers = [(b"host", b"here.example")]
    headers += [(f"x-forwarded-{name}".encode(), value.encode()) for name, value in fields.items()]
    scope = {"type": "http", "client": (client_address, 1), "path": "/x", "root_path": "", "headers": headers}
    asyncio.run(Forwarded(application, ["127.0.0.1", "10.0.0.0/8"])(scope, nothing, nothing))

    assert (dict(seen["headers"])[b"host"].decode(), seen["path"]) == (host, path)
    assert seen["root_path"] == path.removesuffix("/x")


@pytest.mark.parametrize("given", ["proxy.example", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1,::1", "* 127.0.0.1"])
def test_a_proxy_is_named_by_its_address(given: str) -> None:
    with pytest.raises(SettingsError, match="PEDGRAPH_TRUSTED_PROXIES"):
        trusted_proxies(Settings(trusted_proxies=given))
    assert trusted_proxies(Settings(trusted_proxies="10.0.0.0/8 ::1")) == ["10.0.0.0/8", "::1"]
    assert trusted_proxies(Settings(trusted_proxies="")) == []


@pytest.mark.parametrize("given", ["pedgraph", "/pedgraph/", "/a b", "https://ped.example"])
def test_a_path_in_front_begins_with_a_slash_and_ends_without(given: str) -> None:
    with pytest.raises(SettingsError, match="PEDGRAPH_ROOT_PATH"):
        load_settings({"PEDGRAPH_ROOT_PATH": given})
