"""Whatever stands in the fields, each value is carried over or told of, and nothing breaks."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pedgraph.intake.importing import rules
from tests.intake.importing.answers import count, everything, reading

WHOLE = everything()
FIELDS = {
    part: [each for field in WHOLE[part]["meta"]["fields"] for each in (field, *field.get("subfields", []))]
    for part in ("caseStudies", "projects")
}
WORDS = [
    "", "x", "Completed", "PED Lab", "Spain", "1,5", "03/2020", "someone@example.org", "<b>B</b>", "Amsterdam", "52",
    "@en", "=1", "#", "a;b", "PED@nl", "\u2028", "\u202e", "x" * 300,
]  # fmt: skip
LEAVES = st.one_of(st.sampled_from(WORDS), st.booleans(), st.none(), st.integers(-200, 10**20), st.floats(-1e9, 1e9))
NAMES = st.sampled_from(["id", "title", "0"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner)), max_leaves=6
)


def entries(part: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    keys = st.sampled_from([each["key"] for each in FIELDS[part]] + ["A9P999", "", "A1P003.9"])
    data = st.dictionaries(keys, st.one_of(VALUES, st.dictionaries(keys, VALUES, max_size=3)), max_size=8)
    named = st.builds(lambda name, rest: {"A1P001": name, "P1P001": name, **rest}, st.sampled_from(WORDS), data)
    entry = st.fixed_dictionaries({"entryId": st.just("1"), "data": named, "postId": st.integers(1, 4)})
    return st.lists(entry, min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(sites=entries("caseStudies"), projects=entries("projects"))
def test_every_value_is_accounted_for(sites: list[dict[str, Any]], projects: list[dict[str, Any]]) -> None:
    whole = everything()
    whole["caseStudies"]["data"], whole["projects"]["data"] = sites, projects

    document = reading(whole)

    variables = [(each.rule, dict(each.variables)) for each in document.problems]
    summary = next(each for rule, each in variables if rule == rules.SUMMARY)
    told = sum(int(each["number"]) for rule, each in variables if rule.startswith("I") and rule not in {"I14", "I17"})
    assert told == int(summary["left"])
    assert told + int(summary["carried"]) == sum(count(each["data"]) for each in (*sites, *projects))
    # What is carried over is valid in each column: no rule of tables has anything to say.
    assert {rule for rule, _ in variables if not rule.startswith("I")} == set()


def test_two_of_one_name_whose_pages_have_no_number_are_told_of() -> None:
    whole = everything()
    whole["caseStudies"]["data"] = [{"entryId": "1", "data": {"A1P001": "x"}, "postId": 0}] * 2

    found = [each.rule for each in reading(whole).problems if not each.rule.startswith("I")]

    assert found == ["T16"]
