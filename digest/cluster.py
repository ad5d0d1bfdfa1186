"""Pure: posts become stories one by one, as they arrive; stories that turn out to be one merge, and two split.

    post ── candidates (inverted index, bounded) ── log-odds against each ── the best above the threshold, or a new one
    every hour of stream time: stories that changed are compared with larger ones, and merge; those that have grown
    are looked at as a whole, and split where they are two

Nothing here knows a table: `Placement` and `Move` say what is to be written down, `restore` takes it back in.
Deterministic: the same calls give the same stories, in every process.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from digest.likeness import AGEING, WEIGHTS, Weights, is_serial, log_odds, numbers_agree, numbers_differ
from digest.readings import Reading, Words
from digest.sounds import consonants
from digest.splits import CLEAR, LEAST_SPLIT, SPLIT_WEIGHTS, Part, SplitWeights, oneness, parts_of, sample
from digest.story_index import LiveStory, Member, StoryIndex
from digest.story_posts import Move, Placement, StoryKey, StoryPost, articles_of, marks_of
from digest.terms import Terms, read_terms

if TYPE_CHECKING:  # it takes numpy, which most do without
    from digest.meaning import Meanings

WINDOW = timedelta(hours=72)
THRESHOLD = 0.0  # log-odds a post needs to join a story
COPY_TERMS = 4  # distinct terms from which on equal words mean a copy
LINKED = 5.0  # log-odds of a shared link
REPLIED = 2.0  # ... of an answer to a post of the story, or a link to it
QUOTED = 1.0  # ... of a shared quotation
MARKS = {"link": LINKED, "post": REPLIED, "quot": QUOTED}
SERIAL = -6.0  # ... of a channel saying the same again with other numbers: rates, weather, a daily count
MERGE_SAMPLE = 8  # posts of a story that are compared with another story
HOPELESS = -3.0  # mean log-odds at which the rest of a sample is not looked at
MERGE_PASSES = 3
LARGE, LARGE_BAR = 3, -0.5  # posts from which on a story merges with less: should the whole then be two, it splits
GROWN = 1.5  # times its size when it was last looked at, at which a story is looked at again
ALIKE = 0.5  # mean cosine of the posts of a story at which it need not be looked at: they say the same
STAYS = -1.5  # log-odds above which an edited post stays in its story
SAME_WORDS = 0.9  # cosine of two texts of a post, with the same numbers, at which nothing of weight was edited
HOUR = 3600.0  # seconds; with each hour of stream time a merge pass is due
MERGE_TOUCHED = 2000  # changed stories that make a pass due, for streams without dates


class Stories:
    """The stories of the last `window`, growing post by post. Not for two threads at once."""

    def __init__(
        self,
        *,
        window: timedelta = WINDOW,
        threshold: float = THRESHOLD,
        forgetful: bool = True,
        weights: Weights = WEIGHTS,
        split_weights: SplitWeights = SPLIT_WEIGHTS,
        named: Callable[[Hashable], StoryKey] | None = None,
        meanings: "Meanings | None" = None,
    ) -> None:
        """`forgetful`: words are counted over the posts of live stories only, so that a service that has run for a
        month knows what one knows that was started now and given those posts. `named`: the key of a story by the id of
        the post that begins it; without it stories are counted from 1. `meanings` (empty yet): what
        posts mean is evidence, too."""
        self._window, self._threshold, self._forgetful = window.total_seconds(), threshold, forgetful
        self._weights, self._split_weights = weights, split_weights
        self._named = named
        self._words = Words()
        self._learned: dict[Hashable, Terms] = {}
        self._index = StoryIndex(meanings)
        self._meanings = meanings
        self._keys: dict[StoryKey, LiveStory] = {}
        self._touched: dict[int, None] = {}  # since the last merge pass
        self._grown: dict[int, None] = {}  # since stories were looked at as a whole
        self._merged_at: float | None = None
        self._next_key = 1

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

    def learn(self, posts: Iterable[StoryPost]) -> None:
        """Count the words of posts that are about to be added: words weigh better the more of the stream is known."""
        for post in posts:
            self._learned[post.id] = self._read(post)

    def restore(self, posts: Iterable[tuple[StoryPost, StoryKey]]) -> None:
        """Take back in posts whose story is known, oldest first. Nothing is decided again; the next merge pass looks at
        the stories of the last hour, as it would have."""
        known = list(posts)
        self.learn(post for post, _ in known)
        newest = max((hour for hour in (_hour(post.date) for post, _ in known) if hour is not None), default=None)
        for post, key in known:
            member, reading = self._member(post)
            story = self._keys.get(key) or self._begin(key)
            self._index.put(member, reading, story)
            if newest is None or (member.time is not None and newest - member.time < HOUR):
                self._touched[story.number] = self._grown[story.number] = None
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
        story, handed = self._start(post.id)
        self._put(member, reading, story)
        return Placement(post=post.id, story=story.key, began=True, score=score, moves=(*moves, *handed))

    def revise(self, post: StoryPost, key: StoryKey) -> Placement:
        """Weigh a post again that belongs to story `key` and was edited. It stays unless its words have changed and now
        speak against the story; one that is alone in its story, or whose story has retired, joins another or none."""
        before = self._index.members.get(post.id)
        if before is not None and before.story is not None:
            key = before.story.key
        self.remove([post.id])
        member, reading = self._member(post)
        own = self._keys.get(key)
        if own is not None:
            same = before is not None and _is_same(before.packed.reading(), reading)
            marked = self._index.marked(member)
            if same or self._score(member, reading, own, marked) > STAYS:
                self._put(member, reading, own)
                return Placement(post=post.id, story=key, began=False)
        best, score = self._best(member, reading)
        if best is not None and score is not None and score > self._threshold:
            nearest = best.members[-1].id
            self._put(member, reading, best)
            return Placement(post=post.id, story=best.key, began=False, score=score, nearest=nearest)
        story, moves = (self._begin(key), ()) if own is None else self._start(post.id)
        self._put(member, reading, story)
        return Placement(post=post.id, story=story.key, began=True, score=score, moves=moves)

    def remove(self, posts: Iterable[Hashable]) -> None:
        """Take posts out of their stories, at once and with all that they said; those unknown are passed over."""
        for post in posts:
            member = self._index.members.get(post)
            if member is None or member.story is None:
                continue
            story = member.story
            self._index.remove(member)
            if self._forgetful:
                self._words.forget(member.packed)
            if not story.members:
                self._drop(story)
            else:
                self._touched[story.number] = None

    def settle(self, *, early: bool = False) -> tuple[Move, ...]:
        """A merge pass, and then a look at what has grown. `early`: before they are due, see `merge`."""
        return (*self.merge(early=early), *self.split())

    def split(self) -> tuple[Move, ...]:
        """Part the stories that have grown and are two events; the part that has the post by which the story is named
        keeps its key, or else the first."""
        moves: list[Move] = []
        grown, self._grown = self._grown, {}
        for number in grown:
            story = self._index.stories.get(number)
            if story is None or len(story.members) < max(LEAST_SPLIT, GROWN * story.looked):
                continue
            story.looked = len(story.members)
            if story.sums.closeness() > ALIKE:
                continue
            members = story.members
            parts = parts_of(
                [member.packed.reading() for member in members],
                [member.time for member in members],
                [self._ties(member) for member in members],
                self._split_weights,
                partial(self._meant, members),
            )
            if len(parts) > 1:
                moves += self._part(story, parts)
        return tuple(moves)

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
        articles = articles_of(post)
        member = Member(
            id=post.id,
            channel=post.channel,
            time=_hour(post.date),
            packed=reading.packed,
            bag=hash(tuple(sorted(zip(reading.idf, terms.counts.values(), strict=True)))) if enough else 0,
            original=(post.forwarded_from or post.url) if enough else "",
            fingerprint=post.fingerprint if enough else 0,
            marks=marks_of(post, terms, articles),
            own=tuple(f"{post.channel} {link}" for link in articles) if post.channel else (),
            meaning=post.meaning,
            sounds=self._sounds(reading) if post.meaning and self._meanings is not None else (),
        )
        return member, reading

    def _sounds(self, reading: Reading) -> tuple[str, ...]:
        """The names of a post as they are found in another alphabet."""
        return tuple(dict.fromkeys(filter(None, map(consonants, self._words.names_of(reading)))))

    def _tick(self, time: float | None) -> tuple[Move, ...]:
        """The merge pass, where one is due by the time of the stream."""
        if self._merged_at is None:
            self._merged_at = time
        passed = time is not None and self._merged_at is not None and abs(time - self._merged_at) >= HOUR
        if not passed and len(self._touched) < MERGE_TOUCHED:
            return ()
        moves = self.settle()
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
        if self._meanings is not None and member.meaning and (best_score is None or best_score <= self._threshold):
            return self._best_foreign(self._meanings, member, reading, best, best_score)
        return best, best_score

    def _best_foreign(
        self,
        meanings: "Meanings",
        member: Member,
        reading: Reading,
        best: LiveStory | None,
        best_score: float | None,
    ) -> tuple[LiveStory | None, float | None]:
        """The same over stories with posts in another script, where none that shares words takes the post."""
        for number in meanings.near(self._index.meaning([member])):
            story = self._index.stories[number]
            score = self._score(member, reading, story, {})
            if best_score is None or score > best_score:
                best, best_score = story, score
        return best, best_score

    def _score(self, member: Member, reading: Reading, story: LiveStory, marked: dict[int, str]) -> float:
        score = log_odds(reading, story.sums, story.gap(member.time), self._weights)
        if member.channel and reading.numbers and member.channel == story.channel and is_serial(reading, story.sums):
            score += SERIAL
        elif self._meanings is not None and self._meanings.has_foreign(story.number, member.packed.cyrillic):
            meaning = self._index.meaning([member])
            if meaning is None and member.story is not None:
                meaning = self._meanings.whole(member.story.number)  # it means what its story means
            theirs, sums = self._meanings.whole(story.number), story.sums
            score = self._meanings.weigh(
                score, meaning, theirs, numbers_agree(reading, sums), numbers_differ(reading, sums)
            )
        if member.time is not None and story.middle is not None:
            score -= AGEING * abs(member.time - story.middle) / 86400
        mark = marked.get(story.number)
        if mark is not None:
            score += MARKS[mark[:4]]
        return score

    def _wider(self, story: LiveStory, changed: dict[int, None]) -> tuple[LiveStory | None, float]:
        """The story at least as large that a sample of this one's posts joins on the mean, if any, and that mean."""
        size = len(story.members)
        # A post alone was compared with every story when it came: only those that have changed since can be new to it.
        among = changed if size == 1 else None
        others = self._index.candidates(story.sums.strongest(), among)
        if self._meanings is not None:
            known = {other.number for other in others}
            near = self._meanings.near(self._meanings.whole(story.number))
            new = [number for number in near if number not in known and (among is None or number in among)]
            others += [self._index.stories[number] for number in new]
        others = [other for other in others if other is not story and len(other.members) >= size]
        best: LiveStory | None = None
        best_score = self._threshold + (LARGE_BAR if size >= LARGE else 0.0)
        if not others:
            return best, best_score
        posts = [story.members[place] for place in sample(range(size), MERGE_SAMPLE)]
        readings = [member.packed.reading() for member in posts]
        for other in others:
            score = self._mean(posts, readings, other)
            if score > best_score and (size + len(other.members) < LEAST_SPLIT or self._is_one(story, other)):
                best, best_score = other, score
        return best, best_score

    def _is_one(self, story: LiveStory, other: LiveStory) -> bool:
        """Whether two stories would not be split again at once."""
        members = [*story.members, *other.members]
        size = len(story.members)
        meant = partial(self._meant, members, range(size), range(size, len(members)))
        return oneness(self._whole(story), self._whole(other), self._split_weights, meant) >= CLEAR

    def _meant(
        self,
        members: list[Member],
        here: Sequence[int],
        there: Sequence[int],
        words: float,
        agree: float,
        differ: float,
    ) -> float:
        """The log-odds that some posts tell of the same as some others, of which their words alone say `words`."""
        if self._meanings is None:
            return words
        one, other = (self._index.meaning(members[place] for place in places) for places in (here, there))
        return self._meanings.weigh(words, one, other, agree, differ)

    def _whole(self, story: LiveStory) -> Part:
        members = [story.members[place] for place in sample(range(len(story.members)))]
        return Part(
            [member.packed.reading() for member in members],
            [member.time for member in members],
            [self._ties(member) for member in members],
        )

    def _ties(self, member: Member) -> dict[str, float]:
        """What a post shares with posts of its event only, with the log-odds."""
        ties = {mark: MARKS[mark[:4]] for mark in self._index.telling(member)}
        if member.original:
            ties[f"copy {member.original}"] = LINKED
        return ties

    def _mean(self, posts: list[Member], readings: list[Reading], story: LiveStory) -> float:
        """The mean log-odds of some posts against a story; given up once it is hopeless."""
        total = 0.0
        for done, (member, reading) in enumerate(zip(posts, readings, strict=True), 1):
            marked = self._index.marked(member) if member.marks else {}
            total += self._score(member, reading, story, marked)
            if total < HOPELESS * done:
                return HOPELESS
        return total / len(posts)

    def _move(self, story: LiveStory, target: LiveStory, score: float) -> list[Move]:
        self._drop(story)
        old, new, nearest = story.key, target.key, target.members[-1].id
        moves = [Move(post=m.id, old=old, story=new, score=score, nearest=nearest) for m in story.members]
        for member in story.members:
            self._put(member, member.packed.reading(), target)
        return moves

    def _part(self, story: LiveStory, parts: list[list[int]]) -> list[Move]:
        members, old = list(story.members), story.key
        self._drop(story)
        keeper = 0
        if self._named is not None:
            names = [any(self._named(members[place].id) == old for place in part) for part in parts]
            keeper = names.index(True) if True in names else 0
        moves: list[Move] = []
        for number, part in enumerate(parts):
            own = [members[place] for place in part]
            new = self._begin(old if number == keeper else self._free_name(own))
            new.looked = len(own)
            for member in own:
                self._put(member, member.packed.reading(), new)
            if number != keeper:
                moves += _begun(own, old, new.key)
        return moves

    def _start(self, post: Hashable) -> tuple[LiveStory, tuple[Move, ...]]:
        """A new story named by a post; posts that go on without it under that name get another."""
        if self._named is None:
            return self._begin(self._next_key), ()
        key = self._named(post)
        story = self._keys.pop(key, None)
        if story is None:
            return self._begin(key), ()
        begun = self._begin(key)
        story.key = self._free_name(story.members)
        self._keys[story.key] = story
        return begun, tuple(_begun(story.members, key, story.key))

    def _free_name(self, members: list[Member]) -> StoryKey:
        if self._named is not None:
            for member in members:
                key = self._named(member.id)
                if key not in self._keys:
                    return key
        return self._next_key

    def _begin(self, key: StoryKey) -> LiveStory:
        story = self._keys[key] = self._index.begin(key)
        self._after(key)
        return story

    def _after(self, key: StoryKey) -> None:
        if isinstance(key, int) and key >= self._next_key:
            self._next_key = key + 1

    def _put(self, member: Member, reading: Reading, story: LiveStory) -> None:
        self._index.put(member, reading, story)
        self._touched[story.number] = self._grown[story.number] = None

    def _drop(self, story: LiveStory) -> None:
        self._index.drop(story)
        del self._keys[story.key]


def _hour(date: datetime | None) -> float | None:
    """The hour of a date, in seconds: what is evidence does not depend on the order within an hour."""
    return None if date is None else date.timestamp() // HOUR * HOUR


def _begun(members: list[Member], old: StoryKey, new: StoryKey) -> list[Move]:
    first = members[0].id
    return [
        Move(post=member.id, old=old, story=new, nearest=None if member.id == first else first, began=True)
        for member in members
    ]


def _is_same(before: Reading, after: Reading) -> bool:
    """Whether an edit changed no number and few words."""
    shared = before.vector.keys() & after.vector.keys()
    alike = sum([before.vector[term] * after.vector[term] for term in shared])
    return alike > SAME_WORDS and set(before.numbers) == set(after.numbers)
