"""channels.toml -> the lists to follow. Pure; strict, and each error names the line.

The format is told at the top of seeds/channels.toml.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from core.errors import BadInput, ListsError
from core.model import Channel, ChannelList, ChannelSettings, Reading, invite_name
from core.moments import span
from core.toml_lines import line_of

LARGEST = 1 << 20  # characters of the file
MOST_CHANNELS = 20_000
SOURCES = ("auto", "web", "account")
_LIST_ID = re.compile(r"[a-z0-9_-]{1,32}")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}|c/[1-9]\d{0,14}")
_INVITE = re.compile(r"(?i:(?:https?://)?t(?:elegram)?\.me/(?:\+(?!\d{5,15}/?$)|joinchat/))([A-Za-z0-9_-]{8,64})/?")
_FOLDER = re.compile(r"(?i:(?:https?://)?t(?:elegram)?\.me/addlist/)([A-Za-z0-9_-]{8,64})/?")
_LETTERS = re.compile(r"\w+", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=30)
_LONGEST_WORDS = 500
_JOINERS = str.maketrans("", "", "\u200c\u200d")  # inside words of Persian and Hindi, and inside emoji
_PART_OF_KEY = r"""(?:(?<![\w-])[\w-]++|"(?:[^"\\\n]|\\.){0,99}"|'[^'\n]{0,99}+')"""
_DEEP_KEY = re.compile(rf"(?:{_PART_OF_KEY}[ \t]*+\.[ \t]*+){{16}}")  # ours have four parts
_AT_LINE = re.compile(r"\(at line (\d+)|\(at end of document")


_DEFAULT = ChannelSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What channels.toml says: the lists in their order; `settings` by the channel's name in lower case. An invite link
    stands in both under a name that does not give it away (`invite_name`)."""

    lists: tuple[ChannelList, ...] = ()
    settings: Mapping[str, ChannelSettings] = field(default_factory=dict)

    def of(self, list_id: str) -> ChannelList | None:
        return next((each for each in self.lists if each.id == list_id), None)

    @property
    def folders(self) -> tuple[str, ...]:
        """The lists that name a folder."""
        return tuple(each.id for each in self.lists if each.folder)

    def written(self, name: str) -> str:
        """A channel as it is written in the file: its name, or its invite link."""
        invite = self.settings.get(name.lower(), _DEFAULT).invite
        return f"https://t.me/+{invite}" if invite else name


def listed_name(written: str) -> str:
    """What a channel that stands in the file as `written` is called."""
    match = _INVITE.fullmatch(written)
    return invite_name(match[1]) if match else written


def name_in_file(channel: Channel) -> str:
    """Under what name `Lists` have a channel, in lower case."""
    return (invite_name(channel.invite) if channel.invite else channel.name).lower()


def held_by_folder(lists: Lists, in_force: Iterable[ChannelList], name: str) -> ChannelList | None:
    """Which of the lists `in_force` has a channel that the file does not name there: its folder holds it."""
    held = (each for each in in_force if each.folder and name.lower() in _names(each) - _names(lists.of(each.id)))
    return next(held, None)


def of_folder(place: ChannelList, in_force: ChannelList | None, readings: Iterable[Reading]) -> list[Reading]:
    """How the channels are read that are in a list of the file because its folder holds them: `in_force` is the same
    list with these, `readings` those of all channels."""
    if place.folder is None or in_force is None or in_force.folder != place.folder:
        return []
    named = _names(place)
    by_name = {each.channel.name.lower(): each for each in readings}
    own = [by_name[name.lower()] for name in in_force.channels if name.lower() in by_name]
    return [each for each in own if named.isdisjoint({each.channel.name.lower(), name_in_file(each.channel)})]


def _names(place: ChannelList | None) -> set[str]:
    return {name.lower() for name in place.channels} if place else set()


def fit_title(text: str) -> str:
    """The title that is meant by a text, as a file of lists takes it; empty where there is nothing to be seen in it."""
    seen = "".join(sign for sign in " ".join(text.split()) if sign.translate(_JOINERS).isprintable())
    title = seen[:_LONGEST_WORDS].strip()
    return title if _is_one_line(title) else ""


def _is_one_line(text: str) -> bool:
    """Whether all of a text can be seen, and there is something to be seen in it."""
    seen = text.translate(_JOINERS)
    return bool(seen.strip()) and seen.isprintable()


def folder_link(slug: str) -> str:
    """The link of a folder of chats."""
    return f"https://t.me/addlist/{slug}"


def folder_slug(written: str) -> str | None:
    """The slug of the folder that is behind a link; None of anything else."""
    match = _FOLDER.fullmatch(written)
    return match[1] if match else None


def is_channel_name(name: str) -> bool:
    """Whether a name can be a channel's: a public one, or `c/<number>` of a private channel."""
    return _CHANNEL.fullmatch(name) is not None


