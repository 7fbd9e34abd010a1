"""The limits that every query is held to, by name: what the service description and each answer say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pedgraph.settings import Settings


@dataclass(frozen=True)
class Limit:
    """A limit: its name (a key of RFC 9651, section 3.1.2), its value, the unit of that, and what it means."""

    name: str
    value: int | float
    unit: str
    meaning: str


def limits(settings: Settings) -> tuple[Limit, ...]:
    """All limits of the query service, as the settings have them."""
    return (
        Limit(
            "deadline",
            settings.query_deadline_seconds,
            "seconds",
            "Longest time that one query may run; a client may ask for less with the parameter 'timeout'",
        ),
        Limit("memory", settings.reader_memory_bytes, "bytes", "Memory that the evaluation of one query may use"),
        Limit("answer", settings.answer_max_bytes, "bytes", "Largest answer; one that grows larger is broken off"),
        Limit("query", settings.query_max_bytes, "bytes", "Largest text of a query"),
        Limit("depth", settings.query_max_depth, "brackets", "Deepest nesting of brackets in a query"),
        Limit(
            "concurrency",
            settings.queries_per_client,
            "queries",
            "Most queries of one client address that run or wait at once",
        ),
        Limit("queue", settings.queue_max_queries, "queries", "Most queries of all clients that wait at once"),
        Limit("queue-wait", settings.queue_wait_seconds, "seconds", "Longest time that a query waits for its turn"),
    )


def header_value(settings: Settings) -> str:
    """The limits as a dictionary of structured fields (RFC 9651, section 3.2), for a header field."""
    return ", ".join(f"{limit.name}={_number(limit.value)}" for limit in limits(settings))


def _number(value: float) -> str:
    """An integer where it is one, a decimal with at most three digits of fraction otherwise (RFC 9651, section 3.3)."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
