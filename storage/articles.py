"""Linked pages: each read once, stored once under its canonical address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.model import Article, ArticleId, PostId
from storage.batches import batches
from storage.lock import in_turn
from storage.search import SearchIndex, language_mark
from storage.tables import ArticleRow, PostArticleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedArticle:
    """A page that posts link and that has not been read; `attempts` failed so far."""

    id: ArticleId
    url: str
    attempts: int


class Articles:
    """What the product asks of linked pages, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._index = SearchIndex(connection, "article_words")
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def wanted(self, now: datetime, limit: int) -> tuple[WantedArticle, ...]:
        """Pages to be read now, the newest links first: their posts are the ones still to be told."""
        statement = (
            select(col(ArticleRow.id), col(ArticleRow.url), col(ArticleRow.attempts))
            .where(
                col(ArticleRow.state) == "new", or_(col(ArticleRow.next_at).is_(None), col(ArticleRow.next_at) <= now)
            )
            .order_by(col(ArticleRow.id).desc())
            .limit(limit)
        )
        rows = await self._connection.execute(statement)
        return tuple(WantedArticle(id=ArticleId(key or 0), url=url, attempts=tries) for key, url, tries in rows)

    async def store(self, wanted: ArticleId, article: Article) -> ArticleId:
        """Keep what was read. Where its canonical address is known already, the posts that linked the other address are
        led there; gives the id under which the article stands."""
        await in_turn(self._connection)
        known = await self._connection.scalar(select(col(ArticleRow.id)).where(col(ArticleRow.url) == article.url))
        former = await self._connection.scalar(select(col(ArticleRow.url)).where(col(ArticleRow.id) == wanted))
        if known is not None and known != wanted:
            await self._lead(wanted, known)
            wanted = ArticleId(known)
        values = {
            "url": article.url,
            "state": "read",
            "title": article.title,
            "author": article.author,
            "date": article.date,
            "text": article.text,
            "language": article.language,
            "next_at": None,
            "reason": None,
        }
        await self._connection.execute(update(ArticleRow).where(col(ArticleRow.id) == wanted).values(**values))
        if known is None and former is not None:  # the address that was linked stays known, too
            alias = {"url": former, "state": "same", "same_as": wanted, "attempts": 0}
            await self._connection.execute(self._upsert(ArticleRow).on_conflict_do_nothing(), [alias])
        words = f"{article.title or ''}\n{article.text}"
        await self._index.put([(wanted, words, (language_mark(article.language),))], replacing=True)
        return wanted

    async def _lead(self, other: int, canonical: int) -> None:
        posts = (
            await self._connection.scalars(
                select(col(PostArticleRow.post_id)).where(col(PostArticleRow.article_id) == other)
            )
        ).all()
        await self._connection.execute(delete(PostArticleRow).where(col(PostArticleRow.article_id) == other))
        if posts:
            await self._connection.execute(
                self._upsert(PostArticleRow).on_conflict_do_nothing(),
                [{"post_id": post, "article_id": canonical} for post in posts],
            )
        await self._connection.execute(
            update(ArticleRow).where(col(ArticleRow.id) == other).values(state="same", same_as=canonical, next_at=None)
        )

    async def failed(self, wanted: ArticleId, reason: str, next_at: datetime | None) -> None:
        """The page could not be read: again at `next_at`, or never where that is None."""
        values: dict[str, Any] = {"attempts": col(ArticleRow.attempts) + 1, "reason": reason, "next_at": next_at}
        if next_at is None:
            values["state"] = "failed"
        await self._connection.execute(update(ArticleRow).where(col(ArticleRow.id) == wanted).values(**values))

    async def of_posts(self, posts: Collection[PostId]) -> dict[PostId, tuple[Article, ...]]:
        """The articles that these posts link, as far as they have been read."""
        found: dict[PostId, list[Article]] = {}
        keys: Sequence[int] = sorted(posts)
        for batch in batches(keys):
            statement = (
                select(
                    col(PostArticleRow.post_id),
                    col(ArticleRow.url),
                    col(ArticleRow.title),
                    col(ArticleRow.text),
                    col(ArticleRow.author),
                    col(ArticleRow.date),
                    col(ArticleRow.language),
                )
                .join(ArticleRow, col(ArticleRow.id) == col(PostArticleRow.article_id))
                .where(col(PostArticleRow.post_id).in_(batch), col(ArticleRow.state) == "read")
                .order_by(col(PostArticleRow.post_id), col(ArticleRow.id))
            )
            for post, url, title, text, author, date, language in await self._connection.execute(statement):
                article = Article(
                    url=url, title=title, text=text or "", author=author, date=date, language=language or ""
                )
                found.setdefault(PostId(post), []).append(article)
        return {post: tuple(articles) for post, articles in found.items()}
