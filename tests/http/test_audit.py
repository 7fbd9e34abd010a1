"""The audit log: all writes are in it, with who and what came of it; and it only grows."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from pedgraph.intake.access import Who
from pedgraph.intake.audit import FILE_NAME, NOBODY, Audit, Deed
from tests.staff import Staff, district, sent

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


def newest(client: httpx.Client, count: int) -> list[tuple[str, str, str, str, str]]:
    entries: list[dict[str, Any]] = client.get("/audit", params={"limit": count}).json()["entries"]
    return [tuple(each[name] for name in ("name", "role", "action", "object", "outcome")) for each in entries][::-1]


def test_each_write_and_each_refusal_is_an_entry(staff: Staff) -> None:
    update = {"Content-Type": "application/sparql-update"}
    graph = "https://w3id.org/pedgraph/graph/audited/1"
    ada, bob = staff.client("Ada"), staff.client("Bob")
    ada.post("/update", content="CLEAR DEFAULT", headers=update)
    ada.put("/data", params={"graph": graph}, content="<a:a> <a:b> 1 .", headers={"Content-Type": "text/turtle"})
    bob.post("/update", content="CLEAR DEFAULT", headers=update)
    identifier = sent(staff.submit("Bob", district("audited")))
    bob.post(f"/submissions/{identifier}/withdrawal")

    assert newest(ada, 5) == [
        ("Ada", "admin", "update", "", "graph-not-writable"),
        ("Ada", "admin", "PUT", graph, "does-not-conform"),
        ("Bob", "submitter", "POST /update", "refused", "forbidden"),
        ("Bob", "submitter", "submit", identifier, "done"),
        ("Bob", "submitter", "withdraw", identifier, "done"),
    ]
    (last,) = ada.get("/audit", params={"limit": 1}).json()["entries"]
    (before,) = ada.get("/audit", params={"limit": 1, "before": last["number"]}).json()["entries"]
    assert before["number"] == last["number"] - 1


def test_strangers_cannot_fill_the_disk(tmp_path: Path) -> None:
    audit = Audit(tmp_path)

    async def knock() -> None:
        for _ in range(100):
            await audit.refused(NOBODY, "POST /update", "refused", "unauthorized")
        await audit.refused(Who("k", "Bob", "submitter"), "POST /update", "refused", "forbidden")

    asyncio.run(knock())
    assert [each["name"] for each in audit.entries(1000)] == ["Bob", *[""] * 60]


def test_what_was_not_ended_has_no_outcome(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    audit.begin(Deed(Who("k", "Ada", "admin"), "update"))
    (entry,) = audit.entries(10)
    assert (entry["name"], entry["outcome"], entry["ended"]) == ("Ada", None, None)


def test_nothing_in_it_can_be_changed(staff: Staff) -> None:
    staff.submit("Bob", district("logged"))
    with sqlite3.connect(staff.home / FILE_NAME) as connection:
        for statement in ("DELETE FROM entries", "UPDATE entries SET name = ''", "DELETE FROM outcomes"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                connection.execute(statement)
    connection.close()
