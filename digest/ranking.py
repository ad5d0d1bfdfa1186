"""Pure: the stories of a window as they rank for one reader."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from core.model import Post, PostId, StoryId
from digest.rank import Ranked, ReasonKind, Weighed, best_first, in_order, merged
from digest.shared import Shared, Tellable

MOST_JOINED = 4  # stories that are told below another: more would be a digest of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The stories of a window for one reader. `tellable`: those that can be told; `own`: those that weigh otherwise for
    this reader than for all, the rest as they are `shared`; `known` have no news, `unwanted` are never told."""

    shared: Shared
    tellable: Mapping[StoryId, Tellable]
    own: Mapping[StoryId, Weighed]
    known: frozenset[StoryId]
    unwanted: frozenset[StoryId]

    def best_first(self) -> Iterator[Ranked]:
        """The stories in their order; each is found when it is asked for."""
        tellable, own = self.tellable, self.own
        alike = (each for each in self.shared.weighed if each.story.key in tellable and each.story.key not in own)
        return best_first(merged(alike, in_order(own.values())), self.shared.topics)

    def entries(self, most: int) -> Iterator[tuple[Ranked, tuple[StoryId, ...]]]:
        """The same, each event once where so many are told: a story with those that tell of its event and would come
        after it."""
        told_twice = self.shared.twice(most)
        taken: set[StoryId] = set()
        for ranked in self.best_first():
            key = ranked.key
            if key not in taken:
                twice = (each for each in told_twice.get(key, ()) if each in self.tellable and each not in taken)
                joined = tuple(islice(twice, MOST_JOINED))
                taken.update((key, *joined))
                yield ranked, joined

    def single(self) -> frozenset[StoryId]:
        """The stories that are left out because one channel alone tells them: where all is of one channel, none."""
        return frozenset() if self.shared.of_one_channel else self.by_the_way()

    def by_the_way(self) -> frozenset[StoryId]:
        """The stories that one channel alone tells by the way, but for those that the reader asked for by a word."""
        wanted = {
            key
            for key, weighed in self.own.items()
            if any(reason.kind is ReasonKind.KEYWORD for reason in weighed.reasons)
        }
        return frozenset(key for key, story in self.tellable.items() if story.single and key not in wanted)

    def posts(self, window: Iterable[Post]) -> tuple[Post, ...]:
        """All posts of the window and of the stories that can be told."""
        earlier = self.shared.earlier & self.tellable.keys()
        every = {post.id: post for post in window}
        for key in sorted(earlier):
            every |= {post.id: post for post in self.tellable[key].posts}
        return tuple(every.values())

    def told_before(self, posts: Iterable[Post]) -> frozenset[PostId]:
        """Those of the posts that tell what the reader knows: all of a known story, of an update those without news."""
        updates = {key: story for key, story in self.tellable.items() if story.update}
        news = {post.id for story in updates.values() for post in story.posts}
        stories = self.known | updates.keys()
        return frozenset(post.id for post in posts if post.story in stories and post.id not in news)
