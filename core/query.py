"""The language of searches, the same in the bot and on the command line.

sanctions rouble        both words, in any of their forms
"direct talks"          these words side by side
-oil                    without this word
channel:name list:world lang:en since:7d until:2025-02-18      (канал: список: язык: с: по:)
list:"World affairs"    a name of several words
-channel:name -list:world      not there
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import groupby

from core.errors import BadInput, BadQuery
from core.moments import moment
from core.words import UNSPACED, stem, stems

LONGEST = 500  # characters of a query that are looked at
MOST_TERMS = 24
_LIKE = 0.75  # a name of this likeness to a filter's is taken for a slip in it: "form" in "from"
_UNTAKEN = re.compile("[\0\ud800-\udfff]")
# Signs of no width, and marks that turn text: posts and articles are kept without them.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e001f]"
)
_FILTERS = {
    "channel": "channel",
    "канал": "channel",
    "list": "list",
    "список": "list",
    "lang": "language",
    "language": "language",
    "язык": "language",
    "since": "since",
    "from": "since",
    "с": "since",
    "until": "until",
    "to": "until",
    "по": "until",
}
_QUOTED = r'"([^"]*)"?|[“”„]([^“”]*)[“”]?|«([^»]*)»?'
_PIECE = re.compile(rf"(-?)(?:(?:({'|'.join(_FILTERS)}):)?(?:{_QUOTED})|(\S+))", re.IGNORECASE)
_PAIRED = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff]")  # Chinese and Japanese
_UNSPACED = re.compile(f"[{UNSPACED}]")
_BUT = {"channel", "list"}  # that may be what is left out
# Words of a question that say nothing of what is asked.
_ASKING = """a an the and or but of to in on at for from by with as is are was were be been being has have had
    do does did will would can could should it its he she his her they them their this that these those who whom
    whose which what when where why how not no there i you we me my our your us about more any some tell show
    find и в во не что он на я с со как а то она так его но ты к ко у же вы за бы по ее её мне от меня о об из
    ему когда ли если или ни был была было были до вас вам их чем мы тебя себя кто кого кому кем какой какая
    какое какие каких каком какую который которая которое которые которого которой которых где куда откуда
    почему зачем сколько чей чья чьи чего чему это этот эта эти этого этой для при через про ещё еще расскажи
    расскажите покажи покажите найди найдите"""
_ASKING_STEMS = frozenset(stem(word) for word in _ASKING.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for. `terms` and `without` are runs of stems: one stem a word, several a phrase. `channels` and
    `lists` are names in lower case; nothing in them means all. Nothing is looked for in `but_channels` and `but_lists`.
    `since` is within, `until` is not."""

    terms: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    channels: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    but_channels: tuple[str, ...] = ()
    but_lists: tuple[str, ...] = ()
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def telling(self) -> tuple[tuple[str, ...], ...]:
        """The terms without a question's own words ("what", "of"); all where nothing else is there."""
        return tuple(run for run in self.terms if len(run) > 1 or run[0] not in _ASKING_STEMS) or self.terms


def channel_key(value: str) -> str:
    """The name in lower case of a channel that is written as name, @name or an address; one without a public name is
    `c/<number>`."""
    *before, name = _plain(value).lower().strip("@/").split("/")
    return f"c/{name}" if before[-1:] == ["c"] else name


def language_key(value: str) -> str:
    """The code of a language as posts have it."""
    return _plain(value).lower()


def _plain(text: str) -> str:
    """Without signs that nobody sees; with another sign in the place of NUL and of each lone surrogate, which no
    database takes."""
    return _UNTAKEN.sub("\ufffd", _UNSEEN.sub("", text))


def one_piece(words: str) -> str:
    """Words that belong together, such as one word of a shell with blanks in it, as they stand in a query: a phrase, or
    what a filter asks for."""
    name, colon, value = words.partition(":")
    if colon and name.removeprefix("-").lower() in _FILTERS:
        return f'{name}:"{value}"'
    return f'"{words}"'


def slip(text: str) -> tuple[str, str] | None:
    """What in the text looks like a filter and is none, and the filter that may be meant; it is taken for words."""
    for minus, *_, plain in _PIECE.findall(_plain(text[:LONGEST])):
        name, _, value = plain.partition(":")
        if not value or not name.isalpha() or name.lower() in _FILTERS:
            continue
        known = [each for each, field in _FILTERS.items() if not minus or field in _BUT]
        if near := difflib.get_close_matches(name.lower(), known, 1, _LIKE):
            return f"{minus}{name}", f"{minus}{near[0]}"
    return None


def parse(text: str, now: datetime, zone: tzinfo) -> Query:
    """The query that a person typed. Raises BadQuery where nothing is left to look for or a time cannot be read."""
    query = Query()
    for minus, before, *quoted, plain in _PIECE.findall(_plain(text[:LONGEST])):
        phrase = "".join(quoted).strip()
        name, _, value = (before, ":", phrase) if before else plain.partition(":")
        field = _FILTERS.get(name.lower()) if value else None
        if minus and field in _BUT:
            query = _without(query, field, value)
            continue
        if field and not minus:
            query = _filtered(query, field, value, now, zone)
            continue
        run = tuple(stems(phrase or plain))
        if not run:
            continue
        # a word with a hyphen or a dot inside (COVID-19, t.me) is its parts side by side
        if minus:
            query = replace(query, without=(*query.without, run))
        else:
            query = replace(query, terms=(*query.terms, *(_pieces(run) if plain else [run])))
    if not query.terms:
        cause = "without" if query.without else "filters" if query != Query() else "nothing"
        raise BadQuery(
            text[:40] or "The query", "names nothing to look for: write a word, or a phrase in quotes", cause
        )
    return replace(query, terms=tuple(dict.fromkeys(query.terms))[:MOST_TERMS], without=query.without[:MOST_TERMS])


def _pieces(run: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
    """What is sought of what stands between blanks: where a script has none between words, and more than a word or two
    stands there, letters side by side, as many as words have, and what is of another script by itself."""
    longest = max(map(_letters, run))
    if not longest or len(run) <= 2 * longest:
        return [run]
    pieces: list[tuple[str, ...]] = []
    for length, stretch in groupby(run, _letters):
        part = tuple(stretch)
        if not length:
            pieces.append(part)
            continue
        step = length // 2
        pieces += [part[at : at + length] for at in range(0, max(len(part) - length, 0) + step, step)]
    return pieces


def _letters(stem: str) -> int:
    """How many letters a word has in the script of this stem; 0 where blanks part words."""
    return 2 if _PAIRED.match(stem) else 6 if _UNSPACED.match(stem) else 0


def _filtered(query: Query, field: str, value: str, now: datetime, zone: tzinfo) -> Query:
    match field:
        case "channel":
            return replace(query, channels=(*query.channels, channel_key(value)))
        case "list":
            return replace(query, lists=(*query.lists, value.lower()))
        case "language":
            return replace(query, language=language_key(value))
        case "since":
            return replace(query, since=_moment(value, now, zone))
        case _:
            return replace(query, until=_moment(value, now, zone))


def _without(query: Query, field: str, value: str) -> Query:
    if field == "channel":
        return replace(query, but_channels=(*query.but_channels, channel_key(value)))
    return replace(query, but_lists=(*query.but_lists, value.lower()))


def _moment(value: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        return moment(value, now, zone)
    except BadInput as error:
        raise BadQuery(error.what, error.reason, "time") from error
