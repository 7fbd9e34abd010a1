"""Every route of the application: who gets in, and who is told what. A route without a line here fails."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.intake.audit import Audit
from pedgraph.intake.keys import FILE_NAME, Keys
from pedgraph.settings import Settings
from pedgraph.web.app import create_app
from tests.http.visitors import COOKIE, Visitor, shown, visiting
from tests.servers import running_server
from tests.staff import Staff, district, hire, problem, sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

PEOPLE = ("", "Ann", "Bob", "Eve", "Ada")
# Where somebody gets in who sends nothing that could be carried out.
ONE = "/submissions/{identifier}"
# What nobody, the submitter, another submitter, a steward and an admin get.
ALL: dict[str, tuple[int, ...]] = {
    "anybody": (200, 200, 200, 200, 200),
    "led": (303, 303, 303, 303, 303),
    "moved": (308, 308, 308, 308, 308),
    "no file": (400, 400, 400, 400, 400),
}
PAGES: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/contribute"): ALL["anybody"],
    ("GET", "/contribute/"): ALL["moved"],
    ("GET", "/contribute/review/"): ALL["moved"],
    ("GET", "/contribute/sign-in/"): ALL["moved"],
    ("GET", "/contribute/submissions/"): ALL["moved"],
    ("GET", "/contribute/submissions/{identifier}/"): ALL["moved"],
    ("GET", "/contribute/template"): ALL["led"],
    ("POST", "/contribute/check"): ALL["no file"],
    ("GET", "/contribute/sign-in"): ALL["anybody"],
    ("POST", "/contribute/sign-in"): (401, 401, 401, 401, 401),
    ("POST", "/contribute/sign-out"): (303, 403, 403, 403, 403),
    ("GET", "/contribute/submissions"): (303, 200, 200, 200, 200),
    ("POST", "/contribute/submissions"): (303, 400, 400, 403, 400),
    ("GET", f"/contribute{ONE}"): (303, 200, 403, 200, 200),
    ("POST", f"/contribute{ONE}/revision"): (303, 400, 403, 403, 400),
    ("POST", f"/contribute{ONE}/withdrawal"): (303, 403, 403, 403, 403),
    ("GET", f"/contribute{ONE}/original"): (303, 200, 403, 200, 200),
    ("GET", f"/contribute{ONE}/findings.{{suffix}}"): (303, 200, 403, 200, 200),
    ("GET", "/contribute/review"): (303, 403, 403, 200, 200),
    ("POST", f"/contribute{ONE}/decision"): (303, 403, 403, 403, 403),
}
ADMINS = (401, 403, 403, 403)
KEYED: dict[tuple[str, str], tuple[int, ...]] = {
    ("POST", "/submissions"): (401, 400, 400, 403, 400),
    ("GET", "/submissions"): (401, 200, 200, 200, 200),
    ("GET", ONE): (401, 200, 403, 200, 200),
    ("GET", f"{ONE}/original"): (401, 200, 403, 200, 200),
    ("GET", f"{ONE}/findings"): (401, 200, 403, 200, 200),
    ("GET", f"{ONE}/receipt"): (401, 200, 403, 200, 200),
    ("GET", f"{ONE}/preview"): (401, 200, 403, 200, 200),
    ("POST", f"{ONE}/decisions"): (401, 403, 403, 400, 400),
    ("POST", f"{ONE}/withdrawal"): (401, 412, 403, 412, 412),
    ("GET", "/audit"): (*ADMINS, 200),
    ("POST", "/update"): (*ADMINS, 415),
    ("POST", "/update/"): (*ADMINS, 415),
    ("GET", "/data"): (*ADMINS, 404),
    ("PUT", "/data"): (*ADMINS, 400),
    ("POST", "/data"): (*ADMINS, 400),
    ("DELETE", "/data"): (*ADMINS, 404),
    ("GET", "/data/{path:path}"): (*ADMINS, 404),
    ("PUT", "/data/{path:path}"): (*ADMINS, 400),
    ("POST", "/data/{path:path}"): (*ADMINS, 400),
    ("DELETE", "/data/{path:path}"): (*ADMINS, 404),
    ("GET", "/queries/running"): (*ADMINS, 200),
    ("DELETE", "/queries/running/{identifier}"): (*ADMINS, 404),
    ("POST", "/queries/running/{identifier}/cancel"): (*ADMINS, 404),
}
# For everybody, and the same whoever asks.
OPEN = {
    "/validate": 200, "/templates": 200, "/templates/": 200, "/templates/{file_name}": 404, "/healthz": 200,
    "/readyz": 200, "/assets/{digest}/{name:path}": 404, "/sparql/completion.json": 200, "/": 200, "/ont": 200,
    "/ont/{version}": 404, "/shapes": 200, "/shapes/{version}": 404, "/code/{scheme}": 404,
    "/code/{scheme}/{slug}": 404, "/indicator/{slug}": 404, "/context/v1.jsonld": 200, "/frame/v1/{kind}.jsonld": 404,
    "/conflicts": 200, "/coverage": 200, "/documentation": 308, "/documentation/{path:path}": 404, "/versions": 200,
    "/versions/": 200, "/queries": 200, "/queries/": 200, "/queries/{name}": 404, "/queries/{name}/": 404,
    "/id/{path:path}": 404, "/doc/{path:path}": 404, "/search": 200, "/search/suggestions": 200, "/sources": 200,
    "/graph/{path:path}": 404, "/timemap/link/{path:path}": 404, "/timemap/json/{path:path}": 404, "/problem": 200,
    "/problem/{code}": 404, "/profile": 200, "/profile/{name}": 404, "/service": 200, "/ref": 303,
    "/version/{number}": 404, "/w3id.htaccess": 200, "/ont.{suffix}": 200, "/shapes.{suffix}": 200, "/feed": 200,
    "/feed/": 200, "/feed.atom": 200, "/feed/{edition}/{page}": 404, "/feed/{edition}/{page}.atom": 404,
    "/void": 200, "/.well-known/void": 200, "/catalog": 200, "/robots.txt": 200, "/sitemap.xml": 200,
    "/sitemap/{part}.xml": 404, "/versions/{version}": 404, "/dumps": 200, "/dumps/": 200, "/dumps/{version}": 404,
    "/dumps/{version}/": 404, "/dumps/{version}/{name:path}": 404, "/context/list-v1.jsonld": 200,
    "/favicon.ico": 200,
    **dict.fromkeys(map("/{}".format, COLLECTIONS), 200), **dict.fromkeys(map("/{}/".format, COLLECTIONS), 308),
}  # fmt: skip
NO_FILE: dict[str, Any] = {"files": {"other": ("", b"")}}
# What is sent along, where an empty request would not get as far as it should.
SENT: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/contribute/check"): NO_FILE,
    ("POST", "/contribute/submissions"): NO_FILE,
    ("POST", f"/contribute{ONE}/revision"): NO_FILE,
    ("POST", "/submissions"): NO_FILE,
    ("POST", f"{ONE}/withdrawal"): {"headers": {"If-Match": '"another"'}},
    ("GET", "/data"): {"params": {"graph": "urn:x:none"}},
    ("DELETE", "/data"): {"params": {"graph": "urn:x:none"}},
    ("POST", "/data"): {"params": "graph=a&default"},
    ("PUT", "/data/{path:path}"): {"params": "graph=a&default"},
    ("POST", "/data/{path:path}"): {"params": "graph=a&default"},
}


def routes() -> set[tuple[str, str]]:
    """Method and path of all routes that there are, but for HEAD and OPTIONS, which go with them."""
    found = {(method, each.path) for each in create_app(Settings()).state.routes for method in each.methods}
    return {(method, path) for method, path in found if method not in {"HEAD", "OPTIONS"}}


@pytest.fixture(scope="module")
def visitors(staff: Staff) -> Iterator[dict[str, Visitor]]:
    """Everybody in a browser of their own."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(visiting(staff, name)) for name in PEOPLE}


