"""What things are called: by their labels, or, where a node only connects others, by what it connects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from pedgraph.intake.telling.index import NAMES, RDF_TYPE, Index, choose
from pedgraph.vocabulary.iris import CODES, INDICATORS, PREFIXES, TERMS, THINGS, compact, expand, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.telling.index import Text
    from pedgraph.intake.telling.words import Words

_NAMED: Final = re.compile(r"\{(\^?)([a-z]+:\w+)\}")
_COMPACT: Final = re.compile(r"(?:" + "|".join(PREFIXES) + r"):[A-Za-z0-9][\w./-]*|<[^<>\s]+>")
# A label that goes on for longer is no label; what is told stays small whatever a file holds.
LONGEST_LABEL_CHARACTERS: Final = 200


class Known(Protocol):
    """What the current graph knows, as far as telling asks for it."""

    def names(self, node: str) -> Sequence[Text]:
        """The labels of a node, with their languages."""

    def of_class(self, class_iri: str) -> Mapping[str, Sequence[Text]]:
        """The things of a class, or as many of them as are worth looking through, with their labels."""


class KnownTriples:
    """A graph that is held in memory."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._index = Index(triples, frozenset({RDF_TYPE, *NAMES}))

    def names(self, node: str) -> Sequence[Text]:
        """The labels of a node, with their languages."""
        return self._index.names(node)

    def of_class(self, class_iri: str) -> Mapping[str, Sequence[Text]]:
        """The things of a class, with their labels."""
        return {node: self._index.names(node) for node in self._index.subjects(RDF_TYPE, class_iri)}


class Labels:
    """Labels in one language: from what was submitted first, then from the vocabulary, then from the current graph."""

    def __init__(self, words: Words, submitted: Index, vocabulary: Index, known: Known) -> None:
        self._words = words
        self._submitted = submitted
        self._vocabulary = vocabulary
        self._known = known
        self._kept: dict[str, str] = {}

    def label(self, node: str) -> str:
        """The label of a node; for one without, what it connects, in words; empty where nothing is known of it."""
        if node not in self._kept:
            # What leads back to itself is told without a name.
            self._kept[node] = ""
            self._kept[node] = _short(self._label(node))
        return self._kept[node]

    def entity(self, node: str) -> dict[str, str]:
        """A node as a JSON object: its IRI, empty for a blank node, and how it is called."""
        iri = node if is_absolute(node) and not node.startswith("_:") else ""
        label = self.label(node) or self.label(f"_:{node}")
        fallback = _short(_last_part(iri)) if iri else self._words.phrase("nameless")
        return {"iri": iri, "label": label or fallback}

    def shown(self, text: str) -> str:
        """A text from a message with the prefixed names and bracketed IRIs that it is made of replaced by labels."""
        parts = text.split(", ")
        if not all(_COMPACT.fullmatch(part) for part in parts):
            return text
        return ", ".join(self.label(expand(part)) or part.strip("<>") for part in parts)

    def _label(self, node: str) -> str:
        language = self._words.language
        # Terms of pedgraph are called what pedgraph calls them, whatever a file says.
        is_own = node.startswith((TERMS, CODES, INDICATORS))
        by_others = () if is_own else (self._submitted.names,)
        for names in (*by_others, self._vocabulary.names, self._known.names):
            if found := list(names(node)):
                own = [(language, self._words.terms[node])] if node in self._words.terms else []
                return choose(found + own, language)
        return self._words.terms.get(node) or self._description(node)

    def _description(self, node: str) -> str:
        kinds = self._submitted.values(node, RDF_TYPE)
        pattern = next((self._words.kinds[kind] for kind in kinds if kind in self._words.kinds), "")
        if not pattern:
            label = next((label for kind in kinds if (label := self.label(kind))), "")
            return f"{label} “{_last_part(node)}”" if label and is_absolute(node) else label
        head, *parts = pattern.split("|")
        told = "".join(self._filled(node, part) for part in parts)
        if told:
            return head + told
        return f"{head} “{_last_part(node)}”" if is_absolute(node) else head

    def _filled(self, node: str, part: str) -> str:
        """A part of a description, or nothing where the node lacks what it names."""
        named = _NAMED.search(part)
        assert named is not None, part
        property_ = expand(named[2])
        found = self._submitted.subjects(property_, node) if named[1] else self._submitted.values(node, property_)
        if not found:
            return ""
        label = (self.label(found[0]) or _last_part(found[0])) if is_absolute(found[0]) else _short(found[0])
        return part.replace(named[0], label)


def key_properties(words: Words) -> frozenset[str]:
    """The properties that labels and descriptions are made of."""
    named = {expand(match[2]) for pattern in words.kinds.values() for match in _NAMED.finditer(pattern)}
    return frozenset({RDF_TYPE, *NAMES, *named})


def _last_part(iri: str) -> str:
    """An IRI as short as it can be told: the name of a thing of ours, else the prefixed name or the whole."""
    for root in (THINGS, CODES):
        if iri.startswith(root):
            return iri.rpartition("/")[2]
    return compact(iri).strip("<>")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL_CHARACTERS else text[:LONGEST_LABEL_CHARACTERS] + "…"
