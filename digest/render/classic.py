"""The classic look: HTML messages that every client of Telegram can show.

Limits of sendMessage (https://core.telegram.org/bots/api#sendmessage): 4,096 UTF-16 units after the markup is taken
out, and 100 entities, beyond which links silently stop being links.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.model import StoryId
from core.texts import texts
from digest.model import Buttons, Digest, StoryView
from digest.render import common, markup

LONGEST_PART = 4096
MOST_ENTITIES = 100
MOST_AGAIN = 4  # lists that a part which goes on names: with all there may be no room for a story


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its HTML, the stories it tells, whether it tells corrections, and the buttons below it, as rows (the
    last part has them)."""

    html: str
    buttons: Buttons = ()
    stories: tuple[StoryId, ...] = ()
    corrections: bool = False


def render(digest: Digest, told: Collection[StoryId] = (), *, begun: bool = False) -> tuple[Part, ...]:
    """The digest as messages, at least one; a story is never divided between two, and none is left out. Where it was
    `begun`, what follows the parts that have `told` these stories."""
    numbers = common.marks(digest)
    head = f"<b>{markup.others(common.heading(digest))}</b>\n{markup.html(common.made_of(digest))}"
    if above := common.above_all(digest):
        head += f"\n{markup.html(above)}"
    heading = markup.others(common.heading(digest, MOST_AGAIN))
    again = f"<i>{heading} · {markup.html(texts(digest.language)('digest-continued'))}</i>"
    parts = [_Filling([Part(again if begun else head)])]
    for block in _blocks(digest, numbers, told):
        if not parts[-1].takes(block):
            parts.append(_Filling([Part(again), block]))
    for line in common.tail(digest):
        ending = Part(f"<i>{markup.html(markup.plain(line, LONGEST_PART // 4))}</i>")
        if not parts[-1].takes(ending):
            parts.append(_Filling([ending]))
    whole = [part.whole() for part in parts]
    return (*whole[:-1], replace(whole[-1], buttons=common.buttons(digest)))


class _Filling:
    """A message as it fills with blocks; its length is theirs, so that each is measured once."""

    def __init__(self, blocks: list[Part]) -> None:
        self._blocks = blocks
        self._units = sum(_units(block.html) for block in blocks) + 2 * (len(blocks) - 1)
        self._entities = sum(_entities(block.html) for block in blocks)

    def takes(self, block: Part) -> bool:
        """Put the block behind the others, if Telegram still takes it as one message with all its links."""
        units, entities = self._units + 2 + _units(block.html), self._entities + _entities(block.html)
        if units > LONGEST_PART or entities > MOST_ENTITIES:
            return False
        self._blocks.append(block)
        self._units, self._entities = units, entities
        return True

    def whole(self) -> Part:
        return Part(
            "\n\n".join(block.html for block in self._blocks),
            stories=tuple(story for block in self._blocks for story in block.stories),
            corrections=any(block.corrections for block in self._blocks),
        )


def _units(html: str) -> int:
    return markup.utf16(markup.visible(html))


def _entities(html: str) -> int:
    return html.count("</")


def _blocks(digest: Digest, numbers: Mapping[str, int], told: Collection[StoryId]) -> Iterator[Part]:
    """A block a story, the first of a section under its heading, and one a correction; each fits into a message with
    room for its head."""
    for section in common.sections(digest):
        heading = f"<b><u>{markup.html(section.heading)}</u></b>\n" if section.heading else ""
        for number, story in section.stories:
            if story.id in told:
                continue
            forms = (heading + _story(digest, story, number, numbers, shown) for shown in _shorter(story))
            first = ""
            for first in forms:  # the last form is the shortest, whether it fits or not
                if _units(first) <= LONGEST_PART - 600 and _entities(first) <= MOST_ENTITIES - 10:
                    break
            yield Part(first, stories=(story.id,))
            heading = ""
    heading = f"<b><u>{markup.html(texts(digest.language)('corrections'))}</u></b>\n"
    for line, url in common.corrected(digest):
        mark = f" {markup.link(url, f'[{numbers[url]}]')}" if url else ""
        yield Part(f"{heading}{markup.others(line)}{mark}", corrections=True)
        heading = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """How much of a story is shown."""

    sentences: int
    timeline: int
    differences: bool = True


def _shorter(story: StoryView) -> Iterator[_Shown]:
    """Ways to show a story, each shorter than the one before."""
    everything = _Shown(len(story.summary), common.MOST_TIMELINE)
    yield everything
    yield replace(everything, timeline=4)
    yield replace(everything, timeline=0)
    for count in range(len(story.summary), 0, -1):
        yield _Shown(count, 0, differences=False)


def _story(digest: Digest, story: StoryView, number: int, numbers: Mapping[str, int], shown: _Shown) -> str:
    told = f"<i>{markup.others(common.who_told(digest, story))}</i>"
    notes = [_cited(story, line, sources, numbers) for line, sources in common.noted(digest, story)]
    lines = [_words(digest, story, number, numbers, shown.sentences)]
    if before := common.earlier(digest, story):
        line, url = before
        lines.append(f"{markup.others(line)} {markup.link(url, f'[{numbers[url]}]')}")
    lines += [told, *notes]
    if fold := "\n".join(_fold(digest, story, numbers, shown)):
        lines.append(f"<blockquote expandable>{fold}</blockquote>")
    return "\n".join(lines)


def _words(digest: Digest, story: StoryView, number: int, numbers: Mapping[str, int], sentences: int) -> str:
    said = common.said(digest, story, sentences)
    title = f"<b>{number}. {markup.others(said.title)}</b>"
    if said.sources:
        title += _cited(story, said.rest, said.sources, numbers)
    following = " ".join(_cited(story, each.text, each.sources, numbers) for each in said.following)
    return f"{title}\n{following}" if following else title


def _cited(story: StoryView, text: str, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    cited = list(common.sentence_marks(story, sources, numbers))
    return f"{markup.others(text)} {''.join(markup.link(url, mark) for url, mark in cited)}"


def _fold(digest: Digest, story: StoryView, numbers: Mapping[str, int], shown: _Shown) -> Iterator[str]:
    """The lines that are folded away: what the sources disagree on, of which clients show the beginning, who else told
    it, whom they name as their source, and in what order."""
    words = texts(digest.language)
    if shown.differences:
        yield from _parting(digest, story, numbers)
    if also := common.also_reported(digest, story):
        yield markup.others(also)
    if shown.differences and story.credits:
        named = ", ".join(_cited(story, each.name, each.sources, numbers) for each in story.credits)
        yield f"{markup.html(words('story-credits'))}: {named}"
    posts, missing = common.timeline(story, shown.timeline) if shown.timeline else ((), 0)
    for post, moment in zip(posts, common.moments(digest, posts), strict=True):
        entry = common.entry(digest, story, post)
        yield f"{markup.html(moment)} {markup.link(post.url, entry.link)}{markup.others(entry.rest)}"
    if missing:
        yield markup.html(words("story-more-posts", count=missing))
    if reasons := common.why(digest, story):
        yield markup.html(reasons)


def _parting(digest: Digest, story: StoryView, numbers: Mapping[str, int]) -> Iterator[str]:
    """Where the sources part."""
    words = texts(digest.language)
    for difference in story.differences:
        sides = (difference.one, difference.other)
        yield f"{markup.html(words('story-differ'))}: " + " / ".join(
            _cited(story, side.text, side.sources, numbers) for side in sides
        )
    for denial in story.denials:
        yield f"{markup.html(words('story-denied'))}: {_cited(story, denial.text, denial.sources, numbers)}"
