"""The descriptions of the graph as a service: counted once per version, written once per version, site and format."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.catalogue import dcat, landing, sitemap, void
from pedgraph.delivery.catalogue.showing import shown
from pedgraph.delivery.catalogue.subject import MadeFile, Subject, check_site, licence_of
from pedgraph.delivery.catalogue.survey import Described, Survey, make_survey, read_described, read_survey
from pedgraph.delivery.describing import Document
from pedgraph.delivery.dumps.names import LIST_OF_MADE
from pedgraph.errors import NotFound, StoreError
from pedgraph.store.manifest import read_manifest
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.delivery.asking import Asking
    from pedgraph.delivery.made import MadeFiles
    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.store.versions import Versions
    from pedgraph.vocabulary.media import Format

SURVEY_FILE: Final = "survey.json"
DESCRIBED_FILE: Final = "described.json"
PATHS_FILE: Final = "site-map.json"
XML: Final = "application/xml"

# Whoever asks names the site, so only so many are kept.
_MOST_DOCUMENTS: Final = 32
_MOST_SURVEYS: Final = 4


class Catalogue:
    """Describes versions of the graph.

    ``site`` is the absolute address of the start of the site as a client sees it. All methods raise
    :class:`BadRequest` for a site whose address cannot stand in an IRI, :class:`VersionNotFound`,
    :class:`VersionGone`, :class:`StoreError`, and the errors of :meth:`pedgraph.query.running.QueryService.run`.
    """

    def __init__(self, versions: Versions, asking: Asking, made: MadeFiles, pages: ReportPages) -> None:
        self._pages = pages
        self._versions = versions
        self._asking = asking
        self._made = made
        self._surveys: OrderedDict[str, Survey] = OrderedDict()
        self._documents: OrderedDict[tuple[object, ...], Document] = OrderedDict()

    async def void(self, version: int, site: str, rdf_format: Format) -> Document:
        """The statistics of a version and of its graphs (VoID)."""
        subject = await self.subject(version, site)
        return await self._written("void", subject, rdf_format, lambda: serialised(void.describe(subject), rdf_format))

    async def catalogue(self, version: int, site: str, rdf_format: Format) -> Document:
        """The catalogue (DCAT-AP)."""
        subject = await self.subject(version, site)
        return await self._written("dcat", subject, rdf_format, lambda: serialised(dcat.describe(subject), rdf_format))

    async def page(self, version: int, site: str, root: str) -> Document:
        """The catalogue for people; ``root`` leads from the page to the start of the site."""
        subject = await self.subject(version, site)
        values = shown(subject)
        return await asyncio.to_thread(self._pages.render, "catalogue", graph_version=version, root=root, **values)

    async def licence(self, version: int) -> str:
        """The IRI of the licence of the whole."""
        return licence_of(await self._described(version))

    async def dataset_json_ld(self, version: int, site: str) -> str:
        """The graph as a ``schema:Dataset``: JSON-LD that may stand in a ``script`` element of a page as it is."""
        check_site(site)
        licence = await self.licence(version)
        manifest = read_manifest(self._versions.store_directory(version).parent)
        files = await asyncio.to_thread(self._files, version)
        return landing.script_text(landing.members(site, manifest, licence, files))

    async def site_map(self, version: int, site: str, part: int | None = None) -> Document:
        """The site map; where one would be too large, the list of its parts, or with a number one of these.

        Raises :class:`NotFound` for a part that there is not.
        """
        check_site(site)
        paths = [*sitemap.PAGES, *await self._paths(version)]
        number = sitemap.parts(paths)
        if part is not None and not 1 <= part <= number:
            raise NotFound(f"There is no part {part} of the site map. There are {number}.")
        modified = read_manifest(self._versions.directory(version)).created
        if part is None and number > 1:
            return Document(sitemap.index(site, number, modified), XML)
        content = await asyncio.to_thread(sitemap.site_map, site, paths, part or 1, modified)
        return Document(content, XML)

    async def subject(self, version: int, site: str) -> Subject:
        """All that is said of a version, to be shown in some form."""
        check_site(site)
        survey = await self._survey(version)
        manifest = read_manifest(self._versions.store_directory(version).parent)
        others = tuple(each for each in self._versions.numbers() if each != version)
        files = await asyncio.to_thread(self._files, version)
        is_current = version == self._versions.current()
        return Subject(site, survey, await self._described(version), manifest, others, files, is_current)

    async def _written(self, name: str, subject: Subject, rdf_format: Format, write: Callable[[], bytes]) -> Document:
        key = (
            name, rdf_format.name, subject.site, self._versions.identity(subject.version), subject.others,
            subject.files, subject.is_current,
        )  # fmt: skip
        if key not in self._documents:
            content = await asyncio.to_thread(write)
            self._documents[key] = Document(content, rdf_format.content_type())
        self._documents.move_to_end(key)
        while len(self._documents) > _MOST_DOCUMENTS:
            self._documents.popitem(last=False)
        return self._documents[key]

    async def _survey(self, version: int) -> Survey:
        identity = self._versions.identity(version)
        if identity not in self._surveys:

            async def make(work: Path) -> None:
                manifest = read_manifest(self._versions.directory(version))
                is_merged = manifest.default_graph == "merged"
                survey = await make_survey(self._asking, version, is_merged=is_merged)
                await asyncio.to_thread(_write_json, work, survey.members())

            path = await self._made.file(version, SURVEY_FILE, make)
            self._surveys[identity] = read_survey(await asyncio.to_thread(_read_json, path))
        while len(self._surveys) > _MOST_SURVEYS:
            self._surveys.popitem(last=False)
        return self._surveys[identity]

    async def _described(self, version: int) -> dict[str, Described]:
        async def make(work: Path) -> None:
            found = await read_described(self._asking, version)
            await asyncio.to_thread(_write_json, work, {iri: asdict(each) for iri, each in found.items()})

        path = await self._made.file(version, DESCRIBED_FILE, make)
        members = await asyncio.to_thread(_read_json, path)
        return {iri: Described(**each) for iri, each in members.items()}

    async def _paths(self, version: int) -> list[str]:
        async def make(work: Path) -> None:
            await asyncio.to_thread(_write_json, work, await sitemap.read_paths(self._asking, version))

        path = await self._made.file(version, PATHS_FILE, make)
        found: list[str] = await asyncio.to_thread(_read_json, path)
        return found

    def _files(self, version: int) -> tuple[MadeFile, ...]:
        """The files of a version that somebody asked for before, so that nobody waits for them here."""
        path = self._made.path(version, LIST_OF_MADE)
        if not path.is_file():
            return ()
        return tuple(MadeFile(each["name"], each["size_bytes"], each["sha256"]) for each in _read_json(path)["files"])


def _write_json(path: Path, members: object) -> None:
    try:
        path.write_text(json.dumps(members, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error}.") from error


def _read_json(path: Path) -> Any:  # noqa: ANN401 (as JSON is)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}.") from error
