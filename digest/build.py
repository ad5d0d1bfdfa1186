"""The shell around a digest: read what it is made of, hand it to the pure parts, give back what to send and remember.

Nothing is written here. The caller writes the digest's parts and what the reader has been told in one transaction.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Article, ChannelList, Post, PostId, Reader, ReaderId, Reading, Source, StoryId, Taste
from digest.compose import MINUTES, RankedStory, Views, compose
from digest.model import Digest, ListRef, StaleChannel
from digest.news import with_news
from digest.rank import PostFacts, Ranked, ReasonKind, StoryFacts, attention_of, channel_norms, rank
from digest.reasons import in_words
from digest.summarize import Summarizer
from digest.taste import liking, topic_stems, unwanted, wanted_words
from digest.writer import Writer
from digest.written import Written
from storage.editions import Cited
from storage.store import Store

STALE_AFTER = 3  # failures in a row after which a channel is named as not read
_MEMORIES = 100  # readers whose memories are read at a time
LOOK_BACK = timedelta(days=3)  # how long before the window a story's beginning is still part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a digest is to be made of: posts of these lists and channels from `since` to before `until`.

    `reader` is whose memory counts, None for nobody's; `repeat`: stories that were told come again, as in a digest that
    was asked for; without, posts of the days before that came only after `since` are told as well. `minutes` is the
    reading time.
    """

    since: datetime
    until: datetime
    lists: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    language: str = "en"
    zone: str = "UTC"
    minutes: int = MINUTES
    reader: ReaderId | None = None
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A digest, what its reader will have been told (stories, each up to this post), and the posts it rests on."""

    digest: Digest
    told: Mapping[StoryId, PostId]
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a digest is made of, as read. `posts` are those of the window, `stories` all posts of their stories,
    `told` up to which post the reader knows each, `articles` what posts link, `taste` what the reader wants more of."""

    posts: tuple[Post, ...]
    stories: Mapping[StoryId, tuple[Post, ...]]
    told: Mapping[StoryId, PostId]
    articles: Mapping[PostId, tuple[Article, ...]]
    stale: tuple[StaleChannel, ...]
    lists: tuple[ListRef, ...]
    taste: Taste = field(default_factory=Taste)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The stories of a window for one reader, best first. `tellable`: the posts of each that are to be told, those of
    `updates` only with the news; `known` have none, `unwanted` are never told."""

    ranked: tuple[Ranked, ...]
    tellable: Mapping[StoryId, tuple[Post, ...]]
    updates: frozenset[StoryId]
    known: frozenset[StoryId]
    unwanted: frozenset[StoryId]


def wish_of(reader: Reader, since: datetime, until: datetime, *, repeat: bool = False) -> Wish:
    """What this reader wants for this window."""
    return Wish(
        since=since,
        until=until,
        lists=reader.lists,
        channels=reader.channels,
        language=reader.language,
        zone=reader.zone,
        minutes=reader.minutes,
        reader=reader.id,
        repeat=repeat,
    )


async def make_digest(
    store: Store, wish: Wish, now: datetime, summarizer: Summarizer | None = None, writer: Writer | None = None
) -> Made:
    """The digest for this wish, as of `now`. The thinking is done off the event loop.

    With a `writer`, the stories that the digest tells are put into its words as far as it can; the others stay in
    sentences of their posts.
    """
    material = await gather(store, wish)
    return await _make(material, wish, now, Views(wish.language, summarizer), writer)


async def make_digests(
    store: Store,
    wish: Wish,
    readers: Collection[ReaderId],
    now: datetime,
    summarizer: Summarizer | None = None,
    writer: Writer | None = None,
) -> AsyncGenerator[tuple[tuple[ReaderId, ...], Made]]:
    """The digests of several readers for this wish (whose own `reader` does not count), one after the other: posts are
    read once, and those who have been told the same and want the same share a digest."""
    material = await _read(store, replace(wish, reader=next(iter(readers), None)))
    alike: defaultdict[tuple[frozenset[tuple[StoryId, PostId]], Taste], list[ReaderId]] = defaultdict(list)
    ordered = sorted(readers)
    for some in (ordered[at : at + _MEMORIES] for at in range(0, len(ordered), _MEMORIES)):
        async with store.read() as tx:
            memories = await tx.readers.memories(some, material.stories)
            tastes = await tx.tastes.of_all(some)
        for reader, told in memories.items():
            alike[frozenset(told.items()), tastes[reader]].append(reader)
    common = replace(wish, reader=None)
    views = Views(wish.language, summarizer)
    for (memory, taste), group in alike.items():
        known = replace(material, told=dict(memory), taste=taste)
        yield tuple(group), await _make(known, common, now, views, writer)


async def _make(material: Material, wish: Wish, now: datetime, views: Views, writer: Writer | None) -> Made:
    made = await asyncio.to_thread(compose_digest, material, wish, now, views)
    if writer is None or not made.digest.stories:
        return made
    written = await writer.write(_told_posts(made.digest, material), wish.language, now)
    return await asyncio.to_thread(compose_digest, material, wish, now, views, written) if written else made


async def gather(store: Store, wish: Wish) -> Material:
    """Read what the digest is made of."""
    material = await _read(store, wish)
    if wish.reader is None:
        return material
    async with store.read() as tx:
        told = await tx.readers.told(wish.reader, material.stories)
        return replace(material, told=told, taste=await tx.tastes.of(wish.reader))


async def _read(store: Store, wish: Wish) -> Material:
    """All but what its reader has been told and likes, in one transaction."""
    async with store.read() as tx:
        lists = await tx.channels.lists()
        followed = await tx.channels.followed(wish.lists, wish.channels)
        late = LOOK_BACK if wish.reader is not None and not wish.repeat else timedelta()
        posts = await tx.posts.between(wish.since, wish.until, followed.values(), late=late)
        keys = {post.story for post in posts if post.story is not None}
        stories = await tx.posts.of_stories(keys)
        articles = await tx.articles.of_posts([post.id for post in posts])
        readings = [
            reading for source in (Source.WEB, Source.ACCOUNT) for reading in await tx.channels.readings(source)
        ]
    begin = wish.since - LOOK_BACK
    return Material(
        posts=posts,
        stories={
            key: tuple(post for post in found if post.channel in followed and begin <= post.date < wish.until)
            for key, found in stories.items()
        },
        told={},
        articles=articles,
        stale=_stale(readings, followed),
        lists=_list_refs(lists, wish),
    )


def rank_stories(material: Material, wish: Wish, now: datetime) -> Ranking:
    """Pure: the stories as they rank for this wish, without what its reader knows or never wants."""
    tellable: dict[StoryId, tuple[Post, ...]] = {}
    updates: set[StoryId] = set()
    known: set[StoryId] = set()
    for key, posts in material.stories.items():
        last = None if wish.repeat else material.told.get(key)
        if last is None:
            tellable[key] = posts
            continue
        news = with_news([post for post in posts if post.id <= last], [post for post in posts if post.id > last])
        if news:
            tellable[key] = news
            updates.add(key)
        else:
            known.add(key)
    never = {key for key, posts in tellable.items() if unwanted(material.taste, _bodies(posts))}
    norms = channel_norms(_facts(post) for post in material.posts)
    window = {post.id for post in material.posts}
    facts = [
        _story_facts(key, posts, window, material.taste, now)
        for key, posts in tellable.items()
        if posts and key not in never
    ]
    return Ranking(
        ranked=tuple(rank(facts, now, norms)),
        tellable=tellable,
        updates=frozenset(updates),
        known=frozenset(known),
        unwanted=frozenset(never),
    )


def compose_digest(
    material: Material,
    wish: Wish,
    now: datetime,
    views: Views | None = None,
    written: Mapping[StoryId, Written] | None = None,
) -> Made:
    """Pure: rank the stories, leave out what the reader knows, put the rest into words; those of `written` where a
    model has been asked."""
    ranking = rank_stories(material, wish, now)
    digest = compose(
        [_ranked_story(each, ranking, material.articles, wish, written or {}) for each in ranking.ranked],
        material.posts,
        since=wish.since,
        until=wish.until,
        language=wish.language,
        zone=_zone(wish.zone),
        lists=material.lists,
        reader=wish.reader,
        known=ranking.known,
        unwanted=ranking.unwanted,
        stale=material.stale,
        minutes=wish.minutes,
        views=views,
    )
    told = {story.id: max(post.id for post in material.stories[story.id]) for story in digest.stories}
    cited = tuple(
        Cited(post=post.id, story=story, edits=post.edits)
        for story, posts in _told_posts(digest, material).items()
        for post in posts
    )
    return Made(digest=digest, told=told, cited=cited)


def _told_posts(digest: Digest, material: Material) -> dict[StoryId, list[Post]]:
    """The posts of each story that the digest tells; of an update only those with the news."""
    posts = {post.url: post for story in digest.stories for post in material.stories[story.id]}
    return {story.id: [posts[cited.url] for cited in story.posts] for story in digest.stories}


def _zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where there is none: an hour that is off is better than no digest."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _ranked_story(
    ranked: Ranked,
    ranking: Ranking,
    articles: Mapping[PostId, tuple[Article, ...]],
    wish: Wish,
    written: Mapping[StoryId, Written],
) -> RankedStory:
    key = StoryId(int(ranked.key))
    posts = ranking.tellable[key]
    linked = {article.url: article.text for post in posts for article in articles.get(post.id, ())}
    return RankedStory(
        id=key,
        posts=posts,
        score=ranked.score,
        why=in_words(ranked.reasons, wish.language),
        since=wish.since,
        update=key in ranking.updates,
        wanted=any(reason.kind is ReasonKind.KEYWORD for reason in ranked.reasons),
        context=tuple(linked.values()),
        written=written.get(key),
    )


def _story_facts(
    key: StoryId, posts: Sequence[Post], window: Collection[PostId], taste: Taste, now: datetime
) -> StoryFacts:
    """A story by what was told of it in the window; how it began days ago is told, but weighs nothing."""
    fresh = [post for post in posts if post.id in window] or posts
    topic = topic_stems(_bodies(posts))
    return StoryFacts(
        key=key,
        posts=[_facts(post) for post in fresh],
        topic=topic,
        keywords=wanted_words(taste, _bodies(posts)),
        taste=liking(taste, topic, now),
    )


def _bodies(posts: Sequence[Post]) -> list[str]:
    return [post.body for post in posts]


def _facts(post: Post) -> PostFacts:
    return PostFacts(
        channel=post.channel,
        date=post.date,
        fingerprint=post.fingerprint,
        original=post.forwarded_from.url if post.forwarded_from else None,
        attention=attention_of(post.views, post.forwards, sum(each.count for each in post.reactions)),
    )


def _stale(readings: Sequence[Reading], followed: Mapping[str, object]) -> tuple[StaleChannel, ...]:
    """The channels that are not being read; one that another source has read since is none of them."""
    read_at: dict[str, datetime] = {}
    for reading in readings:
        if reading.read_at:
            read_at[reading.channel.name] = max(read_at.get(reading.channel.name, reading.read_at), reading.read_at)
    failing = {
        reading.channel.name: reading.read_at
        for reading in readings
        if reading.failures >= STALE_AFTER
        and reading.channel.name in followed
        and reading.read_at == read_at.get(reading.channel.name)
    }
    return tuple(StaleChannel(channel=name, since=since) for name, since in sorted(failing.items()))


def _list_refs(lists: Sequence[ChannelList], wish: Wish) -> tuple[ListRef, ...]:
    return tuple(ListRef(id=each.id, title=each.title(wish.language)) for each in lists if each.id in wish.lists)
