"""Keys: who may submit, review or administer. Only hashes of them are kept, and each is shown once.

A key is ``pedg_<id>_<secret>``. The id finds its row; the secret, 256 random bits, is kept as an Argon2id hash
(RFC 9106). A name stands for its holder: who gets a second key under the same name goes on where the first one ended.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from pedgraph.errors import BadRequest, Conflict, NotFound
from pedgraph.store.database import Database, Row

if TYPE_CHECKING:
    from pathlib import Path

    from argon2 import PasswordHasher

Role = Literal["submitter", "steward", "admin"]
SUBMITTER: Final = "submitter"
STEWARD: Final = "steward"
ADMIN: Final = "admin"
ROLES: Final = (SUBMITTER, STEWARD, ADMIN)
# The name that the key in the settings goes by.
BOOTSTRAP: Final = "admin"
FILE_NAME: Final = "keys.sqlite"

_TABLES: Final = """\
CREATE TABLE IF NOT EXISTS keys (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, organisation TEXT NOT NULL, secret_hash TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, last_used TEXT NOT NULL, revoked TEXT NOT NULL
) STRICT;;
CREATE TABLE IF NOT EXISTS sessions (
  hash BLOB PRIMARY KEY, key_id TEXT NOT NULL, proof BLOB NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL
) STRICT"""
_TOKEN: Final = re.compile(r"pedg_([a-z2-7]{12})_([A-Za-z0-9_-]{43})")
_NAME: Final = re.compile(r"\S(?:.{0,198}\S)?")
_ID_BYTES: Final = 8
_ID_LENGTH: Final = 12
_SECRET_BYTES: Final = 32
# So often the time of last use is written, at most.
_FRESH_SECONDS: Final = 60


@dataclass(frozen=True)
class Key:
    """A key without its secret. Times are ISO 8601 in UTC; ``expires``, ``last_used`` and ``revoked`` may be empty."""

    id: str
    name: str
    role: Role
    organisation: str
    created: str
    expires: str
    last_used: str
    revoked: str

    @property
    def state(self) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= now() else "active"

    def as_json(self) -> dict[str, Any]:
        """The key as a JSON object."""
        return {**vars(self), "state": self.state}


@dataclass(frozen=True)
class Known:
    """A key as it is kept: what is known of it, and the hash of its secret."""

    key: Key
    secret_hash: str


class Keys:
    """The keys of a home folder. Everything here may wait for the disk, and :meth:`matches` takes tens of ms."""

    def __init__(self, home: Path) -> None:
        self.database = Database(home / FILE_NAME, _TABLES)

    def add(self, name: str, role: Role, organisation: str = "", *, days: float | None = None) -> tuple[Key, str]:
        """Makes a key that lasts for so many days, or until it is revoked; gives it with its token, which nobody can
        tell again.

        Raises :class:`BadRequest` where a value cannot be, :class:`Conflict` where the name has a key that is active
        and of another role or organisation, :class:`StoreError`, :class:`DiskFull`.
        """
        if role not in ROLES:
            raise BadRequest(f"A role is one of {', '.join(ROLES)}; '{role}' is none.")
        for what, text in (("name", name), *([("organisation", organisation)] if organisation else [])):
            if not _NAME.fullmatch(text) or not text.isprintable():
                raise BadRequest(f"The {what} is 1 to 200 characters on one line, without spaces around them.")
        if name == BOOTSTRAP:
            raise BadRequest(f"The name '{BOOTSTRAP}' is that of the key in the settings of the server.")
        moment = datetime.now(UTC)
        expires = _text(moment + timedelta(days=days)) if days is not None else ""
        identifier, secret = _new_id(), secrets.token_urlsafe(_SECRET_BYTES)
        key = Key(identifier, name, role, organisation, _text(moment), expires, "", "")
        secret_hash = _hasher().hash(secret)
        with self.database.writing() as connection:
            rows = connection.execute("SELECT * FROM keys WHERE name = ?", (name,)).fetchall()
            for other in map(_key, rows):
                if other.state == "active" and (other.role, other.organisation) != (role, organisation):
                    raise Conflict(f"'{name}' has the key {other.id} as {other.role}, which is not revoked.")
            values = (identifier, name, role, organisation, secret_hash, key.created, expires, "", "")
            connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        return key, f"pedg_{identifier}_{secret}"

    def revoke(self, identifier: str) -> Key:
        """Ends a key, and all that is signed in with it, at once and for good; raises :class:`NotFound`.

        A key that was revoked before stays as it is.
        """
        with self.database.writing() as connection:
            connection.execute("UPDATE keys SET revoked = ? WHERE id = ? AND revoked = ''", (now(), identifier))
            connection.execute("DELETE FROM sessions WHERE key_id = ?", (identifier,))
        if (known := self.find(identifier)) is None:
            raise NotFound(f"There is no key '{identifier}'.")
        return known.key

    def listing(self) -> list[Key]:
        """All keys, the oldest first, with those that are revoked."""
        return [_key(row) for row in self.database.rows("SELECT * FROM keys ORDER BY created, rowid")]

    def is_empty(self) -> bool:
        """Whether no key was ever added."""
        return not self.database.rows("SELECT 1 FROM keys LIMIT 1")

    def find(self, identifier: str) -> Known | None:
        """A key by its id."""
        rows = self.database.rows("SELECT * FROM keys WHERE id = ?", identifier)
        return Known(_key(rows[0]), rows[0]["secret_hash"]) if rows else None

    def note_use(self, key: Key) -> None:
        """Writes down that a key is used now, but not more often than every minute."""
        moment = datetime.now(UTC)
        if not key.last_used or moment - datetime.fromisoformat(key.last_used) > timedelta(seconds=_FRESH_SECONDS):
            with self.database.writing() as connection:
                connection.execute("UPDATE keys SET last_used = ? WHERE id = ?", (_text(moment), key.id))


def parts(token: str) -> tuple[str, str] | None:
    """The id and the secret in a token, ``None`` where it is not one of ours."""
    found = _TOKEN.fullmatch(token)
    return (found[1], found[2]) if found else None


def matches(secret: str, secret_hash: str | None) -> bool:
    """Whether a secret is the one of a hash. Takes as long, and fails, where there is no hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(secret_hash or _hash_of_nothing(), secret) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def now() -> str:
    """The time as it is written here."""
    return _text(datetime.now(UTC))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    # The secret is random, so it takes little to make guessing hopeless, and garbage must not cost the server much.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _hash_of_nothing() -> str:
    return _hasher().hash(secrets.token_urlsafe(_SECRET_BYTES))


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()[:_ID_LENGTH]


def _key(row: Row) -> Key:
    return Key(**{name: row[name] for name in Key.__dataclass_fields__})
