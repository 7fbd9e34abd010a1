"""Runs the checklist of the ontology: one dataset with a graph per file, and queries whose rows are offenders.

The graph of a file is named ``file:`` and its path in the checkout. What is no RDF of the checkout stands in the graph
``urn:pedgraph:checks#facts``: which file does not parse, which own terms a text of SPARQL or JSON-LD names, and which
named graphs a TriG file writes into.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from pedgraph.errors import InputError
from pedgraph.intake.parsing import parse_rdf
from pedgraph.query.tokens import tokens
from pedgraph.vocabulary.iris import CODES, INDICATORS, ONTOLOGY, ROOT, SHAPES_DOCUMENT, TERMS, compact
from pedgraph.vocabulary.media import TRIG, TURTLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

CHECK: Final = "urn:pedgraph:checks#"
FACTS: Final = NamedNode(CHECK + "facts")
DOES_NOT_PARSE: Final = NamedNode(CHECK + "doesNotParse")
WRITES_INTO: Final = NamedNode(CHECK + "writesInto")
NAMES: Final = NamedNode(CHECK + "names")
BUILD: Final = NamedNode("file:build")
SHACL: Final = "http://www.w3.org/ns/shacl#"
GLOBS: Final = (
    "ontology/*.ttl",
    "ontology/codes/*.ttl",
    "ontology/alignments/*.ttl",
    "ontology/examples/**/*.ttl",
    "ontology/context/*.jsonld",
    "ontology/frames/**/*.jsonld",
    "shapes/**/*.ttl",
    "data/**/*.trig",
    "queries/**/*.rq",
)
_KEYS: Final = ("title", "rule", "modelled-on")
_PARSE_RULE: Final = "Q01-file-parses"


@dataclass(frozen=True, order=True)
class Offender:
    """A row of a check: which file, which term (empty where it is the file itself), which rule, and what is wrong."""

    file: str
    term: str
    rule: str
    detail: str

    def __str__(self) -> str:
        """The line that a failing test prints."""
        return ": ".join(part for part in (self.file, self.term, self.rule, self.detail) if part)


@dataclass(frozen=True)
class Check:
    """A query of ``queries/checks/ontology``: its name, what its header says, and its text."""

    name: str
    header: dict[str, str]
    text: str

    @property
    def rule(self) -> str:
        """The rule of the checklist that it belongs to, such as Q05."""
        return self.header["rule"]


def read_checks(folder: Path) -> list[Check]:
    """The checks of a folder by name; raises :class:`ValueError` where a header lacks something."""
    return [_read_check(path) for path in sorted(folder.glob("*.rq"))]


def _read_check(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^#\+ ([a-z-]+): (\S.*)$", text, re.MULTILINE))
    if tuple(header) != _KEYS or not path.stem.startswith(header["rule"] + "-"):
        raise ValueError(f"{path}: the header has {', '.join(_KEYS)}, and the file is named after its rule.")
    return Check(path.stem, header, text)


class Checkout:
    """The files of a checkout as a dataset that checks are asked of."""

    def __init__(self, root: Path, header: Iterable[Triple] = ()) -> None:
        """Reads the files under ``root``; what ``header`` states of ontology and shapes and no file does, the build has
        written: it becomes the graph ``file:build``.
        """
        self._store = Store()
        for path in self._files(root):
            self._store.extend(_quads(path, root))
        documents = {NamedNode(ONTOLOGY), NamedNode(SHAPES_DOCUMENT)}
        self._store.extend(
            Quad(triple.subject, triple.predicate, triple.object, BUILD)
            for triple in header
            if triple.subject in documents and not any(self._store.quads_for_pattern(*triple))
        )

    def offenders(self, check: Check) -> set[Offender]:
        """The rows of a check."""
        rows = self._store.query(check.text, use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        assert [variable.value for variable in rows.variables] == ["file", "term", "detail"], check.name
        return {
            Offender(
                _text(row["file"]).removeprefix("file:"),
                _short(_text(row["term"])),
                check.rule,
                re.sub(r"<(\S+?)>", lambda found: _short(found[1]), _text(row["detail"])),
            )
            for row in rows
        }

    def all_offenders(self, checks: Iterable[Check]) -> list[Offender]:
        """The rows of all checks in order; of files that do not parse only that, as the rest would be their echo."""
        found = {check.name: check for check in checks}
        unparsed = self.offenders(found[_PARSE_RULE])
        rows = unparsed or {row for check in found.values() for row in self.offenders(check)}
        return sorted(rows)

    @contextmanager
    def overlaid(self, folder: Path) -> Iterator[None]:
        """For a while, the files of a folder lie over those of the checkout: new ones, or in the place of others."""
        added = [quad for path in self._files(folder) for quad in _quads(path, folder)]
        graphs = {NamedNode("file:" + path.relative_to(folder).as_posix()) for path in self._files(folder)}
        hidden = [quad for graph in graphs for quad in self._store.quads_for_pattern(None, None, None, graph)]
        hidden += [quad for graph in graphs for quad in self._store.quads_for_pattern(graph, None, None, FACTS)]
        for quad in hidden:
            self._store.remove(quad)
        self._store.extend(added)
        try:
            yield
        finally:
            for quad in added:
                self._store.remove(quad)
            self._store.extend(hidden)

    @staticmethod
    def _files(root: Path) -> list[Path]:
        return sorted({path for glob in GLOBS for path in root.glob(glob)})


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _short(iri: str) -> str:
    return compact(iri) if iri.startswith(("http://", "https://")) else iri


def _quads(path: Path, root: Path) -> list[Quad]:
    """What the dataset holds of a file."""
    file = NamedNode("file:" + path.relative_to(root).as_posix())
    if path.suffix in {".rq", ".jsonld"}:
        named = _named_in_sparql if path.suffix == ".rq" else _named_in_json
        return [Quad(file, NAMES, NamedNode(iri), FACTS) for iri in sorted(named(path.read_text(encoding="utf-8")))]
    rdf_format = TRIG if path.suffix == ".trig" else TURTLE
    try:
        parsed = parse_rdf(path.read_bytes(), rdf_format, str(path), rename_blank_nodes=True)
    except InputError as error:
        place = "".join(f"{key} {error.extensions[key]}, " for key in ("line", "column") if key in error.extensions)
        return [Quad(file, DOES_NOT_PARSE, Literal(place + error.detail), FACTS)]
    graphs = {quad.graph_name for quad in parsed if not isinstance(quad.graph_name, DefaultGraph)}
    quads = [Quad(quad.subject, quad.predicate, quad.object, file) for quad in parsed]
    quads += [Quad(file, WRITES_INTO, graph, FACTS) for graph in graphs]
    return quads + [Quad(file, NAMES, NamedNode(iri), FACTS) for iri in sorted(_named_in_rules(parsed))]


def _named_in_rules(quads: list[Quad]) -> set[str]:
    """The own terms that the SPARQL constraints and the messages of a file of shapes name."""
    named: set[str] = set()
    for quad in quads:
        if isinstance(quad.object, Literal) and quad.predicate.value in {SHACL + "select", SHACL + "ask"}:
            named |= _named_in_sparql(quad.object.value)
        elif isinstance(quad.object, Literal) and quad.predicate.value == SHACL + "message":
            named |= {TERMS + local for local in re.findall(r"\bpedg:(\w+)", quad.object.value)}
    return named


def _named_in_sparql(text: str) -> set[str]:
    """The own terms that a SPARQL text names; without PREFIX, the prefixes are those that own files always use."""
    prefixes = {"pedg": TERMS, "code": CODES, "indicator": INDICATORS}
    prefixes |= {each: f"{CODES}{each}/" for each in re.findall(r"\b([a-z]+(?:-[a-z]+)+):", text)}
    named = set()
    declared = ""
    found = list(tokens(text))
    for before, token in zip([None, *found], found, strict=False):
        if token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            if before is not None and before.is_word("PREFIX"):
                declared = prefix
            elif prefix in prefixes:
                named.add(prefixes[prefix] + local.rstrip("."))
        elif token.kind == "iri":
            if before is not None and before.kind == "prefixed" and declared:
                prefixes[declared] = token.text[1:-1]
                declared = ""
            else:
                named.add(token.text[1:-1])
    return {iri for iri in named if iri.startswith(ROOT)}


def _named_in_json(text: str) -> set[str]:
    """The own terms that a JSON-LD context or frame names in full or with the prefix pedg."""
    short = {TERMS + local for local in re.findall(r'"pedg:(\w+)"', text)}
    return short | set(re.findall(rf'"({re.escape(TERMS)}\w+)"', text))
