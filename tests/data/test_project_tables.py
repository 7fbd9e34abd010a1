"""The tables on projects say what the collected facts say, each fact in the graph of the source that states it."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import CODES, GRAPHS, PREFIXES, TERMS, THINGS
from tests.data.facts import facts, rows_of

if TYPE_CHECKING:
    from pedgraph.intake.bundle import CuratedData

SOURCES: Final = Path(__file__).parents[2] / "data" / "tables" / "sources.csv"
LABEL: Final = f"{PREFIXES['rdfs']}label"
SCHEMA: Final = PREFIXES["schema"]
INDICATOR: Final = "https://w3id.org/pedgraph/indicator/"
TEXTS: Final = {"000_5b99c3f69ccab7d1.txt": "s1", "002_df93b9b20c2714a5.txt": "s2"}
MONTHS_OF_UNIT: Final = {"MO_MeanJulian": 1, "YR": 12}

# The words of the collection for the roles of cities, where they are not those of the code list.
ROLES: Final = {
    "demo": "demonstration",
    "project city": "project",
    "case city": "case",
    "follower (2019 list, later replaced)": "follower",
    "follower (proposal text, absent from later lists)": "follower",
}
# Facts that stand in the graph of another source than that of the row, because the notes or the subject say so.
ELSEWHERE: Final = {
    ("ascend", "start_date"): "gwg-muenchen-ascend-accelerate-positive-clean-energy",
    ("ascend", "duration_months"): "gwg-muenchen-ascend-accelerate-positive-clean-energy",
    ("mysmartlife", "end_date"): "digineb-mysmartlife",
}
LEFT_OUT: Final = {
    ("remourban", "end_date"): "the month of the final conference, which nobody calls the end of the project",
}
# Columns about the collection itself, and those that other tables hold.
NOT_OF_PROJECTS: Final = {
    "confidence": "a property of the source",
    "coordinator_name": "a project partner",
    "cordis_url": "made from the number",
    "extra_source_urls": "addresses that state nothing here but what ELSEWHERE and the notes name",
    "id": "the project itself",
    "in_seed": "how the collection was started",
    "notes": "looked at apart",
    "source_url": "the graph",
}
IN_WORDS: Final = {"1": "a", "4": "[Ff]our"}
NUMBERS: Final = {
    "total_cost_eur": "total-cost",
    "eu_contribution_eur": "eu-contribution",
    "duration_months": "duration",
    "partner_count": "partners",
}

Said = dict[tuple[str, str], set[str]]


@pytest.fixture(scope="module")
def slugs() -> dict[str, str]:
    """The short name of a source by its address."""
    found = {row["address"]: row["id"] for row in rows_of(SOURCES)}
    return {**found, **{row["url"]: TEXTS[row["seed_file"]] for row in facts("sources") if row["seed_file"]}}


@pytest.fixture(scope="module")
def said(curated: CuratedData) -> dict[str, Said]:
    """What each source states: slug of the source → subject and property → values."""
    stated: dict[str, Said] = {}
    for graph, triples in curated.sources.items():
        of_graph = stated.setdefault(graph.removeprefix(GRAPHS).rpartition("/")[0], defaultdict(set))
        for triple in triples:
            value = triple.object
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(value, NamedNode | Literal)
            of_graph[triple.subject.value, triple.predicate.value].add(value.value)
    return stated


def nodes_about(of_source: Said, link: str, thing: str) -> list[str]:
    """The nodes that speak about a thing."""
    return [subject for (subject, name), values in of_source.items() if name == TERMS + link and thing in values]


def numbers(of_source: Said, project: str) -> set[tuple[str, Decimal]]:
    """The numbers about a project: indicator and value, durations in months."""
    found = set()
    for node in nodes_about(of_source, "about", project):
        (indicator,), (value,), (unit,) = (of_source[node, TERMS + name] for name in ("indicator", "value", "unit"))
        months = MONTHS_OF_UNIT.get(unit.rpartition("/")[2], 1)
        found.add((indicator.removeprefix(INDICATOR), Decimal(value) * months))
    return found


def of_cell(of_source: Said, project: str, column: str) -> set[str]:
    """What a source states of a project where the facts have a column."""
    paths = {
        "acronym": TERMS + "acronym",
        "full_title": f"{PREFIXES['skos']}altLabel",
        "start_date": SCHEMA + "startDate",
        "end_date": SCHEMA + "endDate",
        "website": SCHEMA + "url",
    }
    if column in NUMBERS:
        return {str(int(value)) for indicator, value in numbers(of_source, project) if indicator == NUMBERS[column]}
    if column == "grant_number":
        identifiers = of_source[project, f"{PREFIXES['adms']}identifier"]
        return {number for each in identifiers for number in of_source[each, f"{PREFIXES['skos']}notation"]}
    if column == "call_or_programme":
        programmes = of_source[project, f"{PREFIXES['eurio']}isFundedBy"]
        return {" + ".join(sorted(name for each in programmes for name in of_source[each, LABEL]))}
    return of_source[project, paths[column]]


def parts_of(programme: str) -> str:
    """The names of programme and call in what the facts have as one text, as :func:`of_cell` gives them."""
    short = re.sub(r"\((SCC|Smart cities and communities)\)", "(Smart Cities and Communities)", programme)
    names = re.fullmatch(r"(Horizon (?:2020|Europe))?[ (]*(.*?)\)?", short)
    assert names is not None
    return " + ".join(sorted(filter(None, names.groups())))


def test_every_role_of_a_city_is_stated_by_its_source(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("project_cities")
    wanted = {
        (row["project_id"], row["city_id"], ROLES.get(row["role"], row["role"]), slugs[row["source_url"]])
        for row in rows
    }
    stated = {
        (project.removeprefix(f"{THINGS}project/"), city.removeprefix(f"{THINGS}city/")[3:], role, source)
        for source, of_source in said.items()
        for (node, name), roles in of_source.items()
        if name == TERMS + "role"
        for role in (each.removeprefix(f"{CODES}city-role/") for each in roles if "/city-role/" in each)
        for project in of_source[node, TERMS + "context"]
        for city in of_source[node, TERMS + "involves"]
    }

    assert len(wanted) == len(rows) == 169
    assert stated == wanted


def test_words_that_the_code_list_has_not_stand_beside_the_role(said: dict[str, Said], slugs: dict[str, str]) -> None:
    described = {row["source_url"] for row in facts("project_cities") if "(" in row["role"]}

    for address in described:
        of_source = said[slugs[address]]
        remarks = [
            values
            for (node, name), values in list(of_source.items())
            if name == f"{PREFIXES['dcterms']}description"
            and any("/city-role/" in role for role in of_source[node, TERMS + "role"])
        ]
        assert len(remarks) == 1, address


def test_every_fact_on_a_project_is_stated_by_its_source(said: dict[str, Said], slugs: dict[str, str]) -> None:
    rows = facts("projects")
    cells = {
        (row["id"], column): (parts_of(value) if column == "call_or_programme" else value, slugs[row["source_url"]])
        for row in rows
        for column, value in row.items()
        if value and column not in NOT_OF_PROJECTS
    }
    missing = {
        cell
        for cell, (value, source) in cells.items()
        if value not in of_cell(said[ELSEWHERE.get(cell, source)], f"{THINGS}project/{cell[0]}", cell[1])
    }

    assert len(rows) == 37
    assert missing == set(LEFT_OUT)
    assert set(ELSEWHERE) <= set(cells)


def test_addresses_at_cordis_are_made_from_numbers() -> None:
    rows = facts("projects")
    assert {row["cordis_url"] for row in rows if row["cordis_url"]} == {
        f"https://cordis.europa.eu/project/id/{row['grant_number']}" for row in rows if row["grant_number"]
    }


def test_every_figure_of_the_notes_is_stated_by_some_source(said: dict[str, Said]) -> None:
    """Months of 60 are durations, millions are written out, dates stand as dates or in the words of a description."""
    missing = []
    for row in facts("projects"):
        project = f"{THINGS}project/{row['id']}"
        values = [value for of_source in said.values() for value in numbers(of_source, project)]
        texts = " ".join(
            text
            for of_source in said.values()
            for (subject, _), found in of_source.items()
            if subject == project
            for text in found
        )
        known = {f"{value.normalize():f}" for _, each in values for value in (each, each / 1_000_000)}
        missing += [
            (row["id"], figure)
            for figure in re.findall(r"\d[\d,.-]*\d|\d", row["notes"].replace("3-4 March", "3 4 March"))
            if figure not in known
            and not re.search(rf"\b({re.escape(figure)}|{IN_WORDS.get(figure, figure)})\b", texts)
        ]

    assert missing == []
