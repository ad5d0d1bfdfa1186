"""The full-text index, behind one function: FTS5 on SQLite, `tsvector` on PostgreSQL.

Both index stems that `core.words` makes, so Russian and English word forms meet on either. Channel and language are
indexed as words of their own ("marks"), and a post's key is its time: each filter is answered inside the index.
Ranking every post that holds a very common word would read half the archive, so only the newest hits are ranked: of a
search for all words the newest ALL_WORDS, of one for any words the newest ANY_WORD of each (more where the words are
few), so that a rare word's old posts stand beside a common one's new ones. `storage.relevance` ranks them, the same for
both databases.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isqrt
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.query import Query
from core.tags import words_of_tags
from core.words import stems
from storage.batches import batches
from storage.keys import NEWEST
from storage.relevance import MOST_PLACES, Places, Term, relevance, share, weight, weights

ALL_WORDS = 400
ANY_WORD = 100
MOST_TERMS = 16  # of which any is sought: the longest, which are the rarest
_EVERY = 1000  # newest texts by which it is judged how common a word is
_LONGEST = 20_000  # characters of a text that are indexed


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where to look: in the channels `only` (None: in all), and in none of those of `but`."""

    only: Sequence[int] | None = None
    but: Sequence[int] = ()

    @property
    def is_everywhere(self) -> bool:
        return self.only is None and not self.but


Indexed = tuple[int, Sequence[str], Sequence[str]]  # key, stems, marks


def channel_mark(channel_id: int) -> str:
    return f"c{channel_id}"


def language_mark(language: str) -> str:
    return f"l{language}"


def found_by(text: str) -> list[str]:
    """The stems that a text is found by: of its words, and at the end of those that its tags are made of."""
    text = text[:_LONGEST]
    return [*stems(text), *stems(words_of_tags(text))]


