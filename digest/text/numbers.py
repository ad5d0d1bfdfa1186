"""Pure: the numbers of a text, in digits or words, Russian or English, with the unit that stands beside each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

CURRENCIES = "$€₽£¥₴₸₹₺₪₩₿"
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}+(?:[.,' \u2019]\d{3}(?!\d))+(?:[.,]\d{1,9}+)?(?!\d)|\d{1,30}+(?:[.,]\d{1,9}+(?!\d))?)"
    r"(?P<tail>[kmbкм](?![^\W_]))?|(?P<word>[^\W\d_]+)|(?P<sign>[%‰°" + CURRENCIES + r"])|(?P<dash>[-–—\u2212])"
)
_GROUPING = re.compile(r"[.,' \u2019](?=\d{3}(?!\d))")
_ADJECTIVE = "ый ий ой ая ое ее ого его ому ему ым им ую ых их ыми ими ые ие ом ем".split()
_TENS_RU = "двадцат тридцат сорок пятьдесят шестьдесят семьдесят восемьдесят девяност".split()
_TEENS_RU = ["десят", *(f"{unit}надцат" for unit in "один две три четыр пят шест сем восем девят".split())]
_FORMS = {
    2: "два две двух двум двумя двое двоих двоим оба обе обоих обеих обоим обеим two both couple pair",
    3: "три трех трем тремя трое троих троим третий третья третье третьего третьей третьему третьих третьим три three",
    4: "четыре четырех четырем четырьмя четверо четверых four fourth",
    5: "пять пяти пятью пятеро пятерых пятый пятая пятое пятого пятой пятых пятую five fifth",
    6: "шесть шести шестью шестеро шестерых шестой шестая шестого шестую шестых six sixth",
    7: "семь семи семеро семерых седьмой седьмая седьмого седьмую seven seventh",
    8: "восемь восьми восемью восьмеро восьмой восьмая восьмого eight eighth",
    9: "девять девяти девятью девятеро девятый девятая девятого девятой nine ninth",
    40: "сорока",
    50: "пятидесяти",
    60: "шестидесяти",
    70: "семидесяти",
    80: "восьмидесяти",
    90: "девяноста",
    100: "сто ста сотый",
    200: "двести двухсот",
    300: "триста трехсот",
    400: "четыреста четырехсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    700: "семьсот семисот",
    800: "восемьсот восьмисот",
    900: "девятьсот девятисот",
}
_TEENS_EN = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _words_of_numbers() -> dict[str, int]:
    found = {form: value for value, forms in _FORMS.items() for form in forms.split()}
    for value, (russian, english) in enumerate(zip(_TEENS_RU, _TEENS_EN, strict=True), 10):
        found |= {english: value, f"{english}th": value}
        found |= dict.fromkeys([russian + end for end in ("ь", "и", "ью", *_ADJECTIVE)], value)
    for value, (russian, english) in enumerate(zip(_TENS_RU, _TENS_EN, strict=True), 2):
        found |= {english: 10 * value, f"{english[:-1]}ieth": 10 * value}
        found |= dict.fromkeys([russian + end for end in ("", "ь", "и", "ью", "о", *_ADJECTIVE)], 10 * value)
    found |= dict.fromkeys(["четверт" + end for end in _ADJECTIVE], 4) | {"twelfth": 12}
    del found["четвертую"], found["четвертых"]  # quarters
    del found["десятые"], found["десятых"]  # tenths
    return found


_WORDS = _words_of_numbers()
_ONES = frozenset("one first один одна одно одного одной одному одну первый первая первое первого первой".split())
_COMPOUND = re.compile(
    r"(двух|трех|четырех|пяти|шести|семи|восьми|девяти|десяти|двенадцати|пятнадцати|двадцати|тридцати|сорока|пятидесяти)"
    r"(лет|дневн|часов|месячн|недельн|этажн|комнатн|сторонн|значн|минутн|миллиард|миллион|тысячн|метров|процентн|кратн)"
)
_COMPOUND_UNITS = {
    "лет": "years", "дневн": "days", "часов": "hours", "месячн": "months", "недельн": "weeks", "минутн": "minutes",
    "метров": "m", "процентн": "%",
}  # fmt: skip
_COMPOUND_VALUES = {
    "двух": 2, "трех": 3, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7, "восьми": 8, "девяти": 9, "десяти": 10,
    "двенадцати": 12, "пятнадцати": 15, "двадцати": 20, "тридцати": 30, "сорока": 40, "пятидесяти": 50,
}  # fmt: skip
_SCALE = re.compile(
    r"(?:(?P<e3>тыс|тысяч[аеиую]?|тысячам|тысячами|тысячах|thousands?)|(?P<e6>млн|миллион\w{0,3}|millions?|mln|mn)"
    r"|(?P<e9>млрд|миллиард\w{0,3}|billions?|bln|bn)|(?P<e12>трлн|триллион\w{0,3}|trillions?|trn|tn))"
)
# What sticks to a number: its power of ten, and what it says else, for "5m" may be metres.
_TAILS = {"k": (3, "k"), "к": (3, "k"), "m": (6, "m"), "м": (0, "m"), "b": (9, "b")}
_HALVES = {
    Decimal("1.5"): "полтора полторы полутора",
    Decimal(6): "полдюжины",
    Decimal(50): "полсотни полусотни",
    Decimal(150): "полтораста",
    Decimal(500): "полтысячи",
    Decimal(500_000): "полмиллиона полумиллиона",
    Decimal(500_000_000): "полмиллиарда полумиллиарда",
}
_HALVES_VALUES = {word: value for value, words in _HALVES.items() for word in words.split()}
_MANIFOLD = {"вчетверо": 4, "впятеро": 5, "вшестеро": 6, "всемеро": 7, "ввосьмеро": 8, "вдесятеро": 10}
_VAGUE = re.compile(  # "a hundred", too: only behind a number is it a part of one
    r"десят(?:ок|к(?:[аиуе]|ов|ом|ам|ами|ах))|дюжин(?:а|ы|у|е|ой|ам|ами|ах)?|dozens?|tens|сот(?:н[яиюе]|ней|ен|ням|нями|нях)|hundreds?"
)
_UNITS = (
    ("points", re.compile(r"пп|pp|пункт\w{0,3}|points?")),
    (
        "%",
        re.compile(r"%|проц|процент(?:а|у|ом|е|ов|ы|ам|ами|ах|н\w{2,3})?|відсот\w{2,4}|percent(?:age)?|pct|prozent"),
    ),
    ("‰", re.compile(r"‰|промилле")),
    ("°", re.compile(r"°|градус(?:а|у|ом|ов|ы|ам|ами|ах|н\w{2,3})?|degrees?")),
    ("$", re.compile(r"\$|долл|дол|дол+ар\w{0,3}|бакс\w{0,3}|dollars?|d[oó]lar(?:es)?|bucks?|usd")),
    ("€", re.compile(r"€|евро|євро|euros?|eur")),
    ("₽", re.compile(r"₽|р|руб|рубл\w{1,3}|r(?:o)?ubles?|rub|rubel")),
    ("£", re.compile(r"£|фунт(?:а|у|ом|ов|ы|ам|ами|ах)?|pounds?|gbp")),
    ("¥", re.compile(r"¥|юан\w{0,3}|yuan|renminbi|rmb|cny|иен\w{0,2}|yen|jpy")),
    ("₴", re.compile(r"₴|грн|гривн\w{1,3}|гривень?|hryvnias?|uah")),
    ("₸", re.compile(r"₸|тг|тнг|тенге|tenge|kzt")),
    ("₹", re.compile(r"₹|рупи\w{1,3}|rupees?|rs|inr")),
    ("₺", re.compile(r"₺|лир(?:а|ы|у|ой|ам|ами|ах)?|liras?|tl")),
    ("₪", re.compile(r"₪|шекел\w{1,3}|shekels?")),
    ("₩", re.compile(r"₩")),
    ("₿", re.compile(r"₿|биткоин\w{0,3}|bitcoins?|btc")),
    ("zł", re.compile(r"zł|zl|злот\w{2,3}|zlot\w{1,2}|pln")),
    ("seconds", re.compile(r"секунд\w{0,5}|seconds?")),
    ("minutes", re.compile(r"минут\w{0,5}|minutes?")),
    ("hours", re.compile(r"час(?:а|ов|ам|ами|ах|ов\w{2,3})?|hours?")),
    ("days", re.compile(r"день|дн(?:я|ей|ям|ями|ях|и|ю|евн\w{2,3})|сут(?:ок|ки|кам|ками)|days?")),
    ("weeks", re.compile(r"недел\w{1,5}|weeks?")),
    ("months", re.compile(r"месяц\w{0,3}|месячн\w{2,3}|months?")),
    ("years", re.compile(r"год(?:а|у|ом|ов|ы|ам|ами)?|лет|летн\w{2,3}|years?")),
    ("km", re.compile(r"км|километр\w{0,6}|km|kilomet(?:re|er)s?")),
    ("m", re.compile(r"[mм]|метр(?:а|у|ом|ов|ы|ам|ах|ов\w{2,3})?|met(?:re|er)s?")),
    ("cm", re.compile(r"см|сантиметр\w{0,6}|cm|centimet(?:re|er)s?")),
    ("miles", re.compile(r"мил(?:я|и|ь|ям|ях)|miles?")),
    ("times", re.compile(r"раза?|times|fold|x|х")),
    ("kg", re.compile(r"кг|килограмм\w{0,3}|kg|kilo(?:gram)?s?")),
    ("t", re.compile(r"тонн\w{0,4}|ton(?:ne)?s?")),
)
_PER_CENT = (["per", "cent"], ["pour", "cent"], ["por", "ciento"])
_RANGE = frozenset("до to и and or или".split())
# What stands between numbers of one unit: "from 3 to 5 %", "5 % against 3".
_BEHIND = frozenset("до to от с против from against vs".split())
_BETWEEN = _BEHIND | _RANGE
_MONEY = frozenset((*CURRENCIES, "zł"))
_NOTHING_BEHIND = re.compile(r"(?:(?<=тыс)\.|(?!(?<=тыс)\.))\s*(?:[^\w\s]|$)")
_NEAR = 200  # characters from a sum to another of its currency
_NEXT_SENTENCE = re.compile(r"[.!?…]\s|\n")
_FAR = 6  # tokens from a number to a unit that may be its own
_SIGNS = {"-": "-", "–": "-", "\u2212": "-", "+": "+"}
_ENDS = "%‰°)»”" + CURRENCIES  # behind these a dash stands between two numbers: "5°–10°"
_SIGN_WORDS = {"минус": "-", "minus": "-", "плюс": "+", "plus": "+"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its readings as values, one of which is meant, the unit beside it ("" for none), its digits as they
    stand there, which may be a date or time as well ("15.10"), the letter that sticks to them ("k" in "5k") and its
    sign; `units` are all that may be its own: 3 in "from 3 to 5 %" is a share, too."""

    values: tuple[Decimal, ...]
    unit: str = ""
    written: str = ""
    tail: str = ""
    sign: str = ""
    units: frozenset[str] = frozenset()


