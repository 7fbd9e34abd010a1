"""What is wrong with data, files, settings and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pedgraph.errors.root import EXIT_DOES_NOT_CONFORM, PedgraphError

if TYPE_CHECKING:
    from collections.abc import Sequence


class InputError(PedgraphError):
    """A file is not what it should be. ``source``, ``line`` and ``column`` say where, if that is known."""

    code = "input-error"
    title = "The input cannot be read"
    status = 400


class FeedRefused(InputError):
    """The change feed of another installation cannot be had, or is not what it should be; ``source`` is the page."""

    code = "feed-refused"
    title = "The feed cannot be followed"
    status = 502


class OutputError(PedgraphError):
    """What was asked for cannot be written where it should go; ``source`` names the file or stream."""

    code = "output-error"
    title = "The output cannot be written"


class DoesNotConform(PedgraphError):
    """Data violate the shapes; ``findings`` say which node, which rule and how to mend it.

    ``told`` is the same as people are told of it on the terminal, where somebody has made that.
    """

    code = "does-not-conform"
    title = "The data do not conform"
    status = 422
    exit_code = EXIT_DOES_NOT_CONFORM

    def __init__(self, detail: str, *, findings: Sequence[dict[str, Any]], told: dict[str, Any] | None = None) -> None:
        super().__init__(detail, findings=list(findings))
        self.findings = findings
        self.told = told


class ContractBroken(PedgraphError):
    """A stored query would not answer as it promises on a candidate version; ``broken`` says which and how."""

    code = "contract-broken"
    title = "A stored query would break its promise"
    status = 422
    exit_code = EXIT_DOES_NOT_CONFORM

    def __init__(self, detail: str, *, broken: Sequence[dict[str, Any]]) -> None:
        super().__init__(detail, broken=list(broken))
        self.broken = broken


class SettingsError(PedgraphError):
    """A setting has an unknown name or a value that it cannot have."""

    code = "settings"
    title = "A setting is wrong"


class StoreError(PedgraphError):
    """The versions on disk cannot be read or written."""

    code = "store"
    title = "The store cannot be read or written"


class StoreLocked(StoreError):
    """Another process is publishing at this moment."""

    code = "store-locked"
    title = "Another publication is under way"
    status = 409


class DiskFull(PedgraphError):
    """There is no room on the disk for another version; the current one is as it was."""

    code = "disk-full"
    title = "The disk is full"
    status = 507
