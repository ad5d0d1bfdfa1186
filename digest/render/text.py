"""The plain look: for terminals, one idea a line, the sources at the end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from core.texts import texts
from digest.model import Digest, StoryView
from digest.render import common, markup
from digest.text.tidy import INVISIBLE

WIDTH = 100
INDENT = "   "
_UNBROKEN = "\N{NO-BREAK SPACE}"
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")  # "1 000" stays on one line


def render(digest: Digest, width: int = WIDTH) -> str:
    """The digest as plain text in lines of at most `width` columns (addresses may be longer)."""
    return "\n".join(_lines(digest, max(width, 40))) + "\n"


def _lines(digest: Digest, width: int) -> Iterator[str]:
    words = texts(digest.language)
    numbers = common.marks(digest)
    yield from wrap(common.heading(digest), width)
    yield from wrap(common.made_of(digest), width)
    yield from wrap(common.above_all(digest), width)
    for section in common.sections(digest):
        yield ""
        if section.heading:
            yield section.heading
        for place, (number, story) in enumerate(section.stories):
            if place:
                yield ""
            yield from _story(digest, story, number, numbers, width)
    if digest.corrections:
        yield ""
        yield words("corrections")
    for said, url in common.corrected(digest):
        yield from _indented(f"{said} [{numbers[url]}]" if url else said, width)
    if lines := common.tail(digest):
        yield ""
    for line in lines:
        yield from wrap(line, width)
    if numbers:
        yield ""
        yield words("sources")
        yield from (f"[{number}]".rjust(5) + f" {markup.plain(url, 300)}" for url, number in numbers.items())
    if rows := common.buttons(digest):
        yield ""
        buttons = " ".join(f"[{button.text}]".replace(" ", _UNBROKEN) for row in rows for button in row)
        yield from (line.replace(_UNBROKEN, " ") for line in wrap(buttons, width))


def _story(digest: Digest, story: StoryView, number: int, numbers: Mapping[str, int], width: int) -> Iterator[str]:
    words = texts(digest.language)
    label = f"{number}".ljust(2) + " "
    said = common.said(digest, story)
    yield from _indented(f"{said.title}{said.rest} {_marks(story, said.sources, numbers)}", width, label)
    for sentence in said.following:
        yield from _indented(f"{sentence.text} {_marks(story, sentence.sources, numbers)}", width)
    if before := common.earlier(digest, story):
        said_before, url = before
        yield from _indented(f"{said_before} [{numbers[url]}]", width)
    line = common.who_told(digest, story)
    for difference in story.differences:
        sides = [f"{side.text} {_marks(story, side.sources, numbers)}" for side in (difference.one, difference.other)]
        line += f" {words('story-differ')}: {' / '.join(sides)}"
    yield from _indented(line, width)
    for note, sources in common.noted(digest, story):
        yield from _indented(f"{note} {_marks(story, sources, numbers)}", width)
    for denial in story.denials:
        marks = _marks(story, denial.sources, numbers)
        yield from _indented(f"{words('story-denied')}: {denial.text} {marks}", width)
    if story.credits:
        named = ", ".join(f"{each.name} {_marks(story, each.sources, numbers)}" for each in story.credits)
        yield from _indented(f"{words('story-credits')}: {named}", width)


def _indented(text: str, width: int, label: str = INDENT) -> Iterator[str]:
    whole = _THOUSANDS.sub(_UNBROKEN, INVISIBLE.sub("", text))
    yield from wrap(whole, width, initial_indent=label, subsequent_indent=INDENT, break_on_hyphens=False)


def _marks(story: StoryView, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    return "".join(mark for _, mark in common.sentence_marks(story, sources, numbers))
