"""What is asked of a check, and what comes of it. Both go to and from the process that checks as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pedgraph.intake.findings import Finding, Position, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

About = dict[str, tuple[str, Position]]


@dataclass(frozen=True)
class Check:
    """A file to be checked.

    ``path`` is where its bytes lie, ``file_name`` what its owner calls it. ``media_type`` is what it is said to be, or
    empty. ``graph`` is the IRI of the named graph that it is meant for and ``replaces`` of the one that goes when it
    comes; both may be empty. The file is judged together with what the current version in ``home`` knows, or the data
    that come with pedgraph where there is none. ``languages`` are those in which its findings are to be told.
    ``data_path`` is where its statements are written as canonical N-Triples; ``None`` keeps nothing. ``without_rules``
    only reads the file.
    """

    path: Path
    file_name: str
    media_type: str = ""
    graph: str = ""
    replaces: str = ""
    languages: tuple[str, ...] = ("en",)
    data_path: Path | None = None
    without_rules: bool = False

    @property
    def own_graphs(self) -> tuple[str, ...]:
        """The graphs whose statements are not those of others."""
        return tuple(graph for graph in (self.graph, self.replaces) if graph)

    def as_json(self) -> dict[str, Any]:
        """The check as a JSON object, for :meth:`from_json`."""
        data_path = None if self.data_path is None else str(self.data_path)
        return {**asdict(self), "path": str(self.path), "data_path": data_path}

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> Check:
        """The check that :meth:`as_json` made these members from."""
        data_path = members["data_path"]
        paths = {"path": Path(members["path"]), "data_path": None if data_path is None else Path(data_path)}
        return cls(**{**members, **paths, "languages": tuple(members["languages"])})


@dataclass(frozen=True)
class Receipt:
    """What a check vouches for, for whoever wants to compare: which data, by which rules, when, with what verdict.

    ``data_hash`` is the SHA-256 of the data in canonical form (RDF Dataset Canonicalization, RDFC-1.0, section 4) as
    they were read, empty where they were not read as a whole; ``file_hash`` that of the bytes. ``version`` is the
    version of the graph that they were judged with, 0 for the data that come with pedgraph.
    """

    conforms: bool
    data_hash: str
    file_hash: str
    shapes: str
    engine: str
    version: int
    checked: str


@dataclass
class Checked:
    """What came of a check.

    ``statements`` is the number of triples that were read; ``findings`` are those that are kept, in the order of the
    file, and ``counts`` their true numbers per severity. ``about`` is what the file says of itself: field → value and
    place. ``told`` has the findings per language as people read them, and ``sheets`` the rows of tables that these are
    about; so many with findings as ``rows_left_out`` says are not among them.
    """

    media_type: str
    size_bytes: int
    statements: int
    receipt: Receipt
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    about: About = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    sheets: list[dict[str, Any]] = field(default_factory=list)
    rows_left_out: int = 0

    @property
    def conforms(self) -> bool:
        """Whether the data may be published: no violation among the findings."""
        return self.receipt.conforms

    def as_json(self) -> dict[str, Any]:
        """The outcome as a JSON object, for :meth:`from_json` and for clients."""
        return {
            **vars(self),
            "conforms": self.conforms,
            "receipt": vars(self.receipt),
            "findings": [finding.as_json() for finding in self.findings],
            "about": {name: {"value": value, "position": asdict(place)} for name, (value, place) in self.about.items()},
        }

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> Checked:
        """The outcome that :meth:`as_json` made these members from."""
        plain = {name: value for name, value in members.items() if name != "conforms"}
        about = {name: (each["value"], Position(**each["position"])) for name, each in plain.pop("about").items()}
        findings = [Finding.from_json(each) for each in plain.pop("findings")]
        return cls(**{**plain, "receipt": Receipt(**plain["receipt"])}, findings=findings, about=about)


def numbers(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    found = Counter(finding.severity for finding in findings)
    return {severity.name.lower(): found[severity] for severity in Severity}
