"""Small parts of the descriptions: site maps that are too large for one, codes, names, and text inside of pages."""

from __future__ import annotations

import json

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.catalogue import authorities, landing, sitemap
from pedgraph.delivery.catalogue.subject import MadeFile
from pedgraph.delivery.catalogue.triples import fragment, text_of
from pedgraph.store.manifest import Manifest

SITE = "https://graph.example/"
MANIFEST = Manifest(7, "2026-11-22T10:00:00+00:00", "A", "R", None, None, 1500, 1400, {"urn:x:g": 1500}, {})


def test_a_large_site_map_has_parts() -> None:
    paths = [f"doc/city/{number}" for number in range(5)]

    assert [sitemap.parts(paths[:number], 2) for number in range(6)] == [1, 1, 1, 2, 2, 3]
    assert sitemap.site_map(SITE, ["a&b", "c", "d"], 1, "2026-11-22", 2).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        "<url><loc>https://graph.example/a&amp;b</loc><lastmod>2026-11-22</lastmod></url>\n"
        "<url><loc>https://graph.example/c</loc><lastmod>2026-11-22</lastmod></url>\n"
        "</urlset>\n"
    )
    assert b"/d<" in sitemap.site_map(SITE, ["a&b", "c", "d"], 2, "2026-11-22", 2)
    index = sitemap.index(SITE, 2, "2026-11-22").decode()
    assert "<loc>https://graph.example/sitemap/1.xml</loc>" in index
    assert "<loc>https://graph.example/sitemap/2.xml</loc>" in index
    assert index.count("<sitemap>") == 2


def test_robots_are_told_where_not_to_go_below_the_start_of_the_site() -> None:
    lines = sitemap.robots("https://graph.example/pedgraph/", "/pedgraph/").decode().splitlines()

    assert lines[:2] == ["User-agent: *", "Allow: /pedgraph/"]
    assert all(line.startswith("Disallow: /pedgraph/") for line in lines[2:-2])
    assert lines[-1] == "Sitemap: https://graph.example/pedgraph/sitemap.xml"


def test_licences_and_languages_have_the_codes_of_the_union() -> None:
    table = "http://publications.europa.eu/resource/authority/"

    assert authorities.licence("https://creativecommons.org/licenses/by/4.0/").value == f"{table}licence/CC_BY_4_0"
    assert authorities.licence("https://licence.example/").value == "https://licence.example/"
    assert authorities.language("pt-br") == NamedNode(f"{table}language/POR")
    assert authorities.language("tlh") is None


def test_names_in_fragments_differ_as_the_iris_do() -> None:
    iris = ["https://w3id.org/pedgraph/ont#City", "http://x.example/a b", "http://x.example/a%20b", "urn:x:é"]

    assert [fragment(iri) for iri in iris] == [
        "pedg:City", "http://x.example/a%20b", "http://x.example/a%2520b", "urn:x:%E9",
    ]  # fmt: skip


def test_texts_keep_their_language() -> None:
    assert text_of("nl twee woorden") == [Literal("twee woorden", language="nl")]
    assert text_of(" plain") == [Literal("plain")]
    assert text_of("") == []


def test_a_script_element_is_not_ended_from_within() -> None:
    hostile = "</script><!-- & -->"
    text = landing.script_text(landing.members(SITE, MANIFEST, hostile, ()))

    assert not {"<", ">", "&"} & set(text)
    assert json.loads(text)["license"] == hostile


def test_the_landing_page_knows_the_files() -> None:
    members = landing.members(SITE, MANIFEST, "https://l.example/", [MadeFile("pedgraph.nq.gz", 12, "ab")])

    assert members["size"] == "1,500 statements in 1 graphs"
    assert members["distribution"][0] == {
        "@type": "DataDownload",
        "name": "All statements with their graphs as N-Quads",
        "contentUrl": "https://graph.example/dumps/7/pedgraph.nq.gz",
        "encodingFormat": "application/n-quads",
        "contentSize": "12 B",
        "sha256": "ab",
    }
    assert [set(each) for each in members["distribution"][1:]] == [
        {"@type", "name", "contentUrl", "encodingFormat"}
    ] * 4
