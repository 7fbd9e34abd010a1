"""Building versions from the command line, and making a home folder fit to be served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pedgraph.errors import ContractBroken, DoesNotConform
from pedgraph.store.manifest import read_manifest
from pedgraph.store.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.settings import Settings


def prepare(settings: Settings) -> None:
    """Builds the graph where there is none, and gives it the default graph that the mode wants."""
    kept = Versions(settings.home)
    is_merged = settings.default_graph == "merged"
    if kept.pointer() is None and is_merged:
        run_build(settings, None, None)
    elif (
        kept.pointer() is None or read_manifest(kept.directory(kept.current())).default_graph != settings.default_graph
    ):
        from pedgraph.intake.building import prepare_home

        prepare_home(kept, keep=settings.versions_kept, is_merged=is_merged)


def run_build(settings: Settings, data: Path | None, release: str | None) -> None:
    """Builds a version from a folder of curated data (default: what pedgraph ships), and says what came of it."""
    from pedgraph.cli.acting import recorded
    from pedgraph.cli.findings import show_told
    from pedgraph.cli.output import progress, show_broken
    from pedgraph.intake.building import build_version
    from pedgraph.intake.findings import count
    from pedgraph.resources import data_directory

    folder = data if data is not None else data_directory()
    try:
        with recorded(settings, "build", folder.name) as deed, progress() as report:
            built = build_version(
                Versions(settings.home),
                folder,
                settings,
                release=release,
                progress=report,
            )
            deed.version = built.manifest.version
    except DoesNotConform as error:
        if error.told is not None:
            show_told([error.told], to_stderr=True)
        raise
    except ContractBroken as error:
        show_broken(error.broken)
        raise
    manifest = built.manifest
    size = f"{manifest.quads:,} quads in {len(manifest.graphs)} graphs"
    typer.echo(f"Version {manifest.version}: {size}; {count(built.findings)}.", err=True)
