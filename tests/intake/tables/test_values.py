"""Numbers, dates, codes, addresses and coordinates as people write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pedgraph.intake.tables.amounts import decimal_text, find_unit, read_amount
from pedgraph.intake.tables.cells import find_code, read_address, read_coordinates, read_external, shown, slug
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.dates import DAY, read_date, read_year
from pedgraph.intake.tables.rules import NotReadError

MODEL: Final = read_model()
QUALIFIERS: Final = MODEL.qualifiers
NUMBERS: Final = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=4)


def refused(rule: str, error: NotReadError) -> dict[str, str]:
    assert error.rule == rule
    return error.variables


def amount(value: object) -> tuple[str, str, str]:
    found = read_amount(value, QUALIFIERS)
    return decimal_text(found.number), found.qualifier.rpartition("/")[2], found.unit


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1250", ("1250.0", "", "")),
        ("1250.5", ("1250.5", "", "")),
        ("1250,5", ("1250.5", "", "")),
        ("1 250,5", ("1250.5", "", "")),
        ("1\u202f250,5", ("1250.5", "", "")),
        ("1,250.5", ("1250.5", "", "")),
        ("1.250,5", ("1250.5", "", "")),
        ("1'250.5", ("1250.5", "", "")),
        ("1.234.567", ("1234567.0", "", "")),
        ("0,125", ("0.125", "", "")),
        ("\u22125,50", ("-5.5", "", "")),
        (".5", ("0.5", "", "")),
        ("1.5e3", ("1500.0", "", "")),
        ("≥ 50", ("50.0", "at-least", "")),
        (">= 50", ("50.0", "at-least", "")),
        ("> 100", ("100.0", "more-than", "")),
        ("Über 130", ("130.0", "more-than", "")),
        ("ca. 5", ("5.0", "approximately", "")),
        ("up to 7 MWh", ("7.0", "at-most", "MWh")),
        ("2700 MWh/a", ("2700.0", "", "MWh/a")),
        ("35%", ("35.0", "", "%")),
        (7, ("7.0", "", "")),
        (0.1, ("0.1", "", "")),
        (2.675, ("2.675", "", "")),
        (-0.0, ("0.0", "", "")),
    ],
)
def test_amounts(written: object, expected: tuple[str, str, str]) -> None:
    assert amount(written) == expected


@pytest.mark.parametrize(
    "written", ["", "abc", "12 34", "1.2.3", "1,25,000", "5-7", "5 6", "1.250,5.5", "--5", "> ", "1" * 200, True, None]
)
def test_what_is_no_number(written: object) -> None:
    with pytest.raises(NotReadError) as caught:
        read_amount(written, QUALIFIERS)
    refused("T01", caught.value)


@pytest.mark.parametrize(
    ("written", "both"), [("1.250", "1250, 1.25"), ("1,250", "1250, 1.25"), ("12.125", "12125, 12.1250")]
)
def test_a_number_that_may_be_two(written: str, both: str) -> None:
    with pytest.raises(NotReadError) as caught:
        read_amount(written, QUALIFIERS)

    assert refused("T02", caught.value)["allowed"] == both
    readings = [read_amount(each, QUALIFIERS).number for each in both.split(", ")]
    assert len(set(readings)) == 2


@given(NUMBERS)
def test_a_number_is_read_back_however_it_is_written(number: Decimal) -> None:
    plain = decimal_text(number)
    whole, _, fraction = plain.lstrip("-").partition(".")
    sign = "-" if plain.startswith("-") else ""
    assume(len(fraction) != 3)
    for mark, thousands in ((",", "."), (".", ","), (",", " "), (".", "'")):
        grouped = f"{int(whole):,}".replace(",", thousands)
        assert read_amount(f"{sign}{grouped}{mark}{fraction}", {}).number == number
    assert read_amount(plain, {}).number == number
    assert Decimal(plain) == number


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_of_a_spreadsheet_keeps_its_fifteen_digits(number: float) -> None:
    read = read_amount(number, {}).number

    assert float(read) == pytest.approx(number, rel=1e-14)
    assert "E" not in decimal_text(read)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_told(text: str) -> None:
    rule = ""
    try:
        read_amount(text, QUALIFIERS)
    except NotReadError as error:
        rule = error.rule
    assert rule in {"", "T01", "T02"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("5.3.2024", "2024-03-05"),
        ("15/03/2024", "2024-03-15"),
        ("03/15/2024", "2024-03-15"),
        ("05/05/2024", "2024-05-05"),
        ("03/2024", "2024-03"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        (2024, "2024"),
        (2024.0, "2024"),
        ("5 March 2024", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("maart 2024", "2024-03"),
        ("1er août 2024", "2024-08-01"),
        ("5 de marzo de 2024", "2024-03-05"),
        (datetime(2024, 3, 5, 0, 0), "2024-03-05"),  # noqa: DTZ001
        (date(2024, 3, 5), "2024-03-05"),
    ],
)
def test_dates(written: object, expected: str) -> None:
    assert read_date(written, [], MODEL.months)[0] == expected


@pytest.mark.parametrize("written", ["", "soon", "31.02.2024", "2024-13-01", "05.03.24", "1066", "5 Foo 2024", 12.5])
def test_what_is_no_date(written: object) -> None:
    with pytest.raises(NotReadError) as caught:
        read_date(written, [], MODEL.months)
    assert refused("T07", caught.value)["allowed"] == "2024-03-05, 2024-03, 2024"


def test_a_date_that_may_be_two_and_one_that_is_not_exact_enough() -> None:
    with pytest.raises(NotReadError) as two:
        read_date("05/03/2024", [], MODEL.months)
    with pytest.raises(NotReadError) as month:
        read_date("03/2024", [DAY], MODEL.months)
    with pytest.raises(NotReadError) as number:
        read_date(45356, [], MODEL.months)

    assert refused("T08", two.value)["allowed"] == "2024-03-05, 2024-05-03"
    assert refused("T07", month.value)["allowed"] == "2024-03-05"
    assert refused("T07", number.value)["nearest"] == "2024-03-05"


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)), st.sampled_from("./-"))
def test_a_day_is_read_back_or_told_to_be_two(day: date, mark: str) -> None:
    written = day.strftime(f"%d{mark}%m{mark}%Y")
    assert read_date(day.isoformat(), [], {})[0] == day.isoformat()
    try:
        read = read_date(written, [], {})[0]
    except NotReadError as error:
        read = error.variables["allowed"]
    assert day.isoformat() in read
    assert day.day <= 12 or read == day.isoformat()


@pytest.mark.parametrize(
    ("written", "near"), [("24", ""), ("in 2024", "2024"), (date(2024, 3, 5), "2024"), ("2024-03", "2024"), ("", "")]
)
def test_what_is_no_year(written: object, near: str) -> None:
    with pytest.raises(NotReadError) as caught:
        read_year(written)
    assert refused("T23", caught.value)["nearest"] == near
    assert read_year(2024.0) == read_year("2024") == "2024"


@pytest.mark.parametrize(
    "written", ["MWh", "mwh", "MW·h", "MegaW-HR", "Megawatt Hour", "http://qudt.org/vocab/unit/MegaW-HR"]
)
def test_units(written: str) -> None:
    assert find_unit(written, MODEL.units, MODEL.units).notation == "MWh"


@pytest.mark.parametrize("written", ["Umsetzung", "implementation", "IMPLEMENTATION", "mise en œuvre", "uitvoering"])
def test_codes_in_any_language(written: str) -> None:
    stages = MODEL.kind("districts").column("stage").members

    assert find_code(written, stages, "en").notation == "implementation"


def test_an_unknown_code_is_told_with_the_nearest() -> None:
    stages = MODEL.kind("districts").column("stage").members

    with pytest.raises(NotReadError) as caught:
        find_code("Umsetzng", stages, "de")

    variables = refused("T03", caught.value)
    assert variables["nearest"] == "Umsetzung"
    assert variables["allowed"].split(", ") == [stage.label("de") for stage in stages]


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/a", "https://example.org/a"),
        ("10.3390/en13226083", "https://doi.org/10.3390/en13226083"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("nothing at all", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_what_is_no_address(written: str, near: str) -> None:
    with pytest.raises(NotReadError) as caught:
        read_address(written)
    assert refused("T24", caught.value)["nearest"] == near


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("52.37, 4.89", ("52.37", "4.89")),
        ("52.396,4.899", ("52.396", "4.899")),
        ("52,37; 4,89", ("52.37", "4.89")),
        ("-33.5 151", ("-33.5", "151.0")),
        ("52.37° N, 4.89° W", ("52.37", "-4.89")),
    ],
)
def test_coordinates(written: str, expected: tuple[str, str]) -> None:
    assert read_coordinates(written) == expected


@pytest.mark.parametrize("written", ["52,37,4,89", "52.37", 52.37, "north", "5237, 489000"])
def test_what_are_no_coordinates(written: object) -> None:
    with pytest.raises(NotReadError) as caught:
        read_coordinates(written)
    refused("T26", caught.value)


def test_small_things() -> None:
    assert slug("Ålesund \u2013 Straße 5, Łódź") == "alesund-strasse-5-lodz"
    assert slug("Αθήνα") == ""
    assert read_external("https://ror.org/01bnjb948") == "01bnjb948"
    assert read_external("https://www.wikidata.org/wiki/Q727") == "Q727"
    assert read_external(101096571.0) == "101096571"
    assert shown(datetime(2024, 3, 5, 0, 0)) == "2024-03-05"  # noqa: DTZ001
