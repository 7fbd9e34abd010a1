"""One check from the bytes to the verdict, as it is done inside the process that checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pedgraph import __version__
from pedgraph.intake.checking.checks import Checked, Receipt, numbers
from pedgraph.intake.checking.excerpts import excerpts
from pedgraph.intake.checking.likeness import hardly_told_apart
from pedgraph.intake.checking.normalising import (
    canonical,
    data_hash,
    decimal_properties,
    name_blank_nodes,
    with_canonical_decimals,
)
from pedgraph.intake.checking.places import placed
from pedgraph.intake.checking.service import digest
from pedgraph.intake.checking.surroundings import Surroundings
from pedgraph.intake.findings import Position, conforms
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.ownership import about_claims_of_others, about_own_terms
from pedgraph.intake.publishable import about_contents, about_fields
from pedgraph.intake.reading.documents import problem
from pedgraph.intake.reading.forms import read
from pedgraph.intake.reading.rules import ALIKE, EMPTY
from pedgraph.intake.shipped import Shipped
from pedgraph.intake.telling.causes import without_consequences
from pedgraph.intake.telling.expecting import Expectations
from pedgraph.intake.telling.grouping import merged, told_in
from pedgraph.intake.telling.index import Index
from pedgraph.intake.telling.teller import Background
from pedgraph.intake.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.checking.checks import Check
    from pedgraph.intake.findings import Finding
    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.validation import Rulebook
    from pedgraph.settings import Settings


class Work:
    """Checks files, one at a time. Reads what comes with pedgraph once."""

    def __init__(self) -> None:
        self._shipped = Shipped()

    @cached_property
    def _expectations(self) -> Expectations:
        return Expectations(self._shipped.shapes)

    @cached_property
    def _terms(self) -> Index:
        return Index([*self._shipped.vocabulary, *self._shipped.reference])

    def check(self, check: Check, settings: Settings) -> Checked:
        """Reads a file, holds it against the rules, and writes its statements where the check says so.

        Raises :class:`InputError` where the shapes cannot be applied, :class:`StoreError` where the version cannot be
        read.
        """
        surroundings = Surroundings(settings, self._shipped)
        document = read(check.path, check.file_name, check.media_type, settings, surroundings.things, check.graph)
        _complete(document, check)
        fingerprint = data_hash(document.triples) if conforms(document.problems) else ""
        name_blank_nodes(document)
        rulebook = surroundings.rulebook(check.own_graphs)
        found = [] if check.without_rules else _findings(document, rulebook, surroundings, check.own_graphs)
        findings = placed(translate(merged(without_consequences([*document.problems, *found])), ENGLISH), document)
        size_bytes, file_hash = digest(check.path)
        receipt = Receipt(
            conforms=conforms(findings),
            data_hash=fingerprint,
            file_hash=file_hash,
            shapes=__version__,
            engine=engine(),
            version=surroundings.version,
            checked=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        if check.data_path is not None:
            check.data_path.write_bytes(_published(document, rulebook))
        told = self._told(check, findings, document, surroundings)
        sheets, rows_left_out = excerpts(document.tables, told, findings)
        return Checked(
            media_type=document.media_type,
            size_bytes=size_bytes,
            statements=len(document.statements),
            receipt=receipt,
            counts=numbers(findings),
            findings=findings[: settings.findings_max],
            about=document.about,
            told=told,
            sheets=sheets,
            rows_left_out=rows_left_out,
        )

    def _told(
        self, check: Check, findings: Sequence[Finding], document: Document, surroundings: Surroundings
    ) -> dict[str, dict[str, Any]]:
        background = Background(self._expectations, self._terms, surroundings)
        sheets = list(document.sheets)
        return told_in(check.languages, findings, background, document.triples, source=check.file_name, sheets=sheets)


def _published(document: Document, rulebook: Rulebook) -> bytes:
    """The statements as they are published."""
    return canonical(with_canonical_decimals(document.triples, decimal_properties(rulebook.shapes)))


def _complete(document: Document, check: Check) -> None:
    """Adds the problems of the file as a whole: it states nothing, or has blank nodes that are hardly told apart."""
    whole = Position(check.file_name)
    document.problems = [each if each.position.source else replace(each, position=whole) for each in document.problems]
    if not document.statements and not document.problems:
        document.problems.append(problem(EMPTY, whole))
    if alike := set(hardly_told_apart(document.triples)):
        place = next(each.position for each in document.statements if str(each.triple.subject) in alike)
        document.problems.append(problem(ALIKE, place, number=str(len(alike))))
        # Nothing can be judged, or named, without names.
        document.statements = []


def _findings(
    document: Document, rulebook: Rulebook, surroundings: Surroundings, own_graphs: Sequence[str]
) -> list[Finding]:
    triples = document.triples
    return [
        *about_own_terms(triples),
        *about_contents(triples),
        *about_fields(document.about),
        *about_claims_of_others(triples, surroundings.stated, own_graphs),
        *validate(triples, rulebook),
    ]


def engine() -> str:
    """The engine whose verdict it is, with its version."""
    from importlib.metadata import version

    return f"pyshacl {version('pyshacl')}"
