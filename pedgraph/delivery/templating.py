"""The templates of the pages of the service, and how they are filled: what they show is escaped and inert."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pedgraph.delivery.inert import finalized, is_of_the_web


@cache
def page_templates() -> Environment:
    """The templates in ``pedgraph/delivery/templates``; a name that is not given is an error."""
    templates = Environment(
        loader=PackageLoader("pedgraph.delivery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalized,
    )
    templates.tests["of_the_web"] = is_of_the_web
    return templates
