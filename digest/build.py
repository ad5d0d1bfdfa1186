"""The shell around a digest: read what it is made of, hand it to the pure parts, give back what to send and remember.

Nothing is written here. The caller writes the digest's parts and what the reader has been told in one transaction.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Article, ChannelList, Memory, Post, PostId, Reader, ReaderId, Reading, Source, StoryId, Taste
from digest.compose import MINUTES, STORIES_A_MINUTE, compose
from digest.model import Digest, ListRef, StaleChannel
from digest.news import arrivals, short_of_untold, unseen
from digest.rank import Ranked, ReasonKind, Weighed, for_taste
from digest.ranking import Ranking
from digest.reasons import in_words
from digest.shared import Shared, Tellable
from digest.summaries.writer import Writer
from digest.summaries.written import Written
from digest.taste import liking, unwanted, wanted_words
from digest.telling import RankedStory, Views
from storage.editions import Cited
from storage.store import Store

STALE_AFTER = 3  # failures in a row after which a channel is named as not read
_MEMORIES = 100  # readers whose memories are read at a time
WAITING = timedelta(minutes=10)  # that a digest may wait for its turn: of the present it is all the same
LOOK_BACK = timedelta(days=3)  # how long before the window a story's beginning is still part of it

# What makes the digests of two readers one: what they wish, were told, did not see of that, and like.
_Mind = tuple["Wish", frozenset[tuple[StoryId, PostId]], frozenset[PostId], Taste]


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

    @property
    def matter(self) -> "Wish":
        """What of it says which posts a digest is made of and in which language; wishes alike in this share them."""
        return replace(self, zone="UTC", minutes=MINUTES, reader=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A digest, what its reader will have been told of each story, and the posts it rests on. `whole_until`: what came
    until then had been through the stories; the next digest has to tell what came since."""

    digest: Digest
    told: Mapping[StoryId, Memory]
    whole_until: datetime
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a digest is made of, as read. `posts` are those of the window, `stories` all posts of their stories,
    `told` up to which post the reader knows each but for the posts `unseen`, `articles` what posts link, `members` the
    channels of each of the `lists` by its title, `taste` what the reader wants more of. `waiting_since`: when the first
    post came that has not been through the stories, None where all have."""

    posts: tuple[Post, ...]
    stories: Mapping[StoryId, tuple[Post, ...]]
    told: Mapping[StoryId, PostId]
    articles: Mapping[PostId, tuple[Article, ...]]
    stale: tuple[StaleChannel, ...]
    lists: tuple[ListRef, ...]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    taste: Taste = field(default_factory=Taste)
    unseen: frozenset[PostId] = frozenset()
    waiting_since: datetime | None = None


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


async def make_digest(store: Store, wish: Wish, now: datetime, writer: Writer | None = None) -> Made:
    """The digest for this wish, as of `now`. The thinking is done off the event loop.

    With a `writer`, the stories that the digest tells are put into its words as far as it can; the others stay in
    sentences of their posts.
    """
    material = await gather(store, wish)
    return await _make(material, wish, now, share(material, wish.until, Views(wish.language)), writer)


async def make_digests(
    store: Store,
    wishes: Mapping[ReaderId, Wish],
    now: datetime,
    views: Views,
    writer: Writer | None = None,
) -> AsyncGenerator[tuple[tuple[ReaderId, ...], Made]]:
    """The digests of several readers, whose wishes are of one `matter`, one after the other: posts are read once, and
    those who have been told the same and want the same share a digest. `views` are in the language of the matter."""
    first = next(iter(wishes.values()))
    material = await _read(store, first, remembered=True)
    shared = share(material, first.until, views)
    alike: defaultdict[_Mind, list[ReaderId]] = defaultdict(list)
    ordered = sorted(wishes)
    for some in (ordered[at : at + _MEMORIES] for at in range(0, len(ordered), _MEMORIES)):
        async with store.read() as tx:
            memories = await tx.memories.of_all(some, material.stories)
            tastes = await tx.tastes.of_all(some)
        for reader, memory in memories.items():
            told = {} if first.repeat else memory  # what was told comes again, whatever it was
            late = unseen(told, material.stories, shared.arrivals)
            known = frozenset((story, memory.last) for story, memory in told.items())
            alike[replace(wishes[reader], reader=None), known, late, tastes[reader]].append(reader)
    for (wish, known, late, taste), group in alike.items():
        mine = replace(material, told=dict(known), unseen=late, taste=taste)
        yield tuple(group), await _make(mine, wish, now, shared, writer)


async def known_of(store: Store, made: Made, lists: Collection[str], reader: Reader) -> Mapping[StoryId, Memory]:
    """What the reader will have been told by a digest of these `lists` only: what other channels that they follow say
    in its stories, unless they know it, is still to be told."""
    async with store.read() as tx:
        shown = await tx.channels.followed(lists, ())
        others = (await tx.channels.followed(reader.lists, reader.channels)).keys() - shown.keys()
        stories = await tx.posts.of_stories(made.told) if others else {}
        before = await tx.memories.told(reader.id, stories)
    return await asyncio.to_thread(_known, made.told, stories, before, shown, others)


def _known(
    told: Mapping[StoryId, Memory],
    stories: Mapping[StoryId, Sequence[Post]],
    before: Mapping[StoryId, Memory],
    shown: Collection[str],
    others: Collection[str],
) -> Mapping[StoryId, Memory]:
    late = unseen(before, stories, arrivals(stories))
    known = dict(told)
    for story, posts in stories.items():
        last = before[story].last if story in before else 0
        heard = [post for post in posts if post.channel in shown or (post.id <= last and post.id not in late)]
        untold = [post for post in posts if post.channel in others and (post.id > last or post.id in late)]
        memory = short_of_untold(known.pop(story), heard, untold)
        if memory is not None and memory.last >= last:  # else what came late would count as told
            known[story] = memory
    return known


async def _make(material: Material, wish: Wish, now: datetime, shared: Shared, writer: Writer | None) -> Made:
    made = await asyncio.to_thread(compose_digest, material, wish, now, shared)
    if writer is None or not made.digest.stories:
        return made
    written = await writer.write(_told_posts(made.digest, material), wish.language, now)
    return await asyncio.to_thread(compose_digest, material, wish, now, shared, written) if written else made


async def gather(store: Store, wish: Wish) -> Material:
    """Read what the digest is made of."""
    material = await _read(store, wish, remembered=wish.reader is not None)
    if wish.reader is None:
        return material
    async with store.read() as tx:
        told = await tx.memories.told(wish.reader, material.stories)
        taste = await tx.tastes.of(wish.reader)
    return replace(
        material,
        told={story: memory.last for story, memory in told.items()},
        unseen=unseen(told, material.stories, arrivals(material.stories)),
        taste=taste,
    )


async def _read(store: Store, wish: Wish, *, remembered: bool) -> Material:
    """All but what its reader has been told and likes, in one transaction. `remembered`: what a reader was told will be
    known, so that posts of the days before that came late are told as well."""
    async with store.read() as tx:
        lists = await tx.channels.lists()
        followed = await tx.channels.followed(wish.lists, wish.channels)
        late = LOOK_BACK if remembered and not wish.repeat else timedelta()
        posts = await tx.posts.between(wish.since, wish.until, followed.values(), late=late)
        keys = {post.story for post in posts if post.story is not None}
        stories = await tx.posts.of_stories(keys)
        articles = await tx.articles.of_posts([post.id for post in posts])
        waiting_since = await tx.stories.waiting_since()
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
        members={each.title(wish.language): frozenset(each.channels) for each in lists if each.id in wish.lists},
        waiting_since=waiting_since,
    )


def share(material: Material, until: datetime, views: Views) -> Shared:
    """What digests of this material, up to this moment, share, whoever they are for: `told` and `taste` of it do not
    count."""
    return Shared(material.posts, material.stories, material.articles, material.members, until, views)


def rank_stories(material: Material, wish: Wish, shared: Shared | None = None) -> Ranking:
    """Pure: the stories as they rank at the end of the wish's window, without what its reader knows or never wants."""
    shared = shared or share(material, wish.until, Views(wish.language))
    tellable = dict(shared.every)
    updates: set[StoryId] = set()
    for key, last in () if wish.repeat else material.told.items():
        if tellable.pop(key, None) and (story := shared.tellable(key, last, material.unseen)):
            tellable[key] = story
            updates.add(key)
    known = frozenset(material.stories.keys() - tellable.keys())
    taste = material.taste
    concerned = updates | (shared.concerned.by(taste) & tellable.keys())
    never = frozenset(key for key in concerned if unwanted(taste, tellable[key].gist))
    for key in never:
        del tellable[key]
    return Ranking(
        shared=shared,
        tellable=tellable,
        own={key: _for_taste(tellable[key], taste, wish.until) for key in sorted(concerned - never)},
        known=known,
        unwanted=never,
    )


