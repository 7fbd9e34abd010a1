"""The words that a preview puts between the labels of the graph, in five languages.

Properties of other vocabularies have no labels in the graph, so theirs stand here too.
"""

from __future__ import annotations

from typing import Final

from pedgraph.vocabulary.iris import PREFIXES

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "nl", "de", "fr", "es")

# Key → the words in the order of LANGUAGES.
_PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "role": (
        "role of {who} in {where}", "rol van {who} in {where}", "Rolle von {who} in {where}",
        "rôle de {who} dans {where}", "papel de {who} en {where}",
    ),
    "somebody": ("somebody", "iemand", "jemand", "une personne", "alguien"),
    "balance": ("energy balance", "energiebalans", "Energiebilanz", "bilan énergétique", "balance energético"),
    "no year": ("no year", "geen jaar", "kein Jahr", "sans année", "sin año"),
    "lacks": ("lacks: {what}", "ontbreekt: {what}", "es fehlt: {what}", "il manque : {what}", "falta: {what}"),
}  # fmt: skip

_PROPERTIES: Final[dict[str, tuple[str, ...]]] = {
    "adms:identifier": ("identifier", "identificatie", "Kennung", "identifiant", "identificador"),
    "adms:schemaAgency": ("issued by", "uitgegeven door", "vergeben von", "attribué par", "emitido por"),
    "bibo:number": ("number", "nummer", "Nummer", "numéro", "número"),
    "dcterms:creator": ("creator", "maker", "Urheber", "créateur", "creador"),
    "dcterms:description": ("description", "beschrijving", "Beschreibung", "description", "descripción"),
    "dcterms:isPartOf": ("part of", "onderdeel van", "Teil von", "fait partie de", "parte de"),
    "dcterms:issued": ("issued", "uitgebracht", "erschienen", "publié", "publicado"),
    "dcterms:license": ("licence", "licentie", "Lizenz", "licence", "licencia"),
    "dcterms:publisher": ("publisher", "uitgever", "Herausgeber", "éditeur", "editor"),
    "dcterms:rights": ("rights", "rechten", "Rechte", "droits", "derechos"),
    "dcterms:title": ("title", "titel", "Titel", "titre", "título"),
    "geo:hasDefaultGeometry": ("geometry", "geometrie", "Geometrie", "géométrie", "geometría"),
    "geo:hasGeometry": ("geometry", "geometrie", "Geometrie", "géométrie", "geometría"),
    "geo:asWKT": ("outline", "omtrek", "Umriss", "contour", "contorno"),
    "rdf:type": ("kind", "soort", "Art", "type", "tipo"),
    "rdfs:label": ("label", "naam", "Bezeichnung", "libellé", "etiqueta"),
    "schema:creditText": ("credit", "bronvermelding", "Bildnachweis", "crédit", "crédito"),
    "schema:endDate": ("end date", "einddatum", "Enddatum", "date de fin", "fecha de fin"),
    "schema:eventAttendanceMode": (
        "way of attending", "wijze van deelname", "Art der Teilnahme", "mode de participation", "modo de asistencia",
    ),
    "schema:geo": ("coordinates", "coördinaten", "Koordinaten", "coordonnées", "coordenadas"),
    "schema:latitude": ("latitude", "breedtegraad", "Breitengrad", "latitude", "latitud"),
    "schema:location": ("place", "plaats", "Ort", "lieu", "lugar"),
    "schema:longitude": ("longitude", "lengtegraad", "Längengrad", "longitude", "longitud"),
    "schema:sameAs": ("same as", "hetzelfde als", "dasselbe wie", "identique à", "igual que"),
    "schema:startDate": ("start date", "begindatum", "Anfangsdatum", "date de début", "fecha de inicio"),
    "schema:superEvent": ("part of event", "onderdeel van", "Teil von", "fait partie de", "parte de"),
    "schema:url": ("web address", "webadres", "Webadresse", "adresse web", "dirección web"),
    "skos:altLabel": ("other label", "andere naam", "andere Bezeichnung", "autre libellé", "otra etiqueta"),
    "skos:notation": ("code", "code", "Code", "code", "código"),
}  # fmt: skip


def phrase(language: str, key: str, **parts: str) -> str:
    """A phrase in a language, with its parts filled in."""
    return _PHRASES[key][LANGUAGES.index(language)].format(**parts)


def property_name(language: str, iri: str) -> str | None:
    """What a property of another vocabulary is called in a language, or ``None`` where it is not known here."""
    for prefix, namespace in PREFIXES.items():
        names = _PROPERTIES.get(f"{prefix}:{iri.removeprefix(namespace)}") if iri.startswith(namespace) else None
        if names is not None:
            return names[LANGUAGES.index(language)]
    return None
