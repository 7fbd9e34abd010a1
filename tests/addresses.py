"""The addresses and IRIs that an answer names: pages, JSON, RDF, XML, style sheets, scripts and lists of links."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin

from lxml import etree, html  # type: ignore[import-untyped]
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_RDF: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_XML: Final = ("application/xml", "application/atom+xml", "text/xml")
LINK: Final = re.compile(r"<([^>]*)>\s*;")
_STYLE: Final = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_IMPORT: Final = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
_ABSOLUTE: Final = re.compile(rf"{re.escape(ROOT)}[^\s<>\"{{}}|\\^`]*")
# The members of JSON objects whose values are addresses, also where these are relative.
_ADDRESSES: Final = frozenset(
    {"href", "url", "next", "previous", "first", "last", "page", "@id", "id", "documentation"}
)
_ADDRESS_ATTRIBUTES: Final = ("href", "src", "action", "data-suggestions", "data-geojson", "data-address", "poster")


@dataclass(frozen=True)
class Answer:
    """What an address answers, and to which other one it leads on, if it does."""

    address: str
    status: int
    media_type: str
    content: bytes
    links: str = ""
    location: str = ""


def addresses_in(answer: Answer) -> Iterator[str]:
    """All absolute addresses and IRIs that an answer names; a relative one is made absolute."""
    if answer.media_type == "text/html":
        yield from _in_page(answer)
    elif answer.media_type.endswith("json"):
        yield from _in_json(json.loads(answer.content), answer.address)
    elif answer.media_type in _RDF:
        yield from _in_rdf(answer)
    elif answer.media_type in _XML:
        tree = etree.fromstring(answer.content)
        for each in tree.iter():
            yield from (urljoin(answer.address, str(value)) for key, value in each.items() if key == "href")
            yield from (text for text in [(each.text or "").strip()] if re.fullmatch(r"https?://\S+", text))
    elif answer.media_type == "text/css":
        yield from (urljoin(answer.address, each) for each in _STYLE.findall(answer.content.decode()))
    elif answer.media_type == "text/javascript":
        yield from (urljoin(answer.address, each) for each in _IMPORT.findall(answer.content.decode()))
    elif answer.media_type == "application/link-format":
        yield from (urljoin(answer.address, each) for each in LINK.findall(answer.content.decode()))
    elif answer.media_type == "text/plain":
        yield from re.findall(r"https?://\S+", answer.content.decode())


def _in_page(answer: Answer) -> Iterator[str]:
    tree = html.fromstring(answer.content)
    base = next((urljoin(answer.address, str(each.get("href"))) for each in tree.iter("base")), answer.address)
    for element in tree.iter():
        is_sent_to = element.tag == "form" and element.get("method", "get") == "post"
        if not isinstance(element.tag, str) or element.tag == "base" or is_sent_to:
            continue
        for name in _ADDRESS_ATTRIBUTES:
            value = element.get(name)
            if value is not None and not value.startswith(("data:", "mailto:", "javascript:")):
                yield urljoin(base, quote(value.strip(), safe="/#:?&=@!$'()*+,;~%[]"))
        if element.tag == "script" and element.get("type") == "application/ld+json":
            yield from _in_json(json.loads(element.text or "null"), answer.address)
    # What is written out, but for the full stop after it. What stands in examples need not exist.
    texts = (str(each) for each in tree.xpath("//body//text()[not(ancestor::pre or ancestor::script)]"))
    yield from (each.rstrip(".,;:)'") for text in texts for each in _ABSOLUTE.findall(text))


def _in_json(value: object, base: str, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _in_json(each, base, name)
    elif isinstance(value, list):
        for each in value:
            yield from _in_json(each, base, key)
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value
    elif isinstance(value, str) and key in _ADDRESSES and not re.match(r"[a-z]+:|_:|@", value):
        yield urljoin(base, value)


def _in_rdf(answer: Answer) -> Iterator[str]:
    for quad in parse(answer.content, _RDF[answer.media_type], base_iri=answer.address):
        terms: list[object] = [quad.subject, quad.predicate, quad.object, quad.graph_name]
        while terms:
            term = terms.pop()
            if isinstance(term, Triple):
                terms += [term.subject, term.predicate, term.object]
            elif isinstance(term, NamedNode):
                yield term.value
