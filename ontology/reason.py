"""Asks HermiT whether the ontology is consistent and each class can have members (OWL 2 Direct Semantics).

``python -m ontology.reason FOLDER [ONTOLOGY]`` checks the core alone, the core with each alignment and a copy of the
vocabularies that it aligns to, and everything together. The copies come out of the packages in the folder that ``make
pinned`` fills; the ontology is the folder of this file or another one. It writes a line per combination and ends with
status 1 where a class is empty by necessity or all of it is inconsistent. HermiT is the one that the Python package
owlready2 carries; it needs Java.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ontology.pinned.extract import kinds_of
from ontology.pinned.sources import Vocabulary, read_sources
from pedgraph.vocabulary.iris import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ONTOLOGY: Final = Path(__file__).parent
COMMAND_LINE: Final = "org.semanticweb.HermiT.cli.CommandLine"
LONGEST_SECONDS: Final = 1200
_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
# What OWL itself is made of is built into the reasoner; their copies would turn the built-in terms into subjects.
_BUILT_IN: Final = {"owl", "rdf", "rdfs", "xsd"}
# Copies that contradict themselves where they describe members of their own classes, whatever we say: QUDT 3.1.0 gives
# its member BOOLEAN two names in a field that takes one, and lists the members of CardinalityType twice, differently.
_NO_MEMBERS: Final = {"qudt"}
_ONE_OF: Final = "http://www.w3.org/2002/07/owl#oneOf"


class NoReasonerError(Exception):
    """Java or HermiT is not there, or HermiT could not read what it was given; the text says which."""


@dataclass(frozen=True)
class Combination:
    """What is reasoned over at once: its name, files of ours, vocabularies of others, and which of those we lack."""

    name: str
    files: tuple[Path, ...]
    parents: tuple[Vocabulary, ...] = ()
    absent: tuple[str, ...] = ()

    def triples(self, packages: Path) -> list[Triple]:
        """All that is stated in it; blank nodes of different files stay apart."""
        stated = [triple for file in self.files for triple in _turtle(file)]
        for parent in self.parents:
            copied = parent.triples(packages)
            stated += _apart(without_members(copied) if parent.prefix in _NO_MEMBERS else copied, parent.prefix)
        return stated


@dataclass(frozen=True)
class Verdict:
    """What HermiT says: whether a model is possible at all, and which classes are empty in each."""

    is_consistent: bool
    empty_classes: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Consistent, and each class of ours can have members.

        A class of others is none of our doing: nothing that we state has one as its subject (check Q12).
        """
        return self.is_consistent and not self.own_empty_classes

    @property
    def own_empty_classes(self) -> tuple[str, ...]:
        """Those of the empty classes that are ours."""
        return tuple(iri for iri in self.empty_classes if iri.startswith(ROOT))


def without_members(triples: Iterable[Triple]) -> list[Triple]:
    """What is said of classes and properties only."""
    listed = list(triples)
    kinds = kinds_of(listed)
    return [
        triple
        for triple in listed
        if triple.predicate.value != _ONE_OF
        and (not isinstance(triple.subject, NamedNode) or kinds.get(triple.subject.value) != "individual")
    ]


def _turtle(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)]


def _apart(triples: Iterable[Triple], name: str) -> Iterator[Triple]:
    def renamed(node: NamedNode | BlankNode | Literal | Triple) -> NamedNode | BlankNode | Literal | Triple:
        return BlankNode(f"{name}{node.value}") if isinstance(node, BlankNode) else node

    for triple in triples:
        yield Triple(renamed(triple.subject), triple.predicate, renamed(triple.object))  # type: ignore[arg-type]


def combinations(ontology: Path = ONTOLOGY) -> list[Combination]:
    """The core alone, with each alignment and its parents, and with all of them."""
    core = (*sorted(ontology.glob("*.ttl")), *sorted((ontology / "codes").glob("*.ttl")))
    alignments = sorted((ontology / "alignments").glob("*.ttl"))
    parts = [Combination("core", core)]
    for path in alignments:
        parents = _parents(_turtle(path))
        parts.append(_combined(path.stem, (*core, path), parents))
    together = {parent for path in alignments for parent in _parents(_turtle(path))}
    return [*parts, _combined("everything", (*core, *alignments), together)]


