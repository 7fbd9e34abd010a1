"""Processor time by size as a picture: ``python -m benchmarks.shacl_plot FOLDER``, with ``results-shacl.json``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl  # type: ignore[import-not-found]

from benchmarks.shacl_figures import OURS, PLAIN, RUDOF, TURBO, WHOLE, read_figures

if TYPE_CHECKING:
    from benchmarks.shacl_figures import Figures

_COLOURS: Final = {OURS: "#0b6e4f", WHOLE: "#6fb98f", PLAIN: "#c8553d", TURBO: "#8c6d62", RUDOF: "#5c6f88"}


def draw(figures: Figures, path: Path) -> None:
    """Writes an SVG: one line per engine on logarithmic scales, up to the largest data that it came to an end with."""
    from matplotlib import pyplot

    mpl.rcParams.update({"svg.hashsalt": "pedgraph", "font.size": 9, "axes.spines.top": False, "svg.fonttype": "path"})
    picture, panel = pyplot.subplots(figsize=(6.4, 4.2))
    for engine, colour in _COLOURS.items():
        points = sorted(
            (each.triples, each.cpu_seconds) for each in figures.measured if each.engine == engine and each.is_done
        )
        if points:
            panel.plot(*zip(*points, strict=True), color=colour, marker="o")
            panel.annotate(engine, points[-1], xytext=(8, 0), textcoords="offset points", color=colour, va="center")
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlabel("triples (a line ends where the engine took longer than it was given)")
    panel.set_ylabel("seconds of processor time")
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.yaxis.set_major_formatter("{x:,.0f}")
    panel.grid(color="#eeeeee")
    panel.spines[["right"]].set_visible(False)
    picture.tight_layout()
    picture.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    mpl.use("svg")
    draw(read_figures(folder / "results-shacl.json"), folder / "results-shacl.svg")
