"""Pure: what a text says, as terms: stems with their counts, which look like names, which are numbers, what is quoted.

The text may be a post's body or raw Markdown: subscribe lines, lines of links and addresses are left out here too.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from core import words

LONGEST_TEXT = 20_000  # characters read of a text; news says what happened in the first few hundred
MOST_TERMS = 250  # words read of a text, stop words apart
LEAD_TERMS = 6  # distinct words at which, with the end of a sentence, the lead ends
SHORTEST_QUOTE, LONGEST_QUOTE = 4, 30  # words of a quotation that tells a source apart

STOP_WORDS = frozenset(
    """и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от
    меня еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас опять уж вам ведь там потом себя
    ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет ж
    тогда кто этот того потому этого какой ним здесь этом один почти мой тем чтобы нее были куда зачем всех при об хоть
    после над больше тот через эти нас про всего них какая много разве эту моя свою этой перед иногда лучше том нельзя
    такой им более всю между это также который которые которая которого которой году год лет сообщил сообщила сообщили
    сообщает заявил заявила рассказал рассказала словам данным
    a about after all also an and any are as at be because been but by can could did do does for from had has have he
    her him his how i if in into is it its just may more most new no not now of on one only or other our out over s said
    say says she so some such t than that the their them then there these they this to two up us was we were what when
    which who will with would you your amid via mr mrs ms""".split()
)

_WORD = re.compile(r"[^\W_]++(?:'[^\W_]++)?+")
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\(([^)\s]{0,2000})\)")
_ADDRESS = re.compile(r"https?://\S+|t\.me/\S+|www\.\S+")
_MENTION = re.compile(r"@\w{4,}+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"»”')]*+\s++(?=[«\"“A-ZА-ЯЁ0-9—-])|\n++")
_BOILERPLATE = re.compile(
    r"подпис|subscribe|прислать новост|предложить новост|наш канал|наш чат|наш бот|вступай|присоедин|"
    r"читайте также|подробнее|реклама|erid|жми|бот для|follow us|read more|join us|буст|проголосуй",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"«([^«»\n]{10,400})»|“([^“”\n]{10,400})”|\"([^\"\n]{10,400})\"")
_MARKS = re.compile(r"[*_`~]{2,}|\*")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SAME_LETTER = (("ё", "е"), ("Ё", "Е"), ("’", "'"))


class Case(IntEnum):
    """How a word is written: a capital inside a sentence makes a name likelier than one that any word would carry."""

    LOWER = 0
    OPENING = 1
    INSIDE = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """`counts`: occurrences by term (a stem, or a number as written), in the order of the text; `lead`: how many of
    them, from the first on, the title or first sentence has; `cases`: each word that is no number, in order; `quotes`:
    quotations as strings of stems."""

    counts: dict[str, int]
    lead: int
    cases: tuple[tuple[str, Case], ...]
    cyrillic: bool
    quotes: frozenset[str]


def is_number(term: str) -> bool:
    return term[0].isdigit()


def is_cyrillic(term: str) -> bool:
    """Whether a term is counted with Cyrillic ones: by its first letter, as this is asked for every term."""
    return "\u0400" <= term[0] <= "\u052f"


def read_terms(text: str, title: str = "") -> Terms:
    """The terms of a text; a title counts as its first line. Bounded: what is past the limits above is not read."""
    whole = f"{title[:LONGEST_TEXT]}\n{text[:LONGEST_TEXT]}" if title else text[:LONGEST_TEXT]
    normal = unicodedata.normalize("NFKC", whole)[: 2 * LONGEST_TEXT]
    for letter, same in _SAME_LETTER:  # several times as fast as translating, which looks at every letter
        normal = normal.replace(letter, same)
    plain = _without_boilerplate(normal)
    counts: dict[str, int] = {}
    cases: list[tuple[str, Case]] = []
    left, lead = MOST_TERMS, 0
    for sentence in _SENTENCE.split(plain):
        found = _WORD.findall(sentence)
        headline = _is_title_case(found)
        for place, word in enumerate(found):
            low = word.lower().removesuffix("'s")
            if low in STOP_WORDS or (len(low) < 2 and not low.isdigit()):
                continue
            if not left:
                break
            left -= 1
            number = low[0].isdigit()
            term = low[: words.LONGEST_WORD] if number else words.stem(low)
            counts[term] = counts.get(term, 0) + 1
            if not number:
                opening = place == 0 or headline
                case = (Case.OPENING if opening else Case.INSIDE) if word[0].isupper() else Case.LOWER
                cases.append((term, case))
        if not lead and len(counts) >= LEAD_TERMS:
            lead = len(counts)
        if not left:
            break
    cyrillic = any(map(is_cyrillic, list(counts)[:20]))
    return Terms(counts, lead or len(counts), tuple(cases), cyrillic, _quotes(plain))


def _without_boilerplate(text: str) -> str:
    """Subscribe lines, lines of links only, addresses, mentions and Markdown marks gone; the words of links kept."""
    kept = []
    for line in text.split("\n"):
        visible = _LINK.sub(r"\1", line)
        linked = visible != line or bool(_ADDRESS.search(line) or _MENTION.search(line))
        if (len(visible) < 50 or (linked and len(visible) < 160)) and _BOILERPLATE.search(visible):
            continue
        if linked and len(_NOT_LETTERS.sub("", _ADDRESS.sub("", _LINK.sub("", _MENTION.sub("", line))))) < 4:
            continue
        kept.append(_MENTION.sub(" ", _ADDRESS.sub(" ", visible)) if linked else line)
    return _MARKS.sub(" ", "\n".join(kept)).strip()


def _is_title_case(found: list[str]) -> bool:
    """Whether most longer words of a sentence carry a capital, so that a capital says nothing."""
    longer = [word for word in found if len(word) > 3 and word[0].isalpha()]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) / len(longer) > 0.6


def _quotes(text: str) -> frozenset[str]:
    found = set()
    for match in _QUOTE.finditer(text):
        said = words.stems(match[match.lastindex or 0])
        if SHORTEST_QUOTE <= len(said) <= LONGEST_QUOTE:
            found.add(" ".join(said))
        if len(found) >= 20:
            break
    return frozenset(found)
