"""From a finding to a told finding: a JSON object that a steward understands."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.messages import ENGLISH, FOUND, fill, group_without_shape, read_catalogue
from pedgraph.intake.telling.allowing import Allowances, Sources, as_json
from pedgraph.intake.telling.expecting import Expectations
from pedgraph.intake.telling.index import Index
from pedgraph.intake.telling.labels import Known, KnownTriples, Labels, key_properties
from pedgraph.intake.telling.words import read_words
from pedgraph.vocabulary.iris import PREFIXES, ROOT, compact, expand, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding, Position

_TERM: Final = re.compile(r"\b(?:" + "|".join(PREFIXES) + r"):[A-Za-z]\w*")
# A literal of Turtle, whose datatype and language a table does without.
_LITERAL: Final = re.compile(r'"([^"]*)"(?:\^\^[a-z]+:\w+|@[a-z]+)?')
_VARIABLE: Final = re.compile(r"\{[?$]\w+\}")
_TABLES: Final = (".csv", ".xlsx", ".zip")
LONGEST_VALUE_CHARACTERS: Final = 500


@dataclass(frozen=True)
class Background:
    """What findings are told with: the shapes, the vocabulary with the reference data, and the current graph."""

    expectations: Expectations
    vocabulary: Index
    known: Known

    @classmethod
    def of_triples(
        cls, shapes: Iterable[Triple], vocabulary: Iterable[Triple], known: Iterable[Triple] = ()
    ) -> Background:
        """The background where all of it is held in memory. It may be used for many files."""
        return cls(Expectations(shapes), Index(vocabulary), KnownTriples(known))


class Teller:
    """Tells findings about one file in one language."""

    def __init__(self, background: Background, submitted: Iterable[Triple], language: str) -> None:
        """Takes in what was ``submitted``; raises :class:`InputError` where there are no messages in the language."""
        self._catalogue = read_catalogue(language)
        self._words = read_words(language)
        ours = Index(submitted, key_properties(self._words))
        self._labels = Labels(self._words, ours, background.vocabulary, background.known)
        self._allowances = Allowances(
            Sources(ours, background.vocabulary, background.known), background.expectations, self._labels, self._words
        )

    @property
    def language(self) -> str:
        """The language in which is told."""
        return self._words.language

    def tell(self, finding: Finding) -> dict[str, Any]:
        """The finding as people are told of it: a JSON object.

        ``problem`` says what is wrong and ``fix`` what to do, both with labels in place of terms; ``message`` is both
        as the catalogue has them, with the terms. ``value`` is what was found, as it stands in the file, and ``found``
        the same with labels; of several values, of which there are too many, ``found`` has all.
        """
        allowed = as_json(self._allowances.of(finding))
        problem, fix = self._sentences(finding, [each["label"] for each in allowed["allowed"]])
        return {
            "rule": finding.rule,
            "severity": finding.severity.name.lower(),
            "focus_node": finding.focus_node,
            "path": finding.path,
            "entity": self._labels.entity(finding.focus_node) if finding.focus_node else {"iri": "", "label": ""},
            "property": self.property(finding.path),
            "value": _short(finding.value) if finding.value != finding.focus_node else "",
            "found": self._found(finding),
            **allowed,
            "problem": problem,
            "fix": fix,
            "message": self._catalogue.message(finding.key, dict(finding.variables)) or finding.message,
            "position": asdict(finding.position),
            "place": place(finding.position),
            "help": help_address(finding),
            "shape": finding.shape,
            "component": finding.component,
        }

    def general(self, key: str) -> tuple[str, str]:
        """What is wrong in all findings of a kind, and what to do; an ellipsis stands for what differs among them."""
        parts = self._catalogue.parts(key) or ("", "")
        problem, fix = (_VARIABLE.sub("…", self._with_labels(part, in_table=False)) for part in parts)
        return problem, fix

    def property(self, path: str) -> dict[str, str]:
        """The property of a finding, or the properties of a longer path: IRI of a single one, and label."""
        parts = [part.removeprefix("^") for part in path.split(" | ") if part]
        labels = [self._labels.label(part) or compact(part).strip("<>") for part in parts]
        return {"iri": path if is_absolute(path) else "", "label": ", ".join(dict.fromkeys(labels))}

    def _sentences(self, finding: Finding, allowed: Sequence[str]) -> tuple[str, str]:
        parts = self._catalogue.parts(finding.key)
        if parts is None:
            return finding.message.removeprefix(f"{finding.rule}: "), ""
        variables = {name: _short(self._labels.shown(text)) for name, text in finding.variables}
        if "allowed" in variables and allowed:
            variables["allowed"] = _short(", ".join(allowed))
        if "nearest" in variables and variables["nearest"] != (name := dict(finding.variables)["nearest"]):
            variables["nearest"] = f"{variables['nearest']} ({name})"
        in_table = is_in_table(finding.position)
        problem, fix = (fill(self._with_labels(part, in_table=in_table), variables) for part in parts)
        return problem, fix

    def _found(self, finding: Finding) -> str:
        counted = dict(finding.variables).get(FOUND)
        if finding.value == finding.focus_node:
            # What is wrong with a node itself is its name.
            return compact(finding.value).strip("<>") if counted and is_absolute(finding.value) else ""
        if counted:
            return _short(self._labels.shown(counted))
        label = self._labels.label(finding.value) if is_absolute(finding.value) else ""
        return label or _short(compact(finding.value).strip("<>") if is_absolute(finding.value) else finding.value)

    def _with_labels(self, template: str, *, in_table: bool) -> str:
        """A template with labels for the terms that it names; who writes a table need not see the terms."""

        def labelled(match: re.Match[str]) -> str:
            label = self._labels.label(expand(match[0]))
            quoted = self._words.phrase("term", label=label) if label else match[0]
            return quoted if in_table or not label else f"{quoted} ({match[0]})"

        text = _LITERAL.sub(r"\1", template) if in_table else template
        pieces = re.split(r'("[^"]*"(?:\^\^[a-z]+:\w+)?)', text)
        return "".join(piece if index % 2 else _TERM.sub(labelled, piece) for index, piece in enumerate(pieces))


def place(position: Position) -> str:
    """Where something is, as editors and people read it: ``file.ttl:3:7``, ``sheet!B7``, ``file.jsonld#/@graph/0``."""
    if position.cell:
        return f"{position.sheet}!{position.cell}" if position.sheet else position.cell
    line = "".join(f":{number}" for number in (position.line, position.column) if number)
    return f"{position.sheet or position.source}{line or position.pointer}"


def is_in_table(position: Position) -> bool:
    """Whether a position is one in a table, whose writer fills cells and knows nothing of statements."""
    return bool(position.cell or position.sheet) or position.source.lower().endswith(_TABLES)


def help_address(finding: Finding) -> str:
    """The address of the page that explains a rule; one that is not ours has none."""
    page = "shapes" if finding.shape else "file-rules" if finding.rule in _rules_of_files() else ""
    return f"{ROOT}documentation/{page}.html#{finding.rule}" if page else ""


@cache
def _rules_of_files() -> frozenset[str]:
    """What no shape tells, and the catalogue has."""
    return frozenset(key for key in read_catalogue(ENGLISH).templates if group_without_shape(key))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE_CHARACTERS else text[:LONGEST_VALUE_CHARACTERS] + "…"
