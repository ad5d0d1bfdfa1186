"""What the looks of a digest share: how it is divided and numbered, and its lines in words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import groupby

from core.texts import Texts, texts
from core.words import UNSPACED
from digest.model import Button, Buttons, CitedPost, CitedSentence, Digest, StoryView
from digest.render.markup import plain
from digest.text.dates import goes_by_the_day
from digest.text.scripts import in_cyrillic, is_cyrillic

LONGEST_QUOTE = 240  # characters of a sentence in a correction
MOST_NAMES = 5  # channels named in one line
MOST_LISTED = 20  # the same of what is rarely so many: lists in a heading, channels that could not be read
FEWEST_TOPICS, MOST_TOPICS = 2, 4  # that the opening line names
ABOVE_ALL = 3  # stories of the first of them, at least
MOST_MARKS = 4  # source marks of one sentence
MOST_TIMELINE = 8  # posts of a timeline
_REMEMBERED = 4096  # moments: digests of one hour have most of them in common
# After a last letter of Chinese, Japanese or Thai no full stop of Latin letters is set.
_ENDED = re.compile(rf"(?:[.!?…؟۔।։。！？{UNSPACED}][\"”»」』）】》]*|[:;：；])\Z")
_LONGER_THAN_A_DAY = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Section:
    """Stories under one heading, each with its number in the digest; the heading may be empty."""

    heading: str
    stories: tuple[tuple[int, StoryView], ...]


def sections(digest: Digest) -> tuple[Section, ...]:
    """The stories as they follow each other, those of one topic under its heading, and updates that come last under
    theirs; the first needs none to be first."""
    words = texts(digest.language)
    found: list[Section] = []
    fresh = max((number for number, story in enumerate(digest.stories, 1) if not story.update), default=0)
    numbered = enumerate(digest.stories, 1)
    for (update, topic), stories in groupby(numbered, key=lambda each: (each[0] > fresh, each[1].topic)):
        other = words("topic-other") if found else ""
        heading = words("topic-updates") if update else plain(topic or "") or other
        found.append(Section(heading, tuple(stories)))
    return tuple(found)


def marks(digest: Digest) -> Mapping[str, int]:
    """The number of each cited address, counted through the digest in the order in which a reader meets them."""
    numbers: dict[str, int] = {}
    for section in sections(digest):
        for _, story in section.stories:
            sides = [side for each in story.differences for side in (each.one, each.other)]
            named = [each.sources for each in story.credits]
            noted = [each.sources for each in story.notes]
            cited = [each.sources for each in (*sides, *story.denials)]
            told = [story.posts[source].url for each in story.told for source in each.sources[:MOST_MARKS]]
            before = [story.earlier.url] if story.earlier else []
            others = [story.posts[at].url for sources in (*noted, *cited, *named) for at in sources[:MOST_MARKS]]
            for url in (*told, *before, *others):
                numbers.setdefault(url, len(numbers) + 1)
    for correction in digest.corrections:
        if not correction.deleted:
            numbers.setdefault(correction.url, len(numbers) + 1)
    return numbers


def heading(digest: Digest, most: int = MOST_LISTED) -> str:
    """ "World affairs · Tuesday, 18 February", or of several days "World affairs · 11 Feb to 18 Feb"; at `most` so many
    lists are named."""
    words = texts(digest.language)
    lists = _at_most(most, [plain(each.title) for each in digest.lists], words)
    of = ", ".join(lists) or plain(digest.channel) or words("digest-all")
    day = words.day(_last(digest), digest.zone)
    if digest.until - digest.since > _LONGER_THAN_A_DAY:
        first, last = (words.short_day(each, digest.zone) for each in (digest.since, _last(digest)))
        day = words("digest-days", first=first, last=last)
    return words("digest-heading", lists=of, day=day)


def _last(digest: Digest) -> datetime:
    """The last moment of the window, which ends before `until`: at midnight that is the day before."""
    return digest.until - timedelta(microseconds=1)


def made_of(digest: Digest) -> str:
    """How many posts became how many stories; of a quiet day, that it was one."""
    words = texts(digest.language)
    posts, channels = words("posts", count=digest.posts), words("in-channels", count=digest.channels)
    if not digest.posts:
        return _silent(digest, words)
    if not digest.stories:
        return words("digest-quiet", posts=posts, channels=channels)
    stories, minutes = words("stories", count=len(digest.stories)), words("minutes", count=max(1, digest.minutes))
    return words("digest-made", posts=posts, channels=channels, stories=stories, minutes=minutes)


def _silent(digest: Digest, words: Texts) -> str:
    """That nothing was posted: in a window that had ended it says in which time, for there may be posts since."""
    if not digest.ended:
        return words("digest-silent", since=moment(digest, digest.since))
    first, last = (words.short_day(each, digest.zone) for each in (digest.since, _last(digest)))
    if any(words.clock(each, digest.zone) != "00:00" for each in (digest.since, digest.until)):
        since, until = (moment(digest, each) for each in (digest.since, digest.until))
        return words("digest-silent-hours", since=since, until=until)
    return (
        words("digest-silent-day", day=last) if first == last else words("digest-silent-days", first=first, last=last)
    )


def above_all(digest: Digest) -> str:
    """What most of the digest is about, by its headings and their stories; empty where there are not two of them, or
    none is above the others."""
    words = texts(digest.language)
    counts = Counter(plain(story.topic) for story in digest.stories if story.topic and not story.update)
    if len(counts) < FEWEST_TOPICS or max(counts.values()) < ABOVE_ALL:
        return ""
    topics = [words("digest-topic", topic=topic, count=count) for topic, count in counts.most_common(MOST_TOPICS)]
    return words("digest-above-all", topics=", ".join(topics))


@dataclass(frozen=True, slots=True)
class Said:
    """A story's words, nothing said twice: the headline and its sources; where the first sentence begins with it, the
    rest of that sentence; the sentences that follow."""

    title: str
    rest: str
    sources: tuple[int, ...]
    following: tuple[CitedSentence, ...]


def said(digest: Digest, story: StoryView, sentences: int = 99) -> Said:
    """What is said of a story in at most so many sentences."""
    title, rest = story.opening or (story.title, "")
    head = CitedSentence(text=story.title, sources=story.title_sources)
    first, *following = story.summary[:sentences] if story.opening else (head, *story.summary[:sentences])
    first_on, *on = _said_on(digest, story, (first, *following))
    bare, end = _end(rest)
    rest = f"{bare}{first_on}{end}" if bare.strip(" .") or first_on else ""
    return Said(title, rest, first.sources, tuple(map(stopped, following, on)))


def _said_on(digest: Digest, story: StoryView, sentences: Iterable[CitedSentence]) -> Iterator[str]:
    """Of each sentence with "today" or the like " (said on 17 Feb)", where that is another day than the one it would be
    taken for: the digest's, or the one told last; empty for the others."""
    words = texts(digest.language)
    told = _last(digest).astimezone(digest.zone).date()
    for sentence in sentences:
        day = _day_of(sentence, story, digest.zone)
        yield f" {words('said-on', day=words.short_day(day, digest.zone))}" if day and day.date() != told else ""
        told = day.date() if day else told


