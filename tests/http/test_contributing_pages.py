"""The pages for contributors under attack: forms of other sites, hostile texts, stale pages, and errors that tell."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx

from pedgraph.intake.keys import FILE_NAME
from tests.http.visitors import COOKIE, PAGE, Visitor, shown, visiting
from tests.servers import running_server
from tests.staff import SUBMISSION, Staff, district

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "<script>alert(1)</script>\"'>{{7*7}}\u202egpj.exe"
ADDRESS = re.compile(r'(?:href|src|action)="([^"]*)"')
RDF = b"<urn:a> <urn:b> <urn:c> ."


def page_of(answer: httpx.Response) -> str:
    """The path of the page that an answer leads to."""
    assert answer.next_request is not None, answer.text
    return answer.next_request.url.path


def test_the_cookie_is_for_these_pages_alone(staff: Staff) -> None:
    with visiting(staff) as visitor:
        fields = {"key": staff.tokens["Ann"]}
        plain = visitor.client.post("/contribute/sign-in", data=fields)
        secure = visitor.client.post("/contribute/sign-in", data=fields, headers={"X-Forwarded-Proto": "https"})
        flags = [set(each.headers["set-cookie"].split("; ")[1:]) for each in (plain, secure)]
        wanted = {"HttpOnly", "Max-Age=43200", "SameSite=strict"}
        assert flags == [wanted, {*wanted, "Secure"}]
        assert {each.path for each in visitor.client.cookies.jar} == {"/contribute"}
    with visiting(staff, "Ann") as ann:
        answer = ann.post("/contribute/sign-out")
        assert (page_of(answer), len(ann.client.cookies)) == ("/contribute", 0)


def test_a_session_that_somebody_brings_is_never_made_theirs(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann, visiting(staff) as visitor:
        (former,) = ann.client.cookies.values()
        for brought in ("x" * 43, former):
            headers = {"Cookie": f"{COOKIE}={brought}"}
            answer = visitor.client.post("/contribute/sign-in", data={"key": staff.tokens["Bob"]}, headers=headers)
            assert answer.headers["set-cookie"].partition(";")[0].partition("=")[2] not in {brought, former, ""}
        # Whoever signs in where somebody else was signed in ends that session.
        assert ann.get("/contribute/submissions").status_code == 303


def test_no_form_counts_without_the_token_of_its_session(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann, visiting(staff, "Eve") as eve:
        path = ann.submit(district("forged"))
        before = eve.get(path).text
        for token in ("", "0" * 64, "\u20ac", ann.form_token[:-1]):
            forged, forged_too = Visitor(ann.client, token), Visitor(eve.client, token or ann.form_token)
            answers = [
                forged.send("/contribute/submissions", district("forged-too")),
                forged.send(f"{path}/revision", district("forged-too")),
                forged.post(f"{path}/withdrawal", why="Forged"),
                forged_too.post(f"{path}/decision", decision="accept"),
                forged.post("/contribute/sign-out"),
            ]
            assert [shown(each) for each in answers] == [(403, "This form does not hold any more")] * 5
        assert eve.get(path).text == before
    code = "stale-form"
    noted = staff.client("Ada").get("/audit", params={"limit": 5}).json()["entries"]
    assert [(each["name"], each["outcome"]) for each in noted[::-1]] == [
        *[("Ann", code)] * 3, ("Eve", code), ("Ann", code),
    ]  # fmt: skip


def test_nobody_is_signed_in_by_another_site_or_led_to_one(staff: Staff) -> None:
    with visiting(staff) as visitor:
        for site in ("cross-site", "same-site"):
            headers = {"Sec-Fetch-Site": site}
            answer = visitor.client.post("/contribute/sign-in", data={"key": staff.tokens["Ann"]}, headers=headers)
            assert (shown(answer)[0], "set-cookie" in answer.headers) == (403, False)
        elsewhere = (
            "//evil.example", "/\\evil.example", "https://evil.example", "/contribute//evil.example",
            "/contribute/..//x", "/contribute\r\nSet-Cookie: a=b", "/contribute%0d%0aX: y", "javascript:alert(1)",
            "/contributeevil", "/contribute/\u2215evil", "\uff0f\uff0fevil.example", "/contribute/submissions\n",
            "@evil.example",
        )  # fmt: skip
        for back in elsewhere:
            answer = visitor.client.post("/contribute/sign-in", data={"key": staff.tokens["Ann"], "next": back})
            assert answer.headers["location"] == "../contribute/submissions", back
            page = visitor.get("/contribute/sign-in", params={"next": back}).text
            assert 'name="next" value="/contribute/submissions"' in page
        answer = visitor.client.post(
            "/contribute/sign-in", data={"key": staff.tokens["Ann"], "next": "/contribute/review"}
        )
        assert page_of(answer) == "/contribute/review"


def test_a_wrong_key_is_told_without_it(staff: Staff) -> None:
    with visiting(staff) as visitor:
        for key in (staff.tokens["Gone"], staff.tokens["Late"], staff.tokens["Garbage"], "\u20ac" * 1000, ""):
            answer = visitor.client.post("/contribute/sign-in", data={"key": key})
            assert shown(answer) == (401, "Sign in")
            assert not key or html.escape(key) not in answer.text
            assert COOKIE not in visitor.client.cookies


def test_all_addresses_hold_behind_a_proxy_that_adds_a_path(staff: Staff) -> None:
    with visiting(staff, "Ada") as ada, visiting(staff) as nobody:
        path = ada.submit(district("prefixed"))
        answers = [
            *(ada.get(each) for each in ("/contribute", "/contribute/submissions", "/contribute/review", path)),
            *(nobody.get(each) for each in ("/contribute", "/contribute/sign-in", path, "/contribute/none/none")),
            ada.post(f"{path}/decision", decision="reject"),
            ada.send(f"{path}/revision", b"", file_name=""),
            ada.get(f"{path}/"),
            ada.get("/contribute/"),
            ada.get("/contribute/template"),
            nobody.send("/contribute/check", RDF),
        ]
        for answer in answers:
            own = f"http://proxy/kg{answer.request.url.path}"
            found = [*ADDRESS.findall(answer.text), *filter(None, [answer.headers.get("location")])]
            assert found
            strange = {each for each in found if not urljoin(own, each).startswith("http://proxy/kg/")}
            assert strange <= {"https://w3id.org/pedgraph/shapes#S08"}, own


def test_every_page_is_safe_to_look_at(staff: Staff) -> None:
    with visiting(staff, "Ada") as ada:
        ada.send("/contribute/submissions", district("hostile"), EVIL.replace("/", "_") + ".ttl", title=EVIL, note=EVIL)
        listed = ada.get("/contribute/submissions").text
        path = f"/contribute/{re.findall(r'contribute/(submissions/[0-9-]+)', listed)[0]}"
        answers = [
            ada.get("/contribute/submissions"), ada.get("/contribute/review"), ada.get(path),
            ada.post(f"{path}/decision", decision="accept", comment=EVIL, expected="99"),
            ada.post(f"{path}/decision", decision=EVIL), ada.get("/contribute/none/" + EVIL.replace("/", "")),
            ada.send("/contribute/submissions", RDF, title=EVIL, licence=EVIL, source_address="javascript:alert(1)"),
            ada.send(
                "/contribute/check",
                f'<javascript:alert(1)> <data:text/html,x> "{EVIL[:-9].replace(chr(34), chr(39))}\x07" .'.encode(),
                f"{EVIL}.ttl",
            ),
            ada.get("/contribute/sign-in", params={"next": EVIL}),
            ada.get("/contribute", params={"language": EVIL}),
        ]  # fmt: skip
        for answer in answers:
            assert answer.headers["content-type"] == PAGE, answer.request.url
            assert "<script>alert" not in answer.text
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", answer.text)
            scripts = re.findall(r"<script\b.*?</script>", answer.text)
            assert [re.sub("assets/[0-9a-f]+/", "", each).replace("../", "") for each in scripts] == [
                '<script type="module" src="site.js"></script>', '<script type="module" src="contribute.js"></script>'
            ]  # fmt: skip
            assert not re.search(r"<[a-z][^>]*\s(?:on[a-z]+|style)\s*=", answer.text)
            assert not re.search(r'(?:href|src|action)="(?:javascript|data):', answer.text)
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';")
            names = ("cache-control", "x-content-type-options", "referrer-policy")
            assert [answer.headers[each] for each in names] == ["no-store", "nosniff", "same-origin"]
        shown_name = answers[2].text.partition("<h1>")[2].partition("</h1>")[0]
        assert html.unescape(shown_name) == EVIL.replace("\u202e", "\ufffd")
        head = ada.client.head(path)
        assert (head.status_code, head.content, head.headers["cache-control"]) == (200, b"", "no-store")


def test_texts_that_are_too_long_or_no_text_are_refused_and_kept_in_the_form(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann, visiting(staff, "Eve") as eve:
        path = ann.submit(district("long"))
        for comment in ("x" * 100_000, "a\0b", "a\x1b[31mb"):
            answer = eve.post(f"{path}/decision", decision="request-changes", comment=comment)
            assert shown(answer) == (400, SUBMISSION["title"])
            if comment.isprintable():
                assert f">{comment}</textarea>" in answer.text
            assert shown(ann.post(f"{path}/withdrawal", why=comment))[0] == 400
        for expected in ("9" * 5000, "\u0669", "-1", "1.0", ""):
            answer = eve.post(f"{path}/decision", decision="accept", expected=expected)
            assert shown(answer)[0] == 400, expected
        answer = ann.send("/contribute/submissions", district("kept"), title="A <title>", source_read_on="tomorrow")
        assert shown(answer)[0] == 400
        assert 'name="title" value="A &lt;title&gt;"' in answer.text
        assert 'name="source_read_on" type="date" value="tomorrow"' in answer.text
        assert "is no day" in answer.text
        assert ann.get(path).text.count("in review") >= 1


def test_two_stewards_decide_at_once_and_one_is_told(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann, visiting(staff, "Eve") as eve, visiting(staff, "Ada") as ada:
        path = ann.submit(district("contested"))
        tag = re.findall(r'name="expected" value="(\d+)"', eve.get(path).text)[0]

        def accept(who: Visitor) -> httpx.Response:
            return who.post(f"{path}/decision", decision="accept", comment="Seen & good", expected=tag)

        with ThreadPoolExecutor(2) as threads:
            answers = sorted(threads.map(accept, (eve, ada)), key=lambda each: each.status_code)
        assert [each.status_code for each in answers] == [303, 409]
        assert shown(answers[1]) == (409, SUBMISSION["title"])
        assert "It is not in a state in which this can be done" in answers[1].text
        assert ">accepted</span>" in answers[1].text
        # The page before the decision, sent once more: whoever goes back changes nothing.
        late = eve.post(f"{path}/decision", decision="reject", comment="Late", expected=tag)
        assert shown(late)[0] == 409
        assert ">accepted</span>" in ann.get(path).text


def test_a_file_sent_twice_is_one_submission(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann:
        assert ann.submit(district("double")) == ann.submit(district("double"))


def test_what_is_withdrawn_is_gone_as_a_page(staff: Staff) -> None:
    with visiting(staff, "Ann") as ann:
        path = ann.submit(district("gone"))
        assert page_of(ann.post(f"{path}/withdrawal", why="A mistake")) == "/contribute/submissions"
        for each in (path, f"{path}/original", f"{path}/findings.json"):
            assert shown(ann.get(each)) == (410, "The submission was withdrawn")
        assert shown(ann.post(f"{path}/withdrawal"))[0] == 410
        assert "withdrawn" in ann.get("/contribute/submissions").text


def test_browsers_get_pages_for_errors_and_programs_documents(staff: Staff) -> None:
    browser, program = {"Accept": "text/html,*/*;q=0.8"}, {"Accept": "application/json"}
    for method, path, status in (
        ("GET", "/contribute/none", 404),
        ("GET", "/contribute/submissions/a/b", 404),
        ("GET", "/contribute/check", 405),
        ("PUT", "/contribute/submissions", 405),
    ):
        answer = staff.client().request(method, path, headers=browser)
        assert (shown(answer)[0], answer.headers["x-content-type-options"]) == (status, "nosniff")
        answer = staff.client().request(method, path, headers=program)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    allowed = {path: staff.client().put(path).headers["allow"] for path in ("/contribute/submissions", "/submissions")}
    assert allowed == {"/contribute/submissions": "GET, HEAD, POST", "/submissions": "GET, HEAD, OPTIONS, POST"}


def test_the_cells_of_a_table_are_on_every_page_about_it(staff: Staff) -> None:
    table = b"Name,City\nNorth,Nowhere\n"
    sheets = [
        {
            "source": "districts.csv",
            "sheet": "",
            "header": {"line": 1, "values": ["Name", "City"]},
            "rows": [{"line": 2, "values": ["North", "Nowhere"]}],
        }
    ]
    checked = staff.client().post("/validate", files={"file": ("districts.csv", table)}).json()
    with visiting(staff, "Ann") as ann:
        pages = [ann.client.post("/contribute/check", files={"file": ("districts.csv", table)}).text]
        sent = ann.send("/contribute/submissions", table, "districts.csv")
        pages.append(ann.get(page_of(sent)).text)
        kept = ann.get(f"{page_of(sent)}/findings.json").json()

    assert (checked["sheets"], checked["rows_left_out"]) == (kept["sheets"], kept["rows_left_out"]) == (sheets, 0)
    for page in pages:
        assert re.findall(r'(?:id="|href="#)(cell-[^"]*)"', page) == ["cell-districts-csv-B2"] * 2


def test_only_tables_are_marked(staff: Staff) -> None:
    with visiting(staff) as visitor:
        assert shown(visitor.client.post(
            "/contribute/check", files={"file": ("a.ttl", RDF)}, data={"as": "workbook"}
        )) == (406, "Contribute data")  # fmt: skip
    answer = staff.client().post("/validate", params={"format": "xlsx"}, files={"file": ("a.ttl", RDF)})
    assert answer.status_code == 406


def test_without_keys_the_pages_say_so(home: Path) -> None:
    with running_server(home, readers=1) as server, httpx.Client(base_url=server.url) as client:
        page = client.get("/contribute/sign-in")
        assert (shown(page), 'name="key"' in page.text) == ((200, "Sign in"), False)
        assert "this server has no keys" in page.text
        assert shown(client.post("/contribute/sign-in", data={"key": "x"})) == (403, "Sign in")
        assert client.get("/contribute/submissions").status_code == 303
        assert shown(client.post("/contribute/check", files={"file": ("a.ttl", RDF)}))[0] == 200
        assert not (home / FILE_NAME).exists()
        # What goes wrong inside names no files of the server.
        (home / FILE_NAME).write_bytes(b"no database at all" * 100)
        broken = client.get("/contribute/submissions", headers={"Cookie": f"{COOKIE}=x"})
        assert shown(broken) == (500, "The store cannot be read or written")
        assert str(home) not in broken.text
    assert str(home) in server.logged()
