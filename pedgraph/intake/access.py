"""Who is asking: from the token or the session that comes with a request, without letting anybody keep us busy."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from pedgraph.errors import Busy, PedgraphError, Unauthorized, WritesOff
from pedgraph.intake.keys import ADMIN, BOOTSTRAP, Keys, Known, Role, matches, now, parts

if TYPE_CHECKING:
    from pedgraph.settings import Settings

log = logging.getLogger(__name__)

# An Argon2 verification at a time keeps one core busy; who has shown a key a moment ago does not wait in this line.
_AT_ONE_TIME: Final = 2
_WAITING: Final = 64
_RETRY_SECONDS: Final = 2
_REMEMBERED_SECONDS: Final = 600.0
_REMEMBERED: Final = 1000
_SESSION_BYTES: Final = 32
_HOW: Final = "Send your key in the header field 'Authorization: Bearer <key>'."
_SIGN_IN: Final = "Nobody is signed in here, or not any more. Sign in with your key."


@dataclass(frozen=True)
class Who:
    """Somebody whose key was checked. ``name`` stands for the holder, who may have one key after another."""

    key_id: str
    name: str
    role: Role | Literal[""]
    organisation: str = ""


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in. ``form_token`` goes into each form, so that no other site can send one."""

    identifier: str
    who: Who
    expires: str

    @property
    def form_token(self) -> str:
        """What only a page that this session was shown can know."""
        return hmac.digest(self.identifier.encode(), b"form", "sha256").hex()


class Access:
    """Tells who is asking. One for each web process."""

    def __init__(self, settings: Settings) -> None:
        self.keys = Keys(settings.home)
        self._admin_key = settings.admin_key.get_secret_value().encode()
        self._session_time = timedelta(hours=settings.session_hours)
        self._places = asyncio.Semaphore(_AT_ONE_TIME)
        self._waiting = 0
        # SHA-256 of a token → the hash that it was found to match, and until when that need not be found again.
        self._remembered: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    async def is_open(self) -> bool:
        """Whether anybody at all has a key; raises :class:`StoreError`."""
        return bool(self._admin_key) or not await asyncio.to_thread(self.keys.is_empty)

    async def who(self, token: str) -> Who:
        """Who a token belongs to.

        Raises :class:`WritesOff` where no key was ever made, :class:`Unauthorized` where this is none or does not hold
        any more, and :class:`Busy` where too many tokens wait to be checked.
        """
        if not await self.is_open():
            raise WritesOff(
                "This server has no keys, so nobody may do this. Whoever runs it makes one with 'pedgraph keys add' or "
                "sets PEDGRAPH_ADMIN_KEY in the environment, and starts it again."
            )
        # Header fields are read as Latin-1; this gives back the bytes that were sent.
        if self._admin_key and hmac.compare_digest(token.encode("latin-1", "replace"), self._admin_key):
            return Who(BOOTSTRAP, BOOTSTRAP, ADMIN)
        found = parts(token)
        if found is None:
            raise Unauthorized(_HOW)
        known = await asyncio.to_thread(self.keys.find, found[0])
        if not await self._is_right(token, found[1], known) or known is None:
            raise Unauthorized(_HOW)
        if known.key.state != "active":
            raise Unauthorized(f"This key is {known.key.state}. Ask whoever runs the server for another one.")
        try:
            await asyncio.to_thread(self.keys.note_use, known.key)
        except PedgraphError as error:
            # On a full disk, whoever has a key must still be able to make room.
            log.warning("the use of key %s was not written down: %s", known.key.id, error.detail)
        return _who(known)

    async def sign_in(self, token: str) -> Session:
        """Begins a session for the holder of a token; raises as :meth:`who` does."""
        who = await self.who(token)
        identifier = secrets.token_urlsafe(_SESSION_BYTES)
        expires = (datetime.now(UTC) + self._session_time).isoformat(timespec="seconds")
        values = (_hash(identifier), who.key_id, self._proof(identifier, who.key_id), now(), expires)

        def write() -> None:
            with self.keys.database.writing() as connection:
                connection.execute("DELETE FROM sessions WHERE expires <= ?", (now(),))
                connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", values)

        await asyncio.to_thread(write)
        return Session(identifier, who, expires)

    async def session(self, identifier: str) -> Session:
        """A session that was begun; raises :class:`Unauthorized` where it has ended or its key does not hold."""
        return await asyncio.to_thread(self._session, identifier)

    async def sign_out(self, identifier: str) -> None:
        """Ends a session, if there is one."""

        def write() -> None:
            with self.keys.database.writing() as connection:
                connection.execute("DELETE FROM sessions WHERE hash = ?", (_hash(identifier),))

        if self.keys.database.is_there:
            await asyncio.to_thread(write)

    def _session(self, identifier: str) -> Session:
        rows = self.keys.database.rows("SELECT * FROM sessions WHERE hash = ?", _hash(identifier))
        if not rows or rows[0]["expires"] <= now():
            raise Unauthorized(_SIGN_IN)
        key_id, expires = rows[0]["key_id"], rows[0]["expires"]
        if not hmac.compare_digest(rows[0]["proof"], self._proof(identifier, key_id)):
            raise Unauthorized(_SIGN_IN)
        if key_id == BOOTSTRAP:
            if not self._admin_key:
                raise Unauthorized(_SIGN_IN)
            return Session(identifier, Who(BOOTSTRAP, BOOTSTRAP, ADMIN), expires)
        known = self.keys.find(key_id)
        if known is None or known.key.state != "active":
            raise Unauthorized(_SIGN_IN)
        return Session(identifier, _who(known), expires)

    def _proof(self, identifier: str, key_id: str) -> bytes:
        """Ties a session of the admin key to that key, so that it ends when another one is set."""
        tied = self._admin_key if key_id == BOOTSTRAP else key_id.encode()
        return hmac.digest(identifier.encode(), tied, "sha256")

    async def _is_right(self, token: str, secret: str, known: Known | None) -> bool:
        digest = hashlib.sha256(token.encode()).digest()
        secret_hash = known.secret_hash if known else None
        remembered, until = self._remembered.get(digest, ("", 0.0))
        if remembered and remembered == secret_hash and time.monotonic() < until:
            return True
        if self._waiting >= _WAITING:
            raise Busy("Many keys are being checked at this moment.", retry_after_seconds=_RETRY_SECONDS)
        self._waiting += 1
        try:
            async with self._places:
                is_right = await asyncio.to_thread(matches, secret, secret_hash)
        finally:
            self._waiting -= 1
        if is_right and secret_hash:
            self._remembered[digest] = (secret_hash, time.monotonic() + _REMEMBERED_SECONDS)
            self._remembered.move_to_end(digest)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return is_right


def _who(known: Known) -> Who:
    return Who(known.key.id, known.key.name, known.key.role, known.key.organisation)


def _hash(identifier: str) -> bytes:
    return hashlib.sha256(identifier.encode()).digest()
