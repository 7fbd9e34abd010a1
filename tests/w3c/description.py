"""Tests of the service description (SPARQL 1.1 Service Description, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Store

from tests.w3c.answers import Graph, read_answer

if TYPE_CHECKING:
    from pyoxigraph import BlankNode

    from tests.w3c.endpoint import Endpoint
    from tests.w3c.manifests import Case

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ACCEPT: Final = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8"
# Section 3.4: for each property, the class of what has it, and the class of its value where the vocabulary names one.
_PROPERTIES: Final = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
# A dataset is a collection of graphs too.
_NARROWER: Final = {"GraphCollection": {"Dataset"}}


def run_description_case(case: Case, endpoint: Endpoint) -> str:
    """Runs one test; gives what is wrong, or an empty text."""
    answer = endpoint.client.get(endpoint.query_url, headers={"Accept": _ACCEPT})
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.text[:200]}"
    media_type = answer.headers["content-type"].partition(";")[0].strip()
    found = read_answer(answer.content, media_type, endpoint.query_url)
    if not isinstance(found, Graph) or not found.quads:
        return f"no RDF but {media_type}"
    store = Store()
    store.extend(found.quads)
    test = case.iri.rpartition("#")[2]
    if test == "has-endpoint-triple":
        wanted = NamedNode(endpoint.query_url)
        endpoints = [quad.object for quad in store.quads_for_pattern(None, NamedNode(SD + "endpoint"), None)]
        return "" if wanted in endpoints else f"expected {wanted}, got {endpoints}"
    return _against_schema(store) if test == "conforms-to-schema" else ""


def _against_schema(store: Store) -> str:
    services = [quad.subject for quad in store.quads_for_pattern(None, _TYPE, NamedNode(SD + "Service"))]
    if not services:
        return "nothing is an sd:Service"
    for service in services:
        endpoints = list(store.quads_for_pattern(service, NamedNode(SD + "endpoint"), None))
        if len(endpoints) != 1:
            return f"{service} has {len(endpoints)} endpoints"
    for quad in store:
        local_name = quad.predicate.value.removeprefix(SD)
        if local_name == quad.predicate.value:
            continue
        if local_name not in _PROPERTIES:
            return f"sd:{local_name} is no property of the vocabulary"
        domain, range_ = _PROPERTIES[local_name]
        if isinstance(quad.object, Literal):
            return f"sd:{local_name} has the literal {quad.object}"
        assert not hasattr(quad.object, "predicate")
        wrong = _of_other_class(store, quad.subject, domain) or _of_other_class(store, quad.object, range_)
        if wrong:
            return f"sd:{local_name}: {wrong}"
    return ""


def _of_other_class(store: Store, node: NamedNode | BlankNode, wanted: str) -> str:
    """What is wrong where a node is said to be of classes of the vocabulary, and not of the wanted one."""
    classes = {
        quad.object.value.removeprefix(SD)
        for quad in store.quads_for_pattern(node, _TYPE, None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(SD)
    }
    if not wanted or not classes or classes & ({wanted} | _NARROWER.get(wanted, set())):
        return ""
    return f"{node} is {sorted(classes)} and not {wanted}"
