"""The vocabularies that are pinned, as ``sources.toml`` names them, and their files out of their packages."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

SOURCES: Final = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True)
class Vocabulary:
    """One vocabulary: its namespace, the package and file that carry it (empty where none does), and its terms."""

    prefix: str
    namespace: str
    title: str
    registry: str = ""
    package: str = ""
    version: str = ""
    file: str = ""
    ontology: str = ""
    namespace_in_file: str = ""
    take: str = "listed"
    terms: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    note: str = ""

    def read(self, packages: Path) -> bytes:
        """The bytes of its file, out of the package as the package manager left it in ``packages``.

        Raises :class:`FileNotFoundError` where the package is not there and :class:`KeyError` where it lacks the file.
        """
        if self.registry == "npm":
            archive = packages / f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"
            with tarfile.open(archive) as tar:
                member = tar.extractfile(f"package/{self.file}")
                assert member is not None, f"{self.file} of {archive.name} is no file"
                return member.read()
        pattern = f"{self.package.replace('-', '_')}-{self.version}-*.whl"
        wheel = next(iter(sorted(packages.glob(pattern))), packages / pattern)
        with zipfile.ZipFile(wheel) as archive_file:
            return archive_file.read(self.file)

    def triples(self, packages: Path) -> list[Triple]:
        """What its file states, with the namespace that we use in the place of the file's own."""
        text = self.read(packages)
        if self.namespace_in_file:
            text = text.replace(b"<" + self.namespace_in_file.encode(), b"<" + self.namespace.encode())
        rdf_format = RdfFormat.from_extension(self.file.rpartition(".")[2])
        assert rdf_format is not None, self.file
        return [quad.triple for quad in parse(text, format=rdf_format, base_iri=self.namespace)]


def read_sources(path: Path = SOURCES) -> list[Vocabulary]:
    """The vocabularies of ``sources.toml`` by prefix; raises :class:`TypeError` for a key that is not known."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["vocabulary"]
    lists = {"terms", "unverified"}
    return [
        Vocabulary(**{key: tuple(value) if key in lists else value for key, value in entry.items()})
        for entry in sorted(entries, key=lambda entry: str(entry["prefix"]))
    ]
