"""The Graph Store HTTP Protocol: how graphs are named, read, replaced, extended and removed, and when they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import Versions
from tests.http.test_protocol import problem_code
from tests.servers import RunningServer, running_server
from tests.writing import KEY, TURTLE, canonical, client, done, graphs, update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

G = "urn:x:g"
WORLD = (
    f"CLEAR ALL ; DROP NAMED ; INSERT DATA {{ <urn:x:d> <urn:x:p> 0 . GRAPH <{G}> {{ <urn:x:s> <urn:x:p> 1 , 2 }} }}"
)
OLD = canonical("<urn:x:s> <urn:x:p> 1 , 2 .")
DEFAULT = canonical("<urn:x:d> <urn:x:p> 0 .")
PERSON = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix v: <http://www.w3.org/2006/vcard/ns#> .
<#me> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "John Doe" ] .
"""
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">
<rdf:Description rdf:about="urn:x:s"><x:p rdf:resource="relative"/></rdf:Description></rdf:RDF>"""
WITHOUT_FILE_NAME = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n<urn:x:s> <urn:x:p> 1 .\r\n--x--\r\n'


@pytest.fixture
def world(plain: RunningServer) -> RunningServer:
    done(update(plain, WORLD))
    return plain


@pytest.fixture
def writer(world: RunningServer) -> Iterator[httpx.Client]:
    with client(world) as opened:
        yield opened


def put(writer: httpx.Client, content: str | bytes, content_type: str = TURTLE, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return writer.put("/data", params={"graph": G}, content=content, headers={"Content-Type": content_type, **names})


def test_put_of_a_new_graph_by_its_own_address(world: RunningServer, writer: httpx.Client) -> None:
    address = f"{world.url}/data/person/1.ttl"

    made = writer.put("/data/person/1.ttl", content=PERSON, headers={"Content-Type": TURTLE})
    direct = writer.get("/data/person/1.ttl")
    indirect = writer.get("/data/", params={"graph": address}, headers={"Accept": "application/n-triples"})

    assert (made.status_code, made.content) == (201, b"")
    expected = canonical(PERSON, base=address)
    assert canonical(direct.content) == canonical(indirect.content, "application/n-triples") == expected
    assert (direct.status_code, direct.headers["content-type"]) == (200, TURTLE)
    assert graphs(world) == {"": DEFAULT, G: OLD, address: expected}


def test_an_escaped_address_keeps_its_escapes(world: RunningServer, writer: httpx.Client) -> None:
    made = writer.put("/data/a%20b%2Fc", content="<> <urn:x:p> <d> .", headers={"Content-Type": TURTLE})

    assert made.status_code == 201
    name = f"{world.url}/data/a%20b%2Fc"
    assert graphs(world)[name] == canonical(f"<{name}> <urn:x:p> <{world.url}/data/d> .")


def test_put_replaces_all_of_a_graph(world: RunningServer, writer: httpx.Client) -> None:
    answer = put(writer, "<urn:x:s> <urn:x:p> 2 , [] .")

    done(answer)
    assert graphs(world) == {"": DEFAULT, G: canonical("<urn:x:s> <urn:x:p> 2 , [] .")}


def test_the_default_graph_of_a_plain_store(world: RunningServer, writer: httpx.Client) -> None:
    done(writer.put("/data?default", content="[] <urn:x:p> 1 .", headers={"Content-Type": TURTLE}))
    first = graphs(world)
    done(writer.post("/data?default=", content="[] <urn:x:p> 1 .", headers={"Content-Type": TURTLE}))
    second = writer.get("/data", params={"default": ""})
    done(writer.delete("/data?default"))

    assert first == {"": canonical("[] <urn:x:p> 1 ."), G: OLD}
    assert canonical(second.content) == canonical("[] <urn:x:p> 1 . [] <urn:x:p> 1 .")
    assert graphs(world) == {"": "", G: OLD}
    assert writer.get("/data?default").status_code == 200


def test_an_empty_graph_is_a_graph(world: RunningServer, writer: httpx.Client) -> None:
    made = writer.put("/data/empty", content="", headers={"Content-Type": TURTLE})
    read = writer.get("/data/empty", headers={"Accept": "application/n-triples"})
    again = writer.put("/data/empty", content="")
    filled = writer.put("/data/empty", content="<urn:x:s> <urn:x:p> 1 .", headers={"Content-Type": TURTLE})

    assert (made.status_code, read.status_code, read.content) == (201, 200, b"")
    assert (again.status_code, filled.status_code) == (204, 204)
    assert graphs(world)[f"{world.url}/data/empty"] == canonical("<urn:x:s> <urn:x:p> 1 .")


def test_post_merges_and_keeps_blank_nodes_apart(world: RunningServer, writer: httpx.Client) -> None:
    def post(content: str) -> httpx.Response:
        return writer.post("/data", params={"graph": G}, content=content, headers={"Content-Type": TURTLE})

    done(post("_:b <urn:x:p> 1 . <urn:x:s> <urn:x:p> 2 , 3 ."))
    done(post("_:b <urn:x:p> 1 ."))
    done(post(""))

    expected = "<urn:x:s> <urn:x:p> 1 , 2 , 3 . _:b <urn:x:p> 1 . _:c <urn:x:p> 1 ."
    assert graphs(world) == {"": DEFAULT, G: canonical(expected)}


@pytest.mark.parametrize("path", ["/data", "/data/"])
def test_post_to_the_store_makes_a_graph_with_an_address(path: str, world: RunningServer, writer: httpx.Client) -> None:
    made = writer.post(path, content=PERSON, headers={"Content-Type": TURTLE})
    address = made.headers["location"]
    nothing = writer.post(address, content="", headers={"Content-Type": TURTLE})
    read = writer.get(address)
    other = writer.post(path, content=PERSON, headers={"Content-Type": TURTLE})

    assert (made.status_code, nothing.status_code, read.status_code) == (201, 204, 200)
    assert address.startswith(f"{world.url}/data/")
    assert canonical(read.content) == canonical(PERSON, base=address) == graphs(world)[address]
    assert other.headers["location"] != address


def test_post_to_a_named_graph_that_is_new(writer: httpx.Client) -> None:
    made = writer.post("/data/new", content="<urn:x:s> <urn:x:p> 1 .", headers={"Content-Type": TURTLE})

    assert made.status_code == 201
    assert "location" not in made.headers


@pytest.mark.parametrize(("method", "kept"), [("POST", OLD), ("PUT", "")])
def test_several_files_at_once(method: str, kept: str, world: RunningServer, writer: httpx.Client) -> None:
    files = [
        ("first", ("first.nt", b"<urn:x:s> <urn:x:q> _:b .", "application/n-triples")),
        ("untyped", ("untyped", b"<urn:x:s> <urn:x:q> 4 .", "")),
    ]

    done(writer.request(method, "/data", params={"graph": G}, files=files))

    added = canonical("<urn:x:s> <urn:x:q> [] , 4 .")
    expected = "\n".join(sorted([*kept.splitlines(), *added.splitlines()]))
    assert graphs(world)[G] == expected


def test_relative_iris_in_parts_have_the_base_of_the_graph(world: RunningServer, writer: httpx.Client) -> None:
    files = [
        ("a", ("a.ttl", b"<> <urn:x:p> _:b .", TURTLE)),
        ("b", ("b.rdf", RDF_XML.encode(), "application/rdf+xml")),
        ("c", ("c.ttl", b"<#c> <urn:x:p> _:b .", TURTLE)),
    ]

    made = writer.post("/data/d/parts", files=files)

    address = f"{world.url}/data/d/parts"
    expected = (
        f"<{address}> <urn:x:p> [] . <urn:x:s> <urn:x:p> <{world.url}/data/d/relative> . <{address}#c> <urn:x:p> [] ."
    )
    assert made.status_code == 201
    assert graphs(world)[address] == canonical(expected)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("<urn:x:s> <urn:x:p> <urn:x:o> .", "application/n-triples"),
        ("<urn:x:s> <urn:x:p> <urn:x:o> .", "application/n-quads"),
        ("<urn:x:s> <urn:x:p> <urn:x:o> .", "application/trig"),
        ("<urn:x:s> <urn:x:p> <urn:x:o> .", "TEXT/Turtle"),
        ('{"@id": "urn:x:s", "urn:x:p": {"@id": "urn:x:o"}}', "application/ld+json"),
        (RDF_XML.replace("relative", "urn:x:o"), "application/rdf+xml"),
        (RDF_XML.replace("relative", "urn:x:o"), ""),
    ],
)
def test_payloads_in_every_format(content: str, content_type: str, world: RunningServer, writer: httpx.Client) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    done(writer.put("/data", params={"graph": G}, content=content, headers=headers))

    assert graphs(world)[G] == canonical("<urn:x:s> <urn:x:p> <urn:x:o> .")


@pytest.mark.parametrize(
    ("content", "content_type", "status", "place"),
    [
        (RDF_XML, TURTLE, 400, (1, None)),
        ("<urn:x:s> <urn:x:p> 1 .\n<urn:x:s> <urn:x:p> oops .", TURTLE, 400, (2, 21)),
        (PERSON, "application/rdf+xml", 400, None),
        ("<urn:x:s> <urn:x:p> <urn:x:o> <urn:x:g> .", "application/n-quads", 400, None),
        ("<urn:x:g> { <urn:x:s> <urn:x:p> <urn:x:o> }", "application/trig", 400, None),
        ('{"@context": "http://127.0.0.1:9/", "@id": "urn:x:s", "p": 1}', "application/ld+json", 400, None),
        (b"<urn:x:s> <urn:x:p> '\xff' .", TURTLE, 400, None),
        ("a,b", "text/csv", 415, None),
        ("graph=1", "application/x-www-form-urlencoded", 415, None),
        ("<urn:x:s> <urn:x:p> 1 .".encode("utf-16"), "text/turtle; charset=utf-16", 415, None),
        ("no parts", "multipart/form-data", 400, None),
        ("no parts", "multipart/form-data; boundary=x", 400, None),
        (WITHOUT_FILE_NAME, "multipart/form-data; boundary=x", 400, None),
    ],
)  # fmt: skip
def test_payloads_that_cannot_be_read_change_nothing(
    content: str | bytes, content_type: str, status: int, place: tuple[int, int | None] | None,
    world: RunningServer, writer: httpx.Client,
) -> None:  # fmt: skip
    answer = put(writer, content, content_type)

    assert answer.status_code == status, answer.text
    problem_code(answer)
    if place is not None:
        assert answer.json()["line"] == place[0]
        assert place[1] in {None, answer.json()["column"]}
    assert graphs(world) == {"": DEFAULT, G: OLD}


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/data"),
        ("PUT", "/data/"),
        ("DELETE", "/data"),
        ("GET", "/data?graph=relative"),
        ("PUT", "/data?graph="),
        ("GET", "/data?graph=urn:x:g&default"),
        ("GET", "/data?graph=urn:x:g&graph=urn:x:h"),
        ("GET", "/data/x?graph=urn:x:g"),
        ("GET", "/data?graph=urn:x:a%20b"),
    ],
)
def test_addresses_that_name_no_graph(method: str, address: str, writer: httpx.Client) -> None:
    answer = writer.request(method, address)

    assert (answer.status_code, problem_code(answer)) == (400, "bad-request")


def test_delete_removes_a_graph_for_good(world: RunningServer, writer: httpx.Client) -> None:
    done(writer.delete("/data", params={"graph": G}))

    answers = [writer.request(method, "/data", params={"graph": G}) for method in ("GET", "HEAD", "DELETE")]
    assert [each.status_code for each in answers] == [404] * 3
    assert problem_code(answers[0]) == "not-found"
    assert graphs(world) == {"": DEFAULT}


def test_head_says_what_get_would(writer: httpx.Client) -> None:
    got, head = (writer.request(method, "/data", params={"graph": G}) for method in ("GET", "HEAD"))

    assert (head.status_code, head.content) == (200, b"")
    names = ("content-type", "content-length", "etag", "pedgraph-version")
    assert [head.headers[name] for name in names] == [got.headers[name] for name in names]


@pytest.mark.parametrize(
    ("accept", "status", "content_type"),
    [
        ("text/turtle", 200, TURTLE),
        ("application/ld+json", 200, "application/ld+json"),
        ("application/rdf+xml", 200, "application/rdf+xml"),
        ("text/html, application/n-triples;q=0.5", 200, "application/n-triples"),
        ("*/*", 200, TURTLE),
        ("image/png", 406, "application/problem+json"),
    ],
)
def test_formats_are_negotiated(accept: str, status: int, content_type: str, writer: httpx.Client) -> None:
    answer = writer.get("/data", params={"graph": G}, headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)
    if status == 200:
        assert canonical(answer.content, content_type.partition(";")[0]) == OLD


def test_a_tag_changes_with_its_graph_only(world: RunningServer, writer: httpx.Client) -> None:
    def tag(accept: str = "text/turtle") -> str:
        return writer.get("/data", params={"graph": G}, headers={"Accept": accept}).headers["etag"]

    first = tag()
    done(update(world, "INSERT DATA { GRAPH <urn:x:other> { <urn:x:s> <urn:x:p> 1 } }"))
    same = tag()
    known = writer.get("/data", params={"graph": G}, headers={"If-None-Match": first})
    done(put(writer, "<urn:x:s> <urn:x:p> 9 ."))
    changed = writer.get("/data", params={"graph": G}, headers={"If-None-Match": first})

    assert (first, known.status_code, known.content) == (same, 304, b"")
    assert (changed.status_code, canonical(changed.content)) == (200, canonical("<urn:x:s> <urn:x:p> 9 ."))
    assert len({first, tag(), tag("application/n-triples")}) == 3


def test_conditions_of_writes(world: RunningServer, writer: httpx.Client) -> None:
    tag = writer.get("/data", params={"graph": G}).headers["etag"]
    content = "<urn:x:s> <urn:x:p> 9 ."

    refused = [
        put(writer, content, if_match='"another"'),
        put(writer, content, if_match=f"W/{tag}"),
        put(writer, content, if_none_match="*"),
        writer.delete("/data", params={"graph": G}, headers={"If-Match": '"another"'}),
        writer.put("/data/new", content=content, headers={"Content-Type": TURTLE, "If-Match": "*"}),
    ]
    untouched = graphs(world)
    done(put(writer, content, if_match=f'"another", {tag}'))
    late = put(writer, "<urn:x:s> <urn:x:p> 8 .", if_match=tag)
    made = writer.put("/data/new", content=content, headers={"Content-Type": TURTLE, "If-None-Match": "*"})

    assert [(each.status_code, problem_code(each)) for each in (*refused, late)] == [(412, "precondition-failed")] * 6
    assert untouched == {"": DEFAULT, G: OLD}
    assert made.status_code == 201
    assert graphs(world)[G] == canonical(content)


def test_what_was_written_is_in_the_manifest(world: RunningServer, writer: httpx.Client, home_of_plain: Path) -> None:
    version = done(put(writer, "<urn:x:s> <urn:x:p> 1 , 2 , 3 , 4 .", pedgraph_author="somebody"))

    manifest = read_manifest(Versions(home_of_plain).directory(version))
    assert (manifest.author, manifest.reason, manifest.parent) == ("somebody", f"PUT {G}", version - 1)
    assert (manifest.graphs, manifest.quads, manifest.merged_triples) == ({G: 4}, 4, 1)
    assert manifest.changed == {G: version}


def test_too_much_is_refused(tmp_path: Path) -> None:
    settings = {"admin_key": KEY, "default_graph": "plain", "validate_writes": "off", "file_max_bytes": 1000}
    with running_server(tmp_path, readers=1, **settings) as running, client(running) as writer:
        fits = writer.put("/data/x", content="#" * 1000, headers={"Content-Type": TURTLE})
        graph = writer.put("/data/x", content="#" * 1001, headers={"Content-Type": TURTLE})
        text = update(running, "CLEAR ALL #" + "x" * 1000)

    assert fits.status_code == 201
    assert [(each.status_code, problem_code(each)) for each in (graph, text)] == [(413, "too-large")] * 2


def test_behind_a_proxy_a_graph_has_the_address_that_the_client_sees(
    world: RunningServer, writer: httpx.Client
) -> None:
    headers = {"Host": "ped.example", "X-Forwarded-Proto": "https", "Content-Type": TURTLE}

    made = writer.post("/data", content="<> <urn:x:p> 1 .", headers=headers)

    name = made.headers["location"]
    assert name.startswith("https://ped.example/data/")
    assert graphs(world)[name] == canonical(f"<{name}> <urn:x:p> 1 .")
