"""For harvesters and followers: the catalogue, dumps, what changed, and maps of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.feed.stream import FORMATS as FEED_FORMATS
from pedgraph.vocabulary.media import GRAPH_FORMATS, HTML, Format
from pedgraph.web.dumps import OFFERED
from pedgraph.web.openapi import parts
from pedgraph.web.openapi.getting import VERSION, Getting, in_path, leading, operation
from pedgraph.web.versions import PATCH

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

_CATALOGUE: Final = "catalogue"
_CHANGES: Final = "changes"
_TEXT: Final = {"type": "string"}
_NUMBER: Final = in_path("version", "The number of a version, or another name of it", "1")
_RDF: Final = (*GRAPH_FORMATS, HTML)
_XML: Final = Format("xml", "application/xml")
_ATOM: Final = Format("atom", "application/atom+xml")
_PLAIN: Final = Format("txt", "text/plain")
_GZIP: Final = Format("gz", "application/gzip")
_ZIP: Final = Format("zip", "application/zip")


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of the catalogue, dumps, feeds, and single versions and their differences."""
    return {
        "/catalog": {"get": _catalogue()},
        "/void": {"get": _described("statistics", "Describe the graphs with their statistics (VoID)")},
        "/.well-known/void": {"get": _described("statistics-at-known-place", "The same, where VoID says to look")},
        "/sitemap.xml": {"get": _file("site-map", "List the pages of the site", _XML)},
        "/sitemap/{part}.xml": {"get": _site_map_part()},
        "/robots.txt": {"get": _file("robots", "Say which addresses robots should leave alone", _PLAIN)},
        "/dumps": {"get": _listed("dumps", "List the versions that can be had as files")},
        "/dumps/{version}": {"get": _listed("files-of-version", "List the files of a version", _NUMBER)},
        "/dumps/{version}/{file}": {"get": _dump()},
        "/versions/{version}": {"get": _listed("version", "Say what is in a version and who made it", _NUMBER)},
        "/versions/{before}..{after}": {"get": _difference()},
        "/version/{version}": {"get": _named_version()},
        "/feed": {"get": _feed()},
        "/feed.atom": {"get": _file("newest-changes", "The newest changes for feed readers (Atom)", _ATOM, _CHANGES)},
    }


def _catalogue() -> dict[str, Any]:
    summary = "Describe the data set, its dumps and its services (DCAT-AP 3)"
    return operation(Getting("catalogue", summary, _CATALOGUE, _RDF, parameters=(VERSION,)))


def _described(name: str, summary: str) -> dict[str, Any]:
    described = operation(Getting(name, summary, _CATALOGUE, GRAPH_FORMATS, parameters=(VERSION,)))
    led = {"description": "Whoever wants a page is led to one", "headers": parts.headers("Location")}
    return {**described, "responses": {**described["responses"], "303": led}}


def _site_map_part() -> dict[str, Any]:
    part = in_path("part", "The number of a part, as the map names it", "1")
    return operation(
        Getting("part-of-site-map", "List a part of the pages", _CATALOGUE, (_XML,), parameters=(part,),
                problems=(400, 404, 503))
    )  # fmt: skip


def _file(name: str, summary: str, form: Format, tag: str = _CATALOGUE) -> dict[str, Any]:
    return operation(Getting(name, summary, tag, (form,), problems=(400, 503)))


def _listed(name: str, summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    tag = "versions" if name == "version" else _CATALOGUE
    return operation(Getting(name, summary, tag, OFFERED, parameters=parameters))


def _dump() -> dict[str, Any]:
    name = in_path("file", "The name of a file in the list of the version", "pedgraph.nq.gz")
    described = operation(
        Getting(
            "file-of-version",
            "A file of a version",
            _CATALOGUE,
            (_GZIP,),
            "The same bytes for ever. Can be taken up again where it broke off (Range, RFC 9110, section 14).",
            (_NUMBER, name),
        )
    )
    content = described["responses"]["200"]["content"]
    described["responses"]["200"]["content"] = {**content, _ZIP.media_type: {"schema": {}}, "*/*": {"schema": {}}}
    part = {"description": "The part that was asked for", "content": {"*/*": {"schema": {}}}}
    described["responses"] |= {"206": part}
    return described


def _difference() -> dict[str, Any]:
    iri = parts.query_parameter(
        "iri", {**_TEXT, "format": "iri", "description": "Only what is said of this thing",
                "example": "https://w3id.org/pedgraph/id/city/nl-amsterdam"},
    )  # fmt: skip
    graph = parts.query_parameter("graph", {**_TEXT, "format": "iri", "description": "Only what this graph says"})
    before = in_path("before", "A version", "1")
    after = in_path("after", "Another version", "1")
    return operation(
        Getting(
            "difference",
            "Say what differs between two versions",
            _CHANGES,
            (*OFFERED, PATCH),
            "By graph and by thing, or with `iri` or `graph` statement by statement; as an RDF patch all of it.",
            (before, after, iri, graph),
        )
    )


def _named_version() -> dict[str, Any]:
    return leading(
        Getting("named-version", "Lead from the IRI of a version to its description", "versions", OFFERED,
                parameters=(_NUMBER,))
    )  # fmt: skip


def _feed() -> dict[str, Any]:
    return operation(
        Getting(
            "event-stream",
            "What was created, changed and withdrawn, from the beginning (Linked Data Event Stream)",
            _CHANGES,
            FEED_FORMATS,
            "Links lead to its pages, which never change once they are full. Whoever replays them from the first has "
            "the graph.",
            problems=(400, 404, 406, 503),
        )
    )