@pytest.fixture(scope="module")
def identifier(staff: Staff) -> str:
    """A submission of Ann's."""
    return sent(staff.submit("Ann", district("roles")))


def filled(path: str, identifier: str) -> str:
    for name in (
        "name:path",
        "path:path",
        "file_name",
        "code",
        "number",
        "digest",
        "version",
        "scheme",
        "slug",
        "kind",
        "name",
        "part",
    ):
        path = path.replace(f"{{{name}}}", "none")
    return path.replace("{identifier}", identifier).replace("{suffix}", "json")


def test_every_route_has_a_line() -> None:
    assert routes() == {*PAGES, *KEYED, *(("POST" if path == "/validate" else "GET", path) for path in OPEN)}


@pytest.mark.parametrize("route", PAGES, ids=" ".join)
def test_each_page_lets_in_whom_it_should(
    staff: Staff, visitors: dict[str, Visitor], identifier: str, route: tuple[str, str]
) -> None:
    method, path = route[0], filled(route[1], identifier)
    answers = [each.client.request(method, path, **SENT.get(route, {})) for each in visitors.values()]
    assert tuple(each.status_code for each in answers) == PAGES[route]
    for answer, status in zip(answers, PAGES[route], strict=True):
        if status in {400, 401, 403}:
            shown(answer)
        if status != 308:
            assert "location" not in answer.headers or not answer.headers["location"].startswith(("/", "http"))
    # Signed in nowhere: with a session that never was, with a key as a session, and with a key in the header.
    for cookie in ("x" * 43, staff.tokens["Ada"], '"; a=b', "\xe9"):
        with visiting(staff, headers={b"Cookie": f"{COOKIE}={cookie}".encode("latin-1")}) as stranger:
            assert stranger.client.request(method, path, **SENT.get(route, {})).status_code == PAGES[route][0]
    answer = staff.client("Ada").request(method, path, **SENT.get(route, {}))
    assert answer.status_code == PAGES[route][0]


