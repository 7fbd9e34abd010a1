"""The lists of things, on all curated data: they say what the graph says, and no more."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple
from pyoxigraph import parse as parse_rdf

from pedgraph.delivery.collections.asking import COMMON
from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.documents import expand
from pedgraph.vocabulary.contexts import document
from pedgraph.vocabulary.iris import CONTEXT, INFERRED_GRAPH, LIST_CONTEXT, META_GRAPH, PREFIXES, ROOT, TERMS
from tests.staff import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import RunningServer

Json = dict[str, Any]
NAMES = tuple(COLLECTIONS)
JSON = {"Accept": "application/json"}
HYDRA = "http://www.w3.org/ns/hydra/core#"
MEDIA_TYPES = {
    "json": "application/json",
    "jsonld": "application/ld+json",
    "geojson": "application/geo+json",
    "csv": "text/csv",
    "html": "text/html",
}


@pytest.fixture(scope="module")
def client(wide_server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=wide_server.url, headers=JSON, timeout=30) as made:
        yield made


@pytest.fixture(scope="module")
def whole(client: httpx.Client) -> dict[str, Json]:
    """Each list as a whole, as plain JSON."""
    return {name: get(client, name, limit=1000) for name in NAMES}


@pytest.fixture(scope="module")
def store(wide_server: RunningServer) -> Store:
    """The merged graph."""
    everything = wide_server.get("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", accept="application/n-triples")
    store = Store()
    store.load(everything.content, RdfFormat.N_TRIPLES)
    return store


def get(client: httpx.Client, name: str, **given: str | int | list[str]) -> Json:
    answer = client.get(f"/{name}", params=given)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def ids(answer: Json) -> list[str]:
    return [item["id"] for item in answer["items"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_has_all_things_of_its_class(whole: dict[str, Json], wide_server: RunningServer, name: str) -> None:
    """But for those that only the descriptions of sources speak of."""
    found = wide_server.get(
        f"SELECT DISTINCT ?thing {{ ?thing a <{TERMS}{COLLECTIONS[name].of_class}> GRAPH ?graph {{ ?thing ?p ?o }} "
        f"FILTER(?graph NOT IN (<{META_GRAPH}>, <{INFERRED_GRAPH}>)) }}",
        accept="text/csv",
    )
    expected = set(found.text.split()[1:])
    assert set(ids(whole[name])) == expected
    assert (whole[name]["total"], whole[name]["of"], len(ids(whole[name]))) == (len(expected),) * 3
    assert len(expected) > 5


def test_who_only_published_a_source_is_found_but_not_listed(client: httpx.Client, whole: dict[str, Json]) -> None:
    (found,) = client.get("/search", params={"q": "cityxchange project", "kind": "organisation"}).json()["results"]

    assert found["name"] == "+CityxChange project"
    assert found["id"] not in ids(whole["organisations"])
    assert client.get(found["href"]).status_code == 200
    rows = csv.DictReader(io.StringIO(client.get("/search?q=cityxchange+project&format=csv").text))
    assert "'+CityxChange project" in {row["name"] for row in rows}


def test_units_are_written_as_words(client: httpx.Client) -> None:
    pages = [
        client.get(f"/indicators?sort={sign}value&limit=250", headers={"Accept": "text/html"}) for sign in ("", "-")
    ]
    shown = re.findall(r"<dt>Value</dt><dd>([0-9][^<]*)", "".join(each.text for each in pages))
    units = {text.lstrip("0123456789,.") for text in shown}

    assert {"", " months", " years", " €"} <= units
    assert not {" a", " mo", " #", " NUM"} & units


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_list_says_as_linked_data_stands_in_the_graph(client: httpx.Client, store: Store, name: str) -> None:
    answer = client.get(f"/{name}?limit=1000", headers={"Accept": "application/ld+json"})
    said = answer.json()
    assert said["@context"] == LIST_CONTEXT
    (expanded,) = expand({**said, "id": f"{ROOT}{name}"})
    assert (expanded["@type"], len(expanded[f"{HYDRA}member"])) == ([f"{HYDRA}Collection"], said["total"])
    contexts = [document(CONTEXT)["@context"], document(LIST_CONTEXT)["@context"][1]]
    items = httpx.Response(200, json={"@context": contexts, "@graph": said["items"]}).content
    triples = [quad.triple for quad in parse_rdf(items, RdfFormat.JSON_LD)]
    unfounded = [triple for triple in triples if not _stands(triple, store)]
    assert (unfounded[:3], len(triples) > 5 * said["total"]) == ([], True)


def _stands(triple: Triple, store: Store) -> bool:
    assert not isinstance(triple.subject, BlankNode)
    if triple.predicate.value == PREFIXES["dcterms"] + "source":
        return True
    return any(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))


@pytest.mark.parametrize("name", NAMES)
def test_sources_of_items_are_those_that_state_something_of_them(
    whole: dict[str, Json], wide_server: RunningServer, name: str
) -> None:
    item = max(whole[name]["items"], key=lambda each: len(each.get("sources", ())))
    answer = wide_server.get(
        "PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX prov: <http://www.w3.org/ns/prov#> "
        "SELECT DISTINCT ?source "
        f"{{ {{ GRAPH ?graph {{ <{item['id']}> ?p ?o }} ?graph prov:hadPrimarySource ?source }} UNION "
        f"{{ ?x (pedg:about|pedg:context|pedg:involves)? <{item['id']}> ; pedg:statedIn ?source }} }}"
    )
    assert sorted(each["id"] for each in item["sources"]) == sorted(answer.text.split()[1:])
    assert all(each["title"] for each in item["sources"])


@pytest.mark.parametrize("name", NAMES)
def test_every_count_of_a_value_is_how_many_a_filter_finds(
    client: httpx.Client, whole: dict[str, Json], name: str
) -> None:
    tried = 0
    for filter_name, counts in whole[name]["facets"].items():
        for count in (*counts[:2], *counts[-1:]):
            found = get(client, name, limit=1000, facets="false", **{filter_name: count["value"]})
            assert found["total"] == count["count"] > 0
            plain = [item["plain"] for item in found["items"]]
            assert all(str(count["value"]) in map(str, each[filter_name]) for each in plain)
            tried += 1
    assert tried > 4


def test_several_values_of_a_filter_find_what_any_of_them_finds(client: httpx.Client) -> None:
    one, other = (set(ids(get(client, "cities", role=role))) for role in ("lighthouse", "fellow"))
    both = get(client, "cities", role=["lighthouse", "fellow"])
    assert set(ids(both)) == one | other
    assert len(one | other) > max(len(one), len(other))
    narrowed = get(client, "cities", role=["lighthouse", "fellow"], country=["NL", "es"])
    assert {item["country"]["notation"][0] for item in narrowed["items"]} == {"NL", "ES"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cities", {}),
        ("sites", {"sort": "-country"}),
        ("cities", {"country": ["NL", "ES", "IT", "FI"], "sort": "residents"}),
        ("organisations", {"q": "city"}),
    ],
)
def test_pages_put_together_are_the_whole_list(client: httpx.Client, name: str, given: Json) -> None:
    expected = ids(get(client, name, **given, limit=1000))
    turned: list[Json] = []
    answer = client.get(f"/{name}", params={**given, "limit": 7})
    while True:
        turned.append(answer.json())
        links = answer.links
        assert answer.headers["x-total-count"] == str(len(expected))
        assert (turned[-1]["next"] is None) == ("next" not in links)
        if "next" not in links:
            break
        assert links["next"]["url"] == turned[-1]["next"]
        answer = client.get(answer.url.join(links["next"]["url"]))
    assert list(itertools.chain(*map(ids, turned))) == expected
    assert len(turned) == -(-len(expected) // 7) > 2
    back = client.get(answer.url.join(answer.links["prev"]["url"]))
    assert ids(back.json()) == ids(turned[-2])
    assert ids(client.get(answer.url.join(answer.links["first"]["url"])).json()) == ids(turned[0])


@pytest.mark.parametrize("name", NAMES)
def test_each_order_is_one_and_its_reverse(client: httpx.Client, name: str) -> None:
    for order in COLLECTIONS[name].orders:
        found = get(client, name, sort=order.name, limit=1000, facets="false")
        assert set(ids(found)) == set(ids(get(client, name, sort=f"-{order.name}", limit=1000, facets="false")))
    by_label = [item["plain"]["label"].casefold() for item in get(client, name, sort="label")["items"]]
    plain = [label for label in by_label if label.isascii()]
    assert plain == sorted(plain)


def test_orders_go_by_what_they_say(client: httpx.Client) -> None:
    largest = [item["plain"]["residents"] for item in get(client, "cities", sort="-residents", limit=5)["items"]]
    assert largest == sorted(largest, reverse=True)
    assert largest[0] > 1_000_000
    begun = [item["plain"]["startDate"] for item in get(client, "events", sort="date")["items"]]
    assert begun == sorted(begun)
    countries = [item["plain"]["countryLabel"] for item in get(client, "peds", sort="-country")["items"]]
    assert countries == sorted(countries, reverse=True)


def test_words_find_what_the_search_finds(client: httpx.Client) -> None:
    searched = client.get("/search", params={"q": "smart", "kind": "project", "limit": 100}).json()
    found = get(client, "projects", q="smart")
    assert ids(found) == [each["id"] for each in searched["results"]] != []
    assert ids(get(client, "projects", q="smart", sort="label")) != ids(found)
    numbers = get(client, "indicators", q="Residents LYON")
    assert [item["plain"]["label"] for item in numbers["items"]] == ["number of residents: Lyon"]
    assert get(client, "projects", q="zzzzqqqq")["total"] == 0


def test_features_have_a_place_where_one_is_known_and_none_elsewhere(
    client: httpx.Client, whole: dict[str, Json]
) -> None:
    for name in NAMES:
        answer = client.get(f"/{name}", params={"format": "geojson"})
        layer = answer.json()
        assert answer.headers["content-type"] == "application/geo+json"
        assert (layer["type"], layer["numberMatched"], layer["numberReturned"]) == (
            "FeatureCollection", whole[name]["total"], whole[name]["total"],
        )  # fmt: skip
        assert [each["id"] for each in layer["features"]] == ids(whole[name])
        own = {item["id"] for item in whole[name]["items"] if "latitude" in item["plain"]}
        drawn = {each["id"] for each in layer["features"] if each["geometry"] is not None}
        assert drawn == own
        near = client.get(f"/{name}", params={"format": "geojson", "approximate": "city"}).json()
        approximate = {each["id"] for each in near["features"] if each["properties"].get("approximate") == "city"}
        assert {each["id"] for each in near["features"] if each["geometry"]} == own | approximate
        assert not own & approximate
        assert near["attribution"].count("GeoNames") == 1
    assert len(approximate) > 5


def test_a_box_finds_the_cities_within(client: httpx.Client, whole: dict[str, Json]) -> None:
    found = get(client, "cities", bbox="3,50.7,7.3,53.6")
    inside = {
        item["id"]
        for item in whole["cities"]["items"]
        if 3 <= item["plain"].get("longitude", 99) <= 7.3 and 50.7 <= item["plain"]["latitude"] <= 53.6
    }
    assert set(ids(found)) == inside
    assert {"NL", "BE"} <= {country for item in found["items"] for country in item["plain"]["country"]}


def test_rows_say_the_same_as_objects_and_are_no_formulas(client: httpx.Client, whole: dict[str, Json]) -> None:
    answer = client.get("/projects?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert [row["id"] for row in rows] == ids(whole["projects"])
    for row, item in zip(rows, whole["projects"]["items"], strict=True):
        plain = item["plain"]
        assert row["label"].removeprefix("'") == plain["label"]
        assert row["city"] == "; ".join(plain["city"])
        assert row["year"] == "; ".join(map(str, plain["year"]))
        assert row["startDate"] == (plain["startDate"] or "")
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert client.get("/projects?format=csv&bom=1").content == b"\xef\xbb\xbf" + answer.content
    assert "'+CityxChange" in {row["label"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@", "\t", "-"))]


@pytest.mark.parametrize("format_name", MEDIA_TYPES)
def test_every_format_is_agreed_on_and_told_of_the_others(client: httpx.Client, format_name: str) -> None:
    by_name = client.get("/peds", params={"format": format_name})
    by_type = client.get("/peds", headers={"Accept": MEDIA_TYPES[format_name]})
    head = client.head("/peds", headers={"Accept": MEDIA_TYPES[format_name]})
    assert by_type.headers["content-type"].partition(";")[0] == MEDIA_TYPES[format_name]
    assert by_name.headers["content-type"] == by_type.headers["content-type"]
    assert {"accept", "accept-datetime"} <= set(by_type.headers["vary"].lower().split(", "))
    assert (head.content, head.headers["etag"]) == (b"", by_type.headers["etag"])
    assert head.headers["content-length"] == str(len(by_type.content)) or "content-encoding" in by_type.headers
    alternates = [each for each in by_type.headers["link"].split(", <") if 'rel="alternate"' in each]
    assert len(alternates) == len(MEDIA_TYPES) - 1
    again = client.get("/peds", headers={"Accept": MEDIA_TYPES[format_name], "If-None-Match": by_type.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_plain_json_says_where_its_context_is(client: httpx.Client) -> None:
    answer = client.get("/peds?limit=1")
    link = answer.links["http://www.w3.org/ns/json-ld#context"]
    context = client.get(answer.url.join(link["url"]))
    assert context.headers["content-type"] == link["type"] == "application/ld+json"
    assert context.json() == document(LIST_CONTEXT)
    linked = client.get("/peds?limit=1&format=jsonld").json()
    assert linked.pop("@context") == LIST_CONTEXT
    assert linked["items"] == answer.json()["items"]


def test_a_version_is_kept_with_its_lists(client: httpx.Client) -> None:
    current, pinned = client.get("/peds"), client.get("/peds?version=1")
    assert current.json()["items"] == pinned.json()["items"]
    assert (current.headers["cache-control"], "memento-datetime" in current.headers) == ("public, no-cache", False)
    assert pinned.headers["memento-datetime"].endswith("GMT")
    assert "immutable" in pinned.headers["cache-control"]
    assert {"original timegate", "timemap"} <= set(current.links)
    assert "version=1" in pinned.json()["first"]
    early = client.get("/peds", headers={"Accept-Datetime": "Sun, 22 Nov 2020 10:00:00 GMT"})
    assert (early.status_code, early.headers["memento-datetime"]) == (200, pinned.headers["memento-datetime"])


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/peds?colour=green", 400, "bad-request"),
        ("/cities?city=fr-lyon", 400, "bad-request"),
        ("/peds?limit=0", 400, "bad-request"),
        ("/peds?limit=10001", 400, "bad-request"),
        ("/peds?limit=1&limit=2", 400, "bad-request"),
        ("/peds?limit=-1", 400, "bad-request"),
        ("/peds?sort=population", 400, "bad-request"),
        ("/peds?sort=relevance", 400, "bad-request"),
        ("/peds?sort=--label", 400, "bad-request"),
        ("/peds?bbox=10,60,5,50", 400, "bad-request"),
        ("/peds?approximate=country", 400, "bad-request"),
        ("/peds?facets=many", 400, "bad-request"),
        ("/peds?cursor=AAAAAAAAAAAAAAAAAAAA", 400, "bad-request"),
        ("/peds?q=" + "a" * 501, 400, "bad-request"),
        ("/peds?" + "&".join(f"year={year}" for year in range(1900, 2001)), 400, "bad-request"),
        ("/peds?format=ttl", 406, "not-acceptable"),
        ("/peds?format=psd", 400, "bad-request"),
        ("/peds?version=99", 404, "version-not-found"),
        ("/peds?version=x", 404, "version-not-found"),
        ("/peds?%FF=1", 400, "bad-request"),
        ("/peds?country=%00", 400, "bad-request"),
        ("/Peds", 404, "not-found"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(client: httpx.Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)
    assert problem(answer) == (status, code)
    assert len(answer.text) < 1500


def test_unknown_parameters_are_told_with_the_known_ones(client: httpx.Client) -> None:
    for name in NAMES:
        answer = client.get(f"/{name}?nothing=1").json()
        assert answer["known"] == [*(each.name for each in COLLECTIONS[name].filters), *COMMON]


def test_a_cursor_of_another_list_is_refused(client: httpx.Client) -> None:
    cursor = httpx.URL(get(client, "cities", limit=5)["next"]).params["cursor"]
    assert client.get("/cities", params={"limit": 7, "cursor": cursor}).status_code == 200
    for name, more in (("projects", {}), ("cities", {"country": "NL"}), ("cities", {"sort": "country"})):
        assert problem(client.get(f"/{name}", params={"cursor": cursor, **more})) == (400, "bad-request")


def test_empty_fields_of_a_form_say_nothing(client: httpx.Client) -> None:
    empty = dict.fromkeys(("country", "q", "bbox", "sort", "limit", "cursor", "approximate", "facets"), "")
    assert ids(get(client, "peds", **empty)) == ids(get(client, "peds"))
    assert get(client, "peds", **empty)["first"].count("=") < 5


def test_links_to_pages_are_there_however_long_the_address(client: httpx.Client, whole: dict[str, Json]) -> None:
    projects = [f"{ROOT}id/project/{count['value']}" for count in whole["cities"]["facets"]["project"]] * 2
    answer = client.get("/cities", params={"limit": 2, "project": projects})
    assert "next" in answer.links
    assert 'rel="alternate"' not in answer.headers["link"]
    assert answer.json()["next"] == answer.links["next"]["url"]
    assert len(answer.headers["link"]) < 4000


def test_a_slash_at_the_end_leads_to_the_list(client: httpx.Client) -> None:
    answer = client.get("/peds/?country=NL")
    assert (answer.status_code, answer.headers["location"]) == (308, "../peds?country=NL")


def test_facts_of_one_item(client: httpx.Client) -> None:
    (item,) = get(client, "peds", q="PED Buiksloterham", limit=1)["items"]
    assert item["id"] == f"{ROOT}id/ped/nl-amsterdam-buiksloterham"
    assert item["inCity"]["label"] == {"en": "Amsterdam"}
    assert item["inCity"]["country"]["prefLabel"] == {"en": "Netherlands"}
    assert (item["type"], item["plain"]["status"]) == (["PositiveEnergyDistrict"], ["insufficient-data"])
    assert NamedNode(item["sources"][0]["id"]).value.startswith(f"{ROOT}id/source/")
