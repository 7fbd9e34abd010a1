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


def alignments_directory() -> Path:
    """Turtle files that say how our terms stand to those of other vocabularies; the ontology does without them."""
    return ontology_directory() / "alignments"


def examples_directory() -> Path:
    """One Turtle file per class, named after it, that shows how the class is used."""
    return ontology_directory() / "examples"


def documentation_directory() -> Path:
    """The pages that explain the terms, made by :mod:`pedgraph.delivery.documentation`."""
    return ontology_directory() / "documentation"


def context_file() -> Path:
    """The JSON-LD context of version 1, which only ever grows."""
    return ontology_directory() / "context" / "v1.jsonld"


def list_context_file() -> Path:
    """The JSON-LD context of lists, version 1, which takes in that of things."""
    return ontology_directory() / "context" / "list-v1.jsonld"


def frames_directory() -> Path:
    """The JSON-LD frames of version 1, one per kind of thing."""
    return ontology_directory() / "frames" / "v1"


def releases_directory() -> Path:
    """One folder per released version of the ontology, named after it, with its files as they were then."""
    return ontology_directory() / "releases"


def changelog_file() -> Path:
    """What changed from version to version, as Markdown."""
    return _root() / "CHANGELOG.md"


def shapes_directory() -> Path:
    """Turtle files of the SHACL shapes."""
    return _root() / "shapes"


def messages_directory() -> Path:
    """JSON files, one per language, of what the rules say."""
    return shapes_directory() / "messages"


def words_directory() -> Path:
    """JSON files, one per language, of the words in which findings are told: phrases, kinds of things, terms."""
    return shapes_directory() / "words"


def templates_directory() -> Path:
    """TOML files that say which tables there are, and what cannot be derived of their columns."""
    return shapes_directory() / "templates"


def queries_directory() -> Path:
    """SPARQL files: ``library`` for the public, ``derivations`` for what is derived at publication."""
    return _root() / "queries"


def data_directory() -> Path:
    """TriG files of the curated data: ``sources`` and ``reference``, and ``meta.trig``, which describes both."""
    return _root() / "data"
