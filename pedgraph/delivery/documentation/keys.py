"""The keys of a JSON-LD context in words (JSON-LD 1.1, section 9.15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.vocabulary.iris import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTAINERS: Final = {
    "@set": "always a list",
    "@list": "a list in order",
    "@language": "by language",
    "@index": "by index",
    "@id": "by IRI",
    "@type": "by type",
    "@graph": "a graph",
}


@dataclass(frozen=True)
class Key:
    """A key: its name, what it stands for, and what its values are like."""

    name: str
    meaning: str
    values: str

    @property
    def is_prefix(self) -> bool:
        """Whether it only shortens IRIs."""
        return self.meaning.endswith(("#", "/"))


def read_keys(context: Mapping[str, Any]) -> list[Key]:
    """The keys of a context by name, prefixes last; its own settings, such as the version, are left out."""
    found = []
    for name, meaning in context.items():
        said = meaning if isinstance(meaning, dict) else {"@id": meaning}
        stands_for = said.get("@id") or said.get("@reverse") or "nothing: what it holds is for people only"
        if not name.startswith("@"):
            found.append(Key(name, str(stands_for), "; ".join(_values(said))))
    return sorted(found, key=lambda key: (key.is_prefix, key.name.lower(), key.name))


def _values(said: Mapping[str, Any]) -> Iterator[str]:
    inner = said.get("@context") or {}
    short_names = inner.get("@vocab", "") if isinstance(inner, dict) else ""
    value_type = said.get("@type", "")
    if short_names.startswith(CODES):
        yield f"a code of the list {short_names.removeprefix(CODES).strip('/')}"
    elif value_type in {"@id", "@vocab"}:
        yield "the IRI of a thing" + (f", or a name within {short_names}" if short_names else "")
    elif value_type:
        yield str(value_type)
    if "@language" in said:
        yield f"language {said['@language']}"
    containers = said.get("@container", [])
    for container in containers if isinstance(containers, list) else [containers]:
        yield _CONTAINERS.get(str(container), str(container))
    if "@reverse" in said:
        yield "read from the other end"