def _day_of(sentence: CitedSentence, story: StoryView, zone: tzinfo) -> datetime | None:
    """The day by which a sentence with "today" or the like goes; None of any other, and where its posts are of
    several."""
    if not goes_by_the_day(sentence.text):
        return None
    dates = [story.posts[source].date.astimezone(zone) for source in sentence.sources]
    return dates[0] if len({date.date() for date in dates}) == 1 else None


def who_told(digest: Digest, story: StoryView) -> str:
    """ "6 channels, first The International Affairs at 11:16." """
    words = texts(digest.language)
    first, time = words.named(plain(story.first.channel_title)), moment(digest, story.first.date)
    if len(story.channels) == 1:
        return words("story-one", channel=first, time=time)
    return words("story-first", channels=words("channels", count=len(story.channels)), channel=first, time=time)


def earlier(digest: Digest, story: StoryView) -> tuple[str, str] | None:
    """ "Earlier, 17 Feb: Presidents agree to talk", and the address of its post; None where nothing was told before."""
    if story.earlier is None:
        return None
    words = texts(digest.language)
    day, title = words.short_day(story.earlier.date, digest.zone), plain(story.earlier.title, LONGEST_QUOTE)
    return words("story-earlier", day=day, title=title), story.earlier.url


def also_reported(digest: Digest, story: StoryView) -> str:
    """ "Also reported by A, B and 3 more."; empty for one channel."""
    words = texts(digest.language)
    others = [words.named(plain(channel)) for channel in story.channels[1:]]
    return words("story-also", channels=words.join(_at_most(MOST_NAMES, others, words))) if others else ""


