"""Invented content for every kind of table: rows by kind, as people write them. ``content.ttl`` says the same."""

from __future__ import annotations

from typing import Final

Row = dict[str, object]
SOURCE: Final[Row] = {"source": "Yearly report of Example District", "locator": "page 4"}

CONTENT: Final[dict[str, list[Row]]] = {
    "about": [
        {
            "title": "Data of Example District",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "source title": "Yearly report of Example District",
            "source address": "https://example.org/report",
            "date read": "2026-11-22",
            "submitting organisation": "Residents of Example District",
            "how the data were made": "Copied from the report by hand.",
            "confidence": "stated by the operator",
        }
    ],
    "sources": [
        {
            "id": "nl-example-report",
            "title": "Yearly report of Example District",
            "publisher": "Residents of Example District",
            "address": "https://example.org/report",
            "date read": "22.11.2026",
            "issued": "2025",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "rights": "No more terms are stated.",
            "topics": "monitoring frameworks; citizen involvement",
            "contact": "Ada Example",
        }
    ],
    "organisations": [
        {
            "name": "Residents of Example District",
            "actor type": "citizens",
            "usual helix": "society",
            "country": "Netherlands",
            "city": "Example City",
            "address": "https://example.org/residents",
            "ROR": "https://ror.org/01bnjb948",
        },
        {
            "id": "nl-example-municipality",
            "kind": "city administration",
            "name": "Municipality of Example City",
            "actor type": "municipality",
            "governs": "Example City",
        },
    ],
    "persons": [{"name": "Ada Example", "other names": "Dr. Ada Example"}],
    "networks": [{"name": "Network of example cities", "objectives": "Share what works"}],
    "clusters": [{"name": "Example cluster", "networks": "Network of example cities"}],
    "cities": [
        {
            "name": "Example City",
            "other names": "Voorbeeldstad@nl; Ville d'exemple@fr",
            "country": "NL",
            "coordinates": "52.37, 4.89",
            "networks": "network/network-of-example-cities",
            "GeoNames number": 2759794,
        }
    ],
    "projects": [
        {
            "name": "Example Project",
            "acronym": "EXPRO",
            "description": "It shows; and tells.",
            "start date": "03/2023",
            "end date": "2027-02-28",
            "clusters": "Example cluster",
            "demonstrates in": "Example District; Harbour site",
            "focus": "digital twins",
            "objectives": "Share what works",
            "contributes to": "Two PEDs by 2030",
            "contact": "Ada Example",
            "CORDIS number": 101096571,
        }
    ],
    "city-roles": [
        {"city": "Example City", "project": "EXPRO", "role": "Leuchtturmstadt", "valid from": "2023-03", **SOURCE}
    ],
    "project-partners": [
        {"partner": "Residents of Example District", "project": "Example Project", "role": "partner", **SOURCE},
        {
            "partner": "Ada Example",
            "project": "Example Project",
            "role": "contact person",
            "representing": "Residents of Example District",
            **SOURCE,
        },
    ],
    "districts": [
        {
            "name": "Example District",
            "description": "Two hundred houses at the water.@en",
            "city": "Example City",
            "coordinates": "52,3702; 4,8952",
            "presented as": "ped",
            "type": "dynamic",
            "boundary mode": "geographical",
            "functions": "energy-production; energy-efficiency",
            "site category": "case-study",
            "technologies": "heat pump; district heating",
            "mission": "We cut the energy use of our district.",
            "stage": "Umsetzung",
            "reached on": "2022-09-01",
            "claimed status": "aspiring",
            "district area": "12,5 ha",
            "floor area": 85000,
            "residents": "> 4500",
            "reference year": 2024,
            **SOURCE,
        }
    ],
    "sites": [
        {"name": "Harbour site@en", "city": "Example City", "district": "Example District", "technologies": "heat pump"}
    ],
    "place-partners": [
        {
            "actor": "Residents of Example District",
            "place": "Example District",
            "role": "owner",
            "description": "Own the houses at the water.",
            "valid from": "2023-01",
            **SOURCE,
        },
        {"actor": "Residents of Example District", "place": "Harbour site", "role": "occupant", **SOURCE},
    ],
    "demonstration-projects": [{"name": "Demonstration at the harbour", "carried out at": "Harbour site"}],
    "installations": [
        {
            "name": "Heat pumps",
            "located in": "Harbour site",
            "technologies": "heat-pump",
            "energy carrier": "electricity; Umgebungswärme",
        }
    ],
    "ecosystems": [{"name": "Ecosystem of Example City", "city": "Example City"}],
    "hubs": [
        {
            "kind": "innovation atelier",
            "name": "Example Atelier",
            "city": "Example City",
            "established by": "Residents of Example District",
            "serves": "Example District",
            "model": "living lab",
            "ecosystem": "Ecosystem of Example City",
            "organisation structure": "Board of residents",
            "planned start": "2024",
            "continuation plan": "Workshop on storage for all",
            "stage": "planned",
            **SOURCE,
        }
    ],
    "stages": [{"district or hub": "Example Atelier", "stage": "establishing", "reached on": "2025-01", **SOURCE}],
    "stakeholders": [
        {
            "actor": "Residents of Example District",
            "hub": "Example Atelier",
            "helix": "Gesellschaft",
            "role": "participant of a hub",
            **SOURCE,
        },
        {"hub": "Example Atelier", "helix": "industry", "description": "Companies, not named.", **SOURCE},
    ],
    "events": [
        {
            "name": "Workshop on shared storage",
            "event type": "workshop",
            "start date": "14 May 2024",
            "end date": "15/05/2024",
            "location": "Harbour site",
            "hosted by": "Demonstration at the harbour",
            "engagement format": "interview",
            "building block": "open innovation activities",
            "topics": "citizen involvement",
            "concerns": "Example Atelier; follower city",
        },
        {"name": "Opening", "start date": "2024-05-14", "part of event": "Workshop on shared storage"},
    ],
    "event-participants": [
        {
            "participant": "Ada Example",
            "event": "Workshop on shared storage",
            "role": "presenter",
            "representing": "Example Project",
            "presents": "Example Project",
            **SOURCE,
        }
    ],
    "planned-activities": [
        {
            "name": "Workshop on storage for all",
            "event type": "workshop",
            "planned start": "2026",
            "activity status": "geplant",
            "concerns": "Example District",
            "contributes to": "Two PEDs by 2030",
            **SOURCE,
        }
    ],
    "numbers": [
        {
            "about": "Network of example cities",
            "indicator": "number of member cities",
            "value": "über 130",
            "unit": "number",
            "reference year": "2025",
            **SOURCE,
        },
        {
            "about": "Example District",
            "indicator": "renewable-share",
            "value": "35 %",
            "reference year": 2024,
            **SOURCE,
        },
    ],
    "energy-balances": [
        {
            "district": "Example District",
            "reference year": 2024,
            "energy metric": "final energy",
            "boundary mode": "geographical",
            "method": "BEST table",
            "uses included": "building operation; user electricity",
            "generation": "2.700,0",
            "use": "2600 MWh",
            "energy balance": 100,
            "unit": "MWh/a",
            "value role": "actual",
            "value origin": "metered",
            **SOURCE,
        }
    ],
    "status-claims": [
        {
            "district": "Example District",
            "claimed status": "aspiring",
            "reference year": 2025,
            "confidence": "stated by the operator",
            **SOURCE,
        }
    ],
    "targets": [
        {
            "name": "Two PEDs by 2030",
            "about": "Example City",
            "indicator": "number of PEDs",
            "value": "≥ 2",
            "unit": "number",
            "due date": "31.12.2030",
            "set by": "Municipality of Example City",
            **SOURCE,
        }
    ],
    "objectives": [
        {"name": "Share what works", "topics": "knowledge sharing", "building block": "mission", "due date": "2030"}
    ],
    "measures": [
        {
            "kind": "technical measure",
            "name": "Shared storage",
            "measure field": "storage",
            "activity status": "planned",
            "technologies": "battery",
            "located in": "Example District",
            "addresses obstacle": "Too little capacity in the grid",
            "developed by": "Example Atelier",
            "supports": "Example District",
        }
    ],
    "obstacles": [
        {
            "name": "Too little capacity in the grid",
            "origin": "grid capacity",
            "hinders": "Example District",
            "identified by": "Example Atelier",
        }
    ],
    "arrangements": [
        {"kind": "organisation structure", "name": "Board of residents", "supports": "Example Atelier"},
        {"kind": "business model", "name": "Leasing of roofs", "valid from": "2024-01-01"},
    ],
    "policies": [{"name": "Example plan", "issued": "2018"}],
    "requirements": [
        {
            "name": "Cooperation in the city",
            "policy": "Example plan",
            "requires": "stakeholder cooperation",
            "actor type": "citizens; industry",
            **SOURCE,
        }
    ],
    "deliverables": [
        {
            "title": "Organisation of the atelier",
            "number": "D3.1",
            "project": "Example Project",
            "contact": "Ada Example",
        }
    ],
    "registers": [
        {
            "name": "List of example districts",
            "publisher": "Municipality of Example City",
            "address": "https://example.org/list",
        }
    ],
    "pictures": [
        {
            "name": "Map of the district",
            "part of": "Yearly report of Example District",
            "credit": "Ada Example, 2025",
            "rights": "All rights reserved.",
        }
    ],
}
