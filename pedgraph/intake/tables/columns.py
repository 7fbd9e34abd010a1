"""The model of all tables, built from shapes, ontology, code lists and context, and from two files that say what none
of these can: which kinds have a sheet, and what the columns are called (``shapes/templates``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from pyoxigraph import Literal

from pedgraph.intake.bundle import read_turtle
from pedgraph.intake.shipped import Shipped
from pedgraph.intake.tables.facts import (
    RDFS,
    SKOS,
    Demand,
    Facts,
    classes_anywhere,
    demand,
    noted_datatypes,
    read_context,
    str_of,
)
from pedgraph.intake.tables.kinds import ENGLISH, Column, Kind, Member, Model, Node, ValueKind, folded
from pedgraph.intake.tables.members import UNIT, chosen_member, class_member, code_member, unit_member
from pedgraph.resources import examples_directory, templates_directory
from pedgraph.vocabulary.iris import CODES, PREFIXES, TERMS, expand
from pedgraph.vocabulary.minting import HASHED, RDF_TYPE

XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = frozenset(XSD + name for name in ("decimal", "integer", "double"))
_DATES: Final = frozenset(XSD + name for name in ("date", "gYearMonth", "gYear"))
_INDICATOR: Final = f"{TERMS}indicator"
_IDENTIFIER: Final = f"{PREFIXES['adms']}identifier"


@lru_cache(maxsize=1)
def read_model() -> Model:
    """The model of all tables; read once. Raises :class:`InputError` where a file of pedgraph is missing."""
    shipped = Shipped()
    return _Builder(
        facts=Facts([*shipped.shapes, *shipped.vocabulary, *shipped.reference]),
        examples=Facts(read_turtle(examples_directory())),
        columns=_read_toml("columns.toml"),
        declared=_read_toml("kinds.toml"),
        words=_read_toml("words.toml"),
        context=read_context(),
    ).model()


def _read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((templates_directory() / name).read_text(encoding="utf-8"))


@dataclass
class _Builder:
    facts: Facts
    examples: Facts
    columns: dict[str, Any]
    declared: dict[str, Any]
    words: dict[str, Any]
    context: dict[str, dict[str, Any]]

    def model(self) -> Model:
        qualifiers = {
            word.casefold(): f"{CODES}value-qualifier/{name}"
            for name, words in self.words["qualifiers"].items()
            for word in words
        }
        months = {
            folded(name): number
            for names in self.words["months"].values()
            for number, name in enumerate(names, start=1)
        }
        kinds = tuple(self._kind(each) for each in self.declared["kinds"])
        classes = {below for kind in kinds for below in self.facts.below(kind.class_iri)}
        superclasses = {each: tuple(self.facts.above(each)) for each in sorted(classes)}
        return Model(kinds, self._units, superclasses, qualifiers, months)

    def _kind(self, declared: dict[str, Any]) -> Kind:
        class_iri = TERMS + declared["class"]
        nodes = tuple(self._node(node) for node in declared.get("nodes", []))
        owner = _Owner(class_iri, nodes)
        columns = tuple(self._column(owner, each) for each in declared["columns"])
        names = {column.name for column in columns}
        name_column = declared.get("name_column", "name" if "name" in names else "")
        return Kind(
            name=declared["name"],
            labels=declared["label"],
            class_iri=class_iri,
            columns=columns,
            nodes=nodes,
            slugs={TERMS + name: word for name, word in declared.get("slugs", {}).items()},
            name_column=name_column,
            slug_columns=tuple(declared.get("slug_columns", [name_column] if name_column else [])),
            is_hashed=declared["class"] in HASHED,
            is_form=declared.get("is_form", False),
            help=self.facts.by_language(class_iri, f"{SKOS}definition"),
        )

    def _node(self, declared: dict[str, Any]) -> Node:
        return Node(
            name=declared["name"],
            class_iri=TERMS + declared["class"],
            link=_expanded(declared["link"]),
            facts={expand(key): expand(value) for key, value in declared.get("facts", {}).items()},
            shares={expand(key): column for key, column in declared.get("shares", {}).items()},
        )

    def _column(self, owner: _Owner, declared: dict[str, Any]) -> Column:
        words = self.columns.get(declared.get("use", declared["name"]), {})
        entry = {**words, **declared}
        # A column whose path is taken away here still holds what its property would: nodes share it.
        path = _expanded(entry["path"] or words["path"]) if "path" in entry else ""
        asked = self._demand(owner, entry.get("node", ""), path)
        property_iri = path.removeprefix("^")
        schemes = tuple(CODES + name for name in entry.get("schemes", [])) or self._schemes(asked, property_iri)
        value_kind = self._value_kind(entry, path, asked, schemes)
        is_stated = entry.get("path") != ""
        agency = entry.get("agency", "")
        return Column(
            name=declared["name"],
            labels=entry["label"],
            value_kind=value_kind,
            path=_IDENTIFIER if agency else path if is_stated else "",
            also=tuple(expand(each) for each in entry.get("also", [])),
            node=entry.get("node", ""),
            datatypes=self._datatypes(entry, property_iri, asked),
            has_language="@language" in self._container(property_iri) or self._is_language(property_iri),
            classes=tuple(expand(each) for each in entry["classes"]) if "classes" in entry else asked.classes,
            schemes=schemes,
            members=tuple(chosen_member(choice) for choice in entry.get("choices", ()))
            or self._members(owner, value_kind, schemes, declared["name"]),
            unit=expand(entry["unit"]) if "unit" in entry else "",
            unit_column=entry.get("unit_column", ""),
            agency=agency,
            is_required=is_stated and asked.is_required,
            is_recommended=is_stated and asked.is_recommended,
            is_many=self._is_many(entry, value_kind, property_iri, asked),
            help=self._help(entry, property_iri),
            example=entry.get("example", "") or self._example(owner, entry.get("node", ""), path),
        )

    def _demand(self, owner: _Owner, node_name: str, path: str) -> Demand:
        """What the shapes ask of a column; one about a node is required if the row needs this node."""
        if not path:
            return Demand()
        if not node_name:
            return demand(self.facts, owner.class_iri, path)
        node = owner.node(node_name)
        of_node = demand(self.facts, node.class_iri, path)
        of_link = demand(self.facts, owner.class_iri, node.link)
        is_only_one = [each.link for each in owner.nodes].count(node.link) == 1
        is_needed = of_link.is_required and is_only_one
        return Demand(
            is_required=of_node.is_required and is_needed,
            is_recommended=of_node.is_recommended and is_needed,
            is_single=True,
            datatypes=of_node.datatypes,
            classes=of_node.classes,
            schemes=of_node.schemes,
        )

    def _value_kind(self, entry: dict[str, Any], path: str, asked: Demand, schemes: tuple[str, ...]) -> ValueKind:
        if "value" in entry:
            return ValueKind(entry["value"])
        if "agency" in entry:
            return ValueKind.EXTERNAL
        if schemes or "classes" in entry or asked.classes:
            return ValueKind.CODE if schemes else ValueKind.ENTITY
        datatypes = set(self._datatypes(entry, path.removeprefix("^"), asked))
        if not datatypes and self.context.get(path, {}).get("@type") == "@id":
            return ValueKind.ENTITY
        return _of_datatypes(datatypes)

    def _datatypes(self, entry: dict[str, Any], property_iri: str, asked: Demand) -> tuple[str, ...]:
        if "datatypes" in entry:
            return tuple(expand(each) for each in entry["datatypes"])
        in_context = self.context.get(property_iri, {}).get("@type", "")
        stated = (expand(in_context),) if in_context.startswith("xsd:") else ()
        return asked.datatypes or noted_datatypes(self.facts, property_iri) or stated

    def _schemes(self, asked: Demand, property_iri: str) -> tuple[str, ...]:
        """The code lists of a property, also where its values are of a class of codes, such as the indicators."""
        of_classes = [
            scheme
            for each in classes_anywhere(self.facts, property_iri)
            for member in self.facts.subjects(RDF_TYPE, each)
            for scheme in self.facts.texts(member, f"{SKOS}inScheme")
        ]
        return asked.schemes or tuple(dict.fromkeys(of_classes))

    def _container(self, property_iri: str) -> list[str]:
        container = self.context.get(property_iri, {}).get("@container", [])
        return [container] if isinstance(container, str) else container

    def _is_language(self, property_iri: str) -> bool:
        return f"{PREFIXES['rdf']}langString" in noted_datatypes(self.facts, property_iri)

    def _is_many(self, entry: dict[str, Any], value_kind: ValueKind, property_iri: str, asked: Demand) -> bool:
        if value_kind in {ValueKind.EXTERNAL, ValueKind.COORDINATES} or asked.is_single:
            return False
        return bool(entry.get("is_many", "@set" in self._container(property_iri)))

    def _members(self, owner: _Owner, value_kind: ValueKind, schemes: tuple[str, ...], name: str) -> tuple[Member, ...]:
        if value_kind is ValueKind.UNIT:
            return self._allowed_units(owner, name)
        if value_kind is ValueKind.CLASS:
            return tuple(class_member(self.facts, self.words, each) for each in self.facts.below(owner.class_iri))
        return tuple(
            code_member(self.facts, self.words, iri, scheme)
            for scheme in schemes
            for iri in self.facts.subjects(f"{SKOS}inScheme", scheme)
        )  # fmt: skip

    @cached_property
    def _units(self) -> tuple[Member, ...]:
        return tuple(
            unit_member(self.facts, self.words, iri) for iri in self.facts.subjects(RDF_TYPE, f"{PREFIXES['qudt']}Unit")
        )

    def _allowed_units(self, owner: _Owner, column_name: str) -> tuple[Member, ...]:
        """The units that fit the indicators of all nodes that share a column; all units where none does."""
        fitting = [
            set(self.facts.texts(node.facts[_INDICATOR], f"{PREFIXES['qudt']}applicableUnit"))
            for node in owner.nodes
            if column_name in node.shares.values() and _INDICATOR in node.facts
        ]
        return tuple(unit for unit in self._units if all(unit.iri in each for each in fitting))

    def _help(self, entry: dict[str, Any], property_iri: str) -> dict[str, str]:
        if "help" in entry:
            return {ENGLISH: entry["help"]}
        return self.facts.by_language(property_iri, f"{SKOS}definition")

    def _example(self, owner: _Owner, node_name: str, path: str) -> str:
        """The first value that the example of the class has for a property, as one would type it."""
        class_iri = owner.node(node_name).class_iri if node_name else owner.class_iri
        for subject in self.examples.subjects(RDF_TYPE, class_iri):
            for term in self.examples.terms(subject, path):
                if isinstance(term, Literal):
                    return term.value
                iri = str_of(term)
                if iri.startswith(UNIT):
                    return unit_member(self.facts, self.words, iri).notation
                labels = self.facts.by_language(iri, f"{SKOS}prefLabel") or self.examples.by_language(
                    iri, f"{RDFS}label"
                )
                return labels.get(ENGLISH) or iri.rpartition("/")[2]
        return ""


@dataclass(frozen=True)
class _Owner:
    class_iri: str
    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)


def _of_datatypes(datatypes: set[str]) -> ValueKind:
    if datatypes & _NUMBERS:
        return ValueKind.NUMBER
    if datatypes == {f"{XSD}gYear"}:
        return ValueKind.YEAR
    if datatypes & _DATES:
        return ValueKind.DATE
    return ValueKind.IRI if f"{XSD}anyURI" in datatypes else ValueKind.TEXT


def _expanded(path: str) -> str:
    return "^" + expand(path[1:]) if path.startswith("^") else expand(path)
