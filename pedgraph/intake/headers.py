"""What the build writes into the headers of ontology and shapes: their version, from the one place that knows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

if TYPE_CHECKING:
    from pathlib import Path

_OWL: Final = "http://www.w3.org/2002/07/owl#"


def version_statements(document: str, version: str, prior: str | None) -> list[Triple]:
    """The version of a document with an IRI: ``owl:versionIRI``, ``owl:versionInfo`` and, where there is one,
    ``owl:priorVersion`` (OWL 2 Structural Specification, section 3.3).
    """
    subject = NamedNode(document)
    statements = [
        Triple(subject, NamedNode(f"{_OWL}versionIRI"), NamedNode(f"{document}/{version}")),
        Triple(subject, NamedNode(f"{_OWL}versionInfo"), Literal(version)),
    ]
    if prior is not None:
        statements.append(Triple(subject, NamedNode(f"{_OWL}priorVersion"), NamedNode(f"{document}/{prior}")))
    return statements


def released_versions(releases: Path) -> list[str]:
    """The versions that have a folder in the folder of releases, oldest first."""
    if not releases.is_dir():
        return []
    names = [path.name for path in releases.iterdir() if re.fullmatch(r"\d+\.\d+\.\d+", path.name)]
    return sorted(names, key=_order)


def prior_version(releases: Path, version: str) -> str | None:
    """The newest release before a version, or ``None``."""
    before = [name for name in released_versions(releases) if _order(name) < _order(version)]
    return before[-1] if before else None


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
