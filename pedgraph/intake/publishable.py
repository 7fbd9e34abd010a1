"""The gate for what texts and addresses may hold, whatever they are said of: no contact data, and only characters that
every form of an answer can write.

The shapes say this of names and descriptions; here it is held against every statement, for all of them are published.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.intake.findings import Finding, Severity
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pedgraph.intake.findings import Position

CONTACT_DATA: Final = "G06"
UNWRITABLE: Final = "G07"
NOTE: Final = "note"
# One character before the sign is enough to know, and looking for more of them takes the square of the time.
MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]@[A-Za-z0-9-]+\.[A-Za-z]{2,}")
_MAIL_SCHEME: Final = "mailto:"
# XML 1.0, section 2.2: what may not stand in a document at all, and SPARQL results and RDF/XML are such documents.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# S38 speaks of these.
_OF_SHAPES: Final = frozenset(
    {
        *(PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "description"),
        *(PREFIXES["foaf"] + name for name in ("mbox", "phone")),
        *(PREFIXES["schema"] + name for name in ("email", "telephone")),
        *("http://www.w3.org/2006/vcard/ns#" + name for name in ("hasEmail", "hasTelephone")),
    }
)


def about_contents(triples: Iterable[Triple]) -> list[Finding]:
    """One violation per statement with an e-mail address that no shape speaks of, or a character that XML has not."""
    findings = []
    for triple in triples:
        value = triple.object
        if not isinstance(value, Literal | NamedNode):
            continue
        path = triple.predicate.value
        if path not in _OF_SHAPES and (("@" in value.value and MAIL.search(value.value)) or _is_mailbox(value)):
            findings.append(_finding(CONTACT_DATA, triple, value.value))
        if found := _UNWRITABLE.search(value.value):
            findings.append(_finding(UNWRITABLE, triple, value.value, ("character", f"U+{ord(found[0]):04X}")))
    return findings


def about_fields(about: Mapping[str, tuple[str, Position]]) -> list[Finding]:
    """One violation per field, of what a file says of itself, that holds an e-mail address: these are published, too.

    Notes are not.
    """
    return [
        Finding(Severity.VIOLATION, CONTACT_DATA, "", "", value, "", position=position)
        for name, (value, position) in about.items()
        if name != NOTE and MAIL.search(value)
    ]


def _is_mailbox(value: Literal | NamedNode) -> bool:
    return isinstance(value, NamedNode) and value.value.lower().startswith(_MAIL_SCHEME)


def _finding(rule: str, triple: Triple, value: str, *variables: tuple[str, str]) -> Finding:
    subject = str(triple.subject) if isinstance(triple.subject, BlankNode | Triple) else triple.subject.value
    return Finding(Severity.VIOLATION, rule, subject, triple.predicate.value, value, "", variables=variables)
