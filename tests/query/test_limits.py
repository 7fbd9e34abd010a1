"""The limits as they are published."""

from __future__ import annotations

from pedgraph.query.limits import header_value, limits
from pedgraph.settings import load_settings


def test_the_header_says_all_limits_as_a_dictionary_of_structured_fields() -> None:
    assert header_value(load_settings({})) == (
        "deadline=30, memory=1073741824, answer=1073741824, query=1048576, depth=500, concurrency=50, queue=100, "
        "queue-wait=10"
    )


def test_a_limit_is_what_the_settings_say() -> None:
    given = load_settings({}, query_deadline_seconds=2.5, answer_max_bytes=7, queries_per_client=1, queue_max_queries=2)

    assert header_value(given) == (
        "deadline=2.5, memory=1073741824, answer=7, query=1048576, depth=500, concurrency=1, queue=2, queue-wait=10"
    )


def test_each_limit_has_a_name_of_its_own_a_unit_and_a_meaning() -> None:
    published = limits(load_settings({}))

    assert len({limit.name for limit in published}) == len(published) == 8
    assert {limit.unit for limit in published} == {"seconds", "bytes", "brackets", "queries"}
    assert all(limit.meaning.endswith((".", ",")) is False and limit.meaning for limit in published)