def _for_taste(story: Tellable, taste: Taste, until: datetime) -> Weighed:
    return for_taste(story.weighed, wanted_words(taste, story.gist), liking(taste, story.gist.topic, until))


def compose_digest(
    material: Material,
    wish: Wish,
    now: datetime,
    shared: Shared | None = None,
    written: Mapping[StoryId, Written] | None = None,
) -> Made:
    """Pure: rank the stories, leave out what the reader knows, put the rest into words; those of `written` where a
    model has been asked. With what other digests of the material have `shared`, the same comes out sooner."""
    shared = shared or share(material, wish.until, Views(wish.language))
    ranking = rank_stories(material, wish, shared)
    every, single = ranking.posts(material.posts), ranking.by_the_way()
    digest = compose(
        _blank(material, wish, now),
        (
            _ranked_story(each, joined, ranking, wish, written or {})
            for each, joined in ranking.entries(STORIES_A_MINUTE * wish.minutes)
        ),
        every,
        shared.views,
        several=len(ranking.tellable) - len(single),
        single=single,
        fill=shared.of_one_channel,
        known=ranking.told_before(every),
        unwanted=ranking.unwanted,
        minutes=wish.minutes,
    )
    told = {key: _memory(material.stories[key], now) for story in digest.stories for key in (story.id, *story.joined)}
    cited = tuple(
        Cited(post=post.id, story=story, edits=post.edits)
        for story, posts in _told_posts(digest, material).items()
        for post in posts
    )
    whole_until = min(wish.until, material.waiting_since or wish.until)
    return Made(digest=digest, told=told, whole_until=whole_until, cited=cited)


