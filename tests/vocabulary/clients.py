"""What real clients say that they accept, as they sent it to a server that wrote it down.

Chromium 156 and curl 7.88 of Debian 12; rdflib 7.6.0, SPARQLWrapper 2.0.0, requests 2.34 and httpx 0.28; Apache Jena
5.3.0 and Eclipse RDF4J 5.1.0 on Java 17; fetch-sparql-endpoint 7.2, which is what Comunica sends queries with. Firefox
and Safari: as their makers document them. Yasgui: the defaults in @zazuko/yasqe 4.6.
"""

from __future__ import annotations

from pedgraph.vocabulary.media import (
    BOOLEAN_FORMATS,
    CSV,
    GRAPH_FORMATS,
    JSON_LD,
    JSON_RESULTS,
    N_TRIPLES,
    RDF_XML,
    RESULT_FORMATS,
    TRIG,
    TSV,
    TURTLE,
    XML_RESULTS,
    Format,
)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FIREFOX_92 = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OLD_JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
JENA_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5,application/json;q=0.2,application/xml;q=0.2,*/*;q=0.1"
)
JENA_ASK = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9,application/json;q=0.2,"
    "application/xml;q=0.2,*/*;q=0.1"
)
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JENA_DATASET = "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3"
RDF4J_SELECT = (
    "text/csv;q=0.8, application/x-sparqlstar-results+json;q=0.8, application/sparql-results+json;q=0.8, "
    "application/json;q=0.8, application/sparql-results+xml, application/xml, text/tab-separated-values;q=0.8, "
    "application/x-sparqlstar-results+xml;q=0.8, text/x-tab-separated-values-star;q=0.8, "
    "application/x-sparqlstar-results+tsv;q=0.8, application/x-binary-rdf-results-table;q=0.8"
)
RDF4J_ASK = (
    "application/sparql-results+json;q=0.8, application/json;q=0.8, application/x-sparqlstar-results+json;q=0.8, "
    "application/sparql-results+xml;q=0.8, application/xml;q=0.8, text/boolean"
)
RDF4J_GRAPH = (
    "application/n-triples;q=0.7, text/plain;q=0.7, application/rdf+xml;q=0.4, application/xml;q=0.4, "
    "text/xml;q=0.4, text/turtle, application/x-turtle, text/n3;q=0.8, text/rdf+n3;q=0.8, application/rdf+json;q=0.7, "
    "application/trig;q=0.8, application/x-trig;q=0.8, application/x-trigstar;q=0.8, application/n-quads;q=0.7, "
    "text/x-nquads;q=0.7, text/nquads;q=0.7, application/x-binary-rdf;q=0.8, application/x-ld+ndjson;q=0.8, "
    "application/trix;q=0.8, application/ld+json;q=0.8, text/x-turtlestar;q=0.8, application/x-turtlestar;q=0.8"
)
COMUNICA_SOLUTIONS = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
RDFLIB_STORE = "application/rdf+xml, application/sparql-results+xml"
RDFLIB_PARSE = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
WRAPPER_JSON = "application/sparql-results+json,application/json,text/javascript,application/javascript"
WRAPPER_N3 = "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3"
YASGUI_SELECT = "application/sparql-results+json,*/*;q=0.9"
YASGUI_GRAPH = "application/n-triples,*/*;q=0.9"
AXIOS = "application/json, text/plain, */*"
LINKED_DATA_HUB = (
    "application/n-triples;q=0.9, x/ld-json-10;q=0.8, application/rdf+xml;q=0.8, text/turtle;q=0.8, "
    "application/ld+json;q=0.8, application/sparql-results+xml;q=0.6, text/tab-separated-values;q=0.5, text/csv;q=0.5, "
    "application/sparql-results+json;q=0.6"
)

# Who asks, how, for what: the parameter ``format``, ``Accept``, and the format of the answer.
Row = tuple[str, str | None, str | None, Format]

