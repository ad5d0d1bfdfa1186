"""Pure: in what manner a thing is claimed: as a guess or a plan, with a bound on a number, a cause, a record, a time.

Each is a small word that turns a true sentence into an invention and is no number or name itself. What must stand in
the texts is a word of the same kind in either language; texts in other languages than these two are given the benefit
of the doubt.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from core.words import stem, stems
from digest.denial import clauses, meanings
from digest.evidence import NUMBER, numbers
from digest.foreign import is_foreign
from digest.sentences import split_sentences
from digest.tidy import FUNCTION_STEMS

NEARLY = 0.7  # share of common words (Jaccard) from which a sentence repeats another
TAKEN, HALF = 0.8, 0.5  # share of a sentence's words in a claim, and of the claim's in it, where it is that and more
FEWEST = 3  # words of a sentence that can be repeated
_REACH = 3  # words after "may" among which the first that says something is what may be


class _Mark(NamedTuple):
    """What a sentence says, and what of the texts may mean it."""

    said: re.Pattern[str]
    means: re.Pattern[str]


def _mark(said: str, means: str) -> _Mark:
    return _Mark(re.compile(said, re.IGNORECASE), re.compile(f"{said}|{means}", re.IGNORECASE))


_MARKS = (
    _mark(  # a cause
        r"\bиз-за\b|\bпотому что|вследствие|в результате|по причине|\bbecause\b|\bdue to\b|as a result of|owing to"
        r"|caused by",
        r"потому|поэтому|следств|результат|причин|вызва|вызыва|\bпривел|\bпривёл|привод|привед|связан|связи|ввиду"
        r"|благодар|так как|поскольку|после|объясн|\bна фоне|спровоц|чтобы|вынуд|обвин|\bcaus|result|reason|\bled\b"
        r"|\blead|thank|blam|trigger|since|amid|after|prompt|forc|\bover\b|accus|attribut|\bfor\b|follow|explain|виноват|виной",
    ),
    _mark(  # a record
        r"(?<!\bтот же )(?<!\bтого же )\bсам(?:ый|ая|ое|ые|ого|ой|ых|ую)\s|крупнейш|сильнейш|мощнейш|тяжелейш"
        r"|\bрекорд|наибольш|(?<!off the )\brecord(?:s|-\w+)?\b(?!ed)(?! of)|\blargest|\bbiggest|\bhighest|\blowest"
        r"|\bworst|\bdeadliest|\bgreatest|\bstrongest",
        r"\bсам(?:ым|ыми|ому)\s|\w+[еа]йш|макс|миним|лучш|худш|никогда|беспрецедентн|больше вс|перв|впервые"
        r"|\w{2}est\b|\bmost\b|\bbest\b|\btop\b|peak|never|unpreced|first|maxim|minim|since|\brecord",
    ),
    _mark(  # the first time
        r"\bвпервые\b|\bfor the first time|\bfirst[- ]ever\b",
        r"\bперв|\bfirst|никогда|\bnever|дебют|debut|\bнов|\bnew|maiden|inaugur|\b1-|не было|раньше не"
        r"|за \w+ лет|since",
    ),
    _mark(r"единственн\w+|\bthe only\b|\bthe sole\b", r"\bonly|\bsole|лишь|только|alone|\bодин|\bодн"),
    _mark(  # a time before
        r"на прошлой неделе|в прошлом (?:году|месяце)|\blast (?:week|month|year)\b",
        r"прошл|минувш|предыдущ|назад|вчера|\blast\b|previous|\bago\b|\bpast\b|yesterday|earlier|год к году",
    ),
    _mark(  # a time after
        r"\b(?:в|на) (?:следующ|будущ)\w+ (?:году|месяце|неделе)|\bв ближайш\w+ (?:дни|дней|недели|месяц\w*)"
        r"|\bnext (?:week|month|year)\b|\bin the coming (?:days|weeks|months)",
        r"следующ|будущ|ближайш|предстоящ|завтра|\bскоро\b|\bвскоре|через|\bnext\b|coming|tomorrow|soon|later|within"
        r"|\bin \w+ (?:day|week|month)|к концу|by the end",
    ),
)


class _Sentence(NamedTuple):
    """A sentence of a text: its content words, whether anything of it is a guess, and it with its neighbours."""

    words: frozenset[str]
    unsure: bool
    around: str


class _Bound(StrEnum):
    OVER = "over"
    UNDER = "under"
    NONE = "none"  # also "about", "up to": more or less what the number says


_BOUND = re.compile(
    r"(?:(?P<over>(?<!не )\b(?:более|больше)|\bсвыше|\bне (?:менее|меньше)|\b(?:как )?минимум|(?<!no )\bmore than"
    r"|\bat least|\bover|\bno (?:less|fewer) than|\bexceed\w*|\bпревы[а-я]+)"
    r"|(?P<under>(?<!не )\b(?:менее|меньше)|\bне (?:более|больше)|\bмаксимум|(?<!no )\bless than|\bfewer than"
    r"|\bunder|\bat most|\bno more than))"
    r"\s(?:чем\s)?(?:(?:отметк|уровн|план)\w+\s|в\s|на\s|the\s|a\s)?[$€£¥₽]?$",
    re.IGNORECASE,
)
_LASTS = re.compile(r"[\s-]?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\b", re.IGNORECASE)
_MAY = frozenset("может могут могла мог могли may might could".split())
_PLAN = frozenset(
    """планирует планируют намерен намерена намерены собирается собираются хочет хотят plans plan intends intend wants
    want hopes hope considers""".split()
)
_GUESS = frozenset("возможно вероятно предположительно якобы reportedly allegedly possibly probably perhaps".split())
_UNSURE = re.compile(
    r"если|if|бы|would|should|будет|будут|will|ожид\w*|expect\w*|предлож\w*|propos\w*|предлага\w*|consider\w*|вроде|слух\w*"
    r"|rumou?r\w*|likely|unlikely|обеща\w*|promis\w*|готов\w*|ready|угрож\w*|threat\w*|рассматрива\w*|предполага\w*|"
    r"считает|считают|believ\w*|think\w*|чтобы|возможн\w*|вероятн\w*|сможет|смогут|можно|can|able|план\w*|plan\w*|намер\w*"
    r"|intend\w*|хоте\w*|want\w*|hop\w*|try|tries|trying|пыта\w*|цел\w+|aim\w*"
)
_PAST = re.compile(r"[а-яё]{2,}л(?:а|о|и)?(?:с[ья])?|[a-z]{2,}ed")


class Manner:
    """How some texts claim what they claim; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept = tuple(texts)
        self._foreign = any(map(is_foreign, kept))
        self._whole = "\n".join(kept)
        self._bounds: dict[str, set[_Bound]] = {}
        self._sentences: list[_Sentence] = []
        self._guessed: set[str] = set()
        self._told: set[str] = set()
        for text in kept:
            for number, bound in _bounds(text):
                self._bounds.setdefault(number, set()).add(bound)
            guessed, told = _guesses(text)
            self._guessed |= guessed
            self._told |= told
            own = split_sentences(text)
            for place, each in enumerate(own):
                around = " ".join(own[max(0, place - 1) : place + 2])
                self._sentences.append(_Sentence(_content(each), _unsure(each), around))

    def differ(self, sentence: str) -> bool:
        """Whether the sentence claims what they say in another manner."""
        if self._foreign:
            return False
        return self._add(sentence) or self._bound(sentence) or self._assert(sentence)

    def _add(self, sentence: str) -> bool:
        added = [mark for mark in _MARKS if mark.said.search(sentence)]
        if not added:
            return False
        words = _content(sentence)
        near = " ".join(each.around for each in self._sentences if _takes_over(words, each.words)) or self._whole
        return not all(mark.means.search(near) for mark in added)

    def _bound(self, sentence: str) -> bool:
        return any(bound not in (self._bounds.get(number) or {bound}) for number, bound in _bounds(sentence))

    def _assert(self, sentence: str) -> bool:
        """Whether it tells as fact what they only guess or plan."""
        if _unsure(sentence):
            return False
        words = _content(sentence)
        near = [each.unsure for each in self._sentences if _repeats(words, each.words)]
        if near and all(near):
            return True
        only = self._guessed - self._told
        return any(
            _PAST.fullmatch(word) and not only.isdisjoint({stem(word), *meanings(word)})
            for clause in clauses(sentence)
            for word in clause
        )


