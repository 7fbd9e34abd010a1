"""The pages on versions: the list of them, one of them, and what two of them differ in."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.versions import members
from pedgraph.delivery.versions.tables import ADDED, CHANGES, REMOVED, WITHDRAWN
from pedgraph.vocabulary.iris import GRAPHS, ROOT, THINGS, compact
from pedgraph.vocabulary.skolem import GENERATED

if TYPE_CHECKING:
    from collections.abc import Collection

    from pedgraph.delivery.describing import Document
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.delivery.versions.comparing import Detail, Overview, Pair, Statement, Wanted
    from pedgraph.delivery.versions.history import History

_LONGEST_SHOWN: Final = 2000
_LAST: Final = re.compile("[/#:]")
_WITHIN: Final = re.compile("(?<=[a-z])[A-Z]")


class VersionPages:
    """Renders the pages; ``root`` leads from each to the start of the site."""

    def __init__(self, pages: ReportPages) -> None:
        self._pages = pages

    def versions(self, listed: list[dict[str, Any]], current: int, root: str) -> Document:
        """All versions that are kept, newest first."""
        newest_first = list(reversed(listed))
        steps = {each["number"]: earlier["number"] for each, earlier in pairwise(newest_first)}
        return self._pages.render("versions", graph_version=current, root=root, kept=newest_first, steps=steps)

    def version(self, manifest: dict[str, Any], earlier: int | None, later: int | None, root: str) -> Document:
        """One version and what it holds; the numbers of those kept before and after it."""
        pinned = None if manifest["current"] else manifest["number"]
        graphs = [{**each, "place": place(each["graph"], root, pinned)} for each in manifest["graphs"]]
        values = {"about": manifest, "graphs": graphs, "earlier": earlier, "later": later}
        return self._pages.render("version", graph_version=manifest["number"], root=root, **values)

    def history(self, history: History, kept: Collection[int], current: int, root: str) -> Document:
        """What became of one thing; ``kept`` are the numbers of the versions that are."""
        values = {"history": history, "kept": kept, "place": place(history.iri, root)}
        shown = history.label or compact(history.iri)
        return self._pages.render("history", graph_version=current, root=root, shown=shown, **values)

    def overview(self, overview: Overview, pair: Pair, wanted: Wanted, root: str) -> Document:
        """A difference as a whole."""
        graphs = [{**vars(each), "difference": members.address_of(pair, graph=each.graph)} for each in overview.graphs]
        things = [
            {
                **vars(each),
                "shown": each.label or compact(each.iri),
                "difference": members.address_of(pair, iri=each.iri),
            }
            for each in overview.things
        ]
        places = {each: members.address_of(pair, change=each) for each in CHANGES}
        values = {"overview": overview, "graphs": graphs, "things": things, "places": places}
        return self._difference("difference", pair, wanted, overview.listed, root, values)

    def detail(self, detail: Detail, pair: Pair, wanted: Wanted, current: int, root: str) -> Document:
        """The part of a difference that is about one thing or of one graph.

        What was removed leads to the version before, what was added to the one after.
        """
        about = wanted.iri or wanted.graph
        pins = {
            change: None if number == current else number
            for change, number in ((REMOVED, pair.before), (ADDED, pair.after))
        }
        latest = pins[REMOVED if detail.change == WITHDRAWN else ADDED]
        values = {
            "detail": detail,
            "statements": [_shown(each, detail.labels, root, pins[each.change]) for each in detail.statements],
            "about": {
                "shown": detail.labels.get(about, compact(about)),
                "iri": about,
                "place": place(about, root, latest),
            },
        }
        return self._difference("difference_detail", pair, wanted, detail.total, root, values)

    def _difference(
        self, name: str, pair: Pair, wanted: Wanted, total: int, root: str, values: dict[str, Any]
    ) -> Document:
        common = {
            "pair": pair,
            "wanted": wanted,
            "next": members.next_address(pair, wanted, total),
            "previous": members.previous_address(pair, wanted),
            "formats": {
                "json": members.address_of(pair, **members.chosen(wanted), format="json"),
                # A patch of some things only would leave the others as they were, so there is none.
                "rdfp": members.address_of(pair, iri=wanted.iri, graph=wanted.graph, format="rdfp"),
            },
        }
        return self._pages.render(name, graph_version=pair.after, root=root, **common, **values)


def place(iri: str, root: str, version: int | None = None) -> str:
    """Where a page links to for an IRI: into this site where it is one of ours, nowhere where it is a blank node's.

    Things and graphs are shown as they are in ``version``, where one is given.
    """
    pinned = f"?version={version}" if version is not None and iri.startswith((THINGS, GRAPHS)) else ""
    if iri.startswith(GENERATED) or not iri.startswith(("https:", "http:")):
        return ""
    if iri.startswith(THINGS):
        return f"{root}doc/{iri.removeprefix(THINGS)}{pinned}"
    return root + iri.removeprefix(ROOT) + pinned if iri.startswith(ROOT) else iri


def _words(iri: str) -> str:
    """What to call a property that has no label here: the last part of its IRI, in words."""
    return _WITHIN.sub(lambda found: f" {found[0].lower()}", _LAST.split(iri)[-1])


def _shown(statement: Statement, labels: dict[str, str], root: str, version: int | None) -> dict[str, Any]:
    value = members.read_term(statement.object)
    text = value["value"]
    predicate = statement.predicate[1:-1]
    shown = labels.get(text, compact(text)) if value["type"] == "uri" else text
    return {
        "change": statement.change,
        "subject": labels.get(statement.subject_iri, compact(statement.subject_iri)) or "a node without a name",
        "subject_place": place(statement.subject_iri, root, version),
        "predicate": labels.get(predicate) or _words(predicate),
        "predicate_iri": predicate,
        "value": shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…",
        "language": value.get("xml:lang", ""),
        "datatype": compact(value["datatype"]) if "datatype" in value else "",
        "value_place": place(text, root, version) if value["type"] == "uri" else "",
        "graph": labels.get(statement.graph, compact(statement.graph)) if statement.graph else "the default graph",
        "graph_place": place(statement.graph, root, version),
    }
