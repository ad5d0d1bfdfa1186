"""The keys of live stories. Where stories are named by the post that begins them, a story bears the name of one of its
posts; else they are counted from 1."""

from collections.abc import Callable, Hashable, Iterable, Mapping

from digest.stories.index import LiveStory, Member, StoryIndex
from digest.stories.posts import StoryKey


class StoryNames:
    """The stories of an index by their keys: they begin, take other names and end here."""

    def __init__(self, index: StoryIndex, named: Callable[[Hashable], StoryKey] | None) -> None:
        """`named`: the key of a story by the id of the post that begins it."""
        self._index, self._named = index, named
        self.stories: dict[StoryKey, LiveStory] = {}
        self._next = 1

    def of(self, post: Hashable) -> StoryKey:
        """The key of a story that this post begins, though another story may bear it."""
        return self._next if self._named is None else self._named(post)

    def free(self, members: Iterable[Member]) -> StoryKey:
        """A key that no story bears, by one of these posts if there is any left."""
        if self._named is not None:
            for member in members:
                key = self._named(member.id)
                if key not in self.stories:
                    return key
        return self._next

    def may_bear(self, members: Iterable[Member], key: StoryKey) -> bool:
        """Whether a story of these posts may be called so."""
        return self._named is None or any(self._named(member.id) == key for member in members)

    def begin(self, key: StoryKey, number: int | None = None) -> LiveStory:
        """A story without posts; `number` where it has been before."""
        story = self._index.begin(key, number)
        self._call(story, key)
        return story

    def rename(self, story: LiveStory, key: StoryKey) -> None:
        """Call a story otherwise, whose old key another has taken."""
        story.key = key
        self._call(story, key)

    def drop(self, story: LiveStory) -> None:
        """End a story."""
        self._index.drop(story)
        del self.stories[story.key]

    def keep(self, begun: list[LiveStory], old: Mapping[Hashable, StoryKey]) -> None:
        """Let stories that began be called as their posts' stories were before, as far as one bears that name."""
        for story in begun:
            del self.stories[story.key]
        for story in begun:
            for member in story.members:
                key = old.get(member.id, story.key)
                if key not in self.stories and self.may_bear(story.members, key):
                    story.key = key
                    break
            self.rename(story, self.free(story.members) if story.key in self.stories else story.key)

    def _call(self, story: LiveStory, key: StoryKey) -> None:
        self.stories[key] = story
        if isinstance(key, int) and key >= self._next:
            self._next = key + 1
