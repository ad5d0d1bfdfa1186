"""The stories of a window as they rank for one reader: each once, those of one event together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from core.model import Liking, Post, PostId, StoryId, Taste
from digest.build import Material, Wish, rank_stories
from digest.rank import ReasonKind
from digest.ranking import Ranking
from digest.shared import Shared
from digest.taste import about, read_keywords
from digest.telling import Views
from tests.digest.desk import DAY
from tests.moments import NOW
from tests.posts import a_stored_post

WISH = Wish(since=NOW - DAY, until=NOW)
TEXTS = (
    "Harwick opens a tram line to its harbour after years of works.",
    "Parliament passes a budget with deeper cuts for farmers.",
    "Astronomers find water vapour around a distant planet.",
    "A storm tears roofs off houses along the northern coast.",
    "Eastport wins the football cup on penalties against Dunmore.",
    "Museum buys a lost painting by the master of Castra.",
    "Vaccines against measles reach the last village of Ister.",
)


class Paired(Shared):
    """What digests share, in which these stories tell of one event."""

    pairs: Mapping[StoryId, Sequence[StoryId]] = {}

    def twice(self, told: int) -> Mapping[StoryId, Sequence[StoryId]]:
        return self.pairs


def ranking(
    *events: tuple[int, ...], stories: int = 3, told: Sequence[int] = (), taste: Taste | None = None, channels: int = 2
) -> Ranking:
    """Stories, numbered as they rank, the first told by most channels, the last by so many. `events`: a story with
    others that tell of its event."""
    posts = [
        _post(100 * story + channel, channel, story)
        for story in range(1, stories + 1)
        for channel in range(stories - story + channels)
    ]
    material = Material(
        posts=tuple(posts),
        stories={StoryId(at): tuple(post for post in posts if post.story == at) for at in range(1, stories + 1)},
        told={StoryId(story): PostId(100 * story + 99) for story in told},
        articles={},
        stale=(),
        lists=(),
        taste=taste or Taste(),
    )
    shared = Paired(material.posts, material.stories, {}, {}, NOW, Views("en"))
    shared.pairs = {StoryId(one): [StoryId(other) for other in others] for one, *others in events}
    return rank_stories(material, WISH, shared)


def _post(number: int, channel: int, story: int) -> Post:
    date = NOW - timedelta(minutes=200 - number % 100)
    return a_stored_post(number, TEXTS[story - 1], channel=f"channel_{channel}", date=date, story=StoryId(story))


def entries(given: Ranking) -> list[tuple[int, tuple[int, ...]]]:
    return [(int(ranked.key), tuple(map(int, joined))) for ranked, joined in given.entries(9)]


def test_a_story_that_is_told_below_another_is_told_nowhere_else() -> None:
    assert entries(ranking((1, 3), (3, 1, 2), (2, 3))) == [(1, (3,)), (2, ())]


def test_what_a_reader_knows_is_not_told_below_another_story_either() -> None:
    assert entries(ranking((1, 2, 3), told=[2])) == [(1, (3,))]


def test_at_most_four_stories_are_told_below_another() -> None:
    everything = (1, 2, 3, 4, 5, 6, 7)
    assert entries(ranking(everything, stories=7)) == [(1, (2, 3, 4, 5)), (6, ()), (7, ())]


def test_what_a_reader_likes_or_not_moves_a_story_and_leaves_it_one_place() -> None:
    budget = Liking(story=StoryId(9), more=True, terms=tuple(about([TEXTS[1]]).items()), given_at=NOW)
    liked = ranking(taste=Taste(likings=(budget,)))
    disliked = ranking(taste=Taste(likings=(replace(budget, more=False),)))
    assert [[ranked.key for ranked in each.best_first()] for each in (liked, disliked)] == [[2, 1, 3], [1, 3, 2]]
    assert next(liked.best_first()).reasons[-1].kind is ReasonKind.TASTE


def test_what_one_channel_tells_by_the_way_is_told_where_the_reader_asked_for_it_or_all_is_of_one() -> None:
    asked = ranking(channels=1, taste=Taste(keywords=read_keywords("planet")))
    assert (ranking(channels=1).by_the_way(), asked.by_the_way()) == (frozenset({StoryId(3)}), frozenset())
    alone = ranking(stories=1, channels=1)
    assert (alone.by_the_way(), alone.single()) == (frozenset({StoryId(1)}), frozenset())


def of_one_story(*posts: Post, window: Sequence[Post], told: Post) -> Ranking:
    material = Material(
        posts=tuple(window), stories={StoryId(1): posts}, told={StoryId(1): told.id}, articles={}, stale=(), lists=()
    )
    return rank_stories(material, WISH)


def test_posts_of_an_update_without_news_were_told_before_and_so_were_all_of_a_story_that_has_none() -> None:
    first, again = _post(100, 0, 1), _post(102, 2, 1)
    news = replace(_post(101, 1, 1), body=TEXTS[3])
    update = of_one_story(first, news, again, window=(first, news, again), told=first)
    assert update.told_before([first, news, again]) == {first.id, again.id}
    known = of_one_story(first, again, window=(again,), told=again)
    assert known.told_before([first, again]) == {first.id, again.id}
    assert known.posts([again]) == (again,)  # though it began before the window
