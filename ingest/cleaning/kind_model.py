"""What a post's words and looks say of its kind, where no rule of `kind.py` speaks: a logistic regression over traits
that are each there or not, learned from labelled posts by `python -m benchmarks.fit_kinds`.

Traits of words are stems ("подпис"), tags ("#юмор"), the first and the last stem ("^друз", "$коммент"). Traits of looks
begin with ":" and say what no word does: how long a text is, whether it names anybody, asks, calls upon its readers or
leads out. What each weighs is in `kind_weights.txt`, which people can read.
"""

import math
import re
from bisect import bisect
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from core.model import Kind, Link
from core.words import fold
from ingest.cleaning.cues import CALLS, CALLS_END, CAPITALS, COUNTS, Wording, in_capitals

KINDS = (Kind.PROMO, Kind.ANNOUNCE, Kind.CHATTER)
MOST_WORDS = 400  # of a longer text its beginning and its end: a pitch stands there
BAR = 1.5  # log-odds of "no story" from which a post makes none: precision first
CAPTION_BAR = -1.0  # the same for what looks like a caption
LOOKS_SCALE = 0.5  # what a trait of looks counts
_DAMPING = 5  # known words a text is taken to have beside its own, so that one word does not decide
_LENGTHS = (15, 30, 60, 110, 200, 400, 800, 1600)  # letters and digits in words
_LENGTH = (*(f":<{most}" for most in _LENGTHS), ":long")
_PLAIN = tuple(f":neither name nor number {length[1:]}" for length in _LENGTH)
# One of them, some, many.
_COUNTED = tuple(
    (name, f"{name} 2", f"{name} 4")
    for name in (":name", ":emoji", ":!", ":?", ":call", ":@", ":#", ":to Telegram", ":to the web")
)
_NAMED = 3  # words that a reason names
_WORTH_NAMING = 4  # letters of a stem
_TELLING = 0.25  # log-odds from which a word tells
_SOME = (1, 2, 4)
_LOOKED_AT_END = 20  # characters

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
# The blank before a capital that begins no sentence.
_NAME = re.compile(r' (?=[«"(]?[А-ЯЁІЇЄҐA-Z])(?<=[\w,:;»)—–-] )(?<!_ )')
_PRICES = ("₽", "$", "€", "£", "₴", "руб", "грн")
_TRACKED = re.compile(r"[u?&](?:(?<=u)tm_|(?<!u)(?:ref|aff|promo|code)\w*=)")
_TAG = re.compile(r"#(\w+)")
_ENDS = (
    (":asks", re.compile(r"\?\W*\Z")),
    (":colon", re.compile(r":\W*\Z")),
    (":trails off", re.compile(r"(?:…|\.\.)\W*\Z")),
)
_SMALL = re.compile(r"\W*[a-zа-яёіїєґ]")
_REASON = {
    Kind.PROMO: "reads like an advertisement",
    Kind.ANNOUNCE: "reads like the channel about itself",
    Kind.CHATTER: "reads like chatter",
}


# What one trait adds to the log-odds of each kind of `KINDS` against a story. A plain tuple, for some thirty a post are
# taken apart, and of one with names that takes three times as long.
Weights = tuple[float, float, float]


def as_weights(each: Iterable[float]) -> Weights:
    """One weight for each kind."""
    promo, announce, chatter = each
    return promo, announce, chatter


class KindModel(NamedTuple):
    """What each kind has before any trait is seen, and the weights by trait."""

    constant: Weights
    traits: Mapping[str, Weights]

    def verdict(
        self,
        body: str,
        used: Wording,
        links: Sequence[Link],
        barred: Callable[[], Container[Kind]] = frozenset,
        *,
        bar: float = BAR,
    ) -> tuple[Kind, str] | None:
        """The kind of a post that makes no story, and why; None where it may be one. `body` is the text without the
        channel's signature, `used` the words of it, `barred` says what it cannot be and is asked only where it
        matters, `bar` is the log-odds from which it makes none."""
        of_words = {*filter(self.traits.__contains__, word_traits(used.stems, body))}
        odds = self._log_odds(of_words, looks(body, used, links))
        if _together(odds) <= bar:
            return None
        cannot_be = barred()
        possible = [(each, at) for at, each in enumerate(odds) if KINDS[at] not in cannot_be]
        if not possible or _together(each for each, _ in possible) <= bar:
            return None
        _, at = max(possible)
        telling = sorted((-self.traits[trait][at], trait) for trait in of_words if self.traits[trait][at] >= _TELLING)
        return KINDS[at], _reason(KINDS[at], [trait for _, trait in telling], used)

    def _log_odds(self, of_words: Collection[str], of_looks: Iterable[str]) -> Weights:
        """The log-odds of each kind. It loops, for it is asked of every post: to `zip` takes half as long again."""
        constant, traits = self
        promo = announce = chatter = 0.0
        for trait in of_words:
            more, yet_more, most = traits[trait]
            promo, announce, chatter = promo + more, announce + yet_more, chatter + most
        scale = word_scale(len(of_words)) / LOOKS_SCALE
        promo, announce, chatter = promo * scale, announce * scale, chatter * scale
        for trait in of_looks:
            if trait in traits:
                more, yet_more, most = traits[trait]
                promo, announce, chatter = promo + more, announce + yet_more, chatter + most
        return (
            constant[0] + LOOKS_SCALE * promo,
            constant[1] + LOOKS_SCALE * announce,
            constant[2] + LOOKS_SCALE * chatter,
        )


