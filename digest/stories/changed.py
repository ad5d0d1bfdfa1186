"""Which stories have changed since they were last looked at, and whom a merge pass compares each of them with."""

from collections.abc import Iterable, Mapping

from digest.stories.index import LiveStory, StoryIndex
from digest.stories.judging import Judge

GROWN = 1.5  # times its size when it was last looked at, at which a story is looked at again, and compared with all


def has_grown(story: LiveStory) -> bool:
    """Whether a story is to be looked at again."""
    return len(story.members) >= GROWN * story.looked


class Changed:
    """Numbers of stories that have changed: `touched` since the last merge pass that was due, and whether they were
    seen to have grown since; `fresh` since the last one, due or early; `unseen` since they were looked at as a whole.
    """

    def __init__(self) -> None:
        self.touched: dict[int, bool] = {}
        self.fresh: dict[int, None] = {}
        self.unseen: dict[int, None] = {}

    def touch(self, story: LiveStory) -> None:
        """A post joins."""
        self.lost(story)
        self.unseen[story.number] = None

    def lost(self, story: LiveStory) -> None:
        """A post leaves, and others stay."""
        self.touched.setdefault(story.number, False)
        self.fresh[story.number] = None

    def merged(self, *, early: bool) -> None:
        """A merge pass is over; `early` as that of `Stories.merge`."""
        if not early:
            self.touched.clear()
        self.fresh.clear()


class Neighbours:
    """With whom a merge pass compares the stories that have changed; those that have grown with all."""

    def __init__(self, changed: Changed, index: StoryIndex, judge: Judge, *, fresh: bool) -> None:
        """`fresh` as that of `Stories.merge`."""
        self._changed, self._stories, self._judge = changed, index.stories, judge
        self._fresh = fresh
        self._grown: dict[int, None] = {}
        self._found: dict[int, list[LiveStory]] = {}
        self.first: Iterable[int] = self._near_fresh() if fresh else self._with_drawn()

    def see(self, stories: Iterable[LiveStory]) -> None:
        """Notice which stories have grown."""
        touched = self._changed.touched
        touched |= {story.number: True for story in stories if story.number in touched and has_grown(story)}
        self._grown = {number: None for number, grown in touched.items() if grown}

    def of(self, story: LiveStory) -> list[LiveStory]:
        """The stories that one is compared with now."""
        found = self._found.pop(story.number, None)
        if found is not None:
            return [other for other in found if other.number in self._stories]
        if self._fresh and story.number not in self._changed.fresh:  # nothing else has changed since the last pass
            return self._near(story, self._changed.fresh)
        if len(story.members) > 1 and story.number in self._grown:
            return self._judge.near(story)
        return self._near(story, self._grown)  # it was compared with the rest, a post alone when it came

    def _near(self, story: LiveStory, among: Mapping[int, object]) -> list[LiveStory]:
        """The same among some, where any of these is large enough for the story to join it."""
        alive, size = self._stories, len(story.members)
        some = any(number in alive and len(alive[number].members) >= size for number in among)
        return self._judge.near(story, among) if some else []

    def _near_fresh(self) -> dict[int, None]:
        """The stories that have grown since the last pass, and those of the hour that these may draw to themselves."""
        grown = [story for story in self._alive(self._changed.fresh) if has_grown(story)]
        drawn = [other.number for story in grown for other in self._judge.near(story, self._changed.touched)]
        return dict.fromkeys([*(story.number for story in grown), *drawn])

    def _with_drawn(self) -> dict[int, None]:
        """The stories that changed, and the smaller ones near those that have grown to several posts, though they have
        not changed: each of these was smaller, or less like them, when they changed last."""
        touched = self._changed.touched
        self.see(self._alive(touched))
        grown = [story for story in self._alive(self._grown) if len(story.members) > 1]
        near = {story.number: self._judge.near(story) for story in grown}
        drawn: dict[int, list[LiveStory]] = {}
        for story in grown:
            for other in near[story.number]:
                if other.number not in touched and len(other.members) <= len(story.members):
                    drawn.setdefault(other.number, []).append(story)
        self._found = near | drawn
        return dict.fromkeys([*touched, *drawn])

    def _alive(self, numbers: Mapping[int, object]) -> list[LiveStory]:
        return [self._stories[number] for number in numbers if number in self._stories]
