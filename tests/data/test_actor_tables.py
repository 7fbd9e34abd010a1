"""The tables on actors say what the collected facts say, cell by cell, and nothing else; who stands for which helix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import Quad, QueryTriples, Store

from pedgraph.intake.bundle import read_vocabulary
from pedgraph.resources import data_directory, queries_directory
from pedgraph.vocabulary.iris import CODES, TERMS, THINGS
from tests.data.facts import facts_folder, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pedgraph.intake.bundle import CuratedData

Row = dict[str, str]
Cell = tuple[str, str]

TABLES: Final = data_directory() / "tables"
KINDS: Final = "actor-kinds"
# The two texts, whose statements are written by hand.
TEXTS: Final = {"s1", "s2"}
ACTOR_TYPES: Final = {
    "NGO": "non-governmental organisation",
    "association": "network or association",
    "consultancy": "service provider",
    "housing organisation": "housing association",
    "public funding programme": "other public body",
    "regional authority": "other public body",
    "research and technology organisation": "research organisation",
}
HELICES: Final = {"civil_society": "society"}
# What a role of the facts has become; all others keep their word, and "partner (…)" is a partner with a description.
ROLES: Final = {
    "advice on renovation": "adviser",
    "aligned initiative": "cooperation partner",
    "client / developer": "developer",
    "communication (newsletter author)": "participant",
    "communication leader": "lead",
    "design contract": "designer",
    "designed geothermal boreholes": "designer",
    "district heating expansion": "energy provider",
    "fellow city": "partner",
    "follower city": "partner",
    "leads PED mapping working group": "lead",
    "leads cross-project collaboration": "lead",
    "lighthouse city agency": "partner",
    "lighthouse city partner": "partner",
    "lighthouse city": "partner",
    "listed programme": "participant",
    "manifesto co-host": "participant",
    "occupies Beta 1 building": "occupant",
    "occupies Beta 2 building": "occupant",
    "owner of residential blocks": "owner",
    "platform deployment": "participant",
    "publisher of resources": "participant",
    "self-consumption agreement": "cooperation partner",
    "social housing provider": "housing provider",
    "supporting coordinator": "partner",
    "took over smart energy grid solution": "energy provider",
    "workshop organiser": "participant",
    "works with SPL Lyon Confluence": "cooperation partner",
    "works with Valladolid": "cooperation partner",
    "wrote proposal; project management support": "partner",
}
NO_DESCRIPTION: Final = {
    "architect", "builder", "city authority", "cooperation partner", "coordinator", "developer", "lead", "participant",
    "partner",
}  # fmt: skip
ACTOR_EXCEPTIONS: Final = {
    ("*", "confidence"): "how sure a source is stands with the source",
    ("aneo", "name"): "the name before stands in a column of its own",
    ("scalable-cities", "actor_type"): "is a network in the graph of the text, not an organisation",
    ("scalable-cities", "name"): "stands in the graph of the text",
    ("scalable-cities", "source_url"): "stands in the graph of the text",
    ("tno", "country_code"): "the text that the row is from does not name the country",
    ("tno", "source_url"): "stands in the graph of the text",
}
PART_EXCEPTIONS: Final = {
    ("*", "confidence"): "how sure a source is stands with the source",
    ("*", "in_seed"): "what the two texts say stands in their own graphs",
    ("ams-institute atelier", "role"): "hosting an event stands in the table of those who take part in events",
    ("scalable-cities evt-ped-joint-workshop-2025", "role"): "stands in the graph of the text",
    ("tno atelier s2", "role"): "stands in the graph of the text",
}
COORDINATORS: Final = {"National Renewable Energy Centre of Spain (CENER)": "cener"}
# Public bodies of more than one municipality.
WIDER_THAN_A_CITY: Final = {"dijon-metropole", "grand-lyon"}


@pytest.fixture(scope="module")
def facts() -> Path:
    return facts_folder()


@pytest.fixture(scope="module")
def slugs(facts: Path) -> dict[str, str]:
    """Address → slug of the source; of the two texts, that of their file."""
    tabled = {row["address"]: row["id"] for row in rows_of(TABLES / "sources.csv")}
    texts = {row["url"]: "s2" if "atelier" in row["url"] else "s1" for row in rows_of(facts / "sources.csv")}
    return {url: tabled.get(url, text) for url, text in texts.items()}


@pytest.fixture(scope="module")
def city_ids(facts: Path) -> dict[str, str]:
    return {row["id"]: f"{row['country_code'].lower()}-{row['id']}" for row in rows_of(facts / "cities.csv")}


@pytest.fixture(scope="module")
def organisations() -> dict[tuple[str, bool], Row]:
    """Id and whether it is our classification → the row."""
    rows = rows_of(TABLES / "actors" / "organisations.csv")
    found = {(row["id"], row["source"] == KINDS): row for row in rows}
    assert len(found) == len(rows)
    return found


def involvements() -> set[tuple[str, str, str, bool, str]]:
    """Actor, project or place without its kind, role, whether there is a description, and source."""
    tables = (("project-partners", "partner", "project"), ("place-partners", "actor", "place"))
    return {
        (row[who], row[where].rpartition("/")[2], row["role"], bool(row["description"]), row["source"])
        for kind, who, where in tables
        for row in rows_of(TABLES / "actors" / f"{kind}.csv")
    }


def expected_part(row: Row, slugs: dict[str, str], places: dict[str, str]) -> tuple[str, str, str, bool, str]:
    in_brackets = re.fullmatch(r"partner \(.+\)", row["role"])
    role = "partner" if in_brackets else ROLES.get(row["role"], row["role"])
    where = places.get(row["project_or_site_id"], row["project_or_site_id"])
    return row["actor_id"], where, role, row["role"] not in NO_DESCRIPTION, slugs[row["source_url"]]


def not_carried(rows: Iterable[tuple[str, Row]], checks: dict[str, Callable[[Row], bool]]) -> set[Cell]:
    """The filled cells that no check finds in the tables, by key and column."""
    return {
        (key, column)
        for key, row in rows
        for column, value in row.items()
        if value and not (column in checks and checks[column](row))
    }


def without(exceptions: dict[Cell, str], cells: set[Cell]) -> set[Cell]:
    """What stays of the cells, and the exceptions that none of them needs."""
    every = {column for key, column in exceptions if key == "*"}
    needed = {("*", column) if column in every else (key, column) for key, column in cells}
    return needed ^ set(exceptions)


def test_every_cell_on_actors_is_carried_over_or_named(
    facts: Path, organisations: dict[tuple[str, bool], Row], slugs: dict[str, str], city_ids: dict[str, str]
) -> None:
    def stated(row: Row) -> Row:
        return organisations.get((row["id"], False), {})

    def classified(row: Row) -> Row:
        return organisations.get((row["id"], True), {})

    def has_names(row: Row) -> bool:
        own = stated(row) or classified(row)
        names = {own.get("name"), own.get("other names")}
        return row["name"] in names or set(row["name"].rstrip(")").split(" (")) == names

    rows = rows_of(facts / "actors.csv")
    checks: dict[str, Callable[[Row], bool]] = {
        "id": lambda row: bool(stated(row) or classified(row)) or row["id"] == "scalable-cities",
        "name": has_names,
        "helix_role": lambda row: classified(row)["usual helix"] == HELICES.get(row["helix_role"], row["helix_role"]),
        "actor_type": lambda row: (
            classified(row).get("actor type") == ACTOR_TYPES.get(row["actor_type"], row["actor_type"])
        ),
        "country_code": lambda row: stated(row).get("country") == row["country_code"],
        "city_id": lambda row: stated(row)["city"] == city_ids[row["city_id"]],
        "website": lambda row: stated(row)["address"] == row["website"],
        "source_url": lambda row: stated(row).get("source") == slugs[row["source_url"]],
    }

    assert without(ACTOR_EXCEPTIONS, not_carried([(row["id"], row) for row in rows], checks)) == set()


def test_organisations_say_nothing_that_the_facts_do_not(
    facts: Path, organisations: dict[tuple[str, bool], Row]
) -> None:
    """What is empty in the facts is empty in the tables, and what a source states is apart from what we assigned."""
    rows = {row["id"]: row for row in rows_of(facts / "actors.csv")}
    ids = set(rows) - {"scalable-cities"}

    assert set(organisations) == {(each, True) for each in ids} | {(each, False) for each in ids - {"tno"}}
    for (name, is_classified), row in organisations.items():
        fact = rows[name]
        is_town = fact["actor_type"] == "municipality" and fact["city_id"] and name not in WIDER_THAN_A_CITY
        assigned = {"actor type": "actor_type", "usual helix": "helix_role"}
        stated = {"country": "country_code", "city": "city_id", "address": "website"}
        empty = [ours for ours, theirs in {**assigned, **stated}.items() if not fact[theirs]]
        empty += list(stated) if is_classified else [*assigned, "kind", "governs"]
        assert [each for each in empty if row[each]] == [], name
        assert bool(row["governs"]) == (row["kind"] == "city administration") == bool(is_classified and is_town), name


def test_every_cell_on_parts_is_carried_over_or_named(facts: Path, slugs: dict[str, str]) -> None:
    found, places = involvements(), place_ids(facts)
    rows = rows_of(facts / "actor_participation.csv")
    keyed = [
        (" ".join([row["actor_id"], row["project_or_site_id"], *TEXTS & {slugs[row["source_url"]]} - {"s1"}]), row)
        for row in rows
    ]
    given = dict.fromkeys(("actor_id", "project_or_site_id", "source_url"), lambda _: True)

    cells = not_carried(keyed, {**given, "role": lambda row: expected_part(row, slugs, places) in found})

    # A row that is carried over has carried over who, where and from which source.
    assert without(PART_EXCEPTIONS, cells) == set()


def test_parts_say_nothing_that_the_facts_do_not(facts: Path, slugs: dict[str, str]) -> None:
    places = place_ids(facts)
    by_name = {row["name"]: row["id"] for row in rows_of(facts / "actors.csv")} | COORDINATORS
    expected = {expected_part(row, slugs, places) for row in rows_of(facts / "actor_participation.csv")}
    named = {
        (by_name[row["coordinator_name"]], row["id"], "coordinator", False, slugs[row["source_url"]])
        for row in rows_of(facts / "projects.csv")
        if row["coordinator_name"]
    }

    assert named <= involvements()
    assert involvements() <= expected | named


def place_ids(facts: Path) -> dict[str, str]:
    """Id of a site of the facts → that of the tables."""
    countries = {row["id"]: row["country_code"].lower() for row in rows_of(facts / "cities.csv")}
    return {
        row["id"]: f"{countries[row['city_id']]}-{row['id']}" for row in rows_of(facts / "sites.csv") if row["city_id"]
    }


def test_who_is_unclear_stands_for_no_helix_and_all_others_for_one(curated: CuratedData) -> None:
    """The helix of each organisation in all that it takes part in, where nobody has stated it."""
    classified = [row for row in rows_of(TABLES / "actors" / "organisations.csv") if row["source"] == KINDS]
    store = Store()
    store.extend(Quad(*triple) for triple in [*read_vocabulary(), *curated.triples])
    derived = store.query((queries_directory() / "derivations" / "40-default-helices.rq").read_text(encoding="utf-8"))
    assert isinstance(derived, QueryTriples)
    helix_of = {str(each.subject): str(each.object).removeprefix(f"<{CODES}helix/").rstrip(">") for each in derived}

    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, None, None):
        if quad.predicate.value == TERMS + "involves":
            found.setdefault(str(quad.object), set()).add(helix_of.get(str(quad.subject), ""))

    taking_part = {row["id"]: found.get(f"<{THINGS}organisation/{row['id']}>", set()) for row in classified}
    assert taking_part == {row["id"]: {row["usual helix"]} for row in classified}
    assert sum(not row["usual helix"] for row in classified) > 10