def _together(odds: Iterable[float]) -> float:
    """The log-odds of one of these kinds, whichever."""
    return math.log(sum(map(math.exp, odds)))


def word_scale(known: int) -> float:
    """How much each of so many known traits of words counts: a long text is not surer than a short one."""
    return 2 / math.sqrt(known + _DAMPING)


def word_traits(terms: Sequence[str], body: str) -> set[str]:
    """Traits of the words of a text, given as their stems, and of the tags in it."""
    if len(terms) > MOST_WORDS:
        terms = [*terms[: MOST_WORDS // 2], *terms[-MOST_WORDS // 2 :]]
    found = {*terms}
    if terms:
        found |= {f"^{terms[0]}", f"${terms[-1]}"}
    if "#" in body:
        found.update(f"#{fold(tag)}" for tag in _TAG.findall(body))
    return found


def looks(body: str, used: Wording, links: Sequence[Link]) -> list[str]:
    """Traits of the looks of a text."""
    words, _, letters, cues = used
    length = bisect(_LENGTHS, letters)
    names = len(_NAME.findall(body)) or (sum(map(in_capitals, words)) if cues & CAPITALS else 0)
    telegram = [link.label in body for link in links if "//t.me/" in link.url]
    counts = (
        names,
        0 if body.isascii() else len(_EMOJI.findall(body)),
        body.count("!"),
        body.count("?"),
        sum(word.endswith(CALLS_END) for word in words) if cues & CALLS else 0,
        body.count("@"),
        body.count("#"),
        sum(telegram),  # those of the signature aside
        len(links) - len(telegram),
    )
    found = [_LENGTH[length]]
    for traits, count in zip(_COUNTED, counts, strict=True):
        if count:
            found += traits[: bisect(_SOME, count)]
    if numbers := cues & COUNTS:
        found.append(":number")
    if not names:
        found.append(":no name")
        if not numbers:
            found.append(_PLAIN[length])
    end = body[-_LOOKED_AT_END:]
    found += [name for name, ends in _ENDS if ends.search(end)]
    if _SMALL.match(body):
        found.append(":begins small")
    if holds_any(body, _PRICES):
        found.append(":price")
    if "%" in body:
        found.append(":%")
    if links and _TRACKED.search("\n".join([link.url for link in links])):
        found.append(":tracked")
    return found


def holds_any(text: str, signs: tuple[str, ...]) -> bool:
    """Whether one of the signs stands in the text."""
    for sign in signs:  # noqa: SIM110 - `any` takes twice the time
        if sign in text:
            return True
    return False


@cache
def kind_model() -> KindModel:
    """The model that comes with Courant."""
    lines = (files(__package__) / "kind_weights.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.rsplit("\t", 3) for line in lines if not line.startswith("//"))
    traits = {trait: as_weights(int(each) / 100 for each in weights) for trait, *weights in rows}
    return KindModel(traits.pop(""), traits)


def _reason(kind: Kind, traits: Iterable[str], used: Wording) -> str:
    """A sentence for administrators: the words of the post that speak most for its kind."""
    named = dict[str, None]()
    for trait in traits:
        term = trait.lstrip("^$")
        if len(term) >= _WORTH_NAMING:
            named[used.words[used.stems.index(term)].lower() if term in used.stems else term] = None
        if len(named) == _NAMED:
            break
    found = ", ".join(named)
    return f"{_REASON[kind]}: {found}" if found else _REASON[kind]