@pytest.mark.parametrize("route", KEYED, ids=" ".join)
def test_each_route_knows_whose_submission_it_is(
    staff: Staff, visitors: dict[str, Visitor], identifier: str, route: tuple[str, str]
) -> None:
    path = filled(route[1], identifier if route[1].startswith("/sub") else "1-1")
    answers = [staff.client(name).request(route[0], path, **SENT.get(route, {})) for name in PEOPLE]
    assert tuple(each.status_code for each in answers) == KEYED[route]
    codes = {401: "unauthorized", 403: "forbidden"}
    refused = [each for each in answers if each.status_code in codes]
    assert [problem(each) for each in refused] == [(each.status_code, codes[each.status_code]) for each in refused]
    # A session is for the pages only.
    assert visitors["Ada"].client.request(route[0], path, **SENT.get(route, {})).status_code == 401


@pytest.mark.parametrize("path", OPEN)
def test_what_is_for_everybody_asks_for_no_key(staff: Staff, path: str) -> None:
    method = "POST" if path == "/validate" else "GET"
    found: list[httpx.Response] = [
        staff.client(name).request(method, filled(path, "none")) for name in ("", "Garbage", "Gone", "Ann")
    ]
    assert [each.status_code for each in found] == [OPEN[path]] * 4


def test_a_session_ends_with_its_key_and_with_its_time(home: Path) -> None:
    tokens = hire(home)
    with running_server(home, readers=2, workers=2) as server:
        staff = Staff(server, home, tokens)
        with visiting(staff, "Eve") as eve, visiting(staff, "Ann") as ann:
            # Each request over a connection of its own, so that both web processes get some.
            close = {"headers": {"Connection": "close"}}
            assert {eve.get("/contribute/review", **close).status_code for _ in range(8)} == {200}
            identifier = ann.submit(district("two-processes")).rpartition("/")[2]
            pages = {ann.get(f"/contribute/submissions/{identifier}", **close).status_code for _ in range(8)}
            assert pages == {200}

            with visiting(staff) as stranger:
                stranger.client.post("/contribute/sign-in", data={"key": tokens["Garbage"]})
            (noted,) = Audit(home).entries(1)
            assert [noted[each] for each in ("name", "action", "outcome")] == ["", "sign in", "unauthorized"]

            (key,) = [each for each in Keys(home).listing() if each.name == "Eve"]
            Keys(home).revoke(key.id)
            assert {eve.get("/contribute/review", **close).status_code for _ in range(8)} == {303}
            assert eve.post(f"/contribute/submissions/{identifier}/decision", decision="accept").status_code == 303

            with sqlite3.connect(home / FILE_NAME) as connection:
                connection.execute("UPDATE sessions SET expires = '2020-01-01T00:00:00+00:00'")
            connection.close()
            answer = ann.post(f"/contribute/submissions/{identifier}/withdrawal")
            back = f"%2Fcontribute%2Fsubmissions%2F{identifier}"
            assert answer.headers["location"] == f"../../../contribute/sign-in?next={back}"
