"""The language that somebody wants to be told things in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers  # noqa: TC002

from pedgraph.errors import BadRequest
from pedgraph.wiring import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request

DEFAULT: Final = LANGUAGES[0]


def asked_language(request: Request, given: str = "") -> str:
    """The language that is ``given`` or asked for with the parameter ``language``, or else the one of ours that
    ``Accept-Language`` (RFC 9110, section 12.5.4) likes best; English where it likes none.

    Raises :class:`BadRequest` for one that there is none of ours.
    """
    asked = given or request.query_params.get("language", "")
    if not asked:
        return _liked(request.headers)
    if asked not in LANGUAGES:
        raise BadRequest(f"The language is one of {', '.join(LANGUAGES)}; '{asked[:20]}' is none of them.")
    return asked


def _liked(headers: Headers) -> str:
    best, best_weight = DEFAULT, 0.0
    for each in headers.get("accept-language", "").split(","):
        name, _, parameters = each.strip().partition(";")
        language = name.partition("-")[0].strip().lower()
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 0.0
    except ValueError:
        return 0.0
