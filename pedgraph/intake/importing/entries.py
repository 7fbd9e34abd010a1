"""Entries of the two forms, recognised in whichever answer they came."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.fields import Field, Fields, Form, code_of, meaning, read_fields
from pedgraph.intake.importing.nodes import Node, leaves
from pedgraph.intake.reading.json_text import Array, Object

if TYPE_CHECKING:
    from pedgraph.intake.findings import Finding
    from pedgraph.intake.importing.fields import Meaning

ANSWERS: Final = "everything, case-studies, projects, case-studies/meta, projects/meta"
_FORMS: Final = {"1": Form.SITES, "2": Form.PROJECTS}
_PARTS: Final = {"caseStudies": Form.SITES, "projects": Form.PROJECTS}
_NAME_OF_SITES: Final = "A1P001"
_NUMBER: Final = re.compile("[1-9][0-9]{0,18}")


@dataclass
class Value:
    """One field of one entry. ``left`` is how many of its values nothing was done with so far."""

    key: str
    field: Field
    node: Node
    is_described: bool
    meaning: Meaning | None = None
    left: int = 0

    @property
    def code(self) -> str:
        """The code of the field, or of the section that it stands in."""
        return code_of(self.key)


@dataclass
class Entry:
    """One site or project as somebody entered it. ``number`` is that of its page, which links use."""

    form: Form
    node: Node
    number: str
    values: list[Value] = field(default_factory=list)

    def of(self, wanted: Meaning) -> list[Value]:
        """Its fields of one meaning that hold anything."""
        return [each for each in self.values if each.meaning is wanted and each.left]


@dataclass
class Gathered:
    """What was found in all files together."""

    fields: dict[Form, Fields] = field(default_factory=lambda: {form: Fields() for form in Form})
    entries: list[Entry] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def of(self, form: Form) -> list[Entry]:
        """The entries of one form."""
        return [entry for entry in self.entries if entry.form is form]


def seems(value: object) -> bool:
    """Whether a JSON text looks like an answer of the PED Database."""
    if isinstance(value, Array):
        return any(isinstance(each, Object) and _is_entry(each) for each in value)
    return isinstance(value, Object) and "@context" not in value and (
        _is_everything(value) or _is_entry(value) or _is_meta(value)
    )  # fmt: skip


def page_number(word: str) -> str:
    """The number of a page where the word is one; else empty."""
    return word if _NUMBER.fullmatch(word) else ""


def gather(texts: list[Node]) -> Gathered:
    """The fields and entries in the roots of these texts; each that is no answer becomes a problem."""
    gathered = Gathered()
    raw: list[tuple[Node, Form | None]] = []
    for root in texts:
        _sort(root, None, gathered, raw)
    for node, form in raw:
        entry = _entry(node, form, gathered)
        if entry is None:
            gathered.problems.append(rules.finding(rules.NO_ANSWER, node.position, allowed=ANSWERS))
        else:
            gathered.entries.append(entry)
    return gathered


def _sort(node: Node, form: Form | None, gathered: Gathered, raw: list[tuple[Node, Form | None]]) -> None:
    """Takes an answer, or a part of one, apart into fields and entries."""
    value = node.value
    if isinstance(value, Array):
        raw += [(each, form) for each in node.items()]
    elif isinstance(value, Object) and _is_everything(value):
        for part, part_form in _PARTS.items():
            for name in ("meta", "data"):
                inner = node.member(part).member(name)
                if inner.value is not None:
                    _sort(inner, part_form, gathered, raw)
    elif isinstance(value, Object) and _is_meta(value):
        found = read_fields(node)
        form = form or _form(node, found.by_key)
        if form is not None:
            gathered.fields[form] = found
    elif isinstance(value, Object) and _is_entry(value):
        raw.append((node, form))
    else:
        gathered.problems.append(rules.finding(rules.NO_ANSWER, node.position, allowed=ANSWERS))


def _entry(node: Node, form: Form | None, gathered: Gathered) -> Entry | None:
    data = node.member("data")
    form = form or _form(node, dict(data.members()))
    if form is None or not isinstance(data.value, Object):
        return None
    entry = Entry(form, node, page_number(node.member("postId").word))
    fields = gathered.fields[form]
    for key, value in data.members():
        members = dict(value.members())
        # Other objects are one value: a list whose numbering has gaps, for example.
        is_section = members and all(each in fields.by_key or each.startswith(f"{key}.") for each in members)
        inner = members if is_section else {key: value}
        for inner_key, each in inner.items():
            described = fields.by_key.get(inner_key)
            found = Value(
                inner_key, described or Field(inner_key), each, described is not None, left=leaves(each.value)
            )
            found.meaning = meaning(form, inner_key, found.field, is_alone=len(inner) == 1)
            entry.values.append(found)
    return entry


def _form(node: Node, keys: dict[str, object] | dict[str, Node] | dict[str, Field]) -> Form | None:
    return _FORMS.get(node.member("formId").word) or (Form.SITES if _NAME_OF_SITES in keys else None)


def _is_everything(value: Object) -> bool:
    parts = [value[part] for part in _PARTS if part in value]
    return bool(parts) and all(isinstance(part, Object) and part.keys() & {"data", "meta"} for part in parts)


def _is_entry(value: Object) -> bool:
    return isinstance(value.get("data"), Object) and bool(value.keys() & {"entryId", "formId", "postId"})


def _is_meta(value: Object) -> bool:
    return isinstance(value.get("fields"), Array) and bool(value.keys() & {"fieldKeys", "formId", "formName"})
