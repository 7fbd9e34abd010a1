"""What changed between two versions of ontology, code lists, alignments and shapes: terms added, removed and changed.

Blank nodes have no names that could be compared, so each is written out as what it says.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from pedgraph import __version__
from pedgraph.errors import InputError
from pedgraph.intake.bundle import read_alignments, read_shapes, read_turtle, read_vocabulary
from pedgraph.intake.headers import released_versions
from pedgraph.resources import releases_directory
from pedgraph.vocabulary.iris import CODES, INDICATORS, SHAPES, TERMS, compact
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES: Final = (TERMS, CODES, INDICATORS, SHAPES)
_NARROWING: Final = frozenset(
    {f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf", "http://www.w3.org/2002/07/owl#disjointWith"}
)
_DEEPEST: Final = 50

Statement = tuple[str, str]


@dataclass(frozen=True)
class Term:
    """A class, property, code or rule: its IRI, its kinds, and an English name."""

    iri: str
    kinds: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Change:
    """What is said of a term in one version only: pairs of a property and a value, written out."""

    term: Term
    removed: tuple[Statement, ...]
    added: tuple[Statement, ...]


@dataclass(frozen=True)
class Difference:
    """All differences, by IRI, and the part of the version number that they ask for (Semantic Versioning 2.0.0)."""

    added: tuple[Term, ...]
    removed: tuple[Term, ...]
    changed: tuple[Change, ...]

    @property
    def level(self) -> str:
        """``major`` where a term was removed or narrowed, ``minor`` where one was added, ``patch`` for other changes,
        ``none`` where there are none.
        """
        narrowed = any(
            compact(each) == name for change in self.changed for name, _ in change.added for each in _NARROWING
        )
        if self.removed or narrowed:
            return "major"
        if self.added:
            return "minor"
        return "patch" if self.changed else "none"

    def as_json(self) -> dict[str, Any]:
        """The difference as a JSON object."""
        return {
            "level": self.level,
            "added": [vars(term) for term in self.added],
            "removed": [vars(term) for term in self.removed],
            "changed": [
                {**vars(change.term), "removed": change.removed, "added": change.added} for change in self.changed
            ],
        }


def read_version(name: str) -> list[Triple]:
    """The triples of a version: ``current``, a released version such as ``0.1.0``, or the path of a folder or file in
    Turtle; raises :class:`InputError`.
    """
    released = released_versions(releases_directory())
    if name in released:
        return read_turtle(releases_directory() / name)
    if name in {"current", __version__}:
        return [*read_vocabulary(), *read_alignments(), *read_shapes()]
    path = Path(name)
    if path.exists():
        return read_turtle(path)
    known = ", ".join([*released, f"{__version__} (current)"])
    raise InputError(f"There is no version and no folder {name!r}. Versions: {known}.")


def difference(old: Sequence[Triple], new: Sequence[Triple]) -> Difference:
    """What was added, removed and changed from old to new, among the terms, codes and rules of pedgraph."""
    before, after = _terms(old), _terms(new)
    names = {**_names(old), **_names(new)}
    changed = [
        Change(names[iri], tuple(sorted(before[iri] - after[iri])), tuple(sorted(after[iri] - before[iri])))
        for iri in sorted(before.keys() & after.keys())
        if before[iri] != after[iri]
    ]
    return Difference(
        added=tuple(names[iri] for iri in sorted(after.keys() - before.keys())),
        removed=tuple(names[iri] for iri in sorted(before.keys() - after.keys())),
        changed=tuple(changed),
    )


def _terms(triples: Iterable[Triple]) -> dict[str, set[Statement]]:
    """Per term, what is said of it."""
    about: dict[object, list[Triple]] = defaultdict(list)
    for triple in triples:
        about[triple.subject].append(triple)
    typed = {
        subject for subject, statements in about.items() if any(each.predicate.value == RDF_TYPE for each in statements)
    }
    return {
        subject.value: {(compact(each.predicate.value), _written(each.object, about)) for each in about[subject]}
        for subject in typed
        if isinstance(subject, NamedNode) and subject.value.startswith(_NAMESPACES)
    }


def _written(term: object, about: dict[object, list[Triple]], depth: int = 0) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    if isinstance(term, Literal):
        return str(term)
    assert isinstance(term, BlankNode)
    if depth > _DEEPEST:
        return "[…]"
    parts = {each.predicate.value: each.object for each in about[term]}
    if f"{_RDF}first" in parts:
        return f"( {' '.join(_items(term, about, depth))} )"
    inside = sorted(
        f"{compact(each.predicate.value)} {_written(each.object, about, depth + 1)}" for each in about[term]
    )
    return f"[ {' ; '.join(inside)} ]"


def _items(head: object, about: dict[object, list[Triple]], depth: int) -> Iterator[str]:
    """The members of an RDF list."""
    while isinstance(head, BlankNode):
        parts = {each.predicate.value: each.object for each in about[head]}
        yield _written(parts[f"{_RDF}first"], about, depth + 1)
        head = parts.get(f"{_RDF}rest")


def _names(triples: Iterable[Triple]) -> dict[str, Term]:
    kinds: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode):
                kinds[triple.subject.value].add(compact(triple.object.value))
            is_label = triple.predicate.value.rpartition("#")[2] in {"label", "prefLabel"}
            if is_label and isinstance(triple.object, Literal) and triple.object.language == "en":
                labels[triple.subject.value] = triple.object.value
    return {iri: Term(iri, tuple(sorted(found)), labels.get(iri, "")) for iri, found in kinds.items()}
