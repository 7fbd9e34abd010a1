"""Which lists there are: what is in each, by what it is filtered and ordered, and what is said of its items."""

from __future__ import annotations

from typing import Final

from pedgraph.delivery.collections.model import CODE, COUNTRY, THING, YEAR, Collection, Filter, Order

_PLACE_KEYS: Final = ("inCity", "demonstratedBy", "usesTechnology", "presentedAs")
_BY_LABEL: Final = Order("label", "name", "sort_label")
_BY_COUNTRY: Final = Order("country", "country", "sort_country")
_BY_CITY: Final = Order("city", "city", "sort_city")
_BY_DATE: Final = Order("date", "date", "sort_date")
_BY_NUMBER: Final = Order("value", "value", "sort_number")


def _country(meaning: str) -> Filter:
    return Filter("country", "Country", meaning, ("country", "inCountry"), COUNTRY, "NL")


def _city(meaning: str, *keys: str) -> Filter:
    return Filter("city", "City", meaning, keys, THING, "nl-amsterdam", of_kind="city")


def _project(meaning: str, *keys: str) -> Filter:
    return Filter("project", "Project", meaning, keys, THING, "atelier", of_kind="project")


def _ped(meaning: str, *keys: str) -> Filter:
    return Filter("ped", "District", meaning, keys, THING, "nl-amsterdam-buiksloterham", of_kind="ped")


def _role(meaning: str, example: str) -> Filter:
    return Filter("role", "Role", meaning, ("role",), CODE, example, ("city-role", "involvement-role"))


def _helix(meaning: str, *more: str) -> Filter:
    return Filter("helix", "Helix", meaning, ("helix", *more), CODE, "industry", ("helix",))


def _stage(meaning: str, example: str, *schemes: str) -> Filter:
    return Filter("stage", "Stage", meaning, ("stage",), CODE, example, schemes)


def _technology(meaning: str, *keys: str) -> Filter:
    return Filter("technology", "Technology", meaning, keys, CODE, "geothermal", ("technology",))


def _year(meaning: str, *keys: str) -> Filter:
    return Filter("year", "Year", meaning, keys, YEAR, "2025")


_SOURCE: Final = Filter(
    "source", "Source", "A source that says something about it.", ("sources",), THING, "s1", of_kind="source",
    is_counted=False,
)  # fmt: skip
_STATUS: Final = "Its status as assessed by rule from stated numbers."
_PRESENTED: Final = Filter(
    "presentedAs", "Presented as", "What its sources call it.", ("presentedAs",), CODE, "ped", ("district-label",)
)
_NETWORK: Final = Filter(
    "network", "Network", "A network that it belongs to.", ("memberOfNetwork",), THING, "scalable-cities",
    of_kind="network",
)  # fmt: skip
_IN_CITY: Final = "The city that it is in."
_IN_COUNTRY: Final = "The country that it is in."
_INVOLVED_ROLE: Final = "A role in which somebody takes part in it."
_INVOLVED_HELIX: Final = "A helix that takes part in it."
_STATED_YEAR: Final = "A year in which it reached a stage, or for which a number is stated of it."


def _place_filters() -> tuple[Filter, ...]:
    return (
        _country(_IN_COUNTRY),
        _city(_IN_CITY, "inCity"),
        _project("A project that demonstrates there or takes part in it.", "demonstratedBy", "involvedProject"),
        _stage("A stage that it has reached.", "implementation", "ped-stage"),
        _technology("A technology that is used or planned there.", "usesTechnology", "installedTechnology"),
        _PRESENTED,
        _role(_INVOLVED_ROLE, "cooperation-partner"),
        _helix(_INVOLVED_HELIX),
        _year(_STATED_YEAR, "year"),
        _SOURCE,
    )


