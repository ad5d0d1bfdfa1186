"""What a post's words and looks say of its kind, where no rule of `kind.py` speaks: a logistic regression over traits
that are each there or not, learned from labelled posts by `python -m benchmarks.fit_kinds`.

Traits of words are stems ("подпис"), a number as "0", tags ("#юмор"), the first and the last stem ("^друз",
"$коммент"). Traits of looks begin with ":" and say what no word does: how long a text is, whether it names anybody,
asks, calls upon its readers or leads out. What each weighs is in `kind_weights.txt`, which people can read.
"""

import math
import re
from bisect import bisect
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from core.model import Kind, Link
from core.words import fold, stem

KINDS = (Kind.PROMO, Kind.ANNOUNCE, Kind.CHATTER)
MOST_WORDS = 400  # of a longer text its beginning and its end: a pitch stands there
BAR = 1.3  # log-odds of "no story" from which a post makes none: precision first
CAPTION_BAR = -1.0  # the same for what looks like a caption
LOOKS_SCALE = 0.5  # what a trait of looks counts
_DAMPING = 5  # known words a text is taken to have beside its own, so that one word does not decide
_LENGTHS = (15, 30, 60, 110, 200, 400, 800, 1600)  # letters and digits in words
_NAMED = 3  # words that a reason names
_WORTH_NAMING = 4  # letters of a stem
_TELLING = 0.25  # log-odds from which a word tells
_INSIDE = {*",:;»)—–-"}  # signs before a capital that begins no sentence
_SOME = (1, 2, 4)
_LOOKED_AT_END = 20  # characters
_CACHED = 1 << 17  # words

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_CAPITAL = re.compile(' [«"(]?[А-ЯЁІЇЄҐA-Z]')
_CALLS = ("йте", "ите", "ьте", "йтесь", "итесь", "ьтесь", "йтеся", "іться", "ітеся")
_PRICES = ("₽", "$", "€", "£", "₴", "руб", "грн")
_TRACKED = re.compile(r"utm_|[?&](?:ref|aff|promo|code)\w*=")
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


class Weights(NamedTuple):
    """What one trait adds to the log-odds of each kind against a story."""

    promo: float
    announce: float
    chatter: float


class KindModel(NamedTuple):
    """What each kind has before any trait is seen, and the weights by trait."""

    constant: Weights
    traits: Mapping[str, Weights]

    def verdict(
        self,
        body: str,
        words: Sequence[str],
        links: Sequence[Link],
        barred: Container[Kind] = (),
        *,
        bar: float = BAR,
    ) -> tuple[Kind, str] | None:
        """The kind of a post that makes no story, and why; None where it may be one. `body` is the text without the
        channel's signature, `words` what it has `said`, `barred` what it cannot be, `bar` the log-odds from which it
        makes none."""
        of_words = word_traits(words, body) & self.traits.keys()
        of_looks = [*filter(None, map(self.traits.get, looks(body, words, links)))]
        scale = word_scale(len(of_words))
        from_words = map(sum, zip(*map(self.traits.__getitem__, of_words), strict=True)) if of_words else (0.0,) * 3
        from_looks = map(sum, zip(*of_looks, strict=True)) if of_looks else (0.0,) * 3
        odds = {
            kind: constant + scale * said + LOOKS_SCALE * seen
            for kind, constant, said, seen in zip(KINDS, self.constant, from_words, from_looks, strict=True)
            if kind not in barred
        }
        if not odds or math.log(sum(map(math.exp, odds.values()))) <= bar:
            return None
        kind = max(odds, key=odds.__getitem__)
        at = KINDS.index(kind)
        telling = sorted((-self.traits[trait][at], trait) for trait in of_words)
        return kind, _reason(kind, [trait for weight, trait in telling if weight <= -_TELLING], words)


def word_scale(known: int) -> float:
    """How much each of so many known traits of words counts: a long text is not surer than a short one."""
    return 2 / math.sqrt(known + _DAMPING)


