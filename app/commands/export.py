"""`courant export`: the archive as JSON Lines."""

from dataclasses import asdict

import click

from app.console import in_loop, put_json, settings
from app.post_lines import stored_object, utc
from app.wiring import open_store
from core.model import ArticleId, Reader
from core.settings import Settings
from storage.store import Store

_BATCH = 1000
_WHAT = ("posts", "articles", "stories", "readers")


@click.command("export", short_help="The archive as JSON Lines.")
@click.argument("what", type=click.Choice(_WHAT), default="posts")
def command(what: str) -> None:
    """Posts (deleted ones too) with the keys of `clean --posts` and "edits", "deleted", "story"; or the articles that
    they link, with what each said before its page changed; or stories; or readers with what they follow."""
    in_loop(_export(settings(), what))


async def _export(chosen: Settings, what: str) -> None:
    async with open_store(chosen) as store:
        await {"posts": _posts, "articles": _articles, "stories": _stories, "readers": _readers}[what](store)


async def _posts(store: Store) -> None:
    async with store.read() as tx:
        async for post in tx.posts.every(_BATCH):
            put_json(stored_object(post))


async def _articles(store: Store) -> None:
    after = ArticleId(0)
    async with store.read() as tx:
        while page := await tx.articles.page(after, _BATCH):
            former = await tx.articles.former([key for key, _ in page])
            for key, article in page:
                put_json(
                    {
                        "url": article.url,
                        "title": article.title,
                        "author": article.author,
                        "date": utc(article.date),
                        "language": article.language,
                        "text": article.text,
                        "former": [
                            {"until": utc(each.seen_at), "title": each.title, "text": each.text}
                            for each in former.get(key, ())
                        ],
                    }
                )
            after = page[-1][0]


async def _stories(store: Store) -> None:
    after = -1
    async with store.read() as tx:
        while page := await tx.stories.page(after, _BATCH):
            for key, first, last, posts in page:
                put_json({"id": str(key), "first": utc(first), "last": utc(last), "posts": posts})
            after = page[-1][0]


async def _readers(store: Store) -> None:
    async with store.read() as tx:
        for reader in await tx.readers.all():
            put_json(_object(reader))


def _object(reader: Reader) -> dict[str, object]:
    return {
        **asdict(reader),
        "due_at": utc(reader.due_at),
        "told_until": utc(reader.told_until),
        "lists": list(reader.lists),
        "channels": list(reader.channels),
    }
