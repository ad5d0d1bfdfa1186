"""Pure: posts become stories one by one, as they arrive; stories that turn out to be one merge, and two split.

    post ── candidates (inverted index, bounded) ── log-odds against each ── the best above the threshold, or a new one
    every hour of stream time: its posts go in again in an order of their own, where they came in another; stories that
    changed are compared with larger ones, and merge; those that have grown are looked at as a whole, and split where
    they are two

Nothing here knows a table: `Placement` and `Move` say what is to be written down, `restore` takes it back in.
Deterministic: the same calls give the same stories, in every process.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from digest.stories.changed import Changed
from digest.stories.foreign import Foreign, Read
from digest.stories.index import LiveStory, Member, StoryIndex
from digest.stories.judging import THRESHOLD, Judge
from digest.stories.likeness import WEIGHTS, Weights
from digest.stories.names import StoryNames
from digest.stories.open_hour import Arrived, OpenHour, regrouped
from digest.stories.passes import Passes
from digest.stories.posts import HOUR, Move, Placement, StoryKey, StoryPost, apart, hour_of, own_order
from digest.stories.splits import SPLIT_WEIGHTS, SplitWeights
from digest.stories.weighing import Weighing
from digest.stories.word_weights import WeighedPost

WINDOW = timedelta(hours=72)
STAYS = -1.5  # log-odds above which an edited post stays in its story
LATE = 6  # hours by which a post may come late and still be of the hour that is open
MERGE_TOUCHED = 2000  # changed stories that make a pass due where posts have no dates


class Stories:
    """The stories of the last `window`, growing post by post. Not for two threads at once."""

    def __init__(
        self,
        *,
        window: timedelta = WINDOW,
        forgetful: bool = True,
        weights: Weights = WEIGHTS,
        split_weights: SplitWeights = SPLIT_WEIGHTS,
        named: Callable[[Hashable], StoryKey] | None = None,
        foreign: Callable[[Read], Foreign] = Foreign,
    ) -> None:
        """`forgetful`: words are counted over the posts of live stories only, so that a service that has run for a
        month knows what one knows that was started now and given those posts. `named`: the key of a story by the id of
        the post that begins it; without it stories are counted from 1. `foreign`: makes what tells
        how two languages have something in common, where that is more than `Foreign` alone."""
        self._window, self._forgetful = window.total_seconds(), forgetful
        self._weighing = Weighing(forgetful=forgetful)
        self._index = StoryIndex(foreign(self._weighing.said_by))
        self._names = StoryNames(self._index, named)
        self._judge = Judge(self._index, weights=weights, split_weights=split_weights)
        self._changed = Changed()
        self._passes = Passes(self._index, self._names, self._judge, self._changed)
        self._merged_at: float | None = None
        self._open = OpenHour()

    def __len__(self) -> int:
        """Stories alive."""
        return len(self._index.stories)

    @property
    def known_terms(self) -> int:
        """Terms counted."""
        return self._weighing.known_terms

    def posts(self, key: StoryKey) -> tuple[Hashable, ...]:
        """The ids of a live story's posts, in the order in which they joined; empty for a story that is not alive."""
        story = self._names.stories.get(key)
        return tuple(member.id for member in story.members) if story else ()

    def learn(self, posts: Iterable[StoryPost]) -> None:
        """Count the words of posts that are about to be added: words weigh better the more of the stream is known."""
        for post in posts:
            self._weighing.learn(post)
            if self._open.arrived:
                self._open.in_order = False

    def restore(self, posts: Iterable[tuple[StoryPost, StoryKey]]) -> None:
        """Take back in posts whose story is known, oldest first. What is of the newest hour goes in again when that is
        over, and its stories are looked at by the next merge pass; nothing else is decided again."""
        known = list(posts)
        self.learn(post for post, _ in known)
        newest = max((hour for hour in (hour_of(post.date) for post, _ in known) if hour is not None), default=None)
        arrived: list[Arrived] = []
        for post, key in known:
            counted = self._weighing.counted(post)
            member, weighed = self._weighing.weigh(post, counted)
            story = self._names.stories.get(key) or self._names.begin(key)
            self._index.put(member, weighed, story)
            if newest is None or member.time == newest:
                self._changed.touch(story)
            if newest is not None and member.time == newest:
                arrived.append(Arrived(post=post, counted=counted))
        self._merged_at = newest
        self._open_hour()
        self._open.take_back(arrived)

    def add(self, post: StoryPost) -> Placement:
        """Let a post join the story that it tells of, or begin one. Closes the hour before where it is over."""
        moves = self._tick(hour_of(post.date))
        known = self._weighing.knows(post)
        arrived = Arrived(post=post, counted=self._weighing.counted(post))
        self._open.take(arrived, known=known)
        placed = self._join(arrived)
        return replace(placed, moves=(*moves, *placed.moves)) if moves else placed

    def add_hour(self, posts: Iterable[StoryPost]) -> list[Placement]:
        """Add posts of one hour that came together: in their own order, and their words are counted first."""
        ordered = sorted(posts, key=own_order)
        if not ordered:
            return []
        moves = self._tick(hour_of(ordered[0].date))
        self.learn(ordered)
        first, *others = (self.add(post) for post in ordered)
        return [replace(first, moves=(*moves, *first.moves)), *others]

    def revise(self, post: StoryPost, key: StoryKey) -> Placement:
        """Weigh a post again that belongs to story `key` and was edited. It stays unless its words have changed and now
        speak against the story; one that is alone in its story, or whose story has retired, joins another or none."""
        before = self._index.members.get(post.id)
        earlier = self._open.arrived.get(post.id)
        if before is not None and before.story is not None:
            key = before.story.key
        counted = self._weighing.counted(post)  # before its old words leave their ids to others
        self.remove([post.id])
        same = before is not None and self._weighing.is_same(before, counted)
        arrived = Arrived(post=post, counted=counted, key=key, same=same)
        placed = self._stay(arrived, key)
        if earlier is None:  # when the hour is over it goes in once, from where it was before the hour
            arrived = replace(arrived, key=self._open.homes.get(post.id, key))
        else:
            arrived = replace(arrived, key=earlier.key, same=same and earlier.same)
        self._open.take(arrived, known=False)
        return placed

    def _join(self, arrived: Arrived) -> Placement:
        post = arrived.post
        member, weighed = self._weighing.weigh(post, arrived.counted)
        twin = self._index.copied(member)
        if twin is not None and twin.story is not None and self._is_near(twin, member):
            story = twin.story
            self._put(member, weighed, story)
            return Placement(post=post.id, story=story.key, began=False, nearest=twin.id, copy=True)
        return self._place(member, weighed)

    def _stay(self, arrived: Arrived, key: StoryKey) -> Placement:
        """An edited post goes back into its story, or else where it belongs now."""
        post = arrived.post
        member, weighed = self._weighing.weigh(post, arrived.counted)
        own = self._names.stories.get(key)
        if own is not None:
            marked = self._index.marked(member)
            if arrived.same or self._judge.score(member, weighed, own, marked) > STAYS:
                self._put(member, weighed, own)
                return Placement(post=post.id, story=key, began=False)
        return self._place(member, weighed, key if own is None else None)

    def _place(self, member: Member, weighed: WeighedPost, free: StoryKey | None = None) -> Placement:
        """The best story takes a post, or else it begins one, under the key that is `free` where one is given."""
        best, score = self._judge.best(member, weighed)
        if best is not None and score is not None and score > THRESHOLD:
            nearest = best.members[-1].id
            self._put(member, weighed, best)
            return Placement(post=member.id, story=best.key, began=False, score=score, nearest=nearest)
        story, moves = self._start(member.id) if free is None else (self._names.begin(free), ())
        self._put(member, weighed, story)
        return Placement(post=member.id, story=story.key, began=True, score=score, moves=moves)

    def remove(self, posts: Iterable[Hashable]) -> None:
        """Take posts out of their stories, at once and with all that they said; those unknown are passed over."""
        for post in posts:
            member = self._index.members.get(post)
            if member is None or member.story is None:
                continue
            story = member.story
            self._index.remove(member)
            self._open.arrived.pop(post, None)
            self._open.in_order = False
            self._weighing.forget(member)
            if not story.members:
                self._names.drop(story)
            else:
                self._changed.lost(story)
                self._open.touched.setdefault(story.number, False)

    def settle(self, *, early: bool = False) -> tuple[Move, ...]:
        """A merge pass, and then a look at what has grown. `early`: before they are due, and then only at what has
        changed since the last time, with what is near it."""
        if early and self._open.arrived:
            self._open.in_order = False
        return (*self.merge(early=early, fresh=early), *self.split())

    def _pass(self, late: bool = False) -> tuple[Move, ...]:
        return (*self.merge(early=late), *self.split())

    def is_over(self, now: datetime) -> bool:
        """Whether posts came in and their hour has passed by the clock."""
        passed = self._merged_at is not None and now.timestamp() - self._merged_at >= HOUR
        return passed and bool(self._open.arrived)

    def close(self, *, late: bool = False) -> tuple[Move, ...]:
        """End the hour that is open: where its posts came in another order than their own, or stories merged early,
        they go in again, as if they had come so; then the pass that is due. Gives what is otherwise now. `late`: more
        posts of the hour may come, so the next pass looks at its stories again."""
        hour = self._open
        if hour.in_order:
            moves = self._pass(late)
        else:
            old = self._taken_back(hour)
            first = self._open_hour()
            moves = self._put_again(hour, late)
            for move in moves:
                old.setdefault(move.post, move.old)
            numbers = range(first, self._index.next_number)
            self._names.keep([self._index.stories[n] for n in numbers if n in self._index.stories], old)
            known = (self._index.members.get(post) for post in old)
            now = {member.id: member.story.key for member in known if member and member.story}
            moves = regrouped(old, now, self._names.stories)
        self._open_hour()
        return moves

    def _open_hour(self) -> int:
        first = self._index.next_number
        self._open = OpenHour(first=first, touched=dict(self._changed.touched), unseen=dict(self._changed.unseen))
        return first

    def _taken_back(self, hour: OpenHour) -> dict[Hashable, StoryKey]:
        """Let stories be as they were before the hour, without its posts; gives the stories that posts were in."""
        index = self._index
        numbers = (*hour.before, *range(hour.first, index.next_number))
        changed = [index.stories[number] for number in numbers if number in index.stories]
        old = {member.id: story.key for story in changed for member in story.members}
        left = [
            (before, [member for member in before.members if index.members.get(member.id) is member])
            for before in hour.before.values()
        ]
        for story in changed:
            self._names.drop(story)
        for before, members in left:
            if members:
                story = self._names.begin(before.key, before.number)
                for member in members:
                    index.put(member, member.packed.unpacked(), story)
                story.looked = before.looked
        for post in hour.arrived:
            mine = index.members.get(post)
            if mine is not None and mine.story is not None:
                story = mine.story
                old[post] = story.key
                index.remove(mine)
                if not story.members:
                    self._names.drop(story)
        for number, looked in hour.looked.items():
            if number in index.stories:
                index.stories[number].looked = looked
        self._changed.touched, self._changed.unseen = dict(hour.touched), dict(hour.unseen)
        return old

    def _put_again(self, hour: OpenHour, late: bool) -> tuple[Move, ...]:
        """The posts of the hour in their own order, and the passes that are due between and after them."""
        moves: list[Move] = []
        last: float | None = None
        for arrived in hour.ordered():
            time = hour_of(arrived.post.date)
            if last is not None and time is not None and time != last:
                moves += self._pass()
            last = time if time is not None else last
            placed = self._join(arrived) if arrived.key is None else self._stay(arrived, arrived.key)
            moves += placed.moves
        return (*moves, *self._pass(late))

    def split(self) -> tuple[Move, ...]:
        """Look at the stories that have grown, and part those that are two events; the part that has the post by which
        the story is named keeps its key, or else the first."""
        return tuple(self._passes.split(self._open))

    def merge(self, *, early: bool = False, fresh: bool = False) -> tuple[Move, ...]:
        """Let stories that changed since the last pass join larger ones, small ones first; those that have grown look
        among all, the others among those. `early`: before a pass is due; the next one looks at the same stories again,
        for what they are compared with may have grown by then. `fresh`: only those that have grown since the last pass,
        due or early, and those of the hour near them."""
        return tuple(self._passes.merge(self._open, early=early, fresh=fresh))

    def expire(self, now: datetime) -> tuple[StoryKey, ...]:
        """Retire the stories whose last post is older than the window, and give their keys."""
        return self._expire(now.timestamp())

    def _expire(self, now: float) -> tuple[StoryKey, ...]:
        old = [s for s in self._index.stories.values() if s.last is not None and now - s.last > self._window]
        for story in old:
            self._names.drop(story)
            for member in story.members:
                self._open.arrived.pop(member.id, None)
                self._weighing.forget(member)
        return tuple(story.key for story in old)

    def _tick(self, time: float | None) -> tuple[Move, ...]:
        """The end of the open hour, where it is over by the time of the stream."""
        if self._merged_at is None:
            self._merged_at = time
        if time is None or self._merged_at is None:
            return self.close() if len(self._changed.touched) >= MERGE_TOUCHED else ()
        if -LATE * HOUR < time - self._merged_at < HOUR:
            return ()
        moves = self.close()
        self._merged_at = time
        if not self._forgetful:  # a batch has no clock but its posts; a service does, and a post may say 2106
            self._expire(time)
        return moves

    def _is_near(self, twin: Member, member: Member) -> bool:
        return twin.time is None or member.time is None or abs(member.time - twin.time) < self._window

    def _start(self, post: Hashable) -> tuple[LiveStory, tuple[Move, ...]]:
        """A new story named by a post; posts that go on without it under that name get another."""
        key = self._names.of(post)
        bearer = self._names.stories.get(key)
        if bearer is None:
            return self._names.begin(key), ()
        self._open.keep(bearer)
        begun = self._names.begin(key)
        self._names.rename(bearer, self._names.free(bearer.members))
        return begun, tuple(apart([member.id for member in bearer.members], key, bearer.key))

    def _put(self, member: Member, weighed: WeighedPost, story: LiveStory) -> None:
        self._index.put(member, weighed, story)
        self._changed.touch(story)
