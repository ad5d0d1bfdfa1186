"""The one door of the archive: posts of any source are cleaned and stored.

    NewPost ── learn the channel's signature ── clean ── store, with what was learned, in one transaction

A batch may come twice: what is stored is compared, and the signature learns from a post once.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.model import ChannelId, CleanPost, Kind, NewPost, Post, PostId
from ingest.clean import clean, tidy
from ingest.links import article_links
from ingest.signature import SignatureModel, learn
from storage.store import Store

ARTICLE_AGE = timedelta(days=14)  # pages linked by older posts are not fetched: an import would ask for thousands
RIPE = (8, 24, 64)  # posts of a channel at which its signature is so much better known that its posts are read again
_AGAIN = 100  # of its newest posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a batch: posts that were new, edited or unchanged, and those without an id or a date."""

    new: int = 0
    edited: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            new=self.new + other.new,
            edited=self.edited + other.edited,
            unchanged=self.unchanged + other.unchanged,
            skipped=self.skipped + other.skipped,
        )


class Intake:
    """Takes posts in. Its sources may call it at the same time; batches wait for each other."""

    def __init__(self, store: Store, clock: Clock, hint: Callable[[], None] | None = None) -> None:
        """`hint` is called after a batch that brought something new; it may be lost."""
        self._store, self._clock = store, clock
        self._hint = hint or (lambda: None)
        self._models: dict[str, SignatureModel] = {}
        self._turn = asyncio.Lock()

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        """Clean and store a batch of posts, of any channels; at most a few thousand at a time."""
        fit = [post for post in posts if post.message_id is not None and post.date is not None]
        if not fit:
            return Taken(skipped=len(posts))
        async with self._turn:
            taken = await self._take(fit)
        if taken.new or taken.edited:
            self._hint()
        return replace(taken, skipped=len(posts) - len(fit))

    async def _take(self, posts: Sequence[NewPost]) -> Taken:
        titles = {post.channel.lower(): post.channel_title or "" for post in posts}
        spelled = {post.channel.lower(): post.channel for post in posts}
        async with self._store.read() as tx:
            known = await tx.posts.known((post.channel, post.message_id or 0) for post in posts)
            unread = [key for key in spelled if key not in self._models]
            channels = await tx.channels.by_names(unread) if unread else {}
        for key in unread:
            self._models[key] = _model(channels[key].signature if key in channels else None)
        fresh = frozenset(post_at for post_at in map(_at, posts) if post_at not in known)
        now = self._clock()
        cleaned, models = await asyncio.to_thread(_clean, posts, self._models, fresh, now)
        learned = {key: models[key] for key in spelled if models[key] is not self._models[key]}
        ripe = [key for key, model in learned.items() if _ripened(self._models[key].posts, model.posts)]
        async with self._store.begin() as tx:
            ids = await tx.channels.ensure(spelled.values(), titles)
            added = await tx.posts.add(cleaned, ids, now)
            await tx.channels.learn({ids[key]: _document(model) for key, model in learned.items()})
        self._models.update(learned)
        for key in ripe:
            await self._read_again(ids[key], self._models[key])
        return Taken(new=added.new, edited=added.edited, unchanged=added.unchanged)

    async def _read_again(self, channel: ChannelId, model: SignatureModel) -> None:
        """Clean a channel's newest posts once more, with what is known of its signature by now."""
        async with self._store.read() as tx:
            posts = await tx.posts.latest_of(channel, _AGAIN)
        better = await asyncio.to_thread(_better, posts, model)
        if better:
            async with self._store.begin() as tx:
                await tx.posts.rewrite(better)


def _clean(
    posts: Sequence[NewPost], models: Mapping[str, SignatureModel], fresh: frozenset[tuple[str, int]], now: datetime
) -> tuple[list[CleanPost], dict[str, SignatureModel]]:
    learned = dict(models)
    by_channel: dict[str, list[NewPost]] = {}
    for post in posts:
        if _at(post) in fresh:
            by_channel.setdefault(post.channel.lower(), []).append(post)
    for channel, own in by_channel.items():
        learned[channel] = learn(learned[channel], ((tidy(post.text), post.links) for post in own))
    recent = now - ARTICLE_AGE
    cleaned = (clean(post, learned[post.channel.lower()]) for post in posts)
    return [_with_articles(each) if _is_recent(each, recent) else each for each in cleaned], learned


def _is_recent(read: CleanPost, since: datetime) -> bool:
    return read.post.date is not None and read.post.date >= since


def _with_articles(read: CleanPost) -> CleanPost:
    links = article_links(read.post, read.body) if read.kind is Kind.NEWS else ()
    return replace(read, articles=links) if links else read


def _better(posts: Iterable[Post], model: SignatureModel) -> dict[PostId, CleanPost]:
    """The posts that the model reads otherwise than they were read."""
    found: dict[PostId, CleanPost] = {}
    for post in posts:
        source = NewPost(
            channel=post.channel,
            message_id=post.message_id,
            date=post.date,
            text=post.text,
            links=post.links,
            channel_title=post.channel_title,
            service=post.kind is Kind.SERVICE,
        )
        better = clean(source, model)
        if better.body != post.body:
            found[post.id] = better
    return found


def _at(post: NewPost) -> tuple[str, int]:
    return post.channel.lower(), post.message_id or 0


def _ripened(before: int, after: int) -> bool:
    return any(before < age <= after for age in RIPE)


def _model(document: Mapping[str, object] | None) -> SignatureModel:
    try:
        return SignatureModel.from_json(json.dumps(document)) if document else SignatureModel()
    except ValueError:  # of another version: it is learned anew
        return SignatureModel()


def _document(model: SignatureModel) -> dict[str, object]:
    document: dict[str, object] = json.loads(model.to_json())
    return document
