"""Pure: what digests of the same posts share: all that does not depend on what a reader knows and likes.

Each piece is made when it is first asked for, and kept as long as the digests of one run are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from core.model import Article, Post, PostId, StoryId
from digest.copies import original_of
from digest.news import arrivals, with_news
from digest.one_event import told_twice
from digest.rank import (
    PostFacts,
    StoryFacts,
    Topics,
    Weighed,
    attention_of,
    channel_norms,
    in_order,
    most_of_one,
    weigh,
)
from digest.taste import Concerned, Gist
from digest.telling import Views

FOLLOWED = 3  # posts of the window from which a channel does not tell a story by the way
COMPARED, MOST_COMPARED = 40, 80  # stories of several channels, the best, that are compared with each other at least
# and at most: as many as are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Tellable:
    """A story as it can be told. `posts`: all of it, of an `update` those with the news; `single`: one channel alone
    tells it, by the way; `weighed`: what speaks for it whoever reads it; `context`: the texts of articles that it
    links."""

    posts: tuple[Post, ...]
    update: bool
    single: bool
    gist: Gist
    weighed: Weighed
    context: tuple[str, ...]


class Shared:
    """The stories of a window that ends at `until`, as they can be told to those who know them up to some post."""

    def __init__(
        self,
        posts: Sequence[Post],
        stories: Mapping[StoryId, tuple[Post, ...]],
        articles: Mapping[PostId, tuple[Article, ...]],
        lists: Mapping[str, frozenset[str]],
        until: datetime,
        views: Views,
    ) -> None:
        """`posts` are those of the window, `stories` all posts of their stories, `articles` what posts link, `lists`
        the channels of each list by its title; `views` puts stories into words."""
        self.views = views
        self._stories, self._articles, self._lists, self._until = stories, articles, lists, until
        self._window = {post.id for post in posts}
        self.of_one_channel = len({post.channel for post in posts}) == 1
        self._norms = channel_norms(map(_facts, posts))
        self._known: dict[tuple[StoryId, PostId | None, frozenset[PostId]], Tellable | None] = {}
        self._twice: dict[int, Mapping[StoryId, Sequence[StoryId]]] = {}

    @cached_property
    def every(self) -> Mapping[StoryId, Tellable]:
        """The stories for who was told of none."""
        found = ((key, self.tellable(key, None)) for key in self._stories)
        return {key: story for key, story in found if story}

    @cached_property
    def weighed(self) -> Sequence[Weighed]:
        """The same, in order."""
        return in_order(story.weighed for story in self.every.values())

    @cached_property
    def topics(self) -> Topics:
        """Which of the stories are of one topic."""
        return Topics(self.weighed)

    @cached_property
    def concerned(self) -> Concerned:
        """Which of the stories a taste may concern."""
        return Concerned({key: story.gist for key, story in self.every.items()})

    @cached_property
    def earlier(self) -> frozenset[StoryId]:
        """The stories with posts that are not of the window."""
        return frozenset(
            key for key, posts in self._stories.items() if any(post.id not in self._window for post in posts)
        )

    @cached_property
    def arrivals(self) -> Mapping[StoryId, datetime]:
        """When the post of each story that came last came to us."""
        return arrivals(self._stories)

    def twice(self, told: int) -> Mapping[StoryId, Sequence[StoryId]]:
        """Which of the best stories, of which so many may be told, tell of one event: for each the others."""
        most = min(max(told, COMPARED), MOST_COMPARED)
        if most not in self._twice:
            several = (each.story.key for each in self.weighed if not self.every[each.story.key].single)
            self._twice[most] = told_twice({key: self.every[key].posts for key in islice(several, most)})
        return self._twice[most]

    def tellable(self, story: StoryId, last: PostId | None, unseen: frozenset[PostId] = frozenset()) -> Tellable | None:
        """The story for who was told of it up to the post `last` (None: nothing), but for posts `unseen`, of whatever
        stories; None where it has no news."""
        if unseen:
            unseen &= {post.id for post in self._stories[story]}
        key = story, last, unseen
        if key not in self._known:
            self._known[key] = self._made(*key)
        return self._known[key]

    def _made(self, story: StoryId, last: PostId | None, unseen: frozenset[PostId]) -> Tellable | None:
        posts = self._stories[story]
        if last is not None:
            known = {post.id for post in posts if post.id <= last} - unseen
            posts = with_news(
                [post for post in posts if post.id in known], [post for post in posts if post.id not in known]
            )
        if not posts:
            return None
        gist = Gist(bodies=tuple(post.body for post in posts))
        fresh = [post for post in posts if post.id in self._window] or posts  # how it began days ago weighs nothing
        channels = {post.channel for post in fresh}
        facts = StoryFacts(
            key=story,
            posts=[_facts(post) for post in fresh],
            lists=tuple(title for title, members in self._lists.items() if not channels.isdisjoint(members)),
            of_lists=len(self._lists),
            topic=gist.topic,
        )
        linked = {article.url: article.text for post in posts for article in self._articles.get(post.id, ())}
        return Tellable(
            posts=posts,
            update=last is not None,
            single=last is None and len({post.channel for post in posts}) < 2 and most_of_one(facts.posts) < FOLLOWED,
            gist=gist,
            weighed=weigh(facts, self._until, self._norms),
            context=tuple(linked.values()),
        )


def _facts(post: Post) -> PostFacts:
    return PostFacts(
        channel=post.channel,
        date=post.date,
        fingerprint=post.fingerprint,
        original=original_of(post.url, post.forwarded_from.url if post.forwarded_from else None),
        attention=attention_of(post.views, post.forwards, sum(each.count for each in post.reactions)),
    )