def is_number_word(word: str) -> bool:
    """Whether `word` is a number in words."""
    plain = word.casefold().replace("ё", "е")
    return plain in _WORDS or plain in _ONES


def value_of(word: str) -> int | None:
    """The value of a number's word from two on; None for any other word."""
    return _WORDS.get(word.casefold().replace("ё", "е"))


def read_numbers(text: str, vague: set[int]) -> Iterator[Number]:
    """The numbers of `text` (lower case, ё as е), sizes without a number into `vague`."""
    tokens = list(_TOKEN.finditer(text))
    at = 0
    ranged: Decimal | None = None  # the beginning of "2 to 3 million"
    money, told = "", 0  # the currency of the last sum, and where that ended
    while at < len(tokens):
        begin = at
        read = _one_number(tokens, at)
        if read is None:
            word = tokens[at]["word"] or ""
            if size := _vague_size(tokens, at):
                vague.add(size)
            elif number := _number_within(word):
                yield number
            if word and word not in _RANGE:
                ranged = None
            at += 1
            continue
        values, scale, at = read
        unit, tail = _unit(tokens, begin, at), tokens[begin]["tail"]
        if ranged is not None and scale:
            yield Number((ranged * Decimal(10) ** scale,), unit)
        ranged = None if scale else values[0]
        units = frozenset(_units_around(tokens, begin, at))
        if unit in _MONEY:
            money, told = unit, tokens[at - 1].end()
        elif scale and money and not unit and _is_sum(text, told, tokens[begin].start(), tokens[at - 1].end()):
            units |= {money}
        yield Number(
            values,
            unit,
            tokens[begin]["number"] or "",
            _TAILS[tail][1] if tail else "",
            _sign(tokens, begin),
            units,
        )


