"""Files that are made to hurt: they are read or refused, in little time and memory, and never end the process."""

from __future__ import annotations

import pytest

from pedgraph.intake.reading import rules
from tests.intake.reading.texts import problems, reading

HEAD = "@prefix ex: <https://example.org/> .\n"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="https://example.org/">'
BILLION = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))


LINES = ["ex:s ex:p <a b> .\n", "ex:s ex:p .\n", 'ex:s ex:p "open .\n', "ex:s ex:p 1\n"]


@pytest.mark.parametrize("line", LINES)
def test_ten_thousand_errors_end_in_a_thousand(line: str) -> None:
    document = reading(HEAD + line * 10_000, "data.ttl")

    assert 0 < len(document.problems) <= rules.PROBLEMS_MAX + 1
    if line != "ex:s ex:p 1\n":
        assert document.problems[-1].rule == rules.TOO_MANY_PROBLEMS


def test_the_problems_of_lines_end_too() -> None:
    document = reading('<https://example.org/s> <p> "x" .\n' * 10_000, "data.nt")

    assert len(document.problems) == rules.PROBLEMS_MAX + 1
    assert problems(document)[-1][0] == rules.TOO_MANY_PROBLEMS


@pytest.mark.parametrize("opening", ["[", '{"@id":', '{"a":[', '[{"@graph":'])
def test_json_that_is_nested_without_end(opening: str) -> None:
    document = reading(opening * 50_000, "data.jsonld")

    assert [each.rule for each in document.problems] == [rules.TOO_DEEP]
    assert document.statements == []


def test_json_that_is_nested_as_deep_as_it_may_be() -> None:
    text = '{"https://example.org/p":' * 49 + "1" + "}" * 49

    document = reading(text, "data.jsonld")

    assert problems(document) == []
    assert len(document.statements) == 49


@pytest.mark.parametrize("opening", ["ex:s ex:p [ ex:p ", "ex:s ex:p ( ", "[ ex:p ", "( "])
def test_turtle_that_is_nested_without_end(opening: str) -> None:
    bracket = opening[opening.rfind("[") :] if "[" in opening else "( "
    document = reading(HEAD + opening + bracket * 20_000, "data.ttl")

    assert {each.rule for each in document.problems} == {rules.SYNTAX}


@pytest.mark.parametrize(("depth", "rules_found"), [(240, []), (50_000, [rules.TOO_DEEP])])
def test_xml_that_is_nested_deep(depth: int, rules_found: list[str]) -> None:
    inner = "<ex:T><ex:p>" * depth + "</ex:p></ex:T>" * depth

    document = reading(f"{RDF}{inner}</rdf:RDF>", "data.rdf")

    assert [each.rule for each in document.problems] == rules_found
    assert len(document.statements) == (0 if rules_found else 2 * depth)


@pytest.mark.parametrize(
    "declarations",
    [f'<!ENTITY e0 "ha">{BILLION}', '<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x"> %remote;'],
    ids=["billion laughs", "parameter entity"],
)
def test_entities_are_refused_before_anything_expands(declarations: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [{declarations}]>{RDF}<ex:T ex:p="&e11;"/></rdf:RDF>'

    document = reading(text, "data.rdf")

    assert [each.rule for each in document.problems] == [rules.DOCUMENT_TYPE]
    assert document.statements == []


@pytest.mark.parametrize(
    "text", ['"' * 200_000, "<" * 200_000, "'\\" * 100_000, "." * 200_000, "a:" * 100_000, "{" * 99]
)
@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf", ".jsonld", ".trig"])
def test_noise_is_refused(text: str, suffix: str) -> None:
    document = reading(text, f"data{suffix}")

    assert document.problems
    assert document.statements == []