def word_traits(words: Sequence[str], body: str) -> set[str]:
    """Traits of the words of a text, `words` as `fingerprint.said` gives them, and of the tags in it."""
    if len(words) > MOST_WORDS:
        words = [*words[: MOST_WORDS // 2], *words[-MOST_WORDS // 2 :]]
    terms = [*map(_terms.__getitem__, words)]
    found = {*terms}
    if terms:
        found |= {f"^{terms[0]}", f"${terms[-1]}"}
    if "#" in body:
        found.update(f"#{fold(tag)}" for tag in _TAG.findall(body))
    return found


def looks(body: str, words: Sequence[str], links: Sequence[Link]) -> Iterator[str]:
    """Traits of the looks of a text."""
    length = _LENGTH[bisect(_LENGTHS, sum(map(len, words)))]
    names = _names(body, words)
    yield f":{length}"
    if not names:
        yield ":no name"
        if not any(map(str.isdecimal, words)):
            yield f":neither name nor number {length}"
    yield from _counted(body, words, names, links)
    end = body[-_LOOKED_AT_END:]
    yield from (name for name, ends in _ENDS if ends.search(end))
    if _SMALL.match(body):
        yield ":begins small"
    if _any_in(body, _PRICES):
        yield ":price"
    if "%" in body:
        yield ":%"
    if any(_TRACKED.search(link.url) for link in links):
        yield ":tracked"


_LENGTH = (*(f"<{most}" for most in _LENGTHS), "long")


def _counted(body: str, words: Sequence[str], names: int, links: Sequence[Link]) -> Iterator[str]:
    """What there may be one of, some or many."""
    telegram = sum("//t.me/" in link.url for link in links)
    for name, count in (
        (":name", names),
        (":emoji", 0 if body.isascii() else len(_EMOJI.findall(body))),
        (":!", body.count("!")),
        (":?", body.count("?")),
        (":call", sum(word.endswith(_CALLS) for word in words)),
        (":@", body.count("@")),
        (":#", body.count("#")),
        (":line", body.count("\n")),
        (":to Telegram", telegram),
        (":to the web", len(links) - telegram),
    ):
        if count:
            yield from (name, f"{name} 2", f"{name} 4")[: bisect(_SOME, count)]


def _names(body: str, words: Sequence[str]) -> int:
    """Capitals inside a sentence, up to as many as matter; where there are none, words in capitals anywhere."""
    found = 0
    for capital in _CAPITAL.finditer(body):
        before = body[capital.start() - 1 : capital.start()]
        found += before.isalnum() or before in _INSIDE
        if found == _SOME[-1]:
            break
    return found or sum(len(word) > 1 and word.isupper() for word in words)


def _any_in(text: str, signs: tuple[str, ...]) -> bool:
    for sign in signs:  # noqa: SIM110 - `any` takes twice the time
        if sign in text:
            return True
    return False


@cache
def kind_model() -> KindModel:
    """The model that comes with Courant."""
    lines = (files(__package__) / "kind_weights.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.rsplit("\t", 3) for line in lines if not line.startswith("//"))
    traits = {trait: Weights(*(int(each) / 100 for each in weights)) for trait, *weights in rows}
    return KindModel(traits.pop(""), traits)


class _Terms(dict[str, str]):
    """A word as traits have it; remembered, emptied when full."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _CACHED:
            self.clear()
        term = self[word] = "0" if word.isdecimal() else stem(word)
        return term


_terms = _Terms()


def _reason(kind: Kind, traits: Iterable[str], words: Sequence[str]) -> str:
    """A sentence for administrators: the words of the post that speak most for its kind."""
    by_stem = {stem(word): word.lower() for word in reversed(words)}
    terms = (trait.lstrip("^$") for trait in traits)
    named = dict.fromkeys(by_stem.get(term, term) for term in terms if len(term) >= _WORTH_NAMING)
    found = ", ".join([*named][:_NAMED])
    return f"{_REASON[kind]}: {found}" if found else _REASON[kind]
