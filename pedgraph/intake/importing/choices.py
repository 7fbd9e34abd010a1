"""Choices of the forms as members of our code lists."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from pedgraph.intake.bundle import read_turtle
from pedgraph.intake.importing import rules
from pedgraph.intake.importing.fields import Meaning
from pedgraph.intake.importing.nodes import Node, leaves
from pedgraph.intake.importing.texts import plain, told
from pedgraph.intake.tables.cells import find_code
from pedgraph.intake.tables.facts import SKOS, Facts
from pedgraph.intake.tables.kinds import ENGLISH, folded
from pedgraph.intake.tables.rules import NotReadError, choice
from pedgraph.resources import alignments_directory, ontology_directory
from pedgraph.vocabulary.iris import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.findings import Position
    from pedgraph.intake.importing.entries import Entry, Value
    from pedgraph.intake.importing.ledger import Ledger
    from pedgraph.intake.tables.kinds import Member, Model

_OFFERED: Final = f"{CODES}ped-database-choice"
_STAGES: Final = f"{CODES}ped-stage/"
_CATEGORIES: Final = f"{CODES}site-category/"
# The order of the tick boxes, as the pages of the PED Database read them.
_CATEGORY_KEYS: Final = {
    "A1P003.1": f"{_CATEGORIES}case-study",
    "A1P003.2": f"{_CATEGORIES}relevant-case-study",
    "A1P003.3": f"{_CATEGORIES}lab",
}


class Choices:
    """Finds codes, and tells of choices that have none."""

    def __init__(self, model: Model, ledger: Ledger) -> None:
        self._model = model
        self._ledger = ledger

    def categories(self, entry: Entry) -> dict[str, Position]:
        """The categories of a site, each with its place."""
        found: dict[str, Position] = {}
        for value in entry.of(Meaning.CATEGORY):
            for words, node in self._chosen(entry, value):
                code = _matches(_CATEGORIES).get(folded(words)) or _CATEGORY_KEYS.get(value.key, "")
                if not code or (node.value is not True and not _matches(_CATEGORIES).get(folded(words))):
                    self._unknown(entry, value, words, _offered(_CATEGORIES))
                    continue
                found.setdefault(code, node.position)
                self._ledger.carry(value)
        return found

    def stage(self, entry: Entry, value: Value) -> str:
        """The stage that a phase stands for; empty, with a finding, where there is none."""
        for words, _ in self._chosen(entry, value):
            code = _matches(_STAGES).get(folded(words), "")
            if code:
                self._ledger.carry(value)
                return code
            self._unknown(entry, value, words, value.field.choices or _offered(_STAGES))
        return ""

    def technologies(self, entry: Entry, value: Value) -> Iterator[str]:
        """The technologies of which a field says that they are used."""
        for words, _ in self._chosen(entry, value):
            try:
                code = find_code(words, self._technologies, ENGLISH).iri
            except NotReadError as error:
                near = {name: error.variables.get(name, "") for name in ("allowed", "nearest")}
                self._ledger.leave(rules.UNKNOWN_CHOICE, entry, value, number=1, found=told(words), more=near)
            else:
                self._ledger.carry(value)
                yield code

    def _chosen(self, entry: Entry, value: Value) -> Iterator[tuple[str, Node]]:
        """The words of what was chosen: the label of a tick box, or the texts themselves."""
        nodes = list(value.node.items()) or [value.node]
        for node in nodes:
            if node.value is True:
                words = value.field.label
                if words or value.key in _CATEGORY_KEYS:
                    yield plain(words)[0], node
                else:
                    self._ledger.leave(rules.UNKNOWN_FIELD, entry, value, number=1)
            elif leaves(node.value) == 1 and isinstance(node.value, str):
                yield self._ledger.text(entry, value, node.value), node

    def _unknown(self, entry: Entry, value: Value, words: str, allowed: tuple[str, ...]) -> None:
        near = choice(words, allowed)
        self._ledger.leave(rules.UNKNOWN_CHOICE, entry, value, number=1, found=told(words), more=near)

    @cached_property
    def _technologies(self) -> tuple[Member, ...]:
        return self._model.kind("districts").column("technologies").members


@lru_cache(maxsize=4)
def _matches(codes: str) -> dict[str, str]:
    """The choices of the PED Database that mean exactly a member of one of our lists: folded text → its IRI."""
    facts = _facts()
    return {
        folded(facts.text(each, f"{SKOS}notation")): code
        for each in facts.subjects(f"{SKOS}inScheme", _OFFERED)
        for code in facts.texts(each, f"{SKOS}exactMatch")
        if code.startswith(codes)
    }


def _offered(codes: str) -> tuple[str, ...]:
    facts = _facts()
    return tuple(
        facts.text(each, f"{SKOS}notation")
        for each in facts.subjects(f"{SKOS}inScheme", _OFFERED)
        if any(code.startswith(codes) for code in facts.texts(each, f"{SKOS}exactMatch"))
    )


@lru_cache(maxsize=1)
def _facts() -> Facts:
    return Facts(
        [
            *read_turtle(ontology_directory() / "codes" / "ped-database-choice.ttl"),
            *read_turtle(alignments_directory() / "ped-database.ttl"),
        ]
    )
