"""The pages that report on the whole graph, such as its conflicts. They work without any script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph import __version__
from pedgraph.delivery.describing import Document
from pedgraph.delivery.templating import page_templates
from pedgraph.vocabulary.media import HTML

if TYPE_CHECKING:
    from pedgraph.delivery.browser_files import BrowserFiles


class ReportPages:
    """Renders the pages; each fills in the template ``report_layout.html``."""

    def __init__(self, files: BrowserFiles) -> None:
        self._files = files

    def render(self, name: str, *, graph_version: int | None, root: str = "", **values: object) -> Document:
        """A page by the name of its template, on a version of the graph, or on none where there is none to show.

        ``root`` leads from where the page is served to the start of the site, such as ``../``.
        """
        common: dict[str, object] = {
            "root": root,
            "here": name,
            "version": __version__,
            "graph_version": graph_version,
            "digest": self._files.digest,
        }
        content = page_templates().get_template(f"{name}.html").render(common | values)
        return Document(content.encode(errors="replace"), HTML.content_type())