def _at_most(most: int, names: Sequence[str], words: Texts) -> list[str]:
    """So many of the names, and how many more there are."""
    more = len(names) - most
    return [*names[:most], words("more-names", count=more)] if more > 0 else list(names)


def stopped(sentence: CitedSentence, on: str = "") -> CitedSentence:
    """The sentence, with the day `on` which it was said, and with a full stop, which many posts leave out at their end,
    so that the next is told from it."""
    bare, end = _end(sentence.text)
    ended = end or not bare or (_ENDED.search(bare) and not on)
    return replace(sentence, text=f"{bare}{on}{end if ended else '.'}")


def _end(text: str) -> tuple[str, str]:
    """The text without its full stop, and that; an ellipsis is none."""
    bare = text.rstrip()
    return (bare[:-1], ".") if bare.endswith(".") and not bare.endswith("..") else (bare, "")


def why(digest: Digest, story: StoryView) -> str:
    """ "Why here: …"; empty without reasons, and where the only one is that there was room, in a digest of one channel:
    there that is so of nearly all."""
    if digest.channels == 1 and texts(digest.language)("why-room") in story.why:
        return ""
    reasons = ", ".join(plain(reason) for reason in story.why)
    return texts(digest.language)("story-why", reasons=reasons) if reasons else ""


def tongue(digest: Digest, story: StoryView, text: str, sources: Sequence[int]) -> str:
    """The language of a text of these posts, where it is another than the digest's; else empty. A model's words are in
    the reader's language, whatever the posts' is: then the letters do not fit."""
    language = next((story.posts[source].language for source in sources), "")
    own = texts(digest.language).language
    return language if language not in ("", own) and is_cyrillic(text) is in_cyrillic(language) else ""


def timeline(story: StoryView, most: int = MOST_TIMELINE) -> tuple[tuple[CitedPost, ...], int]:
    """The posts of a timeline by date, and how many are not in it. Where they are too many, the first of each channel
    goes before its later ones, and own words before copies; of a channel's later ones some of all hours, with the
    last."""
    if len(story.posts) < 2:
        return (), 0
    firsts = {post.channel: place for place, post in reversed(tuple(enumerate(story.posts)))}.values()
    later = [place for place in range(len(story.posts)) if place not in firsts]
    chosen: list[int] = []
    for places in (sorted(firsts), later):
        own = [place for place in places if not story.posts[place].copy]
        copies = [place for place in places if story.posts[place].copy]
        chosen += _spread(own, most - len(chosen)) if places is later else own[: most - len(chosen)]
        chosen += copies[: most - len(chosen)]
    return tuple(story.posts[place] for place in sorted(chosen)), len(story.posts) - len(chosen)


