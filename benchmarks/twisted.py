"""Inventions that hold only what the posts hold, or nearly: who did it, whether it happened, how much of what it was.

Each takes a true sentence, all cited texts and a source of chance, and gives the sentence twisted, or None where there
is nothing to twist or what comes out might be true.
"""

import random
import re
from collections.abc import Callable

from digest.text.naming import names_in
from digest.text.scripts import is_cyrillic

Twist = Callable[[str, str, random.Random], str | None]
_PAIRS = {
    "часов": "дней", "часа": "дня", "дней": "недель", "дня": "часа", "лет": "месяцев", "минут": "часов",
    "года": "месяца",
    "километров": "метров", "метров": "километров", "тонн": "килограммов", "недель": "месяцев", "км": "м",
    "hours": "days", "hour": "day", "days": "weeks", "years": "months", "minutes": "hours", "weeks": "months",
    "kilometres": "metres", "metres": "kilometres", "tonnes": "kilograms", "centimetres": "metres",
}  # fmt: skip
_MONTHS = "января февраля марта апреля июня июля августа сентября октября ноября декабря".split()
_MONTHS_EN = "January February April June July August September October November December".split()
_TITLES = (
    "президент премьер-министр губернатор мэр посол прокурор".split(),
    "president governor mayor ambassador prosecutor senator".split(),
)
_SPEAKING = re.compile(
    r"сказа|заяв|сообщ|рассказ|отмет|добав|ответ|пояс|написа|призва|обеща|счита|утвержд|уточн|словам|мнени|говор|said|says"
    r"|told|announc|accord|[:«»“”\"—–]|\bwrit|\bwrote|\bask|\bwarn|\bpromis|\bexpect|\badd|\bcall|\bconfirm",
    re.IGNORECASE,
)


_OPPOSITES = (
    ("выросли", "упали"), ("вырос", "упал"), ("выросла", "упала"), ("повысил", "снизил"), ("увеличил", "сократил"),
    ("подорожали", "подешевели"), ("открыли", "закрыли"), ("открыт", "закрыт"), ("купил", "продал"),
    ("купить", "продать"),
    ("ранены", "погибли"), ("пострадали", "погибли"), ("разрешил", "запретил"), ("начал", "закончил"),
    ("задержали", "отпустили"), ("задержан", "освобождён"), ("поддержал", "раскритиковал"), ("выиграл", "проиграл"),
    ("выше", "ниже"), ("севере", "юге"), ("востоке", "западе"), ("утром", "вечером"), ("мужчина", "женщина"),
    ("назначен", "уволен"), ("пассажиров", "членов экипажа"), ("ускорилась", "замедлилась"),
    ("rose", "fell"), ("raised", "cut"), ("opened", "closed"), ("open", "closed"), ("bought", "sold"),
    ("hurt", "killed"),
    ("injured", "killed"), ("allowed", "banned"), ("started", "ended"), ("begins", "ends"), ("arrested", "freed"),
    ("supported", "criticised"), ("won", "lost"), ("above", "below"), ("north", "south"), ("east", "west"),
    ("morning", "evening"), ("man", "woman"), ("appointed", "dismissed"), ("passengers", "crew"), ("starts", "ends"),
)  # fmt: skip


def denied(text: str, cited: str, chance: random.Random) -> str | None:
    """A "not" more, or less."""
    if is_cyrillic(text):
        if " не " in text:
            return text.replace(" не ", " ", 1) if text.replace(" не ", " ", 1) not in cited else None
        verbs = list(
            re.finditer(r"(?<=[а-яё,»] )[а-яё]{3,}(?:ал|ил|ел|ул|яли|али|или|ала|ила|ла|ет|ит|ют|ят|ут|ает|ёт)\b", text)
        )
        if not verbs:
            return None
        at = chance.choice(verbs).start()
        return f"{text[:at]}не {text[at:]}"
    if " not " in text:
        return text.replace(" not ", " ", 1)
    said = re.search(r" (?:was|were|is|are|has|have|had|will|would|can|could) ", text)
    return f"{text[: said.end()]}not {text[said.end() :]}" if said else None


def points(text: str, cited: str, _: random.Random) -> str | None:
    """Percentage points for per cent."""
    of = "процентных пунктов" if is_cyrillic(text) else "percentage points"
    changed = re.sub(r"(?<=\d)\s?(?:%|процент(?:а|ов)\b|per cent\b|percent\b)", f" {of}", text, count=1)
    return changed if changed != text and not re.search(r"пункт|п\.\s?п|points", cited) else None


def unit(text: str, cited: str, _: random.Random) -> str | None:
    """Days for hours, metres for kilometres."""
    found = re.search(rf"(?<=\d )(?:{'|'.join(_PAIRS)})\b", text)
    if found is None:
        return None
    changed = text[: found.start()] + _PAIRS[found[0]] + text[found.end() :]
    if re.search(r"\b20\d\d $", text[: found.start()]):
        return None
    number = re.findall(r"\d+$", text[: found.start()].rstrip())[-1]
    return None if re.search(rf"(?<!\d){number} {_PAIRS[found[0]]}", cited) else changed


def month(text: str, cited: str, chance: random.Random) -> str | None:
    """Another month."""
    table = _MONTHS if is_cyrillic(text) else _MONTHS_EN
    found = re.search(rf"\b(?:{'|'.join(table)})\b", text)
    other = chance.choice(table)
    if found is None or other[:4].lower() in cited.lower():
        return None
    return text[: found.start()] + other + text[found.end() :]


