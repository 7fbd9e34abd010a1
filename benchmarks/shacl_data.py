"""Data for the benchmark of SHACL: invented data that keep the rules, with a stated number of planted faults."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from benchmarks.generate import DEFAULT_SEED, generate, node, text, typed
from pedgraph.intake.bundle import read_data, read_vocabulary
from pedgraph.resources import data_directory
from pedgraph.store.edits import normalised
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

_FIXTURES: Final = Path(__file__).parents[1] / "tests" / "shapes"
_TRIPLES_PER_FAULT: Final = 1000
# In all other fixtures a label is made unlike those of other files.
_ABOUT_LABELS: Final = frozenset({"S02", "S03", "S12", "S38"})
# The generator's data are for measuring queries; what the rules do not allow is put in other words here.
_INSTEAD: Final = {
    "code:city-role/lighthouse": "code:city-role/fellow",
    "code:involvement-role/coordinator": "code:involvement-role/partner",
    "code:ped-type/autonomous": "code:ped-type/dynamic",
    "code:ped-type/virtual": "code:ped-type/pre-ped",
}
_ENERGY: Final = ("energy-use", "renewable-generation", "energy-import", "energy-export", "annual-balance")
_WHOLE: Final = 100.0


def invented(size: int, seed: int = DEFAULT_SEED) -> list[Triple]:
    """About as many triples as asked for: a graph as it is published, with vocabulary and planted faults in it."""
    base = _stored(_published())
    # Sources repeat each other, so a generated graph is smaller than what is asked for.
    wanted, quads = size - len(base), (size - len(base)) * 14 // 10
    graphs = generate(quads, seed)
    generated = list(dict.fromkeys(_kept(triple) for triples in graphs.values() for triple in triples))
    triples = [*_described(generated[:wanted]), *generated][:wanted]
    whole = _stored(_whole_subjects(triples))
    known = {triple.subject for triple in base}
    return list(dict.fromkeys([*base, *_faulty(whole, size // _TRIPLES_PER_FAULT, seed), *_fixtures(known)]))


def _stored(triples: Iterable[Triple]) -> list[Triple]:
    """The triples as a store holds them; faults are planted as somebody would write them."""
    quads = normalised(Quad(each.subject, each.predicate, each.object) for each in triples)
    return sorted((quad.triple for quad in quads), key=str)


def _published() -> Iterator[Triple]:
    yield from read_vocabulary()
    for triples in read_data(data_directory()).graphs.values():
        yield from triples


def _fixtures(known: Collection[object]) -> Iterator[Triple]:
    """What each rule is known to find a fault in, under other names in each file."""
    for number, path in enumerate(sorted(_FIXTURES.glob("*/invalid-*.ttl"))):
        quads = list(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=THINGS, rename_blank_nodes=True))
        own = {quad.subject for quad in quads} - set(known)
        names = {each: NamedNode(f"{each.value}-f{number}") for each in own if isinstance(each, NamedNode)}
        for quad in quads:
            value = names.get(quad.object, quad.object)
            if quad.predicate == node("rdfs:label") and path.parent.name not in _ABOUT_LABELS:
                value = Literal(f"{value.value} {number}", language=value.language)
            yield Triple(names.get(quad.subject, quad.subject), quad.predicate, value)


def _kept(triple: Triple) -> Triple:
    """A triple as the rules want it, numbers in the form in which intake writes them."""
    value = triple.object
    if isinstance(value, NamedNode):
        for wrong, right in _INSTEAD.items():
            if value == node(wrong):
                return Triple(triple.subject, triple.predicate, node(right))
    if isinstance(value, Literal) and triple.predicate == node("pedg:value"):
        return Triple(triple.subject, triple.predicate, typed(value.value.removesuffix(".0"), "decimal"))
    return triple


def _described(triples: Iterable[Triple]) -> Iterator[Triple]:
    """What the generated data leave out."""
    network = node("id:network/invented")
    yield Triple(network, node("rdf:type"), node("pedg:Network"))
    yield Triple(network, node("rdfs:label"), text("Invented: network"))
    energy = {node(f"indicator:{name}") for name in _ENERGY}
    for triple in triples:
        if triple.predicate == node("pedg:indicator") and triple.object in energy:
            yield Triple(triple.subject, node("pedg:energyMetric"), node("code:energy-metric/final"))
        if triple.predicate == node("rdf:type") and triple.object == node("pedg:Source"):
            yield Triple(triple.subject, node("dcterms:publisher"), network)
            yield Triple(triple.subject, node("dcterms:rights"), text("Invented"))


def _whole_subjects(triples: list[Triple]) -> list[Triple]:
    """Without the last few subjects, of which the cut may have left a part only; shares no more than the whole."""
    shares = {
        triple.subject
        for triple in triples
        if triple.object in {node("indicator:self-consumption"), node("indicator:renewable-share")}
    }
    half = typed("50", "decimal")
    return [
        Triple(triple.subject, triple.predicate, half)
        if triple.subject in shares
        and triple.predicate == node("pedg:value")
        and isinstance(triple.object, Literal)
        and float(triple.object.value) > _WHOLE
        else triple
        for triple in triples
    ]


def _faulty(triples: list[Triple], faults: int, seed: int) -> list[Triple]:
    """The triples with so many of them spoilt, each in one of several ways."""
    chance = random.Random(seed)  # noqa: S311
    ways = _ways(chance)
    places: dict[NamedNode, list[int]] = {way: [] for way in ways}
    for index, triple in enumerate(triples):
        if triple.predicate in places:
            places[triple.predicate].append(index)
    spoilt: list[Triple | None] = list(triples)
    for number in range(faults):
        way = list(ways)[number % len(ways)]
        if places[way]:
            index = chance.choice(places[way])
            spoilt[index] = ways[way](triples[index])
    return [triple for triple in spoilt if triple is not None]


def _ways(chance: random.Random) -> dict[NamedNode, Callable[[Triple], Triple | None]]:
    def to(value: NamedNode | Literal) -> Callable[[Triple], Triple | None]:
        return lambda triple: Triple(triple.subject, triple.predicate, value)

    return {
        node("pedg:value"): to(typed(f"-0{chance.randrange(10, 99)}.50", "decimal")),
        node("pedg:unit"): to(node("unit:KiloGM")),
        node("pedg:referenceYear"): to(Literal("last year")),
        node("pedg:statedIn"): lambda _: None,
        node("rdfs:label"): to(Literal("District 7")),
        node("pedg:inCity"): to(node("id:city/xx-nowhere")),
        node("pedg:valueRole"): to(node("code:value-role/guessed")),
        node("pedg:involves"): lambda _: None,
        node("pedg:reachedOn"): to(typed("20", "gYear")),
        node("pedg:inCountry"): to(node("country:XXX")),
        node("pedg:stage"): lambda _: None,
    }
