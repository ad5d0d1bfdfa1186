"""`courant export`: the archive as JSON Lines."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict

import click

from app.console import in_loop, progress, put_json
from app.post_lines import stored_object, utc
from app.wiring import open_store
from core.model import ArticleId
from core.settings import Settings, load_settings
from storage.batches import batches
from storage.store import Transaction

_BATCH = 1000
_WHAT = ("posts", "articles", "stories", "readers")
Objects = AsyncGenerator[dict[str, object]]


@click.command("export")
@click.argument("what", type=click.Choice(_WHAT), default="posts")
def command(what: str) -> None:
    """Posts (deleted ones too) with the keys of `clean --posts` and "edits", "deleted", "story"; or the articles that
    they link, with what each said before its page changed; or stories; or readers with what they follow, want and
    have asked for of late."""
    in_loop(_export(load_settings(), what))


async def _export(chosen: Settings, what: str) -> None:
    async with open_store(chosen) as store, store.read() as tx:
        with progress(f"{what} written", beside_data=True) as tell:
            written = 0
            async with aclosing(_OBJECTS[what](tx)) as objects:
                async for each in objects:
                    put_json(each)
                    written += 1
                    if written % _BATCH == 0:
                        tell(written)


async def _posts(tx: Transaction) -> Objects:
    async for post in tx.posts.every(_BATCH):
        yield stored_object(post)


async def _articles(tx: Transaction) -> Objects:
    after = ArticleId(0)
    while page := await tx.articles.page(after, _BATCH):
        former = await tx.articles.former([key for key, _ in page])
        for key, article in page:
            yield {
                "url": article.url,
                "title": article.title,
                "author": article.author,
                "date": utc(article.date),
                "language": article.language,
                "text": article.text,
                "former": [
                    {"until": utc(each.seen_at), "title": each.title, "text": each.text} for each in former.get(key, ())
                ],
            }
        after = page[-1][0]


async def _stories(tx: Transaction) -> Objects:
    after = -1
    while page := await tx.stories.page(after, _BATCH):
        for key, first, last, posts in page:
            yield {"id": str(key), "first": utc(first), "last": utc(last), "posts": posts}
        after = page[-1][0]


async def _readers(tx: Transaction) -> Objects:
    for some in batches(await tx.readers.all()):
        tastes = await tx.tastes.of_all([reader.id for reader in some])
        asked = await tx.queries.of_all([reader.id for reader in some])
        for reader in some:
            taste = tastes[reader.id]
            known = asdict(reader)
            del known["titles"]
            yield {
                **known,
                "due_at": utc(reader.due_at),
                "told_until": utc(reader.told_until),
                "keywords": [{"word": each.word, "wanted": each.wanted} for each in taste.keywords],
                "likings": [
                    {"more": each.more, "words": [word for _, word in each.terms], "date": utc(each.given_at)}
                    for each in taste.likings
                ],
                "asked": [{"text": text, "date": utc(asked_at)} for text, asked_at in asked[reader.id]],
            }


_OBJECTS: Mapping[str, Callable[[Transaction], Objects]] = {
    "posts": _posts,
    "articles": _articles,
    "stories": _stories,
    "readers": _readers,
}
