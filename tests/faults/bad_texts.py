"""Texts that are bad in the ways of the world: each with its name, made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Nobody is written to: the address is put together here so that nothing takes this file for a list of addresses.
MAIL: Final = "ada" + "@" + "example.org"
# Stands for the address of a server that must not be asked for anything.
TRAP: Final = b"http://127.0.0.1:1/trap"
HEAD: Final = """\
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ped: <https://w3id.org/pedgraph/id/ped/> .
@prefix city: <https://w3id.org/pedgraph/id/city/> .
@prefix code: <https://w3id.org/pedgraph/code/> .
"""
BODY: Final = 'ped:cz-bad a pedg:PositiveEnergyDistrict ; rdfs:label "Bad"@en ; pedg:inCity city:cz-prague'
FINE: Final = f"{HEAD}{BODY} .\n"
RDF: Final = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
 xmlns:pedg="https://w3id.org/pedgraph/ont#">
"""
THING: Final = '{"@id": "https://w3id.org/pedgraph/id/ped/cz-bad", "http://www.w3.org/2000/01/rdf-schema#label": %s}'


def _said(more: str) -> bytes:
    """A district of which something more is said."""
    return f"{HEAD}{BODY} ;\n  {more} .\n".encode()


def _json(context: str) -> bytes:
    return f'{{"@context": {context}, "@id": "urn:x:a", "name": "b"}}'.encode().replace(b"TRAP", TRAP)


def _xml(inner: str, declarations: str = "") -> bytes:
    start = f"<!DOCTYPE rdf:RDF [{declarations}]>" if declarations else ""
    return f'<?xml version="1.0"?>{start}\n{RDF}{inner}</rdf:RDF>'.encode().replace(b"TRAP", TRAP)


def _entities(levels: int) -> str:
    return '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels))


def _described(text: str) -> str:
    about = 'rdf:about="https://w3id.org/pedgraph/id/ped/cz-bad"'
    return f"<pedg:PositiveEnergyDistrict {about}>{text}</pedg:PositiveEnergyDistrict>"


def _chain(length: int) -> bytes:
    lines = (f"_:n{number} <urn:x:next> _:n{number + 1} ." for number in range(length))
    return "\n".join(lines).encode()


def _clique(size: int) -> bytes:
    pairs = ((one, other) for one in range(size) for other in range(size) if one != other)
    return "\n".join(f"_:n{one} <urn:x:knows> _:n{other} ." for one, other in pairs).encode()


def _lines(number: int) -> bytes:
    each = 'ped:cz-bad-{n} a pedg:PositiveEnergyDistrict ; rdfs:label "Bad {n}"@en .\n'
    return (HEAD + "".join(each.replace("{n}", str(n)) for n in range(number))).encode()


