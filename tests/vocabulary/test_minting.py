"""Names of n-ary nodes: the same fact gets the same name, another fact another one."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from pedgraph.vocabulary.minting import names

PROLOGUE = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX x: <urn:x:> PREFIX dcterms: <http://purl.org/dc/terms/>
"""
PARTICIPATION = "x:n a pedg:CityParticipation ; pedg:involves x:porto ; pedg:context x:ascend ; pedg:role x:follower ."
NUMBER = "x:n a pedg:IndicatorObservation ; pedg:about x:net ; pedg:indicator x:cities ; pedg:value 130 ."


def name_of(turtle: str) -> str:
    (name,) = names(quad.triple for quad in parse(PROLOGUE + turtle, RdfFormat.TURTLE)).values()
    return name


def test_a_name_is_what_it_always_was() -> None:
    assert name_of(PARTICIPATION) == "https://w3id.org/pedgraph/id/involvement/f8fd4fe72b67"
    assert name_of(NUMBER) == "https://w3id.org/pedgraph/id/obs/6a2cce45c43b"


def test_the_source_and_the_place_in_it_are_not_part_of_the_name() -> None:
    assert name_of(PARTICIPATION + " x:n pedg:statedIn x:s1 ; pedg:locator 'page 1' .") == name_of(PARTICIPATION)


def test_another_value_is_another_name_but_not_another_way_to_write_it() -> None:
    assert name_of(NUMBER.replace("130", "131")) != name_of(NUMBER)
    assert name_of(NUMBER.replace("130", "130.0")) == name_of(NUMBER)
    assert name_of(NUMBER.replace("130", "130.5")) != name_of(NUMBER.replace("130", "13.05"))


def test_a_stage_is_named_after_whose_stage_it_is() -> None:
    stage = "x:n a pedg:StageRecord ; pedg:stage x:establishing ."

    assert name_of(f"x:a pedg:stageRecord x:n . {stage}") != name_of(f"x:b pedg:stageRecord x:n . {stage}")


def test_who_is_not_named_is_told_apart_by_the_description() -> None:
    unnamed = "x:n a pedg:EventParticipation ; pedg:context x:panel ; dcterms:description '{}'@en ."

    assert name_of(unnamed.format("leads")) != name_of(unnamed.format("cities"))
    named = PARTICIPATION + " x:n dcterms:description '{}'@en ."
    assert name_of(named.format("leads")) == name_of(named.format("cities"))


def test_a_description_does_not_rename_a_number() -> None:
    assert name_of(NUMBER + " x:n dcterms:description 'by webinar link'@en .") == name_of(NUMBER)
