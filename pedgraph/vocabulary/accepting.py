"""What a client accepts: the media ranges of an ``Accept`` header field (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

if TYPE_CHECKING:
    from collections.abc import Mapping

# What clients send though the grammar does not have it: a weight without its zero, and an IRI without quotation marks.
_BARE_WEIGHT: Final = re.compile(r"(;\s*q=)(?=\.\d)", re.IGNORECASE)
_BARE_PROFILE: Final = re.compile(r'(;\s*profile=)([^\s;,"]+)', re.IGNORECASE)
_LONGEST_KEPT = 500


@dataclass(frozen=True)
class MediaRange:
    """One media range: a type, ``type/*`` or ``*/*``, its weight, and its parameters."""

    media_type: str
    quality: float
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Acceptance:
    """All media ranges that a client accepts."""

    ANYTHING: ClassVar[int] = 0
    EXACT: ClassVar[int] = 2

    ranges: tuple[MediaRange, ...]

    def quality(self, media_type: str) -> tuple[float, int]:
        """The weight of a media type, 0 where it is not accepted, and how closely the range for it describes it.

        The range that describes it most closely counts; parameters choose within a type, so they do not count here.
        """
        whole = media_type.partition("/")[0] + "/*"
        for specificity, name in ((self.EXACT, media_type), (1, whole), (self.ANYTHING, "*/*")):
            weights = [each.quality for each in self.ranges if each.media_type == name]
            if weights:
                return max(weights), specificity
        return 0.0, self.ANYTHING

    def parameters(self, media_type: str, name: str) -> list[str]:
        """The values of a parameter in those ranges of a media type that weigh most, in their order."""
        heaviest, specificity = self.quality(media_type)
        if specificity != self.EXACT:
            return []
        found = [each for each in self.ranges if each.media_type == media_type and each.quality == heaviest]
        return [each.parameters[name] for each in found if name in each.parameters]


def read_accept(value: str | None) -> Acceptance:
    """The media ranges of a header field; without any, as with none that can be read, everything is accepted."""
    given = value or "*/*"
    return _read_again(given) if len(given) <= _LONGEST_KEPT else _read(given)


def _read(value: str) -> Acceptance:
    tidied = _BARE_PROFILE.sub(r'\1"\2"', _BARE_WEIGHT.sub(r"\g<1>0", value))
    ranges = []
    for each, quality in parse_accept_header(tidied, MIMEAccept):
        media_type, parameters = parse_options_header(each)
        # A lone star stands for any type with some clients.
        name = "*/*" if media_type == "*" else media_type.lower()
        ranges.append(MediaRange(name, float(quality), parameters))
    return Acceptance(tuple(ranges or [MediaRange("*/*", 1.0, {})]))


_read_again = lru_cache(maxsize=256)(_read)