def _bounds(text: str) -> Iterable[tuple[str, _Bound]]:
    """The numbers of a text, each with its bound."""
    for match in NUMBER.finditer(text):
        found = _BOUND.search(text[max(0, match.start() - 40) : match.start()])
        kind = _Bound(found.lastgroup) if found and found.lastgroup else _Bound.NONE
        if found and found[0].lower().startswith("over") and _LASTS.match(text, match.end()):  # how long it took
            kind = _Bound.NONE
        for number in numbers(match[0]):
            yield number, kind


def _guesses(text: str) -> tuple[set[str], set[str]]:
    """What may be or is planned, and what else is said: stems and meanings."""
    guessed: set[str] = set()
    told: set[str] = set()
    for words in clauses(text):
        hit: set[int] = set()
        for place, word in enumerate(words):
            if word in _MAY or word in _PLAN:
                after = range(place + 1, min(place + 1 + _REACH, len(words)))
                hit |= {next((at for at in after if stem(words[at]) not in FUNCTION_STEMS), -1)}
        for place, word in enumerate(words):
            (guessed if place in hit else told).update({stem(word), *meanings(word)})
    return guessed, told


def _unsure(sentence: str) -> bool:
    """Whether anything of the sentence is a guess, a wish or a plan."""
    return any(
        word in _MAY or word in _PLAN or word in _GUESS or _UNSURE.fullmatch(word) is not None
        for clause in clauses(sentence)
        for word in clause
    )


def _repeats(words: frozenset[str], other: frozenset[str]) -> bool:
    return len(words) >= FEWEST and len(words & other) >= NEARLY * len(words | other)


def _takes_over(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a sentence of these words is the other one with something added."""
    shared = len(words & other)
    return len(other) >= FEWEST and shared >= TAKEN * len(other) and shared >= HALF * len(words)


def _content(sentence: str) -> frozenset[str]:
    return frozenset(stems(sentence)) - FUNCTION_STEMS
