"""How versions are published under given settings: what is derived, and what a candidate has to keep to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pedgraph.intake.bundle import read_derivations
from pedgraph.intake.contracts import examination
from pedgraph.store.publication import Publication

if TYPE_CHECKING:
    from pedgraph.settings import Settings


def publication_for(settings: Settings, author: str, reason: str, *, release: str | None = None) -> Publication:
    """A publication by somebody for a reason; in the mode ``plain`` nothing is derived, and nothing promised."""
    is_merged = settings.default_graph == "merged"
    return Publication(
        author=author,
        reason=reason,
        derivations=_derivations() if is_merged else (),
        keep=settings.versions_kept,
        release=release,
        examine=examination(settings),
        is_merged=is_merged,
    )


@cache
def _derivations() -> tuple[str, ...]:
    return tuple(read_derivations())
