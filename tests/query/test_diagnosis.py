"""The doctor on the shipped data: each query holds a planted slip, and what is found is compared as a whole."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from pedgraph import open_graph
from pedgraph.errors import QuerySyntaxError, ServiceRefused, UpdateNotAllowed, VersionNotFound
from pedgraph.query.diagnosis.findings import Counted, Diagnosis, Finding
from pedgraph.query.running import QueryRequest
from pedgraph.query.tokens import position
from pedgraph.settings import load_settings
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from pedgraph.errors import PedgraphError
    from pedgraph.intake.building import Built
    from pedgraph.wiring import Graph

PROLOGUE = (
    " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("pedg", "rdfs", "skos", "xsd"))
    + f" PREFIX city: <{PREFIXES['id']}city/> PREFIX helix: <{PREFIXES['code']}helix/>\n"
)


class Clinic:
    """A doctor with a graph of its own, and the loop in which both live."""

    def __init__(self, runner: asyncio.Runner, graph: Graph) -> None:
        self._runner = runner
        self._graph = graph

    def diagnose(self, query: str, **members: object) -> Diagnosis:
        request = QueryRequest(query, **members)  # type: ignore[arg-type]
        return self._runner.run(self._graph.doctor.diagnose(request))


@asynccontextmanager
async def opened(home: Path, **settings: object) -> AsyncIterator[Graph]:
    async with open_graph(load_settings({}, home=home, readers=1, **settings)) as graph:
        yield graph


@pytest.fixture(scope="module")
def clinic(built: tuple[Path, Built]) -> Iterator[Clinic]:
    with asyncio.Runner() as runner:
        context = opened(built[0], diagnosis_seconds=60.0)
        yield Clinic(runner, runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


def found(kind: str, at: str | None, message: str, term: str | None, suggestions: Sequence[str]) -> Finding:
    """A finding whose place is where a piece of the query stands for the first time; ``place`` fills that in."""
    return Finding(kind, message, None, None, term, (at or "", *suggestions))


def place(expected: Finding, text: str) -> Finding:
    at, *suggestions = expected.suggestions
    line, column = position(text, text.index(at, len(PROLOGUE))) if at else (None, None)
    return Finding(expected.kind, expected.message, line, column, expected.term, tuple(suggestions))


SLIPS = [
    pytest.param(
        "SELECT * { ?x a pedg:PositivEnergyDistrict }",
        [
            found(
                "unknown-class",
                "pedg:PositivEnergyDistrict",
                "No class pedg:PositivEnergyDistrict is known in this version.",
                "pedg:PositivEnergyDistrict",
                ["pedg:PositiveEnergyDistrict"],
            ),
        ],
        "?x a pedg:PositivEnergyDistrict",
        id="a misspelt class",
    ),
    pytest.param(
        "ASK { ?x a pedg:PositivEnergyDistrict }",
        [
            found(
                "unknown-class",
                "pedg:PositivEnergyDistrict",
                "No class pedg:PositivEnergyDistrict is known in this version.",
                "pedg:PositivEnergyDistrict",
                ["pedg:PositiveEnergyDistrict"],
            ),
        ],
        "?x a pedg:PositivEnergyDistrict",
        id="a misspelt class, asked",
    ),
    pytest.param(
        "CONSTRUCT WHERE { ?x a pedg:PositivEnergyDistrict }",
        [
            found(
                "unknown-class",
                "pedg:PositivEnergyDistrict",
                "No class pedg:PositivEnergyDistrict is known in this version.",
                "pedg:PositivEnergyDistrict",
                ["pedg:PositiveEnergyDistrict"],
            ),
        ],
        "?x a pedg:PositivEnergyDistrict",
        id="a misspelt class, constructed",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:Site }",
        [
            found(
                "unknown-class",
                "pedg:Site",
                "No class pedg:Site is known in this version.",
                "pedg:Site",
                ["pedg:DemonstrationSite"],
            ),
        ],
        "?x a pedg:Site",
        id="a part of the name of a class",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:inCity }",
        [
            found(
                "unknown-class", "pedg:inCity", "pedg:inCity is a property, not a class.", "pedg:inCity", ["pedg:City"]
            ),
        ],
        "?x a pedg:inCity",
        id="a property for a class",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:EnergyBalance }",
        [
            found(
                "unused-class",
                "pedg:EnergyBalance",
                "pedg:EnergyBalance is a class of the vocabulary, but nothing is of this class in this version.",
                "pedg:EnergyBalance",
                [],
            ),
        ],
        "?x a pedg:EnergyBalance",
        id="a class that nothing is of",
    ),
    pytest.param(
        "SELECT * { ?x a/rdfs:subClassOf* pedg:Citty }",
        [
            found(
                "unknown-class",
                "pedg:Citty",
                "No class pedg:Citty is known in this version.",
                "pedg:Citty",
                ["pedg:City"],
            ),
        ],
        "?x a/rdfs:subClassOf* pedg:Citty",
        id="a class below",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:PositiveEnergyDistrict ; pedg:incity ?c }",
        [
            found(
                "unknown-property",
                "pedg:incity",
                "No property pedg:incity is known in this version.",
                "pedg:incity",
                ["pedg:inCity"],
            ),
        ],
        "?x pedg:incity ?c",
        id="a misspelt property",
    ),
    pytest.param(
        "SELECT * { ?x pedg:inCity/pedg:inContry ?k }",
        [
            found(
                "unknown-property",
                "pedg:inContry",
                "No property pedg:inContry is known in this version.",
                "pedg:inContry",
                ["pedg:inCountry"],
            ),
        ],
        "?x pedg:inCity/pedg:inContry ?k",
        id="a property in a path",
    ),
    pytest.param(
        "SELECT * { ?x pedg:carriedOutBy ?c }",
        [
            found(
                "unknown-property",
                "pedg:carriedOutBy",
                "No property pedg:carriedOutBy is known in this version.",
                "pedg:carriedOutBy",
                ["pedg:carriedOutAt"],
            ),
        ],
        "?x pedg:carriedOutBy ?c",
        id="a property that nothing has",
    ),
    pytest.param(
        "PREFIX schema: <http://schema.org/> SELECT * { ?x a schema:Person }",
        [
            found(
                "prefix-slip",
                "<http://schema.org/> SELECT",
                "The prefix 'schema:' stands for <http://schema.org/> here. The namespace that the "
                "data use begins with https:, not with http:.",
                "schema:",
                ["<https://schema.org/>"],
            ),
        ],
        "?x a schema:Person",
        id="a prefix with http",
    ),
    pytest.param(
        "PREFIX p: <https://w3id.org/pedgraph/ont/> SELECT * { ?x a p:City }",
        [
            found(
                "prefix-slip",
                "<https://w3id.org/pedgraph/ont/> SELECT",
                "The prefix 'p:' stands for <https://w3id.org/pedgraph/ont/> here. The namespace that "
                "the data use ends with '#', not with '/'.",
                "p:",
                ["<https://w3id.org/pedgraph/ont#>"],
            ),
        ],
        "?x a p:City",
        id="a prefix of another name",
    ),
    pytest.param(
        "PREFIX p: <https://w3id.org/pedgraph/ont> SELECT * { ?x a p:City }",
        [
            found(
                "prefix-slip",
                "<https://w3id.org/pedgraph/ont> SELECT",
                "The prefix 'p:' stands for <https://w3id.org/pedgraph/ont> here. The namespace that "
                "the data use ends with '#', which is missing here.",
                "p:",
                ["<https://w3id.org/pedgraph/ont#>"],
            ),
        ],
        "?x a p:City",
        id="a prefix without its last sign",
    ),
    pytest.param(
        "PREFIX schema: <http://schema.org/> SELECT * { ?x a schema:Persn }",
        [
            found(
                "prefix-slip",
                "<http://schema.org/> SELECT",
                "The prefix 'schema:' stands for <http://schema.org/> here. The namespace that the "
                "data use begins with https:, not with http:.",
                "schema:",
                ["<https://schema.org/>"],
            ),
            found(
                "unknown-class",
                "schema:Persn",
                "No class <http://schema.org/Persn> is known in this version.",
                "schema:Persn",
                ["<https://schema.org/Person>", "<http://xmlns.com/foaf/0.1/Person>", "pedg:Person"],
            ),
        ],
        "?x a schema:Persn",
        id="a prefix and a name",
    ),
    pytest.param(
        "SELECT * { ?x a <http://schema.org/Person> }",
        [
            found(
                "unknown-class",
                "<http://schema.org/Person>",
                "No class <http://schema.org/Person> is known in this version.",
                "<http://schema.org/Person>",
                ["<https://schema.org/Person>", "<http://xmlns.com/foaf/0.1/Person>", "pedg:Person"],
            ),
        ],
        "?x a <http://schema.org/Person>",
        id="an IRI with http",
    ),
    pytest.param(
        "SELECT * { city:nl-amsterdm rdfs:label ?l }",
        [
            found(
                "unknown-thing",
                "city:nl-amsterdm",
                "Nothing is known of id:city/nl-amsterdm in this version.",
                "city:nl-amsterdm",
                ["city:nl-amsterdam"],
            ),
        ],
        "city:nl-amsterdm rdfs:label ?l",
        id="a misspelt thing",
    ),
    pytest.param(
        "DESCRIBE city:nl-amsterdm",
        [
            found(
                "unknown-thing",
                "city:nl-amsterdm",
                "Nothing is known of id:city/nl-amsterdm in this version.",
                "city:nl-amsterdm",
                ["city:nl-amsterdam"],
            ),
        ],
        None,
        id="a misspelt thing, described",
    ),
    pytest.param(
        "SELECT * { ?x pedg:helix helix:indstry }",
        [
            found(
                "unknown-code",
                "helix:indstry",
                "code:helix/indstry is no code of the list code:helix.",
                "helix:indstry",
                ["helix:industry"],
            ),
        ],
        "?x pedg:helix helix:indstry",
        id="a misspelt code",
    ),
    pytest.param(
        "SELECT * { ?x pedg:helix helix:zebra }",
        [
            found(
                "unknown-code",
                "helix:zebra",
                "code:helix/zebra is no code of the list code:helix.",
                "helix:zebra",
                ["helix:academia", "helix:government", "helix:industry", "helix:society"],
            ),
        ],
        "?x pedg:helix helix:zebra",
        id="a code that is none",
    ),
    pytest.param(
        "SELECT * { ?x a ?type FILTER(?type = pedg:Citty) }",
        [
            found(
                "unknown-name", "pedg:Citty", "pedg:Citty occurs nowhere in this version.", "pedg:Citty", ["pedg:City"]
            ),
        ],
        "FILTER(?type = pedg:Citty)",
        id="a name in a filter",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label "Amsterdam" }',
        [
            found(
                "language-differs",
                '"Amsterdam"',
                "No value is \"Amsterdam\": it has the language tag 'en' in the data and neither a "
                "language tag nor a datatype in the query.",
                '"Amsterdam"',
                ['"Amsterdam"@en'],
            ),
        ],
        '?x rdfs:label "Amsterdam"',
        id="no language",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City ; rdfs:label 'Amsterdam'@en-GB }",
        [
            found(
                "language-differs",
                "'Amsterdam'@en-GB",
                "No value is 'Amsterdam'@en-GB: it has the language tag 'en' in the data and the "
                "language tag 'en-gb' in the query.",
                "'Amsterdam'@en-GB",
                ['"Amsterdam"@en'],
            ),
        ],
        "?x rdfs:label 'Amsterdam'@en-GB",
        id="another language",
    ),
    pytest.param(
        'SELECT * { ?x pedg:acronym "ATELIER"@en }',
        [
            found(
                "language-differs",
                '"ATELIER"@en',
                'No value is "ATELIER"@en: it has neither a language tag nor a datatype in the data '
                "and the language tag 'en' in the query.",
                '"ATELIER"@en',
                ['"ATELIER"'],
            ),
        ],
        '?x pedg:acronym "ATELIER"@en',
        id="a language where there is none",
    ),
    pytest.param(
        'SELECT * { ?x pedg:referenceYear "2025" }',
        [
            found(
                "datatype-differs",
                '"2025"',
                'No value is "2025": it has the datatype xsd:gYear in the data and neither a language '
                "tag nor a datatype in the query.",
                '"2025"',
                ['"2025"^^xsd:gYear'],
            ),
        ],
        '?x pedg:referenceYear "2025"',
        id="a year as text",
    ),
    pytest.param(
        'SELECT * { ?x pedg:value "130"^^xsd:string }',
        [
            found(
                "datatype-differs",
                '"130"^^xsd:string',
                'No value is "130"^^xsd:string: it has the datatype xsd:decimal in the data and '
                "neither a language tag nor a datatype in the query.",
                '"130"^^xsd:string',
                ['"130"^^xsd:decimal'],
            ),
        ],
        '?x pedg:value "130"^^xsd:string',
        id="a number as text",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label "amsterdam"@en }',
        [
            found(
                "spelling-differs",
                '"amsterdam"@en',
                'No value is "amsterdam"@en: it is written with other capitals or spaces in the data.',
                '"amsterdam"@en',
                ['"Amsterdam"@en'],
            ),
        ],
        '?x rdfs:label "amsterdam"@en',
        id="capitals",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label "Alba  Iulia "@en }',
        [
            found(
                "spelling-differs",
                '"Alba  Iulia "@en',
                'No value is "Alba  Iulia "@en: it is written with other capitals or spaces in the data.',
                '"Alba  Iulia "@en',
                ['"Alba Iulia"@en'],
            ),
        ],
        '?x rdfs:label "Alba  Iulia "@en',
        id="spaces",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label "Amsterdm"@en }',
        [
            found(
                "spelling-differs",
                '"Amsterdm"@en',
                'No value is "Amsterdm"@en: the data have something that is nearly the same.',
                '"Amsterdm"@en',
                ['"Amsterdam"@en'],
            ),
        ],
        '?x rdfs:label "Amsterdm"@en',
        id="spelling",
    ),
    pytest.param(
        'SELECT * { VALUES ?l { "Amsterdam" } ?x a pedg:City ; rdfs:label ?l }',
        [
            found(
                "language-differs",
                '"Amsterdam"',
                "No value is \"Amsterdam\": it has the language tag 'en' in the data and neither a "
                "language tag nor a datatype in the query.",
                '"Amsterdam"',
                ['"Amsterdam"@en'],
            ),
        ],
        "?x rdfs:label ?l",
        id="a literal in VALUES",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label ?l } VALUES ?l { "Amsterdam" }',
        [
            found(
                "language-differs",
                '"Amsterdam"',
                "No value is \"Amsterdam\": it has the language tag 'en' in the data and neither a "
                "language tag nor a datatype in the query.",
                '"Amsterdam"',
                ['"Amsterdam"@en'],
            ),
        ],
        'VALUES ?l { "Amsterdam" }',
        id="a literal in a closing VALUES",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City ; rdfs:label ?l FILTER(LANG(?l) = 'en-GB') }",
        [
            found(
                "language-not-there",
                "FILTER(LANG(?l) = 'en-GB')",
                "No value of ?l has the language 'en-GB'. Their languages are: 'en'.",
                "FILTER(LANG(?l) = 'en-GB')",
                ['"en"'],
            ),
        ],
        "FILTER(LANG(?l) = 'en-GB')",
        id="a filter for a language",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City ; rdfs:label ?l FILTER LANGMATCHES(LANG(?l), 'nl') }",
        [
            found(
                "language-not-there",
                "FILTER LANGMATCHES(LANG(?l), 'nl')",
                "No value of ?l has the language 'nl'. Their languages are: 'en'.",
                "FILTER LANGMATCHES(LANG(?l), 'nl')",
                ['"en"'],
            ),
        ],
        "FILTER LANGMATCHES(LANG(?l), 'nl')",
        id="a filter for languages that match",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City ; rdfs:label ?l FILTER(?l = "Amsterdam") }',
        [
            found(
                "language-differs",
                '"Amsterdam"',
                "No value is \"Amsterdam\": it has the language tag 'en' in the data and neither a "
                "language tag nor a datatype in the query.",
                '"Amsterdam"',
                ['"Amsterdam"@en'],
            ),
        ],
        'FILTER(?l = "Amsterdam")',
        id="a filter for a literal",
    ),
    pytest.param(
        "SELECT * { ?x pedg:value ?v FILTER(?v > 1000000) }",
        [
            found(
                "filter-removes-all",
                "FILTER(?v > 1000000)",
                'This filter takes away all solutions. Before it, ?v is "28"^^xsd:decimal, '
                '"100"^^xsd:decimal, "130"^^xsd:decimal.',
                "FILTER(?v > 1000000)",
                [],
            ),
        ],
        "FILTER(?v > 1000000)",
        id="a filter for a number",
    ),
    pytest.param(
        'SELECT * { ?x rdfs:label ?label FILTER(CONTAINS(?lable, "x")) }',
        [
            found(
                "unbound-variable",
                'FILTER(CONTAINS(?lable, "x"))',
                "Nothing in this group gives ?lable a value, so the filter fails for every solution.",
                "?lable",
                ["?label"],
            ),
        ],
        'FILTER(CONTAINS(?lable, "x"))',
        id="a filter over what nothing binds",
    ),
    pytest.param(
        "SELECT * { ?x pedg:value ?v FILTER(?v > 100) FILTER(?v < 100) }",
        [
            found(
                "filters-exclude-each-other",
                "FILTER(?v <",
                "Each filter of this group leaves something, but all of them together leave nothing.",
                None,
                [],
            ),
        ],
        "FILTER(?v < 100)",
        id="filters that exclude each other",
    ),
    pytest.param(
        "SELECT * { ?c a pedg:City . ?c pedg:inCity ?x }",
        [
            found(
                "swapped",
                "?c pedg:inCity ?x",
                "Nothing matches '?c pedg:inCity ?x', but something does with subject and object the other way round.",
                "?c pedg:inCity ?x",
                ["?x pedg:inCity ?c ."],
            ),
        ],
        "?c pedg:inCity ?x",
        id="subject and object swapped",
    ),
    pytest.param(
        "SELECT * { GRAPH <https://w3id.org/pedgraph/graph/s1/9> { ?x a pedg:Network } }",
        [
            found(
                "unknown-graph",
                "<https://w3id.org/pedgraph/graph/s1/9>",
                "This version has no graph graph:s1/9.",
                "<https://w3id.org/pedgraph/graph/s1/9>",
                [
                    "<https://w3id.org/pedgraph/graph/s1/1>",
                    "<https://w3id.org/pedgraph/graph/s2/1>",
                    "<https://w3id.org/pedgraph/graph/geonames/1>",
                ],
            ),
            found(
                "other-graph",
                "a pedg:Network",
                "The graphs that are asked have nothing that matches '?x a pedg:Network'; others have.",
                "?x a pedg:Network",
                ["<https://w3id.org/pedgraph/graph/s1/1>"],
            ),
        ],
        "GRAPH <https://w3id.org/pedgraph/graph/s1/9> { ?x a pedg:Network }",
        id="a graph that is none",
    ),
    pytest.param(
        "SELECT * FROM <https://w3id.org/pedgraph/graph/s3/1> { ?x a pedg:Network }",
        [
            found(
                "unknown-graph",
                None,
                "This version has no graph graph:s3/1.",
                "<https://w3id.org/pedgraph/graph/s3/1>",
                [
                    "<https://w3id.org/pedgraph/graph/s1/1>",
                    "<https://w3id.org/pedgraph/graph/s2/1>",
                    "<https://w3id.org/pedgraph/graph/geonames/1>",
                ],
            ),
            found(
                "other-graph",
                "a pedg:Network",
                "The graphs that are asked have nothing that matches '?x a pedg:Network'; others have.",
                "?x a pedg:Network",
                ["<https://w3id.org/pedgraph/graph/s1/1>"],
            ),
        ],
        "?x a pedg:Network",
        id="a graph in FROM that is none",
    ),
    pytest.param(
        "SELECT * FROM <https://w3id.org/pedgraph/graph/s2/1> { ?x a pedg:Network }",
        [
            found(
                "other-graph",
                "a pedg:Network",
                "The graphs that are asked have nothing that matches '?x a pedg:Network'; others have.",
                "?x a pedg:Network",
                ["<https://w3id.org/pedgraph/graph/s1/1>"],
            ),
        ],
        "?x a pedg:Network",
        id="another graph",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City . ?x pedg:acronym ?a }",
        [
            found(
                "no-common-solution",
                "pedg:acronym ?a",
                "'?x pedg:acronym ?a' has solutions, but with none of the values that ?x can have "
                "after '?x a pedg:City'.",
                "?x pedg:acronym ?a",
                [],
            ),
        ],
        "?x pedg:acronym ?a",
        id="patterns that do not meet",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City . { ?x pedg:acronym ?a } UNION { ?x pedg:acronim ?a } }",
        [
            found(
                "empty-union",
                "{ ?x pedg:acronym ?a } UNION",
                "None of the alternatives of this UNION has a solution that fits.",
                None,
                [],
            ),
            found(
                "no-common-solution",
                "pedg:acronym ?a",
                "'?x pedg:acronym ?a' has solutions, but with none of the values that ?x can have "
                "after '?x a pedg:City'.",
                "?x pedg:acronym ?a",
                [],
            ),
            found(
                "unknown-property",
                "pedg:acronim",
                "No property pedg:acronim is known in this version.",
                "pedg:acronim",
                ["pedg:acronym"],
            ),
        ],
        "{ ?x pedg:acronym ?a } UNION { ?x pedg:acronim ?a }",
        id="alternatives",
    ),
    pytest.param(
        'SELECT * { ?x a pedg:City . { SELECT ?x { ?x pedg:acronym "REPLY" } } }',
        [
            found("empty-pattern", 'pedg:acronym "REPLY"', "Nothing matches '?x pedg:acronym \"REPLY\"'.", None, []),
        ],
        '?x pedg:acronym "REPLY"',
        id="a subquery",
    ),
    pytest.param(
        "SELECT * { { SELECT ?x { ?x a pedg:City } LIMIT 0 } }",
        [
            found("empty-part", "SELECT ?x", "This part has no solution of its own.", None, []),
        ],
        "SELECT ?x { ?x a pedg:City } LIMIT 0",
        id="a subquery with nothing left",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City MINUS { ?x rdfs:label ?l } }",
        [
            found(
                "minus-removes-all",
                "MINUS {",
                "This MINUS takes away all solutions that there are before it.",
                None,
                [],
            ),
        ],
        "MINUS { ?x rdfs:label ?l }",
        id="a MINUS",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City OPTIONAL { ?x pedg:inCountri ?k } FILTER(?k != ?x) }",
        [
            found(
                "unbound-variable",
                "FILTER(?k !=",
                "?k never has a value here, so the filter fails for every solution.",
                "?k",
                [],
            ),
        ],
        "FILTER(?k != ?x)",
        id="an OPTIONAL and a filter",
    ),
    pytest.param(
        'SELECT * { [] a pedg:City ; pedg:inCountry [ skos:notation "NLD" ] }',
        [
            found(
                "spelling-differs",
                '"NLD"',
                'No value is "NLD": the data have something that is nearly the same.',
                '"NLD"',
                ['"NL"'],
            ),
        ],
        '[] skos:notation "NLD"',
        id="a node in brackets",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City } LIMIT 0",
        [
            found("limit-zero", "0", "LIMIT 0 asks for no solutions.", "LIMIT 0", []),
        ],
        None,
        id="LIMIT 0",
    ),
    pytest.param(
        "SELECT * { ?x a pedg:City } OFFSET 1000",
        [
            found(
                "offset-too-large",
                "1000",
                "There are solutions, but no more than the 1000 that OFFSET passes over.",
                "OFFSET 1000",
                [],
            ),
        ],
        None,
        id="an OFFSET",
    ),
    pytest.param(
        "SELECT ?x { ?x a pedg:City } GROUP BY ?x HAVING (COUNT(*) > 5)",
        [
            found("having-removes-all", "HAVING (COUNT(*)", "No group of solutions meets the HAVING clause.", None, []),
        ],
        None,
        id="a HAVING",
    ),
    pytest.param(
        "CONSTRUCT { ?x rdfs:label ?z } WHERE { ?x a pedg:City }",
        [
            found(
                "empty-template",
                "{ ?x",
                "There are solutions, but the template makes no triple of them: nothing gives ?z a value.",
                "?z",
                [],
            ),
        ],
        None,
        id="a template",
    ),
    pytest.param(
        "SELECT (COUNT(*) AS ?n) { ?x a pedg:Citty }",
        [
            found(
                "unknown-class",
                "pedg:Citty",
                "No class pedg:Citty is known in this version.",
                "pedg:Citty",
                ["pedg:City"],
            ),
        ],
        "?x a pedg:Citty",
        id="a count of nothing",
    ),
    pytest.param(
        "SELECT * { << ?a ?b ?c >> a pedg:Citty }",
        [
            found(
                "unknown-name", "pedg:Citty", "pedg:Citty occurs nowhere in this version.", "pedg:Citty", ["pedg:City"]
            ),
        ],
        None,
        id="what is not read",
    ),
]


@pytest.mark.parametrize(("query", "findings", "culprit"), SLIPS)
def test_a_planted_slip_is_found(clinic: Clinic, query: str, findings: list[Finding], culprit: str | None) -> None:
    text = PROLOGUE + query

    diagnosis = clinic.diagnose(text)

    assert list(diagnosis.findings) == [place(each, text) for each in findings]
    assert (diagnosis.culprit.text if diagnosis.culprit else None) == culprit
    assert (diagnosis.is_empty, diagnosis.is_complete, diagnosis.version) == (True, True, 1)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x a pedg:City }",
        "ASK { ?x a pedg:City }",
        "DESCRIBE city:nl-amsterdam",
        "CONSTRUCT WHERE { ?x a pedg:City }",
        "SELECT (COUNT(*) AS ?n) { ?x a pedg:City }",
        "SELECT * {}",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?x a pedg:City OPTIONAL { ?x pedg:nothing ?y } }",
    ],
)
def test_nothing_is_found_where_there_is_an_answer(clinic: Clinic, query: str) -> None:
    diagnosis = clinic.diagnose(PROLOGUE + query)

    assert (diagnosis.is_empty, diagnosis.findings, diagnosis.patterns, diagnosis.culprit) == (False, (), (), None)
    assert diagnosis.is_complete


def test_the_patterns_are_counted_alone_and_together(clinic: Clinic) -> None:
    text = "\n".join(
        [
            PROLOGUE + "SELECT * {",
            "  ?x a pedg:City .",
            "  ?s ?p ?o .",
            "  ?x pedg:acronym ?a ; pedg:inCountry ?k .",
            "  FILTER(?k != ?a)",
            "}",
        ]
    )

    diagnosis = clinic.diagnose(text)

    assert diagnosis.patterns == (
        Counted("?x a pedg:City", 3, 6, 10, 10),
        Counted("?x pedg:acronym ?a", 5, 6, 6, 0),
        Counted("?x pedg:inCountry ?k", 5, 24, 10, 0),
        Counted("?s ?p ?o", 4, 6, 1001, 0),
    )
    assert diagnosis.culprit == Counted("?x pedg:acronym ?a", 5, 6, 6, 0)
    assert [each.as_json()["solutions"] for each in diagnosis.patterns] == [10, 6, 10, "1000+"]


def test_the_dataset_of_the_request_is_that_of_the_diagnosis(clinic: Clinic) -> None:
    query = PROLOGUE + "SELECT * { ?x a pedg:Network }"
    first, second = (f"https://w3id.org/pedgraph/graph/{name}/1" for name in ("s1", "s2"))

    assert clinic.diagnose(query, default_graphs=(first, second)).is_empty is False
    diagnosis = clinic.diagnose(query, default_graphs=(second,))

    assert diagnosis.is_empty
    assert [(finding.kind, finding.suggestions) for finding in diagnosis.findings] == [("other-graph", (f"<{first}>",))]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p", QuerySyntaxError),
        ("INSERT DATA {}", UpdateNotAllowed),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", ServiceRefused),
    ],
)
def test_what_is_no_query_is_refused_as_ever(clinic: Clinic, query: str, error: type[PedgraphError]) -> None:
    with pytest.raises(error):
        clinic.diagnose(query)


def test_a_version_that_is_not_there_is_not_diagnosed(clinic: Clinic) -> None:
    with pytest.raises(VersionNotFound):
        clinic.diagnose("ASK {}", version=99)


def test_a_diagnosis_ends_when_its_time_is_over(built: tuple[Path, Built]) -> None:
    """The query would run for hours; the readers that were at it are replaced, and others are answered after it."""
    all_triples = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(CONCAT(STR(?a), STR(?d), STR(?g)) AS ?z)"
    runaway = f"SELECT * {{ {all_triples} FILTER(STRLEN(?z) < 3) }}"

    async def diagnose() -> tuple[Diagnosis, bytes]:
        async with opened(built[0], diagnosis_seconds=0.5) as graph:
            diagnosis = await graph.doctor.diagnose(QueryRequest(runaway))
            other = await graph.queries.run(QueryRequest("ASK {}", format_name="csv"))
            return diagnosis, b"".join([chunk async for chunk in other.answer.chunks()])

    diagnosis, other = asyncio.run(diagnose())

    assert (diagnosis.is_empty, diagnosis.is_complete, diagnosis.findings) == (None, False, ())
    assert other == b"true"