def numbers_and_words(text: str) -> Iterator[tuple[Decimal | None, str]]:
    """What a text (lower case, ё as е) is made of, in its order: numbers, in digits or words, and other words and
    signs, each without the other."""
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        if read := _one_number(tokens, at):
            values, _, at = read
            yield values[0], ""
            continue
        if word := tokens[at]["word"] or tokens[at]["sign"]:
            yield None, word
        at += 1


def _is_sum(text: str, told: int, begin: int, end: int) -> bool:
    """Whether millions that stand here may be of the sum that was `told` before: "of 6 bn roubles 3 bn, they say"."""
    near = begin - told < _NEAR and _NEXT_SENTENCE.search(text, told, begin) is None
    return near and _NOTHING_BEHIND.match(text, end) is not None


def _vague_size(tokens: list[re.Match[str]], at: int) -> int:
    """The size of which this token says that there are some, "dozens", "thousands"; 0 for none."""
    word = tokens[at]["word"] or ""
    if scale := _scale(word):
        return int(10**scale)
    return (100 if word[0] in "сh" else 10) * int(10 ** _scale_behind(tokens, at)) if _VAGUE.fullmatch(word) else 0


def _number_within(word: str) -> Number | None:
    """The number that is a part of a word: "five-storey" in one, "threefold"."""
    if compound := _COMPOUND.match(word):
        return Number((Decimal(_COMPOUND_VALUES[compound[1]]),), _COMPOUND_UNITS.get(compound[2], ""))
    return Number((Decimal(_MANIFOLD[word]),), "times") if word in _MANIFOLD else None


