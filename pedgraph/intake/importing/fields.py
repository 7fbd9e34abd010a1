"""The fields of the forms: what ``meta`` says of each, and which of them mean something here.

What a field means is taken from its code or form number where the public code of the PED Database says so, and
otherwise from a label that leaves no doubt. Some fields are shown only where another one has a certain value; answers
do not say so, and what such a field holds is read as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.kinds import folded

if TYPE_CHECKING:
    from pedgraph.intake.importing.nodes import Node

_CODE: Final = re.compile(r"^[A-Z][0-9]P[0-9]{3}")
_UNIT: Final = re.compile(r"^(.*\S)\s*\[([^\[\]]*)\]$", re.DOTALL)


class Form(StrEnum):
    """Whose fields they are."""

    SITES = "case-studies"
    PROJECTS = "projects"


class Meaning(StrEnum):
    """What a field holds that has a home here."""

    NAME = "name"
    CATEGORY = "category"
    PHASE = "phase"
    COUNTRY = "country"
    CITY = "city"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    PROJECTS = "projects"
    SITES = "sites"
    TARGETS = "targets"
    TECHNOLOGIES = "technologies"
    NUMBER = "number"
    START = "start date"
    END = "end date"


@dataclass(frozen=True)
class Field:
    """A field as ``meta`` describes it; ``label`` is without the unit, ``number`` that of the form's field."""

    key: str
    label: str = ""
    unit: str = ""
    field_type: str = ""
    data_type: str = ""
    number: str = ""
    choices: tuple[str, ...] = ()


@dataclass
class Fields:
    """The fields of a form by key, and the labels of its sections."""

    by_key: dict[str, Field] = field(default_factory=dict)

    @property
    def are_known(self) -> bool:
        """Whether there was a ``meta`` for them."""
        return bool(self.by_key)


_SITE_CODES: Final = {
    "A1P001": Meaning.NAME, "A1P003": Meaning.CATEGORY, "A1P004": Meaning.TARGETS, "A1P005": Meaning.PHASE,
    "A1P008": Meaning.PROJECTS, "A1P012": Meaning.COUNTRY,
    **dict.fromkeys(("A2P007", "A2P008", "A2P009", "A2P010"), Meaning.NUMBER),
    **dict.fromkeys(("A2P023", "A2P024", "A2P025", "A2P026"), Meaning.TECHNOLOGIES),
}  # fmt: skip
# Numbers of the forms' fields, as the pages of the PED Database read them.
_NUMBERS: Final = {
    Form.SITES: {"3": Meaning.NAME, "11": Meaning.PHASE, "20": Meaning.LONGITUDE, "21": Meaning.LATITUDE,
                 "833": Meaning.PROJECTS},
    Form.PROJECTS: {"4": Meaning.NAME, "7": Meaning.END, "8": Meaning.START},
}  # fmt: skip
_LABELS: Final = {
    Form.SITES: {"city": Meaning.CITY, "longitude": Meaning.LONGITUDE, "latitude": Meaning.LATITUDE,
                 "country": Meaning.COUNTRY},
    Form.PROJECTS: {"title": Meaning.NAME, "name": Meaning.NAME, "projecttitle": Meaning.NAME,
                    "projectname": Meaning.NAME, "startdate": Meaning.START, "enddate": Meaning.END},
}  # fmt: skip
_REFERENCES: Final = {"projects": Meaning.PROJECTS, "case-studies": Meaning.SITES}
# A section of these gives its meaning to all that stands in it.
_SHARED: Final = frozenset({Meaning.CATEGORY, Meaning.TARGETS, Meaning.TECHNOLOGIES})

_WRITTEN: Final = frozenset({"text", "textarea", "number", "email", "list", "fileupload"})


def code_of(key: str) -> str:
    """The code in front of the number of a sub-field; the key itself where it has none."""
    found = _CODE.match(key)
    return found[0] if found else key


def meaning(form: Form, key: str, described: Field, *, is_alone: bool) -> Meaning | None:
    """What a field holds; ``is_alone`` says that it is the only one under its code."""
    if described.data_type in _REFERENCES:
        return _REFERENCES[described.data_type]
    by_number = _NUMBERS[form].get(described.number)
    if by_number is not None:
        return by_number
    by_code = _SITE_CODES.get(code_of(key)) if form is Form.SITES else None
    if by_code in _SHARED:
        # What is written beside the tick boxes is no choice.
        return None if described.field_type in _WRITTEN else by_code
    if by_code is not None and is_alone:
        return by_code
    return _LABELS[form].get(folded(described.label))


def read_fields(meta: Node) -> Fields:
    """The fields that an answer of ``meta`` describes, those inside of sections among them."""
    fields = Fields()
    for each in meta.member("fields").items():
        for described in (each, *each.member("subfields").items()):
            found = _read(described)
            if found.key:
                fields.by_key.setdefault(found.key, found)
    return fields


def _read(described: Node) -> Field:
    label, unit = parted_unit(described.member("label").word)
    return Field(
        key=described.member("key").word,
        label=label,
        unit=unit,
        field_type=described.member("fieldType").word,
        data_type=described.member("dataType").word,
        number=described.member("fieldId").word,
        choices=tuple(each.word for each in described.member("choices").items() if each.word),
    )


def parted_unit(label: str) -> tuple[str, str]:
    """A label without the unit in square brackets at its end, and that unit."""
    found = _UNIT.match(label)
    return (found[1], found[2].strip()) if found else (label, "")
