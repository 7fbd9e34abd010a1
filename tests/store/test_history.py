"""Which version a number, a date, a time or a release name means; and what is said of versions that are not there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pedgraph.errors import BadRequest, NotReady, PedgraphError, VersionGone, VersionNotFound
from pedgraph.store.history import PRUNED_FILE, may_move, next_moment
from pedgraph.store.publication import Publication, build, publish
from pedgraph.store.versions import Versions
from tests.store.worlds import triple, world

if TYPE_CHECKING:
    from pathlib import Path

# Version → when it was published. 3 and 4 are of the same second, 2 is a release.
MOMENTS = {
    1: "2026-01-01T10:00:00+00:00",
    2: "2026-02-01T10:00:00+00:00",
    3: "2026-03-01T10:00:00+00:00",
    4: "2026-03-01T10:00:00+00:00",
    5: "2026-04-01T10:00:00+00:00",
}


def publish_one(versions: Versions, *, keep: int = 100, release: str | None = None) -> int:
    changes = world(a=[triple("a")])
    publication = Publication("somebody", "to see", keep=keep, release=release)
    make = build if versions.pointer() is None else publish
    return make(versions, changes, publication).version


def date_back(versions: Versions, number: int, created: str) -> None:
    path = versions.directory(number) / "manifest.json"
    members = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(members | {"created": created}), encoding="utf-8")


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """Five versions, dated as in :data:`MOMENTS`."""
    made = Versions(tmp_path)
    for number, created in MOMENTS.items():
        assert publish_one(made, release="spring" if number == 2 else None) == number
        date_back(made, number, created)
    return made


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("000004", 4),
        ("spring", 2),
        ("2026-01-01", 1),
        ("2026-01-01T10:00:00Z", 1),
        ("2026-01-01T12:00:00+02:00", 1),
        ("2026-01-01T12:00:00 02:00", 1),
        ("2026-02-01T09:59:59Z", 1),
        ("2026-02-01T09:59:59.999999", 1),
        ("2026-02-01T10:00", 2),
        ("2026-02-01t10:00z", 2),
        ("2026-02-28", 2),
        ("2026-03-01T10:00:00Z", 4),
        ("2026-03-31", 4),
        ("2026-11-22", 5),
        ("9999-12-31", 5),
    ],
)
def test_a_version_has_many_names(text: str, number: int, versions: Versions) -> None:
    assert versions.resolve(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "2026-13-01",
        "2026-02-30",
        "2026-1-1",
        "2026-02",
        "2026-01-01T25:00:00Z",
        "2026-01-01T10:00:00+99:00",
        "0001-01-01T00:00:00+14:00",
        "2026-01-01T10:00:00Zulu",
        "12345678901234567890",
        "a\nb",
        "x" * 201,
    ],
)
def test_what_is_no_version_is_refused(text: str, versions: Versions) -> None:
    with pytest.raises(BadRequest) as caught:
        versions.resolve(text)

    assert caught.value.status == 400


@pytest.mark.parametrize("text", ["0", "6", "999999999", "autumn", "1.5", "2025-12-31", "2026-01-01T09:59:59Z"])
def test_what_never_was_is_not_found(text: str, versions: Versions) -> None:
    with pytest.raises(VersionNotFound) as caught:
        versions.resolve(text)

    assert caught.value.status == 404
    assert (caught.value.extensions["kept"], caught.value.extensions["releases"]) == ([1, 2, 3, 4, 5], ["spring"])


def test_what_was_pruned_is_gone_by_every_name_and_the_moments_of_others_stay(versions: Versions) -> None:
    publish_one(versions, keep=2)
    date_back(versions, 6, "2026-05-01T10:00:00+00:00")

    assert versions.numbers() == [2, 5, 6]
    outcomes: dict[str, int | type[PedgraphError]] = {}
    said: list[object] = []
    for text in ["1", "3", "2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15", "2026-05-15", "2025-12-31", "7"]:
        try:
            outcomes[text] = versions.resolve(text)
        except (VersionGone, VersionNotFound) as error:
            outcomes[text] = type(error)
            said.append(error.extensions["kept"])
    assert outcomes == {
        "1": VersionGone,
        "3": VersionGone,
        "2026-01-15": VersionGone,
        "2026-02-15": 2,
        "2026-03-15": VersionGone,
        "2026-04-15": 5,
        "2026-05-15": 6,
        "2025-12-31": VersionNotFound,
        "7": VersionNotFound,
    }
    assert said == [[2, 5, 6]] * 6
    with pytest.raises(VersionGone):
        versions.store_directory(3)


def test_where_nobody_noted_what_was_pruned_no_version_is_guessed(versions: Versions) -> None:
    publish_one(versions, keep=2)
    (versions.home / PRUNED_FILE).unlink()

    for text in ["2025-12-31", "2026-01-15", "2026-02-15", "2026-03-15"]:
        with pytest.raises(VersionGone):
            versions.resolve(text)
    assert versions.resolve("2026-04-15") == 5


def test_a_note_that_a_death_cut_short_spoils_no_other(versions: Versions) -> None:
    (versions.home / PRUNED_FILE).write_text('{"version": 1, "crea', encoding="utf-8")
    publish_one(versions, keep=2)

    with pytest.raises(VersionNotFound):
        versions.resolve("2025-12-31")
    with pytest.raises(VersionGone):
        versions.resolve("2026-03-15")


def test_going_back_does_not_change_what_was_published_when(versions: Versions) -> None:
    versions.rollback(1)

    assert versions.resolve("2026-04-15") == 5
    assert versions.current() == 1


def test_a_version_is_never_dated_before_an_earlier_one(versions: Versions) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    date_back(versions, 5, ahead)

    number = publish_one(versions)

    assert next_moment(versions) == ahead
    assert versions.moment(number).isoformat() == ahead
    assert versions.resolve(ahead.replace("+00:00", "Z")) == number == 6


def test_a_version_with_a_damaged_manifest_hides_no_other(versions: Versions) -> None:
    (versions.directory(5) / "manifest.json").write_text("{", encoding="utf-8")

    assert versions.resolve("spring") == 2
    assert versions.resolve("5") == 5
    assert versions.resolve("2026-02-15") == 2
    with pytest.raises(VersionGone):
        versions.resolve("2026-03-15")


def test_of_two_releases_with_a_name_the_newer_one_is_meant(versions: Versions) -> None:
    publish_one(versions, release="spring")

    assert versions.resolve("spring") == 6


def test_a_release_may_be_named_like_a_month(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    publish_one(versions, release="2026-02")

    assert versions.resolve("2026-02") == 1


def test_nothing_can_be_meant_where_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(NotReady):
        Versions(tmp_path).resolve("1")


def test_only_what_cannot_come_to_mean_another_version_is_said_to_last() -> None:
    now = datetime.now(UTC)
    moments = [now - timedelta(days=2), now - timedelta(minutes=1), now, now + timedelta(minutes=1)]

    assert [may_move(each.isoformat(timespec="seconds")) for each in moments] == [False, False, True, True]
    assert [may_move(text) for text in ("7", "spring", now.date().isoformat(), "2026-01-01")] == [
        False, True, True, False,
    ]  # fmt: skip
