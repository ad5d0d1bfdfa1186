"""Pure: what a text says, as terms: stems with their counts, which look like names, which are numbers, what is quoted.

The text may be a post's body or raw Markdown: subscribe lines, lines of links and addresses are left out here too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, compress
from operator import add

from core import words
from core.tags import apart
from digest.text.disclaimer import without_disclaimer
from digest.text.languages import Language, language_of, languages, speaking

LONGEST_TEXT = 20_000  # characters read of a text; news says what happened in the first few hundred
MOST_TERMS = 250  # words read of a text, stop words apart
MOST_WORDS = 1000  # words at which, with the end of a sentence, no more is read, stop words or not
LEAD_TERMS = 6  # distinct words at which, with the end of a sentence, the lead ends
MOST_ASKED, MOST_LINKED = 50, 160  # characters from which on a line, or one with a link, asks nobody to subscribe
SHORTEST_QUOTE, LONGEST_QUOTE = 4, 30  # words of a quotation that tells a source apart

_CACHED_WORDS = 1 << 17  # of Russian and English, about 30 MB; a month of 24 channels has 123,000
_CACHED_ELSEWHERE = 1 << 15  # of each other language
_WORD = re.compile(rf"[^\W_]++(?:[{words.SIGNS}]++[^\W_]*+)*(?:'[^\W_]++(?:'[^\W_]++)?)?")
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\(([^)\s]{0,2000})\)")
_ADDRESS = re.compile(r"https?://\S+|t\.me/\S+|www\.\S+")
_MENTION = re.compile(r"@\w{4,}+")
# Both begin with what is seldom: where a pattern may begin with anything, every letter is tried.
_SENTENCE = re.compile(
    r"[\"»”')\s](?:(?:(?<=[.!?…؟۔।։][\"»”')])[\"»”')]*+\s++|(?<=[.!?…؟۔।։]\s)\s*+)"
    r"(?=[«\"“A-ZА-ЯЁ0-9—\u0531-\u0556\u0590-\u1cff-])|(?<=\n)\n*+)"
)
_BARE_SIGNS = ("http", "t.me/", "www.", "@")  # without any of these there is no address or mention
_LINK_SIGNS = ("](", *_BARE_SIGNS)
_BOILERPLATE = (
    "подписаться|подписывай|подпиши|подписка на наш|подписка на канал|subscribe|прислать новост|предложить новост|"
    "наш канал|наш чат|наш бот|вступай|присоединяй|читайте также|подробнее|реклама|erid:|erid=|erid 2|жми|бот для|"
    "follow us|read more|join us|буст|проголосуй"
).split("|")
_QUOTE = re.compile(r"«([^«»\n]{10,400})»|“([^“”\n]{10,400})”|\"([^\"\n]{10,400})\"")
_MARKS = re.compile(r"[*_`~](?:[*_`~]++|(?<=\*))")
_UNSPACED = re.compile(f"[{words.UNSPACED}][{words.UNSPACED}{words.SIGNS}]*")
_STOP = re.compile(f"(?<=[!?。])(?=[{words.UNSPACED}])")
# Chinese letters that tell nothing, and part words as blanks do elsewhere; Japanese, with its own letters between, has
# them inside words.
_ONLY_GRAMMAR, _JAPANESE = re.compile("[的了在是]+"), re.compile("[\u3041-\u30ff]")
_FOUR_LETTERS = re.compile(r"(?:[^\W_][\W_]*+){4}")
_SAME_LETTER = (("ё", "е"), ("Ё", "Е"), *((apostrophe, "'") for apostrophe in "’‘ʼʻ"))


@dataclass(frozen=True, slots=True)
class Terms:
    """`counts`: occurrences by term (a stem, or a number as written), in the order of the text; `lead`: how many of
    them, from the first on, the title or first sentence has; `length`: how often any occurs. Each occurrence in order:
    `small`, words without a capital; `opening`, with one where any word would carry it; `capital`, with one inside a
    sentence, which makes a name likelier; `numbers`. `cyrillic`, `uncased`: whether some are. `tongue`: the code of
    the language as which it is read; where it is not told that of Russian or English by the letters, empty where it has
    neither. `quotes`: quotations as strings of stems."""

    counts: dict[str, int]
    lead: int
    length: int
    small: tuple[str, ...]
    opening: tuple[str, ...]
    capital: tuple[str, ...]
    numbers: tuple[str, ...]
    cyrillic: bool
    uncased: bool
    tongue: str
    quotes: frozenset[str]


_Word = tuple[str, int, int, bool | None, tuple[int, ...]]
"""A word as it is written: its term, empty where it says nothing; in which list of words it goes where it opens a
sentence and where it stands inside one; whether it carries a capital, None where it is too short to tell; and the
languages that have it for a word that says nothing. A plain tuple, for what a hundred thousand of them hold is nothing
to Python's garbage collector."""

