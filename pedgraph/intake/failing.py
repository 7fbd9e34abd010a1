"""Errors on their way between processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pedgraph import errors
from pedgraph.errors import PedgraphError

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_error(members: Mapping[str, Any]) -> PedgraphError:
    """The error that a process told as its code, detail and extensions."""
    every = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PedgraphError)]
    classes = {each.code: each for each in every}
    return classes[members["code"]](members["detail"], **members["extensions"])
