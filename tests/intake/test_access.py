"""Who is asking: tokens, sessions, and garbage that must not keep anybody busy."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from pedgraph.errors import BadRequest, Busy, Conflict, NotFound, Unauthorized, WritesOff
from pedgraph.intake.access import Access, Who
from pedgraph.intake.keys import FILE_NAME, Keys
from pedgraph.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

GARBAGE = "pedg_aaaaaaaaaaaa_" + "x" * 43


def settings(home: Path, key: str = "", **given: float) -> Settings:
    return Settings(home=home, admin_key=SecretStr(key), **given)  # type: ignore[arg-type]


def test_a_token_is_of_its_holder_until_its_key_ends(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    key, token = keys.add("Ann", "submitter", "A city")
    _, late = keys.add("Bob", "steward", days=0)

    async def look() -> None:
        access = Access(settings(tmp_path))
        for _ in range(3):
            assert await access.who(token) == Who(key.id, "Ann", "submitter", "A city")
        assert keys.listing()[0].last_used
        keys.revoke(key.id)
        for wrong in (token, late, GARBAGE, "", "no token", token + "x"):
            with pytest.raises(Unauthorized):
                await access.who(wrong)

    asyncio.run(look())


def test_without_keys_there_is_nobody(tmp_path: Path) -> None:
    async def look() -> None:
        with pytest.raises(WritesOff):
            await Access(settings(tmp_path)).who("anything")
        assert (await Access(settings(tmp_path, "kéy")).who("kéy".encode().decode("latin-1"))).role == "admin"

    asyncio.run(look())
    assert list(tmp_path.iterdir()) == []


def test_a_session_ends_with_its_time_its_key_and_its_end(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    key, token = keys.add("Ann", "submitter")

    async def look() -> None:
        access = Access(settings(tmp_path, "the admin key"))
        session = await access.sign_in(token)
        assert await access.session(session.identifier) == session
        assert session.form_token != (await access.sign_in(token)).form_token
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
            kept = b"".join(bytes(row[0]) for row in connection.execute("SELECT hash FROM sessions"))
        assert session.identifier.encode() not in kept

        other = await access.sign_in(token)
        await access.sign_out(other.identifier)
        admin = await access.sign_in("the admin key")
        assert (await access.session(admin.identifier)).who.role == "admin"
        keys.revoke(key.id)
        over = await Access(settings(tmp_path, "the admin key", session_hours=1e-9)).sign_in("the admin key")
        for ended in (session.identifier, other.identifier, over.identifier, "", "x" * 43):
            with pytest.raises(Unauthorized):
                await access.session(ended)
        for changed in ("another admin key", ""):
            with pytest.raises(Unauthorized):
                await Access(settings(tmp_path, changed)).session(admin.identifier)

    asyncio.run(look())


def test_garbage_does_not_keep_out_who_has_shown_a_key(tmp_path: Path) -> None:
    _, token = Keys(tmp_path).add("Ann", "submitter")

    async def look() -> list[BaseException | Who]:
        access = Access(settings(tmp_path))
        await access.who(token)
        flood = [asyncio.create_task(access.who(GARBAGE[:-3] + f"{number:03}")) for number in range(200)]
        # All of them wait by then, or were told to come back.
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        assert (await access.who(token)).name == "Ann"
        assert not all(task.done() for task in flood)
        return await asyncio.gather(*flood, return_exceptions=True)

    outcomes = asyncio.run(look())
    assert {type(each) for each in outcomes} == {Unauthorized, Busy}


def test_a_name_stands_for_one_holder(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    first, _ = keys.add("Ann", "submitter", "A city")
    keys.add("Ann", "submitter", "A city")
    for role, organisation in (("steward", "A city"), ("submitter", "Another city")):
        with pytest.raises(Conflict):
            keys.add("Ann", role, organisation)  # type: ignore[arg-type]
    for name in ("", " Ann", "A\nB", "x" * 201, "admin"):
        with pytest.raises(BadRequest):
            keys.add(name, "submitter")
    with pytest.raises(BadRequest):
        keys.add("Bob", "king")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        keys.revoke("aaaaaaaaaaaa")
    assert keys.revoke(first.id).state == keys.revoke(first.id).state == "revoked"
    assert [each.state for each in keys.listing()] == ["revoked", "active"]
