"""Processor time by size as a picture: ``python -m benchmarks.shacl_plot FOLDER``, with ``results-shacl.json``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl  # type: ignore[import-not-found]

from benchmarks.shacl_figures import OURS, PLAIN, RUDOF, TURBO, WHOLE, read_figures

if TYPE_CHECKING:
    from benchmarks.shacl_figures import Figures

_COLOURS: Final = {OURS: "#0b6e4f", WHOLE: "#6fb98f", PLAIN: "#c8553d", TURBO: "#c9ada7", RUDOF: "#8d99ae"}


def draw(figures: Figures, path: Path) -> None:
    """Writes an SVG: one line per engine on logarithmic scales; an open mark where it was ended at its limit."""
    from matplotlib import pyplot

    mpl.rcParams.update({"svg.hashsalt": "pedgraph", "font.size": 9, "axes.spines.top": False, "svg.fonttype": "path"})
    picture, panel = pyplot.subplots(figsize=(6.4, 4.2))
    for engine, colour in _COLOURS.items():
        points = sorted(
            (each.triples, each.cpu_seconds, each.is_done) for each in figures.measured if each.engine == engine
        )
        if not points:
            continue
        panel.plot([x for x, _, _ in points], [y for _, y, _ in points], color=colour, label=engine, zorder=2)
        for x, y, is_done in points:
            marker = "o" if is_done else "^"
            panel.scatter(
                [x], [y], s=40, marker=marker, color=colour if is_done else "white", edgecolors=colour, zorder=3
            )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlabel("triples")
    panel.set_ylabel("seconds of processor time (open triangle: ended at the limit)")
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.yaxis.set_major_formatter("{x:,.3g}")
    panel.grid(color="#eeeeee")
    panel.spines[["right"]].set_visible(False)
    panel.legend(frameon=False)
    picture.tight_layout()
    picture.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    mpl.use("svg")
    draw(read_figures(folder / "results-shacl.json"), folder / "results-shacl.svg")
