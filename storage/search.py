"""The full-text index, behind one function: FTS5 on SQLite, `tsvector` on PostgreSQL.

Both index stems that `core.words` makes, so Russian and English word forms meet on either. Channel and language are
indexed as words of their own ("marks"), and a post's key is its time: each filter is answered inside the index.
Ranking every post that holds a very common word would read half the archive, so only the newest CANDIDATES hits are
ranked, and those of the last RECENT_DAYS alone where they are ENOUGH: a rarer word has fewer, and for a common one it
is freshness that decides.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.query import Query
from core.words import stems
from storage.keys import NEWEST, first_key, key_time

CANDIDATES = 400
ENOUGH = 100
RECENT_DAYS = 90
FRESH_DAYS = 45.0  # a post this old is worth half of what it would be today
_LONGEST = 20_000  # characters of a text that are indexed

Indexed = tuple[int, str, Sequence[str]]  # key, text, marks


def channel_mark(channel_id: int) -> str:
    return f"c{channel_id}"


def language_mark(language: str) -> str:
    return f"l{language}"


class SearchIndex:
    """The index of one kind of text: `posts` or `articles`, by the table that holds it."""

    def __init__(self, connection: AsyncConnection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._sqlite = connection.dialect.name == "sqlite"

    async def put(self, texts: Iterable[Indexed], *, replacing: bool) -> None:
        """Index these texts; `replacing` where some may be indexed already."""
        rows = [(key, stems(words[:_LONGEST]), marks) for key, words, marks in texts]
        if not rows:
            return
        if replacing:
            await self.drop(key for key, _, _ in rows)
        if self._sqlite:
            statement = text(f"INSERT INTO {self._table} (rowid, words, marks) VALUES (:id, :words, :marks)")  # noqa: S608
            values = [{"id": key, "words": " ".join(words), "marks": " ".join(marks)} for key, words, marks in rows]
        else:
            statement = text(f"INSERT INTO {self._table} (id, words) VALUES (:id, CAST(:words AS tsvector))")  # noqa: S608
            values = [{"id": key, "words": _vector(words, marks)} for key, words, marks in rows]
        await self._connection.execute(statement, values)

    async def drop(self, keys: Iterable[int]) -> None:
        """Take these texts out of the index."""
        column = "rowid" if self._sqlite else "id"
        statement = text(f"DELETE FROM {self._table} WHERE {column} = :id")  # noqa: S608
        if values := [{"id": key} for key in keys]:
            await self._connection.execute(statement, values)

    async def find(
        self, query: Query, channels: Sequence[int] | None, now: datetime, *, strict: bool, timed: bool = True
    ) -> dict[int, float]:
        """The newest hits with their worth, relevance times freshness. `strict`: all terms, else any; `channels` None:
        all; `timed` False where keys are not made of time."""
        low = first_key(query.since) if query.since and timed else 0
        high = first_key(query.until) - 1 if query.until and timed else NEWEST
        match = _fts5(query, channels, strict) if self._sqlite else _tsquery(query, channels, strict)
        recent = first_key(min(query.until or now, now) - timedelta(days=RECENT_DAYS))
        hits = await self._ranked(match, recent, high) if timed and recent > low else {}
        if len(hits) < ENOUGH:
            hits = await self._ranked(match, low, high)
        return {key: value * _freshness(key, now) for key, value in hits.items()} if timed else hits

    async def _ranked(self, match: str, low: int, high: int) -> dict[int, float]:
        statement = (_FIND_SQLITE if self._sqlite else _FIND_POSTGRES).format(table=self._table)
        bounds = {"match": match, "low": low, "high": high, "most": CANDIDATES}
        rows = await self._connection.execute(text(statement), bounds)
        return {key: float(relevance) for key, relevance in rows}


_FIND_SQLITE = """
    SELECT rowid, -bm25({table}) FROM {table}
    WHERE {table} MATCH :match AND rowid BETWEEN :low AND :high ORDER BY rowid DESC LIMIT :most
"""
# The hits are cut down before they are ranked: PostgreSQL would rank each of them on its way to the sort.
_FIND_POSTGRES = """
    SELECT id, ts_rank_cd(words, CAST(:match AS tsquery), 1) FROM (
        SELECT id, words FROM {table} WHERE words @@ CAST(:match AS tsquery) AND id BETWEEN :low AND :high
        ORDER BY id DESC LIMIT :most
    ) AS newest
"""


def _freshness(key: int, now: datetime) -> float:
    age = max((now - key_time(key)).total_seconds() / 86_400, 0.0)
    return FRESH_DAYS / (FRESH_DAYS + age)


def _marks(query: Query, channels: Sequence[int] | None) -> list[list[str]]:
    """Groups of marks: one of each group must be there."""
    groups = [] if channels is None else [[channel_mark(channel) for channel in channels]]
    return [*groups, [language_mark(query.language)]] if query.language else groups


def _fts5(query: Query, channels: Sequence[int] | None, strict: bool) -> str:
    # Stems are letters and digits alone, so a pair of quotes makes each of them a plain string of FTS5.
    def phrase(run: Sequence[str]) -> str:
        return '"' + " ".join(run) + '"'

    match = f"words : ({(' AND ' if strict else ' OR ').join(map(phrase, query.terms))})"
    for group in _marks(query, channels):
        match = f"({match}) AND marks : ({' OR '.join(phrase([mark]) for mark in group)})"
    if query.without:
        match = f"({match}) NOT words : ({' OR '.join(map(phrase, query.without))})"
    return match


def _tsquery(query: Query, channels: Sequence[int] | None, strict: bool) -> str:
    def phrase(run: Sequence[str]) -> str:
        return "(" + " <-> ".join(f"'{word}'" for word in run) + ")"

    match = f"({(' & ' if strict else ' | ').join(map(phrase, query.terms))})"
    for group in _marks(query, channels):
        match += " & (" + " | ".join(f"'#{mark}'" for mark in group) + ")"
    for run in query.without:
        match += f" & !{phrase(run)}"
    return match


_MOST_POSITIONS = 255  # of one word in a tsvector
_LAST_POSITION = 16_383


def _vector(words: Sequence[str], marks: Sequence[str]) -> str:
    """A tsvector as PostgreSQL writes it: stems with their places, marks with a # that no stem has and no place."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words[:_LAST_POSITION], 1):
        found = places.setdefault(word, [])
        if len(found) < _MOST_POSITIONS:
            found.append(place)
    lexemes = [f"'{word}':{','.join(map(str, found))}" for word, found in places.items()]
    return " ".join([*lexemes, *(f"'#{mark}'" for mark in marks)])