def title(text: str, cited: str, chance: random.Random) -> str | None:
    """Somebody is made a governor."""
    table = _TITLES[not is_cyrillic(text)]
    other = chance.choice(table)
    if other[:5] in cited.lower() or (other == "премьер-министр" and "правительств" in cited):
        return None
    people = _people(text, cited)
    if not people:
        return None
    return text.replace(f" {people[0]}", f" {other} {people[0]}", 1)


def share(text: str, cited: str, chance: random.Random) -> str | None:
    """A comparison that nobody drew."""
    russian = ["это вдвое больше, чем год назад", "половина из них — впервые", "это втрое меньше прежнего"]
    english = ["twice as many as a year ago", "half of it for the first time", "which tripled the earlier figure"]
    if re.search(
        r"вдво|втро|половин|полтор|дважды|twice|half|tripl|doubl|\b2\b|\b3\b|\b50\b|\b1[.,]5\b|\b[1-3]00\b", cited
    ):
        return None
    if re.search(r"\b(?:два|две|дву|три|трё|two|three|second|third|both|пол[а-я]*[ая]\b)", cited.lower()):
        return None
    return f"{text.rstrip('.')}, {chance.choice(russian if is_cyrillic(text) else english)}."


def quote_cut(text: str, cited: str, chance: random.Random) -> str | None:
    """A quotation with a word less."""
    match = re.search(r"[«“\"]([^«»“”\"]{25,})[»”\"]", text)
    if match is None:
        return None
    words = match[1].split()
    del words[chance.randrange(1, len(words) - 1)]
    cut = " ".join(words)
    return text[: match.start(1)] + cut + text[match.end(1) :] if cut not in cited else None


def exchanged(text: str, cited: str, _: random.Random) -> str | None:
    """Two names in each other's place."""
    found = [name for name in _people(text, cited) if text.count(name) == 1]
    if len(found) < 2:
        return None
    one, other = found[0], found[-1]
    if one[:4].lower() == other[:4].lower() or abs(text.index(one) - text.index(other)) < len(one) + 3:
        return None
    swapped = text.replace(one, "\0").replace(other, one).replace("\0", other)
    return swapped if swapped not in cited else None


def numbers(text: str, cited: str, _: random.Random) -> str | None:
    """Two numbers in each other's place, neither of which is of a date."""
    found = [
        match
        for match in re.finditer(r"(?<![\w.,:/-])\d{1,3}(?:[ \u00a0,]\d{3})*(?![\w.,:/-]*\d)(?=[\s%])", text)
        if not re.match(
            r"\s?(?:[ап]\.m|[яфмаисонд][а-я]{2,7}[яа]\b|[JFMASOND][a-z]{2,8} |году?\b|г\.)", text[match.end() :]
        )
    ]
    pairs = [(one, other) for one in found for other in found if one.start() < other.start() and one[0] != other[0]]
    for one, other in pairs:
        behind = [re.match(r"\W*(?:[\w%]+)", text[each.end() :]) for each in (one, other)]
        if all(behind) and behind[0] and behind[1] and behind[0][0] != behind[1][0]:
            between = text[one.end() : other.start()]
            swapped = text[: one.start()] + other[0] + between + one[0] + text[other.end() :]
            return swapped if swapped not in cited else None
    return None


def speaker(text: str, cited: str, chance: random.Random) -> str | None:
    """The words in the mouth of another one who is named, and says nothing."""
    silent: list[str] = []
    pieces = re.split(r"(?<=[.!?])\s+|\n", cited)
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        if not _SPEAKING.search(piece + after):
            silent += _people(piece, cited)
    heard = " ".join(piece for piece in pieces if _SPEAKING.search(piece))
    silent = [name for name in silent if name[:5] not in heard and name not in text]
    if not silent:
        return None
    said = "заявил" if is_cyrillic(text) else "said"
    return f"{text.rstrip('.')}, {said} {chance.choice(sorted(set(silent)))}."


def opposite(text: str, cited: str, _: random.Random) -> str | None:
    """A word's opposite in its place, where no text that is cited has it."""
    for one, other in _OPPOSITES:
        for word, turned in ((one, other), (other, one)):
            found = re.search(rf"\b{word}\b", text, re.IGNORECASE)
            if found and not re.search(rf"\b{turned[:5]}", cited, re.IGNORECASE):
                turned = turned.capitalize() if found[0][0].isupper() else turned
                return text[: found.start()] + turned + text[found.end() :]
    return None


def _people(text: str, cited: str) -> list[str]:
    """The names of a text that are never written small and begin no sentence: mostly people and places."""
    found = (name for name in dict.fromkeys(names_in(text)) if len(name) > 4 and name[1:].islower())
    return [name for name in found if f" {name}" in text and name.lower() not in cited]


TWISTED: dict[str, Twist] = {
    "denied": denied,
    "points for per cent": points,
    "another unit": unit,
    "another month": month,
    "a title added": title,
    "a share or multiple": share,
    "quotation with a word less": quote_cut,
    "names exchanged": exchanged,
    "numbers exchanged": numbers,
    "another speaker": speaker,
    "an opposite": opposite,
}
