"""What others wrote, in our pages: nothing in it steers how the page around it is read."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from pedgraph.vocabulary.visible import visible

_KEPT: Final = "\n"


def finalized(value: object) -> object:
    """What a template shows of a value (``finalize`` of Jinja): text with its control characters made visible, but for
    line ends. Markup stays as it is, as do the values of form fields, which are marked with ``e``.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _KEPT.join(map(visible, value.replace("\r\n", _KEPT).split(_KEPT)))


def is_of_the_web(value: object) -> bool:
    """Whether a value is an address that pages may lead to; others, such as those of scripts, are shown only."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))
