"""Makes all files of a dump of one version, and the list of them; the caller gives this a process of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.dumps import names
from pedgraph.delivery.dumps.crate import About, Member, described, licences
from pedgraph.delivery.dumps.files import compress, pack, sha256_of
from pedgraph.delivery.dumps.graphs import write_linked_json, write_trig
from pedgraph.delivery.dumps.tables import METADATA_NAME, write_tables
from pedgraph.errors import StoreError
from pedgraph.store.canonical import by_graph, write_canonical
from pedgraph.store.manifest import read_manifest
from pedgraph.vocabulary.media import CSV

if TYPE_CHECKING:
    from pathlib import Path

LIST_NAME: Final = "files.json"
_QUADS: Final = "quads.tmp"
_BY_GRAPH: Final = "by-graph.tmp"


def make(version_folder: Path, folder: Path) -> None:
    """Writes the files of the version in one folder into another one, and the list of them last.

    Raises :class:`StoreError` where the version cannot be read or the files cannot be written.
    """
    try:
        (folder / names.TABLES_FOLDER).mkdir(parents=True, exist_ok=True)
        _make(version_folder, folder)
    except OSError as error:
        raise StoreError(f"The files of {version_folder} cannot be written: {error}.") from error


def _make(version_folder: Path, folder: Path) -> None:
    manifest = read_manifest(version_folder)
    quads, graphs = folder / _QUADS, folder / _BY_GRAPH
    digest = write_canonical(version_folder, quads)
    with graphs.open("wb") as file:
        file.writelines(by_graph(quads, folder / "order"))
    compress(quads, folder / names.QUADS.name)
    write_trig(graphs, folder / names.TRIG_FILE.name)
    write_linked_json(graphs, folder / names.LINKED_JSON.name)
    rows = write_tables(quads, folder / names.TABLES_FOLDER)
    about = About(manifest.version, manifest.created, manifest.release, manifest.quads, digest, licences(quads))
    unpacked_bytes = quads.stat().st_size
    quads.unlink()
    graphs.unlink()
    members = _packed(about, folder, rows)
    listed = {
        **{name: value for name, value in asdict(about).items() if name != "canonical_sha256"},
        "canonical": {"form": "RDFC-1.0", "hash": "SHA-256", "value": digest, "bytes": unpacked_bytes},
        "files": members,
    }
    _write_json(folder / LIST_NAME, listed)


def _packed(about: About, folder: Path, rows: dict[str, int]) -> list[dict[str, Any]]:
    """Makes the packages, and says of all files what is listed of them."""
    moment = _moment(about.created)
    tables = [_table(folder, kind, number) for kind, number in rows.items()]
    columns = _member(
        folder, f"{names.TABLES_FOLDER}/{METADATA_NAME}", "What the columns of the tables mean", "application/csvm+json"
    )
    within = [replace(each, name=each.name.partition("/")[2]) for each in (*tables, columns)]
    pack(folder / names.TABLES.name, ((each.name, folder / names.TABLES_FOLDER / each.name) for each in within), moment)
    plain = [
        _member(folder, each.name, each.title, each.content_type)
        for each in (names.QUADS, names.TRIG_FILE, names.LINKED_JSON)
    ]
    crated = [*plain, *tables, columns]
    _write_json(folder / names.CRATE_METADATA, described(about, crated))
    contents = [names.CRATE_METADATA, *(each.name for each in crated)]
    pack(folder / names.CRATE.name, ((name, folder / name) for name in contents), moment)
    packages = [_member(folder, each.name, each.title, each.content_type) for each in (names.TABLES, names.CRATE)]
    metadata = _member(folder, names.CRATE_METADATA, "The description in the RO-Crate", "application/ld+json")
    everything = [*plain, *packages, metadata, *tables, columns]
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in everything)
    (folder / names.CHECKSUMS).write_text(sums, encoding="utf-8")
    checks = _member(folder, names.CHECKSUMS, "Checksums of all files, for sha256sum", "text/plain; charset=utf-8")
    counted = {f"{names.TABLES_FOLDER}/{kind}.csv": number for kind, number in rows.items()}
    return [
        {**asdict(each), **({"rows": counted[each.name]} if each.name in counted else {})}
        for each in (*everything, checks)
    ]


def _table(folder: Path, kind: str, rows: int) -> Member:
    title = f"{rows:,} of the kind {kind}"
    return _member(folder, f"{names.TABLES_FOLDER}/{kind}.csv", title, CSV.content_type())


def _member(folder: Path, name: str, title: str, media_type: str) -> Member:
    path = folder / name
    return Member(name, title, media_type, path.stat().st_size, sha256_of(path))


def _moment(created: str) -> datetime:
    try:
        found = datetime.fromisoformat(created)
    except ValueError as error:
        raise StoreError(f"The version has no time of its publication: {error}.") from error
    return found.astimezone(UTC) if found.tzinfo is not None else found


def _write_json(path: Path, members: dict[str, Any]) -> None:
    path.write_text(json.dumps(members, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
