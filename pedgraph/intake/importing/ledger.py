"""What became of each value: carried over, or told of in a finding. What is neither at the end is told of, too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.nodes import leaves
from pedgraph.intake.importing.texts import plain, told
from pedgraph.intake.reading.json_text import Array, Object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pedgraph.intake.findings import Finding, Position
    from pedgraph.intake.importing.entries import Entry, Value

_SHOWN: Final = 20
_MAILBOX: Final = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]+")
_NOTHING_IN: Final = frozenset({"section", "html", "page"})


@dataclass
class Ledger:
    """Counts values, and collects the findings about those that are left behind."""

    problems: list[Finding] = field(default_factory=list)
    carried: int = 0
    left: int = 0
    empty: int = 0

    def carry(self, value: Value, number: int = 1) -> None:
        """Notes that so many of the values of a field are in the data, or only say where such a value is to be seen."""
        value.left -= number
        self.carried += number

    def leave(
        self,
        rule: str,
        entry: Entry,
        value: Value,
        *,
        number: int | None = None,
        found: str = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Tells why so many values of a field, all that are left where no number is given, are not carried over.

        ``found`` is what is shown of it; the content of the field where it is empty.
        """
        number = value.left if number is None else number
        value.left -= number
        self.left += number
        variables = _variables(entry, value.key, value.field.label, number)
        shown = found or _content(value.node.value)
        self.problems.append(rules.finding(rule, value.node.position, value=shown, **variables, **(more or {})))

    def leave_entry(self, rule: str, entry: Entry) -> None:
        """Tells why a whole entry is not carried over."""
        number = sum(value.left for value in entry.values)
        self.left += number
        for value in entry.values:
            value.left = 0
        variables = {"entry": name_of(entry), "number": str(number)}
        self.problems.append(rules.finding(rule, entry.node.position, value=entry.number, **variables))

    def text(self, entry: Entry, value: Value, content: object) -> str:
        """A text without markup, of which there is a notice."""
        words, has_markup = plain(content if isinstance(content, str) else told(content))
        if has_markup:
            variables = _variables(entry, value.key, value.field.label, 1)
            found = rules.finding(rules.MARKUP, value.node.position, value=told(content), **variables)
            self.problems.append(found)
        return words

    def close(self, entry: Entry, *, has_labels: bool) -> None:
        """Tells of everything in an entry that nothing was done with, field by field."""
        groups: dict[tuple[str, str], list[Value]] = {}
        for value in entry.values:
            self.empty += not leaves(value.node.value)
            if value.left > 0:
                groups.setdefault((value.code, _why(value, has_labels=has_labels)), []).append(value)
        for (code, rule), values in groups.items():
            self._leave_all(rule, entry, code, values)

    def _leave_all(self, rule: str, entry: Entry, code: str, values: list[Value]) -> None:
        number = sum(value.left for value in values)
        self.left += number
        labels = [value.field.label for value in values if value.field.label]
        variables = _variables(entry, code if len(values) > 1 else values[0].key, "; ".join(labels[:_SHOWN]), number)
        shown = "" if rule == rules.CONTACT else "; ".join(_content(each.node.value) for each in values[:_SHOWN])
        self.problems.append(rules.finding(rule, values[0].node.position, value=shown, **variables))
        for value in values:
            value.left = 0


def name_of(entry: Entry) -> str:
    """What findings call an entry: its title where it has one, else its number."""
    from pedgraph.intake.importing.fields import Meaning

    names = [told(plain(str(value.node.value))[0]) for value in entry.values if value.meaning is Meaning.NAME]
    return next(filter(None, names), "") or entry.number or entry.node.steps[-1]


def _variables(entry: Entry, key: str, label: str, number: int) -> dict[str, str]:
    return {"entry": name_of(entry), "field": key, "label": told(plain(label)[0]) or "-", "number": str(number)}


def _content(value: object) -> str:
    """The values of a field, as a finding shows them."""
    if isinstance(value, Object):
        parts = [value["title"]] if isinstance(value.get("title"), str) else list(value.values())
    elif isinstance(value, Array):
        parts = list(value)
    else:
        return "yes" if value is True else told(value)
    return told("; ".join(_content(each) for each in parts[:_SHOWN] if leaves(each)))


def _why(value: Value, *, has_labels: bool) -> str:
    kind = value.field.field_type
    content = value.node.value
    if kind == "email" or (isinstance(content, str) and _MAILBOX.fullmatch(content.strip())):
        return rules.CONTACT
    if kind == "fileupload":
        return rules.UPLOAD
    if has_labels and not value.is_described and kind not in _NOTHING_IN:
        return rules.UNKNOWN_FIELD
    return rules.NO_HOME


def summary(ledger: Ledger, entries: int, position: Position) -> Finding:
    """The numbers of all values, as one finding."""
    numbers = {"entries": entries, "carried": ledger.carried, "left": ledger.left, "empty": ledger.empty}
    return rules.finding(rules.SUMMARY, position, **{name: str(number) for name, number in numbers.items()})