def _spread(places: Sequence[int], most: int) -> Sequence[int]:
    """At most so many of the places, from one end to the other."""
    if len(places) <= most:
        return places
    return [places[-1 - at * len(places) // most] for at in range(most)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a timeline without its time: the words that lead to the post, and those that follow."""

    link: str
    rest: str


def entry(digest: Digest, story: StoryView, post: CitedPost) -> Entry:
    """What a timeline tells of a post: the channel, and how it begins, or that it says what was said before. Where one
    channel alone tells the story, its name says nothing, and what it says leads to the post."""
    words, channel = texts(digest.language), plain(post.channel_title)
    if post.copy:
        return Entry(channel, f" – {words('story-copy')}")
    answers = f" {words('story-answers', quote=post.quote)}" if post.quote else ""
    if not post.lead:
        return Entry(channel, answers)
    return Entry(post.lead, answers) if len(story.channels) == 1 else Entry(channel, f": {post.lead}{answers}")


def noted(digest: Digest, story: StoryView) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What fact-checkers say of the story's posts: lines, each with its sources."""
    words = texts(digest.language)
    for note in story.notes:
        yield words("story-note", note=note.text, country=plain(note.country) or "none"), note.sources


def corrected(digest: Digest) -> Iterator[tuple[str, str]]:
    """What digests before have said and is no longer so: a line each, and the address of its post, empty where that is
    gone."""
    words = texts(digest.language)
    for each in digest.corrections:
        channel = words.named(plain(each.channel))
        said, now = plain(each.said, LONGEST_QUOTE), plain(each.now, LONGEST_QUOTE)
        if each.deleted:
            yield words("correction-deleted", channel=channel, said=said), ""
        elif each.was and each.became:
            was, became = words.join(each.was), words.join(each.became)
            yield words("correction-values", channel=channel, was=was, became=became, now=now), each.url
        elif now:
            yield words("correction-changed", channel=channel, said=said, now=now), each.url
        else:
            yield words("correction-gone", channel=channel, said=said), each.url


def tail(digest: Digest) -> tuple[str, ...]:
    """What was left out, which channels could not be read, and what a model took: a line each, none for nothing."""
    words = texts(digest.language)
    left = asdict(digest.left_out)
    items = ", ".join(words(f"left-{reason}", count=count) for reason, count in left.items() if count)
    unread = [_stale(digest, words, channel.channel, channel.since) for channel in digest.stale]
    lines = (
        words("left-out", items=items) if items else "",
        words("not-read", channels=", ".join(_at_most(MOST_LISTED, unread, words))) if unread else "",
        _model(digest, words),
    )
    return tuple(line for line in lines if line)


def _model(digest: Digest, words: Texts) -> str:
    if not digest.tokens:
        return ""
    cost = words("model-cost", cost=round(digest.cost, 3)) if digest.cost >= 0.0005 else ""
    return words("model-took", tokens=digest.tokens, cost=cost)


def _stale(digest: Digest, words: Texts, channel: str, since: datetime | None) -> str:
    name = plain(channel if "/" in channel else f"@{channel}")
    return words("not-read-since", channel=name, time=moment(digest, since)) if since else name


def moment(digest: Digest, date: datetime) -> str:
    """The reader's clock; with the day where that is not the digest's."""
    return _moment(date, _last(digest).astimezone(digest.zone).date(), digest.zone, texts(digest.language))


def moments(digest: Digest, posts: Sequence[CitedPost]) -> Iterator[str]:
    """The reader's clock for each post of a timeline; with the day where that is not the one of the post before, or, of
    the first, not the digest's."""
    day = _last(digest).astimezone(digest.zone).date()
    for post in posts:
        yield _moment(post.date, day, digest.zone, texts(digest.language))
        day = post.date.astimezone(digest.zone).date()


@lru_cache(_REMEMBERED)
def _moment(moment: datetime, today: date, zone: tzinfo, words: Texts) -> str:
    clock = words.clock(moment, zone)
    same = moment.astimezone(zone).date() == today
    return clock if same else words("moment-day", clock=clock, day=words.short_day(moment, zone))


def buttons(digest: Digest) -> Buttons:
    """The buttons below the last part."""
    words = texts(digest.language)
    rows: list[tuple[Button, ...]] = []
    if digest.stories:
        first = str(digest.stories[0].id)
        rows.append(
            (
                Button(text=words("button-more-like", number=1), action="more", argument=first),
                Button(text=words("button-less-like", number=1), action="less", argument=first),
            )
        )
        if len(digest.stories) > 1:
            rows.append((Button(text=words("button-rate"), action="rate"),))
        rows.append((Button(text=words("button-sources"), action="sources"),))
    rows.append((Button(text=words("button-settings"), action="settings"),))
    return tuple(rows)


def sentence_marks(story: StoryView, sources: Sequence[int], numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The marks of a sentence as (address, "[1]"), by number; of many sources those that came first."""
    urls = {story.posts[source].url for source in sources[:MOST_MARKS]}
    for url in sorted(urls, key=numbers.__getitem__):
        yield url, f"[{numbers[url]}]"
