"""The rich look: one message for sendRichMessage (Bot API 10.1 and later) in its HTML form.

Tags and limits: https://core.telegram.org/bots/api#rich-message-formatting-options. The source marks lead straight to
the posts, so that a claim is checked with one tap; times are shown in the viewer's own zone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from core.texts import texts
from digest.model import Button, CitedPost, Digest, StoryView
from digest.render import common, markup
from digest.render.folded import details, voices

LONGEST = 32_768
MOST_BLOCKS = 500
_BLOCKS = ("<h", "<p>", "<table>", "<tr>", "<td>", "<details>", "<ul>", "<li>", "<hr", "<footer>", "<tg-button-row>")

CallbackData = Callable[[Button], str]


def render(digest: Digest, data: CallbackData | None = None) -> str:
    """The digest as rich HTML within the limits.

    `data` gives a button's callback data (1 to 64 bytes); without it there are no buttons inside the message. Where it
    would be too long, what is folded away goes first, from the last story up and no further than it must, then all
    sentences but the first in the same way; no story is left out.
    """
    stories = len(digest.stories)

    def with_parts(kept: int) -> str:
        return _message(digest, data, folded=max(kept - stories, 0), whole=min(kept, stories))

    if fits(html := with_parts(2 * stories)):
        return html
    html = with_parts(0)
    fitting, beyond = 0, 2 * stories
    while beyond - fitting > 1:
        middle = (fitting + beyond) // 2
        if fits(longer := with_parts(middle)):
            fitting, html = middle, longer
        else:
            beyond = middle
    return html


def fits(html: str) -> bool:
    """Whether the message is within the limits, counting the markup as well, so that it cannot be counted otherwise."""
    return markup.utf16(html) <= LONGEST and sum(map(html.count, _BLOCKS)) <= MOST_BLOCKS


def _message(digest: Digest, data: CallbackData | None, folded: int, whole: int) -> str:
    """The message with what is folded away of the first `folded` stories, and all sentences of the first `whole`."""
    return "\n".join(_blocks(digest, data, folded, whole))


def _blocks(digest: Digest, data: CallbackData | None, folded: int, whole: int) -> Iterator[str]:
    numbers = common.marks(digest)
    yield f"<h2>{markup.others(common.heading(digest))}</h2>"
    yield f"<p>{markup.html(common.made_of(digest))}</p>"
    if above := common.above_all(digest):
        yield f"<p>{markup.html(above)}</p>"
    for section in common.sections(digest):
        if section.heading:
            yield f"<h3>{markup.html(section.heading)}</h3>"
        for number, story in section.stories:
            yield from _story(digest, story, number, numbers, 8 if number <= whole else 1)
            if number <= folded:
                yield from _details(digest, story, numbers)
    corrected = [
        markup.others(line) + (f" <sup>{markup.link(url, f'[{numbers[url]}]')}</sup>" if url else "")
        for line, url in common.corrected(digest)
    ]
    if corrected:
        yield f"<h3>{markup.html(texts(digest.language)('corrections'))}</h3>"
        yield from (f"<p>{line}</p>" for line in corrected)
    if lines := common.tail(digest):
        yield "<hr/>"
        yield f"<footer>{'<br/>'.join(markup.html(markup.plain(line, 2000)) for line in lines)}</footer>"
    if data is not None:
        for row in common.buttons(digest):
            yield f"<tg-button-row>{''.join(_button(button, data) for button in row)}</tg-button-row>"


def _button(button: Button, data: CallbackData) -> str:
    return f'<tg-button type="callback_data" data="{markup.html(data(button))}">{markup.html(button.text)}</tg-button>'


def _story(digest: Digest, story: StoryView, number: int, numbers: Mapping[str, int], sentences: int) -> Iterator[str]:
    said = common.said(digest, story, sentences)
    title = f"{number}. {markup.others(said.title)}"
    marks = _marks(story, said.sources, numbers)
    yield (
        f"<p><b>{title}</b>{markup.others(said.rest)} {marks}</p>"
        if said.rest
        else f"<h4>{f'{title} {marks}'.rstrip()}</h4>"
    )
    following = [_cited(story, each.text, each.sources, numbers) for each in said.following]
    if following:
        yield f"<p>{' '.join(following)}</p>"
    if before := common.earlier(digest, story):
        line, url = before
        yield f"<p>{markup.others(line)} <sup>{markup.link(url, f'[{numbers[url]}]')}</sup></p>"
    yield f"<p><i>{_told(digest, story)}</i></p>"
    for note, sources in common.noted(digest, story):
        yield f"<p>{markup.others(note)} {_marks(story, sources, numbers)}</p>"


def _told(digest: Digest, story: StoryView) -> str:
    """Who told it first, with a time that the client shows by its own clock."""
    clock, told = common.moment(digest, story.first.date), markup.others(common.who_told(digest, story))
    before, _, end = told.rpartition(markup.html(clock))  # the name of the channel may hold the same
    return f"{before}{_time(digest, story.first.date, clock)}{end}"


def _time(digest: Digest, date: datetime, shown: str) -> str:
    """A moment that the client shows by its own clock, with the day where it is `shown` with it."""
    form = "t" if shown == texts(digest.language).clock(date, digest.zone) else "dt"
    return f'<tg-time unix="{int(date.timestamp())}" format="{form}">{markup.html(shown)}</tg-time>'


def _details(digest: Digest, story: StoryView, numbers: Mapping[str, int]) -> Iterator[str]:
    def item(post: CitedPost, moment: str) -> str:
        entry = common.entry(digest, story, post)
        return f"{_time(digest, post.date, moment)} {markup.link(post.url, entry.link)}{markup.others(entry.rest)}"

    also = common.also_reported(digest, story)
    lines = [f"<p>{markup.others(also)}</p>"] if also else []
    lines += voices(digest, story, lambda text, sources: _cited(story, text, sources, numbers))
    yield from details(digest, story, lines, item, most=common.MOST_TIMELINE)


def _cited(story: StoryView, text: str, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    return f"{markup.others(text)} {_marks(story, sources, numbers)}"


def _marks(story: StoryView, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    marks = common.sentence_marks(story, sources, numbers)
    links = "".join(markup.link(url, mark) for url, mark in marks)
    return f"<sup>{links}</sup>" if links else ""