def _blank(material: Material, wish: Wish, now: datetime) -> Digest:
    """The digest without its stories."""
    return Digest(
        since=wish.since,
        until=wish.until,
        zone=_zone(wish.zone),
        posts=0,
        channels=0,
        stories=(),
        stale=material.stale,
        lists=material.lists,
        channel=_only_channel(material, wish),
        reader=wish.reader,
        ended=now - wish.until > WAITING,
    )


def _memory(posts: Sequence[Post], now: datetime) -> Memory:
    return Memory(
        last=max(post.id for post in posts), came=max((post.stored for post in posts if post.stored), default=now)
    )


def _told_posts(digest: Digest, material: Material) -> dict[StoryId, list[Post]]:
    """The posts of each story that the digest tells; of an update only those with the news."""
    keys = (key for story in digest.stories for key in (story.id, *story.joined))
    posts = {post.url: post for key in keys for post in material.stories[key]}
    return {story.id: [posts[cited.url] for cited in story.posts] for story in digest.stories}


def _zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where there is none: an hour that is off is better than no digest."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _ranked_story(
    ranked: Ranked,
    joined: tuple[StoryId, ...],
    ranking: Ranking,
    wish: Wish,
    written: Mapping[StoryId, Written],
) -> RankedStory:
    story = ranking.tellable[ranked.key]
    return RankedStory(
        id=ranked.key,
        posts=(*story.posts, *(post for other in joined for post in ranking.tellable[other].posts)),
        joined=joined,
        score=ranked.score,
        why=in_words(ranked.reasons, wish.language),
        since=wish.since,
        update=story.update,
        context=story.context,
        wanted=tuple(word for reason in ranked.reasons if reason.kind is ReasonKind.KEYWORD for word in reason.words),
        written=written.get(ranked.key),
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


def _only_channel(material: Material, wish: Wish) -> str:
    """The title of the channel that alone is wished for, as its posts tell it; empty where that is not all."""
    titles = (post.channel_title for post in material.posts if post.channel_title)
    return "" if wish.lists or len(wish.channels) != 1 else next(titles, "")