SELECTS: tuple[Row, ...] = (
    ("Chrome", None, CHROME, JSON_RESULTS),
    ("Firefox", None, FIREFOX, JSON_RESULTS),
    ("Firefox 92", None, FIREFOX_92, JSON_RESULTS),
    ("Safari", None, SAFARI, JSON_RESULTS),
    ("curl, requests, httpx, wget", None, "*/*", JSON_RESULTS),
    ("urllib", None, None, JSON_RESULTS),
    ("HttpURLConnection", None, OLD_JAVA, JSON_RESULTS),
    ("axios", None, AXIOS, JSON_RESULTS),
    ("rdflib xml", None, RDFLIB_STORE, XML_RESULTS),
    ("rdflib json", None, "application/sparql-results+json", JSON_RESULTS),
    ("rdflib csv", None, "text/csv", CSV),
    ("rdflib tsv", None, "text/tab-separated-values", TSV),
    ("SPARQLWrapper json", "json,json", WRAPPER_JSON, JSON_RESULTS),
    ("SPARQLWrapper xml", "xml,xml", "application/sparql-results+xml", XML_RESULTS),
    ("SPARQLWrapper csv", "csv,csv", "text/csv", CSV),
    ("SPARQLWrapper tsv", "tsv,text/tab-separated-values,tsv", "text/tab-separated-values", TSV),
    ("Jena", None, JENA_SELECT, JSON_RESULTS),
    ("RDF4J", None, RDF4J_SELECT, XML_RESULTS),
    ("Comunica", None, COMUNICA_SOLUTIONS, JSON_RESULTS),
    ("Yasgui", None, YASGUI_SELECT, JSON_RESULTS),
    ("LinkedDataHub", None, LINKED_DATA_HUB, JSON_RESULTS),
)
ASKS: tuple[Row, ...] = (
    ("Chrome", None, CHROME, JSON_RESULTS),
    ("Jena", None, JENA_ASK, JSON_RESULTS),
    ("RDF4J", None, RDF4J_ASK, JSON_RESULTS),
    ("Comunica", None, COMUNICA_SOLUTIONS, JSON_RESULTS),
    ("SPARQLWrapper json", "json,json", WRAPPER_JSON, JSON_RESULTS),
)
GRAPHS: tuple[Row, ...] = (
    ("Chrome", None, CHROME, TURTLE),
    ("Firefox", None, FIREFOX, TURTLE),
    ("Safari", None, SAFARI, TURTLE),
    ("curl, requests, httpx, wget", None, "*/*", TURTLE),
    ("urllib", None, None, TURTLE),
    ("HttpURLConnection", None, OLD_JAVA, TURTLE),
    ("axios", None, AXIOS, JSON_LD),
    ("rdflib store", None, RDFLIB_STORE, RDF_XML),
    ("rdflib parse", None, RDFLIB_PARSE, TURTLE),
    ("SPARQLWrapper xml", "xml,xml", "application/rdf+xml", RDF_XML),
    ("SPARQLWrapper turtle", "turtle,turtle", "application/turtle,text/turtle", TURTLE),
    ("SPARQLWrapper n3", "n3,n3", WRAPPER_N3, TURTLE),
    ("SPARQLWrapper rdf+xml", "rdf+xml,application/rdf+xml", "application/rdf+xml", RDF_XML),
    (
        "SPARQLWrapper json-ld",
        "json-ld,application/ld+json,application/x-json+ld",
        "application/ld+json,application/x-json+ld",
        JSON_LD,
    ),
    ("SPARQLWrapper json", "json,json", "*/*", JSON_LD),
    ("Jena graph", None, JENA_GRAPH, TURTLE),
    ("Jena data set", None, JENA_DATASET, TRIG),
    ("RDF4J", None, RDF4J_GRAPH, TURTLE),
    ("Comunica", None, "text/turtle", TURTLE),
    ("Yasgui", None, YASGUI_GRAPH, N_TRIPLES),
    ("LinkedDataHub", None, LINKED_DATA_HUB, N_TRIPLES),
)
ALL = (
    *((RESULT_FORMATS, row) for row in SELECTS),
    *((BOOLEAN_FORMATS, row) for row in ASKS),
    *((GRAPH_FORMATS, row) for row in GRAPHS),
)
