"""Pure: which story a post tells of, which two stories are one, and which one is two. Nothing is changed here."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter

from digest.evenly import evenly
from digest.stories.foreign import Side
from digest.stories.index import LiveStory, Member, StoryIndex
from digest.stories.likeness import (
    AGEING,
    FAINT,
    REST,
    Weights,
    burst,
    cosine_of,
    is_serial,
    likely,
    log_odds,
    mean_cosine,
    most_besides,
    overlap,
)
from digest.stories.splits import CLEAR, LEAST_SPLIT, SAMPLE, Part, SplitWeights, oneness, parts_of
from digest.stories.word_weights import Beginning, WeighedPost

THRESHOLD = 0.0  # log-odds a post needs to join a story
LINKED = 5.0  # log-odds of a shared link
REPLIED = 2.0  # ... of an answer to a post of the story, or a link to it
FILMED = 5.0  # ... of a shared film: what is filmed is one event
PICTURED = 3.0  # ... of a shared photo, which may be of an older one
QUOTED = 1.0  # ... of a shared quotation
MARKS = {"link": LINKED, "post": REPLIED, "film": FILMED, "shot": PICTURED, "quot": QUOTED}
SERIAL = -6.0  # ... of a channel saying the same again with other numbers: rates, weather, a daily count
MERGE_SAMPLE = 8  # posts of a story that are compared with another story
HOPELESS = -3.0  # mean log-odds at which the rest of a sample is not looked at
NEXT_TO_NOTHING = 1e-9  # by which rounding may move a sum of log-odds
_FIRST = itemgetter(0)
LARGE, LARGE_BAR = 3, -0.5  # posts from which on a story merges with less: should the whole then be two, it splits


class Judge:
    """Weighs the posts and stories of an index against each other."""

    def __init__(
        self,
        index: StoryIndex,
        *,
        weights: Weights,
        split_weights: SplitWeights,
    ) -> None:
        self._index, self._foreign = index, index.foreign
        self._weights, self._split_weights = weights, split_weights
        self._besides = most_besides(weights)

    def best(self, member: Member, weighed: WeighedPost) -> tuple[LiveStory | None, float | None]:
        """The story that a post is likeliest to tell of, and the log-odds; nothing where no story shares anything."""
        marked = self._index.marked(member) if member.marks else {}
        candidates = self._index.candidates(weighed.rare(), member.time)
        if marked:
            known = {story.number for story in candidates}
            candidates += [self._index.stories[number] for number in marked if number not in known]
        side, hopes = self._index.side(member), []
        for story in candidates:
            cosine = cosine_of(weighed, story.sums)
            hopes.append((self._hope(cosine, side, member.time, story, marked), cosine, story))
        hopes.sort(key=_FIRST, reverse=True)  # of equal ones the first, as ever
        best: LiveStory | None = None
        best_score: float | None = None
        for hope, cosine, story in hopes:
            if best_score is not None and hope <= max(best_score, THRESHOLD):
                break
            score = self.score(member, weighed, story, marked, cosine)
            if best_score is None or score > best_score:
                best, best_score = story, score
        if best_score is None or best_score <= THRESHOLD:  # none that shares words takes the post
            for number in self._foreign.near(side):
                story = self._index.stories[number]
                score = self.score(member, weighed, story, marked)
                if best_score is None or score > best_score:
                    best, best_score = story, score
        return best, best_score

    def _hope(
        self,
        cosine: float,
        side: Side,
        time: float | None,
        story: LiveStory,
        marked: Mapping[int, str],
        rest: float = REST,
    ) -> float:
        """More than the log-odds can be that a post of this cosine with a story tells of it; `side`: the post, or its
        story; `rest`: what all other evidence may add."""
        if self._foreign.may_add(story.number, side):
            return math.inf
        hope = likely(cosine, story.sums, self._weights) + rest - AGEING * story.days_from(time)
        mark = marked.get(story.number)
        return hope if mark is None else hope + MARKS[mark[:4]]

    def score(
        self,
        member: Member,
        weighed: WeighedPost,
        story: LiveStory,
        marked: Mapping[int, str],
        cosine: float | None = None,
    ) -> float:
        """The log-odds that a post tells of a story; `marked` are the stories that carry a telling mark of it, and
        `cosine` is that of `cosine_of`, where it is known."""
        score = log_odds(weighed, story.sums, story.gap(member.time), self._weights, cosine)
        if member.channel and weighed.numbers and member.channel == story.channel and is_serial(weighed, story.sums):
            score += SERIAL
        elif self._foreign.has_foreign(story.number, member.packed.tongue):
            side = self._index.side(member)
            if side.meaning is None and member.story is not None:
                side.meaning = self._foreign.whole(member.story.number).meaning  # it means what its story means
            score = self._foreign.weigh(score, side, self._foreign.whole(story.number))
        score -= AGEING * story.days_from(member.time)
        mark = marked.get(story.number)
        if mark is not None:
            score += MARKS[mark[:4]]
        return score

    def near(self, story: LiveStory, among: Mapping[int, object] | None = None) -> list[LiveStory]:
        """The stories that share the most with this one, by its words or in another language, itself among them, for
        what shares little beside it is not near; `among` these only."""
        others = self._index.candidates(story.sums.strongest(), story.middle, among)
        if foreign := self._foreign.near(self._foreign.whole(story.number)):
            known = {other.number for other in others}
            new = [number for number in foreign if number not in known and (among is None or number in among)]
            others += [self._index.stories[number] for number in new]
        return others

    def joined(self, story: LiveStory, others: Sequence[LiveStory]) -> tuple[LiveStory | None, float]:
        """The story of `others`, at least as large, that a sample of this one's posts joins on the mean, if any, and
        that mean."""
        size = len(story.members)
        others = [other for other in others if other is not story and len(other.members) >= size]
        if not others:
            return None, 0.0
        bar = THRESHOLD + (LARGE_BAR if size >= LARGE else 0.0)
        some = _Some(evenly(story.members, MERGE_SAMPLE), story, self._index)
        scored = [(self._mean(some, mean_cosine(story.sums, other.sums), other, bar), other) for other in others]
        whole: Part | None = None
        for score, other in sorted(scored, key=_FIRST, reverse=True):  # of equal ones the first, as ever
            if score <= bar:
                break
            if size + len(other.members) < LEAST_SPLIT:
                return other, score
            if whole is None:  # it takes longer than all that is before
                whole = self._whole(story)
            if self._is_one(story, whole, other):
                return other, score
        return None, bar

    def parts(self, story: LiveStory) -> list[list[int]]:
        """The events that a story tells of: the positions of their posts, one list an event."""
        members = story.members
        side = self._foreign.whole(story.number)
        return parts_of(
            [member.packed.unpacked() for member in members],
            [member.time for member in members],
            [self._ties(member) for member in members],
            self._split_weights,
            None if side.is_one_tongue(side) else partial(self._across, members),
        )

    def _is_one(self, story: LiveStory, whole: Part, other: LiveStory) -> bool:
        """Whether two stories, the first as a `whole`, would not be split again at once."""
        one, two = self._foreign.whole(story.number), self._foreign.whole(other.number)
        across = partial(self._foreign.weigh, one=one, other=two)
        return oneness(whole, self._whole(other), self._split_weights, across) >= CLEAR

    def _across(self, members: list[Member], here: Sequence[int], there: Sequence[int], words: float) -> float:
        """The log-odds that some posts tell of the same as some others, of which their words alone say `words`."""
        one, other = (self._together([members[place] for place in places]) for places in (here, there))
        return self._foreign.weigh(words, one, other)

    def _together(self, members: Iterable[Member]) -> Side:
        side = Side()
        for member in members:
            side.add(self._index.side(member))
        return side

    def _whole(self, story: LiveStory) -> Part:
        members = evenly(story.members, SAMPLE)
        times, ties = [member.time for member in members], [self._ties(member) for member in members]
        packed, all_of_it = [member.packed for member in members], len(members) == len(story.members)
        return Part.of_packed(packed, times, ties, story.sums if all_of_it else None)

    def _ties(self, member: Member) -> dict[str, float]:
        """What a post shares with posts of its event only, with the log-odds."""
        ties = {mark: MARKS[mark[:4]] for mark in self._index.telling(member)}
        if member.original:
            ties[f"copy {member.original}"] = LINKED
        return ties

    def _mean(self, some: "_Some", cosine: float, story: LiveStory, bar: float) -> float:
        """The mean log-odds of some posts, of this mean cosine, against a story; given up once it is hopeless, or
        cannot pass the bar."""
        posts, side = some.posts, some.side
        if self._hope(cosine, side, some.time, story, some.marks) <= bar:
            return HOPELESS
        besides = [
            self._weights.lead * overlap(lead, story.sums) + self._besides + burst(story.gap(member.time))
            for member, lead in zip(posts, some.leads, strict=True)
        ]
        if self._hope(cosine, side, some.time, story, some.marks, sum(besides) / len(posts)) <= bar:
            return HOPELESS
        cosines: list[float] = []
        hopes: list[float] = []
        hope = total = 0.0
        for member, marked, rest in zip(posts, some.marked, besides, strict=True):
            each = cosine if len(posts) == 1 else cosine_of(some.weighed[len(cosines)], story.sums)
            cosines.append(each)
            hopes.append(self._hope(each, side, member.time, story, marked, rest if each >= FAINT else 0.0))
            hope += hopes[-1]
            if hope < HOPELESS * len(hopes):
                return HOPELESS
        if hope <= bar * len(posts):
            return HOPELESS
        for done, (member, each, marked) in enumerate(zip(posts, cosines, some.marked, strict=True)):
            score = self.score(member, some.weighed[done], story, marked, each)
            total += score
            hope += score - hopes[done]  # where hope is without end, no number from here on, and nothing is given up
            if total < HOPELESS * (done + 1) or hope <= bar * len(posts) - NEXT_TO_NOTHING:
                return HOPELESS
        return total / len(posts)


class _Some:
    """Some posts of a story, unpacked as far as they are asked for. `time`: the middle of all posts of the story, and
    `side` that story; `marked`: the stories that carry telling marks of each, with the strongest; `marks`: those of
    any, with the strongest of all."""

    def __init__(self, posts: list[Member], story: LiveStory, index: StoryIndex) -> None:
        self.posts, self.time, self.side = posts, story.middle, index.foreign.whole(story.number)
        self.marked = [index.marked(member) if member.marks else {} for member in posts]
        marks = chain.from_iterable(each.items() for each in self.marked)
        self.marks = dict(sorted(marks, key=lambda found: MARKS[found[1][:4]]))

    @cached_property
    def weighed(self) -> list[WeighedPost]:
        return [member.packed.unpacked() for member in self.posts]

    @cached_property
    def leads(self) -> list[Beginning]:
        """Nothing else is unpacked for them: with the mean cosine, which is known, they mostly decide."""
        return [member.packed.beginning(member.packed.lead) for member in self.posts]