_SMALL, _OPENING, _INSIDE, _NUMBER = range(4)  # the lists of words


class _Words(dict[str, _Word]):
    """What is known of a word in one language, remembered; emptied when full."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, written: str) -> _Word:
        if len(self) >= (_CACHED_ELSEWHERE if self._language.code else _CACHED_WORDS):
            self.clear()
        word = _looked_up(written, self._language)
        if len(written) <= words.LONGEST_WORD:
            self[written] = word
        return word


def _looked_up(written: str, language: Language) -> _Word:
    capital = written[0].isupper() if len(written) > 3 and written[0].isalpha() else None
    low = language.bare(written)
    if low in language.words or (len(low) < 2 and not low.isdigit()):
        return ("", _NUMBER, _NUMBER, capital, speaking(written))
    if low[0].isdigit():
        return (words.in_figures(low)[: words.LONGEST_WORD], _NUMBER, _NUMBER, capital, ())
    upper = written[0].isupper()
    places = (_OPENING, _INSIDE) if upper else (_SMALL, _SMALL)
    return (language.stem(low), *places, capital, speaking(written))


_known = tuple(map(_Words, languages()))


def is_number(term: str) -> bool:
    """Whether a term is a number rather than a stem."""
    return term[0].isdigit()


def is_cyrillic_term(term: str) -> bool:
    """Whether a term is counted with Cyrillic ones: by its first letter, as this is asked for every term."""
    return "\u0400" <= term[0] <= "\u052f"


def is_uncased(term: str) -> bool:
    """Whether a term is of a script without capitals, as Arabic, Persian, Hindi, Georgian are written: by its first
    letter."""
    return term[0] >= "\u0590" and not "\u1e00" <= term[0] <= "\u1fff"


def read_terms(text: str, title: str = "") -> Terms:
    """The terms of a text; a title counts as its first line. Bounded: what is past the limits above is not read."""
    whole = f"{title[:LONGEST_TEXT]}\n{text[:LONGEST_TEXT]}" if title else text[:LONGEST_TEXT]
    normal = words.unaccented(words.normal("NFKC", whole)[: 2 * LONGEST_TEXT])
    for letter, same in _SAME_LETTER:  # several times as fast as translating, which looks at every letter
        normal = normal.replace(letter, same)
    plain = _without_boilerplate(apart(without_disclaimer(normal)))
    if _UNSPACED.search(plain):
        plain = _UNSPACED.sub(_in_pairs, _STOP.sub("\n", plain))
    sentences = _sentences(plain)
    if not sentences:
        return Terms({}, 0, 0, (), (), (), (), False, False, "en", frozenset())
    written = list(chain.from_iterable(sentences))
    terms, opening, inside, capitals, speak = zip(*map(_known[0].__getitem__, written), strict=True)
    if language := language_of(written, speak, terms.count("")):
        terms, opening, inside, capitals, _ = zip(*map(_known[language].__getitem__, written), strict=True)
    lists = list(inside)
    begin = lead = 0
    for sentence in sentences:
        end = begin + len(sentence)
        if _INSIDE in lists[begin:end] and _is_title_case(capitals[begin:end]):
            lists[begin:end] = opening[begin:end]
        else:
            lists[begin] = opening[begin]
        begin = end
        if not lead and len(distinct := set(terms[:end])) - ("" in distinct) >= LEAD_TERMS:
            lead = end
    said = list(compress(terms, terms))[:MOST_TERMS]
    counts = dict(Counter(said))
    by_list: tuple[list[str], ...] = ([], [], [], [])
    for term, each in zip(said, compress(lists, terms), strict=False):
        by_list[each].append(term)
    small, opened, capital, numbers = map(tuple, by_list)
    first = list(counts)[:20]
    cyrillic, uncased = any(map(is_cyrillic_term, first)), any(map(is_uncased, first))
    lead = len(set(list(filter(None, terms[:lead]))[:MOST_TERMS]))
    length = len(said)
    tongue = languages()[language].code or ("ru" if cyrillic else "" if uncased else "en")
    lead = lead or len(counts)
    return Terms(counts, lead, length, small, opened, capital, numbers, cyrillic, uncased, tongue, _quotes(plain))


def _in_pairs(run: re.Match[str]) -> str:
    """Each two letters that stand side by side as a word."""
    pieces = map(words.written, [run[0]] if _JAPANESE.search(run[0]) else _ONLY_GRAMMAR.split(run[0]))
    pairs = chain.from_iterable(map(add, letters, letters[1:]) for letters in pieces)
    return f" {' '.join(pairs) or run[0]} "


def _sentences(text: str) -> list[list[str]]:
    """The words of each sentence that has any, as many as are read."""
    found: list[list[str]] = []
    number = 0
    for sentence in _SENTENCE.split(text):
        words_of_it = _WORD.findall(sentence)
        if words_of_it:
            found.append(words_of_it)
            number += len(words_of_it)
            if number >= MOST_WORDS:
                break
    return found


def _without_boilerplate(text: str) -> str:
    """Subscribe lines, lines of links only, addresses, mentions and Markdown marks gone; the words of links kept."""
    may_link = _has_any(_LINK_SIGNS, text)
    shown = _LINK.sub(_link_words, text) if may_link else text
    is_bare = may_link and _has_any(_BARE_SIGNS, shown)
    lines = shown.split("\n")
    longest = MOST_LINKED if may_link else MOST_ASKED
    may_ask = _asks("\n".join([line for line in lines if len(line) < longest]))
    if not may_link and not may_ask:
        return _MARKS.sub(" ", text).strip()
    kept = []
    for line, visible in zip(text.split("\n"), lines, strict=True):
        linked = visible != line or (is_bare and bool(_ADDRESS.search(line) or _MENTION.search(line)))
        if may_ask and len(visible) < (MOST_LINKED if linked else MOST_ASKED) and _asks(visible):
            continue
        if linked and not _FOUR_LETTERS.search(_ADDRESS.sub("", _LINK.sub("", _MENTION.sub("", line)))):
            continue
        kept.append(_MENTION.sub(" ", _ADDRESS.sub(" ", visible)) if linked and is_bare else visible)
    return _MARKS.sub(" ", "\n".join(kept)).strip()


def _link_words(link: re.Match[str]) -> str:
    return link[1]


def _has_any(signs: Iterable[str], text: str) -> bool:
    return any(map(text.__contains__, signs))


def _asks(text: str) -> bool:
    """Whether a text has words of subscribe lines; "join US strikes" and "has lost subscribers" are none."""
    said = text.replace("oin US", "").replace("ollow US", "")
    return _has_any(_BOILERPLATE, said.lower().replace("subscriber", ""))


def _is_title_case(capitals: tuple[bool | None, ...]) -> bool:
    """Whether most longer words of a sentence carry a capital, so that a capital says nothing."""
    longer = len(capitals) - capitals.count(None)
    return longer >= 3 and capitals.count(True) / longer > 0.6


def _quotes(text: str) -> frozenset[str]:
    found = set()
    for match in _QUOTE.finditer(text):
        said = words.stems(match[match.lastindex or 0])
        if SHORTEST_QUOTE <= len(said) <= LONGEST_QUOTE:
            found.add(" ".join(said))
        if len(found) >= 20:
            break
    return frozenset(found)
