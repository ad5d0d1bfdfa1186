"""Linked pages: each read once, stored once under its canonical address, and looked at again while it is young."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.model import NO_VERSION, UNKNOWN, Article, ArticleId, PageVersion, PostId
from storage.article_queue import WantedArticle, wanted
from storage.batches import batches
from storage.lock import in_turn
from storage.search import SearchIndex, found_by, language_mark
from storage.subject import Subject
from storage.tables import ArticleEditRow, ArticleRow, PostArticleRow, WebHostRow, table_of

MOST_EDITS = 3  # former versions that are kept of an article
MOST_OF_A_HOST = 1000  # pages that are asked for at once
_FORGOTTEN = timedelta(days=7)  # a host whose trouble lies so long back is like any other


def host_of(url: str) -> str:
    """The host that a page is asked of."""
    return urlsplit(url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerText:
    """What an article said until it was seen to have changed."""

    seen_at: datetime
    title: str | None
    text: str


class Articles(Subject):
    """What the product asks of linked pages, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._index = SearchIndex(connection, "article_words")

    async def wanted(
        self, now: datetime, hosts: int, *, each: int = MOST_OF_A_HOST, but: Collection[str] = ()
    ) -> tuple[WantedArticle, ...]:
        """Pages to be read now, of at most so many `hosts`: of each the newest links first (their posts are the ones
        still to be told), at most `each`, and one where the host has been in trouble; none of the hosts in `but` and
        of those that are to be left alone."""
        return await wanted(self._connection, now, hosts, each, but)

    async def store(
        self,
        wanted: ArticleId,
        article: Article,
        now: datetime,
        *,
        version: PageVersion = NO_VERSION,
        next_at: datetime | None = None,
    ) -> ArticleId:
        """Keep what was read, and what it said before where that was something else; `next_at` is when to look again.

        Where its canonical address is known already, or leads to another, the posts that linked the other address are
        led there. Gives the id under which the article stands.
        """
        await in_turn(self._connection)
        own, address = await self._place(wanted, article.url)
        again = own.state == "read"
        if again and own.id != wanted:  # any page may claim an address; what was read of that page itself stays
            return ArticleId(own.id)
        if again and (own.title, own.text) != (article.title, article.text):
            await self._keep_edit(own.id, now, own.title, own.text or "")
        values = {
            "url": address,
            "host": host_of(address),
            "state": "read",
            "title": article.title,
            "author": article.author,
            "date": article.date,
            "text": article.text,
            "language": article.language,
            "next_at": next_at,
            "reason": None,
            "tag": version.tag,
            "modified": version.modified,
            "checks": own.checks + 1 if again else 0,
        }
        await self._connection.execute(update(ArticleRow).where(col(ArticleRow.id) == own.id).values(**values))
        if own.url != address:  # the address that was linked stays known, too
            alias = {"url": own.url, "host": own.host, "state": "same", "same_as": own.id, "attempts": 0}
            await self._connection.execute(self._upsert(ArticleRow).on_conflict_do_nothing(), [alias])
        words = f"{article.title or ''}\n{article.text}"
        await self._index.put([(own.id, found_by(words), (language_mark(article.language),))], replacing=True)
        return ArticleId(own.id)

    async def _place(self, wanted: ArticleId, canonical: str) -> tuple[Any, str]:
        """The row in which what a page says is kept, and under which address: its own, unless its canonical address is
        known as another's."""
        known = await self._row(col(ArticleRow.url) == canonical)
        if known is None:
            return await self._row(col(ArticleRow.id) == wanted), canonical
        if known.same_as is not None:
            known = await self._row(col(ArticleRow.id) == known.same_as)
        if known.id != wanted:
            await self._lead(wanted, known.id)
        return known, known.url

    async def _row(self, clause: Any) -> Any:
        statement = select(
            col(ArticleRow.id),
            col(ArticleRow.url),
            col(ArticleRow.host),
            col(ArticleRow.state),
            col(ArticleRow.same_as),
            col(ArticleRow.title),
            col(ArticleRow.text),
            col(ArticleRow.checks),
        )
        return (await self._connection.execute(statement.where(clause))).one_or_none()

    async def _keep_edit(self, article: int, now: datetime, title: str | None, text: str) -> None:
        edit = {"article_id": article, "seen_at": now, "title": title, "text": text}
        await self._connection.execute(insert(ArticleEditRow), [edit])
        own = select(col(ArticleEditRow.id)).where(col(ArticleEditRow.article_id) == article)
        kept = own.order_by(col(ArticleEditRow.id).desc()).limit(MOST_EDITS)
        await self._connection.execute(
            delete(ArticleEditRow).where(col(ArticleEditRow.article_id) == article, col(ArticleEditRow.id).not_in(kept))
        )

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
            update(ArticleRow)
            .where(or_(col(ArticleRow.id) == other, col(ArticleRow.same_as) == other))
            .values(state="same", same_as=canonical, next_at=None)
        )
        await self._index.drop([other])

    async def failed(self, wanted: ArticleId, reason: str, next_at: datetime | None) -> None:
        """The page could not be read: again at `next_at`, or never where that is None."""
        await in_turn(self._connection)
        values: dict[str, Any] = {"attempts": col(ArticleRow.attempts) + 1, "reason": reason, "next_at": next_at}
        if next_at is None:
            values["state"] = "failed"
        await self._connection.execute(update(ArticleRow).where(col(ArticleRow.id) == wanted).values(**values))

    async def checked(self, article: ArticleId, next_at: datetime | None) -> None:
        """A page that has been read was looked at again, and what was read of it stays."""
        await in_turn(self._connection)
        values = {"checks": col(ArticleRow.checks) + 1, "next_at": next_at}
        await self._connection.execute(update(ArticleRow).where(col(ArticleRow.id) == article).values(**values))

    async def host_failed(self, host: str, reason: str, now: datetime, next_at: datetime) -> None:
        """Leave a host alone until `next_at`."""
        row = {"name": host, "failures": 1, "since": now, "next_at": next_at, "reason": reason}
        once_more = {"failures": col(WebHostRow.failures) + 1, "next_at": next_at, "reason": reason}
        await self._connection.execute(
            self._upsert(WebHostRow).values(**row).on_conflict_do_update(index_elements=["name"], set_=once_more)
        )
        await self._connection.execute(delete(WebHostRow).where(col(WebHostRow.next_at) < now - _FORGOTTEN))

    async def host_answered(self, host: str) -> None:
        """A host is out of trouble."""
        await self._connection.execute(delete(WebHostRow).where(col(WebHostRow.name) == host))

    async def give_up(self, host: str, reason: str) -> None:
        """Stop waiting for the pages of a host; what was read of it stays."""
        await in_turn(self._connection)
        waiting = update(ArticleRow).where(
            col(ArticleRow.state) == literal_column("'new'"), col(ArticleRow.host) == host
        )
        await self._connection.execute(waiting.values(state="failed", reason=reason, next_at=None))
        await self.host_answered(host)

    async def former(self, articles: Collection[ArticleId]) -> dict[ArticleId, tuple[FormerText, ...]]:
        """What these articles said before, the newest first, as far as they changed."""
        found: dict[ArticleId, list[FormerText]] = {}
        for batch in batches(sorted(articles)):
            statement = (
                select(table_of(ArticleEditRow))
                .where(col(ArticleEditRow.article_id).in_(batch))
                .order_by(col(ArticleEditRow.id).desc())
            )
            for row in await self._connection.execute(statement):
                former = FormerText(seen_at=row.seen_at, title=row.title, text=row.text)
                found.setdefault(ArticleId(row.article_id), []).append(former)
        return {key: tuple(some) for key, some in found.items()}

    async def page(self, after: ArticleId, limit: int) -> tuple[tuple[ArticleId, Article], ...]:
        """The first articles behind this one that have been read, in the order in which their links came."""
        statement = (
            select(table_of(ArticleRow))
            .where(col(ArticleRow.id) > after, col(ArticleRow.state) == "read")
            .order_by(col(ArticleRow.id))
            .limit(limit)
        )
        return tuple((ArticleId(row.id), _article(row)) for row in await self._connection.execute(statement))

    async def of_posts(self, posts: Collection[PostId]) -> dict[PostId, tuple[Article, ...]]:
        """The articles that these posts link, as far as they have been read."""
        found: dict[PostId, list[Article]] = {}
        for batch in batches(sorted(posts)):
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
            for row in await self._connection.execute(statement):
                found.setdefault(PostId(row.post_id), []).append(_article(row))
        return {post: tuple(articles) for post, articles in found.items()}


def _article(row: Any) -> Article:
    """A page that has been read, as a value."""
    return Article(
        url=row.url,
        title=row.title,
        text=row.text or "",
        author=row.author,
        date=row.date,
        language=row.language or UNKNOWN,
    )
