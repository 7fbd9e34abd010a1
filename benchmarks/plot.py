"""The throughput of all servers as a picture: ``python -m benchmarks.plot FOLDER`` reads ``results.json`` there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl  # type: ignore[import-not-found]

from benchmarks.figures import FIRST_TIME, OURS, OURS_TWICE, RDFLIB, REPEATED, STOCK, WRAPPER, read_figures

if TYPE_CHECKING:
    from benchmarks.figures import Figures

_COLOURS: Final = {OURS: "#0b6e4f", OURS_TWICE: "#6fb98f", STOCK: "#c8553d", WRAPPER: "#8d99ae", RDFLIB: "#c9ada7"}
_KINDS: Final = ("point", "join", "aggregate", "construct")
_LABELS: Final = {
    "point": "point look-up",
    "join": "three-hop join",
    "aggregate": "aggregate",
    "construct": "CONSTRUCT",
}


def draw(figures: Figures, path: Path) -> None:
    """Writes an SVG: one panel per size and mode, one line per kind, one dot per server, on a logarithmic scale."""
    from matplotlib import pyplot

    mpl.rcParams.update({"svg.hashsalt": "pedgraph", "font.size": 9, "axes.spines.top": False, "svg.fonttype": "path"})
    sizes = sorted({run.quads for run in figures.runs})
    connections = min(run.connections for run in figures.runs)
    picture, panels = pyplot.subplots(
        2, len(sizes), figsize=(4.6 * len(sizes) + 0.8, 5.4), sharex=True, sharey=True, squeeze=False
    )
    for row, mode in enumerate((REPEATED, FIRST_TIME)):
        for column, quads in enumerate(sizes):
            panel = panels[row][column]
            _draw_panel(panel, figures, (quads, mode, connections))
            panel.set_title(f"{mode} queries, {quads:,} quads", loc="left", fontsize=9, fontweight="bold")
    for panel in panels[-1]:
        panel.set_xlabel(f"requests per second, {connections} connections (logarithmic)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="upper center", ncols=len(handles), frameon=False)
    picture.tight_layout(rect=(0, 0, 1, 0.95))
    picture.savefig(path, metadata={"Date": None})


def _draw_panel(panel: Any, figures: Figures, place: tuple[int, str, int]) -> None:  # noqa: ANN401
    runs = [run for run in figures.runs if (run.quads, run.mode, run.connections) == place]
    kinds = [kind for kind in _KINDS if any(run.kind == kind for run in runs)]
    for server in [name for name in _COLOURS if any(run.server == name for run in runs)]:
        points = [(run.per_second, kinds.index(run.kind)) for run in runs if run.server == server and run.per_second]
        panel.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            s=70 if server == OURS else 38,
            color=_COLOURS[server],
            label=server,
            zorder=3 if server == OURS else 2,
        )
    for index, kind in enumerate(kinds):
        rates = [run.per_second for run in runs if run.kind == kind and run.per_second]
        panel.hlines(index, min(rates), max(rates), color="#dddddd", zorder=1)
    panel.set_yticks(range(len(kinds)), [_LABELS[kind] for kind in kinds])
    panel.set_ylim(len(kinds) - 0.5, -0.5)
    panel.set_xscale("log")
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.grid(axis="x", color="#eeeeee")
    panel.spines[["left", "right"]].set_visible(False)
    panel.tick_params(axis="y", length=0)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    mpl.use("svg")
    draw(read_figures(folder / "results.json"), folder / "results.svg")
