"""Pure: what an administrator asks for with /add and /remove, as it is typed and as a button remembers it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.wishes import KINDLY, without_please
from bot.wording import tame
from core.addresses import Form, is_name, read_address
from core.list_edits import channel_of, entry_of
from core.list_names import bare, lists_by_name
from core.lists import fit_title
from core.model import ChannelList

_LONGEST_TITLE = 80
_LONGEST_SAID = 400  # characters of what may be an errand in words
_FORMS = (Form.NAME, Form.POST, Form.PRIVATE_POST, Form.INVITE, Form.FOLDER)
_TOWARDS = frozenset("to into in from list в во к из список списка".split())


_ASKED = re.compile(
    r"\s*(?:(?P<adds>add|put|добав(?:ь|ьте|ить))|remove|delete|убрать|убери(?:те)?|удали(?:те|ть)?)"
    rf"(?:,?\s(?:{KINDLY}),?)?\s+(?:(?:the\s+)?channels?\s+|канал(?:ы)?\s+)?(?P<what>\S[^\n]*)",
    re.IGNORECASE,
)
_BY_LIST = re.compile(r"(?:the )?list (?P<title>.+)|(?:the )?(?P<name>.+) list[.!]*", re.IGNORECASE)  # "the world list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """These entries are to be added to a list, or else removed; `place` is the list's id, or the title of one that is
    not there, empty where none was named."""

    adds: bool
    entries: tuple[str, ...]
    place: str = ""

    def line(self) -> str:
        """The errand as it could be typed."""
        names = (
            each if read_address(each) else f"@{each}" if is_name(each) else f"t.me/{each}" for each in self.entries
        )
        return " ".join(["/add" if self.adds else "/remove", *names, self.place]).rstrip()


def read_errand(line: str, lists: Sequence[ChannelList]) -> Errand:
    """What is asked for by a line such as "/add @name t.me/other World affairs". Raises BadInput for what is no
    channel.

    What stands behind the channels is the list: one that is there by the longest end that names it, one that is not by
    all words that are no address, or, without any address, from the first word on that can be no name.
    """
    command, *words = _words(line)
    names = lists_by_name(lists)
    at = next((at for at in range(1, len(words)) if _named(words[at:], names)), len(words))
    if _named(words, names):  # no channel is named
        given, rest = [], words
    elif at < len(words):
        given, rest = [word for word in words[:at] if word.lower() not in _TOWARDS], words[at:]
    elif any(map(_is_address, words)):
        given = [word for word in words if _is_address(word)]
        rest = [word for word in words if not _is_address(word)]
    else:
        end = next((at for at, word in enumerate(words) if not is_name(word)), len(words))
        given, rest = words[: end or 1], words[end or 1 :]
    adds = command.lower() == "/add"
    entries = tuple(dict.fromkeys((entry_of if adds else channel_of)(word) for word in given))
    title = _bare(rest)
    place = _named(title, names)
    return Errand(adds=adds, entries=entries, place=place.id if place else title_of(" ".join(title)))


def errand_said(text: str) -> str:
    """What is asked for in words, as the command would be typed: "add @name to World affairs"; empty where nothing is.
    What is to be taken out is asked for so only out of a list: else a reader may want to follow it no longer."""
    match = _ASKED.fullmatch(without_please(text)) if len(text) <= _LONGEST_SAID else None
    words = _words(match["what"]) if match else []
    at = next((at for at, word in enumerate(words) if not _is_address(word)), len(words))
    if not match or not at or (at < len(words) and words[at].lower() not in _TOWARDS):
        return ""
    given, place = " ".join(words[:at]), " ".join(words[at + 1 :])
    if called := _BY_LIST.fullmatch(place):
        place = called["title"] or called["name"]
    if match["adds"]:
        return f"/add {given} {place}".rstrip()
    return f"/remove {given} {place}" if place else ""


def title_of(text: str) -> str:
    """The title of a list that is meant by a text, as a file of lists takes it."""
    return tame(fit_title(text), _LONGEST_TITLE)


def addresses(text: str) -> tuple[str, ...]:
    """The channels that a text names which says nothing else; empty for any other text."""
    words = _words(text)
    if not words or not all(map(_is_address, words)):
        return ()
    found = [read_address(word.replace("@", "https://t.me/", 1)) for word in words]
    entries = [each.name or each.url for each in found if each and each.form in _FORMS]
    return tuple(dict.fromkeys(entries)) if len(entries) == len(words) else ()


def _named(words: Sequence[str], names: Mapping[str, ChannelList]) -> ChannelList | None:
    return names.get(bare(" ".join(words)))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _is_address(word: str) -> bool:
    return word.startswith("@") or read_address(word) is not None


def _bare(words: Sequence[str]) -> Sequence[str]:
    """The words without the "to" or "from" before them."""
    while len(words) > 1 and words[0].lower() in _TOWARDS:
        words = words[1:]
    return words
