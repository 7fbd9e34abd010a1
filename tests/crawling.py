"""A crawler: it follows all that a site names, in pages, JSON, RDF and XML, and says what leads nowhere.

IRIs of the graph are looked up at the server itself, below its own start. What is outside the site is not asked for.

Some addresses are there by the thousand, as each thing has them. Of the things of one kind a few are asked for, and
fewer are read. Of what each thing has besides (formats, profiles, lists of versions), and of addresses with the same
parameter, or the same number of them, a few are asked for. A thorough crawler asks for all of them; only addresses with
several parameters, which can be combined without end, stay a sample for it.
"""

from __future__ import annotations

import http.client
import math
import queue
import re
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from pedgraph.vocabulary.iris import ROOT
from tests.addresses import LINK, Answer, addresses_in

if TYPE_CHECKING:
    from collections.abc import Iterable

# How many of one family are asked for.
_MOST: Final = 3
_MOST_NAMES: Final = 20
_MOST_COMBINED: Final = 2_000
_WORKERS: Final = 6
_PATIENCE_SECONDS: Final = 60.0
_SKOLEM: Final = ROOT + ".well-known/genid/"
_LEADS_ON: Final = range(300, 400)
_ERRORS: Final = 400
# Names of descriptions, of a list of versions of one, and of graphs: "doc/city/nl-amsterdam", maybe with a suffix.
_OF_THINGS: Final = re.compile(
    r"((?:timemap/[a-z]+/)?(?:id|doc|graph|code|indicator|feed))/(?:([a-z0-9-]+)/)?[^/]+?(\.[a-z]+)?"
)
# What is long: that it is there is enough.
_LARGE: Final = re.compile(r"dumps/.*[^/]|.*\.(?:nq|nt|trig|zip|gz|csv)")


@dataclass(frozen=True)
class Dead:
    """An address that leads nowhere: what came of it, and where it stands."""

    address: str
    why: str
    found_at: str

    def __str__(self) -> str:
        """One line for a list."""
        return f"{self.address} ({self.why}), named at {self.found_at}"


@dataclass
class Crawled:
    """What a crawler has seen."""

    asked: Counter[str] = field(default_factory=Counter)
    dead: list[Dead] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)


