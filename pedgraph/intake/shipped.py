"""What comes with pedgraph and data are held against, read once by each process that checks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pedgraph.intake.bundle import read_data, read_rulebook, read_shapes, read_vocabulary
from pedgraph.resources import data_directory

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from pedgraph.intake.bundle import CuratedData
    from pedgraph.intake.validation import Rulebook
    from pedgraph.store.facts import Lookup


class Shipped:
    """The shapes, the vocabulary and the curated data; each is read when it is first asked for.

    All raise :class:`InputError` where a file is missing or cannot be read.
    """

    @cached_property
    def shapes(self) -> list[Triple]:
        """The triples of all shapes."""
        return read_shapes()

    @cached_property
    def vocabulary(self) -> list[Triple]:
        """The triples of the ontology and of all code lists."""
        return read_vocabulary()

    @cached_property
    def written(self) -> CuratedData:
        """The curated data as far as they are written as RDF: all but the tables."""
        return read_data(data_directory())

    @cached_property
    def data(self) -> CuratedData:
        """The curated data, tables and all."""
        # Here, for tables are read with the model of all tables, which stands on the reference data alone.
        from pedgraph.intake.curated.reading import read_tables

        tables = read_tables(data_directory(), self.written, self.shapes)
        return tables.added_to(self.written) if tables else self.written

    @cached_property
    def reference(self) -> list[Triple]:
        """The triples of all reference graphs, as far as they are written as RDF."""
        return [triple for triples in self.written.reference.values() for triple in triples]

    @cached_property
    def rulebook(self) -> Rulebook:
        """What is checked against where there is no version yet."""
        return read_rulebook(self.data, self.shapes, self.vocabulary)

    def rulebook_with(self, reference: list[Triple], others: Lookup) -> Rulebook:
        """What is checked against where a version has reference data and knows other things."""
        # Here, so that those who only read files do without the libraries that validate.
        from pedgraph.intake.validation import Rulebook

        return Rulebook(self.shapes, self.vocabulary, reference, others)
