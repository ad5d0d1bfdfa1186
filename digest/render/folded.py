"""Pure: what of a story is folded away, in the HTML that the page and the rich message share."""

from collections.abc import Callable, Iterator, Sequence

from core.texts import texts
from digest.model import CitedPost, Digest, StoryView
from digest.render import common, markup

WithMarks = Callable[[str, Sequence[int]], str]


def voices(digest: Digest, story: StoryView, cited: WithMarks) -> Iterator[str]:
    """Paragraphs of HTML: where the sources part, the figures in a table, and whom they name as theirs. `cited` is a
    text with the marks of its sources, as the look draws them."""
    words = texts(digest.language)
    if story.differences:
        rows = "".join(
            f"<tr><td>{markup.html(markup.plain(figure))}</td><td>{cited(side.text, side.sources)}</td></tr>"
            for difference in story.differences
            for figure, side in zip(difference.figures, (difference.one, difference.other), strict=True)
        )
        yield f"<p><b>{markup.html(words('story-differ'))}:</b></p><table>{rows}</table>"
    for denial in story.denials:
        yield f"<p><b>{markup.html(words('story-denied'))}:</b> {cited(denial.text, denial.sources)}</p>"
    if story.credits:
        named = ", ".join(cited(each.name, each.sources) for each in story.credits)
        yield f"<p>{markup.html(words('story-credits'))}: {named}</p>"


def details(
    digest: Digest, story: StoryView, lines: Sequence[str], item: Callable[[CitedPost, str], str], *, most: int
) -> Iterator[str]:
    """A block that unfolds, of these `lines`, the story's posts (at most so many, each with its moment an `item` of a
    list), how many more there are, and why the story stands where it does; none where there is nothing to unfold. What
    is folded says whether something of the story is denied, or told otherwise."""
    words = texts(digest.language)
    posts, missing = common.timeline(story, most)
    if posts:
        items = map(item, posts, common.moments(digest, posts))
        lines = [*lines, f"<ul>{''.join(f'<li>{each}</li>' for each in items)}</ul>"]
    more = words("story-more-posts", count=missing) if missing else ""
    folded = [*lines, *(f"<p>{markup.html(line)}</p>" for line in (more, common.why(digest, story)) if line)]
    if folded:
        summary = words(f"story-timeline{'-denied' if story.denials else '-differ' if story.differences else ''}")
        yield f"<details><summary>{markup.html(summary)}</summary>{''.join(folded)}</details>"
