"""What stands around a digest: its sources, how to ask for one, and that a part of it may have been lost."""

import math
from collections.abc import Mapping, Sequence
from html import escape as html
from typing import Any

from bot.callbacks import Resend
from bot.outgoing import MOST_UNITS, Button, View, shown_length
from bot.wording import compose, escape, say, tame, word
from core.model import ChannelList, Part, Reader
from core.texts import texts
from digest.render.markup import without_commands

_MOST_LISTS = 12


def not_yet(language: str, *, admin: bool) -> View:
    """Nothing of what a reader follows has ever been read; one who runs the place is told where to look."""
    lines = ["digest-not-yet", *(["digest-not-yet-admin"] if admin else ())]
    return View("\n\n".join(say(language, line) for line in lines))


def unclear(reader: Reader, what: str, lists: Sequence[ChannelList]) -> View:
    """The words after /digest were neither a list nor a span of time."""
    names = ", ".join(f"<code>{escape(each.id, 40)}</code>" for each in lists[:_MOST_LISTS]) or "–"
    text = compose(reader.language, "digest-unclear", what=escape(what, 60), names=names)
    return View(text, missed=True)


def enough(reader: Reader, seconds: float) -> View:
    """So many digests were asked for that the next one has to wait for so many seconds."""
    return View(say(reader.language, "digest-enough", minutes=math.ceil(seconds / 60)))


def in_doubt(part: Part) -> View:
    """The notice of a part that may not have arrived, with the button that sends it again."""
    language = part.reader.language
    again = Button(word(language, "resend-button"), Resend(part=part.id).pack())
    return View(say(language, "part-in-doubt", part=part.part + 1), ((again,),))


def sources(reader: Reader, value: Mapping[str, Any]) -> View:
    """The posts behind a digest, by story, as many as one message takes; `value` is the digest as JSON."""
    room = MOST_UNITS - 200
    blocks = [f"<b>{html(texts(reader.language)('sources'))}</b>"]
    for number, story in enumerate(value.get("stories", ()), 1):
        links = [f'<a href="{html(post["url"])}">{escape(post["channel"], 40)}</a>' for post in story["posts"][:12]]
        block = f"{number}. {html(without_commands(tame(story['title'], 120)))}\n{' · '.join(links)}"
        room -= shown_length(block) + 2
        if room < 0 or sum(each.count("<a ") for each in blocks) + len(links) > 95:
            blocks.append("…")
            break
        blocks.append(block)
    return View("\n\n".join(blocks))
