"""Pure: a text to its sentences. The rules know Russian and English, and the stops of Arabic, Persian, Hindi, Armenian,
Chinese, Japanese.

Rules rather than a model: they were written from the errors on three treebanks and do better there than the libraries
(figures: `python -m benchmarks.summaries`). Every pattern runs in linear time on hostile text: runs are taken whole
(possessive) and start only where a run starts.
"""

import re
from collections.abc import Iterator
from functools import cache

from digest.text.languages import language_in, languages

EMOJI = (
    "\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\U0001f004\U0001f0cf\U0001f170-\U0001f1e5\U0001f200-\U0001f251\u231a\u231b"
    "\u2328\u23cf\u23e9-\u23fa\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u200d\u203c\u2049\u20e3"
)

# Abbreviations that something always follows.
NEVER_END = frozenset(
    """п ул просп пл пер обл р-н ср стр рис табл ред изд сост авт реж зам акад проф доц инж полк подп св прп о-в оз
    ок напр англ нем фр лат греч ит исп рус укр юр т им букв см янв фев апр авг сент окт нояб дек корп д гр кн
    корр кв т.к т.е т.н и.о доп респ mr mrs ms dr drs prof st sr jr vs col lt sgt capt maj adm rep sen pres rev hon dept
    nos vol pp eds jan feb apr jul aug sep sept oct nov dec mt approx e.g i.e cf viz gov gen u.n
    bzw z.b u.a d.h sra dra""".split()
)
COUNTED = frozenset({"mio", "mrd"})  # the same after a number: "5 Mio. Euro", not "un amico mio."
# Abbreviations that end a sentence only before a capital.
MAY_END = frozenset(
    """г гг в вв ст ч н н.э руб долл проц др т.д т.п проч коп чел км м мес сек тыс млн млрд трлн кг мм э час с мин макс
    пр тел inc ltd co corp etc a.m p.m u.s u.k no al ft ext ed est fig mar jun""".split()
)
# What goes on after an abbreviation, capital or not: "5 p.m. Monday", "5 млн долл. США".
GOES_ON = {
    **dict.fromkeys(
        ("a.m", "p.m"),
        frozenset("monday tuesday wednesday thursday friday saturday sunday et est edt gmt utc pt pst local".split()),
    ),
    "долл": frozenset({"сша"}),
}
# After initials in Latin letters ("U.S.") only these begin a sentence; other words with a capital are part of a name.
BEGINNERS = frozenset(
    """a an the he she it they we i you this that these those there his her its their our my in on at for from with as
    after before when while if but and or so then however meanwhile also not no what who how why where all some many
    most one two""".split()
)
YEARS = frozenset({"г", "гг", "в", "вв", "с"})  # an end only after a number: "в 1999 г. Он", not "в г. Туле"

LONGEST_NAME = 42  # characters, with its quotation marks, of one that has more stops than one in it

# Languages that write "the 14th" with a full stop: "am 14. Mai", "19. yüzyıl".
ORDINAL_LANGUAGES = frozenset({"de", "pl", "tr", "az", "cs", "sr"})
NUMBERED = frozenset("jahr jahre jahren uhr morgen yıl yılında yeni son gün bin".split())  # small words that follow it

