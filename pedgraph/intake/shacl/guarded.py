"""Expressions of a SPARQL constraint, written so that the engine never says "no" where rdflib might say "yes".

rdflib evaluates the constraint in the end; the engine only looks for candidates. An error is a "perhaps"; so is a
comparison of numbers that are nearly the same (the two count with different precision) and one of literals of which the
two think differently (dates, unknown datatypes, wrapped literals). Under a negation "perhaps" counts the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import rdflib
from rdflib import RDF, XSD
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from pedgraph.intake.shacl.expressions import for_engine
from pedgraph.intake.shacl.terms_in_sparql import Untranslatable
from pedgraph.intake.terms import from_rdflib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PLAIN: Final = ", ".join(
    f"<{each}>" for each in (XSD.string, RDF.langString, XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean)
)
_ARGUMENTS: Final = {
    "STR": "arg", "STRLEN": "arg", "LCASE": "arg", "UCASE": "arg", "ABS": "arg", "BOUND": "arg", "LANG": "arg",
    "DATATYPE": "arg", "isIRI": "arg", "isURI": "arg", "isBLANK": "arg", "isLITERAL": "arg", "isNUMERIC": "arg",
    "CONCAT": "arg", "COALESCE": "arg", "NOW": "", "SUBSTR": "arg start length", "CONTAINS": "arg1 arg2",
    "STRSTARTS": "arg1 arg2", "STRENDS": "arg1 arg2", "STRBEFORE": "arg1 arg2", "STRAFTER": "arg1 arg2",
    "LANGMATCHES": "arg1 arg2", "sameTerm": "arg1 arg2", "IF": "arg1 arg2 arg3", "REGEX": "text pattern flags",
    "REPLACE": "arg pattern replacement flags",
}  # fmt: skip
_TEXTS: Final = frozenset({"STR", "LCASE", "UCASE", "SUBSTR", "CONCAT", "STRBEFORE", "STRAFTER", "REPLACE", "LANG"})
_CASTS: Final = frozenset({XSD.decimal, XSD.double, XSD.integer, XSD.float, XSD.string})
_ARITHMETIC: Final = frozenset({"AdditiveExpression", "MultiplicativeExpression", "Function", "Builtin_ABS"})
_ORDER: Final = frozenset({"<", ">", "<=", ">="})
# The two do not agree on these for literals that are wrapped.
_EXACT_ONLY: Final = frozenset({"Builtin_DATATYPE", "Builtin_isNUMERIC"})


def text(part: Any) -> str:  # noqa: ANN401, PLR0911
    """An expression of rdflib's algebra in SPARQL; raises :class:`Untranslatable` for what engines do differently."""
    if isinstance(part, Variable):
        return f"?{part}"
    if isinstance(part, rdflib.URIRef | rdflib.Literal):
        return str(from_rdflib(part))
    if not isinstance(part, CompValue):
        raise Untranslatable("an expression of an unknown kind")
    name = part.name
    if name in {"ConditionalAndExpression", "ConditionalOrExpression"}:
        sign = " && " if name == "ConditionalAndExpression" else " || "
        return f"({sign.join(text(each) for each in (part.expr, *part.other))})"
    if name in {"UnaryNot", "UnaryMinus", "UnaryPlus"}:
        return f"({ {'UnaryNot': '!', 'UnaryMinus': '-', 'UnaryPlus': '+'}[name] }{text(part.expr)})"
    if name in {"AdditiveExpression", "MultiplicativeExpression"}:
        rest = "".join(f" {sign} {text(each)}" for sign, each in zip(part.op, part.other, strict=True))
        return f"({text(part.expr)}{rest})"
    if name == "RelationalExpression":
        return _relation(part)
    if name == "Function" and part.iri in _CASTS and not part.distinct:
        return f"<{part.iri}>({', '.join(text(each) for each in part.expr)})"
    return _call(part)


def _relation(part: CompValue) -> str:
    if part.op in {"IN", "NOT IN"}:
        members = part.other if isinstance(part.other, list) else []
        return f"({text(part.expr)} {part.op} ({', '.join(text(each) for each in members)}))"
    return f"({text(part.expr)} {part.op} {text(part.other)})"


