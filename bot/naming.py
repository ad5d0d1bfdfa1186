"""Pure: the list or channel that a person means by what they typed."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.callbacks import target_of
from core.addresses import read_address
from core.list_names import list_named
from core.lists import listed_name, name_in_file
from core.model import Channel, ChannelList, Reader
from core.words import stem, stems

_LONGEST = 80  # characters of a name that are looked at
_SHORTEST = 3  # of a word by which a name is known
_BESIDE = frozenset(map(stem, "a the my list channel news about список канал новости про о".split()))  # a list's title


@dataclass(frozen=True, slots=True)
class Target:
    """A list, or else a channel on its own: what can be followed."""

    list: ChannelList | None = None
    channel: Channel | None = None

    @property
    def typed(self) -> str:
        """How it would be typed."""
        return self.list.id if self.list else self.channel.name if self.channel else ""

    @property
    def pressed(self) -> str:
        """How it stands in a button."""
        return target_of(self.list.id) if self.list else f"@{self.typed.lower()}"

    def title(self, language: str) -> str:
        if self.list:
            return self.list.title(language)
        return self.channel.title if self.channel else ""

    def followed(self, reader: Reader) -> bool:
        """Whether the reader follows just this."""
        return self.list.id in reader.lists if self.list else self.typed.lower() in reader.channels


def name_in(args: str | None) -> str:
    """What stands behind a command, as a name is looked for."""
    return " ".join((args or "")[: _LONGEST * 2].split())[:_LONGEST]


def find(what: str, lists: Sequence[ChannelList], channels: Sequence[Channel]) -> Target | None:
    """A list by id or title, or a channel by name, link or title, or by the invite link that the file of lists has;
    else the only list whose title has these words in other forms: "the economy list", «науку»."""
    if found := list_named(what, lists):
        return Target(list=found)
    by_name = {channel.name.lower(): channel for channel in channels}
    by_title = {channel.title.casefold(): channel for channel in channels}
    by_link = {name_in_file(channel): channel for channel in channels}
    channel = (
        by_name.get(_channel_name(what)) or by_title.get(what.casefold()) or by_link.get(listed_name(what).lower())
    )
    if channel:
        return Target(channel=channel)
    wanted = _roots(what)
    meant = {each.id: each for each in lists if wanted and wanted in map(_roots, (each.id, *each.titles.values()))}
    return Target(list=next(iter(meant.values()))) if len(meant) == 1 else None


def nearest(what: str, lists: Sequence[ChannelList], channels: Sequence[Channel]) -> list[Target]:
    """What comes near, three at most: what has a word of this in its name, then what is spelt alike."""
    names: dict[str, Target] = {}
    for each in lists:
        names |= {title.casefold(): Target(list=each) for title in (each.id, *each.titles.values())}
    for channel in channels:
        target = Target(channel=channel)
        names |= {channel.name.casefold(): target, channel.title.casefold()[:_LONGEST]: target}
    words = what.casefold().split()
    wanted = {word for word in (*words, *map(stem, words)) if len(word) >= _SHORTEST}
    begun = [name for name in names if any(f" {word}" in f" {name}" for word in wanted)]
    near = [*begun[:3], *difflib.get_close_matches(what.casefold(), names, n=4, cutoff=0.6)]
    return list({names[name].pressed: names[name] for name in near}.values())[:3]


def _roots(title: str) -> list[str]:
    return [each for each in stems(title) if each not in _BESIDE]


def _channel_name(what: str) -> str:
    """The name in @name, t.me/name, https://t.me/s/name/123."""
    address = read_address(what)
    return (address.name if address and address.name else what.removeprefix("@")).lower()