def _one_number(tokens: list[re.Match[str]], at: int) -> tuple[tuple[Decimal, ...], int, int] | None:
    """The number that begins at this token: readings, power of ten named beside it, the token after it."""
    token = tokens[at]
    if token["number"]:
        value = _value(token["number"])
        at += 1
        if token["tail"]:
            power, _ = _TAILS[token["tail"]]
            return (value, value * Decimal(10) ** power) if power else (value,), power, at
    elif token["word"] in _WORDS or _is_one_hundred(tokens, at):
        value, at = _in_words(tokens, at)
    elif token["word"] in _HALVES_VALUES:
        value, at = _HALVES_VALUES[token["word"]], at + 1
    else:
        return None
    scale = _scale(tokens[at]["word"] or "") if at < len(tokens) else 0
    # "10-тысячный" and "2,5-million" as well
    if not scale and at + 1 < len(tokens) and tokens[at]["dash"]:
        scale = _scale(tokens[at + 1]["word"] or "")
        at += bool(scale)
    return (value * Decimal(10) ** scale,), scale, at + bool(scale)


def _in_words(tokens: list[re.Match[str]], at: int) -> tuple[Decimal, int]:
    """The number in words that begins at this token, and the token after it."""
    total = 0
    if tokens[at]["word"] == "hundred":
        total, at = 100, _behind_and(tokens, at + 1, 100)
    while at < len(tokens) and (part := _part(tokens[at]["word"] or "", total)) and _fits(total, part):
        total += part
        at += 1
        if at < len(tokens) and tokens[at]["word"] == "hundred":
            total, at = total * 100, at + 1
        if (behind := _behind_and(tokens, at, total)) > at:
            at = behind
        elif at + 1 < len(tokens) and tokens[at]["dash"] and 20 <= total % 100 < 100 and total % 10 == 0:
            at += (_part(tokens[at + 1]["word"] or "", total) or 10) < 10
    return Decimal(total), at


def _is_one_hundred(tokens: list[re.Match[str]], at: int) -> bool:
    """Whether "hundred" with no number before it is one all the same: "one hundred", "a hundred and twenty"."""
    if tokens[at]["word"] != "hundred":
        return False
    return (at > 0 and tokens[at - 1]["word"] == "one") or _behind_and(tokens, at + 1, 100) > at + 1


def _behind_and(tokens: list[re.Match[str]], at: int, total: int) -> int:
    """Behind an "and" at this token where a part of the number follows: "two hundred and twenty"; else this token, as
    before another number: "two hundred and three hundred"."""
    words = [token["word"] or "" for token in tokens[at : at + 3]]
    if total < 100 or total % 100 or words[:1] != ["and"] or words[2:] == ["hundred"]:
        return at
    return at if len(words) < 2 or _part(words[1], total) is None else at + 1


