"""Pure: posts become stories one by one, as they arrive; stories that turn out to be one merge.

    post ── candidates (inverted index, bounded) ── log-odds against each ── the best above the threshold, or a new one
    every hour of stream time: stories that changed are compared with larger ones, and merge

Nothing here knows a table: `Placement` and `Move` say what is to be written down, `restore` takes it back in.
Deterministic: the same calls give the same stories, in every process.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.likeness import WEIGHTS, Weights, is_serial, log_odds
from digest.readings import Reading, Words
from digest.story_index import LiveStory, Member, StoryIndex, StoryKey
from digest.terms import Terms, read_terms

WINDOW = timedelta(hours=72)
THRESHOLD = 0.0  # log-odds a post needs to join a story
COPY_TERMS = 4  # distinct terms from which on equal words mean a copy
AGEING = 2.0  # log-odds lost a day from the middle of a story's posts: events end, topics go on
LINKED = 5.0  # log-odds of a shared link
REPLIED = 2.0  # ... of an answer to a post of the story, or a link to it
QUOTED = 1.0  # ... of a shared quotation
MARKS = {"link": LINKED, "post": REPLIED, "quot": QUOTED}
SERIAL = -6.0  # ... of a channel saying the same again with other numbers: rates, weather, a daily count
MOST_LINKS = 5  # a post with more is a round-up, and tells of many events
MERGE_SAMPLE = 8  # posts of a story that are compared with another story
HOPELESS = -3.0  # mean log-odds at which the rest of a sample is not looked at
MERGE_PASSES = 3
MERGE_EVERY = 3600.0  # seconds of stream time
MERGE_TOUCHED = 2000  # changed stories that make a pass due, for streams without dates


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPost:
    """What the stories need to know of a post. `id` is unique; `text` is its body; `url` its own address; `fingerprint`
    a signed 64-bit simhash, 0 for none; `forwarded_from` the address of the original; `links` canonical addresses;
    `reply_to` the address of the post that it answers."""

    id: Hashable
    channel: str
    date: datetime | None
    text: str
    title: str = ""
    language: str = "unknown"
    fingerprint: int = 0
    forwarded_from: str | None = None
    links: tuple[str, ...] = ()
    url: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A post that a merge took from story `old` into `story`. `score`: mean log-odds of the old story's posts there;
    `nearest`: the latest post that was there before."""

    post: Hashable
    old: StoryKey
    story: StoryKey
    score: float
    nearest: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a post went. `score`: log-odds of the best story found, joined or not; None without a candidate and for a
    copy. `nearest`: the post that it is a copy of, or the latest of the joined story. `moves`: what a merge pass that
    was due moved just before."""

    post: Hashable
    story: StoryKey
    began: bool
    score: float | None = None
    nearest: Hashable | None = None
    copy: bool = False
    moves: tuple[Move, ...] = ()


class Stories:
    """The stories of the last `window`, growing post by post. Not for two threads at once."""

    def __init__(
        self,
        *,
        window: timedelta = WINDOW,
        threshold: float = THRESHOLD,
        forgetful: bool = True,
        first_key: int = 1,
        weights: Weights = WEIGHTS,
    ) -> None:
        """`forgetful`: words are counted over the posts of live stories only, so that a service that has run for a
        month knows what one knows that was started now and given those posts. `first_key`: of the next new story."""
        self._window, self._threshold, self._forgetful = window.total_seconds(), threshold, forgetful
        self._weights = weights
        self._words = Words()
        self._learned: dict[Hashable, Terms] = {}
        self._index = StoryIndex()
        self._keys: dict[StoryKey, LiveStory] = {}
        self._touched: dict[int, None] = {}
        self._merged_at: float | None = None
        self._next_key = first_key

    def __len__(self) -> int:
        """Stories alive."""
        return len(self._index.stories)

    @property
    def known_terms(self) -> int:
        """Terms counted."""
        return len(self._words)

    def posts(self, key: StoryKey) -> tuple[Hashable, ...]:
        """The ids of a live story's posts, in the order in which they joined; empty for a story that is not alive."""
        story = self._keys.get(key)
        return tuple(member.id for member in story.members) if story else ()

    def rename(self, key: StoryKey, new: StoryKey) -> None:
        """Give a live story another key, such as its row's."""
        story = self._keys.pop(key)
        story.key = new
        self._keys[new] = story
        self._after(new)

    def learn(self, posts: Iterable[StoryPost]) -> None:
        """Count the words of posts that are about to be added: words weigh better the more of the stream is known."""
        for post in posts:
            self._learned[post.id] = self._read(post)

    def restore(self, posts: Iterable[tuple[StoryPost, StoryKey]]) -> None:
        """Take back in posts whose story is known, oldest first. Nothing is decided again; the next merge pass looks at
        the stories of the last hour, as it would have."""
        known = list(posts)
        self.learn(post for post, _ in known)
        newest = max((post.date.timestamp() for post, _ in known if post.date), default=None)
        for post, key in known:
            member, reading = self._member(post)
            story = self._keys.get(key) or self._begin(key)
            self._index.put(member, reading, story)
            if newest is None or (member.time is not None and newest - member.time < MERGE_EVERY):
                self._touched[story.number] = None
        self._merged_at = newest

    def add(self, post: StoryPost) -> Placement:
        """Let a post join the story that it tells of, or begin one. Runs the merge pass that is due before."""
        member, reading = self._member(post)
        moves = self._tick(member.time)
        twin = self._index.copied(member)
        if twin is not None and twin.story is not None and self._is_near(twin, member):
            story = twin.story
            self._put(member, reading, story)
            return Placement(post=post.id, story=story.key, began=False, nearest=twin.id, copy=True, moves=moves)
        best, score = self._best(member, reading)
        if best is not None and score is not None and score > self._threshold:
            nearest = best.members[-1].id
            self._put(member, reading, best)
            return Placement(post=post.id, story=best.key, began=False, score=score, nearest=nearest, moves=moves)
        story = self._begin(self._next_key)
        self._put(member, reading, story)
        return Placement(post=post.id, story=story.key, began=True, score=score, moves=moves)

    def merge(self, *, early: bool = False) -> tuple[Move, ...]:
        """Let stories that changed since the last pass join larger ones, small ones first. `early`: before a pass is
        due; the next one looks at the same stories again, for what they are compared with may have grown by then."""
        moves: list[Move] = []
        todo = self._touched
        recent = dict(todo)
        self._touched = recent
        for _ in range(MERGE_PASSES):
            changed: dict[int, None] = {}
            alive = [self._index.stories[number] for number in todo if number in self._index.stories]
            for story in sorted(alive, key=lambda story: (len(story.members), story.number)):
                if story.number not in self._index.stories:
                    continue
                target, score = self._wider(story, recent)
                if target is not None:
                    moves += self._move(story, target, score)
                    changed[target.number] = None
            todo = changed
            if not todo:
                break
        if not early:
            self._touched.clear()
        return tuple(moves)

    def expire(self, now: datetime) -> tuple[StoryKey, ...]:
        """Retire the stories whose last post is older than the window, and give their keys."""
        return self._expire(now.timestamp())

    def _expire(self, now: float) -> tuple[StoryKey, ...]:
        old = [s for s in self._index.stories.values() if s.last is not None and now - s.last > self._window]
        for story in old:
            self._drop(story)
            if self._forgetful:
                for member in story.members:
                    self._words.forget(member.packed)
        return tuple(story.key for story in old)

    def _read(self, post: StoryPost) -> Terms:
        terms = read_terms(post.text, post.title)
        self._words.see(terms)
        return terms

    def _member(self, post: StoryPost) -> tuple[Member, Reading]:
        terms = self._learned.pop(post.id, None) or self._read(post)
        reading = self._words.weigh(terms)
        enough = len(terms.counts) >= COPY_TERMS
        articles = _articles(post)
        member = Member(
            id=post.id,
            channel=post.channel,
            time=post.date.timestamp() if post.date else None,
            packed=reading.packed,
            bag=hash(tuple(sorted(zip(reading.idf, terms.counts.values(), strict=True)))) if enough else 0,
            original=(post.forwarded_from or post.url) if enough else "",
            fingerprint=post.fingerprint if enough else 0,
            marks=_marks(post, terms, articles),
            own=tuple(f"{post.channel} {link}" for link in articles) if post.channel else (),
        )
        return member, reading

    def _tick(self, time: float | None) -> tuple[Move, ...]:
        """The merge pass, where one is due by the time of the stream."""
        if self._merged_at is None:
            self._merged_at = time
        passed = time is not None and self._merged_at is not None and abs(time - self._merged_at) >= MERGE_EVERY
        if not passed and len(self._touched) < MERGE_TOUCHED:
            return ()
        moves = self.merge()
        if time is not None:
            self._merged_at = time
            if not self._forgetful:  # a batch has no clock but its posts; a service does, and a post may say 2106
                self._expire(time)
        return moves

    def _is_near(self, twin: Member, member: Member) -> bool:
        return twin.time is None or member.time is None or abs(member.time - twin.time) < self._window

    def _best(self, member: Member, reading: Reading) -> tuple[LiveStory | None, float | None]:
        marked = self._index.marked(member) if member.marks else {}
        candidates = self._index.candidates(reading.rare)
        if marked:
            known = {story.number for story in candidates}
            candidates += [self._index.stories[number] for number in marked if number not in known]
        best: LiveStory | None = None
        best_score: float | None = None
        for story in candidates:
            score = self._score(member, reading, story, marked)
            if best_score is None or score > best_score:
                best, best_score = story, score
        return best, best_score

    def _score(self, member: Member, reading: Reading, story: LiveStory, marked: dict[int, str]) -> float:
        score = log_odds(reading, story.sums, story.gap(member.time), self._weights)
        if member.time is not None and story.middle is not None:
            score -= AGEING * abs(member.time - story.middle) / 86400
        mark = marked.get(story.number)
        if mark is not None:
            score += MARKS[mark[:4]]
        if member.channel and reading.numbers and member.channel == story.channel and is_serial(reading, story.sums):
            score += SERIAL
        return score

    def _wider(self, story: LiveStory, changed: dict[int, None]) -> tuple[LiveStory | None, float]:
        """The story at least as large that a sample of this one's posts joins on the mean, if any, and that mean."""
        size = len(story.members)
        # A post alone was compared with every story when it came: only those that have changed since can be new to it.
        among = changed if size == 1 else None
        others = [
            other
            for other in self._index.candidates(story.sums.strongest(), among)
            if other is not story and len(other.members) >= size
        ]
        best: LiveStory | None = None
        best_score = self._threshold
        if not others:
            return best, best_score
        last = min(size, MERGE_SAMPLE) - 1
        sample = [story.members[i * (size - 1) // max(last, 1)] for i in range(last + 1)]
        readings = [member.packed.reading() for member in sample]
        for other in others:
            score = self._mean(sample, readings, other)
            if score > best_score:
                best, best_score = other, score
        return best, best_score

    def _mean(self, sample: list[Member], readings: list[Reading], story: LiveStory) -> float:
        """The mean log-odds of some posts against a story; given up once it is hopeless."""
        total = 0.0
        for done, (member, reading) in enumerate(zip(sample, readings, strict=True), 1):
            marked = self._index.marked(member) if member.marks else {}
            total += self._score(member, reading, story, marked)
            if total < HOPELESS * done:
                return HOPELESS
        return total / len(sample)

    def _move(self, story: LiveStory, target: LiveStory, score: float) -> list[Move]:
        self._drop(story)
        old, new, nearest = story.key, target.key, target.members[-1].id
        moves = [Move(post=m.id, old=old, story=new, score=score, nearest=nearest) for m in story.members]
        for member in story.members:
            self._put(member, member.packed.reading(), target)
        return moves

    def _begin(self, key: StoryKey) -> LiveStory:
        story = self._keys[key] = self._index.begin(key)
        self._after(key)
        return story

    def _after(self, key: StoryKey) -> None:
        if isinstance(key, int) and key >= self._next_key:
            self._next_key = key + 1

    def _put(self, member: Member, reading: Reading, story: LiveStory) -> None:
        self._index.put(member, reading, story)
        self._touched[story.number] = None

    def _drop(self, story: LiveStory) -> None:
        self._index.drop(story)
        del self._keys[story.key]


def _marks(post: StoryPost, terms: Terms, links: tuple[str, ...]) -> tuple[str, ...]:
    """What only posts of one event share: an article, the post itself with those that answer it, quotations."""
    posts = dict.fromkeys(filter(None, (post.url, post.reply_to, *filter(_is_telegram, links))))
    return (
        *(f"post {url}" for url in posts),
        *(f"link {link}" for link in links if link not in posts),
        *(f"quote {quote}" for quote in sorted(terms.quotes)),
    )


def _articles(post: StoryPost) -> tuple[str, ...]:
    """The links of a post that is no round-up."""
    links = tuple(dict.fromkeys(link for link in post.links if _is_article(link) and link != post.reply_to))
    return links if len(links) <= MOST_LINKS else ()


def _is_article(link: str) -> bool:
    """Whether an address leads past a site's or channel's front page."""
    _, _, path = link.partition("://")[2].rstrip("/").partition("/")
    return ("/" in path) if _is_telegram(link) else bool(path)


def _is_telegram(link: str) -> bool:
    return link.partition("://")[2].partition("/")[0] in ("t.me", "telegram.me")
