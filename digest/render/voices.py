"""Pure: what of a story is folded away, in the HTML that the page and the rich message share."""

from collections.abc import Callable, Iterator, Sequence

from core.texts import texts
from digest.model import CitedPost, Digest, StoryView
from digest.render import common

Marks = Callable[[Sequence[int]], str]


def voices(digest: Digest, story: StoryView, marks: Marks) -> Iterator[str]:
    """Paragraphs of HTML: where the sources part, the figures in a table, and whom they name as theirs. `marks` are a
    sentence's source marks, as the look draws them."""
    words = texts(digest.language)
    if story.differences:
        rows = "".join(
            f"<tr><td>{common.html(common.plain(figure))}</td>"
            f"<td>{common.html(side.text)} {marks(side.sources)}</td></tr>"
            for difference in story.differences
            for figure, side in zip(difference.figures, (difference.one, difference.other), strict=True)
        )
        yield f"<p><b>{common.html(words('story-differ'))}:</b></p><table>{rows}</table>"
    for denial in story.denials:
        told = f"{common.html(denial.text)} {marks(denial.sources)}"
        yield f"<p><b>{common.html(words('story-denied'))}:</b> {told}</p>"
    if story.credits:
        named = ", ".join(f"{common.html(each.name)} {marks(each.sources)}" for each in story.credits)
        yield f"<p>{common.html(words('story-credits'))}: {named}</p>"


def details(
    digest: Digest, story: StoryView, lines: Sequence[str], item: Callable[[CitedPost], str], *, most: int
) -> Iterator[str]:
    """A block that unfolds, of these `lines`, the story's posts (at most so many, each an `item` of a list), how many
    more there are, and why the story stands where it does; none where there is nothing to unfold."""
    words = texts(digest.language)
    posts, missing = common.timeline(story, most)
    if posts:
        lines = [*lines, f"<ul>{''.join(f'<li>{item(post)}</li>' for post in posts)}</ul>"]
    more = words("story-more-posts", count=missing) if missing else ""
    folded = [*lines, *(f"<p>{common.html(line)}</p>" for line in (more, common.why(digest, story)) if line)]
    if folded:
        yield f"<details><summary>{common.html(words('story-timeline'))}</summary>{''.join(folded)}</details>"