def _combined(name: str, files: tuple[Path, ...], parents: Iterable[Vocabulary]) -> Combination:
    ordered = sorted(parents, key=lambda parent: parent.prefix)
    carried = tuple(parent for parent in ordered if parent.package)
    return Combination(name, files, carried, tuple(parent.prefix for parent in ordered if not parent.package))


def _parents(triples: Iterable[Triple]) -> set[Vocabulary]:
    """The vocabularies that an alignment maps to, and those of the properties that it maps by."""
    named = {
        node.value for triple in triples for node in (triple.predicate, triple.object) if isinstance(node, NamedNode)
    }
    return {
        each
        for each in read_sources()
        if each.prefix not in _BUILT_IN and any(iri.startswith(each.namespace) for iri in named)
    }


def reason(triples: Iterable[Triple]) -> Verdict:
    """What HermiT says of the triples, without what they would import; raises :class:`NoReasonerError`."""
    closed = [triple for triple in triples if triple.predicate.value != _IMPORTS]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.nt"
        serialize(closed, file, RdfFormat.N_TRIPLES)
        done = subprocess.run(  # noqa: PLW1510 - the status is looked at below
            [*_hermit(), "--no-prefixes", "--ignoreUnsupportedDatatypes", "--unsatisfiable", file.as_uri()],
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
    if "InconsistentOntologyException" in done.stderr:
        return Verdict(is_consistent=False, empty_classes=())
    if done.returncode or "owl#Nothing" not in done.stdout:
        raise NoReasonerError(done.stderr.strip()[-1000:] or done.stdout)
    found = re.findall(r"^\t(\S+)$", done.stdout, re.MULTILINE)
    return Verdict(
        is_consistent=True, empty_classes=tuple(sorted(iri for iri in found if not iri.endswith("#Nothing")))
    )


def _hermit() -> list[str]:
    java = shutil.which("java")
    package = importlib.util.find_spec("owlready2")
    if java is None or package is None or package.origin is None:
        raise NoReasonerError("Java and the Python package owlready2 are needed.")
    folder = Path(package.origin).parent / "hermit"
    return [java, "-Xmx4g", "-cp", f"{folder / 'HermiT.jar'}:{folder}", COMMAND_LINE]


def _shown(parent: Vocabulary) -> str:
    part = ", classes and properties" if parent.prefix in _NO_MEMBERS else ""
    return f"{parent.prefix} ({parent.package} {parent.version}{part})"


def main(arguments: Sequence[str]) -> int:
    """See the head of the module; the result is the exit status."""
    packages = Path(arguments[0])
    is_sound = True
    for combination in combinations(Path(arguments[1]) if len(arguments) > 1 else ONTOLOGY):
        started = time.monotonic()
        triples = combination.triples(packages)
        verdict = reason(triples)
        others = len(verdict.empty_classes) - len(verdict.own_empty_classes)
        is_sound &= verdict.is_sound
        with_parents = ", ".join(_shown(each) for each in combination.parents)
        parts = [
            f"{combination.name}: {len(combination.files)} files, {len(triples)} triples",
            f"with {with_parents}" if with_parents else "",
            f"without a copy of {', '.join(combination.absent)}" if combination.absent else "",
            "consistent" if verdict.is_consistent else "INCONSISTENT",
            f"EMPTY: {', '.join(verdict.own_empty_classes)}" if verdict.own_empty_classes else "",
            f"{others} classes of the copies are empty by themselves" if others else "",
            f"{time.monotonic() - started:.1f} s",
        ]
        sys.stdout.write("; ".join(part for part in parts if part) + "\n")
        sys.stdout.flush()
    return 0 if is_sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
