"""Pure: in what manner a thing is claimed: as a guess or a plan, with a bound on a number, a cause, a record, a time.

Each is a small word that turns a true sentence into an invention and is no number or name itself. What must stand in
the texts is a word of the same kind in either language; texts in other languages than these two are given the benefit
of the doubt.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from core.words import stem
from digest.text.causes import Causes
from digest.text.denial import clauses, meanings
from digest.text.evidence import NUMBER, numbers
from digest.text.foreign import is_foreign
from digest.text.function_words import FUNCTION_STEMS, content_stems
from digest.text.sentences import split_sentences

NEARLY = 0.7  # share of common words (Jaccard) from which a sentence repeats another
SAME = 0.75  # the same without words of doubt, from which it is that sentence and may not be surer than it
TAKEN, HALF = 0.8, 0.5  # share of a sentence's words in a claim, and of the claim's in it, where it is that and more
FEWEST = 3  # words of a sentence that can be repeated
_REACH = 3  # words after "may" among which the first that says something is what may be


class _Mark(NamedTuple):
    """What a sentence says, and what of the texts may mean it."""

    said: re.Pattern[str]
    means: re.Pattern[str]


def _mark(said: str, means: str) -> _Mark:
    return _Mark(re.compile(said, re.IGNORECASE), re.compile(f"{said}|{means}", re.IGNORECASE))


# How English makes the most of a thing, other words that end so aside.
_MOST = (
    r"\b(?!(?:inter|fo|for|pro|ar|con|requ|re|gu|la|har|in|man|sugg|dig|eas?|w|r|t|n|qu|v|ch|budap|nor|sou|unr|manif)est\b)"
    r"(?!(?:north|south)\w*)\w{2,}est\b"
)

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
        r"\bсам(?:ым|ыми|ому)\s|\w+[еа]йш|\bмакс|\bминим|лучш|худш|никогда|беспрецедентн|больше вс|\bперв|впервые"
        rf"|{_MOST}|\bmost\b|\bbest\b|\btop\b|peak|never|unpreced|first|maxim|minim|\brecord"
        r"|since (?:the|\d{4}|records|world)",
    ),
    _mark(  # the first time
        r"\bвпервые\b|\bfor the first time|\bfirst[- ]ever\b",
        r"\bперв|\bfirst|никогда|\bnever|дебют|debut|maiden|inaugur|не было|раньше не|за \w+ лет|\bin \w+ years"
        r"|since (?:the|\d{4}|records|world)",
    ),
    _mark(  # a share or a multiple
        r"вдвое|втрое|двукратн|тр[её]хкратн|половин[аыу]|\btwice\b|\bhalf of\b|\btripl(?:e|ed|es)\b"
        r"|\bdoubl(?:e|ed|es)\b",
        r"\bв (?:два|три|2|3) раза?|удво|утро(?:ил|ен)|дважды|трижды|половин|\bпол(?:тора|утор)"
        r"|\b(?:50|100|200|300)\s?(?:%|процент|per ?cent)"
        r"|\b(?:two|three|2|3) times|\bhalf\b|halv|\b\w+fold|\b[23]x\b|\bdoubl|\btripl|\bthrice",
    ),
    _mark(r"\bровно\b|\bexactly\b", r"\bточно|\bprecise|\bexact"),
    _mark(r"\bвсе(?:х|м|ми)? \d|\ball (?:of the )?\d", r"\bвсе|\ball\b|\bevery|\beach\b|кажд|\bцел|\bboth\b|\bоба\b"),
    _mark(r"единственн\w+|\bthe only\b|\bthe sole\b", r"\bonly|\bsole|лишь|только|alone|\bодин|\bодн"),
    _mark(  # a time before
        r"на прошлой неделе|в прошлом (?:году|месяце)|\blast (?:week|month|year)\b",
        r"прошл|минувш|предыдущ|(?:\bгод|месяц|недел[юи]|дн(?:я|ей)) назад|вчера|\blast\b|previous|\bpast\b|yesterday"
        r"|(?:\ba|\bone|days|weeks) (?:week |month |year )?ago\b|\bearlier (?:this|in)\b|год к году",
    ),
    _mark(  # a time after
        r"\b(?:в|на) (?:следующ|будущ)\w+ (?:году|месяце|неделе)|\bв ближайш\w+ (?:дни|дней|недели|месяц\w*)"
        r"|\bnext (?:week|month|year)\b|\bin the coming (?:days|weeks|months)",
        r"следующ|будущ|ближайш|предстоящ|завтра|\bскоро\b|\bвскоре|\bnext\b|coming|tomorrow|soon|\blater\b|\bwithin\b"
        r"|через (?:[\w-]+ ){0,2}(?:день|дн|недел|месяц|год|лет)|\bin \w+ (?:day|week|month)s?\b|к концу|by the end",
    ),
)


class _Doubts(NamedTuple):
    """The words that make a sentence a guess, a wish or a plan: how many say that it may be so, how many in all, and
    the stems of all."""

    hedges: int
    every: int
    words: frozenset[str]


class _Sentence(NamedTuple):
    """A sentence of a text: its content words, its words of doubt, and it with its neighbours."""

    words: frozenset[str]
    doubts: _Doubts
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
_IF = frozenset("если if".split())
_PLAN = frozenset(
    """планирует планируют намерен намерена намерены собирается собираются хочет хотят plans plan intends intend wants
    want hopes hope considers""".split()
)
_GUESS = frozenset(
    """возможно вероятно предположительно якобы видимо наверное reportedly allegedly possibly probably perhaps
    apparently presumably supposedly likely maybe""".split()
)
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
        self._causes = Causes(kept)
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
                self._sentences.append(_Sentence(content_stems(each), _doubts(each), around))

    def differ(self, sentence: str) -> bool:
        """Whether the sentence claims what they say in another manner."""
        if self._foreign:
            return False
        return self._add(sentence) or self._bound(sentence) or self._assert(sentence) or self._causes.lack(sentence)

    def _add(self, sentence: str) -> bool:
        added = [mark for mark in _MARKS if mark.said.search(sentence)]
        if not added:
            return False
        words = content_stems(sentence)
        near = " ".join(each.around for each in self._sentences if _takes_over(words, each.words)) or self._whole
        return not all(mark.means.search(near) for mark in added)

    def _bound(self, sentence: str) -> bool:
        return any(bound not in (self._bounds.get(number) or {bound}) for number, bound in _bounds(sentence))

    def _assert(self, sentence: str) -> bool:
        """Whether it tells as fact what they only guess or plan."""
        words, doubts = content_stems(sentence), _doubts(sentence)
        near = [each for each in self._sentences if _repeats(words, each.words)]
        if near and all(_is_surer(words, doubts, each) for each in near):
            return True
        if doubts.every:
            return False
        if near and all(each.doubts.every for each in near):
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
    """What may be, is planned or is made a condition, and what else is said: stems and meanings."""
    guessed: set[str] = set()
    told: set[str] = set()
    for words in clauses(text):
        hit: set[int] = set()
        for place, word in enumerate(words):
            if word in _MAY or word in _PLAN:
                after = range(place + 1, min(place + 1 + _REACH, len(words)))
                hit |= {next((at for at in after if stem(words[at]) not in FUNCTION_STEMS), -1)}
            elif word in _IF:
                hit.update(range(place + 1, len(words)))
        for place, word in enumerate(words):
            (guessed if place in hit else told).update({stem(word), *meanings(word)})
    return guessed, told


def _doubts(sentence: str) -> _Doubts:
    words = [word for clause in clauses(sentence) for word in clause]
    hedges = [word for word in words if word in _MAY or word in _PLAN or word in _GUESS]
    every = [*hedges, *(word for word in words if word not in hedges and _UNSURE.fullmatch(word))]
    return _Doubts(len(hedges), len(every), frozenset(map(stem, every)))


def _is_surer(words: frozenset[str], doubts: _Doubts, other: _Sentence) -> bool:
    """Whether a sentence is the other one with a word of doubt less."""
    rest, others = words - doubts.words, other.words - other.doubts.words
    same = len(rest & others) >= SAME * len(rest | others)
    return same and doubts.hedges < other.doubts.hedges and doubts.every < other.doubts.every


def _repeats(words: frozenset[str], other: frozenset[str]) -> bool:
    return len(words) >= FEWEST and len(words & other) >= NEARLY * len(words | other)


def _takes_over(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a sentence of these words is the other one with something added."""
    shared = len(words & other)
    return len(other) >= FEWEST and shared >= TAKEN * len(other) and shared >= HALF * len(words)
