"""SPARQL constraints (SHACL, section 5) turned around: asked once for all focus nodes, not once for each.

A constraint is written for one focus node, which is put in for ``$this`` everywhere (appendix A, pre-binding). Asked
without it, the query must give at least the same nodes. What is not known to do so is not translated: the whole of
SPARQL but the parts named here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import rdflib
from rdflib import OWL, RDF, RDFS
from rdflib.namespace import SH
from rdflib.paths import NegatedPath, Path
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from pedgraph.intake.shacl import guarded
from pedgraph.intake.shacl.focus import RESERVED
from pedgraph.intake.shacl.matching import ordered
from pedgraph.intake.shacl.terms_in_sparql import Untranslatable, term
from pedgraph.intake.shacl.values import flag
from pedgraph.intake.terms import prepared_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdflib.term import Node

THIS: Final = Variable("this")
# pySHACL refuses these, also where it only sees the word.
_REFUSED: Final = re.compile(r"(?i:\b(?:MINUS|VALUES|SERVICE)\b)|[$?](?:PATH|shapesGraph|currentShape)")


@dataclass(frozen=True)
class Inverted:
    """A constraint turned around: its text, the queries for it, and the variables that their rows hold after the node.

    ``is_exact_only`` says that it must not be asked where any literal is wrapped.
    """

    text: str
    queries: tuple[str, ...]
    variables: tuple[str, ...]
    is_exact_only: bool


def invert(shapes: rdflib.Graph, shape: Node, targets: Iterable[str]) -> list[Inverted]:
    """The SPARQL constraints of a shape, turned around; raises :class:`Untranslatable`."""
    return [
        _inverted(shapes, constraint, list(targets))
        for constraint in shapes.objects(shape, SH.sparql)
        if not any(flag(each) for each in shapes.objects(constraint, SH.deactivated))
    ]


def _inverted(shapes: rdflib.Graph, constraint: Node, targets: Sequence[str]) -> Inverted:
    select = str(shapes.value(constraint, SH.select))
    if _REFUSED.search(select):
        raise Untranslatable("a part of SPARQL that a constraint must not have")
    try:
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _prefixes(shapes, constraint).items())
        algebra = prepared_query(prefixes + select).algebra
    except Exception as error:
        raise Untranslatable(f"no query: {error}") from error
    root = algebra.p
    if algebra.name != "SelectQuery" or algebra.datasetClause or root.name not in {"Project", "Distinct"}:
        raise Untranslatable("a query of an unknown kind")
    if root.name == "Distinct":
        root = root.p
    if root.name != "Project" or THIS not in root.PV:
        raise Untranslatable("a query that does not name the focus node")
    if any(name.startswith(RESERVED) for name in _names(root)):
        raise Untranslatable("a variable of a name that is used here")
    where = root.p
    while where.name == "Extend":
        _check_not_this(where.var)
        where = where.p
    writing = _Writing(where)
    content = writing.content(where)
    names = sorted(writing.certain(where) - writing.computed - {"this"})
    head = " ".join(f"?{name}" for name in ["this", *names])
    # Where nothing is found to be grouped, rdflib has one group all the same, in which nothing is bound.
    contents = [content, *(f"FILTER(!{each})" for each in writing.grouped)]
    queries = (f"SELECT DISTINCT {head} WHERE {{ {target} {each} }}" for target in targets for each in contents)
    return Inverted(select, tuple(queries), tuple(names), guarded.is_exact_only(where))


def _prefixes(shapes: rdflib.Graph, constraint: Node) -> dict[str, str]:
    """The prefixes as pySHACL collects them; raises :class:`Untranslatable` where one has two meanings."""
    owners = [*shapes.objects(constraint, SH.prefixes)]
    if owners:
        owners += shapes.subjects(RDF.type, OWL.Ontology)
    found = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}
    for owner in owners:
        for declared in shapes.objects(owner, SH.declare):
            prefix, namespace = (str(shapes.value(declared, each)) for each in (SH.prefix, SH.namespace))
            if found.setdefault(prefix, namespace) != namespace:
                raise Untranslatable("a prefix with two meanings")
    return found


def _check_not_this(variable: Variable) -> None:
    if variable == THIS:
        raise Untranslatable("the focus node is computed")


class _Writing:
    """Writes the pattern of a query out again."""

    def __init__(self, where: CompValue) -> None:
        self.grouped: list[str] = []
        self.computed = {str(each.var) for each in _walk(where) if each.name == "Extend"}
        self._bound = self.certain(where) | {"this"}

    def content(self, part: CompValue) -> str:  # noqa: PLR0911
        """A part of the algebra as the content of a group."""
        name = part.name
        if name == "BGP":
            return " ".join(f"{_triple(each)} ." for each in part.triples)
        if name == "Join":
            return f"{self._first(part.p1)} {self._second(part.p2)}"
        if name == "LeftJoin" and part.expr.name == "TrueFilter":
            if any(each.name not in {"BGP", "Join", "LeftJoin", "TrueFilter"} for each in _walk(part.p2)):
                raise Untranslatable("more than a pattern in an OPTIONAL")
            return f"{self._first(part.p1)} OPTIONAL {{ {self.content(part.p2)} }}"
        if name == "Filter":
            return f"{self.content(part.p)} FILTER({guarded.guarded(part.expr, self._exists, is_positive=True)})"
        if name == "Union":
            return f"{self._group(part.p1)} UNION {self._group(part.p2)}"
        if name == "Extend":
            _check_not_this(part.var)
            return f"{self.content(part.p)} BIND({guarded.text(part.expr)} AS ?{part.var})"
        if name == "ToMultiSet" and part.p.name == "Project":
            return f"{{ {self._subselect(part.p)} }}"
        raise Untranslatable(f"a pattern that is not known: {name}")

    def certain(self, part: CompValue) -> set[str]:
        """The variables of patterns that every solution binds."""
        if part.name == "BGP":
            return {str(each) for triple in part.triples for each in triple if isinstance(each, Variable)}
        if part.name == "Join":
            return self.certain(part.p1) | self.certain(part.p2)
        if part.name in {"Filter", "Extend"}:
            return self.certain(part.p)
        if part.name == "Union":
            return self.certain(part.p1) & self.certain(part.p2)
        return self.certain(part.p1) if part.name == "LeftJoin" else set()

    def _first(self, part: CompValue) -> str:
        return self._group(part) if part.name in {"Filter", "Union"} else self.content(part)

    def _second(self, part: CompValue) -> str:
        return self.content(part) if part.name in {"BGP", "ToMultiSet"} else self._group(part)

    def _group(self, part: CompValue) -> str:
        """A group of its own: it must bind the focus node itself where it speaks of it."""
        speaks = "this" in {str(each) for found in _walk(part) for each in _variables(found)}
        if speaks and "this" not in self.certain(part):
            raise Untranslatable("a group that speaks of the focus node without binding it")
        return f"{{ {self.content(part)} }}"

    def _subselect(self, part: CompValue) -> str:
        if THIS not in part.PV:
            raise Untranslatable("a query within the query that does not name the focus node")
        computed: dict[Variable, Any] = {}
        inner = part.p
        while inner.name == "Extend":
            computed[inner.var] = inner.expr
            inner = inner.p
        if inner.name != "AggregateJoin":
            raise Untranslatable("a query within the query that does not group")
        group = inner.p
        if THIS not in (group.expr or []) or not all(isinstance(each, Variable) for each in group.expr):
            raise Untranslatable("groups of more than one focus node")
        results = {each.res: _aggregate(each) for each in inner.A}
        head = [self._selected(each, computed, results, group.expr) for each in part.PV]
        grouping = " ".join(f"?{each}" for each in group.expr)
        content = self._exact(group.p)
        self.grouped.append(self._nested(group.p, {"this"}, is_positive=False))
        return f"SELECT {' '.join(head)} WHERE {{ {content} }} GROUP BY {grouping}"

    @staticmethod
    def _selected(name: Variable, computed: dict[Variable, Any], results: dict[Any, str], group: list[Any]) -> str:
        if name in group:
            return f"?{name}"
        if computed.get(name) not in results:
            raise Untranslatable("a column that is computed from a sum")
        return f"({results[computed[name]]} AS ?{name})"

    def _exact(self, part: CompValue) -> str:
        """What is summed up must be exact, neither more nor less."""
        if part.name == "Join":
            return f"{self._exact(part.p1)} {self._exact(part.p2)}"
        if part.name == "Filter":
            for each in (
                [part.expr] if part.expr.name != "ConditionalAndExpression" else [part.expr.expr, *part.expr.other]
            ):
                others = each.other if isinstance(each.other, list) else [each.other]
                if each.name != "RelationalExpression" or not all(isinstance(one, rdflib.URIRef) for one in others):
                    raise Untranslatable("a filter in a sum that is not about names")
            return f"{self._exact(part.p)} FILTER({guarded.text(part.expr)})"
        if part.name != "BGP":
            raise Untranslatable("more than a pattern in a sum")
        return self.content(part)

    def _exists(self, part: CompValue, is_positive: bool) -> str:  # noqa: FBT001
        return self._nested(part, self._bound, is_positive=is_positive)

    def _nested(self, part: CompValue, bound: set[str], *, is_positive: bool) -> str:
        """EXISTS with one pattern in each, as the engine would look for each pattern among all data otherwise."""
        triples, filters = list(_triples(part)), [each.expr for each in _walk(part) if each.name == "Filter"]
        if any(each.name not in {"BGP", "Join", "Filter"} for each in _patterns(part)):
            raise Untranslatable("more than a pattern in an EXISTS")
        tests = " && ".join(guarded.guarded(each, self._exists, is_positive=is_positive) for each in filters)
        inner = f"FILTER({tests})" if tests else ""
        for each in reversed(ordered(triples, bound)):
            found = f"EXISTS {{ {_triple(each)} . {inner} }}"
            inner = f"FILTER({found})"
        return found if triples else f"({tests or 'true'})"


def _aggregate(part: CompValue) -> str:
    names = {"Aggregate_Sum": "SUM", "Aggregate_Count": "COUNT", "Aggregate_Avg": "AVG"}
    if part.name == "Aggregate_Sample" and isinstance(part.vars, Variable):
        return f"?{part.vars}"
    if part.name not in names:
        raise Untranslatable("an aggregate that is not known")
    distinct = "DISTINCT " if part.distinct else ""
    what = "*" if part.vars == "*" else guarded.text(part.vars)
    return f"{names[part.name]}({distinct}{what})"


def _triple(triple: Any) -> str:  # noqa: ANN401
    return " ".join(_pattern_term(each) for each in triple)


def _pattern_term(part: Any) -> str:  # noqa: ANN401
    if isinstance(part, Variable):
        return f"?{part}"
    if isinstance(part, rdflib.BNode):
        return f"?{RESERVED}{part}"
    if isinstance(part, Path):
        if isinstance(part, NegatedPath) or "!" in part.n3():
            raise Untranslatable("a path that is negated")
        return f"({part.n3()})"
    return term(part)


def _patterns(part: Any) -> Iterator[CompValue]:  # noqa: ANN401
    """A pattern and those within it, but not those within expressions."""
    yield part
    for key in ("p", "p1", "p2"):
        inner = getattr(part, key)
        if isinstance(inner, CompValue):
            yield from _patterns(inner)


def _walk(part: CompValue) -> Iterator[CompValue]:
    yield from _patterns(part)


def _triples(part: CompValue) -> Iterator[Any]:
    for each in _patterns(part):
        if each.name == "BGP":
            yield from each.triples


def _names(part: Any) -> Iterator[str]:  # noqa: ANN401
    """The names of all variables in a part of the algebra, however deep."""
    if isinstance(part, Variable):
        yield str(part)
    elif isinstance(part, dict):
        for each in part.values():
            yield from _names(each)
    elif isinstance(part, list | tuple | set):
        for each in part:
            yield from _names(each)


def _variables(part: Any) -> Iterator[Variable]:  # noqa: ANN401
    """The variables in the expressions and triples of one pattern, also of those in an EXISTS."""
    if isinstance(part, Variable):
        yield part
    elif isinstance(part, CompValue):
        for key, each in part.items():
            if key not in {"p", "p1", "p2", "_vars"} or (part.name == "Filter" and key == "expr"):
                yield from _variables(each)
        if part.name.startswith("Builtin_") and "graph" in part:
            for found in _patterns(part.graph):
                yield from _variables(found)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _variables(each)
