"""Blank nodes get names that follow from what is said of them."""

from __future__ import annotations

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from pedgraph.vocabulary.skolem import GENERATED, skolemised, with_blank_nodes

P, Q, HEAD = (NamedNode(f"urn:x:{name}") for name in "pqh")


def canonical(triples: set[Triple]) -> set[str]:
    dataset = Dataset(Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in dataset}


def chain(*values: int) -> set[Triple]:
    """A list of values below a named node, as RDF writes them."""
    node: NamedNode | BlankNode = HEAD
    found = set()
    for value in values:
        following = BlankNode()
        found |= {Triple(node, P, following), Triple(following, Q, Literal(value))}
        node = following
    return found


def circle(size: int) -> set[Triple]:
    """Nodes that all look alike."""
    nodes = [BlankNode() for _ in range(size)]
    return {Triple(nodes[i], P, nodes[(i + 1) % size]) for i in range(size)}


def test_the_same_graph_read_twice_gives_the_same_names() -> None:
    assert skolemised(chain(1, 2, 3)) == skolemised(chain(1, 2, 3))
    assert skolemised(chain(1, 2, 3)) != skolemised(chain(1, 3, 2))


def test_no_blank_node_is_left_and_all_come_back() -> None:
    twins = chain(1, 1) | {Triple(BlankNode(), P, Literal(1)) for _ in range(3)} | circle(3) | circle(4)
    nested = {Triple(HEAD, P, Triple(next(iter(circle(1))).subject, P, HEAD))}
    for graph in (chain(1, 2), twins, nested, {Triple(HEAD, P, HEAD)}, set()):
        named = skolemised(graph)
        assert len(named) == len(graph)
        assert "_:" not in " ".join(map(str, named))
        assert canonical({with_blank_nodes(each) for each in named}) == canonical(graph)


def test_a_change_elsewhere_leaves_names_alone() -> None:
    before, after = skolemised(chain(1, 2)), skolemised(chain(1, 2) | circle(3) | {Triple(BlankNode(), Q, HEAD)})

    assert before < after


def test_parts_that_look_alike_keep_together() -> None:
    def pair() -> set[Triple]:
        first, second = BlankNode(), BlankNode()
        return {Triple(first, P, second), Triple(second, Q, Literal(1))}

    assert skolemised(pair() | pair()) == skolemised(pair() | pair())
    assert all(str(each.subject).startswith(f"<{GENERATED}") for each in skolemised(pair()))
