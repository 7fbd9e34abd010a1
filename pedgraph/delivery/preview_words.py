"""The fixed words of a shown preview, in the five languages that there are messages in."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("en", "nl", "de", "fr", "es")

# Key → the words in the order of LANGUAGES.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "title": (
        "What this submission would change", "Wat deze inzending zou veranderen", "Was diese Einreichung ändern würde",
        "Ce que cette contribution changerait", "Lo que cambiaría este envío",
    ),
    "compared": (
        "Compared with version {version}.", "Vergeleken met versie {version}.", "Verglichen mit Version {version}.",
        "Comparé à la version {version}.", "Comparado con la versión {version}.",
    ),
    "nothing": (
        "It changes nothing: every fact in it is known already.", "Er verandert niets: elk feit was al bekend.",
        "Es ändert sich nichts: alles darin ist schon bekannt.",
        "Rien ne change : tous ses faits sont déjà connus.", "No cambia nada: todos sus hechos ya se conocen.",
    ),
    "added": ("added", "toegevoegd", "neu", "ajouté", "añadido"),
    "removed": ("removed", "verwijderd", "entfernt", "retiré", "eliminado"),
    "changed": ("changed", "gewijzigd", "geändert", "modifié", "cambiado"),
    "derived": (
        "follows from others", "volgt uit andere", "folgt aus anderen", "découle d'autres", "se deduce de otros",
    ),
    "repeated": (
        "stated already by others", "al door anderen vermeld", "schon von anderen genannt", "déjà dit par d'autres",
        "ya dicho por otros",
    ),
    "kept": (
        "stays, as others state it too", "blijft, want anderen vermelden het ook", "bleibt, da andere es auch sagen",
        "reste, car d'autres le disent aussi", "se queda, pues otros también lo dicen",
    ),
    "derived_elsewhere": (
        "follows in other vocabularies", "volgt in andere vocabulaires", "folgt in anderen Vokabularen",
        "découle dans d'autres vocabulaires", "se deduce en otros vocabularios",
    ),
    "facts": ("Facts", "Feiten", "Aussagen", "Faits", "Hechos"),
    "new": ("new", "nieuw", "neu", "nouveau", "nuevo"),
    "gone": ("gone", "weg", "fällt weg", "disparu", "desaparece"),
    "more": ("and {count} more", "en nog {count}", "und {count} weitere", "et {count} de plus", "y {count} más"),
    "conflicts": (
        "Conflicts with accepted claims", "Strijdig met aanvaarde uitspraken", "Widersprüche zu angenommenen Aussagen",
        "Conflits avec des énoncés acceptés", "Conflictos con afirmaciones aceptadas",
    ),
    "side by side": (
        "Both values would stand side by side; none is merged or lost.",
        "Beide waarden zouden naast elkaar staan; er gaat niets verloren.",
        "Beide Werte stünden nebeneinander; keiner geht verloren.",
        "Les deux valeurs resteraient côte à côte ; aucune n'est perdue.",
        "Ambos valores quedarían uno junto al otro; ninguno se pierde.",
    ),
    "settled": (
        "Conflicts that end", "Tegenstrijdigheden die verdwijnen", "Widersprüche, die enden",
        "Conflits qui disparaissent", "Conflictos que terminan",
    ),
    "about": ("What", "Wat", "Was", "Quoi", "Qué"),
    "now": ("Now", "Nu", "Jetzt", "Maintenant", "Ahora"),
    "with": (
        "With this submission", "Met deze inzending", "Mit dieser Einreichung", "Avec cette contribution",
        "Con este envío",
    ),
    "none": ("nothing", "niets", "nichts", "rien", "nada"),
    "statuses": (
        "Assessed statuses that change", "Beoordeelde statussen die veranderen", "Geänderte Bewertungen",
        "Statuts évalués qui changent", "Estados evaluados que cambian",
    ),
    "duplicates": (
        "Possible duplicates", "Mogelijke dubbelen", "Mögliche Dubletten", "Doublons possibles", "Posibles duplicados",
    ),
    "same name": (
        "has the same name as", "heet hetzelfde als", "heißt genauso wie", "porte le même nom que",
        "se llama igual que",
    ),
    "like name": (
        "is called almost as", "heet bijna zoals", "heißt fast wie", "porte presque le même nom que",
        "se llama casi como",
    ),
    "new_entities": ("New things", "Nieuwe zaken", "Neues", "Nouveautés", "Cosas nuevas"),
    "touched": (
        "Things that others describe too", "Zaken die anderen ook beschrijven", "Was auch andere beschreiben",
        "Ce que d'autres décrivent aussi", "Cosas que otros también describen",
    ),
    "findings": ("Findings", "Bevindingen", "Befunde", "Constats", "Hallazgos"),
    "findings new": (
        "New with this submission", "Nieuw met deze inzending", "Neu mit dieser Einreichung",
        "Nouveaux avec cette contribution", "Nuevos con este envío",
    ),
    "findings known": ("Known already", "Al bekend", "Schon bekannt", "Déjà connus", "Ya conocidos"),
    "findings gone": ("No longer found", "Niet meer gevonden", "Nicht mehr gefunden", "Disparus", "Ya no aparecen"),
    "violation": ("violation", "overtreding", "Verstoß", "violation", "infracción"),
    "warning": ("warning", "waarschuwing", "Warnung", "avertissement", "advertencia"),
    "info": ("hint", "tip", "Hinweis", "conseil", "consejo"),
    "answers": (
        "Stored queries whose answer changes", "Opgeslagen vragen met een ander antwoord",
        "Gespeicherte Abfragen mit anderer Antwort", "Requêtes dont la réponse change",
        "Consultas cuya respuesta cambia",
    ),
    "rows": ("rows", "rijen", "Zeilen", "lignes", "filas"),
    "rows go": ("Rows that go", "Rijen die verdwijnen", "Zeilen, die gehen", "Lignes qui partent", "Filas que se van"),
    "rows come": (
        "Rows that come", "Rijen die erbij komen", "Zeilen, die kommen", "Lignes qui arrivent", "Filas que llegan",
    ),
    "broken": (
        "Promises of stored queries that break", "Beloften van opgeslagen vragen die breken",
        "Gebrochene Zusagen gespeicherter Abfragen", "Promesses de requêtes rompues",
        "Promesas de consultas que se rompen",
    ),
    "broken already": (
        "is so already", "is al zo", "ist schon so", "l'est déjà", "ya es así",
    ),
    "unchanged": (
        "{count} stored queries give the same answer.", "{count} opgeslagen vragen geven hetzelfde antwoord.",
        "{count} gespeicherte Abfragen antworten gleich.", "{count} requêtes donnent la même réponse.",
        "{count} consultas dan la misma respuesta.",
    ),
    "not compared": (
        "Not compared, as they took too long: {names}.", "Niet vergeleken, want het duurde te lang: {names}.",
        "Nicht verglichen, da es zu lange dauerte: {names}.", "Non comparés, car trop longs : {names}.",
        "Sin comparar, por tardar demasiado: {names}.",
    ),
}  # fmt: skip


def words(language: str) -> dict[str, str]:
    """All words in a language, in English where there are none in it."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: each[place] for key, each in _WORDS.items()}
