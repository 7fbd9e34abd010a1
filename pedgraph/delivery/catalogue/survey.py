"""Counting a version through, and reading what its graphs say of themselves: all that the descriptions are made of.

The counts are those of VoID, section 4. A thing is an entity (``void:entities``) if its IRI is one of ours below
``id/``; the merge of all graphs counts each triple once, however many graphs hold it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, PREFIXES, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pedgraph.delivery.asking import Asking, Row

# In the answers to queries about the merge of all graphs, no graph is named.
MERGE: Final = ""

# What is said of a subject stands in LINK, the variables of that in NAMES.
_GRAPH: Final = "GRAPH ?graph { ?subject LINK }"
_MERGE: Final = "?subject LINK"
# Where the default graph is a graph of its own, the merge of all is made here.
_MADE_MERGE: Final = (
    "{ SELECT DISTINCT ?subject NAMES WHERE { { ?subject LINK } UNION { GRAPH ?any { ?subject LINK } } } }"
)
# What is looked at term by term is made distinct first: terms repeat far more often than not.
_SUBJECTS: Final = """
SELECT ?graph (COUNT(*) AS ?subjects)
  (SUM(IF(ISIRI(?subject) && STRSTARTS(STR(?subject), "THINGS"), 1, 0)) AS ?entities)
WHERE { SELECT DISTINCT ?graph ?subject WHERE { %s } }
GROUP BY ?graph
""".replace("THINGS", THINGS)
_OBJECTS: Final = "SELECT ?graph (COUNT(DISTINCT ?value) AS ?objects) WHERE { %s } GROUP BY ?graph"
_PROPERTIES: Final = """
SELECT ?graph ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?subject) AS ?subjects)
  (COUNT(DISTINCT ?value) AS ?objects)
