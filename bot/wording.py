"""Words for messages: what comes from outside is bounded and escaped here, on its way into a text of ours."""

import html
import re

from core.model import Reader
from core.texts import texts
from digest.render.markup import utf16

_LONGEST = 200  # UTF-16 units of one value: names, queries, titles
_UNSEEN = re.compile(r"[\u00ad\u180e\u200b\u2060]+")  # of no width; others of that kind join emoji and letters
# line breaks, other control characters, and those that turn the direction of writing
_UNRULY = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def say(language: str, key: str, **values: str | float) -> str:
    """A text of a message as Telegram's HTML. Values are tamed and escaped."""
    return _filled(language, key, {name: escape(value) for name, value in values.items()})


def compose(language: str, key: str, **values: str | float) -> str:
    """A text of a message whose values are HTML already."""
    return _filled(language, key, values)


def word(language: str, key: str, **values: str | float) -> str:
    """A text without markup, for buttons and short answers to a press."""
    tamed = {name: tame(value, 60) if isinstance(value, str) else value for name, value in values.items()}
    return _filled(language, key, tamed)


def escape(value: str | float, most: int = _LONGEST) -> str | float:
    return html.escape(tame(value, most), quote=True) if isinstance(value, str) else value


def tame(text: str, most: int) -> str:
    """A text on one line, of at most `most` UTF-16 units, that cannot turn what is around it."""
    text = _UNRULY.sub(" ", _UNSEEN.sub("", text[: most * 4].encode("utf-8", "replace").decode())).strip()
    return text if utf16(text) <= most else _first(text, most - 1).rstrip() + "…"


def _first(text: str, most: int) -> str:
    """As much of the beginning as so many units hold."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def handle(name: str) -> str:
    """A channel's name as readers write it; a private channel has none that could be written."""
    return name if "/" in name or name.startswith("+") else f"@{name}"


def called(reader: Reader, channel: str) -> str:
    """A channel that the reader follows, as readers know it: by its title where it has no public name."""
    return dict(reader.titles).get(channel) or handle(channel)


def _filled(language: str, key: str, values: dict[str, str | float]) -> str:
    return texts(language)(key, **values)
