"""The rules by which the permanent names at w3id.org lead to a site, in the form that the web server there reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pedgraph.delivery.describing import Document
from pedgraph.errors import BadRequest

_FILE: Final = Path(__file__).resolve().parent / "redirects" / "w3id.htaccess"
# What has a meaning in a rule is in none of these.
_SITE: Final = re.compile(r"https?://[A-Za-z0-9.\-_\[\]:]+/(?:[A-Za-z0-9._~-]+/)*")


def redirect_rules(site: str) -> Document:
    """The rules for a site; ``site`` is its address with a slash at its end. Raises :class:`BadRequest` where that
    cannot stand in a rule.
    """
    if not _SITE.fullmatch(site):
        raise BadRequest(f"'{site[:100]}' cannot be the address of this site.")
    text = _FILE.read_text(encoding="utf-8").replace("{site}", site)
    return Document(text.encode(), "text/plain; charset=utf-8")