def _call(part: CompValue) -> str:
    name = part.name.removeprefix("Builtin_")
    if not part.name.startswith("Builtin_") or name not in _ARGUMENTS:
        raise Untranslatable(f"an expression that is not known: {part.name}")
    given: list[Any] = []
    for argument in _ARGUMENTS[name].split():
        value = getattr(part, argument)
        given += value if isinstance(value, list) else [value] if value is not None else []
    texts = [text(each) for each in given]
    if name in {"REGEX", "REPLACE"}:
        if not isinstance(part.pattern, rdflib.Literal) or str(part.flags or "i") != "i":
            raise Untranslatable("a pattern that is computed, or has odd flags")
        texts[1] = rdflib.Literal(for_engine(str(part.pattern))).n3()
    return f"{name}({', '.join(texts)})"


def guarded(part: Any, exists: Callable[[Any, bool], str], *, is_positive: bool) -> str:  # noqa: ANN401
    """An expression that holds at least where rdflib finds that the given one holds; not positive, at most there.

    ``exists`` writes out the pattern of an EXISTS.
    """
    name = part.name if isinstance(part, CompValue) else ""
    if name in {"ConditionalAndExpression", "ConditionalOrExpression"}:
        sign = " && " if name == "ConditionalAndExpression" else " || "
        return f"({sign.join(guarded(each, exists, is_positive=is_positive) for each in (part.expr, *part.other))})"
    if name == "UnaryNot":
        return f"(!{guarded(part.expr, exists, is_positive=not is_positive)})"
    if name == "Builtin_EXISTS":
        return exists(part.graph, is_positive)
    if name == "Builtin_NOTEXISTS":
        return f"(!{exists(part.graph, not is_positive)})"
    perhaps = list(_doubts(part)) if name == "RelationalExpression" else []
    if is_positive:
        return f"({' || '.join([f'COALESCE({text(part)}, true)', *perhaps])})"
    return f"({' && '.join([f'COALESCE({text(part)}, false)', *(f'!{each}' for each in perhaps)])})"


def _doubts(part: CompValue) -> Iterator[str]:
    """When the engine may be wrong about a comparison."""
    others = part.other if isinstance(part.other, list) else [part.other]
    if part.op not in _ORDER and all(isinstance(each, rdflib.URIRef) for each in others):
        return
    operands = [part.expr, *others]
    for name in sorted({name for each in operands for name in _compared(each)}):
        yield f"COALESCE(isLiteral(?{name}) && !(DATATYPE(?{name}) IN ({_PLAIN})), false)"
    if part.op not in {"IN", "NOT IN"} and not any(_is_text(each) for each in operands):
        first, second = (text(each) for each in operands)
        yield f"COALESCE(ABS({first} - {second}) <= 1.0e-6 * (ABS({first}) + ABS({second})), false)"


def _compared(part: Any) -> Iterator[str]:  # noqa: ANN401
    """The variables whose own values are compared or counted with."""
    if isinstance(part, Variable):
        yield str(part)
    elif isinstance(part, CompValue) and (part.name in _ARITHMETIC or part.name.startswith("Unary")):
        for key in ("expr", "other", "arg"):
            value = getattr(part, key)
            for each in value if isinstance(value, list) else [value]:
                yield from _compared(each)


def _is_text(part: Any) -> bool:  # noqa: ANN401
    if isinstance(part, CompValue):
        return part.name.removeprefix("Builtin_") in _TEXTS
    return isinstance(part, rdflib.URIRef) or (isinstance(part, rdflib.Literal) and part.datatype in {None, XSD.string})


def is_exact_only(part: Any) -> bool:  # noqa: ANN401
    """Whether an expression may speak otherwise of a literal that is wrapped, without an error."""
    if isinstance(part, list):
        return any(is_exact_only(each) for each in part)
    if not isinstance(part, CompValue):
        return False
    if part.name in _EXACT_ONLY or (part.name == "Builtin_COALESCE" and _counts(part)):
        return True
    return any(is_exact_only(each) for each in part.values())


def _counts(part: Any) -> bool:  # noqa: ANN401
    if isinstance(part, list):
        return any(_counts(each) for each in part)
    if not isinstance(part, CompValue):
        return False
    return part.name in _ARITHMETIC or any(_counts(each) for each in part.values())
