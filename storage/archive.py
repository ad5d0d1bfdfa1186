"""The archive: what was published, found again by its words and by those of the pages it links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.excerpt import Piece, excerpt
from core.model import Post, PostId
from core.query import Query
from storage.batches import batches
from storage.keys import NEWEST, first_key, key_time
from storage.posts import Posts
from storage.relevance import Term
from storage.search import ALL_WORDS, ANY_WORD, SearchIndex, Where
from storage.subject import Subject
from storage.tables import ArticleRow, ChannelRow, ListChannelRow, PostArticleRow, PostRow

_IN_ARTICLE = 0.6  # a word in a linked article says less of the post than one in the post
_ALL_WORDS = 1_000_000  # what has all the words comes before what has any
_FRESH_DAYS = 45.0  # a post this old is worth half of what it would be today
_OLD = 0.5  # the least that remains of it where any words will do: which of them it has counts for more
_RANKED, _ARTICLES = 400, 100  # at most, of posts and of articles: to rank is to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A post that a search found. `article` is the title of the linked page where the words stand there; `copies` is
    how many other hits say the same."""

    post: Post
    excerpt: tuple[Piece, ...]
    article: str | None = None
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of search results; `more` says whether another one follows."""

    found: tuple[Found, ...]
    more: bool


class Archive(Subject):
    """Searches, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._posts = SearchIndex(connection, "post_words")
        self._articles = SearchIndex(connection, "article_words")

    async def search(self, query: Query, now: datetime, *, limit: int, offset: int = 0) -> Page:
        """The best posts for the query, by relevance and freshness; a post is found by its linked article, too.

        All words must be there; where too few posts have them all, posts with any of them follow. Of posts that say the
        same the best is shown, with the number of the others.
        """
        channels = await self._channels_of(query)
        worth: dict[int, float] = {}
        fingerprints: dict[int, int] = {}
        shown: list[tuple[int, int]] = []
        for strict in (True, False) if len(query.terms) > 1 else (True,):
            hits = await self._hits(query, channels, now, strict=strict)
            for key, value in hits.items():
                worth.setdefault(key, value + _ALL_WORDS * strict)
            fingerprints |= await self._fingerprints(hits.keys() - fingerprints.keys())
            best_first = sorted(fingerprints, key=lambda key: (-worth[key], -key))
            shown = _once(best_first, fingerprints)
            if len(shown) > limit + offset:
                break
        copies = dict(shown[offset : offset + limit])
        posts = await Posts(self._connection).by_ids(copies)
        articles = await self._articles_of(list(copies))
        found = [_found(posts[PostId(key)], articles.get(key, ()), query.telling, more) for key, more in copies.items()]
        return Page(found=tuple(found), more=len(shown) > offset + limit)

    async def _hits(self, query: Query, channels: Where, now: datetime, *, strict: bool) -> dict[int, float]:
        """Posts with all the words, or with any, and what each of them is worth."""
        low = first_key(query.since) if query.since else 0
        high = first_key(query.until) - 1 if query.until else NEWEST
        worth = await self._of_posts(query, channels, low, high, strict=strict)
        for key, value in (await self._of_articles(query, channels, low, high, strict=strict)).items():
            worth[key] = max(worth.get(key, 0.0), value)
        return {key: value * _freshness(key, now, 0.0 if strict else _OLD) for key, value in worth.items()}

    async def _of_posts(self, query: Query, channels: Where, low: int, high: int, *, strict: bool) -> dict[int, float]:
        if strict:
            keys, weights = await self._posts.with_all(query, channels, low, high, ALL_WORDS), _even(query)
        else:
            most = max(ANY_WORD, ALL_WORDS // len(query.telling))
            keys, weights = await self._posts.with_any(query, channels, low, high, most)
        return await self._posts.relevance(keys[:_RANKED], weights)

    async def _of_articles(
        self, query: Query, channels: Where, low: int, high: int, *, strict: bool
    ) -> dict[int, float]:
        """The first posts that link the articles found; what filters a post says nothing of an article."""
        words = replace(query, language=None)
        filtered = not channels.is_everywhere or bool(query.language or query.since or query.until)
        if strict:
            most = _ARTICLES * (10 if filtered else 1)
            keys, weights = await self._articles.with_all(words, Where(), 0, NEWEST, most), _even(query)
        else:
            most = _ARTICLES * (3 if filtered else 1) // 3
            keys, weights = await self._articles.with_any(words, Where(), 0, NEWEST, most)
        posts = await self._linking(keys, query, channels, low, high)
        ranked = await self._articles.relevance([key for key in keys if key in posts][:_ARTICLES], weights)
        worth: dict[int, float] = {}
        for article, value in ranked.items():
            worth[posts[article]] = max(worth.get(posts[article], 0.0), value * _IN_ARTICLE)
        return worth

    async def _linking(
        self, articles: Sequence[int], query: Query, channels: Where, low: int, high: int
    ) -> dict[int, int]:
        """The first post within the query's filters that links each of these articles."""
        found: dict[int, int] = {}
        for batch in batches(articles):
            statement = (
                select(col(PostArticleRow.article_id), func.min(col(PostArticleRow.post_id)))
                .join(PostRow, col(PostRow.id) == col(PostArticleRow.post_id))
                .where(
                    col(PostArticleRow.article_id).in_(batch),
                    col(PostRow.id).between(low, high),
                    col(PostRow.deleted_at).is_(None),
                )
                .group_by(col(PostArticleRow.article_id))
            )
            if channels.only is not None:
                statement = statement.where(col(PostRow.channel_id).in_(channels.only))
            if channels.but:
                statement = statement.where(col(PostRow.channel_id).not_in(channels.but))
            if query.language:
                statement = statement.where(col(PostRow.language) == query.language)
            found.update((article, post) for article, post in await self._connection.execute(statement))
        return found

    async def _fingerprints(self, keys: Iterable[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for batch in batches(sorted(keys)):
            # written out: to bind five hundred keys takes longer than to find them
            statement = f"SELECT id, fingerprint FROM post WHERE id IN ({', '.join(map(str, batch))})"  # noqa: S608 - whole numbers
            rows: Sequence[Any] = (await self._connection.exec_driver_sql(statement)).all()
            found.update((key, fingerprint) for key, fingerprint in rows)
        return found

    async def _articles_of(self, posts: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        statement = (
            select(col(PostArticleRow.post_id), col(ArticleRow.title), col(ArticleRow.text))
            .join(ArticleRow, col(ArticleRow.id) == col(PostArticleRow.article_id))
            .where(col(PostArticleRow.post_id).in_(posts), col(ArticleRow.text).is_not(None))
        )
        found: dict[int, list[tuple[str, str]]] = {}
        for post, title, words in await self._connection.execute(statement):
            found.setdefault(post, []).append((title or "", words or ""))
        return found

    async def _channels_of(self, query: Query) -> Where:
        """The channels that the query's filters leave."""
        but = await self._named(query.but_channels) | await self._listed(query.but_lists)
        if not query.channels and not query.lists:
            return Where(but=sorted(but))
        named, listed = await self._named(query.channels), await self._listed(query.lists)
        chosen = named & listed if query.channels and query.lists else named | listed
        return Where(only=sorted(chosen - but) or [-1])

    async def _named(self, names: Sequence[str]) -> set[int]:
        if not names:
            return set()
        named = select(col(ChannelRow.id)).where(col(ChannelRow.key).in_(names))
        return {key for key in await self._connection.scalars(named) if key is not None}

    async def _listed(self, lists: Sequence[str]) -> set[int]:
        if not lists:
            return set()
        listed = select(col(ListChannelRow.channel_id)).where(col(ListChannelRow.list_id).in_(lists))
        return set((await self._connection.scalars(listed)).all())


def _even(query: Query) -> dict[str, float]:
    """All stems weigh the same where every text has them all."""
    return {stem: 1.0 for run in query.telling for stem in run}


def _freshness(key: int, now: datetime, least: float) -> float:
    age = max((now - key_time(key)).total_seconds() / 86_400, 0.0)
    return least + (1 - least) * _FRESH_DAYS / (_FRESH_DAYS + age)


def _once(best_first: Iterable[int], fingerprints: Mapping[int, int]) -> list[tuple[int, int]]:
    """The posts of which none says what another before it says, and how many others say the same as each."""
    copies: dict[int, int] = {}
    leaders: dict[int, int] = {}
    for key in best_first:
        leader = leaders.setdefault(fingerprints[key] or -key - 1, key)
        copies[leader] = copies.get(leader, -1) + 1
    return list(copies.items())


def _found(post: Post, articles: Sequence[tuple[str, str]], wanted: Sequence[Term], copies: int) -> Found:
    own = excerpt(post.body, wanted)
    if not any(piece.found for piece in own):
        for title, words in articles:
            theirs = excerpt(words, wanted)
            if any(piece.found for piece in theirs):
                return Found(post=post, excerpt=theirs, article=title, copies=copies)
    return Found(post=post, excerpt=own, copies=copies)
