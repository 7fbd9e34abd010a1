"""The pages on which people contribute data and stewards review them. They work without any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pedgraph import __version__
from pedgraph.delivery.findings.page import findings_style
from pedgraph.delivery.templating import page_templates
from pedgraph.intake.messages import LANGUAGE_NAMES

if TYPE_CHECKING:
    from pedgraph.delivery.browser_files import BrowserFiles
    from pedgraph.settings import Settings

ACCEPTED_FILES: Final = ".xlsx,.csv,.zip,.ttl,.trig,.nt,.nq,.rdf,.xml,.jsonld,.json"
LICENCES: Final = (
    ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0: free to use, with your name"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0: free to use"),
)
_MEBIBYTE: Final = 1024 * 1024
_ADVICE: Final = {
    "received": "It has arrived and is about to be checked. This page loads itself again.",
    "invalid": "It breaks rules and cannot be accepted as it is. Mend what is listed and send the corrected file.",
    "in-review": "It waits for a steward's decision. Until then a corrected file can take its place.",
    "changes-requested": "A steward asks for changes.",
    "accepted": "It is part of the published graph.",
    "rejected": "A steward has decided against it.",
    "superseded": "A corrected file has taken its place.",
    "withdrawn": "It was withdrawn.",
}


class ContributionPages:
    """Renders the pages; ``root`` leads from where a page is served to the start of the site, such as ``../``."""

    def __init__(self, settings: Settings, files: BrowserFiles) -> None:
        self._settings = settings
        self._files = files

    def render(self, name: str, root: str, who: Any, **values: object) -> bytes:  # noqa: ANN401
        """A page by the name of its template; ``who`` is signed in, or ``None``."""
        common: dict[str, object] = {
            "root": root,
            "who": who,
            "version": __version__,
            "digest": self._files.digest,
            "language": "en",
            "languages": tuple(LANGUAGE_NAMES.items()),
            "accept": ACCEPTED_FILES,
            "licences": LICENCES,
            "largest": size(self._settings.file_max_bytes),
            "here": name,
            "error": None,
            "refresh_seconds": 0,
            "given": _Blank(),
            "typed": {},
            "is_open": True,
            "form_token": "",
            "findings_style": findings_style(),
        }
        template = page_templates().get_template(f"contribute/{name}.html")
        return template.render(common | values).encode(errors="replace")


class _Blank:
    """A form that nobody has filled in yet."""

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


def advice(state: str) -> str:
    """What the state of a submission means for its submitter."""
    return _ADVICE[state]


def size(size_bytes: int) -> str:
    """A size in words."""
    return f"{size_bytes / _MEBIBYTE:.3g} MiB" if size_bytes >= _MEBIBYTE else f"{size_bytes:,} bytes"
