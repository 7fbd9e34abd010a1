"""The services that answer whoever reads: things, lists, search, dumps, changes, and the pages on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pedgraph.delivery.asking import Asking
from pedgraph.delivery.browser_files import BrowserFiles
from pedgraph.delivery.cards import Cards
from pedgraph.delivery.catalogue.service import Catalogue
from pedgraph.delivery.collections.service import Collections
from pedgraph.delivery.completion import Completion
from pedgraph.delivery.conflicts import Conflicts
from pedgraph.delivery.contributing import ContributionPages
from pedgraph.delivery.coverage import CoveragePage
from pedgraph.delivery.describing import Descriptions
from pedgraph.delivery.dumps.service import Dumps
from pedgraph.delivery.dumps.workshop import Workshop
from pedgraph.delivery.feed.atom import AtomFeed
from pedgraph.delivery.feed.changes import Changes
from pedgraph.delivery.feed.page import ChangesPage
from pedgraph.delivery.feed.stream import Stream
from pedgraph.delivery.home import HomePage
from pedgraph.delivery.made import MadeFiles
from pedgraph.delivery.meanings import Meanings
from pedgraph.delivery.named_graphs import NamedGraphs
from pedgraph.delivery.neighbours import Neighbours
from pedgraph.delivery.query_page import QueryPage
from pedgraph.delivery.report_pages import ReportPages
from pedgraph.delivery.search.service import Search
from pedgraph.delivery.service_description import ServiceDescriptions
from pedgraph.delivery.sources import SourcesPage
from pedgraph.delivery.stored import StoredQueries
from pedgraph.delivery.things.service import Things
from pedgraph.delivery.versions.comparing import Comparing
from pedgraph.delivery.versions.pages import VersionPages

if TYPE_CHECKING:
    from pedgraph.query.running import QueryService
    from pedgraph.settings import Settings
    from pedgraph.store.versions import Versions


class DeliveryServices:
    """All of delivery, made once for one running graph. None of it is open before it is asked for something."""

    def __init__(self, settings: Settings, versions: Versions, queries: QueryService) -> None:
        self.versions = versions
        self.queries = queries
        self.asking = Asking(self.queries)
        self.made = MadeFiles(self.versions)
        # Differences do not wait for dumps, which take longer.
        self.workshops = Workshop(settings), Workshop(settings)
        self.dumps = Dumps(self.versions, self.made, self.workshops[0])
        self.comparing = Comparing(self.versions, self.made, self.workshops[1])
        self.neighbours = Neighbours(self.asking)
        self.named_graphs = NamedGraphs(self.asking, self.versions)
        self.search = Search(self.asking, self.made)
        self.changes = Changes(self.versions)
        self.event_stream = Stream(self.changes.ledger)
        self.atom_feed = AtomFeed(self.changes.ledger)
        self.cards = Cards(self.queries)
        self.stored = StoredQueries(self.queries)
        self.descriptions = Descriptions()
        self.completion = Completion(self.queries)
        self.browser_files = BrowserFiles()
        self.query_page = QueryPage(settings, self.browser_files)
        self.report_pages = ReportPages(self.browser_files)
        self.changes_page = ChangesPage(self.changes, self.versions, self.report_pages)
        self.sources = SourcesPage(self.stored, self.report_pages)
        self.collections = Collections(self.asking, self.versions, self.made, self.search, self.report_pages)
        self.catalogue = Catalogue(self.versions, self.asking, self.made, self.report_pages)
        self.meanings = Meanings(settings, self.report_pages)
        self.version_pages = VersionPages(self.report_pages)
        self.conflicts = Conflicts(self.stored, self.report_pages)
        self.contribution_pages = ContributionPages(settings, self.browser_files)
        self.things = Things(self.asking, self.cards, self.versions, self.report_pages, settings.cache_max_bytes)
        self.coverage = CoveragePage(self.stored, self.report_pages)
        self.service_descriptions = ServiceDescriptions(settings, self.versions)
        self.home = HomePage(self.asking, self.versions, self.report_pages, self.search, self.changes, self.catalogue)
