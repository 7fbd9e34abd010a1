"""Which version is meant: by its number, by the name of a release, or by a moment in time.

The version of a moment is the one with the highest number that was published by then. Going back to an earlier version
does not count: it changes what is asked by default, not what was published when. A version is never dated before those
with lower numbers, so that a later moment never gives a lower number.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest, PedgraphError, StoreError, VersionGone, VersionNotFound
from pedgraph.store.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.store.versions import Versions

PRUNED_FILE: Final = "pruned.jsonl"
LONGEST_NAME: Final = 200

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
# A plus sign that nobody encoded arrives as a space (HTML, section 4.10.21.8).
_MOMENT: Final = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(?P<zone>[Zz]|[+\- ][0-9]{2}:[0-9]{2})?)?"
)
# Versions are dated to the second, and so may be dated before now by less than one.
_SECOND: Final = timedelta(seconds=1)
_LIKE_NUMBER_OR_DATE: Final = re.compile(r"[+-]?[0-9]+|[0-9]{4}-[0-9]{1,2}(-.*)?")


@dataclass(frozen=True)
class Kept:
    """A version that is kept: its number, whether it is the current one, and its manifest unless that is damaged."""

    number: int
    is_current: bool
    manifest: Manifest | None


def kept_versions(versions: Versions) -> list[Kept]:
    """All versions that are kept, oldest first."""
    pointer = versions.pointer()
    current = None if pointer is None else pointer.current
    return [Kept(each, each == current, _manifest(versions.directory(each))) for each in versions.numbers()]


def resolve(versions: Versions, text: str) -> int:
    """The number of the version that a text means.

    A text is a number; else the name of a release; else a date (``2026-11-22``, which means the end of that day in
    UTC) or a date and time (RFC 3339, section 5.6; UTC where it names no zone).

    Raises :class:`BadRequest` for what is none of these, :class:`VersionNotFound` for what never was, and
    :class:`VersionGone` for what was pruned, the last two with the versions and releases that are kept.
    """
    versions.current()
    if _NUMBER.fullmatch(text):
        number = int(text)
        if number not in versions.numbers():
            raise missing(versions, number)
        return number
    listed = kept_versions(versions)
    named = [each.number for each in listed if each.manifest is not None and each.manifest.release == text]
    if named:
        return named[-1]
    moment = _moment(text)
    if moment is not None:
        return _version_at(versions, moment, text, listed)
    if not text or len(text) > LONGEST_NAME or not text.isprintable() or _LIKE_NUMBER_OR_DATE.fullmatch(text):
        raise BadRequest(
            f"'{text[:LONGEST_NAME]}' is no version. Give a number, a date such as 2026-11-22, a date and time such as "
            "2026-11-22T10:00:00Z, or the name of a release."
        )
    raise _absence(VersionNotFound, f"No release is called '{text}'.", listed, version=text)


def nearest(versions: Versions, moment: datetime) -> int:
    """The kept version of a moment: the newest of those published by then, or else the oldest there is (RFC 7089,
    section 4.5.3, whose clients want the nearest rather than an error).

    Raises :class:`StoreError` where no manifest can be read, :class:`NotReady` where nothing was ever published.
    """
    versions.current()
    known = {each.number: _published_at(each.manifest) for each in kept_versions(versions) if each.manifest}
    if not known:
        raise StoreError("No version has a manifest that can be read.")
    return max((number for number, published_at in known.items() if published_at <= moment), default=min(known))


def may_move(text: str) -> bool:
    """Whether a text that means a version may mean another one later: a release, or a moment that is not over yet."""
    if _NUMBER.fullmatch(text):
        return False
    moment = _moment(text)
    return moment is None or moment >= datetime.now(UTC) - _SECOND


def missing(versions: Versions, number: int) -> PedgraphError:
    """The error for a number that is not kept: never published, or pruned."""
    pointer = versions.pointer()
    published = 0 if pointer is None else pointer.published
    listed = kept_versions(versions)
    if 1 <= number <= published:
        return _absence(
            VersionGone, f"Version {number} is not kept here any more: it was pruned.", listed, version=number
        )
    return _absence(
        VersionNotFound, f"Version {number} is not kept here: it was never published.", listed, version=number
    )


def moment_of(versions: Versions, number: int) -> datetime:
    """When a kept version was published; raises :class:`StoreError` where its manifest is damaged."""
    return _published_at(read_manifest(versions.directory(number)))


def next_moment(versions: Versions) -> str:
    """The time to write into the manifest of the next version: now, or that of the newest one if the clock lags."""
    moments = [_published_at(each.manifest) for each in kept_versions(versions) if each.manifest is not None]
    return max([datetime.now(UTC), *moments]).isoformat(timespec="seconds")


def note_pruned(versions: Versions, manifest: Manifest) -> None:
    """Notes when a version was published that is about to be removed; the caller holds the lock."""
    # The line break before it ends a line that a death cut short.
    line = "\n" + json.dumps({"version": manifest.version, "created": manifest.created}) + "\n"
    with (versions.home / PRUNED_FILE).open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _moment(text: str) -> datetime | None:
    """The moment that a text names, ``None`` where it does not look like one; raises :class:`BadRequest`."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    zone = (found["zone"] or "Z").upper().replace(" ", "+")
    try:
        if found["time"] is None:
            day = datetime.fromisoformat(found["date"])
            return datetime.combine(day, time.max, tzinfo=UTC)
        return datetime.fromisoformat(f"{found['date']}T{found['time']}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(f"'{text}' is no date or time that exists.") from None


def _version_at(versions: Versions, moment: datetime, text: str, listed: list[Kept]) -> int:
    known = _pruned(versions)
    known |= {each.number: _published_at(each.manifest) for each in listed if each.manifest is not None}
    earlier = [number for number, published_at in known.items() if published_at <= moment]
    if not earlier and 1 in known:
        raise _absence(VersionNotFound, f"At {text} nothing was published yet.", listed, version=text)
    number = max(earlier, default=0)
    # What was pruned before anything was noted may have been the version of that moment.
    pointer = versions.pointer()
    is_certain = number + 1 in known or pointer is None or number >= pointer.published
    if not is_certain or number not in versions.numbers():
        raise _absence(VersionGone, f"The version of {text} was pruned.", listed, version=text)
    return number


def _absence(kind: type[PedgraphError], detail: str, listed: list[Kept], *, version: str | int) -> PedgraphError:
    numbers = [each.number for each in listed]
    releases = [each.manifest.release for each in listed if each.manifest is not None and each.manifest.release]
    kept = f" Kept versions: {', '.join(map(str, numbers)) or 'none'}."
    named = f" Releases: {', '.join(releases)}." if releases else ""
    return kind(detail + kept + named, version=version, kept=numbers, releases=releases)


def _pruned(versions: Versions) -> dict[int, datetime]:
    try:
        lines = (versions.home / PRUNED_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreError(f"The note of pruned versions cannot be read: {error}.") from error
    found = {}
    for line in lines:
        try:
            members = json.loads(line)
            found[int(members["version"])] = datetime.fromisoformat(members["created"])
        except (ValueError, KeyError, TypeError):
            # Cut short by a death: what it speaks of was not removed then, and is noted once more when it is.
            continue
    return found


def _published_at(manifest: Manifest) -> datetime:
    try:
        found = datetime.fromisoformat(manifest.created)
    except (ValueError, TypeError) as error:
        raise StoreError(f"The manifest of version {manifest.version} has no time: {error}.") from error
    return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _manifest(directory: Path) -> Manifest | None:
    try:
        return read_manifest(directory)
    except StoreError:
        return None
