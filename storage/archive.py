"""The archive: what was published, found again by its words and by those of the pages it links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.excerpt import Piece, excerpt
from core.model import Post, PostId
from core.query import Query
from storage.batches import batches
from storage.keys import NEWEST, first_key
from storage.posts import Posts
from storage.search import SearchIndex
from storage.tables import ArticleRow, ChannelRow, ListChannelRow, PostArticleRow, PostRow

_IN_ARTICLE = 0.6  # a word in a linked article says less of the post than one in the post


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A post that a search found. `article` is the title of the linked page where the words stand there."""

    post: Post
    excerpt: tuple[Piece, ...]
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of search results; `more` says whether another one follows."""

    found: tuple[Found, ...]
    more: bool


class Archive:
    """Searches, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._posts = SearchIndex(connection, "post_words")
        self._articles = SearchIndex(connection, "article_words")

    async def search(self, query: Query, now: datetime, *, limit: int, offset: int = 0) -> Page:
        """The best posts for the query, by relevance and freshness; a post is found by its linked article, too.

        All words must be there; where too few posts have them all, posts with any of them follow.
        """
        channels = await self._channels_of(query)
        worth: dict[int, float] = {}
        for strict in (True, False) if len(query.terms) > 1 else (True,):
            for key, value in (await self._hits(query, channels, now, strict=strict)).items():
                worth.setdefault(key, value + 1_000_000 * strict)  # all words before any words
            if len(worth) > limit + offset:
                break
        best = sorted(worth, key=lambda key: (-worth[key], -key))[offset : offset + limit]
        posts = await Posts(self._connection).by_ids(best)
        wanted = [stem for run in query.terms for stem in run]
        articles = await self._articles_of(best)
        found = [_found(posts[PostId(key)], articles.get(key, ()), wanted) for key in best if key in posts]
        return Page(found=tuple(found), more=len(worth) > offset + limit)

    async def _hits(
        self, query: Query, channels: Sequence[int] | None, now: datetime, *, strict: bool
    ) -> dict[int, float]:
        hits = await self._posts.find(query, channels, now, strict=strict)
        in_articles = await self._articles.find(replace(query, language=None), None, now, strict=strict, timed=False)
        for key, value in (await self._linking(in_articles, query, channels)).items():
            hits[key] = max(hits.get(key, 0.0), value)
        return hits

    async def _linking(
        self, articles: Mapping[int, float], query: Query, channels: Sequence[int] | None
    ) -> dict[int, float]:
        """The first post that links each of these articles, with the article's worth."""
        low = first_key(query.since) if query.since else 0
        high = first_key(query.until) - 1 if query.until else NEWEST
        found: dict[int, float] = {}
        for batch in batches(sorted(articles)):
            statement = (
                select(func.min(col(PostArticleRow.post_id)), col(PostArticleRow.article_id))
                .join(PostRow, col(PostRow.id) == col(PostArticleRow.post_id))
                .where(
                    col(PostArticleRow.article_id).in_(batch),
                    col(PostRow.id).between(low, high),
                    col(PostRow.deleted_at).is_(None),
                )
                .group_by(col(PostArticleRow.article_id))
            )
            if channels is not None:
                statement = statement.where(col(PostRow.channel_id).in_(channels))
            if query.language:
                statement = statement.where(col(PostRow.language) == query.language)
            for post, article in await self._connection.execute(statement):
                found[post] = max(found.get(post, 0.0), articles[article] * _IN_ARTICLE)
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

    async def _channels_of(self, query: Query) -> list[int] | None:
        """The channels that the query's filters leave, or None for all."""
        if not query.channels and not query.lists:
            return None
        chosen: list[set[int | None]] = []
        if query.channels:
            by_name = select(col(ChannelRow.id)).where(col(ChannelRow.key).in_(query.channels))
            chosen.append(set((await self._connection.scalars(by_name)).all()))
        if query.lists:
            by_list = select(col(ListChannelRow.channel_id)).where(col(ListChannelRow.list_id).in_(query.lists))
            chosen.append(set((await self._connection.scalars(by_list)).all()))
        return sorted(key for key in set.intersection(*chosen) if key is not None) or [-1]


def _found(post: Post, articles: Sequence[tuple[str, str]], wanted: Sequence[str]) -> Found:
    own = excerpt(post.body, wanted)
    if not any(piece.found for piece in own):
        for title, words in articles:
            theirs = excerpt(words, wanted)
            if any(piece.found for piece in theirs):
                return Found(post=post, excerpt=theirs, article=title)
    return Found(post=post, excerpt=own)
