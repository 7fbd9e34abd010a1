"""What was found, as JSON, CSV and a page for people."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pedgraph.delivery.describing import Document
from pedgraph.delivery.search.kinds import name_of
from pedgraph.intake.tables.safe_cells import csv_text
from pedgraph.vocabulary.iris import ROOT, THINGS
from pedgraph.vocabulary.media import CSV, PLAIN_JSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.search.service import Results
    from pedgraph.delivery.search.telling import Result

TEMPLATE: Final = "search"
LARGEST_OFFSET: Final = 100_000
# Languages are chosen by name; those that nobody has named here yet by their tag.
_LANGUAGES: Final = {
    "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fi": "Finnish", "fr": "French", "hu": "Hungarian", "is": "Icelandic",
    "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian",
}  # fmt: skip
_CSV_COLUMNS: Final = ("id", "kind", "name", "language", "otherName", "cityId", "city", "country", "text")


def address_of(iri: str) -> str:
    """Where a thing is described, from the start of the site; names of terms and codes lead there themselves."""
    way = f"doc/{iri.removeprefix(THINGS)}" if iri.startswith(THINGS) else iri.removeprefix(ROOT)
    return quote(way, safe="/#:@!$&'()*+,;=~%")


def as_json(results: Results, version: int, root: str, address: Callable[..., str]) -> Document:
    """The results as one JSON object. ``root`` leads to the start of the site; ``address`` gives the address of the
    same search with other parameters.
    """
    question = results.question
    members = {
        "q": question.text,
        "kind": question.kind or None,
        "language": question.language or None,
        "version": version,
        "total": results.total,
        "offset": question.offset,
        "limit": question.limit,
        "previous": _previous(results, address),
        "next": _next(results, address),
        "kinds": results.kinds,
        "meant": results.meant,
        "hasAllWords": results.has_all_words,
        "results": [as_object(each, root) for each in results.results],
    }
    return Document(json.dumps(members, ensure_ascii=False, indent=1).encode(), PLAIN_JSON.media_type)


def as_object(result: Result, root: str) -> dict[str, Any]:
    """A result as a JSON object; what is not known is ``null``."""
    return {
        "id": result.iri,
        "href": root + address_of(result.iri),
        "kind": result.kind,
        "name": result.name,
        "language": result.language or None,
        "otherName": result.other_name or None,
        "city": {"id": result.city, "name": result.city_name} if result.city else None,
        "country": _country(result),
        "text": result.text or None,
    }


def suggestions(results: list[Result], text: str, version: int, root: str) -> Document:
    """Suggestions as one JSON object; each has the words in which its kind and its place are shown."""
    found = [
        {
            "id": each.iri,
            "href": root + address_of(each.iri),
            "kind": each.kind,
            "name": each.name,
            "language": each.language or None,
            "otherName": each.other_name or None,
            "about": _about(each),
        }
        for each in results
    ]
    content = json.dumps({"q": text, "version": version, "suggestions": found}, ensure_ascii=False, indent=1)
    return Document(content.encode(), PLAIN_JSON.media_type)


def as_csv(results: Results) -> Document:
    """The results as comma-separated values (RFC 4180) with a line of names; texts that a spreadsheet would take for
    formulas have an apostrophe in front.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(_CSV_COLUMNS)
    for each in results.results:
        writer.writerow(csv_text(text or "") for text in (
            each.iri, each.kind, each.name, each.language, each.other_name, each.city, each.city_name,
            each.country_code, each.text,
        ))  # fmt: skip
    return Document(lines.getvalue().encode(errors="replace"), CSV.content_type())


def as_page(
    pages: ReportPages, results: Results, languages: list[str], version: int, address: Callable[..., str]
) -> Document:
    """The results as a page. ``languages`` can be chosen from."""
    question = results.question
    kinds = [
        {"kind": kind, "name": name_of(kind, 2), "count": count, "address": address(kind=kind)}
        for kind, count in results.kinds.items()
    ]
    return pages.render(
        TEMPLATE,
        graph_version=version,
        searched=question.text,
        question=question,
        results=[_shown(each) for each in results.results],
        found=results,
        kinds=kinds,
        all_kinds=address(),
        count_of_all=sum(results.kinds.values()),
        languages=[(each, _LANGUAGES.get(each, each)) for each in languages],
        previous=_previous(results, address),
        next=_next(results, address),
        as_json=address(kind=question.kind, format="json"),
        as_csv=address(kind=question.kind, format="csv"),
    )


def _shown(result: Result) -> dict[str, str]:
    return {
        "name": result.name,
        "language": result.language,
        "address": address_of(result.iri),
        "about": _about(result),
        "other_name": result.other_name,
        "text": result.text,
        "text_language": result.text_language,
    }


def _about(result: Result) -> str:
    """The kind and the place of a thing in words."""
    where = [each for each in (result.city_name, result.country_name or result.country_code) if each]
    return ", ".join([name_of(result.kind), *where])


def _country(result: Result) -> dict[str, str | None] | None:
    if not result.country:
        return None
    return {"id": result.country, "code": result.country_code, "name": result.country_name}


def _previous(results: Results, address: Callable[..., str]) -> str | None:
    question = results.question
    if not question.offset:
        return None
    return address(kind=question.kind, offset=max(0, question.offset - question.limit))


def _next(results: Results, address: Callable[..., str]) -> str | None:
    question = results.question
    after = question.offset + question.limit
    return address(kind=question.kind, offset=after) if after < min(results.total, LARGEST_OFFSET + 1) else None
