"""Writing the pages: each template is filled with what it shows, and every link becomes relative to its page."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt

from pedgraph.delivery.documentation.codes import read_schemes
from pedgraph.delivery.documentation.diagram import draw
from pedgraph.delivery.documentation.examples import as_json_ld
from pedgraph.delivery.documentation.file_rules import GROUPS, read_file_rules
from pedgraph.delivery.documentation.keys import read_keys
from pedgraph.delivery.documentation.links import Link, short_name
from pedgraph.delivery.documentation.terms import Terms, alignments
from pedgraph.intake.messages import LANGUAGE_NAMES
from pedgraph.vocabulary.iris import ONTOLOGY, SHAPES_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.documentation.reading import Part, Sources
    from pedgraph.delivery.documentation.terms import Term

STYLE: Final = "style.css"


class Site:
    """All pages, by their path within the documentation."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._terms = Terms(sources)
        self._schemes = read_schemes(self._terms, sources.vocabulary)
        self._templates = Environment(
            # The frame around the content is that of all pages of the site.
            loader=ChoiceLoader([PackageLoader("pedgraph.delivery.documentation"), PackageLoader("pedgraph.delivery")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def pages(self) -> dict[str, bytes]:
        """Every page and the stylesheet, as bytes."""
        loader = self._templates.loader
        assert loader is not None
        style = loader.get_source(self._templates, STYLE)[0]
        written = {path: self._render(path, template, values) for path, template, values in self._planned()}
        return {STYLE: style.encode(), **written}

    def _planned(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        terms = self._terms
        for name in ("index", "ontology", "shapes", "file-rules", "context", "alignments", "assessment"):
            yield f"{name}.html", name, {}
        # Text of others, such as angle brackets in it, is escaped; the Markdown itself is ours.
        changelog = MarkdownIt("commonmark", {"html": False}).render(self._sources.changelog)
        yield "changelog.html", "changelog", {"changelog": changelog}
        for part in self._modules():
            classes, properties = self._declared(part)
            values = {"part": part, "classes": classes, "properties": properties}
            yield f"modules/{part.name}.html", "module", values | {"diagram": draw(terms, part.name)}
        for term in terms.classes.values():
            yield f"classes/{term.name}.html", "class", self._class(term)
        for scheme in self._schemes:
            yield f"codes/{scheme.slug}.html", "code", {"scheme": scheme}

    def _render(self, path: str, template: str, values: dict[str, Any]) -> bytes:
        place = {"path": path, "root": "../" * path.count("/")}
        return self._templates.get_template(f"{template}.html").render(self._common | place | values).encode()

    @cached_property
    def _common(self) -> dict[str, Any]:
        """What any page may show."""
        return {
            "terms": self._terms,
            "modules": self._modules(),
            "schemes": self._schemes,
            "header": self._header(ONTOLOGY),
            "shapes_header": self._header(SHAPES_DOCUMENT),
            "context": read_keys(self._sources.context),
            "frames": {name: _pretty(frame) for name, frame in sorted(self._sources.frames.items())},
            "aligned": self._aligned(),
            "first_shapes": self._first_shapes(),
            "file_rules": read_file_rules(),
            "file_rule_groups": GROUPS,
            "language_names": LANGUAGE_NAMES,
            "short_name": short_name,
        }

    def _modules(self) -> list[Part]:
        return [part for part in self._sources.modules if any(self._declared(part))]

    def _declared(self, part: Part) -> tuple[list[Term], list[Term]]:
        of_part = [term for term in self._terms.classes.values() if term.module == part.name]
        return of_part, [term for term in self._terms.properties.values() if term.module == part.name]

    def _class(self, term: Term) -> dict[str, Any]:
        terms = self._terms
        uses = terms.uses(term.iri)
        own = {
            property_iri for property_iri in terms.properties if term.iri in terms.properties[property_iri].scope.starts
        }
        through = [
            pair for property_iri in sorted(own) for pair in terms.asking(property_iri) if not pair[0].target_classes
        ]
        example = terms.example(term)
        return {
            "term": term,
            "uses": uses,
            "pointing": terms.pointing(term.iri),
            "rules": terms.rules_of(term.iri) + through,
            "above": [terms.places.link(each) for each in reversed(terms.ancestors(term.iri)[1:])],
            "example": example,
            "json_ld": as_json_ld(example.triples) if example else "",
        }

    def _header(self, document: str) -> dict[str, str]:
        facts = self._sources.vocabulary if document == ONTOLOGY else self._sources.shapes
        texts = ("dcterms:title", "dcterms:description", "owl:versionInfo", "dcterms:bibliographicCitation")
        nodes = ("dcterms:license", "owl:versionIRI", "owl:priorVersion")
        found = {name.partition(":")[2]: facts.text(document, name) for name in texts}
        return found | {name.partition(":")[2]: facts.node(document, name) for name in nodes} | {"iri": document}

    def _first_shapes(self) -> dict[str, str]:
        """The node shape where each property shape is shown first, which is where its anchor is."""
        shapes = [shape for rule in self._terms.rules for shape in rule.shapes]
        return {each.anchor: shape.anchor for shape in reversed(shapes) for each in shape.constraints}

    def _aligned(self) -> list[tuple[Part, list[tuple[Link, Link]]]]:
        """Each file of alignments with its statements: our term, and the relation to another."""
        ours = sorted({**self._terms.classes, **self._terms.properties})
        link = self._terms.places.link
        found = [(part, alignments([part])) for part in self._sources.alignments]
        return [(part, [(link(iri), each) for iri in ours for each in by_term.get(iri, [])]) for part, by_term in found]


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
