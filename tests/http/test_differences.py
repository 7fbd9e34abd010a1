"""What differs between two versions: as a whole, of one thing and of one graph, as JSON, as pages and as patches."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import GRAPHS, PREFIXES, ROOT, TERMS, THINGS
from pedgraph.vocabulary.skolem import skolemised
from tests.servers import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

A, B, C = (GRAPHS + f"{name}/1" for name in "abc")
LYON, GRAZ, TURKU = (THINGS + f"city/{name}" for name in ("fr-lyon", "at-graz", "fi-turku"))
LABEL, IN_CITY = PREFIXES["rdfs"] + "label", TERMS + "inCity"
PED = THINGS + "ped/fr-lyon-confluence"
NASTY = '<script>alert("1")</script>'
REASONS = {1: "to begin", 2: "to go on", 3: "to change", 4: "to go further"}


def triple(subject: str | BlankNode, predicate: str, value: str | Literal) -> Triple:
    about = NamedNode(subject) if isinstance(subject, str) else subject
    return Triple(about, NamedNode(predicate), NamedNode(value) if isinstance(value, str) else value)


def label(subject: str, text: str) -> Triple:
    return triple(subject, LABEL, Literal(text, language="en"))


def several() -> Iterator[ChangeSet]:
    """A city gets another name, one comes, one goes with its graph; a blank node changes what it says."""
    shared = [label(IN_CITY, "in city"), label(LYON, "Lyon"), triple(PED, IN_CITY, LYON)]
    yield ChangeSet({A: [label(LYON, "Old")]})
    yield ChangeSet({A: [*shared, triple(BlankNode(), LABEL, Literal("nameless"))], B: [label(GRAZ, "Graz")]})
    changed = [label(IN_CITY, "in city"), label(LYON, NASTY), triple(PED, IN_CITY, LYON)]
    yield ChangeSet({A: changed, C: [label(TURKU, "Turku"), triple(PED, IN_CITY, TURKU)]}, frozenset([B]))
    yield ChangeSet({C: [label(TURKU, "Turku"), triple(TURKU, LABEL, Literal(5))]})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("differences") / "home"
    versions = Versions(folder)
    for number, changes in enumerate(several(), 1):
        publication = Publication("somebody", REASONS[number], keep=3, release="spring" if number == 3 else None)
        (build if number == 1 else publish)(versions, changes, publication)
    return folder


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with running_server(home, readers=1) as running, client_of(running) as opened:
        yield opened


def client_of(running: RunningServer) -> httpx.Client:
    return httpx.Client(base_url=running.url, timeout=120)


def page(client: httpx.Client, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return answer.text


def shown(statements: list[dict[str, Any]]) -> list[tuple[str, str, str, str, str]]:
    return [
        (each["change"], each["subject"]["value"], each["predicate"], each["object"]["value"], each["graph"])
        for each in statements
    ]


def test_a_difference_is_told_as_a_whole(client: httpx.Client) -> None:
    found = client.get("/versions/2..3").json()
    site = str(client.base_url).rstrip("/")
    of_graph = f"{site}/versions/2..3?graph="
    things = found.pop("things")

    assert found == {
        "before": 2,
        "after": 3,
        "added": 3,
        "removed": 3,
        "patch": f"{site}/versions/2..3?format=rdfp",
        "graphs": [
            {"graph": graph, "change": change, "added": added, "removed": removed, "difference": f"{of_graph}{graph}"}
            for graph, change, added, removed in [(A, "changed", 1, 2), (B, "withdrawn", 0, 1), (C, "created", 2, 0)]
        ],
    }
    items = [
        (each["id"], each["label"], each["change"], each["added"], each["removed"]) for each in things.pop("items")
    ]
    assert items == [
        (GRAZ, "Graz", "withdrawn", 0, 1),
        (TURKU, "Turku", "created", 1, 0),
        (LYON, NASTY, "changed", 1, 1),
        (PED, None, "changed", 1, 0),
    ]
    assert things == {
        "total": 4, "changed": 2, "created": 1, "withdrawn": 1, "limit": 500, "offset": 0, "next": None,
    }  # fmt: skip


def test_the_things_come_in_pages(client: httpx.Client) -> None:
    address: str | None = "/versions/2..3?limit=3"
    found, links = [], []
    while address is not None:
        answer = client.get(address)
        address = answer.json()["things"]["next"]
        found += [each["id"] for each in answer.json()["things"]["items"]]
        links.append({name: link["url"] for name, link in answer.links.items()})

    assert found == [GRAZ, TURKU, LYON, PED]
    assert links == [
        {"next": "../versions/2..3?limit=3&offset=3"},
        {"prev": "../versions/2..3?limit=3"},
    ]
    chosen = client.get("/versions/2..3?change=created").json()["things"]
    assert ([each["id"] for each in chosen["items"]], chosen["total"], chosen["next"]) == ([TURKU], 4, None)


def test_a_difference_is_told_of_one_thing(client: httpx.Client) -> None:
    found = client.get("/versions/2..3", params={"iri": LYON}).json()
    pointing = client.get("/versions/2..3", params={"iri": TURKU}).json()

    assert (found["id"], found["label"], found["change"], found["added"], found["removed"]) == (
        LYON, NASTY, "changed", 1, 1,
    )  # fmt: skip
    assert shown(found["statements"]["items"]) == [
        ("removed", LYON, LABEL, "Lyon", A),
        ("added", LYON, LABEL, NASTY, A),
    ]
    assert found["statements"]["items"][0]["object"] == {"type": "literal", "value": "Lyon", "xml:lang": "en"}
    assert (pointing["change"], shown(pointing["statements"]["items"])) == (
        "created",
        [("added", TURKU, LABEL, "Turku", C), ("added", PED, IN_CITY, TURKU, C)],
    )


def test_a_difference_is_told_of_one_graph_and_of_nothing(client: httpx.Client) -> None:
    of_graph = client.get("/versions/2..3", params={"graph": B}).json()
    of_both = client.get("/versions/2..3", params={"graph": C, "iri": LYON}).json()
    of_none = client.get("/versions/2..3", params={"iri": THINGS + "city/none"}).json()

    assert (of_graph["graph"], of_graph["change"], shown(of_graph["statements"]["items"])) == (
        B, "withdrawn", [("removed", GRAZ, LABEL, "Graz", B)],
    )  # fmt: skip
    assert (of_both["statements"]["total"], of_both["change"]) == (0, "changed")
    assert (of_none["statements"]["items"], of_none["change"], of_none["label"]) == ([], None, None)


def test_a_version_does_not_differ_from_itself(client: httpx.Client) -> None:
    found = client.get("/versions/3..3").json()

    assert (found["added"], found["removed"], found["graphs"], found["things"]["items"]) == (0, 0, [], [])
    assert "say the same" in page(client, "/versions/3..3")
    assert client.get("/versions/3..3?format=rdfp").text.splitlines() == [
        f"H id <{ROOT}version/3> .", f"H prev <{ROOT}version/3> .", "TX .", "TC .",
    ]  # fmt: skip


def quads_of(client: httpx.Client, version: int) -> set[str]:
    """All quads of a version as lines, with names in place of blank nodes."""
    graphs: dict[str, list[Triple]] = {}
    for quad in parse(gzip.decompress(client.get(f"/dumps/{version}/pedgraph.nq.gz").content), RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    return {f"{each} <{graph}> ." for graph, triples in graphs.items() for each in skolemised(triples)}


def patched(quads: Iterable[str], patch: str) -> set[str]:
    """The quads after a patch, of which each line has to make a difference."""
    found = set(quads)
    for line in patch.splitlines():
        code, _, quad = line.partition(" ")
        if code == "D":
            found.remove(quad)
        elif code == "A":
            assert quad not in found
            found.add(quad)
        else:
            assert code in {"H", "TX", "TC"}
    return found


@pytest.mark.parametrize(("before", "after"), [(2, 3), (3, 2), (2, 4), (4, 3)])
def test_a_patch_makes_one_version_of_the_other(client: httpx.Client, before: int, after: int) -> None:
    answer = client.get(f"/versions/{before}..{after}", headers={"Accept": "application/rdf-patch"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/rdf-patch; charset=utf-8")
    assert answer.text.startswith(f"H id <{ROOT}version/{after}> .\nH prev <{ROOT}version/{before}> .\nTX .\n")
    assert answer.text.endswith("\nTC .\n")
    assert patched(quads_of(client, before), answer.text) == quads_of(client, after) != quads_of(client, before)


def test_a_patch_may_be_of_one_thing(client: httpx.Client) -> None:
    lines = client.get("/versions/2..3", params={"iri": LYON, "format": "rdfp"}).text.splitlines()

    assert lines[3:-1] == [
        f'D <{LYON}> <{LABEL}> "Lyon"@en <{A}> .',
        "A " + str(Quad(NamedNode(LYON), NamedNode(LABEL), Literal(NASTY, language="en"), NamedNode(A))) + " .",
    ]


def test_a_patch_can_be_fetched_in_parts(client: httpx.Client) -> None:
    address = "/versions/2..3?format=rdfp"
    whole = client.get(address)
    rest = client.get(address, headers={"Range": "bytes=10-", "If-Range": whole.headers["etag"]})

    assert (rest.status_code, rest.content) == (206, whole.content[10:])
    assert client.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


def test_pages_show_what_was_added_and_removed(client: httpx.Client) -> None:
    whole, of_thing = page(client, "/versions/2..3"), page(client, f"/versions/2..3?iri={LYON}")

    assert f'href="../versions/2..3?iri={LYON}"' in whole
    assert "<script>alert" not in whole + of_thing
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in of_thing
    assert '<tr class="removed">' in of_thing
    assert f'<th scope="row"><span title="{LABEL}">label</span></th>' in of_thing
    assert '<td data-label="Of"><a href="../doc/city/fr-lyon?version=2">' in of_thing
    assert '<td data-label="Of"><a href="../doc/city/fr-lyon?version=3">' in of_thing
    assert '<td data-label="Of"><a href="../doc/city/fi-turku">' in page(client, f"/versions/3..4?iri={TURKU}")


def test_a_thing_has_a_history(client: httpx.Client) -> None:
    of_lyon = client.get("/versions", params={"iri": LYON}).json()
    of_graz = client.get("/versions", params={"iri": GRAZ}).json()
    shown_page = page(client, f"/versions?iri={LYON}")
    site = str(client.base_url).rstrip("/")

    assert (of_lyon["id"], of_lyon["label"]) == (LYON, None)
    assert [(each["version"], each["change"], each["difference"]) for each in of_lyon["steps"]] == [
        (3, "changed", f"{site}/versions/2..3?iri={LYON}"),
        (2, "changed", None),
        (1, "created", None),
    ]
    assert [(each["version"], each["change"]) for each in of_graz["steps"]] == [(3, "withdrawn"), (2, "created")]
    assert [client.get(each["difference"]).status_code for each in of_graz["steps"] if each["difference"]] == [200]
    assert f'href="versions/2..3?iri={LYON}"' in shown_page
    assert "not kept any more" in shown_page
    assert "id:city/fr-lyon" in shown_page


@pytest.mark.parametrize(
    ("address", "status", "led_to"),
    [
        ("/versions/current", 307, "../versions/4"),
        ("/versions/spring", 307, "../versions/3"),
        ("/versions/2..current?iri=urn:x:y", 307, "../versions/2..4?iri=urn:x:y"),
        ("/versions/spring..04", 307, "../versions/3..4"),
        ("/versions?from=2&to=spring", 303, "./versions/2..3"),
        (f"/versions/?from=2&to=3&iri={LYON}", 303, f"../versions/2..3?iri={LYON}"),
    ],
)
def test_names_of_versions_lead_to_their_numbers(client: httpx.Client, address: str, status: int, led_to: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["location"]) == (status, led_to)
    assert client.get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/versions/1", 410, "version-gone"),
        ("/versions/1..3", 410, "version-gone"),
        ("/dumps/1/", 410, "version-gone"),
        ("/dumps/1/pedgraph.nq.gz", 410, "version-gone"),
        ("/versions/2..1", 410, "version-gone"),
        ("/versions/9", 404, "version-not-found"),
        ("/versions/2..9", 404, "version-not-found"),
        ("/versions/2..", 404, "version-not-found"),
        ("/versions/2..3..4", 404, "version-not-found"),
        (f"/versions/2..{'3' * 300}", 400, "bad-request"),
        ("/versions/2..3?limit=0", 400, "bad-request"),
        ("/versions/2..3?limit=10001", 400, "bad-request"),
        ("/versions/2..3?offset=-1", 400, "bad-request"),
        ("/versions/2..3?offset=%D9%A3", 400, "bad-request"),
        ("/versions/2..3?iri=lyon", 400, "bad-request"),
        ("/versions/2..3?iri=urn:x:a&iri=urn:x:b", 400, "bad-request"),
        ("/versions/2..3?change=new", 400, "bad-request"),
        ("/versions/2..3?change=created&iri=urn:x:a", 400, "bad-request"),
        ("/versions/2..3?change=created&format=rdfp", 400, "bad-request"),
        ("/versions/2..3?since=1", 400, "bad-request"),
        ("/versions/2..3?format=ttl", 406, "not-acceptable"),
        ("/versions?from=2", 400, "bad-request"),
        ("/versions?iri=urn:x:a", 404, "not-found"),
        ("/versions?iri=a", 400, "bad-request"),
        ("/versions?iri=", 400, "bad-request"),
        ("/versions?from=1&to=2", 410, "version-gone"),
        ("/versions?page=2", 400, "bad-request"),
        ("/versions/2?graphs=1", 400, "bad-request"),
    ],
)
def test_what_cannot_be_compared_is_said_so(client: httpx.Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, code)


def test_a_version_says_what_is_in_it(client: httpx.Client) -> None:
    found = client.get("/versions/3").json()
    site = str(client.base_url).rstrip("/")
    created = found.pop("created")

    assert found == {
        "number": 3,
        "current": False,
        "author": "somebody",
        "reason": "to change",
        "release": "spring",
        "quads": 5,
        "parent": 2,
        "merged_triples": 5,
        "default_graph": "merged",
        "graphs": [{"graph": A, "quads": 3, "changed": 3}, {"graph": C, "quads": 2, "changed": 3}],
        "files": f"{site}/dumps/3/",
        "query": f"{site}/sparql?version=3",
        "difference": f"{site}/versions/2..3",
    }
    shown_page = page(client, "/versions/3")
    assert f'<time datetime="{created}">' in shown_page
    assert 'href="../versions/2..3"' in shown_page
    assert 'href="../versions/3..4"' in shown_page
    assert 'href="../graph/a/1?version=3"' in shown_page


def test_the_page_of_versions_leads_to_each(client: httpx.Client) -> None:
    listed = page(client, "/versions")

    for number in (2, 3, 4):
        assert f'href="versions/{number}"' in listed
        assert f'href="dumps/{number}/"' in listed
    assert 'href="versions/3..4"' in listed
    assert '<form class="choose" action="versions" method="get">' in listed
    assert [each["number"] for each in client.get("/versions").json()] == [2, 3, 4]


def test_what_is_read_only_answers_head(client: httpx.Client) -> None:
    for address in ("/versions/3", "/versions/2..3", "/versions/2..3?format=rdfp", "/versions/2..3?format=html"):
        whole, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"].split("-")[0].strip('"') == whole.headers["etag"].split("-")[0].strip('"')


def test_what_is_new_names_what_each_version_changed(tmp_path: Path) -> None:
    named = {name: triple(name, PREFIXES["skos"] + "prefLabel", Literal(name[-5:])) for name in (LYON, GRAZ, TURKU)}
    steps = [{A: [named[LYON]]}, {B: [named[GRAZ]]}, {A: [named[LYON], label(LYON, "Lyon")], C: [named[TURKU]]}]
    versions = Versions(tmp_path / "home")
    for number, graphs in enumerate(steps, 1):
        publication = Publication("somebody", REASONS[number])
        (build if number == 1 else publish)(
            versions, ChangeSet(graphs, frozenset([B] if number == 3 else [])), publication
        )
    with running_server(tmp_path / "home", readers=1) as running, client_of(running) as client:
        text = page(client, "/")

    news = text[text.index('<ol class="news">') : text.index("</ol>", text.index('<ol class="news">'))]
    thing = r'<a href="(doc/[^"]+)">[^<]+</a> <span class="note">(\w+)</span>'
    parts = re.split(r'<a href="versions/\d+">Version ', news)[1:]
    assert [(re.findall(thing, part), re.findall(r"versions/\d+\.\.\d+", part)) for part in parts] == [
        (
            [("doc/city/at-graz", "withdrawn"), ("doc/city/fi-turku", "new"), ("doc/city/fr-lyon", "changed")],
            ["versions/2..3"],
        ),
        ([("doc/city/at-graz", "new")], ["versions/1..2"]),
        ([], []),
    ]
