"""Previews of submissions as HTML: a fragment for a page, and a page of its own.

What is shown comes from files of others. All of it is escaped, and none of it becomes an address or a style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.describing import Document
from pedgraph.delivery.preview_words import words
from pedgraph.delivery.templating import page_templates
from pedgraph.vocabulary.media import HTML

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTS: Final = ("added", "removed", "changed", "derived", "repeated", "kept", "derived_elsewhere")


def preview_fragment(preview: Mapping[str, Any], *, root: str = "") -> str:
    """A ``section`` that shows a preview, given as its JSON object, in the language of the preview.

    ``root`` leads from where the page is served to the start page, such as ``../``. Its look comes from
    ``preview.css``, beside the stylesheet of the documentation.
    """
    return _render("preview.html", preview, root)


def preview_page(preview: Mapping[str, Any], *, root: str = "") -> Document:
    """A page that holds nothing but the preview."""
    return Document(_render("preview_page.html", preview, root).encode(), HTML.content_type())


def _render(template: str, preview: Mapping[str, Any], root: str) -> str:
    said = words(preview["language"])
    numbers = [(said[name], preview["counts"][name]) for name in _COUNTS if preview["counts"].get(name)]
    return page_templates().get_template(template).render(preview=preview, said=said, numbers=numbers, root=root)
