"""The one door of the archive: posts of any source are cleaned and stored.

    NewPost ── learn the channel's signature ── clean ── store, with what was learned, in one transaction

A batch may come twice: what is stored is compared, and the signature learns from a post once. A kill in between loses
no more than the batch, which its source then gives again. Batches that come while one is taken are taken together after
it: of a burst of pushes each is a batch of one post, and a transaction for each would keep the last one waiting.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import StorageError
from core.model import CleanPost, Kind, NewPost, Post, PostId, channel_number, post_url
from core.moments import FIRST, LAST
from ingest.cleaning.clean import body_of, clean, clean_all
from ingest.cleaning.kind import kind_of
from ingest.cleaning.links import article_links
from ingest.cleaning.signature import SignatureModel
from storage.incoming import Added
from storage.store import Store

ARTICLE_AGE = timedelta(days=14)  # pages linked by older posts are not fetched: an import would ask for thousands
RIPE = (8, 24, 64)  # posts of a channel at which its signature is so much better known that its posts are read again
TOGETHER = 1000  # posts of batches that are taken as one
_AGAIN = 100  # of its newest posts
_MOST_MODELS = 250  # channels whose signature is kept in memory
_LAST_ID = 2**63
_NAMED = 10  # of the posts that are passed over

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a batch: posts that were new, edited or unchanged (a post given twice counts twice), and those
    without an id or a date, or with one that no post can have."""

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


_NEW, _EDITED, _UNCHANGED = Taken(new=1), Taken(edited=1), Taken(unchanged=1)


@dataclass(eq=False, slots=True, kw_only=True)
class _Batch:
    """Posts that wait to be taken, and what became of them."""

    posts: Sequence[NewPost]
    taken: Taken | None = None


