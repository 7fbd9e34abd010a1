"""What crawlers are told: where they may go (RFC 9309) and which pages there are (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.delivery.asking import Asking

LARGEST_PART: Final = 50_000
PAGES: Final = (
    "", "ateliers", "catalog", "cities", "conflicts", "coverage", "documentation/", "dumps/", "events", "indicators",
    "organisations", "peds", "projects", "sites", "sources", "sparql", "versions",
)  # fmt: skip
# Queries by others' robots are work for nobody; what is written, is not for reading.
CLOSED: Final = (
    "audit", "contribute/", "data", "queries/", "sparql?", "sparql/", "submissions", "timemap/", "update", "validate",
)  # fmt: skip

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_THINGS: Final = f"""
SELECT DISTINCT ?thing
WHERE {{ ?thing ?property ?value FILTER(STRSTARTS(STR(?thing), "{THINGS}")) }}
"""


async def read_paths(asking: Asking, version: int) -> list[str]:
    """The ways from the start of the site to the pages of all things in a version, sorted.

    Raises the errors of :meth:`pedgraph.query.running.QueryService.run`.
    """
    rows = await asking.rows(_THINGS, version)
    return sorted("doc/" + row["thing"]["value"].removeprefix(THINGS) for row in rows)


def parts(paths: Sequence[str], largest: int = LARGEST_PART) -> int:
    """How many site maps the pages take."""
    return max(1, -(-len(paths) // largest))


def site_map(site: str, paths: Sequence[str], part: int, modified: str, largest: int = LARGEST_PART) -> bytes:
    """One site map: ``part`` counts from 1, ``modified`` is a date and time (W3C Datetime)."""
    shown = paths[(part - 1) * largest : part * largest]
    return _element("urlset", "url", (site + each for each in shown), modified)


def index(site: str, number: int, modified: str) -> bytes:
    """The list of that many site maps."""
    return _element("sitemapindex", "sitemap", (f"{site}sitemap/{each}.xml" for each in range(1, number + 1)), modified)


def robots(site: str, root: str) -> bytes:
    """``robots.txt``; ``root`` is the path of the start of the site on its host."""
    closed = "".join(f"Disallow: {root}{each}\n" for each in CLOSED)
    return f"User-agent: *\nAllow: {root}\n{closed}\nSitemap: {site}sitemap.xml\n".encode()


def _element(name: str, member: str, addresses: Iterable[str], modified: str) -> bytes:
    lines = "".join(
        f"<{member}><loc>{escape(each)}</loc><lastmod>{escape(modified)}</lastmod></{member}>\n" for each in addresses
    )
    return f"{_HEAD}<{name} {_NAMESPACE}>\n{lines}</{name}>\n".encode()