WHERE { %s }
GROUP BY ?graph ?property
"""
_CLASSES: Final = """
SELECT ?graph ?class (COUNT(DISTINCT ?subject) AS ?entities)
WHERE { %s FILTER(ISIRI(?class)) }
GROUP BY ?graph ?class
"""
_LANGUAGES: Final = """
SELECT ?language (COUNT(*) AS ?texts)
WHERE {
  { SELECT DISTINCT ?value WHERE { ?subject ?property ?value } }
  BIND(LCASE(LANG(?value)) AS ?language)
  FILTER(?language != "")
}
GROUP BY ?language
"""
_EXAMPLES: Final = f"""
PREFIX pedg: <{PREFIXES["pedg"]}>
SELECT (MIN(STR(?thing)) AS ?example)
WHERE {{
  VALUES ?class {{
    pedg:PositiveEnergyDistrict pedg:Project pedg:City pedg:Organisation pedg:Event pedg:InnovationAtelier pedg:Source
  }}
  ?thing a ?class .
  FILTER(STRSTARTS(STR(?thing), "{THINGS}"))
}}
GROUP BY ?class
"""
_DESCRIBED: Final = f"""
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX prov: <{PREFIXES["prov"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?graph (MIN(CONCAT(LANG(?title), " ", STR(?title))) AS ?titles)
  (MIN(CONCAT(LANG(?description), " ", STR(?description))) AS ?descriptions)
  (MIN(STR(?issued)) AS ?date) (MIN(STR(?licence)) AS ?licences)
  (MIN(CONCAT(LANG(?rights), " ", STR(?rights))) AS ?terms) (MIN(STR(?publisher)) AS ?publishers)
  (MIN(STR(?name)) AS ?names) (MIN(STR(?source)) AS ?sources) (MIN(STR(?sourceTitle)) AS ?sourceTitles)
WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?graph dcterms:title ?title .
    OPTIONAL {{ ?graph dcterms:description ?description }}
    OPTIONAL {{ ?graph dcterms:issued ?issued }}
    OPTIONAL {{ ?graph dcterms:license ?licence }}
    OPTIONAL {{ ?graph dcterms:rights ?rights }}
    OPTIONAL {{ ?graph dcterms:publisher ?publisher OPTIONAL {{ ?publisher rdfs:label ?name }} }}
    OPTIONAL {{ ?graph prov:hadPrimarySource ?source OPTIONAL {{ ?source dcterms:title ?sourceTitle }} }}
  }}
  FILTER(STRSTARTS(STR(?graph), "{GRAPHS}") || STRSTARTS(STR(?graph), "{THINGS}series/"))
}}
GROUP BY ?graph
"""


@dataclass(frozen=True)
class Uses:
    """How a property is used: by how many triples, on how many subjects, with how many different values."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Counts:
    """What is in a graph: triples, things of ours, different subjects and values, and its classes and properties."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, Uses] = field(default_factory=dict)


@dataclass(frozen=True)
class Described:
    """What a graph, or the series of all, says of itself; what it does not say is empty.

    ``title``, ``description`` and ``rights`` begin with their language and a space, or with the space alone. ``date``
    is an xsd:date.
    """

    title: str
    description: str = ""
    date: str = ""
    licence: str = ""
    rights: str = ""
    publisher: str = ""
    publisher_name: str = ""
    source: str = ""
    source_title: str = ""


@dataclass(frozen=True)
class Survey:
    """A version, counted through: its graphs by IRI and, under :data:`MERGE`, their merge.

    ``languages`` says how many different texts there are in each language, ``examples`` names a thing of each of the
    main kinds.
    """

    counts: dict[str, Counts]
    languages: dict[str, int]
    examples: tuple[str, ...]

    @property
    def graphs(self) -> list[str]:
        """The IRIs of all graphs, sorted."""
        return sorted(self.counts.keys() - {MERGE})

    def members(self) -> dict[str, Any]:
        """The survey as JSON members, for :func:`read_survey`."""
        return asdict(self)


def read_survey(members: dict[str, Any]) -> Survey:
    """A survey from its JSON members."""
    counts = {
        graph: Counts(**{**each, "properties": {name: Uses(**uses) for name, uses in each["properties"].items()}})
        for graph, each in members["counts"].items()
    }
    return Survey(counts, members["languages"], tuple(members["examples"]))


async def make_survey(asking: Asking, version: int, *, is_merged: bool = True) -> Survey:
    """Counts a version through, which takes a while; ``is_merged`` says that its default graph is the merge of all.

    Raises the errors of :meth:`pedgraph.query.running.QueryService.run`.
    """
    counts: dict[str, Counts] = {}
    for kind in (_MERGE if is_merged else _MADE_MERGE, _GRAPH):
        pattern = _filled(kind, "?property ?value", "?property ?value")
        rows = {
            "subjects": await asking.rows(_SUBJECTS % pattern, version),
            "objects": await asking.rows(_OBJECTS % pattern, version),
            "properties": await asking.rows(_PROPERTIES % pattern, version),
            "classes": await asking.rows(_CLASSES % _filled(kind, "a ?class", "?class"), version),
        }
        counts |= _counted(rows)
    counts.setdefault(MERGE, Counts())
    languages = {_text(row, "language"): _number(row, "texts") for row in await asking.rows(_LANGUAGES, version)}
    examples = sorted(filter(None, (_text(row, "example") for row in await asking.rows(_EXAMPLES, version))))
    return Survey(counts, dict(sorted(languages.items())), tuple(examples))


async def read_described(asking: Asking, version: int) -> dict[str, Described]:
    """What the graphs and their series say of themselves, by IRI; this takes no time, however large the graphs are.

    Raises the errors of :meth:`pedgraph.query.running.QueryService.run`.
    """
    return {_text(row, "graph"): _described(row) for row in await asking.rows(_DESCRIBED, version)}


def _filled(pattern: str, link: str, names: str) -> str:
    return pattern.replace("LINK", link).replace("NAMES", names)


def _counted(rows: Mapping[str, Iterable[Row]]) -> dict[str, Counts]:
    properties: defaultdict[str, dict[str, Uses]] = defaultdict(dict)
    for row in rows["properties"]:
        uses = Uses(*(_number(row, name) for name in ("triples", "subjects", "objects")))
        properties[_text(row, "graph")][_text(row, "property")] = uses
    classes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows["classes"]:
        classes[_text(row, "graph")][_text(row, "class")] = _number(row, "entities")
    objects = {_text(row, "graph"): _number(row, "objects") for row in rows["objects"]}
    counts = {}
    for row in rows["subjects"]:
        graph = _text(row, "graph")
        triples = sum(each.triples for each in properties[graph].values())
        numbers = triples, _number(row, "entities"), _number(row, "subjects"), objects[graph]
        counts[graph] = Counts(*numbers, dict(sorted(classes[graph].items())), dict(sorted(properties[graph].items())))
    return counts


def _described(row: Row) -> Described:
    names = (
        "titles", "descriptions", "date", "licences", "terms", "publishers", "names", "sources", "sourceTitles",
    )  # fmt: skip
    return Described(*(_text(row, name) for name in names))


def _text(row: Row, name: str) -> str:
    return row[name]["value"] if name in row else ""


def _number(row: Row, name: str) -> int:
    return int(row[name]["value"])
