"""Pure: a pass over the stories that have changed: those that turn out to be one merge, and those that are two split.

What is otherwise afterwards comes back as `Move` values; the hour that is open keeps how the stories stood before.
"""

from digest.stories.changed import Changed, Neighbours, has_grown
from digest.stories.index import LiveStory, Member, StoryIndex
from digest.stories.judging import Judge
from digest.stories.names import StoryNames
from digest.stories.open_hour import OpenHour
from digest.stories.posts import Move, apart
from digest.stories.splits import LEAST_SPLIT

MERGE_PASSES = 3
ALIKE = 0.5  # mean cosine of the posts of a story at which it need not be looked at: they say the same


class Passes:
    """Merges and splits the stories of an index."""

    def __init__(self, index: StoryIndex, names: StoryNames, judge: Judge, changed: Changed) -> None:
        self._index, self._names, self._judge, self._changed = index, names, judge, changed

    def merge(self, hour: OpenHour, *, early: bool, fresh: bool) -> list[Move]:
        """As `Stories.merge`, in the `hour` that is open."""
        moves: list[Move] = []
        stories = self._index.stories
        neighbours = Neighbours(self._changed, self._index, self._judge, fresh=fresh)
        todo = neighbours.first
        for _ in range(MERGE_PASSES):
            joined: dict[int, None] = {}
            alive = [stories[number] for number in todo if number in stories]
            neighbours.see(alive)
            for story in sorted(alive, key=lambda story: (len(story.members), story.number)):
                if story.number not in stories:
                    continue
                target, score = self._judge.joined(story, neighbours.of(story))
                if target is not None:
                    hour.keep(story)
                    hour.keep(target)
                    moves += self._move(story, target, score)
                    joined[target.number] = None
            todo = joined
            if not todo:
                break
        self._changed.merged(early=early)
        return moves

    def split(self, hour: OpenHour) -> list[Move]:
        """As `Stories.split`, in the `hour` that is open."""
        moves: list[Move] = []
        unseen, self._changed.unseen = self._changed.unseen, {}
        for number in unseen:
            story = self._index.stories.get(number)
            if story is None or not has_grown(story):
                continue
            hour.look(story)
            story.looked = len(story.members)
            if story.looked < LEAST_SPLIT or story.sums.closeness() > ALIKE:
                continue
            parts = self._judge.parts(story)
            if len(parts) > 1:
                hour.keep(story)
                moves += self._part(story, parts)
        return moves

    def _move(self, story: LiveStory, target: LiveStory, score: float) -> list[Move]:
        old, new, nearest = story.key, target.key, target.members[-1].id
        moves = [Move(post=m.id, old=old, story=new, score=score, nearest=nearest) for m in story.members]
        self._names.drop(story)
        self._put(story.members, target)
        return moves

    def _part(self, story: LiveStory, parts: list[list[int]]) -> list[Move]:
        members, old = list(story.members), story.key
        self._names.drop(story)
        names = [self._names.may_bear([members[place] for place in part], old) for part in parts]
        keeper = names.index(True) if True in names else 0
        moves: list[Move] = []
        for number, part in enumerate(parts):
            own = [members[place] for place in part]
            new = self._names.begin(old if number == keeper else self._names.free(own))
            new.looked = len(own)
            self._put(own, new)
            if number != keeper:
                moves += apart([member.id for member in own], old, new.key)
        return moves

    def _put(self, members: list[Member], story: LiveStory) -> None:
        for member in members:
            self._index.put(member, member.packed.unpacked(), story)
        self._changed.touch(story)
