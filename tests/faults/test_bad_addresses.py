"""Addresses and header fields with all that can be wrong in them, at every route that answers to everybody: the answer
is a problem document with the right status or what was asked for, and the server has nothing to log.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

LONG = "a" * 10_240
LISTS = ("peds", "projects", "cities", "organisations", "sites", "ateliers", "events", "indicators")
# Each of them is answered for the version that is asked for, in several formats.
OF_A_VERSION = (
    "/", "/sources", "/search", *map("/{}".format, LISTS), "/doc/city/nl-amsterdam", "/graph/s1/1", "/graph/meta",
    "/void", "/.well-known/void", "/catalog", "/queries/list-cities",
)  # fmt: skip
# These too, but the format is not negotiated.
OF_A_VERSION_ALONE = ("/id/city/nl-amsterdam", "/search/suggestions?q=a")
OF_NO_VERSION = (
    "/versions", "/versions/1", "/dumps", "/dumps/", "/dumps/1", "/dumps/1/", "/feed", "/conflicts", "/profile",
    "/profile/card", "/service", "/problem", "/problem/not-found",
)  # fmt: skip
OF_NO_VERSION_ALONE = (
    "/version/1", "/feed.atom", "/robots.txt", "/sitemap.xml", "/sitemap/1.xml", "/coverage", "/w3id.htaccess",
)  # fmt: skip
# Files, and addresses in which parameters are those of something else.
FILES = (
    "/favicon.ico", "/context/list-v1.jsonld", "/context/v1.jsonld", "/frame/v1/project.jsonld", "/ont.ttl",
    "/timemap/link/doc/city/nl-amsterdam", "/timemap/json/peds", "/documentation/index.html",
)  # fmt: skip
VERSIONED = (*OF_A_VERSION, *OF_A_VERSION_ALONE)
NEGOTIATED = (*OF_A_VERSION, *OF_NO_VERSION)
STRICT = (*VERSIONED, *OF_NO_VERSION, *OF_NO_VERSION_ALONE)
# For each wrong parameter: what answers with which status. What stands nowhere does not look at it.
PARAMETERS: dict[str, dict[str, int]] = {
    "colour=red": dict.fromkeys(STRICT, 400),
    "version=1&version=1": dict.fromkeys(STRICT, 400),
    "=": dict.fromkeys(STRICT, 400),
    "%00=1": dict.fromkeys(STRICT, 400),
    "language=%00": dict.fromkeys(STRICT, 400),
    "%ff=%ff": dict.fromkeys((*STRICT, "/timemap/link/doc/city/nl-amsterdam", "/timemap/json/peds"), 400),
    "format=none": {**dict.fromkeys(STRICT, 400), "/id/city/nl-amsterdam": 303, "/version/1": 303, "/ont.ttl": 400},
    **{
        f"version={wrong}": {**dict.fromkeys(STRICT, 400), **dict.fromkeys(VERSIONED, 404)}
        for wrong in ("0", "99", "x", "%D9%A1", "1e3")
    },
    **{f"version={wrong}": dict.fromkeys(STRICT, 400) for wrong in ("-1", "9" * 30)},
}
HEADERS: list[tuple[str, str, dict[str, int]]] = [
    ("Accept", "image/tiff", dict.fromkeys(NEGOTIATED, 406)),
    ("Accept", "*/*;q=0", dict.fromkeys(NEGOTIATED, 406)),
    ("Accept", ";;;", dict.fromkeys(NEGOTIATED, 406)),
    ("Accept", "a/b," * 2000, dict.fromkeys(NEGOTIATED, 406)),
    ("Accept-Datetime", "yesterday", dict.fromkeys(VERSIONED, 400)),
    ("Accept-Profile", "<none>", {}),
    ("Accept-Language", "x-" * 500, {}),
    ("Accept-Language", "tlh, qqq;q=nan", {}),
    ("Range", "bytes=9-1", {}),
    ("If-None-Match", '"', {}),
    ("If-Modified-Since", "yesterday", {}),
    ("Accept-Encoding", "gzip;q=x", {}),
    ("X-Forwarded-Prefix", "//evil.example", {}),
]
IN_LISTS = (
    "bbox=1,2,3", "bbox=a,b,c,d", "bbox=181,0,182,1", "bbox=0,-91,1,91", "bbox=1,2,3,4,5,6", "bbox=5,10,6,2",
    "bbox=nan,0,1,1", "bbox=inf,0,1,1", "bbox=1e400,0,1,1", "bbox=0,0,1,1&bbox=0,0,1,1", "cursor=x", "cursor=%00",
    "cursor=" + "A" * 9000, "limit=0", "limit=-1", "limit=100000", "limit=x", "limit=1e1", "language=xx", "year=20x",
    "year=99999", "country=XX", "city=none", "sort=none", "kind=none", "facets=perhaps", "role=%3Cscript%3E",
    "status=%00", "q=" + LONG,
)  # fmt: skip
IN_SEARCH = (
    "language=xx", "language=tlh", "language=en-", "language=" + LONG, "kind=none", "limit=0", "limit=x", "q=" + LONG,
    "q=a&q=b", "bbox=0,0,1,1", "cursor=x",
)  # fmt: skip
ODD_WORDS = ("%00", "%22", "*", "NEAR(", "a%20AND", "%E2%80%AE", "-", "'%22%3E%3Cscript%3E", "%F0%9F%98%80", "^:")
PREFIXES = (
    "/", "/id/", "/doc/", "/doc/city/", "/graph/", "/timemap/link/", "/timemap/json/doc/", "/dumps/",
    "/feed/", "/feed/1/", "/versions/", "/version/", "/code/", "/code/city-role/", "/indicator/", "/queries/",
    "/sitemap/", "/profile/", "/problem/", "/documentation/", "/context/", "/frame/v1/", "/assets/", "/peds/",
    "/search/", "/.well-known/",
)  # fmt: skip
# With a slash at the end, or another address, some lead to where the name would be, if it was one.
NAMES = (
    "%", "%zz", "%00", "%ff%fe", "../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cwindows", "a%2fb",
    "%252e%252e%252f", "a%0d%0aX-Other:%20b", "%F0%9F%98%80", "%20", ";a=b", LONG, "a/" * 5000, "%41" * 3400,
    "city//nl-amsterdam", "city/%2e%2e/nl-amsterdam", "//evil.example/", "http://evil.example/", "none", "'\"><script>",
    "-1", "1e3", "9" * 30, "%D9%A1", "nl-amsterdam.none", "nl-amsterdam%2ettl%00",
)  # fmt: skip


@dataclass
class Client:
    """A client that sends what it is told, and looks closely at what comes back."""

    site: str
    connection: http.client.HTTPConnection

    def status(self, address: str, **headers: str) -> int:
        """The status of an answer. Each error is a problem document, and nothing leads away from the site."""
        self.connection.putrequest("GET", address, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name.replace("_", "-"), value)
        self.connection.endheaders()
        answer = self.connection.getresponse()
        body = answer.read()
        shown = address[:80]
        assert b"Traceback" not in body, shown
        assert answer.headers["X-Other"] is None, shown
        if answer.status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", shown
            problem: dict[str, Any] = json.loads(body)
            assert (problem["status"], bool(problem["title"]), bool(problem["detail"])) == (answer.status, True, True)
            assert len(body) < 12_000, shown
        elif answer.status >= 300:
            self.location = urljoin(self.site + address, answer.headers["Location"])
            assert self.location.startswith(f"{self.site}/"), (shown, self.location)
        return answer.status

    def last_status(self, address: str) -> int:
        """The status at the end of where an address leads."""
        for _ in range(5):
            status = self.status(address)
            if status not in {301, 302, 303, 307, 308}:
                return status
            address = self.location.removeprefix(self.site)
        raise AssertionError(f"{address[:80]} leads on and on")


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    """It ends with a look at what the server has logged."""
    logged = len(server.log)
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    yield Client(server.url, connection)
    connection.close()
    assert not [each for each in server.log[logged:] if b"Traceback" in each or b"ERROR" in each]


def plain_status(address: str) -> int:
    return 303 if address in {"/id/city/nl-amsterdam", "/version/1"} else 200


@pytest.mark.parametrize("wrong", PARAMETERS, ids=lambda wrong: wrong[:20])
def test_a_wrong_parameter_is_told(client: Client, wrong: str) -> None:
    every = (*STRICT, *FILES)
    answers = {each: client.status(f"{each}{'&' if '?' in each else '?'}{wrong}") for each in every}

    assert answers == {each: PARAMETERS[wrong].get(each, plain_status(each)) for each in every}


@pytest.mark.parametrize(("name", "value", "told"), HEADERS, ids=lambda value: str(value)[:20])
def test_a_wrong_header_field_is_told_or_does_not_matter(
    client: Client, name: str, value: str, told: dict[str, int]
) -> None:
    # What would make the dumps only to show that the field does not matter to them is left out.
    every = [each for each in (*STRICT, *FILES) if each in told or not each.startswith("/dumps/1")]
    answers = {each: client.status(each, **{name: value}) for each in every}

    assert answers == {each: told.get(each, plain_status(each)) for each in every}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:20])
def test_an_odd_name_is_that_of_nothing(client: Client, name: str) -> None:
    answers = {prefix: client.last_status(prefix + name) for prefix in PREFIXES}

    assert {prefix: status for prefix, status in answers.items() if status not in {400, 404}} == {}


def test_what_lists_do_not_know_is_told(client: Client) -> None:
    answers = {(name, each[:20]): client.status(f"/{name}?{each}") for name in LISTS for each in IN_LISTS}

    assert {each: status for each, status in answers.items() if status != 400} == {}


def test_what_the_search_does_not_know_is_told(client: Client) -> None:
    answers = {each[:20]: client.status(f"/search?{'' if each[0] == 'q' else 'q=a&'}{each}") for each in IN_SEARCH}

    assert {each: status for each, status in answers.items() if status != 400} == {}


def test_odd_words_are_searched_for(client: Client) -> None:
    places = ("/search", "/search/suggestions", *map("/{}".format, LISTS))
    answers = {f"{place}?q={each}": client.status(f"{place}?q={each}") for place in places for each in ODD_WORDS}

    assert {each: status for each, status in answers.items() if status != 200} == {}


def test_a_cursor_is_good_where_it_was_given_only(client: Client, server: RunningServer) -> None:
    client.connection.request("GET", "/cities?limit=1&sort=-label")
    answer = client.connection.getresponse()
    answer.read()
    following = next(each for each in answer.headers["Link"].split(",") if 'rel="next"' in each)
    (cursor,) = parse_qs(urlsplit(following.split("<")[1].split(">")[0]).query)["cursor"]
    middle = len(cursor) // 2
    forged = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    addresses = {
        f"/cities?limit=1&sort=-label&cursor={cursor}": 200,
        f"/cities?limit=1&sort=label&cursor={cursor}": 400,
        f"/cities?limit=1&sort=-label&country=NL&cursor={cursor}": 400,
        f"/organisations?limit=1&sort=-label&cursor={cursor}": 400,
        f"/cities?limit=1&sort=-label&cursor={forged}": 400,
        f"/cities?limit=1&sort=-label&cursor={cursor[:-1]}": 400,
        f"/cities?limit=1&sort=-label&cursor={cursor}A": 400,
        f"/cities?limit=1&sort=-label&version=1&cursor={cursor}": 200,
    }

    assert {each: client.status(each) for each in addresses} == addresses
