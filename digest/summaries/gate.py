"""Pure: what a model says is let through only as far as the posts it names bear it out.

A sentence passes if it names posts that exist, every number, date, name and quotation of it occurs in one of them (word
forms, alphabets and notations may differ), it denies nothing that they say and claims it in their manner, it gives
nobody a title or a word to say that is not theirs, it is written in the reader's language, and it carries no link.
Markup, emoji and control characters are deleted first. What fails is dropped and counted by its reason, the flaw; a
summary that loses its first sentence or more than a third is unsound and no longer used.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import unescape
from itertools import chain

from core.words import stem, stems, unaccented, written
from digest.summaries.unmarked import has_link, unmarked
from digest.text.denial import Denials
from digest.text.echoes import Echoes, garbled
from digest.text.evidence import spelling
from digest.text.figures import Figures, Known, Lack, read_figures
from digest.text.function_words import content_stems
from digest.text.manner import Manner
from digest.text.naming import Names
from digest.text.opposites import Opposites
from digest.text.roles import Roles
from digest.text.scripts import cyrillic_share, in_cyrillic, is_cyrillic

LONGEST_EVIDENCE = 20_000  # characters of a post that count
LONGEST_SENTENCE = 500
LONGEST_TITLE = 160
FEWEST_WORDS = 3
MOST_SENTENCES = 8  # of an answer that are looked at
MOST_LOST = 1 / 3  # share of sentences that a summary may lose
SUPPORT = 0.25  # share of a sentence's stems that its posts must hold, where they are in its language
LEAST_CYRILLIC = 0.2  # share of Cyrillic letters in a sentence that is Russian
SHORT_QUOTE = 3  # words up to which a quotation may be a name in another alphabet, whose words are looked up one by one

_QUOTES = re.compile(
    r"«([^«»]{1,500})(?:»|$)|„([^“”„]{1,500})(?:[”“]|$)|“([^“”„]{1,500})(?=[”“„]|$)|\"([^\"]{1,500})(?:\"|$)|(?<!\w)[‘']([^‘’']{2,500})[’'](?!\w)"
)
_AS_QUOTES = str.maketrans(dict.fromkeys("‹›「」『』〝〞〟＂", '"'))  # marks that few use, and that quote all the same
_GAP = re.compile(r"\[?(?:\.\.\.|…)\]?")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u052f]"), re.compile("[A-Za-z]")
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)


class Flaw(StrEnum):
    """Why a sentence of a model was dropped."""

    SHAPE = "shape"  # no text, or far too long or short
    SOURCE = "source"  # it names no post, or one that does not exist
    LINK = "link"  # a link, mention or command
    LANGUAGE = "language"  # another than the reader's, or signs of which no check knows what they say
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTE = "quote"
    DENIAL = "denial"  # it denies what its posts say, says what they deny, or the opposite
    MANNER = "manner"  # a guess told as fact, a bound turned or dropped, a cause, a record or a time added
    ROLE = "role"  # a title that nobody has there, a speaker whom nobody hears, names exchanged
    SUPPORT = "support"  # hardly a word of it is in its posts


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and the posts it rests on, as places in the evidence."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is left of a model's summary. `sound`: enough is left to be shown."""

    title: Claim | None
    sentences: tuple[Claim, ...]
    dropped: Mapping[Flaw, int]
    sound: bool


class Evidence:
    """A post as evidence, read once: its text and when it was published."""

    def __init__(self, text: str, published: datetime | None) -> None:
        self.text = unaccented(text[:LONGEST_EVIDENCE])
        self.figures: Figures = read_figures(self.text, published.date() if published else None, source=True)
        self.stems = stems(self.text)
        self.cyrillic = is_cyrillic(self.text)


def judge(title: Claim | None, claims: Sequence[Claim], evidence: Sequence[Evidence], language: str) -> Judged:
    """Pass the sentences (the first `MOST_SENTENCES`) and the title through the gate; `language` is the reader's."""
    gate = _Gate(evidence, language)
    kept: list[Claim] = []
    dropped: Counter[Flaw] = Counter()
    considered = claims[:MOST_SENTENCES]
    first = False
    for place, claim in enumerate(considered):
        found = gate.check(claim)
        if isinstance(found, Flaw):
            dropped[found] += 1
        elif not any(found.text == earlier.text for earlier in kept):
            first = first or place == 0
            kept.append(found)
    headline = gate.check(title, longest=LONGEST_TITLE) if title is not None else None
    if isinstance(headline, Flaw):
        dropped[headline] += 1
        headline = None
    sound = first and len(considered) - len(kept) <= MOST_LOST * len(considered)
    return Judged(title=headline, sentences=tuple(kept), dropped=dict(dropped), sound=sound)


def check(claim: Claim, evidence: Sequence[Evidence], language: str) -> Claim | Flaw:
    """The claim as a reader may see it, with those of its sources that bear it out; or what is wrong with it."""
    return _Gate(evidence, language).check(claim)


