"""In which format something is described, and how its header fields lead to all the others.

Each format has an address of its own, which ends with the suffix of the format, so that people can pass it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.errors import BadRequest
from pedgraph.vocabulary.described import DESCRIBED_FORMATS
from pedgraph.vocabulary.iris import CONTEXT, ROOT
from pedgraph.vocabulary.media import JSON_LD, PLAIN_JSON, negotiate
from pedgraph.web.addressing import root_of, same_address
from pedgraph.web.requests import accepted, at_most_one, read_parameters

if TYPE_CHECKING:
    from starlette.requests import Request

    from pedgraph.vocabulary.media import Format
    from pedgraph.web.naming import Named
    from pedgraph.web.requests import Parameters
    from pedgraph.web.time import AskedVersion

SUFFIXES: Final = {each.suffix: each for each in DESCRIBED_FORMATS}
_SHOWN_CHARACTERS: Final = 50


def chosen_format(request: Request, name: Named, parameters: Parameters) -> Format:
    """The format that a request asks for: by a suffix, by ``format``, or by ``Accept``.

    Raises :class:`BadRequest` where suffix and parameter differ, and as :func:`pedgraph.vocabulary.media.negotiate`.
    """
    asked_for = at_most_one(parameters, "format")
    by_suffix = SUFFIXES.get(name.suffix)
    if by_suffix is None:
        return negotiate(accepted(request), DESCRIBED_FORMATS, format_name=asked_for).format
    if asked_for is not None and negotiate(None, DESCRIBED_FORMATS, format_name=asked_for).format != by_suffix:
        shown = asked_for[:_SHOWN_CHARACTERS]
        raise BadRequest(f"The address ends with '{name.suffix}', but the parameter 'format' is '{shown}'.")
    return by_suffix


def links_of(request: Request, name: Named, chosen: Format, asked: AskedVersion) -> dict[str, str]:
    """``Vary``; ``Content-Location`` with the address of this very format, unless that was asked for; and ``Link`` to
    the other formats, to the permanent name of the description and, from plain JSON, to its context (JSON-LD 1.1,
    section 6.1).
    """
    given = read_parameters(request.scope["query_string"], "The address")
    pairs = [(key, value) for key, value in given if key not in {"format", "version"}]
    pairs += [("version", str(asked.number))] if asked.is_pinned else []
    start, mark, query = same_address(request, pairs).partition("?")
    # The suffix is not escaped, so it has the same length in the address.
    start, query = start[: len(start) - len(name.suffix)], mark + query
    links = [
        f'<{start}{each.suffix}{query}>; rel="alternate"; type="{each.media_type}"'
        for each in DESCRIBED_FORMATS
        if each != chosen
    ]
    links.append(f'<{ROOT}{name.local}>; rel="canonical"')
    if chosen == PLAIN_JSON:
        context = root_of(request) + CONTEXT.removeprefix(ROOT)
        links.append(f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD.media_type}"')
    headers = {"Vary": "Accept", "Link": ", ".join(links)}
    if not name.suffix or asked.is_pinned:
        headers["Content-Location"] = f"{start}{chosen.suffix}{query}"
    return headers