class Intake:
    """Takes posts in. Its sources may call it at the same time; batches wait for each other."""

    def __init__(self, store: Store, clock: Clock, hint: Callable[[], None] | None = None) -> None:
        """`hint` is called after a batch that brought something new; it may be lost."""
        self._store, self._clock = store, clock
        self._hint = hint or (lambda: None)
        self._models: dict[str, SignatureModel] = {}
        self._waiting: list[_Batch] = []
        self._turn = asyncio.Lock()

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        """Clean and store a batch of posts, of any channels; at most a few thousand at a time. What spoils a batch is
        passed over and counted as skipped."""
        fit = [post for post in posts if _is_fit(post)]
        batch = _Batch(posts=fit)
        self._waiting.append(batch)
        try:
            async with self._turn:
                if batch.taken is None:
                    await self._take_waiting(batch)
        finally:
            if batch in self._waiting:
                self._waiting.remove(batch)
        taken = batch.taken or Taken()
        return taken + Taken(skipped=len(posts) - len(fit))

    async def _take_waiting(self, batch: _Batch) -> None:
        """Take this batch, and with it the others that wait. Where that fails, each is taken by itself, in its turn."""
        together = [batch]
        for other in self._waiting:
            if other is not batch and sum(len(each.posts) for each in together) + len(other.posts) <= TOGETHER:
                together.append(other)
        self._waiting = [each for each in self._waiting if each not in together]
        try:
            taken = await self._take_all(together)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - it comes again where nothing can be taken, and is logged where something can
            together, taken = [batch], [await self._take_apart(batch.posts)]
        for each, became in zip(together, taken, strict=True):
            each.taken = became
        if any(became.new or became.edited for became in taken):
            self._hint()

    async def _take_apart(self, posts: Sequence[NewPost]) -> Taken:
        """These posts in halves, until what cannot be taken stands alone: it is passed over, for it would hold up the
        others for ever. Raises where none of them can be taken, for then it is no fault of theirs."""
        if len(posts) < 2:
            return (await self._take_all([_Batch(posts=posts)]))[0]
        taken, failures = Taken(), list[tuple[Sequence[NewPost], Exception]]()
        for half in (posts[: len(posts) // 2], posts[len(posts) // 2 :]):
            try:
                taken += await self._take_apart(half)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - it is logged or raised below
                failures.append((half, error))
        if len(failures) == 2:
            raise failures[0][1]
        for half, cause in failures:
            names = ", ".join(f"{post.channel}/{post.message_id}" for post in half[:_NAMED])
            log.error("%d posts are passed over: %s", len(half), names, exc_info=cause)
            taken += Taken(skipped=len(half))
        return taken

    async def _take_all(self, batches: Sequence[_Batch]) -> list[Taken]:
        posts = await self._under_known_names([post for batch in batches for post in batch.posts])
        owners = [number for number, batch in enumerate(batches) for _ in batch.posts]
        taken = [Taken() for _ in batches]
        for run in _without_repeats(posts):
            became = await self._take([posts[place] for place in run])
            for place, one in zip(run, became, strict=True):
                taken[owners[place]] += one
        return taken

    async def _under_known_names(self, posts: Sequence[NewPost]) -> Sequence[NewPost]:
        """The posts of a channel that is named by its number under the name by which it is known: an export does not
        know another, and what was read live must not come in twice."""
        numbers = {name: number for name in {post.channel for post in posts} if (number := channel_number(name))}
        if not numbers:
            return posts
        async with self._store.read() as tx:
            known = await tx.channels.names_of(numbers.values())
        names = {name: known[number] for name, number in numbers.items() if known.get(number, name) != name}
        return [_renamed(post, names[post.channel]) if post.channel in names else post for post in posts]

    async def _take(self, posts: Sequence[NewPost]) -> list[Taken]:
        """What became of each of these posts, none of which is given twice."""
        spelled = {post.channel.lower(): post.channel for post in posts}
        fresh = await self._look_up(posts, spelled)
        now = self._clock()
        cleaned, models = await asyncio.to_thread(_clean, posts, self._models, fresh, now)
        learned = {key: models[key] for key in spelled if models[key] is not self._models[key]}
        ripe = {key: model for key, model in learned.items() if _ripened(self._models[key].posts, model.posts)}
        better = await self._read_again(ripe) if ripe else {}
        titles = {read.post.channel.lower(): read.post.channel_title for read in cleaned if read.post.channel_title}
        async with self._store.begin() as tx:
            ids = await tx.channels.ensure(spelled.values(), titles)
            await tx.posts.rewrite(better)  # first: this batch may hold an edit of one of them
            added = await tx.posts.add(cleaned, ids, now)
            await tx.channels.learn({ids[key]: model.document() for key, model in learned.items()})
        self._models.update(learned)
        return [_became(added, (ids[key], number)) for key, number in map(_at, posts)]

    async def _look_up(self, posts: Sequence[NewPost], channels: Collection[str]) -> frozenset[tuple[str, int]]:
        """Which of the posts are not stored yet; and load what is known of the signatures of their channels."""
        async with self._store.read() as tx:
            known = await tx.posts.known((post.channel, post.message_id or 0) for post in posts)
            fresh = frozenset(post_at for post_at in map(_at, posts) if post_at not in known)
            learning = self._models.keys() & {key for key, _ in fresh}  # of these another process may have learned, too
            stored = await tx.channels.learned_from(learning) if learning else {}
            outdated = {key for key, number in stored.items() if number != self._models[key].posts}
            unread = [key for key in channels if key not in self._models or key in outdated]
            found = await tx.channels.by_names(unread) if unread else {}
        if len(self._models) > _MOST_MODELS:
            self._models = {key: model for key, model in self._models.items() if key in channels}
        for key in unread:
            self._models[key] = _model(found[key].signature if key in found else None)
        return fresh

    async def _read_again(self, models: Mapping[str, SignatureModel]) -> dict[PostId, CleanPost]:
        """The newest posts of these channels that read otherwise with what is known of their signatures by now."""
        async with self._store.read() as tx:
            channels = await tx.channels.by_names(models)
            posts = {key: await tx.posts.latest_of(channel.id, _AGAIN) for key, channel in channels.items()}
        return await asyncio.to_thread(_better, posts, models)


def _renamed(post: NewPost, name: str) -> NewPost:
    own = post_url(post.channel, 0)[:-1]
    reply = post.reply_to
    if reply is not None and reply.startswith(own):
        reply = f"{post_url(name, 0)[:-1]}{reply.removeprefix(own)}"
    return replace(post, channel=name, reply_to=reply)


def _is_fit(post: NewPost) -> bool:
    """Whether the post can be stored: with an id, and a date that one can have."""
    if post.message_id is None or post.date is None:
        return False
    return 0 < post.message_id < _LAST_ID and FIRST <= post.date < LAST


def _became(added: Added, at: tuple[int, int]) -> Taken:
    if at in added.new_at:
        return _NEW
    return _EDITED if at in added.edited_at else _UNCHANGED


def _without_repeats(posts: Sequence[NewPost]) -> Sequence[Sequence[int]]:
    """The places of the posts in runs that hold each post once: what is given twice goes as if it had come in two."""
    places = [*map(_at, posts)]
    if len({*places}) == len(places):
        return [range(len(places))] if places else []
    runs: list[list[int]] = []
    times: Counter[tuple[str, int]] = Counter()
    for place, at in enumerate(places):
        if times[at] == len(runs):
            runs.append([])
        runs[times[at]].append(place)
        times[at] += 1
    return runs


def _clean(
    posts: Sequence[NewPost], models: Mapping[str, SignatureModel], fresh: frozenset[tuple[str, int]], now: datetime
) -> tuple[list[CleanPost], dict[str, SignatureModel]]:
    cleaned, learned = clean_all(posts, models, lambda post: _at(post) in fresh)
    recent = now - ARTICLE_AGE
    return [_with_articles(each) if _is_recent(each, recent) else each for each in cleaned], learned


def _is_recent(read: CleanPost, since: datetime) -> bool:
    return read.post.date is not None and read.post.date >= since


def _with_articles(read: CleanPost) -> CleanPost:
    links = article_links(read.post, read.body) if read.kind is Kind.NEWS else ()
    return replace(read, articles=links) if links else read


def _better(by_channel: Mapping[str, Iterable[Post]], models: Mapping[str, SignatureModel]) -> dict[PostId, CleanPost]:
    """The posts that the models read otherwise than they were read."""
    found: dict[PostId, CleanPost] = {}
    for channel, posts in by_channel.items():
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
            if body_of(source, models[channel]) != post.body:
                better = clean(source, models[channel])
                # Not all that tells a post's kind is kept with it: a button may mark an advertisement.
                trusted = kind_of(source, post.body, language=post.language)[0] is post.kind
                found[post.id] = better if trusted else replace(better, kind=post.kind, rule=post.rule)
    return found


def _at(post: NewPost) -> tuple[str, int]:
    return post.channel.lower(), post.message_id or 0


def _ripened(before: int, after: int) -> bool:
    return any(before < age <= after for age in RIPE)


def _model(document: Mapping[str, object] | None) -> SignatureModel:
    try:
        return SignatureModel.from_document(document) if document else SignatureModel()
    except ValueError:  # of another version: it is learned anew
        return SignatureModel()