class _Gate:
    """The checks over one set of posts; what is read of each group of cited posts is kept."""

    def __init__(self, evidence: Sequence[Evidence], language: str) -> None:
        self._evidence = evidence
        self._cyrillic = in_cyrillic(language) is True
        self._grounds: dict[tuple[int, ...], _Ground] = {}

    def check(self, claim: Claim, longest: int = LONGEST_SENTENCE) -> Claim | Flaw:
        if len(claim.text) > 4 * longest:
            return Flaw.SHAPE
        # what is a link in disguise (full width, entities) is one; what a deletion makes is looked at again
        text = unmarked(claim.text)
        if any(map(has_link, (claim.text, unescape(claim.text), text))):
            return Flaw.LINK
        if len(text) > longest or len(stems(text)) < FEWEST_WORDS:
            return Flaw.SHAPE
        sources = tuple(dict.fromkeys(claim.sources))
        if not sources or not all(0 <= source < len(self._evidence) for source in sources):
            return Flaw.SOURCE
        if not _is_written(text, cyrillic=self._cyrillic):
            return Flaw.LANGUAGE
        plain = unaccented(text)
        flaw = self._ground(sources).flaw(plain)
        if flaw is not None:
            return flaw
        alone = tuple(source for source in sources if self._ground((source,)).flaw(plain) is None)
        return Claim(text, alone or sources)

    def _ground(self, sources: tuple[int, ...]) -> "_Ground":
        if sources not in self._grounds:
            self._grounds[sources] = _Ground([self._evidence[source] for source in sources])
        return self._grounds[sources]


class _Ground:
    """The cited posts together."""

    def __init__(self, cited: Sequence[Evidence]) -> None:
        self._known = Known(each.figures for each in cited)
        self._names = Names(each.text for each in cited)
        self._ukrainian = any(_UKRAINIAN.search(each.text) for each in cited)
        self._denials = Denials(each.text for each in cited)
        self._echoes = Echoes(each.text for each in cited)
        self._opposites = Opposites(each.text for each in cited)
        self._manner = Manner(each.text for each in cited)
        self._roles = Roles(each.text for each in cited)
        self._scripts = {each.cyrillic for each in cited}
        self._texts = [each.text for each in cited]
        self._stems = frozenset(root for each in cited for root in each.stems)
        self._running = [f" {' '.join(each.stems)} " for each in cited]
        self._sounding = [f" {' '.join(map(spelling, each.stems))} " for each in cited]

    def flaw(self, text: str) -> Flaw | None:
        if not all(any(word in said for said in self._texts) for word in filter(_is_obscure, written(text))):
            return Flaw.LANGUAGE
        lacking = self._known.lacks(read_figures(text))
        if lacking is not None:
            return Flaw.NUMBER if lacking is Lack.NUMBER else Flaw.DATE
        if self._names.lack(text) is not None:
            return Flaw.NAME
        if not all(map(self._has_quote, _quotations(text))):
            return Flaw.QUOTE
        if self._denials.contradict(text) or garbled(text) or self._echoes.turned(text):
            return Flaw.DENIAL
        if self._opposites.turned(text):
            return Flaw.DENIAL
        if self._manner.differ(text):
            return Flaw.MANNER
        if self._roles.lack_title(text) or self._roles.lack_speaker(text) or self._roles.exchange(text):
            return Flaw.ROLE
        if self._roles.exchange_numbers(text):
            return Flaw.NUMBER
        return None if self._supports(text) else Flaw.SUPPORT

    def _has_quote(self, quoted: list[str]) -> bool:
        roots = [stem(word) for word in quoted]
        running, sounding = f" {' '.join(roots)} ", f" {' '.join(map(spelling, roots))} "
        if any(running in text for text in self._running) or any(sounding in text for text in self._sounding):
            return True
        if len(quoted) > SHORT_QUOTE or self._stems.issuperset(roots):  # here, but not beside each other
            return False
        return all(map(self._names.hold, quoted))

    def _supports(self, text: str) -> bool:
        content = content_stems(text)
        if not content or self._scripts != {is_cyrillic(text)} or self._ukrainian != bool(_UKRAINIAN.search(text)):
            return True
        return len(content & self._stems) >= SUPPORT * len(content)


def _is_written(text: str, *, cyrillic: bool) -> bool:
    """Whether a reader of Cyrillic or of Latin letters can read the text: Russian has names in Latin letters, of goods
    more than of anything, other languages have none in Cyrillic."""
    share = cyrillic_share(text)
    return share is None or (share >= LEAST_CYRILLIC if cyrillic else share == 0)


def _is_obscure(word: str) -> bool:
    """Whether it may say a number or a name that no check reads: with a figure that stands for no digits (Ⅳ, 四, ➒) or
    letters of two alphabets ("сто" with a Latin c)."""
    if word.isascii():
        return False
    mixed = _LATIN.search(word) and _CYRILLIC.search(word)
    return bool(mixed) or any(sign.isnumeric() and not unicodedata.normalize("NFKC", sign).isdecimal() for sign in word)


def _quotations(text: str) -> list[list[str]]:
    """The quoted passages of `text`, as words, and those inside of others; one with a gap in it is several."""
    found: list[list[str]] = []
    for match in chain(_QUOTES.finditer(text), _QUOTES.finditer(text.translate(_AS_QUOTES))):
        quoted = next(filter(None, match.groups()))
        found += [words for piece in _GAP.split(quoted) if (words := written(piece))]
    return found
