"""Explanations on the command line, through the same services as the web: why an answer is empty, and plans."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from pedgraph import open_graph
from pedgraph.cli.output import show
from pedgraph.cli.streams import until_nobody_reads
from pedgraph.errors import BadRequest, TimeLimit
from pedgraph.query.running import EXPLAIN_EMPTY, QueryRequest
from pedgraph.vocabulary.iris import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.settings import Settings

_IRI = re.compile(r"<([^<>\s]*)>")
_AS_JSON = "json"


def run_explanation(settings: Settings, request: QueryRequest) -> None:
    """Writes an explanation to standard output: for people, or as JSON where that format is named.

    Raises :class:`BadRequest` for any other format, and the errors of the services.
    """
    if request.format_name not in {None, _AS_JSON}:
        raise BadRequest("An explanation is written for people, or as JSON with --format json.")
    members = asyncio.run(_explain(settings, request))
    with until_nobody_reads():
        if request.format_name == _AS_JSON:
            sys.stdout.buffer.write((json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode())
        elif request.explain == EXPLAIN_EMPTY:
            show("\n".join(_diagnosis_lines(members)))
        else:
            show(_tree(members["plan"]))
            for note in members["notes"]:
                show(note)


async def _explain(settings: Settings, request: QueryRequest) -> dict[str, Any]:
    async with open_graph(settings) as graph:
        if request.explain == EXPLAIN_EMPTY:
            return (await graph.doctor.diagnose(request)).as_json()
        try:
            return (await graph.planner.plan(request, with_statistics=True)).as_json()
        except TimeLimit:
            members = (await graph.planner.plan(request)).as_json()
            limit = f"{settings.query_deadline_seconds:g} seconds"
            return {**members, "notes": [f"There are no numbers, for the query runs longer than {limit}."]}


def _diagnosis_lines(members: dict[str, Any]) -> Iterator[str]:
    if members["is_empty"] is False:
        yield "The answer is not empty."
        return
    if members["is_empty"] is None:
        yield "The query itself took too long to tell whether its answer is empty."
    if not members["findings"]:
        yield "Nothing was found that explains the empty answer."
    for finding in members["findings"]:
        where = finding["where"]
        yield f"{where['line']}:{where['column']}: {finding['message']}" if where else finding["message"]
        if finding["suggestions"]:
            yield f"    perhaps: {', '.join(finding['suggestions'])}"
    if members["patterns"]:
        yield ""
        yield f"{'alone':>7}  {'joined':>7}  pattern"
        for counted in members["patterns"]:
            mark = "  <- nothing is left" if counted == members["culprit"] else ""
            yield f"{_count(counted['solutions'])}  {_count(counted['joined_solutions'])}  {counted['pattern']}{mark}"
    if members["note"]:
        yield members["note"]
    if not members["complete"]:
        yield f"The time was over after {members['seconds']:g} s; there may be more to find."


def _count(count: int | str | None) -> str:
    return f"{'' if count is None else count:>7}"


def _tree(step: dict[str, Any]) -> Tree:
    tree = Tree(_label(step))
    for child in step["children"]:
        _grow(tree, child)
    return tree


def _grow(tree: Tree, step: dict[str, Any]) -> None:
    branch = tree.add(_label(step))
    for child in step["children"]:
        _grow(branch, child)


def _label(step: dict[str, Any]) -> Text:
    numbers = f"  [{step['results']:,} in {step['seconds']:.4f} s]" if "results" in step else ""
    detail = _IRI.sub(lambda found: compact(found[1]), step["detail"])
    return Text.assemble((step["operator"], "bold"), f" {detail}", (numbers, "cyan"))
