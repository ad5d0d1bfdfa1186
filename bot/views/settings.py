"""The settings and the sample of the rich look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram.types import (
    InputRichBlockButtons,
    InputRichBlockDetails,
    InputRichBlockParagraph,
    InputRichBlockSectionHeading,
    InputRichMessage,
    RichMessageButton,
)

from bot import zones
from bot.callbacks import Choose, Forget, Readable, Show
from bot.changes import MINUTES
from bot.looks import RICH
from bot.outgoing import Button, View
from bot.views.start import back, follows, rhythm
from bot.wording import compose, say, word
from core.model import ChannelList, Reader, ReaderState

LANGUAGES = {"en": "English", "ru": "Русский"}


def settings(reader: Reader, lists: Sequence[ChannelList], look: str, now: datetime) -> View:
    """All settings, and a button for each. `look` is the one in force, not the one wished for."""
    language = reader.language
    clock = f"{zones.local(now, reader.zone):%H:%M}"
    lines = [
        compose(language, "settings-follows", follows=follows(reader, lists)),
        say(language, "settings-hour", at=reader.at),
        say(language, "settings-zone", zone=zones.label(reader.zone, language), now=clock),
        say(language, "settings-minutes", minutes=reader.minutes),
        say(language, "settings-look", look=look),
    ]
    text = f"{say(language, 'settings-head')}\n\n" + "\n".join(lines) + f"\n\n{rhythm(reader, now)}"
    pages = [[_page(reader, name) for name in row] for row in (("hour", "zone"), ("minutes", "lists"))]
    pages.append([_page(reader, "language"), _page(reader, "look"), _page(reader, "keywords")])
    last = [_pause(reader), _page(reader, "forget")]
    return View(text, tuple(tuple(row) for row in (*pages, last)))


def stop(reader: Reader) -> View:
    """The ways to get fewer digests, or none."""
    return View(
        say(reader.language, "stop-question", chat=reader.kind),
        ((_pause(reader),), (_page(reader, "lists"),), (_page(reader, "forget"),)),
    )


def languages(reader: Reader) -> View:
    buttons = tuple(_choice(reader, "language", code, name) for code, name in LANGUAGES.items())
    return View(say(reader.language, "language-question"), (buttons, back(reader)))


def minutes(reader: Reader) -> View:
    language = reader.language
    choices = [
        _choice(reader, "minutes", str(each), word(language, "minutes-button", minutes=each)) for each in MINUTES
    ]
    return View(say(language, "minutes-question"), (tuple(choices[:3]), tuple(choices[3:]), back(reader)))


def lasts(reader: Reader, before: int) -> View:
    """What was made of the wish for another length, and the others to choose from."""
    key = "minutes-done"
    if reader.minutes == before:
        key = {MINUTES[0]: "minutes-shortest", MINUTES[-1]: "minutes-longest"}.get(before, key)
    return replace(minutes(reader), text=say(reader.language, key, minutes=reader.minutes))


def other_rhythm(reader: Reader) -> View:
    """That a digest comes once a day and not otherwise, and what can be had."""
    rows = ((_page(reader, "hour"), _page(reader, "minutes")), (_pause(reader),))
    return View(say(reader.language, "rhythm-only"), rows)


def when(reader: Reader, now: datetime) -> View:
    """When the digest comes."""
    return View(rhythm(reader, now), ((_page(reader, "hour"), _pause(reader)),))


def look(reader: Reader, *, known: bool) -> View:
    """Offers the looks; `known` says whether the server has taken the sample of the rich one, or had before."""
    if not known:
        return View(say(reader.language, "look-unknown"), (back(reader),))
    classic = _choice(reader, "look", "classic", word(reader.language, "look-classic-button"))
    question = say(reader.language, "look-rich-question" if reader.look == RICH else "look-question")
    return View(question, ((classic,), back(reader)))


def forget(reader: Reader) -> View:
    yes, no = (
        Button(word(reader.language, key), Forget(sure=sure).pack())
        for key, sure in (("forget-yes-button", True), ("forget-no-button", False))
    )
    return View(say(reader.language, "forget-question", chat=reader.kind), ((yes,), (no,)))


def sample(language: str) -> InputRichMessage:
    """A rich message whose button is inside it: one who presses it can see it."""
    button = RichMessageButton(text=word(language, "sample-button"), callback_data=Readable().pack())
    blocks: list[Any] = [
        InputRichBlockSectionHeading(text=word(language, "sample-heading"), size=2),
        InputRichBlockParagraph(text=word(language, "sample-text")),
        InputRichBlockDetails(
            summary=word(language, "sample-summary"),
            blocks=[InputRichBlockParagraph(text=word(language, "sample-details"))],
        ),
        InputRichBlockButtons(buttons=[button]),
    ]
    return InputRichMessage(blocks=blocks)


def _pause(reader: Reader) -> Button:
    """Pauses the digests, or lets them come again."""
    paused = reader.state is ReaderState.PAUSED
    state = ReaderState.ACTIVE if paused else ReaderState.PAUSED
    label = word(reader.language, "settings-resume-button" if paused else "settings-pause-button")
    return Button(label, Choose(field="state", value=state.value).pack())


def _page(reader: Reader, name: str) -> Button:
    return Button(word(reader.language, f"settings-{name}-button", chat=reader.kind), Show(page=name).pack())


def _choice(reader: Reader, field: str, value: str, label: str) -> Button:
    chosen = str(getattr(reader, field)) == value and not (field == "look" and reader.look == RICH)
    return Button(f"✓ {label}" if chosen else label, Choose(field=field, value=value).pack())