class Crawler:
    """Crawls one site, with several connections at a time."""

    def __init__(self, site: str, *, is_thorough: bool = False) -> None:
        self._is_thorough = is_thorough
        self._site = site.rstrip("/") + "/"
        self._host = urlsplit(self._site).netloc
        self._waiting: queue.Queue[tuple[str, str] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._read: Counter[str] = Counter()
        self._parts: dict[str, set[str]] = {}
        self._wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.crawled = Crawled()

    def crawl(self, *starts: str) -> Crawled:
        """Follows everything from some paths, below the start of the site."""
        for start in starts:
            self._add(urljoin(self._site, start), "the start")
        workers = [threading.Thread(target=self._work) for _ in range(_WORKERS)]
        for worker in workers:
            worker.start()
        self._waiting.join()
        for _ in workers:
            self._waiting.put(None)
        for worker in workers:
            worker.join()
        self._look_for_parts()
        self.crawled.dead.sort(key=str)
        return self.crawled

    def _work(self) -> None:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        while (task := self._waiting.get()) is not None:
            try:
                self._visit(connection, *task)
            except (OSError, http.client.HTTPException, etree.LxmlError, ValueError, SyntaxError) as error:
                connection.close()
                self._note(task[0], f"{type(error).__name__}: {error}", task[1])
            finally:
                self._waiting.task_done()
        connection.close()

    def _visit(self, connection: http.client.HTTPConnection, address: str, found_at: str) -> None:
        local = address.removeprefix(self._site)
        method = "HEAD" if _LARGE.fullmatch(local) or local.startswith(("id/", "graph/")) else "GET"
        answer = _ask(connection, address, method)
        # What takes long to make is there later (RFC 9110, section 10.2.3).
        end = time.monotonic() + _PATIENCE_SECONDS
        while answer.status == http.client.SERVICE_UNAVAILABLE and time.monotonic() < end:
            time.sleep(1)
            answer = _ask(connection, address, method)
        with self._lock:
            self.crawled.asked[method] += 1
        if answer.status >= _ERRORS:
            self._note(address, str(answer.status), found_at)
        elif answer.status in _LEADS_ON:
            self._add(urljoin(address, answer.location), address, is_page=True)
        else:
            for found in LINK.findall(answer.links):
                self._add(urljoin(address, found), f"the Link field of {address}")
            if answer.media_type == "text/html" and method == "GET":
                with self._lock:
                    self._parts[address] = _parts_of(answer.content)
            for found in addresses_in(answer) if method == "GET" else ():
                self._add(found, address, is_page=answer.media_type == "text/html" and not found.startswith(ROOT))

    def _add(self, found: str, found_at: str, *, is_page: bool = False) -> None:
        """Notes an address. It is asked for once, if it is of this site and not enough of its family were. Parts are
        looked for where pages lead to them.
        """
        # What several IRIs begin with is none itself, and names of what has none lead nowhere (RDF 1.1, section 3.5).
        if found.startswith(ROOT) and (found.endswith("/") or found.startswith(_SKOLEM)):
            return
        address, part = urldefrag(self._site + found.removeprefix(ROOT) if found.startswith(ROOT) else found)
        if not address.startswith(self._site):
            return
        local = address.removeprefix(self._site)
        with self._lock:
            if part and is_page and "=" not in part:
                self._wanted[address].setdefault(part, found_at)
            if address in self.crawled.addresses:
                return
            self.crawled.addresses.add(address)
            family, most = family_of(local, is_thorough=self._is_thorough)
            self._read[family] += 1
            is_enough = self._read[family] > most
        if not is_enough:
            self._waiting.put((address, found_at))

    def _look_for_parts(self) -> None:
        for address, wanted in self._wanted.items():
            for part, found_at in wanted.items():
                if address in self._parts and part not in self._parts[address]:
                    self._note(f"{address}#{part}", "no such part", found_at)

    def _note(self, address: str, why: str, found_at: str) -> None:
        with self._lock:
            self.crawled.dead.append(
                Dead(address.removeprefix(self._site), why, found_at.replace(self._site, "") or "/")
            )


def family_of(local: str, *, is_thorough: bool = False) -> tuple[str, float]:
    """What an address below the start of the site has in common with others, and how many of these are asked for."""
    path, _, query = local.partition("?")
    found = _OF_THINGS.fullmatch(path)
    names = [each.partition("=")[0] for each in query.split("&")]
    if is_thorough:
        return (f"{path}?{names}", _MOST_COMBINED) if len(names) > 1 and not found else (local, math.inf)
    if query:
        pairs = [each.partition("=") for each in query.split("&")]
        names = [f"{name}={value}" if name in {"format", "_profile"} else name for name, _, value in pairs]
        where = f"{found[1]}/*" if found else path
        return f"{where}?{names[0] if len(names) == 1 else len(names)}", _MOST
    if found is None:
        return local, math.inf
    if found[3] or found[1].startswith("timemap"):
        return f"{found[1]}/*{found[3] or ''}", _MOST
    if found[1] == "graph":
        return "graph/*", _MOST_NAMES
    return f"{found[1]}/{found[2]}/*", _MOST_NAMES if found[1] == "id" else _MOST


def _parts_of(content: bytes) -> set[str]:
    """The parts of a page that an address can lead to."""
    tree = html.fromstring(content)
    return {str(each) for each in [*tree.xpath("//@id"), *tree.xpath("//a/@name")]}


def _accept(address: str) -> str:
    """Pages are asked for as browsers do, but where the address is that of something else."""
    return "*/*" if re.search(r"[?&]format=|\.[a-z]+$", address) else "text/html,*/*;q=0.8"


def _ask(connection: http.client.HTTPConnection, address: str, method: str) -> Answer:
    parts = urlsplit(address)
    target = quote(parts.path, safe="/:@!$&'()*+,;=~%") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": _accept(address), "Accept-Encoding": "identity"}
    try:
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
    except ConnectionError:
        # A server may close a connection that is not in use (RFC 9112, section 9.5).
        connection.close()
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
    content = response.read()
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    links = ", ".join(response.headers.get_all("Link") or [])
    return Answer(address, response.status, media_type, content, links, response.headers.get("Location", ""))


def told(dead: Iterable[Dead]) -> str:
    """A list for the message of a test."""
    return "\n".join(map(str, dead))
