"""Pure: what came in since the hour of the stream began, and how the stories stood before it.

A post is placed when it arrives, since a digest may be due. When its hour is over, the posts of the hour are taken back
and go in again in an order of their own, so that the order in which they happened to arrive changes nothing.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from digest.stories.index import LiveStory, Member
from digest.stories.posts import Move, StoryKey, StoryPost, hour_of, own_order
from digest.stories.word_weights import Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A post of the hour as read. `key`: the story that it was in already, if it came because it was edited, and `same`
    whether the edit changed no number and few words."""

    post: StoryPost
    counted: Counted
    key: StoryKey | None = None
    same: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A story as it stood when the hour began."""

    number: int
    key: StoryKey
    members: tuple[Member, ...]
    looked: int


@dataclass(slots=True, kw_only=True, eq=False)
class OpenHour:
    """`first`: stories numbered from here on began in the hour. `touched` and `unseen`: what the pass at its beginning
    left to look at. `before`: older stories that merged, split or changed their name since; `homes`: the keys that the
    stories of their posts had; `looked`: at which size older stories were looked at before. `in_order`: whether all
    went as it would go again."""

    first: int = 0
    touched: dict[int, bool] = field(default_factory=dict)
    unseen: dict[int, None] = field(default_factory=dict)
    arrived: dict[Hashable, Arrived] = field(default_factory=dict)
    before: dict[int, Before] = field(default_factory=dict)
    homes: dict[Hashable, StoryKey] = field(default_factory=dict)
    looked: dict[int, int] = field(default_factory=dict)
    in_order: bool = True
    last: tuple[int | str, ...] = ()

    def take(self, arrived: Arrived, *, known: bool) -> None:
        """A post arrives; `known`: its words were counted before the hour's first post was weighed."""
        order = own_order(arrived.post)
        if order < self.last or arrived.key is not None or (self.arrived and not known):
            self.in_order = False
        self.last = order
        self.arrived[arrived.post.id] = arrived

    def take_back(self, arrived: Iterable[Arrived]) -> None:
        """Posts that came before a restart, in an order that is not known."""
        self.arrived |= {each.post.id: each for each in arrived}
        self.in_order = not self.arrived

    def ordered(self) -> list[Arrived]:
        """The posts by the hour, and in their own order within it."""
        return sorted(self.arrived.values(), key=lambda each: (hour_of(each.post.date) or 0.0, own_order(each.post)))

    def keep(self, story: LiveStory) -> None:
        """A story is about to change in more than the posts of the hour."""
        if story.number < self.first and story.number not in self.before:
            members = tuple(member for member in story.members if member.id not in self.arrived)
            looked = self.looked.get(story.number, story.looked)
            self.before[story.number] = Before(number=story.number, key=story.key, members=members, looked=looked)
            self.homes |= {member.id: story.key for member in members}

    def look(self, story: LiveStory) -> None:
        """A story is about to be looked at as a whole."""
        if story.number < self.first:
            self.looked.setdefault(story.number, story.looked)


def regrouped(
    old: Mapping[Hashable, StoryKey], now: Mapping[Hashable, StoryKey], alive: Iterable[StoryKey]
) -> tuple[Move, ...]:
    """What is to be written down where posts went from the stories `old` to those of `now`: of a story that is no more
    the greatest part ends in another, as by a merge; what else went elsewhere is a part that left."""
    living = set(alive)
    by_old: dict[StoryKey, dict[StoryKey, list[Hashable]]] = {}
    for post, key in old.items():
        if post in now:
            by_old.setdefault(key, {}).setdefault(now[post], []).append(post)
    parted: list[Move] = []
    merged: list[Move] = []
    for key, parts in by_old.items():
        parts.pop(key, None)
        rest = None if key in living or not parts else max(parts, key=lambda new: len(parts[new]))
        for new, posts in parts.items():
            if new == rest:
                merged += [Move(post=post, old=key, story=new) for post in posts]
            else:
                parted += [Move(post=post, old=key, story=new, began=True) for post in posts]
    return (*parted, *merged)
