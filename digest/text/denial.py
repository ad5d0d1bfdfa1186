"""Pure: what a text denies, word by word: "did not agree" denies "agree", and what means the same in the other
language (`verbs.txt`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from core.words import stem, tokens
from digest.text.foreign import is_foreign
from digest.text.function_words import FUNCTION_STEMS
from digest.text.scripts import is_cyrillic
from digest.text.word_lists import beginnings, lines_of

_APOSTROPHE = re.compile(r"n[’'`]t\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.,:;!?…()«»“”„\"\n]|\s[—–-]\s")
_NEGATIONS = frozenset("не нет ни без нельзя not no never without nobody none neither nor cannot никто".split())
_ELSEWHERE = frozenset("nicht kein keine keinen nie ohne pas jamais sans aucun sin nunca немає жодного".split())
_REFUSALS = re.compile(
    r"(?:отказ|отверг|отклон|опроверг|отрица|запре[тщ]|прекра[тщ]|refus|reject|fail|avoid)\w*"
    r"|den(?:y|ies|ied|ying|ial)|ban(?:s|ned|ning)?"
)
# "not only" denies nothing, "не менее" is "at least" (see `digest.text.manner`); "not before" denies "before"
_NO_DENIAL = frozenset("только лишь просто only just менее более меньше больше less more fewer".split())
_BOUNDS = frozenset("раньше позже позднее ранее later earlier before".split())
_BETWEEN = frozenset("был была было были будет будут стал стала стали смог смогла могут мог been be yet any".split())
_REACH = 3  # words after a refusal that it may deny


class Denials:
    """The content words of some texts by their stems: which are denied there, and which are said."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.denied: set[str] = set()
        self.said: set[str] = set()
        self._scripts: set[bool | None] = set()
        self._deny = False
        for text in texts:
            denied, said = denials(text)
            self.denied |= denied
            self.said |= said
            self._scripts.add(None if is_foreign(text) else is_cyrillic(text))
            self._deny = self._deny or _denies(text)

    def contradict(self, sentence: str) -> bool:
        """Whether the sentence denies what is only said here, or says what is only denied."""
        denied, said = denials(sentence)
        if denied and not self._deny and is_cyrillic(sentence) not in self._scripts:  # translated: words cannot tell
            return True
        return any(word in self.said and word not in self.denied for word in denied - said) or any(
            word in self.denied and word not in self.said for word in said - denied
        )


def clauses(text: str) -> Iterator[list[str]]:
    """The folded words of each clause of the text; "n't" is the word "not"."""
    return (tokens(clause) for clause in _CLAUSE.split(_APOSTROPHE.sub(" not", text)))


def negations(text: str) -> int:
    """How many words of the text deny or refuse."""
    return sum(_is_negation(word) for clause in clauses(text) for word in clause)


def _denies(text: str) -> bool:
    return any(word in _ELSEWHERE or _is_negation(word) for clause in clauses(text) for word in clause)


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or _REFUSALS.fullmatch(word) is not None


def denials(text: str) -> tuple[set[str], set[str]]:
    """The stems of a text's content words that it denies, and those that it says."""
    denied: set[str] = set()
    said: set[str] = set()
    for words in clauses(text):
        hit = _denied_places(words)
        for place, word in enumerate(words):
            root = stem(word)
            if word not in _BOUNDS and (root in FUNCTION_STEMS or word in _NEGATIONS or word.isdigit()):
                continue
            meant = {root} | meanings(word)
            if place in hit:
                denied |= meant
            if place not in hit or hit[place]:
                said |= meant
    return denied, said


def _denied_places(words: Sequence[str]) -> dict[int, bool]:
    """The places of denied words, and whether each may as well be meant: "did not agree to close" may deny closing."""
    found: dict[int, bool] = {}
    for place, word in enumerate(words):
        if word in _NEGATIONS:
            after = place + 1
            while after < len(words) and _is_passed(words[after]):
                after += 1
            if place and (word == "нет" or after == len(words)):  # "погибших нет", "не было"
                found[place - 1] = False
            if after < len(words) and words[after] not in _NO_DENIAL:
                found[after] = False
                found |= {at: True for at in range(after + 1, after + 1 + _REACH) if at not in found}
        elif _REFUSALS.fullmatch(word):
            found |= dict.fromkeys(range(place + 1, place + 1 + _REACH), False)
    return found


def _is_passed(word: str) -> bool:
    """Whether a negation reaches over this word."""
    if word in _NO_DENIAL or word in _BOUNDS:
        return False
    return word in _BETWEEN or stem(word) in FUNCTION_STEMS


@lru_cache(1 << 14)
def meanings(word: str) -> frozenset[str]:
    """The lines of `verbs.txt` that a word (folded) may stand for; no stem looks like one."""
    return frozenset(f"={number}" for number, pattern in enumerate(_verbs()) if pattern.match(word))


@cache
def _verbs() -> tuple[re.Pattern[str], ...]:
    return tuple(beginnings(line.replace(";", " ")) for line in lines_of("verbs.txt"))