# Name of the file → its content.
TEXTS: Final[Mapping[str, Callable[[], bytes]]] = {
    # What a file is, and how it is written.
    "empty.ttl": lambda: b"",
    "only-comment.ttl": lambda: b"# Nothing here\n",
    "turtle.xlsx": FINE.encode,
    "turtle.csv": FINE.encode,
    "turtle.pdf": FINE.encode,
    "no-suffix": FINE.encode,
    "document.ttl": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "picture.csv": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "packed.ttl.gz": lambda: b"\x1f\x8b\x08\x00" + bytes(60),
    "utf-16.ttl": lambda: FINE.encode("utf-16"),
    "utf-16-other.ttl": lambda: FINE.encode("utf-16-be"),
    "utf-32.ttl": lambda: FINE.encode("utf-32"),
    "mark.ttl": lambda: b"\xef\xbb\xbf" + FINE.encode(),
    "lines.ttl": lambda: FINE.replace("\n", "\r\n").encode(),
    "latin.ttl": lambda: FINE.replace('"Bad"', '"Bäd"').encode("latin-1"),
    "overlong.ttl": lambda: FINE.encode().replace(b'"Bad"', b'"\xc0\xaf\xf5"'),
    "half-pair.ttl": lambda: FINE.encode().replace(b'"Bad"', b'"\xed\xa0\x80"'),
    "half-pair-escaped.ttl": lambda: FINE.replace('"Bad"', '"\\uD800"').encode(),
    "half-pair.nt": lambda: b'<urn:x:a> <urn:x:b> "\\uDFFF" .\n',
    "half-pair.jsonld": (THING % '"\\ud800"').encode,
    "half-pair.rdf": lambda: _xml(_described("<rdfs:label>&#xD800;</rdfs:label>")),
    "nul.ttl": lambda: FINE.encode().replace(b'"Bad"', b'"B\0d"'),
    "nul-escaped.ttl": lambda: FINE.replace('"Bad"', '"B\\u0000d"').encode(),
    "nul.jsonld": (THING % '"B\\u0000d"').encode,
    "nul.rdf": lambda: _xml(_described("<rdfs:label>B&#0;d</rdfs:label>")),
    "newer.ttl": f"{FINE}<< ped:cz-bad rdfs:label 'Bad' >> rdfs:comment 'said' .\n".encode,
    "newer.nt": lambda: b"<urn:x:a> <urn:x:b> <<( <urn:x:a> <urn:x:b> <urn:x:c> )>> .\n",
    "newer.ttl.nq": lambda: b'<urn:x:a> <urn:x:b> "t"@en--ltr .\n',
    # What names and addresses there are.
    "relative.ttl": f"{HEAD}<bad> rdfs:label 'Bad'@en .\n".encode,
    "relative-base.ttl": f"@base <bad/> .\n{HEAD}<bad> rdfs:label 'Bad'@en .\n".encode,
    "relative.nt": lambda: b'<bad> <urn:x:b> "c" .\n',
    "relative.rdf": lambda: _xml('<pedg:City rdf:about="bad"><rdfs:label>Bad</rdfs:label></pedg:City>'),
    "relative.jsonld": lambda: b'{"@id": "bad", "http://www.w3.org/2000/01/rdf-schema#label": "Bad"}',
    "blank-in-iri.ttl": lambda: _said("rdfs:seeAlso <https://example.org/a b>"),
    "blank-in-iri.nt": lambda: b'<https://example.org/a b> <urn:x:b> "c" .\n',
    "blank-in-iri.rdf": lambda: _xml(_described('<rdfs:seeAlso rdf:resource="https://example.org/a b"/>')),
    "blank-in-iri.jsonld": lambda: b'{"@id": "https://example.org/a b", "urn:x:b": "c"}',
    "script-in-iri.ttl": lambda: _said("rdfs:seeAlso <javascript:alert(1)>, <data:text/html,a>, <file:///etc/passwd>"),
    "unknown-terms.ttl": lambda: _said("pedg:inTown city:cz-prague ; a pedg:PositiveEnergyDistrikt"),
    "unknown-code.ttl": lambda: _said("pedg:topic <https://w3id.org/pedgraph/code/topic/helth>"),
    "unknown-terms.jsonld": lambda: (
        b'{"@context": "https://w3id.org/pedgraph/context.jsonld", "id": "urn:x:a", '
        b'"type": "Distrikt", "inTown": "urn:x:b"}'
    ),
    # What others have said, and what is nobody's to say.
    "own-terms.ttl": f"{HEAD}pedg:City rdfs:label 'Village'@en . code:topic rdfs:label 'x'@en .\n".encode,
    "own-shapes.ttl": f"{HEAD}<https://w3id.org/pedgraph/shapes#S14> sh:deactivated true .\n".encode,
    "more-shapes.ttl": (
        f"{HEAD}<urn:x:s> a sh:NodeShape ; sh:targetClass pedg:City ; sh:property [ sh:path rdfs:label ; "
        "sh:maxCount 0 ] .\npedg:PositiveEnergyDistrict rdfs:subClassOf pedg:City .\n"
    ).encode,
    "own-graph.trig": (
        f"{HEAD}<https://w3id.org/pedgraph/graph/meta> {{ <https://w3id.org/pedgraph/graph/s1> "
        "dcterms:title 'Mine'@en }\n"
    ).encode,
    # What is personal.
    "mail-in-label.ttl": lambda: FINE.replace('"Bad"', f'"{MAIL}"').encode(),
    "mail-in-description.ttl": lambda: _said(f'dcterms:description "Write to <{MAIL.upper()}>."@en'),
    "mail-in-any-text.ttl": lambda: _said(f'<urn:x:note> "{MAIL}" ; schema:abstract "to {MAIL}"@en'),
    "mail-as-iri.ttl": lambda: _said(f"foaf:mbox <mailto:{MAIL}> ; rdfs:seeAlso <mailto:{MAIL}>"),
    "mail-in-iri.ttl": lambda: _said(f"rdfs:seeAlso <https://example.org/?to={MAIL}>"),
    "mail-as-name.ttl": f"{HEAD}<mailto:{MAIL}> a pedg:Person ; rdfs:label 'Ada'@en .\n".encode,
    "mail.jsonld": (THING % f'"{MAIL}"').encode,
    "mail.rdf": lambda: _xml(_described(f"<rdfs:label>{MAIL}</rdfs:label>")),
    # What goes out to fetch something.
    "remote-context.jsonld": lambda: _json('"TRAP"'),
    "file-context.jsonld": lambda: _json('"file:///etc/passwd"'),
    "relative-context.jsonld": lambda: _json('"context.jsonld"'),
    "listed-context.jsonld": lambda: _json('[{"name": "urn:x:n"}, "TRAP"]'),
    "imported-context.jsonld": lambda: _json('{"@import": "TRAP", "name": "urn:x:n"}'),
    "scoped-context.jsonld": lambda: _json('{"name": {"@id": "urn:x:n", "@context": "TRAP"}}'),
    "inner-context.jsonld": lambda: _json('{"name": "urn:x:n"}').replace(b'"b"', b'{"@context": "%b"}' % TRAP),
    "propagated-context.jsonld": lambda: b'{"@context": {"@propagate": "x"}, "@id": "urn:x:a", "urn:x:b": "c"}',
    "remote-type.rdf": lambda: _xml("").replace(b"<rdf:RDF", b'<!DOCTYPE rdf:RDF SYSTEM "%b"><rdf:RDF' % TRAP),
    "remote-entity.rdf": lambda: _xml("&e;", '<!ENTITY e SYSTEM "TRAP">'),
    "file-entity.rdf": lambda: _xml("&e;", '<!ENTITY e SYSTEM "file:///etc/passwd">'),
    "remote-parameter.rdf": lambda: _xml("", '<!ENTITY % p SYSTEM "TRAP"> %p;'),
    "remote-style.rdf": lambda: _xml("").replace(b"?>", b'?><?xml-stylesheet href="%b"?>' % TRAP, 1),
    "imports.ttl": lambda: f"{FINE}<urn:x:o> <http://www.w3.org/2002/07/owl#imports> <TRAP> .\n".encode().replace(
        b"TRAP", TRAP
    ),
    # What grows, or goes deep.
    "entity-bomb.rdf": lambda: _xml("&e11;", _entities(12)),
    "flat-bomb.rdf": lambda: _xml("&e;" * 50_000, f'<!ENTITY e "{"a" * 50_000}">'),
    "deep.rdf": lambda: _xml("<pedg:a><pedg:b>" * 50_000),
    "deep.jsonld": lambda: b'{"urn:x:a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep-list.jsonld": lambda: b"[" * 50_000 + b"]" * 50_000,
    "deep-brackets.ttl": lambda: b"<urn:x:a> <urn:x:b> " + b"[ <urn:x:c> " * 50_000 + b"1" + b" ]" * 50_000 + b" .",
    "deep-collections.ttl": lambda: b"<urn:x:a> <urn:x:b> " + b"( " * 5_000 + b") " * 5_000 + b".",
    "long-collection.ttl": lambda: b"<urn:x:a> <urn:x:b> ( " + b"1 " * 5_000 + b") .",
    "chain.nt": lambda: _chain(5_000),
    "clique.nt": lambda: _clique(100),
    "long-text.ttl": lambda: FINE.replace('"Bad"', f'"{"long " * 200_000}"').encode(),
    "long-mail.ttl": lambda: FINE.replace('"Bad"', f'"{"a.a" * 300_000}@{"b." * 100_000}"').encode(),
    "long-iri.ttl": lambda: _said(f"rdfs:seeAlso <https://example.org/{'a' * 1_000_000}>"),
    "long-number.ttl": lambda: _said(f"pedg:value {'9' * 500_000}.5"),
    "large-exponent.ttl": lambda: _said("pedg:value 1e999999999"),
    "long-prefix.ttl": lambda: f"@prefix {'a' * 500_000}: <urn:x:> .\n".encode() + FINE.encode(),
    "many-findings.ttl": lambda: _lines(1_200),
}