PEDS: Final = Collection(
    "peds",
    "PositiveEnergyDistrict",
    "Positive Energy Districts",
    "Districts that somebody presents as Positive Energy Districts or as on the way to one.",
    (
        *_place_filters(),
        Filter("status", "Status", _STATUS, ("status",), CODE, "insufficient-data", ("assessed-status",)),
    ),
    (_BY_LABEL, _BY_COUNTRY, _BY_CITY),
    _PLACE_KEYS,
)
SITES: Final = Collection(
    "sites",
    "DemonstrationSite",
    "Demonstration sites",
    "Places where projects show solutions for Positive Energy Districts, in a district or on their own.",
    (*_place_filters(), _ped("The district that it belongs to.", "partOfDistrict")),
    (_BY_LABEL, _BY_COUNTRY, _BY_CITY),
    (*_PLACE_KEYS, "partOfDistrict"),
)
PROJECTS: Final = Collection(
    "projects",
    "Project",
    "Projects",
    "Grant-funded projects on Positive Energy Districts and what leads to them.",
    (
        _country("A country with a city that takes part."),
        _city("A city that takes part, or in which it demonstrates.", "city"),
        _role("A role in which a city or somebody else takes part.", "coordinator"),
        _helix("A helix that takes part."),
        Filter(
            "topic", "Topic", "A topic that it lays stress on.", ("hasFocus",), CODE, "knowledge-sharing", ("topic",)
        ),
        _technology("A technology that is used or planned where it demonstrates.", "technology"),
        _year("A year in which it runs; its first year where no end is stated.", "running"),
        _NETWORK,
        _SOURCE,
    ),
    (_BY_LABEL, _BY_DATE),
    ("acronym", "url", "startDate", "endDate", "hasFocus", "memberOfNetwork", "partOfCluster", "demonstratesIn"),
    ("acronym", "startDate", "endDate", "url"),
)
CITIES: Final = Collection(
    "cities",
    "City",
    "Cities",
    "Cities that take part in projects, or in which there are districts, sites or ateliers.",
    (
        _country(_IN_COUNTRY),
        _project("A project that it takes part in, or that demonstrates in it.", "project"),
        _role("A role that it has in a project.", "lighthouse"),
        _ped("A district in it.", "ped"),
        Filter(
            "status", "Status", "The assessed status of a district in it.", ("status",), CODE, "insufficient-data",
            ("assessed-status",),
        ),
        _stage("A stage that a district, site or hub in it has reached.", "implementation", "ped-stage", "hub-stage"),
        _technology("A technology that is used or planned in a district or site in it.", "technology"),
        _NETWORK,
        _SOURCE,
    ),
    (_BY_LABEL, _BY_COUNTRY, Order("residents", "residents", "sort_number")),
    ("country", "memberOfNetwork"),
    ("residents",),
)  # fmt: skip
ORGANISATIONS: Final = Collection(
    "organisations",
    "Organisation",
    "Organisations",
    "Companies, institutes, administrations, associations and other bodies that sources speak of. Those that have "
    "only published a source are not among them; the search finds these, too.",
    (
        _country("The country that is stated for it, or that of its city."),
        _city("The city that it is in or that it governs.", "inCity", "governs"),
        _project("A project that it takes part in.", "project"),
        _role("A role in which it takes part in something.", "coordinator"),
        _helix("The helix that it belongs to, usually or where it takes part.", "usualHelix"),
        Filter("actorType", "Type", "What type of actor it is.", ("actorType",), CODE, "utility", ("actor-type",)),
        _SOURCE,
    ),
    (_BY_LABEL, _BY_COUNTRY, _BY_CITY),
    ("inCity", "inCountry", "governs", "actorType", "usualHelix", "url"),
    ("url",),
)
ATELIERS: Final = Collection(
    "ateliers",
    "InnovationHub",
    "Innovation ateliers",
    "Innovation ateliers and other local hubs in which the quadruple helix works on districts.",
    (
        _country(_IN_COUNTRY),
        _city(_IN_CITY, "inCity"),
        _project("The project that set it up.", "project"),
        _helix(_INVOLVED_HELIX),
        _role(_INVOLVED_ROLE, "participant-of-hub"),
        _stage("A stage that it has reached.", "maturation", "hub-stage"),
        Filter(
            "model", "Model", "The innovation model that it follows.", ("followsModel",), CODE,
            "open-innovation-quadruple-helix", ("innovation-model",),
        ),
        _ped("The district that it works for.", "serves"),
        _year("A year in which it reached a stage.", "year"),
        _SOURCE,
    ),
    (_BY_LABEL, _BY_COUNTRY, _BY_CITY),
    ("inCity", "establishedBy", "serves", "followsModel"),
)  # fmt: skip
EVENTS: Final = Collection(
    "events",
    "Event",
    "Events",
    "What took place: workshops, kick-offs, assemblies, and the sessions in them.",
    (
        _country("The country that it was held in."),
        _city("The city that it was held in.", "city"),
        _project("A project that held it, took part in it or was presented there.", "project"),
        Filter("topic", "Topic", "What it was about.", ("topic",), CODE, "citizen-engagement", ("topic",)),
        Filter("eventType", "Type", "What type of event it was.", ("eventType",), CODE, "workshop", ("event-type",)),
        _role("A role in which somebody took part in it.", "host"),
        _helix("A helix that took part in it."),
        _year("The year in which it began.", "startDate"),
        _SOURCE,
    ),
    (_BY_DATE, _BY_LABEL, _BY_COUNTRY, _BY_CITY),
    ("location", "startDate", "endDate", "eventType", "topic", "hostedBy", "superEvent"),
    ("startDate", "endDate"),
)
INDICATORS: Final = Collection(
    "indicators",
    "IndicatorStatement",
    "Indicators",
    "Every number that a source states for an indicator, each with what it is about, its unit and its year.",
    (
        Filter(
            "indicator", "Indicator", "The quantity that is stated.", ("indicator",), CODE, "residents", ("indicator",)
        ),
        _country("The country that what it is about is in."),
        _city("The city that it is about, or that what it is about is in.", "city"),
        _project("The project that it is about, or that demonstrates in the place that it is about.", "project"),
        Filter("about", "About", "What it is about.", ("about",), THING, "city/nl-amsterdam", is_counted=False),
        _year("The year that it refers to, or by which it is to be reached.", "referenceYear", "dueDate"),
        Filter(
            "valueRole", "Kind of value", "Whether it is planned, measured or computed.", ("valueRole",), CODE,
            "design", ("value-role",),
        ),
        Filter(
            "carrier", "Energy carrier", "The energy carrier that it refers to.", ("energyCarrier",), CODE,
            "electricity", ("energy-carrier",),
        ),
        _SOURCE,
    ),
    (_BY_LABEL, _BY_NUMBER, Order("year", "year", "sort_date"), _BY_COUNTRY, _BY_CITY),
    (
        "indicator", "about", "value", "unit", "referenceYear", "dueDate", "valueQualifier", "valueRole", "valueOrigin",
        "energyCarrier", "statedIn",
    ),
    ("value", "unit", "unitLabel", "qualifier", "dueDate"),
    has_own_names=False,
)  # fmt: skip

COLLECTIONS: Final = {
    each.name: each for each in (PEDS, PROJECTS, CITIES, ORGANISATIONS, SITES, ATELIERS, EVENTS, INDICATORS)
}
