"""Pure: the list that a name means, however it is written."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.model import ChannelList
from core.query import Query

_LONGEST = 200  # characters that are looked at
_PUNCTUATION = re.compile(r"(?:['’]s\b|[,;:!?\"«»“”()]|\.(?!\d))+")


def bare(text: str) -> str:
    """A text as names of lists, and what else people type, are looked for in it: its beginning, in small letters,
    without what stands between words."""
    return " ".join(_PUNCTUATION.sub(" ", text[:_LONGEST].lower().replace("ё", "е")).split())


def list_named(what: str, lists: Sequence[ChannelList]) -> ChannelList | None:
    """A list by id or title."""
    return lists_by_name(lists).get(bare(what))


def lists_by_name(lists: Sequence[ChannelList]) -> dict[str, ChannelList]:
    """The lists by their ids and titles (`bare`); the first of those that are titled alike, and before them the one
    whose id it is."""
    titled = {bare(title): each for each in reversed(lists) for title in each.titles.values()}
    return titled | {bare(each.id): each for each in lists}


def by_ids(query: Query, lists: Sequence[ChannelList]) -> Query:
    """The query with the ids of the lists that it names by their titles, which is how readers know them."""
    names = lists_by_name(lists)

    def ids(given: Sequence[str]) -> tuple[str, ...]:
        return tuple(found.id if (found := names.get(bare(each))) else each for each in given)

    return replace(query, lists=ids(query.lists), but_lists=ids(query.but_lists))
