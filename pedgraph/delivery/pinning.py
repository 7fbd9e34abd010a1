"""Pages on a version that somebody asked for: their links stay with it, and they say when it is not the present one.

Pages are rendered without knowing of this, so that one page serves both those who ask for a version and those who do
not. In what the templates write, text never holds a quotation mark of its own: it is escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.collections.definitions import COLLECTIONS
from pedgraph.delivery.describing import Document
from pedgraph.delivery.templating import page_templates

if TYPE_CHECKING:
    from datetime import datetime

TEMPLATE: Final = "earlier.html"
_MAIN: Final = '<main id="page-main"'
# Where an address takes the parameter `version`: descriptions, graphs, lists, and the pages on the whole graph.
_FOLDERS: Final = ("doc/", "id/", "graph/", "queries/")
_PAGES: Final = (*COLLECTIONS, "search", "search/suggestions", "sources", "catalog")
_NAMES: Final = "|".join([*(f'{each}[^"#?]+' for each in _FOLDERS), *(f'{each}(?=["#?])' for each in _PAGES)])


@dataclass(frozen=True)
class Pin:
    """The version that a page is on: its number and moment, the number of the present one, and the addresses of the
    same page on the present one and of what differs between the two, which is empty where nothing shows that.
    """

    number: int
    moment: datetime
    present: int
    present_address: str
    difference_address: str = ""


def pinned(page: Document, pin: Pin, root: str) -> Document:
    """A page whose links keep to the version; ``root`` leads from where it is served to the start of the site."""
    start = re.escape(root)
    links = re.compile(rf'( (?:href|data-suggestions)="){start}({_NAMES})(\?[^"#]*)?(#[^"]*)?"')
    home = re.compile(rf'( href="){re.escape(root or "./")}"')
    place = re.compile(rf'( data-root="{start}")')
    form = re.compile(rf'(<form [^>]*action="{start}search"[^>]*>)')
    text = page.content.decode()
    text = links.sub(lambda found: _with_version(found, root, pin.number), text)
    text = home.sub(rf'\g<1>{root or "./"}?version={pin.number}"', text)
    text = place.sub(rf'\g<1> data-version="{pin.number}"', text)
    text = form.sub(rf'\g<1>\n<input type="hidden" name="version" value="{pin.number}">', text)
    if pin.number != pin.present:
        told = page_templates().get_template(TEMPLATE).render(pin=pin, root=root)
        text = text.replace(_MAIN, told + _MAIN, 1)
    return Document(text.encode(), page.content_type)


def _with_version(found: re.Match[str], root: str, number: int) -> str:
    attribute, path, query, fragment = found.groups(default="")
    if re.search(r"[?;&]version=", query):
        return found[0]
    mark = "&amp;" if query else "?"
    return f'{attribute}{root}{path}{query}{mark}version={number}{fragment}"'