_ORDINAL = re.compile(r"\d(?<![\w.,:].)\d?+\.\s")  # what stands before is looked at last: that is twice as fast
_WRAPPED = re.compile(r"(?<=[\w,])[ \t]*+\n[ \t]*+(?=[a-zа-яё])")
_STOPS = re.compile(
    r"""(?<![.!?…؟۔।։])(?P<stop>[.!?…؟۔।։]++)(?=(?P<close>(?:["»”"’')\]*_]|&#39;)*))(?P=close)"""
    rf"""(?P<tail>(?=(?P<faces>(?:\s?[{EMOJI}])+))(?P=faces)|\s?[:;]-?[)(DP]++|\)++|)(?=\s)"""
)
# Chinese and Japanese go on without a blank; what is quoted, or in brackets, may be followed by who said it.
_WIDE_STOPS = re.compile(r"[。！？｡]++(?:[」』”’）】》\"')]++(?![とはがをで]))?(?![、，,」』”’）】》\"')])")
_SMILES = re.compile(
    rf"""(?:(?<=[\w\s,!?.])\){{2,}}|[:;]-?[)(]+|\^\^|<3|(?<![{EMOJI}])[{EMOJI}]++)(?=\s{{1,9}}[A-ZА-ЯЁ«"“])"""
    rf"""|(?<=[a-zа-яё.!?»"”)])[{EMOJI}]++(?=[A-ZА-ЯЁ«“])"""
)
_SIGN = re.compile(rf"[)(^<{EMOJI}]|https?:|www\.")  # without one of these there is neither
_URL_END = re.compile(r"(?<![\w./])(?:https?://|www\.)\S++(?=\s{1,9}[A-ZА-ЯЁ][a-zа-яё]{1,40} [a-zа-яё])")
# A flag before a name in the midst of a phrase, "towards 🇲🇩 Moldova", and any sign in brackets: "(a 🌍 NATO state)".
_GOES_ON_BEHIND = re.compile(
    r"(?:[,(/&—–-]|(?<![^\W_])(?:an?|the|of|to|in|at|by|for|from|with|towards?|into|near|between|against|and|or"
    r"|в|во|на|с|со|к|ко|о|об|у|из|от|до|по|для|при|без|через|между|над|под|и|или))$",
    re.IGNORECASE,
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_CLOSES = re.compile(r"[^()]{0,100}\)")
_SPEAKER = re.compile(r"\s*[—–-]{1,2}\s*[a-zа-яё]")  # "Что это?" — спросила мама
_UNQUOTES = re.compile("[»”\"’']|&#39;")
_WHO_SAID = re.compile(r"[—–-]{1,2}\s+[^\W\d_]")  # "It is over." - Ann Lee
_LETTER = re.compile(r"[^\W\d_]")
_POSTSCRIPT = re.compile(r"\s*(?:P\.?\s?S|З\.?Ы)\.?\s*")
_LAST_WORD = re.compile(r"[\w.\-]*$")
_NUMBERED = re.compile(r"[\dIVXХ]\s*\w+$")
_STATION = re.compile(r",\sм$")  # "р-н Арбат, м. Октябрьская" is an address, "высота 5 м. Вышка" none
_FIRST_ITEM = re.compile(r"(?<=[^\W\d]):\s1$")  # "answers to your questions: 1. Yes": the number begins what follows
_INITIAL = re.compile(r"[A-ZА-ЯЁ]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NEXT_WORD = re.compile(r"[^\W_]+")
_QUOTED_STOP = re.compile(r"``[.,)]")
_OPENERS = "«\"“„(['`*_"


def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, stripped, none empty, nothing lost but white space.

    A line break ends a sentence unless the line was only wrapped: no stop before it, a small letter after it.
    """
    text = _WRAPPED.sub(" ", text)
    beginners = _beginners(language_in(text)) if _ORDINAL.search(text) else frozenset()
    return [
        sentence for line in text.splitlines() if (kept := line.strip()) for sentence in _split_line(kept, beginners)
    ]


@cache
def _beginners(language: str) -> frozenset[str]:
    """Of a language that writes ordinals with a full stop the words, in small letters, that none of these is followed
    by; none of another."""
    if language not in ORDINAL_LANGUAGES:
        return frozenset()
    return next(each.words for each in languages() if each.code == language) - NUMBERED


def _split_line(line: str, beginners: frozenset[str]) -> Iterator[str]:
    ends = _ends_by_stop(line)
    if beginners:
        ends.difference_update(
            match.end() - 1 for match in _ORDINAL.finditer(line) if not _begins(line, match.end(), beginners)
        )
    ends |= _ends_by_sign(line, sorted(ends))
    ends.update(match.end() for match in _WIDE_STOPS.finditer(line))
    begin = 0
    for end in sorted(ends):
        if piece := line[begin:end].strip():
            yield piece
        begin = end


def _begins(line: str, start: int, beginners: frozenset[str]) -> bool:
    """Whether what follows a number and its full stop here begins a sentence: a small word with a capital."""
    following = _NEXT_WORD.match(line, start)
    return following is not None and following[0][0].isupper() and following[0].lower() in beginners


def _ends_by_stop(line: str) -> set[int]:
    ends = {len(line)}
    begin, letter = 0, _letter_after(line, 0)
    listed = " 2. " in line  # without it «Погибших: 1.» is how many there are
    for match in _STOPS.finditer(line):
        if _is_end(line, begin, letter < match.end(), match):
            item = listed and _FIRST_ITEM.search(line, max(begin, match.start() - 4), match.start())
            begin = item.start() + 1 if item else match.end()
            letter = letter if letter >= begin else _letter_after(line, begin)
            ends.add(begin)
    return ends


def _ends_by_sign(line: str, ends: list[int]) -> set[int]:
    """Smiles, emoji and addresses that end a sentence without a full stop."""
    found: set[int] = set()
    if not _SIGN.search(line):
        return found
    place = begin = counted = opened = 0
    letter = _letter_after(line, 0)
    for match in sorted([*_SMILES.finditer(line), *_URL_END.finditer(line)], key=re.Match.start):
        while ends[place] <= match.start():
            begin, place = ends[place], place + 1
        opened += line.count("(", counted, match.start()) - line.count(")", counted, match.start())
        counted = match.start()
        letter = letter if letter >= begin else _letter_after(line, begin)
        lettered = letter < (match.start() if begin < match.start() else match.end())
        if lettered and not _amid(line, match, opened):
            found.add(match.end())
            begin = match.end()
    return found


def _amid(line: str, match: re.Match[str], opened: int) -> bool:
    """Whether a sign stands in the midst of a phrase, with so many brackets `opened` before it."""
    if opened > 0 and (match[0][0] == ")" or _CLOSES.match(line, match.end())):
        return True
    before = line[max(0, match.start() - 12) : match.start()].rstrip()
    return _FLAG.match(match[0]) is not None and _GOES_ON_BEHIND.search(before) is not None


def _letter_after(line: str, start: int) -> int:
    match = _LETTER.search(line, start)
    return match.start() if match else len(line) + 1


def _is_end(line: str, begin: int, lettered: bool, match: re.Match[str]) -> bool:
    """Does a sentence that began at `begin` (`lettered`: with a letter in it) end with this run of stops?"""
    rest = line[match.end() : match.end() + 60].lstrip()
    if not rest or rest[0] in "#@.,;:)»%" or _QUOTED_STOP.match(rest) or _SPEAKER.match(rest):
        return False
    if _UNQUOTES.search(match["close"]) and _WHO_SAID.match(rest):
        return False
    if match["stop"][0] in "!?" and _in_title(line, match):
        return False
    if match.end() - begin < 12 and _POSTSCRIPT.fullmatch(line, begin, match.end()):
        return False
    opened = rest.lstrip(_OPENERS)
    first = opened[:1]
    if match["stop"] == ".":
        return lettered and _full_stop_ends(line, match, opened)
    if set(match["stop"]) <= {".", "…"}:
        return lettered and not first.islower()
    return not (first.islower() and match["close"])


def _in_title(line: str, match: re.Match[str]) -> bool:
    """Whether a stop stands within a short quotation: «Что? Где? Когда?» is a name."""
    begin = line.rfind("«", max(0, match.start() - LONGEST_NAME), match.start())
    return begin >= 0 and line.find("»", begin, begin + LONGEST_NAME) >= match.end()


def _full_stop_ends(line: str, match: re.Match[str], rest: str) -> bool:
    """A full stop after a word and before the `rest`: the end of a sentence, an abbreviation or an initial?"""
    at, first = match.start(), rest[:1]
    before = line[max(0, at - 24) : at]
    found = _LAST_WORD.search(before)
    word = found[0] if found else ""
    low = word.lower().lstrip(".-")
    if not match["close"] and (low in NEVER_END or _INITIAL.fullmatch(word)):
        return False
    if (low in YEARS and not _NUMBERED.search(before)) or (low in COUNTED and _NUMBERED.search(before)):
        return False
    if low == "м" and _STATION.search(before):
        return False
    initials = _INITIALS.fullmatch(word) is not None
    if (low in MAY_END or initials) and not first.isupper():
        return False
    if (initials or low in GOES_ON) and (following := _NEXT_WORD.match(rest)) is not None:
        if following[0].lower() in GOES_ON.get(low, ()):
            return False
        if initials and word.isupper():  # "В.В. Путин", "U.S. Senate"
            return word.isascii() and following[0].lower() in BEGINNERS
    if first.islower() and line.rfind("(", max(0, at - 60), at) > line.rfind(")", max(0, at - 60), at):
        return False  # "(with ext. sessions)"
    spaced = at > 0 and line[at - 1] == " "  # tokenised text: "in nepal . and they"
    return not first.islower() or spaced or (not match["close"] and (len(low) > 2 or low.isdigit()))