def check_list_id(list_id: str, what: str, text: str = "") -> None:
    """Raise ListsError for what can be no id of a list; `text` is the file that holds it."""
    if not _LIST_ID.fullmatch(list_id):
        reason = f'"{list_id[:40]}" is no id of a list: up to 32 of a-z, 0-9, "-" and "_", as readers type it'
        raise ListsError(what, reason, line_of(text, ("lists", list_id)))


def read_lists(text: str, what: str = "channels.toml") -> Lists:
    """The lists in `text`; `what` names the file. Raises ListsError with the line and the reason."""
    if len(text) > LARGEST:
        raise ListsError(what, f"is larger than {LARGEST >> 20} MB, too large for lists of channels")
    if deep := _DEEP_KEY.search(text):  # tomllib takes a time that grows with the square of a key's parts
        raise ListsError(what, "is nested too deeply", text.count("\n", 0, deep.start()) + 1)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        raise ListsError(what, str(error).partition(" (at ")[0], line) from error
    except RecursionError as error:
        raise ListsError(what, "is nested too deeply") from error
    except ValueError as error:  # Python refuses to read thousands of digits, and tomllib hands that on
        raise ListsError(what, "has a number in it that is too large") from error
    return _Reader(what, text).read(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    what: str
    text: str

    def read(self, document: Mapping[str, Any]) -> Lists:
        self._only(document, ("lists", "channels"), ())
        invites: dict[str, str] = {}
        lists = tuple(self._list(key, value, invites) for key, value in self._tables(document, "lists"))
        if sum(len(each.channels) for each in lists) > MOST_CHANNELS:
            raise ListsError(self.what, f"names more than {MOST_CHANNELS:,} channels")
        settings: dict[str, ChannelSettings] = {}
        for name, value in self._tables(document, "channels"):
            path = ("channels", name)
            key = self._name(name, path, invites).lower()
            if key in settings:
                raise self._wrong(path, f"[channels.{name}] is there twice")
            settings[key] = self._settings(value, path)
            if key in invites and settings[key].source == "web":
                raise self._wrong((*path, "source"), "what is behind an invite link cannot be read by the web preview")
        for name, invite in invites.items():
            settings[name] = replace(settings.get(name, _DEFAULT), source="account", join=True, invite=invite)
        return Lists(lists=lists, settings=settings)

    def _tables(self, document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        found = document.get(kind, {})
        if not isinstance(found, dict):
            raise self._wrong((kind,), f'"{kind}" must be tables, as [{kind}.name]')
        for key, value in found.items():
            if not isinstance(value, dict):
                raise self._wrong((kind, key), f'"{key}" must be a table, as [{kind}.{key}]')
            yield key, value

    def _list(self, key: str, table: Mapping[str, Any], invites: dict[str, str]) -> ChannelList:
        path = ("lists", key)
        check_list_id(key, self.what, self.text)
        self._only(table, ("title", "description", "language", "channels", "folder", "join"), path)
        language = table.get("language")
        if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            raise self._wrong((*path, "language"), 'language must be a code such as "en" or "ru"')
        join = table.get("join", False)
        if not isinstance(join, bool):
            raise self._wrong((*path, "join"), "join must be true or false")
        folder = self._folder(table, path)
        return ChannelList(
            id=key,
            titles=self._words(table, "title", path),
            descriptions=self._words(table, "description", path),
            language=language,
            channels=self._channels(table, path, invites) if folder is None or "channels" in table else (),
            folder=folder,
            join=join,
        )

    def _folder(self, table: Mapping[str, Any], path: Sequence[str]) -> str | None:
        """The slug of the list's folder, if it names one."""
        link = table.get("folder")
        if link is None:
            return None
        slug = folder_slug(link) if isinstance(link, str) else None
        if slug is None:
            raise self._wrong((*path, "folder"), 'folder must be the link of one: "https://t.me/addlist/…"')
        return slug

    def _words(self, table: Mapping[str, Any], key: str, path: Sequence[str]) -> dict[str, str]:
        value = table.get(key)
        if value is None:
            return {}
        words = {"": value} if isinstance(value, str) else value
        if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
            raise self._wrong((*path, key), f'{key} must be a text, or one for each language: {{ en = "…", ru = "…" }}')
        for language, text in words.items():
            if language and not _LANGUAGE.fullmatch(language):
                raise self._wrong((*path, key), f'"{language[:20]}" in {key} is no code of a language')
            if not _is_one_line(text) or not 0 < len(text) <= _LONGEST_WORDS:
                reason = f"{key} must be one line of 1 to {_LONGEST_WORDS} characters, all of which can be seen"
                raise self._wrong((*path, key), reason)
        return dict(words)

    def _channels(self, table: Mapping[str, Any], path: Sequence[str], invites: dict[str, str]) -> tuple[str, ...]:
        path = (*path, "channels")
        names = table.get("channels")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._wrong(path, 'channels must be a list of names: ["bbcbreaking"]')
        found: dict[str, str] = {}
        for name in (self._name(written, path, invites) for written in names):
            found.setdefault(name.lower(), name)
        return tuple(found.values())

    def _name(self, name: str, path: Sequence[str], invites: dict[str, str]) -> str:
        """The name of a channel that is written so; the hash of an invite link is added to `invites`."""
        if match := _INVITE.fullmatch(name):
            invites[invite_name(match[1])] = match[1]
            return invite_name(match[1])
        if is_channel_name(name):
            return name
        if folder_slug(name):
            raise self._wrong(path, 'is the link of a folder: write folder = "…" beside the channels', value=name)
        bare = name.rstrip("/").rpartition("/")[2].removeprefix("@")
        hint = f': write "{bare}"' if is_channel_name(bare) and bare != name else ""
        if not hint and _LETTERS.fullmatch(name):
            hint = ": it has 4 to 32 letters, digits and _, a letter first"
        raise self._wrong(path, f'"{name[:60]}" is no name of a channel{hint}', value=name)

    def _settings(self, table: Mapping[str, Any], path: Sequence[str]) -> ChannelSettings:
        self._only(table, ("source", "every", "join"), path)
        source, every, join = table.get("source", "auto"), table.get("every"), table.get("join", False)
        if source not in SOURCES:
            raise self._wrong((*path, "source"), 'source must be "auto", "web" or "account"')
        if not isinstance(join, bool) or (join and source == "web"):
            raise self._wrong((*path, "join"), 'join must be true or false, and needs a source other than "web"')
        if every is None:
            return ChannelSettings(source=source, join=join)
        try:
            rhythm = span(every) if isinstance(every, str) else timedelta()
        except BadInput:
            rhythm = timedelta()
        if not _SHORTEST <= rhythm <= _LONGEST:
            raise self._wrong((*path, "every"), 'every must be a time from "1m" to "30d", as "5m" or "1h"')
        return ChannelSettings(source=source, every=int(rhythm.total_seconds()), join=join)

    def _only(self, table: Mapping[str, Any], known: Sequence[str], path: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                raise self._wrong((*path, key), f'"{key[:40]}" is not known here; known are {", ".join(known)}')

    def _wrong(self, path: Sequence[str], reason: str, value: str | None = None) -> ListsError:
        return ListsError(self.what, reason, line_of(self.text, path, value))
