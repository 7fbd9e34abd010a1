"""A server with people who hold keys, and what they send."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from pedgraph.intake.keys import Keys

if TYPE_CHECKING:
    from pedgraph.intake.keys import Role
    from tests.servers import RunningServer

SUBMISSION = {
    "title": "A district in Prague",
    "source_title": "A page about a district",
    "source_address": "https://example.org/district",
    "source_read_on": "2026-11-20",
    "creator": "Charles University",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
}
PREFIXES = """\
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ped: <https://w3id.org/pedgraph/id/ped/> .
@prefix city: <https://w3id.org/pedgraph/id/city/> .
"""


def district(name: str, city: str = "cz-prague") -> bytes:
    """A file about a district."""
    facts = f'a pedg:PositiveEnergyDistrict ; rdfs:label "{name}"@en ; pedg:inCity city:{city} .'
    return f"{PREFIXES}ped:cz-prague-{name} {facts}\n".encode()


@dataclass
class Staff:
    """A server, its home folder, and the tokens of those who hold keys, by their names."""

    server: RunningServer
    home: Path
    tokens: dict[str, str]
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self, name: str = "") -> httpx.Client:
        """The client of somebody, or of nobody; it lives as long as the server."""
        if name not in self._clients:
            headers = {"Authorization": f"Bearer {self.tokens[name]}"} if name else {}
            self._clients[name] = httpx.Client(base_url=self.server.url, headers=headers, timeout=120)
        return self._clients[name]

    def close(self) -> None:
        """Ends all clients."""
        for client in self._clients.values():
            client.close()

    def submit(self, name: str, content: bytes, file_name: str = "district.ttl", **fields: str) -> httpx.Response:
        """Sends a file with all that belongs to it."""
        files = {"file": (file_name, content)}
        return self.client(name).post("/submissions", files=files, data={**SUBMISSION, **fields})


def hire(home: Path) -> dict[str, str]:
    """Gives out keys in a home folder: name → token."""
    keys = Keys(home)
    roles: dict[str, Role] = {"Ann": "submitter", "Bob": "submitter", "Eve": "steward", "Ada": "admin", "Gone": "admin"}
    made = {name: keys.add(name, role, "An organisation") for name, role in roles.items()}
    keys.revoke(made["Gone"][0].id)
    tokens = {name: token for name, (_, token) in made.items()}
    tokens["Late"] = keys.add("Late", "admin", days=0)[1]
    tokens["Garbage"] = "pedg_aaaaaaaaaaaa_" + "x" * 43
    tokens["Malformed"] = "not one of ours"
    return tokens


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    members: dict[str, Any] = answer.json()
    assert members["status"] == answer.status_code
    return answer.status_code, members["type"].rpartition("/")[2]


def sent(answer: httpx.Response) -> str:
    """The id of a submission that was taken in; fails where it was not."""
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def files_of(home: Path) -> set[str]:
    """All files below a folder, without what a running server keeps there for itself."""
    # Folders that go away in the meantime are passed over.
    found = (Path(folder) / name for folder, _, names in os.walk(home) for name in names)
    return {str(path.relative_to(home)) for path in found}
