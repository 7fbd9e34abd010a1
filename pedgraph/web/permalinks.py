"""Which version an answer comes from, and the address under which the same answer can be had for as long as that
version is kept.

References are relative (RFC 3986, section 4.2), so that they hold behind a proxy that adds a path in front.
"""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.query.running import PreparedQuery, QueryRequest
    from pedgraph.store.versions import Versions

    Pairs = Sequence[tuple[str, str]]

# Proxies give the whole header of an answer 4,096 bytes unless they are told otherwise.
LONGEST_LINK: Final = 3000


def reference(pairs: Pairs) -> str:
    """The relative reference to the same address with these parameters."""
    return "?" + urlencode(pairs, quote_via=quote, safe="/:,")


def permalink(pairs: Pairs, version: int) -> str | None:
    """The address of the same question to one version; ``None`` where it would be too long for a header field.

    ``pairs`` are the parameters of the request, of which ``version`` is left out.
    """
    others = [(name, value) for name, value in pairs if name != "version"]
    found = reference([*others, ("version", str(version))])
    return found if len(found) <= LONGEST_LINK else None


def query_pairs(query: QueryRequest) -> list[tuple[str, str]]:
    """The parameters of the SPARQL protocol that say the same as a request, however that was sent."""
    return [
        ("query", query.text),
        *(("default-graph-uri", graph) for graph in query.default_graphs),
        *(("named-graph-uri", graph) for graph in query.named_graphs),
        *((("format", query.format_name),) if query.format_name is not None else ()),
    ]


def version_headers(versions: Versions, pairs: Pairs, prepared: PreparedQuery) -> dict[str, str]:
    """The header fields that tie an answer to its version.

    ``Link`` with the permalink as ``bookmark``; where the version was asked for, also ``Memento-Datetime`` and, as
    ``original``, the same question to whatever is current (RFC 7089, sections 2.1.1 and 2.2).
    """
    headers: dict[str, str] = {}
    # What is longer already than a link may be need not be encoded to know that.
    is_short = sum(len(value) for _, value in pairs) <= LONGEST_LINK
    if is_short and (bookmark := permalink(pairs, prepared.version)) is not None:
        headers["Link"] = f'<{bookmark}>; rel="bookmark"'
    if prepared.is_pinned:
        headers["Memento-Datetime"] = format_datetime(versions.moment(prepared.version), usegmt=True)
        original = reference([(name, value) for name, value in pairs if name != "version"])
        if "Link" in headers and len(headers["Link"]) + len(original) <= LONGEST_LINK:
            headers["Link"] += f', <{original}>; rel="original"'
    return headers


def with_links(headers: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Header fields with more of them; the links of both stay."""
    links = [each["Link"] for each in (headers, more) if "Link" in each]
    return {**headers, **more, **({"Link": ", ".join(links)} if links else {})}
