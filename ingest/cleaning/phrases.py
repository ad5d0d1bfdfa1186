"""What only an advertisement, an announcement, a greeting or a signature says in languages that the rules of
`kind_rules.py` and `calls.py` do not know. The phrases are in `phrases.txt`, for people to read and to mend; they are
compared with folded words, so case, accents and signs between them do not matter.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from core.model import Kind
from core.words import fold, tokens

KINDS = {
    "sells": Kind.PROMO,
    "giveaway or contest": Kind.ANNOUNCE,
    "the channel about itself": Kind.ANNOUNCE,
    "invites its readers": Kind.ANNOUNCE,
    "greeting": Kind.CHATTER,
    "horoscope": Kind.CHATTER,
    "prayer times": Kind.CHATTER,
    "calls to join": Kind.ANNOUNCE,
}
_LONGEST_GREETING = 9  # words, all that such a post says
_GREETS_NOBODY = re.compile(r"(?i)\w\s?:\s+\w| (?:para|pra|pour|per|für|dla) (?!tod|tou|tut|alle|wszyst|voc|vo[iu])")
_LONGEST_INVITATION = 1000  # characters; what is longer has told something
_LATEST_NEWS_OF_ITSELF = 8  # words before it: a post that ends so has told something
_LONGEST_CALL = 12  # words, where a post says little else
_LATEST_CALL = 6  # words before it
_LATEST_HOROSCOPE = 3  # words; what comes later speaks of one
_LATEST_TIMES = 12
_FEWEST_TIMES = 3
_CONTACT = re.compile(r"[@👇👉]|://|[^\W\d_]\.(?:com|net|org|me|[a-z]{2})\b|\d(?:[ ()-]{0,2}\d){6}")
_TO_TELEGRAM = re.compile(r"@\w|\bt\.me/")
_TO_PAGE = re.compile(r"://(?!t\.me/)")
_SPEECH = re.compile('[«»“”„‟「」"]')
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_ANY = "_"
_ANY_WORDS = r"(?:\S+ ){0,3}?"


class _Phrase(NamedTuple):
    use: str
    pattern: re.Pattern[str]


class Phrases:
    """Phrases by a word that each of them has, whole or, where it has no whole one, by how one begins."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self.whole: dict[str, list[_Phrase]] = defaultdict(list)
        self.beginnings: dict[str, list[_Phrase]] = defaultdict(list)
        for use, phrase in phrases:
            read = _Phrase(use, _pattern(phrase))
            cues, whole = _cues(phrase)
            for cue in cues:
                (self.whole if whole else self.beginnings)[cue].append(read)
        self._lengths = sorted({len(cue) for cue in self.beginnings})
        self._shortest = min(self._lengths, default=0)
        self._starts = {cue[: self._shortest] for cue in self.beginnings}

    def found(self, folded: Sequence[str]) -> Iterator[tuple[str, int]]:
        """What these words say: the use of each phrase, and how many words stand before it."""
        line = f" {' '.join(folded)} "
        for word in dict.fromkeys(folded):
            asked = [*self.whole.get(word, ())]
            if word[: self._shortest] in self._starts:
                for length in self._lengths:
                    asked += self.beginnings.get(word[:length], ())
            for use, pattern in asked:
                if found := pattern.search(line):
                    yield use, line.count(" ", 0, found.start()) - 1


def ruled_by_phrase(words: Sequence[str], head: str, text: str) -> tuple[Kind, str]:
    """What a phrase says of a post, given the words of `head`, its text without the channel's signature, as they are
    written; `Kind.NEWS` with an empty reason where none speaks."""
    folded = [fold(word) for word in words]
    uses = {use for use, before in of_kinds().found(folded) if _fits(use, before, folded, head, text)}
    for use, kind in KINDS.items():
        if use in uses:
            return kind, use
    return Kind.NEWS, ""


def _fits(use: str, before: int, folded: Sequence[str], head: str, text: str) -> bool:
    """Whether a phrase with so many words before it says what a post is."""
    if use == "greeting":
        if before > 0 or len(folded) > _LONGEST_GREETING or any(map(str.isdecimal, folded)):
            return False
        return not _GREETS_NOBODY.search(head)  # "Good day for the peso", "Good morning: two dead"
    if use == "sells":
        return _CONTACT.search(head) is not None  # without it a piece of news speaks of what somebody sells
    if use == "invites its readers":
        return len(head) <= _LONGEST_INVITATION and not _SPEECH.search(head)  # what somebody says invites nobody here
    if use == "the channel about itself":
        return before < _LATEST_NEWS_OF_ITSELF
    if use == "calls to join":
        says_little_else = before < _LATEST_CALL and len(folded) <= _LONGEST_CALL and _TO_PAGE.search(head) is None
        return says_little_else and _TO_TELEGRAM.search(text) is not None
    if use == "horoscope":
        return before < _LATEST_HOROSCOPE
    if use == "prayer times":
        return before < _LATEST_TIMES and len(_TIME.findall(head)) >= _FEWEST_TIMES
    return True


def joins(line: str) -> bool:
    """Whether a line calls upon its readers to join or follow."""
    return any(True for _ in _of_calls().found(tokens(line)))


def shares(words: Iterable[str]) -> bool:
    """Whether these are all that a plea to share says."""
    return " ".join(map(fold, words)) in _pleas()


@cache
def of_kinds() -> Phrases:
    """The phrases that tell what a post is."""
    return Phrases((use, phrase) for use in KINDS for phrase in _read()[use])


@cache
def _of_calls() -> Phrases:
    return Phrases(("calls to join", phrase) for phrase in _read()["calls to join"])


@cache
def _pleas() -> frozenset[str]:
    return frozenset(" ".join(spelled) for phrase in _read()["shares"] for spelled in product(*_parts(phrase)))


@cache
def _read() -> dict[str, list[str]]:
    """The phrases by what they are used for."""
    phrases: dict[str, list[str]] = {}
    for line in (files(__package__) / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            phrases[use := line.strip("[]")] = []
        elif line and not line.startswith("//"):
            _, _, own = line.partition("\t")
            phrases[use] += [phrase.strip() for phrase in own.split(";")]
    return phrases


def _parts(phrase: str) -> list[list[str]]:
    """What stands at each place of a phrase: one or more spellings, folded; "*" at their end stays."""
    return [
        [" ".join(tokens(spelling)) + "*" * spelling.endswith("*") for spelling in part.split("/")]
        for part in phrase.removeprefix("^").split()
        if part != _ANY
    ]


def _pattern(phrase: str) -> re.Pattern[str]:
    """The phrase among folded words with a blank before and behind each."""
    parts = iter(_parts(phrase))
    found = [
        _ANY_WORDS if part == _ANY else f"(?:{'|'.join(map(_spelled, next(parts)))})"
        for part in phrase.removeprefix("^").split()
    ]
    return re.compile((r"\A (?:\S+ )?" if phrase.startswith("^") else "(?<= )") + "".join(found))


def _spelled(spelling: str) -> str:
    return rf"{re.escape(spelling.removesuffix('*'))}\S* " if spelling.endswith("*") else f"{re.escape(spelling)} "


def _cues(phrase: str) -> tuple[Collection[str], bool]:
    """Words of which each text with the phrase has one, the longest, and whether they are whole words."""
    parts = _parts(phrase)
    longest = [
        [max(spelling.split(), key=len) for spelling in part]
        for part in parts
        if not any(spelling.endswith("*") for spelling in part)
    ]
    if longest:
        return max(longest, key=lambda words: min(map(len, words))), True
    return [spelling.removesuffix("*").split()[-1] for spelling in parts[0]], False
