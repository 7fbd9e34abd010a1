"""Search as a service: things by words, from the index of a version, which is made when it is first needed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.delivery.search.asking import SOME_WORDS, Answer, everything, find, opened
from pedgraph.delivery.search.index import FILE_NAME, write_index
from pedgraph.delivery.search.kinds import place_of
from pedgraph.delivery.search.telling import told
from pedgraph.delivery.search.words import words_of
from pedgraph.errors import BadRequest
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from pedgraph.delivery.asking import Asking
    from pedgraph.delivery.made import MadeFiles
    from pedgraph.delivery.search.telling import Result

LONGEST_QUESTION_CHARACTERS: Final = 500
MOST_WORDS: Final = 20


@dataclass(frozen=True)
class Question:
    """What is searched for: words (all things where there are none), a kind of things or all, a language or all, and
    which part of the results.
    """

    text: str
    kind: str = ""
    language: str = ""
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Results:
    """A part of what was found, how much there is of each kind and of the kind that was asked for, and which words
    were taken for others; ``has_all_words`` says whether all of it has all words.
    """

    question: Question
    total: int
    kinds: dict[str, int]
    meant: dict[str, list[str]]
    has_all_words: bool
    results: list[Result]


class Search:
    """Finds things in versions of the graph."""

    def __init__(self, asking: Asking, made: MadeFiles) -> None:
        self._asking = asking
        self._made = made

    async def matching(self, version: int, text: str, kind: str | None = None) -> list[str]:
        """The IRIs of all things that fit, of one kind (the word in their IRIs) or of all, best first.

        Raises :class:`BadRequest` where the text is too long, and the errors of :class:`Asking` and
        :class:`MadeFiles`, as all methods here do.
        """
        question = Question(text, kind or "")
        path = await self._index(version)
        return await asyncio.to_thread(_matching, path, question)

    async def counts(self, version: int) -> dict[str, int]:
        """How many things of each kind can be found, the kinds in the order in which they are shown."""
        path = await self._index(version)
        return await asyncio.to_thread(_counts, path)

    async def languages(self, version: int) -> list[str]:
        """The languages in which things have names or texts."""
        path = await self._index(version)
        return await asyncio.to_thread(_languages, path)

    async def results(self, version: int, question: Question) -> Results:
        """What fits a question. Raises :class:`BadRequest` for a kind or a language that nothing has, too."""
        path = await self._index(version)
        return await asyncio.to_thread(_results, path, question)

    async def suggestions(self, version: int, question: Question) -> list[Result]:
        """The things whose names fit best; raises as :meth:`results`."""
        path = await self._index(version)
        return await asyncio.to_thread(_suggestions, path, question)

    async def _index(self, version: int) -> Path:
        return await self._made.file(version, FILE_NAME, lambda path: self._make(path, version))

    async def _make(self, path: Path, version: int) -> None:
        folder = queries_directory() / "search"
        texts, places = [
            await self._asking.rows(read_stored_query(folder / name).text, version)
            for name in ("texts.rq", "places.rq")
        ]
        await asyncio.to_thread(write_index, path, texts, places)


def _matching(path: Path, question: Question) -> list[str]:
    with opened(path) as database:
        answer = _found(database, question)
    return [found.iri for found in answer.found if question.kind in {"", found.kind}]


def _results(path: Path, question: Question) -> Results:
    with opened(path) as database:
        _check(database, question)
        answer = _found(database, question)
        chosen = [found for found in answer.found if question.kind in {"", found.kind}]
        shown = chosen[question.offset : question.offset + question.limit]
        kinds: dict[str, int] = {}
        for found in answer.found:
            kinds[found.kind] = kinds.get(found.kind, 0) + 1
        return Results(
            question,
            total=len(chosen),
            kinds=_in_order(kinds),
            meant=answer.meant,
            has_all_words=all(found.fit != SOME_WORDS for found in answer.found[:1]),
            results=told(database, [found.thing for found in shown], _words(question, answer), question.language),
        )


def _suggestions(path: Path, question: Question) -> list[Result]:
    with opened(path) as database:
        _check(database, question)
        answer = _found(database, question, names_only=True) if question.text.strip() else Answer()
        chosen = [found.thing for found in answer.found if question.kind in {"", found.kind}]
        return told(database, chosen[: question.limit], _words(question, answer), question.language)


def _found(database: sqlite3.Connection, question: Question, *, names_only: bool = False) -> Answer:
    if len(question.text) > LONGEST_QUESTION_CHARACTERS:
        raise BadRequest(
            f"A search takes up to {LONGEST_QUESTION_CHARACTERS} characters; these are {len(question.text):,}.",
            parameter="q",
            limit_characters=LONGEST_QUESTION_CHARACTERS,
        )
    if not question.text.strip():
        return everything(database)
    words = list(dict.fromkeys(words_of(question.text)))
    if len(words) > MOST_WORDS:
        raise BadRequest(
            f"A search takes up to {MOST_WORDS} words; these are {len(words)}.", parameter="q", limit_words=MOST_WORDS
        )
    return find(database, words, question.language, names_only=names_only)


def _words(question: Question, answer: Answer) -> list[str]:
    """The words by which things were found."""
    meant = [word for words in answer.meant.values() for word in words]
    return [*dict.fromkeys(words_of(question.text)), *meant]


def _check(database: sqlite3.Connection, question: Question) -> None:
    for name, value, known in (
        ("kind", question.kind, list(_counts_in(database))),
        ("language", question.language, _languages_in(database)),
    ):
        if value and value not in known:
            raise BadRequest(
                f"Nothing here has the {name} '{value[:50]}'. There are: {', '.join(known)}.",
                parameter=name,
                known=known,
            )


def _counts(path: Path) -> dict[str, int]:
    with opened(path) as database:
        return _counts_in(database)


def _counts_in(database: sqlite3.Connection) -> dict[str, int]:
    return _in_order(dict(database.execute("SELECT kind, COUNT(*) FROM thing GROUP BY kind")))


def _languages(path: Path) -> list[str]:
    with opened(path) as database:
        return _languages_in(database)


def _languages_in(database: sqlite3.Connection) -> list[str]:
    rows: list[tuple[Any]] = database.execute(
        "SELECT DISTINCT language FROM entry WHERE language != '*' ORDER BY language"
    ).fetchall()
    return [language for (language,) in rows]


def _in_order(kinds: dict[str, int]) -> dict[str, int]:
    return {kind: kinds[kind] for kind in sorted(kinds, key=lambda each: (place_of(each), each))}
