"""Findings before and after: what comes with a submission, what was there already, and what goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Triple

from pedgraph.intake.bundle import KNOWN
from pedgraph.intake.messages import translate
from pedgraph.intake.shipped import Shipped
from pedgraph.intake.submissions.impact.result import FindingChanges
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, PREFIXES, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.submissions.impact.names import Names
    from pedgraph.store.candidate import Candidate

    # Triples to be held against the rules, and what they may lean on → findings.
    Examine = Callable[[Sequence[Triple], Sequence[Triple]], list[Finding]]

_MADE: Final = frozenset({ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH})
# How far what is known of neighbours reaches: the city of a district, and the country of the city.
_NEIGHBOUR_STEPS: Final = 2
# A property with too many values, or two in one language (SHACL, sections 4.2.2 and 4.4.2).
_OF_RIVALS: Final = frozenset(
    PREFIXES["sh"] + name for name in ("MaxCountConstraintComponent", "UniqueLangConstraintComponent")
)


def default_examine(triples: Sequence[Triple], known: Sequence[Triple]) -> list[Finding]:
    """Holds triples against the shapes, with the vocabulary, the reference data, and what else is known."""
    # Here, as the libraries that validate take their time to be read.
    from pedgraph.intake.validation import Rulebook, validate

    shipped = _shipped()
    return validate(triples, Rulebook(shipped.shapes, shipped.vocabulary, [*shipped.reference, *known]))


@cache
def _shipped() -> Shipped:
    return Shipped()


def surroundings(things: Iterable[str], stores: Sequence[Candidate], most: int) -> list[str]:
    """Things and what points to them, in either store: a change of a thing may break a rule about what refers to it."""
    touched = dict.fromkeys(sorted(things))
    for iri in list(touched):
        if len(touched) >= most:
            break
        pointing = {
            each.subject.value
            for store in stores
            for each in store.pointing_to(iri)
            if isinstance(each.subject, NamedNode)
        }
        touched |= dict.fromkeys(sorted(pointing))
    return list(touched)[:most]


def findings_about(things: Sequence[str], store: Candidate, examine: Examine) -> list[Finding]:
    """What the rules find about things as a store has them; raises :class:`InputError`."""
    triples = {quad.triple: None for iri in things for quad in store.quads_about(iri) if _is_stated(quad.graph_name)}
    if not triples:
        return []
    return examine(list(triples), _known_around(triples, set(things), store))


@dataclass(frozen=True)
class Sides:
    """Findings about the version before and after, about the submission by itself, and the things that it touches."""

    before: Sequence[Finding]
    after: Sequence[Finding]
    submission: Sequence[Finding]
    touched: AbstractSet[str]


def finding_changes(sides: Sides, names: Names, most: int) -> FindingChanges:
    """The findings of both sides, told apart; of each kind at most so many, and all counted.

    Rival values of one property, which each graph may have, are told as conflicts and are no findings here. What was
    known before is told of touched things only. Each says besides what its entity is called, and whether the check of
    the submission itself found it.
    """
    then = {_key(each): each for each in sides.before if each.component not in _OF_RIVALS}
    own = {_key(each): each for each in sides.submission}
    now = {_key(each): each for each in sides.after if each.component not in _OF_RIVALS} | own
    found = {
        "new": [each for key, each in now.items() if key not in then],
        "known": [each for key, each in now.items() if key in then and each.focus_node in sides.touched],
        "gone": [each for key, each in then.items() if key not in now],
    }
    told = {
        name: tuple(
            {**each.as_json(), "entity": names.of(each.focus_node), "in_submission": _key(each) in own}
            for each in translate(sorted(some)[:most], names.language)
        )
        for name, some in found.items()
    }
    return FindingChanges(**told, counts={name: len(some) for name, some in found.items()})


def _known_around(triples: Iterable[Triple], things: set[str], store: Candidate) -> list[Triple]:
    known: dict[Triple, None] = {}
    seen = set(things)
    edge = {each.object.value for each in triples if isinstance(each.object, NamedNode)} - seen
    for _ in range(_NEIGHBOUR_STEPS):
        found = [triple for iri in sorted(edge) for triple in store.about(iri) if triple.predicate.value in KNOWN]
        known |= dict.fromkeys(found)
        seen |= edge
        edge = {each.object.value for each in found if isinstance(each.object, NamedNode)} - seen
    return list(known)


def _is_stated(graph: object) -> bool:
    return isinstance(graph, NamedNode) and graph.value not in _MADE


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.focus_node, finding.path, finding.value
