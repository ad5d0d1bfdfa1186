"""Pure: why each story stands where it stands, and why each post that is not told is not, for the operator."""

from collections.abc import Iterable, Iterator, Sequence

from core.model import Kind
from digest.build import Material
from digest.compose import left_out
from digest.model import Digest
from digest.rank import ReasonKind
from digest.ranking import Ranking
from digest.reasons import each_in_words
from digest.summaries.headline import headline
from digest.text.tidy import shorten

RANKS = ("place", "score", *ReasonKind, "posts", "story", "why")
SHORT_RANKS = ("place", "score", "posts", "story")
LEFT = ("rule", "story", "post", "text")
SHORT_LEFT = ("rule", "post")
_LONGEST = 80  # characters of a headline and of a post


def ranks(material: Material, ranking: Ranking, digest: Digest) -> Iterator[Sequence[str]]:
    """A row for each story, best first, as `RANKS` names them: its place in the digest (that of the story below which
    it is told, where that tells of the same event; empty where it is not told), its score, the points of each reason,
    how many posts, its headline, the reasons in words."""
    told = {
        key: (str(place), story.title if key == story.id else "")
        for place, story in enumerate(digest.stories, 1)
        for key in (story.id, *story.joined)
    }
    for each in ranking.best_first():
        posts = material.stories[each.key]
        place, title = told.get(each.key, ("", ""))
        found = None if title else headline([post.body for post in posts[:20]])
        points = {reason.kind: f"{reason.points:+.2f}" for reason in each.reasons if reason.points}
        yield (
            place,
            f"{each.score:.2f}",
            *(points.get(kind, "") for kind in ReasonKind),
            str(len(posts)),
            shorten(found.text if found else title, _LONGEST),
            ", ".join(each_in_words(each.reasons, digest.language)),
        )


def short_ranks(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The same for a terminal, as `SHORT_RANKS` names them: the reasons in words stand below the headline."""
    for row in rows:
        place, score, *_, posts, story, why = row
        yield place, score, posts, f"{story}\n{why}"


def left(material: Material, ranking: Ranking, digest: Digest) -> Iterator[Sequence[str]]:
    """A row for each post of the window that is not told, as `LEFT` names them: the rule (the kind of a post that is no
    news and why it is of that kind; else known, unwanted, single or beyond), its story, its address, how it begins."""
    chosen = {key for story in digest.stories for key in (story.id, *story.joined)}
    shown = {post.id for key in chosen for post in ranking.tellable[key].posts}
    known = ranking.told_before(material.posts)
    for reason, post in left_out(material.posts, shown, known, ranking.unwanted, ranking.single()):
        rule = reason if post.kind is Kind.NEWS else ": ".join(filter(None, (post.kind.value, post.rule)))
        yield rule, str(post.story or ""), post.url, shorten(" ".join(post.body.split()), _LONGEST)


def short_left(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The same for a terminal, as `SHORT_LEFT` names them: a post's address stands below how it begins."""
    for rule, _, post, text in rows:
        yield rule, f"{text}\n{post}"
