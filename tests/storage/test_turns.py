"""PostgreSQL has many writers at a time; what ingest keeps has one."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from sqlalchemy import event, text

from core.errors import StorageUnavailable
from core.model import Article, ArticleId, ChannelId, Counts, ReaderId, Source, StoryId
from storage.readings import WasRead
from storage.store import Store, Transaction
from tests.posts import MORNING, a_stored_post

READ = WasRead(channel=ChannelId(1), cursor=1, oldest=1, read_at=MORNING, next_at=None)
WRITERS: Mapping[str, Callable[[Transaction], Awaitable[object]]] = {
    "lists": lambda tx: tx.channels.take_over([], {}),
    "what a channel says of itself": lambda tx: tx.channels.describe(ChannelId(1), "", 1),
    "a signature": lambda tx: tx.channels.learn({ChannelId(1): {}}),
    "a name": lambda tx: tx.channels.ensure(["news"]),
    "a number": lambda tx: tx.channels.identify(ChannelId(1), 1),
    "a name left": lambda tx: tx.channels.leave_name(ChannelId(1)),
    "an invite": lambda tx: tx.channels.admit(ChannelId(1), 1, "news"),
    "a way": lambda tx: tx.channels.change_over({ChannelId(1): "web"}, MORNING),
    "a reading": lambda tx: tx.channels.were_read(Source.WEB, [READ]),
    "history": lambda tx: tx.channels.went_back(ChannelId(1), Source.WEB, oldest=1),
    "an account's channels": lambda tx: tx.channels.all_due("first", MORNING),
    "a wait": lambda tx: tx.channels.postpone([ChannelId(1)], Source.WEB, "", MORNING, now=MORNING),
    "a failure": lambda tx: tx.channels.failed(ChannelId(1), Source.WEB, "", MORNING, now=MORNING),
    "posts": lambda tx: tx.posts.add([], {}, MORNING),
    "deletions": lambda tx: tx.posts.mark_deleted(ChannelId(1), [1], MORNING),
    "counts": lambda tx: tx.posts.were_counted(ChannelId(1), {1: Counts(views=1)}, MORNING),
    "posts read again": lambda tx: tx.posts.rewrite({}),
    "stages": lambda tx: tx.posts.went_through([a_stored_post()]),
    "stories": lambda tx: tx.stories.assign({}, {}),
    "an article": lambda tx: tx.articles.store(ArticleId(1), Article(url="", title=None, text=""), MORNING),
    "a page": lambda tx: tx.articles.failed(ArticleId(1), "", None),
    "a page looked at again": lambda tx: tx.articles.checked(ArticleId(1), None),
    "the pages of a host": lambda tx: tx.articles.give_up("host", ""),
    "addresses": lambda tx: tx.peers.keep_all("first", {}),
    "an address that leads nowhere": lambda tx: tx.peers.forget("first", ChannelId(1)),
    "addresses of a former name": lambda tx: tx.peers.belong_to("first", "former"),
    "members": lambda tx: tx.peers.joined("first", [], []),
    "the end of a reader": lambda tx: tx.readers.forget(ReaderId(1)),
    "old parts": lambda tx: tx.outbox.forget_payloads(MORNING, 1),
    "a folder": lambda tx: tx.folders.was_read("slug", "", [], 0, MORNING, MORNING),
    "a folder that failed": lambda tx: tx.folders.failed("slug", "", MORNING),
}


async def test_whoever_writes_what_ingest_keeps_waits_for_others_that_do_before_all_else(postgres_url: str) -> None:
    """Else two of them wait for each other's rows, and the server ends one of them."""
    store = await Store.open(postgres_url)
    asked: dict[str, list[str]] = {what: [] for what in WRITERS}
    try:
        async with store.begin() as first:
            await first.channels.ensure([])
            for what, write in WRITERS.items():
                with suppress(StorageUnavailable):
                    async with store.begin() as other:
                        await other._connection.execute(text("SET LOCAL lock_timeout = 1"))
                        connection, note = other._connection.sync_connection, asked[what].append
                        event.listen(connection, "before_cursor_execute", lambda *call, note=note: note(call[2]))
                        await write(other)
    finally:
        await store.close()
    assert asked == {what: ["SELECT pg_advisory_xact_lock(1, 1)"] for what in WRITERS}


async def test_who_carries_memories_from_story_to_story_waits_for_who_writes_them_down(postgres_url: str) -> None:
    """Else each may wait for a row that the other has, of which both write many."""
    store = await Store.open(postgres_url)
    waited: list[str] = []
    writers: Mapping[str, Callable[[Transaction], Awaitable[object]]] = {
        "told as well": lambda tx: tx.memories.remember(ReaderId(2), {}),
        "not told after all": lambda tx: tx.memories.unlearn(ReaderId(2), []),
        "joins": lambda tx: tx.stories.assign({}, {StoryId(1): StoryId(2)}),
        "joins nothing": lambda tx: tx.stories.assign({}, {}),
    }
    try:
        async with store.begin() as first:
            await first.memories.remember(ReaderId(1), {})
            for what, write in writers.items():
                try:
                    async with store.begin() as other:
                        await other._connection.execute(text("SET LOCAL lock_timeout = 1"))
                        await write(other)
                except StorageUnavailable:
                    waited.append(what)
    finally:
        await store.close()
    assert waited == ["joins"]
