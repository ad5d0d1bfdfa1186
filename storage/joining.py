"""One channel that came in under two names: its number, from an import, and its public name, from reading it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.model import ChannelId, PostId
from storage.batches import batches
from storage.post_rows import indexed
from storage.search import SearchIndex
from storage.stories import StoryBook
from storage.tables import ChannelRow, ListChannelRow, PostRow, SubscriptionRow


async def join(connection: AsyncConnection, kept: ChannelId, gone: ChannelId) -> None:
    """Let `kept` have the posts, lists and readers of `gone`, which ends. Where both have a message, that of `kept`
    stays."""
    own = aliased(PostRow)
    doubled = exists().where(col(own.channel_id) == kept, col(own.message_id) == col(PostRow.message_id))
    of_gone = select(col(PostRow.id)).where(col(PostRow.channel_id) == gone)
    await _drop(connection, (await connection.scalars(of_gone.where(doubled))).all())
    for batch in batches((await connection.scalars(of_gone)).all()):
        await connection.execute(update(PostRow).where(col(PostRow.id).in_(batch)).values(channel_id=kept))
        await _index(connection, batch)
    await _carry(connection, kept, gone)
    await connection.execute(delete(ChannelRow).where(col(ChannelRow.id) == gone))


async def _drop(connection: AsyncConnection, posts: Sequence[int]) -> None:
    """Take these posts out, of their stories and the index, too."""
    await SearchIndex(connection, "post_words").drop(posts)
    await StoryBook(connection).assign(dict.fromkeys(map(PostId, posts)), {})
    for batch in batches(posts):
        await connection.execute(delete(PostRow).where(col(PostRow.id).in_(batch)))


async def _index(connection: AsyncConnection, posts: Sequence[int]) -> None:
    columns = (col(PostRow.id), col(PostRow.channel_id), col(PostRow.text), col(PostRow.body), col(PostRow.language))
    statement = select(*columns).where(col(PostRow.id).in_(posts), col(PostRow.deleted_at).is_(None))
    rows = await connection.execute(statement)
    await SearchIndex(connection, "post_words").put([indexed(row._asdict()) for row in rows], replacing=True)


async def _carry(connection: AsyncConnection, kept: ChannelId, gone: ChannelId) -> None:
    """Lists that name `gone` and readers that follow it have `kept` instead."""
    await move_lists(connection, gone, kept)
    both = select(col(ChannelRow.id), col(ChannelRow.key), col(ChannelRow.active))
    rows = {row.id: row for row in await connection.execute(both.where(col(ChannelRow.id).in_([kept, gone])))}
    await move_readers(connection, rows[gone].key, rows[kept].key)
    active = rows[kept].active or rows[gone].active
    await connection.execute(update(ChannelRow).where(col(ChannelRow.id) == kept).values(active=active))


async def move_lists(connection: AsyncConnection, gone: ChannelId, kept: ChannelId) -> None:
    """Lists that name the one channel name the other, once."""
    already: Any = select(col(ListChannelRow.list_id)).where(col(ListChannelRow.channel_id) == kept)
    await connection.execute(
        update(ListChannelRow)
        .where(col(ListChannelRow.channel_id) == gone, col(ListChannelRow.list_id).not_in(already))
        .values(channel_id=kept)
    )


async def move_readers(connection: AsyncConnection, gone: str, kept: str) -> None:
    """Readers who follow the channel of the one key follow that of the other, once."""
    subscribed = and_(col(SubscriptionRow.kind) == "channel", col(SubscriptionRow.target) == gone)
    doubled = select(col(SubscriptionRow.reader_id)).where(
        col(SubscriptionRow.kind) == "channel", col(SubscriptionRow.target) == kept
    )
    await connection.execute(delete(SubscriptionRow).where(subscribed, col(SubscriptionRow.reader_id).in_(doubled)))
    await connection.execute(update(SubscriptionRow).where(subscribed).values(target=kept))
