"""Where the files are that come with pedgraph: ontology, shapes, queries and data.

In a checkout they lie beside the package, in an installed wheel inside it (``bundled``).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    bundled = _PACKAGE / "bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def ontology_directory() -> Path:
    """Turtle files of the ontology; its folder ``codes`` holds one SKOS scheme per file."""
    return _root() / "ontology"


def shapes_directory() -> Path:
    """Turtle files of the SHACL shapes."""
    return _root() / "shapes"


def queries_directory() -> Path:
    """SPARQL files: ``library`` for the public, ``derivations`` for what is derived at publication."""
    return _root() / "queries"


def data_directory() -> Path:
    """TriG files of the curated data: ``sources`` and ``reference``, and ``meta.trig``, which describes both."""
    return _root() / "data"