class SearchIndex:
    """The index of one kind of text: `posts` or `articles`, by the table that holds it."""

    def __init__(self, connection: AsyncConnection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._sqlite = connection.dialect.name == "sqlite"
        self._key = "rowid" if self._sqlite else "id"

    async def put(self, texts: Iterable[Indexed], *, replacing: bool) -> None:
        """Index these texts; `replacing` where some may be indexed already."""
        rows = list(texts)
        if not rows:
            return
        if replacing:
            await self.drop(key for key, _, _ in rows)
        if self._sqlite:
            plain = [(key, " ".join(words), " ".join(marks)) for key, words, marks in rows]
            await self._connection.exec_driver_sql(self._sql(_PUT_SQLITE), plain)
        else:
            values = [{"id": key, "words": vector(words, marks)} for key, words, marks in rows]
            await self._connection.execute(text(self._sql(_PUT_POSTGRES)), values)

    async def drop(self, keys: Iterable[int]) -> None:
        """Take these texts out of the index."""
        if values := [{"id": key} for key in keys]:
            await self._connection.execute(text(self._sql(_DROP)), values)

    async def look(self) -> None:
        """See whether the index is there."""
        await self._connection.execute(text(self._sql(_NONE)))

    async def with_all(self, query: Query, channels: Where, low: int, high: int, most: int) -> list[int]:
        """The newest `most` keys from `low` to `high` of texts with all terms."""
        return (await self._newest([query.terms], query, channels, low, high, most))[0]

    async def with_any(
        self, query: Query, channels: Where, low: int, high: int, most: int
    ) -> tuple[list[int], dict[str, float]]:
        """The newest `most` keys from `low` to `high` of each term that tells something, those that seem best first,
        and what each stem weighs."""
        terms = sorted(query.telling, key=lambda term: -sum(map(len, term)))[:MOST_TERMS]
        terms.sort(key=query.telling.index)
        hits = await self._newest([[term] for term in terms], query, channels, low, high, most)
        if not any(hits):
            return [], {}
        every, first = await self._every(low, high)
        shares = [share(each, most, every, _EVERY, first) for each in hits]
        seen: dict[int, float] = {}
        for part, each in zip(shares, hits, strict=True):
            for key in each:
                seen[key] = seen.get(key, 0.0) + weight(part)
        return sorted(seen, key=lambda key: (-seen[key], -key)), weights(terms, shares)

    async def relevance(self, keys: Sequence[int], weights: Mapping[str, float]) -> dict[int, float]:
        """How well each of these texts answers the stems, given what each of them weighs."""
        read = _fts5_places if self._sqlite else _tsvector_places
        texts: dict[int, Places] = {}
        for batch in batches(keys):
            statement = self._sql(_TEXTS, keys=", ".join(map(str, batch)))
            rows: Sequence[Any] = (await self._connection.exec_driver_sql(statement)).all()
            texts.update((key, read(words, weights)) for key, words in rows)
        return relevance(texts, weights)

    async def _newest(
        self,
        asked: Sequence[Sequence[Term]],
        query: Query,
        channels: Where,
        low: int,
        high: int,
        most: int,
    ) -> list[list[int]]:
        """The newest `most` keys, the newest first, of texts within the query's filters that have all terms of each run
        asked for."""
        groups = [] if channels.only is None else [[channel_mark(channel) for channel in channels.only]]
        but = [channel_mark(channel) for channel in channels.but]
        if query.language:
            groups.append([language_mark(query.language)])
        if not self._sqlite:
            without = [*query.without, *((f"#{mark}",) for mark in but)]
            matches = [_tsquery(terms, without) for terms in asked]
            return await self._newest_of_postgres(matches, _marks_tsquery(groups), low, high, most)
        statement = text(" UNION ALL ".join(self._sql(_MATCHING, place=place) for place in range(len(asked))))
        values = {f"match_{place}": _fts5(terms, groups, query.without, but) for place, terms in enumerate(asked)}
        found: list[list[int]] = [[] for _ in asked]
        for place, key in await self._connection.execute(statement, {**values, "low": low, "high": high, "most": most}):
            found[place].append(key)
        return found

    async def _newest_of_postgres(
        self, matches: Sequence[str], marks: str, low: int, high: int, most: int
    ) -> list[list[int]]:
        """PostgreSQL can read its word index, all hits and in no order, or the newest rows until enough of them match.
        Either is slow where the other is fast, and the planner's guess at how many rows have two words together is
        often wrong: the newest rows show it."""
        bounds = {"low": low, "high": high, "most": most, "marks": marks}
        marked = "AND words @@ CAST(:marks AS tsquery)" if marks else ""
        sample = {"matches": list(matches), "rows": _SAMPLE, **bounds}
        rows = (await self._connection.execute(text(self._sql(_SAMPLED, marked=marked)), sample)).all()
        found = [list(keys) for keys, _ in rows]
        left = [at for at, (keys, looked_at) in enumerate(rows) if len(keys) < most and looked_at == _SAMPLE]
        if frequent := [at for at in left if len(found[at]) >= 3 * isqrt(most)]:
            depths = [most * _SAMPLE * 3 // (2 * len(found[at])) for at in frequent]
            deeper = {"matches": [matches[at] for at in frequent], "depths": depths, **bounds}
            whole = await self._keys(text(self._sql(_DEEPER, marked=marked)), deeper)
            for at, keys in zip(frequent, whole, strict=True):
                found[at] = keys
        if short := [at for at in left if len(found[at]) < most]:
            indexed = {"matches": [matches[at] for at in short], **bounds}
            statement = text(self._sql(_INDEXED, marked=marked, within=_within(low, high)))
            whole = await self._keys(statement, indexed)
            found = [whole[short.index(at)] if at in short else keys for at, keys in enumerate(found)]
        return found

    async def _every(self, low: int, high: int) -> tuple[list[int], int]:
        """The newest keys of any texts, and the oldest."""
        bounds = {"low": low, "high": high}
        rows = (await self._connection.execute(text(self._sql(_KEYS)), {"most": _EVERY, **bounds})).all()
        return [key for key, _ in rows], rows[0][1] if rows else low

    def _sql(self, pattern: str, **parts: object) -> str:
        """The statement with the names of this index. What others wrote is bound, and never a part of it."""
        return pattern.format(table=self._table, key=self._key, **parts)

    async def _keys(self, statement: Any, values: Mapping[str, Any]) -> list[Any]:
        return list((await self._connection.scalars(statement, values)).all())


_PUT_SQLITE = "INSERT INTO {table} (rowid, words, marks) VALUES (?, ?, ?)"
_PUT_POSTGRES = "INSERT INTO {table} (id, words) VALUES (:id, CAST(:words AS tsvector))"
_NONE = "SELECT {key}, words FROM {table} LIMIT 0"
_DROP = "DELETE FROM {table} WHERE {key} = :id"
_TEXTS = "SELECT {key}, words FROM {table} WHERE {key} IN ({keys})"  # to bind the keys takes longer than to find them
_KEYS = """
    SELECT {key}, (SELECT {key} FROM {table} WHERE {key} BETWEEN :low AND :high ORDER BY {key} LIMIT 1) AS oldest
    FROM {table} WHERE {key} BETWEEN :low AND :high ORDER BY {key} DESC LIMIT :most
"""
_MATCHING = """
    SELECT * FROM (
        SELECT {place}, rowid FROM {table} WHERE {table} MATCH :match_{place} AND rowid BETWEEN :low AND :high
        ORDER BY rowid DESC LIMIT :most
    )
"""
_SAMPLE = 2000  # newest rows that are looked at before anything else
_SAMPLED = """
    WITH newest AS MATERIALIZED (
        SELECT id, words FROM {table} WHERE id BETWEEN :low AND :high ORDER BY id DESC LIMIT :rows
    )
    SELECT ARRAY(SELECT id FROM newest WHERE words @@ match {marked} LIMIT :most), (SELECT count(*) FROM newest)
    FROM unnest(CAST(:matches AS tsquery[])) WITH ORDINALITY AS asked (match, place) ORDER BY place
"""
_DEEPER = """
    SELECT ARRAY(
        SELECT id FROM (
            SELECT id, words FROM {table} WHERE id BETWEEN :low AND :high ORDER BY id DESC LIMIT depth
        ) AS newest WHERE words @@ match {marked} LIMIT :most
    ) FROM unnest(CAST(:matches AS tsquery[]), CAST(:depths AS bigint[]))
        WITH ORDINALITY AS asked (match, depth, place) ORDER BY place
"""
# The sum keeps the planner from the order of keys.
_INDEXED = """
    SELECT ARRAY(
        SELECT id FROM {table} WHERE words @@ match {marked} {within} ORDER BY id + 0 DESC LIMIT :most
    ) FROM unnest(CAST(:matches AS tsquery[])) WITH ORDINALITY AS asked (match, place) ORDER BY place
"""


def _within(low: int, high: int) -> str:
    """Only those bounds that bound something: where PostgreSQL has not counted a table yet it takes any range for a
    narrow one, and would read the keys of the whole archive to find those of a few hits among them."""
    return "AND id >= :low " * (low > 0) + "AND id <= :high" * (high < NEWEST)


def _fts5(terms: Sequence[Term], groups: Sequence[Sequence[str]], without: Sequence[Term], but: Sequence[str]) -> str:
    """`groups` are marks of each of which one must be there, and `but` those that must not."""

    # in quotes it is a plain string of FTS5, whatever a reader wrote for a language
    def phrase(run: Sequence[str]) -> str:
        return '"' + " ".join(run).replace('"', '""') + '"'

    match = f"words : ({' AND '.join(map(phrase, terms))})"
    for group in groups:
        match = f"({match}) AND marks : ({' OR '.join(phrase([mark]) for mark in group)})"
    if but:
        match = f"({match}) NOT marks : ({' OR '.join(phrase([mark]) for mark in but)})"
    if without:
        match = f"({match}) NOT words : ({' OR '.join(map(phrase, without))})"
    return match


def _tsquery(terms: Sequence[Term], without: Sequence[Term]) -> str:
    def phrase(run: Sequence[str]) -> str:
        return "(" + " <-> ".join(map(_lexeme, run)) + ")"

    return " & ".join([*map(phrase, terms), *(f"!{phrase(run)}" for run in without)])


def _marks_tsquery(groups: Sequence[Sequence[str]]) -> str:
    """A mark of each group. It stands beside the query for the words, for PostgreSQL reads its index three times as
    long where the many channels of a list are a part of that."""
    return " & ".join("(" + " | ".join(_lexeme(f"#{mark}") for mark in group) + ")" for group in groups)


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _fts5_places(words: str, wanted: Mapping[str, float]) -> Places:
    """Of a text as FTS5 keeps it: its stems in their order."""
    run = words.split()
    of = {stem: _places(run, stem) for stem in wanted if stem in words}
    return Places(len(set(run)), {stem: places for stem, places in of.items() if places})


def _places(run: list[str], stem: str) -> list[int]:
    found: list[int] = []
    at = 0
    with suppress(ValueError):
        while len(found) < MOST_PLACES:
            at = run.index(stem, at) + 1
            found.append(at)
    return found


def _tsvector_places(words: str, wanted: Mapping[str, float]) -> Places:
    """Of a tsvector as PostgreSQL writes it: 'stem':1,5 'other':2 '#mark'."""
    of: dict[str, list[int]] = {}
    for stem in wanted:
        at = words.find(f"'{stem}':")
        if at >= 0:
            at += len(stem) + 3
            end = words.find(" ", at)
            places = words[at : None if end < 0 else end].split(",", MOST_PLACES)
            of[stem] = [int(place) for place in places[:MOST_PLACES]]
    return Places(words.count("':"), of)


_MOST_POSITIONS = 255  # of one word in a tsvector
_LAST_POSITION = 16_383


def vector(words: Sequence[str], marks: Sequence[str]) -> str:
    """A tsvector as PostgreSQL writes it: stems with their places, marks with a # that no stem has and no place."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words[:_LAST_POSITION], 1):
        found = places.setdefault(word, [])
        if len(found) < _MOST_POSITIONS:
            found.append(place)
    lexemes = [f"'{word}':{','.join(map(str, found))}" for word, found in places.items()]
    return " ".join([*lexemes, *(f"'#{mark}'" for mark in marks)])