def _scale_behind(tokens: list[re.Match[str]], at: int) -> int:
    """The power of ten behind this token: "hundreds of thousands", "сотни тысяч"; 0 for none."""
    words = [token["word"] or "" for token in tokens[at + 1 : at + 3]]
    words = words[1:] if words[:1] == ["of"] else words[:1]
    return _scale(words[0]) if words else 0


def _part(word: str, total: int) -> int | None:
    """The value of a number's word; "one" counts only as the end of a larger number."""
    return 1 if total >= 20 and word in _ONES else _WORDS.get(word)


def _fits(total: int, part: int) -> bool:
    """Whether `part` can follow in one number: "forty" "five", not "five" "six"."""
    return total == 0 or (total % 100 == 0 and part < 100) or (total % 10 == 0 and total % 100 >= 20 and part < 10)


def _value(written: str) -> Decimal:
    return Decimal(_GROUPING.sub("", written).replace(",", ".")).normalize()


def _scale(word: str) -> int:
    match = _SCALE.fullmatch(word)
    return int(str(match.lastgroup)[1:]) if match else 0


def _unit(tokens: list[re.Match[str]], begin: int, end: int) -> str:
    """The unit of the number in `tokens[begin:end]`: the currency's sign before it, or the sign or word after it."""
    after = [tokens[at]["sign"] or tokens[at]["word"] or "" for at in range(end, min(end + 2, len(tokens)))]
    if after in _PER_CENT:
        return "%"
    if end + 1 < len(tokens) and tokens[end]["dash"] and tokens[end].end() == tokens[end + 1].start():
        after = [tokens[at]["word"] or "" for at in range(end + 1, min(end + 3, len(tokens)))]  # "30-kilometre"
        after = after if after[0] != "м" else []  # "in the 5th", no metre
    if after == ["п", "п"] or (after[1:] and _unit_of(after[0]) == "%" and _unit_of(after[1]) == "points"):
        return "points"
    before = (tokens[begin - 1]["sign"] or "") if begin else ""
    apart = tokens[begin].string[tokens[begin - 1].end() : tokens[begin].start()].strip() if begin else ""
    own = before if before in CURRENCIES and not apart else ""  # not in "29 %, 469 schools"
    return _unit_of(own) or _unit_of(after[0] if after else "")


@lru_cache(4096)
def _unit_of(word: str) -> str:
    return next((unit for unit, pattern in _UNITS if pattern.fullmatch(word)), "") if word else ""


def _units_around(tokens: list[re.Match[str]], begin: int, end: int) -> Iterator[str]:
    """The next units on both sides of a number, where nothing but other numbers stands between, or one word behind it:
    "$3 to 5", "3 and 5 %", "500 US dollars"."""
    words = 0
    for at in range(end, min(end + _FAR, len(tokens))):
        said = tokens[at]["sign"] or tokens[at]["word"] or ""
        if unit := _unit(tokens, 0, at) if not tokens[at]["number"] else "":
            yield unit
            break
        words += bool(said) and said not in _BETWEEN and said not in _WORDS and not _scale(said)
        if words > 1 or (words and not said):
            break
    for at in range(begin - 1, max(begin - 1 - _FAR, -1), -1):
        said = tokens[at]["sign"] or tokens[at]["word"] or ""
        if tokens[at].string[tokens[at].end() : tokens[at + 1].start()].strip():
            break
        if unit := _unit_of(said):
            yield unit
            break
        if said and said not in _BEHIND and said not in _WORDS and not _scale(said):
            break


def _sign(tokens: list[re.Match[str]], begin: int) -> str:
    """The sign of the number at `begin`: what sticks to it, and to nothing before it, or "minus"."""
    if begin and (sign := _SIGN_WORDS.get(tokens[begin - 1]["word"] or "")):
        return sign
    text, at = tokens[begin].string, tokens[begin].start() - 1
    at -= at > 0 and text[at] in CURRENCIES
    if at < 0 or (at and (text[at - 1].isalnum() or text[at - 1] in _ENDS)):
        return ""
    return _SIGNS.get(text[at], "")
