"""Things by their IRIs, graphs, search, and the versions of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.described import DESCRIBED_FORMATS, DESCRIPTION_PROFILES
from pedgraph.vocabulary.media import CSV, DESCRIPTION_FORMATS, HTML, PLAIN_JSON, Format
from pedgraph.web.openapi import parts
from pedgraph.web.openapi.getting import VERSION, Getting, in_path, leading, operation
from pedgraph.web.search import MOST_RESULTS, MOST_SUGGESTIONS

if TYPE_CHECKING:
    from pedgraph.delivery.stored import StoredQueries

_TAG: Final = "things"
_SEARCH: Final = "search"
_TEXT: Final = {"type": "string"}
_NULLABLE: Final = {"type": ["string", "null"]}
_COUNT: Final = {"type": "integer", "minimum": 0}
_KIND: Final = in_path("kind", "The kind of thing, as in its IRI", "city")
_SLUG: Final = in_path("slug", "The rest of its IRI", "nl-amsterdam")
_PROFILE: Final = parts.query_parameter(
    "_profile",
    {
        "anyOf": [{"enum": list(DESCRIPTION_PROFILES)}, {"type": "string", "format": "iri"}],
        "description": "How much is told: "
        + "; ".join(f"{name}: {what}" for name, what in DESCRIPTION_PROFILES.items())
        + ". Accept-Profile asks for the same.",
        "example": "full",
    },
)
_LINK_FORMAT: Final = Format("link", "application/link-format")
_OF_ADDRESS: Final = in_path("address", "An address of this site, without its start", "peds")
_CODE: Final = in_path("code", "The last part of the type of a problem document", "bad-request")
_NAME: Final = in_path("name", "The name of a profile", "card")
_WORDS: Final = parts.query_parameter("q", {**_TEXT, "description": "The words", "example": "amsterdam"})
_ONE_KIND: Final = parts.query_parameter(
    "kind", {**_TEXT, "description": "Only things of this kind, the word in their IRIs", "example": "city"}
)
_LANGUAGE: Final = parts.query_parameter(
    "language", {**_TEXT, "description": "Only things with a name or text in this language", "example": "en"}
)


def paths(_: StoredQueries) -> dict[str, Any]:
    """The *Paths Object* of things, graphs, search and TimeMaps."""
    return {
        "/id/{kind}/{slug}": {"get": _thing()},
        "/doc/{kind}/{slug}": {"get": _document()},
        "/graph/{source}/{number}": {"get": _graph()},
        "/search": {"get": _search()},
        "/search/suggestions": {"get": _suggestions()},
        "/timemap/json/{address}": {"get": _versions_of("versions-of-address", (PLAIN_JSON,))},
        "/timemap/link/{address}": {"get": _versions_of("versions-of-address-as-links", (_LINK_FORMAT,))},
        "/problem": {"get": _meaning("problems", "Say which kinds of problems there are")},
        "/problem/{code}": {"get": _meaning("problem", "Say what a kind of problem is", _CODE)},
        "/profile": {"get": _meaning("profiles", "Say in which profiles things are described")},
        "/profile/{name}": {"get": _meaning("profile", "Say what a profile is", _NAME)},
        "/service": {"get": _meaning("service", "Describe the service that its data set names")},
        "/ref": {"get": leading(Getting("reference-data", "Lead to the reference data", _TAG, DESCRIBED_FORMATS))},
        "/sources": {"get": _sources()},
    }


def _thing() -> dict[str, Any]:
    return leading(
        Getting(
            "thing",
            "Lead from a thing to what is known of it",
            _TAG,
            DESCRIBED_FORMATS,
            "The IRI of a thing, below the address of the site. A suffix such as `.jsonld` may follow it.",
            (_KIND, _SLUG, VERSION),
        )
    )


def _document() -> dict[str, Any]:
    return operation(
        Getting(
            "description",
            "What is known of a thing",
            _TAG,
            DESCRIBED_FORMATS,
            "Every statement stands in the named graph of its source: ask for the profile `provenance` to see them. "
            "`Accept-Datetime` asks for an earlier version, as `version` does.",
            (_KIND, _SLUG, _PROFILE, VERSION),
        )
    )


def _graph() -> dict[str, Any]:
    source = in_path("source", "The source that the graph is from", "s1")
    number = in_path("number", "The number of its delivery", "1")
    return operation(
        Getting("graph", "What one source states", _TAG, DESCRIBED_FORMATS, parameters=(source, number, VERSION))
    )


def _meaning(name: str, summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    return operation(Getting(name, summary, _TAG, DESCRIPTION_FORMATS, parameters=parameters))


def _sources() -> dict[str, Any]:
    description = "A page for people. Whoever wants JSON or CSV is led to the stored query `count-by-source`."
    described = operation(
        Getting("sources", "List the sources and how much each states", _TAG, (HTML,), description, (VERSION,))
    )
    led = {"description": "The stored query has it", "headers": parts.headers("Location")}
    return {**described, "responses": {**described["responses"], "303": led}}


def _versions_of(name: str, formats: tuple[Format, ...]) -> dict[str, Any]:
    return operation(
        Getting(name, "List the versions of an address (TimeMap, RFC 7089)", "versions", formats,
                parameters=(_OF_ADDRESS,))
    )  # fmt: skip


def _search() -> dict[str, Any]:
    place = parts.record({"id": _TEXT, "name": _NULLABLE})
    country = parts.record({"id": _TEXT, "code": _NULLABLE, "name": _NULLABLE})
    result: dict[str, parts.Schema] = {
        **_found(),
        "city": {"anyOf": [place, {"type": "null"}]},
        "country": {"anyOf": [country, {"type": "null"}]},
        "text": _NULLABLE,
    }
    members: dict[str, parts.Schema] = {
        "q": _TEXT,
        "kind": _NULLABLE,
        "language": _NULLABLE,
        "version": {"type": "integer"},
        "total": _COUNT,
        "offset": _COUNT,
        "limit": _COUNT,
        "previous": _NULLABLE,
        "next": _NULLABLE,
        "kinds": {"type": "object", "additionalProperties": _COUNT, "description": "How much of each kind"},
        "meant": {"type": "object", "description": "Words that nothing has, and what they were taken for"},
        "hasAllWords": {"type": "boolean"},
        "results": parts.array(parts.record(result)),
    }
    more = parts.query_parameter("offset", {**_COUNT, "description": "How many to leave out", "example": 0})
    parameters = (_WORDS, _ONE_KIND, _LANGUAGE, _limit(MOST_RESULTS), more, VERSION)
    return operation(
        Getting(
            "search",
            "Find things by words",
            _SEARCH,
            (PLAIN_JSON, HTML, CSV),
            "In names and texts of all languages, best first; accents make no difference, beginnings of words and "
            "small slips are borne.",
            parameters,
            parts.record(members),
        )
    )


def _suggestions() -> dict[str, Any]:
    suggestion = parts.record({**_found(), "about": _TEXT})
    schema = parts.record({"q": _TEXT, "version": {"type": "integer"}, "suggestions": parts.array(suggestion)})
    parameters = (_WORDS, _ONE_KIND, _LANGUAGE, _limit(MOST_SUGGESTIONS), VERSION)
    return operation(Getting("suggest", "Complete what somebody types", _SEARCH, (PLAIN_JSON,), "", parameters, schema))


def _found() -> dict[str, parts.Schema]:
    return {
        "id": {"type": "string", "format": "iri"},
        "href": {**_TEXT, "description": "Where it is described, relative to this address"},
        "kind": _TEXT,
        "name": _TEXT,
        "language": _NULLABLE,
        "otherName": _NULLABLE,
    }


def _limit(most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "description": "The most to give", "example": 3}
    return parts.query_parameter("limit", schema)
