"""One table of settings: name, type, default, unit (in the name) and help.

Each can be given as an environment variable of the name that :func:`environment_name` gives. This module knows
nothing of what the settings are used for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from pedgraph.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "PEDGRAPH_"
_WITHOUT_PREFIX = frozenset({"host", "port"})
MEBIBYTE = 1024 * 1024
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Size = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """All settings of pedgraph; see the field descriptions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default=Path("var"), description="Folder that holds the versions of the graph")
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8000, description="TCP port to listen on; 0 takes any that is free"
    )
    root_path: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._~-]+)*$")] = Field(
        default="", description="Path that a proxy in front takes away before it passes a request on, such as /pedgraph"
    )
    trusted_proxies: str = Field(
        default="127.0.0.1 ::1",
        description="Addresses and networks of proxies whose X-Forwarded-For, -Proto, -Host and -Prefix count, with "
        "spaces between them; * trusts everybody",
    )
    workers: Count = Field(default=1, description="Number of web processes, which share the port and the readers")
    readers: Count = Field(default=4, description="Number of reader processes, so of queries at one time")
    default_graph: Literal["merged", "plain"] = Field(
        default="merged",
        description="What the default graph is: merged, the merge of all published graphs; plain, a graph of its own",
    )
    admin_key: SecretStr = Field(
        default=SecretStr(""), description="Key that allows writing and cancelling; without one both are off"
    )
    key: SecretStr = Field(
        default=SecretStr(""), description="Key of the one who submits or reviews on the command line, if it is not you"
    )
    validate_writes: Literal["on", "off"] = Field(
        default="on",
        description="Whether what an admin writes must conform to the shapes, and what is published must keep the "
        "promises of the stored queries: on or off",
    )
    query_deadline_seconds: Seconds = Field(default=30.0, description="Longest time that one query may run")
    query_max_bytes: Size = Field(default=MEBIBYTE, description="Largest query text")
    query_max_depth: Count = Field(default=500, description="Deepest nesting of brackets in a query")
    queue_max_queries: Count = Field(
        default=100, description="Most queries that wait for a reader; more are told to come back"
    )
    queries_per_client: Count = Field(
        default=50, description="Most queries of one client address that run or wait at once"
    )
    queue_wait_seconds: Seconds = Field(default=10.0, description="Longest time that a query waits for a reader")
    reader_memory_bytes: Annotated[int, Field(ge=256 * MEBIBYTE)] = Field(
        default=1024 * MEBIBYTE,
        description="Memory that a reader may use on top of what it starts with; at least 256 MiB",
    )
    answer_max_bytes: Size = Field(
        default=1024 * MEBIBYTE, description="Largest answer; one that grows larger is broken off"
    )
    service_endpoints: str = Field(
        default="", description="Addresses of the endpoints that SERVICE may call, with spaces between them"
    )
    service_readers: Count = Field(
        default=2, description="Number of reader processes for queries with SERVICE, if there are such endpoints"
    )
    cache_max_bytes: Annotated[int, Field(ge=0)] = Field(
        default=128 * MEBIBYTE, description="Memory for answers that are kept; per web process, 0 keeps none"
    )
    diagnosis_seconds: Seconds = Field(
        default=3.0, description="Longest time that is spent on explaining why an answer is empty"
    )
    answer_buffer_bytes: Size = Field(
        default=MEBIBYTE, description="Part of an answer that is kept ready for a slow client"
    )
    answer_spool_bytes: Annotated[int, Field(ge=0)] = Field(
        default=1024 * MEBIBYTE, description="Disk space in the home folder for what slow clients have not read yet"
    )
    client_stall_seconds: Seconds = Field(
        default=60.0, description="Longest time that a client may stop reading before its answer is cut"
    )
    versions_kept: Count = Field(
        default=10, description="Number of newest versions kept; named releases are kept on top"
    )
    validation_deadline_seconds: Seconds = Field(
        default=300.0, description="Longest time that the validation of one file, or one write, may run"
    )
    validation_memory_bytes: Size = Field(
        default=2048 * MEBIBYTE, description="Memory that the validation of one file, or one write, may use"
    )
    file_max_bytes: Size = Field(default=100 * MEBIBYTE, description="Largest file that is validated or written")
    unpacked_max_bytes: Size = Field(
        default=500 * MEBIBYTE, description="Most that a workbook or an archive may hold when it is unpacked"
    )
    checks: Count = Field(default=2, description="Number of files that are checked at one time, per web process")
    findings_max: Count = Field(
        default=10_000, description="Most findings that are kept of one file; their true numbers always are"
    )
    session_hours: Annotated[float, Field(gt=0)] = Field(
        default=12.0, description="How long somebody who signed in on the pages stays signed in"
    )

    def for_children(self) -> dict[str, Any]:
        """The settings as members of JSON for a process that this one starts: all but what is secret."""
        return self.model_dump(mode="json", exclude=set(_secret_fields()))


def environment_name(field: str) -> str:
    """The environment variable of a setting, for example ``PEDGRAPH_READERS`` for ``readers``."""
    return field.upper() if field in _WITHOUT_PREFIX else PREFIX + field.upper()


def environment_of_children() -> dict[str, str]:
    """The environment for processes that this one starts: its own, without what is secret."""
    secrets = {environment_name(name) for name in _secret_fields()}
    return {name: value for name, value in os.environ.items() if name not in secrets}


def _secret_fields() -> Iterator[str]:
    return (name for name, field in Settings.model_fields.items() if field.annotation is SecretStr)


def table() -> Iterator[tuple[str, str, str]]:
    """Yields (environment variable, default as text, help) for each setting, in the order of the table."""
    for name, field in Settings.model_fields.items():
        yield environment_name(name), str(field.default), field.description or ""


def load_settings(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Reads the settings from the environment; what is ``given`` by name wins, ``None`` counts as not given.
    ``environment`` stands in for that of the process. An empty variable counts as not set.

    Raises :class:`SettingsError` for an unknown ``PEDGRAPH_…`` name and for a value that does not fit.
    """
    values = os.environ if environment is None else environment
    known = {environment_name(field): field for field in Settings.model_fields}
    unknown = sorted(name for name in values if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]}. The known ones are: {', '.join(sorted(known))}.")
    chosen: dict[str, object] = {field: values[name] for name, field in known.items() if values.get(name)}
    chosen |= {field: value for field, value in given.items() if value is not None}
    try:
        return Settings.model_validate(chosen)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        name = environment_name(field) if field in Settings.model_fields else field
        raise SettingsError(f"{name}: {first['msg']} (it is {first['input']!r}).") from None
