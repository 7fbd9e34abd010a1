"""The pages of the documentation: always the same, whole, and without a dead link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

import pytest

from pedgraph.delivery.documentation.building import differences, document
from pedgraph.delivery.documentation.pages import Site
from pedgraph.delivery.documentation.reading import read_sources
from pedgraph.delivery.documentation.scope import read_scope
from pedgraph.delivery.facts import Facts
from pedgraph.errors import OutputError
from pedgraph.intake.bundle import read_codes, read_ontology, read_shapes
from pedgraph.intake.messages import LANGUAGES, read_catalogue
from pedgraph.resources import documentation_directory, ontology_directory
from pedgraph.vocabulary.iris import SHAPES, TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What pages link to on the server itself, beside the documentation.
SERVED = re.compile(
    r"(ont|shapes|code/[a-z-]+)\?format=(ttl|jsonld|nt|rdf)|context/v1\.jsonld|frame/v1/.+|sparql(\?.+)?|readyz|conflicts"
    # The ways that all pages have; whether they are served is tested where they are.
    r"|peds|sites|projects|cities|organisations|ateliers|events|indicators|sources|coverage|versions|openapi\.json"
    r"|dumps|catalog|feed\.atom|contribute|contribute/sign-in|documentation/index\.html"
)
# Elements that make a browser fetch something.
LOADING = {"audio", "embed", "iframe", "img", "object", "script", "source", "track", "video"}
VOID = {"base", "br", "hr", "img", "input", "link", "meta"}


@dataclass
class Page(HTMLParser):
    """A page as a browser sees it: its anchors, its links, what it loads, and its headings in order."""

    path: str
    anchors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    open_elements: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return hash(self.path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        self.anchors += [given["id"]] if "id" in given else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "link" and given["rel"] != "alternate":
            self.loaded.append(given["href"])
        elif tag in LOADING:
            self.loaded.append(given.get("src") or given.get("data") or tag)
        elif "href" in given:
            self.links.append(given["href"])
        self.faults += [name for name in given if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open_elements.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_elements or self.open_elements.pop() != tag:
            self.faults.append(f"</{tag}>")


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return Site(read_sources()).pages()


@pytest.fixture(scope="module")
def pages(contents: Mapping[str, bytes]) -> dict[str, Page]:
    parsed = {}
    for path, content in contents.items():
        if path.endswith(".html"):
            parsed[path] = Page(path)
            parsed[path].feed(content.decode())
            parsed[path].close()
    return parsed


def test_the_committed_pages_are_those_that_would_be_written(tmp_path: Path) -> None:
    written = document(tmp_path)

    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    folder = documentation_directory()
    committed = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}

    assert sorted(made) == written == sorted(committed)
    assert {path for path in made if made[path] != committed[path]} == set()


def test_a_page_that_differs_is_named_and_mended(tmp_path: Path) -> None:
    document(tmp_path)
    (tmp_path / "index.html").write_bytes(b"<html></html>")
    (tmp_path / "style.css").unlink()
    city = (tmp_path / "classes" / "City.html").read_bytes()
    (tmp_path / "classes" / "Gone.html").write_bytes(city)
    (tmp_path / "classes" / "City.html").write_bytes(city + b"<!-- -->")
    (tmp_path / "mine.html").write_bytes(b"<p>My own page, which was not made by the generator.</p>")

    assert differences(tmp_path) == ["classes/City.html", "classes/Gone.html", "index.html", "style.css"]

    document(tmp_path)

    assert differences(tmp_path) == []
    assert not (tmp_path / "classes" / "Gone.html").exists()
    assert (tmp_path / "mine.html").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OutputError) as caught:
        document(tmp_path / "file")

    assert str(tmp_path / "file") in str(caught.value)


def test_everything_has_its_page_or_anchor(contents: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    ontology, codes = Facts(read_ontology()), Facts(read_codes())
    classes = [each.removeprefix(TERMS) for each in ontology.of_kind("owl:Class")]
    kinds = ("owl:ObjectProperty", "owl:DatatypeProperty")
    properties = [each.removeprefix(TERMS) for kind in kinds for each in ontology.of_kind(kind)]
    modules = [path.stem for path in ontology_directory().glob("*.ttl")]
    schemes = {each.rpartition("/")[2]: each for each in codes.of_kind("skos:ConceptScheme")}
    shapes = [each.removeprefix(SHAPES) for each in Facts(read_shapes()).of_kind("sh:PropertyShape")]

    assert {path for path in contents if "/" in path} == {
        *(f"classes/{name}.html" for name in classes),
        *(f"modules/{name}.html" for name in modules),
        *(f"codes/{name}.html" for name in schemes),
    }
    assert {*classes, *properties} <= set(pages["ontology.html"].anchors)
    assert {name for name in shapes if name.startswith("S")} <= set(pages["shapes.html"].anchors)
    others = {key for key in read_catalogue("en").templates if not key.startswith("S")} | {"S08"}
    assert others <= set(pages["file-rules.html"].anchors)
    assert {f"{each}-{language}" for each in others for language in LANGUAGES if language != "en"} <= set(
        pages["file-rules.html"].anchors
    )
    for name, scheme in schemes.items():
        members = {each.rpartition("/")[2] for each in codes.subjects("skos:inScheme", scheme)}
        assert members <= set(pages[f"codes/{name}.html"].anchors)
        assert members
    assert all("svg" in pages[f"modules/{name}.html"].elements for name in modules)
    assert len(classes) > 40
    assert len(schemes) > 15


def test_every_link_leads_somewhere(contents: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    dead = set()
    for page in pages.values():
        for link in page.links:
            if re.match(r"https?://", link):
                continue
            path, _, anchor = link.partition("#")
            target = normpath(join(dirname(page.path), path)) if path else page.path
            if target == "..":  # The start of the site.
                continue
            if target.startswith("../"):
                dead |= {(page.path, link)} if SERVED.fullmatch(target.removeprefix("../")) is None else set()
            elif target not in contents or (anchor and anchor not in pages[target].anchors):
                dead.add((page.path, link))

    assert dead == set()
    assert sum(len(page.links) for page in pages.values()) > 1000


def test_a_page_loads_its_stylesheet_and_nothing_else(contents: Mapping[str, bytes], pages: Mapping[str, Page]) -> None:
    for page in pages.values():
        assert page.loaded == ["../" * page.path.count("/") + "style.css"], page.path
    assert not re.search(rb"url\(|@import", contents["style.css"])


def test_a_page_is_well_formed(pages: Mapping[str, Page]) -> None:
    for page in pages.values():
        assert page.faults == [], page.path
        assert page.open_elements == [], page.path
        assert len(page.anchors) == len(set(page.anchors)), page.path
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        pairs = zip(page.headings, page.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in pairs), page.path
        assert {"header", "nav", "main", "footer"} <= set(page.elements)


def test_nothing_is_said_of_what_is_missing(contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        assert not re.search(rb">None<|Undefined|There is none yet|_:", content), path


@pytest.mark.parametrize(
    ("note", "starts", "ends", "schemes", "many"),
    [
        ("From a hub to a city; exactly one.", ["hub"], ["city"], [], "exactly one"),
        ("From a hub, open lab or city to a lab. A city too.", ["hub", "open lab", "city"], ["open lab"], [], ""),
        ("From a city to a member of the code list city-role or x-role.", ["city"], [], ["city-role", "x-role"], ""),
        ("From a city to a member of a code list such as city-role.", ["city"], [], [], ""),
        ("From a city document to any hub, for example a city.", ["city"], ["hub"], [], ""),
        ("From a moon to the sun.", [], [], [], ""),
        ("Abstract: use a hub or a city.", [], [], [], ""),
    ],
)
def test_a_scope_note_is_read(note: str, starts: list[str], ends: list[str], schemes: list[str], many: str) -> None:
    scope = read_scope(note, {"hub": "hub", "open lab": "open lab", "city": "city"})

    assert (list(scope.starts), list(scope.ends), list(scope.schemes), scope.many) == (starts, ends, schemes, many)
