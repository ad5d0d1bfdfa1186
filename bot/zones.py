"""Pure: the zone that a person named: Europe/Berlin, Berlin, Москва, UTC+3, +5:30."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.texts import cities
from core.words import stem

LIKELY: Mapping[str, tuple[str, ...]] = {
    "ru": (
        "Europe/Kaliningrad",
        "Europe/Moscow",
        "Europe/Samara",
        "Asia/Yekaterinburg",
        "Asia/Novosibirsk",
        "Asia/Krasnoyarsk",
        "Asia/Irkutsk",
        "Asia/Vladivostok",
        "Europe/Minsk",
        "Asia/Almaty",
        "Asia/Tbilisi",
        "Europe/Berlin",
    ),
    "en": (
        "Europe/London",
        "Europe/Berlin",
        "Europe/Moscow",
        "Asia/Dubai",
        "Asia/Kolkata",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Australia/Sydney",
        "America/New_York",
        "America/Chicago",
        "America/Los_Angeles",
        "UTC",
    ),
}
FIRST = {"ru": "Europe/Moscow"}  # the zone of a new reader, by language; UTC for others

# What people write that is not the city after which the zone is named; the first name is the one that is shown.
_RUSSIAN = {
    "Europe/Moscow": "Москва,Мск,Питер,Санкт-Петербург,Спб,Петербург,Сочи,Казань,Нижний Новгород,Воронеж,Краснодар,"
    "Ростов-на-Дону,Ростов,Мурманск,Архангельск,Тула,Ярославль,Симферополь,Севастополь,Крым,Рязань,Тверь,Калуга,Курск,"
    "Белгород,Брянск,Липецк,Пенза,Смоленск,Владимир,Иваново,Вологда,Орёл,Тамбов,Кострома,Псков,Великий Новгород,"
    "Череповец,Петрозаводск,Сыктывкар,Чебоксары,Саранск,Набережные Челны,Ставрополь,Пятигорск,Махачкала,Грозный,"
    "Новороссийск,Московское,Подмосковье",
    "Europe/Samara": "Самара,Ижевск,Тольятти",
    "Asia/Yekaterinburg": "Екатеринбург,Екб,Ебург,Челябинск,Уфа,Пермь,Тюмень,Оренбург,Магнитогорск,Курган,Сургут,"
    "Нижневартовск,Ханты-Мансийск",
    "Asia/Novosibirsk": "Новосибирск,Нск",
    "Asia/Krasnoyarsk": "Красноярск,Кемерово,Новокузнецк",
    "Asia/Irkutsk": "Иркутск,Улан-Удэ",
    "Asia/Yakutsk": "Якутск,Благовещенск",
    "Asia/Vladivostok": "Владивосток,Хабаровск",
    "Asia/Sakhalin": "Южно-Сахалинск,Сахалин",
    "Asia/Kamchatka": "Петропавловск-Камчатский,Камчатка",
    "Europe/Minsk": "Минск,Гомель,Брест,Гродно,Витебск,Могилёв,Беларусь,Белоруссия",
    "Europe/Kyiv": "Киев,Київ,Харьков,Одесса,Днепр,Львов,Запорожье,Украина",
    "Asia/Almaty": "Алматы,Алма-Ата,Астана,Нур-Султан,Шымкент,Караганда,Казахстан",
    "Asia/Tashkent": "Ташкент,Самарканд,Бухара,Узбекистан",
    "Asia/Tbilisi": "Тбилиси,Батуми,Кутаиси,Грузия",
    "Asia/Yerevan": "Ереван,Армения",
    "Europe/Riga": "Рига,Латвия",
    "Europe/Vilnius": "Вильнюс,Литва",
    "Europe/Tallinn": "Таллин,Таллинн,Эстония",
    "Europe/Warsaw": "Варшава,Краков,Вроцлав,Гданьск,Польша",
    "Europe/Prague": "Прага,Брно,Чехия",
    "Europe/Berlin": "Берлин,Мюнхен,Гамбург,Франкфурт,Кёльн,Дюссельдорф,Штутгарт,Лейпциг,Дрезден,Германия",
    "Europe/Paris": "Париж,Франция",
    "Europe/London": "Лондон,Англия,Великобритания",
    "Europe/Rome": "Рим,Милан,Италия",
    "Europe/Madrid": "Мадрид,Барселона,Испания",
    "Europe/Lisbon": "Лиссабон,Порту,Португалия",
    "Europe/Zurich": "Цюрих,Женева",
    "Europe/Belgrade": "Белград,Нови-Сад,Сербия",
    "Europe/Podgorica": "Подгорица,Будва,Черногория",
    "Asia/Nicosia": "Никосия,Лимассол,Лимасол,Ларнака,Пафос,Кипр",
    "Europe/Istanbul": "Стамбул,Анкара,Анталья,Турция",
    "Asia/Jerusalem": "Иерусалим,Тель-Авив,Хайфа,Израиль",
    "Asia/Dubai": "Дубай,Абу-Даби,ОАЭ",
    "Asia/Bangkok": "Бангкок,Пхукет,Паттайя,Таиланд,Тайланд",
    "Asia/Kolkata": "Дели,Мумбаи,Гоа,Индия",
    "Asia/Makassar": "Бали",
    "Asia/Shanghai": "Пекин,Шанхай,Китай",
    "Asia/Ho_Chi_Minh": "Хошимин,Ханой,Нячанг,Дананг,Вьетнам",
    "Africa/Cairo": "Каир,Хургада,Шарм-эль-Шейх,Египет",
    "Asia/Kathmandu": "Катманду,Непал",
    "America/Sao_Paulo": "Сан-Паулу,Рио-де-Жанейро,Бразилия",
    "Asia/Tokyo": "Токио,Япония",
    "Australia/Sydney": "Сидней,Австралия",
    "America/New_York": "Нью-Йорк,Вашингтон,Майами,Бостон",
    "America/Los_Angeles": "Лос-Анджелес,Сан-Франциско,Сиэтл",
    "America/Argentina/Buenos_Aires": "Буэнос-Айрес",
    "UTC": "Гринвич,Всемирное время",
}
_ENGLISH = {
    "munich": "Europe/Berlin",
    "cologne": "Europe/Berlin",
    "koln": "Europe/Berlin",
    "lyon": "Europe/Paris",
    "porto": "Europe/Lisbon",
    "krakow": "Europe/Warsaw",
    "gdansk": "Europe/Warsaw",
    "lviv": "Europe/Kyiv",
    "kharkiv": "Europe/Kyiv",
    "odesa": "Europe/Kyiv",
    "odessa": "Europe/Kyiv",
    "batumi": "Asia/Tbilisi",
    "novi sad": "Europe/Belgrade",
    "tirana": "Europe/Tirane",
    "basel": "Europe/Zurich",
    "bern": "Europe/Zurich",
    "lausanne": "Europe/Zurich",
    "glasgow": "Europe/London",
    "oxford": "Europe/London",
    "cambridge": "Europe/London",
    "haifa": "Asia/Jerusalem",
    "ankara": "Europe/Istanbul",
    "antalya": "Europe/Istanbul",
    "doha": "Asia/Qatar",
    "phuket": "Asia/Bangkok",
    "osaka": "Asia/Tokyo",
    "kyoto": "Asia/Tokyo",
    "cape town": "Africa/Johannesburg",
    "rio": "America/Sao_Paulo",
    "nyc": "America/New_York",
    "new york city": "America/New_York",
    "la": "America/Los_Angeles",
    "california": "America/Los_Angeles",
    "bengaluru": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "hyderabad": "Asia/Kolkata",
    "hamburg": "Europe/Berlin",
    "frankfurt": "Europe/Berlin",
    "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome",
    "geneva": "Europe/Zurich",
    "saint petersburg": "Europe/Moscow",
    "st petersburg": "Europe/Moscow",
    "tel aviv": "Asia/Jerusalem",
    "abu dhabi": "Asia/Dubai",
    "delhi": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "bali": "Asia/Makassar",
    "beijing": "Asia/Shanghai",
    "hanoi": "Asia/Ho_Chi_Minh",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "miami": "America/New_York",
    "atlanta": "America/New_York",
    "montreal": "America/Toronto",
    "ottawa": "America/Toronto",
    "houston": "America/Chicago",
    "dallas": "America/Chicago",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles",
    "rio de janeiro": "America/Sao_Paulo",
    "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland",
    "edinburgh": "Europe/London",
    "manchester": "Europe/London",
    "kiev": "Europe/Kyiv",
    "astana": "Asia/Almaty",
    "gmt": "UTC",
    "z": "UTC",
    "msk": "Europe/Moscow",
    "est": "America/New_York",  # the zone of that name knows no summer
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "bst": "Europe/London",
    "cest": "Europe/Berlin",
    "uk": "Europe/London",
    "england": "Europe/London",
    "ireland": "Europe/Dublin",
    "germany": "Europe/Berlin",
    "france": "Europe/Paris",
    "italy": "Europe/Rome",
    "spain": "Europe/Madrid",
    "netherlands": "Europe/Amsterdam",
    "sweden": "Europe/Stockholm",
    "finland": "Europe/Helsinki",
    "greece": "Europe/Athens",
    "serbia": "Europe/Belgrade",
    "ukraine": "Europe/Kyiv",
    "belarus": "Europe/Minsk",
    "georgia": "Asia/Tbilisi",
    "armenia": "Asia/Yerevan",
    "latvia": "Europe/Riga",
    "lithuania": "Europe/Vilnius",
    "estonia": "Europe/Tallinn",
    "cyprus": "Asia/Nicosia",
    "india": "Asia/Kolkata",
    "china": "Asia/Shanghai",
}
_HALVES = {  # offsets that are no whole hours have a zone each
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (8, 45): "Australia/Eucla",
    (9, 30): "Australia/Darwin",
    (-9, 30): "Pacific/Marquesas",
}
_OFFSET = re.compile(r"(?:utc|gmt|мск|msk)?\s*([+\-−–])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_AROUND = re.compile(
    r"^(?:(?:i am|i'm|i live|it is|я живу|живу|я)\s+)?(?:in|from|by|в|во|на|по|из)\s+|,.*$"
    r"|\s+(?:time|clock|времени|время)$",
    re.IGNORECASE | re.DOTALL,
)
_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_PLAIN = re.compile(r"[\s_\-.,]+")
_LONGEST = 64
_SHORTEST_STEM = 4
_EAST, _WEST = 14, 12
_CLOCKS_DIFFER, _QUARTER = timedelta(minutes=4), timedelta(minutes=15)


def zone(text: str) -> str | None:
    """The IANA name of the zone that the text names, or None."""
    if len(text) > _LONGEST:
        return None
    if match := _OFFSET.fullmatch(text.strip()):
        return _of_offset(match[1], int(match[2]), int(match[3] or 0), "мск" in text.lower() or "msk" in text.lower())
    name = _folded(_AROUND.sub("", text.strip()))
    return _named().get(name) or _declined().get(_roots(name))


def by_clock(shown: str, now: datetime, present: str) -> str | None:
    """The zone whose clock shows this (HH:MM) now, give or take some minutes: the `present` one where it does, or one
    by its difference, or None."""
    hours, minutes = map(int, shown.split(":"))
    ahead = timedelta(hours=hours, minutes=minutes) - _of_day(now.astimezone(UTC))
    shifts = [ahead + day for day in (timedelta(days=-1), timedelta(), timedelta(days=1))]
    if any(abs(shift - (local(now, present).utcoffset() or timedelta())) <= _CLOCKS_DIFFER for shift in shifts):
        return present
    for shift in shifts:
        quarters = round(shift / _QUARTER)
        if abs(shift - quarters * _QUARTER) <= _CLOCKS_DIFFER and -11 * 4 < quarters <= 13 * 4:
            return _of_offset("+" if quarters >= 0 else "-", abs(quarters) // 4, abs(quarters) % 4 * 15, moscow=False)
    return None


def _of_day(moment: datetime) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def label(name: str, language: str) -> str:
    """The zone as a person says it: Berlin, Москва, UTC+3."""
    if name.startswith("Etc/GMT") and name[7:].lstrip("+-").isdigit():
        hours = -int(name[7:])
        return f"UTC{hours:+d}" if hours else "UTC"
    if language == "ru" and name != "UTC" and (said := _RUSSIAN.get(name) or cities(language).get(name)):
        return said.partition(",")[0]
    return name.rpartition("/")[2].replace("_", " ")


def local(now: datetime, name: str) -> datetime:
    """The moment by the clock of a zone; by UTC where the name is none (a database of zones may shrink)."""
    return now.astimezone(tz(name))


def tz(name: str) -> ZoneInfo:
    return ZoneInfo(name) if name in _names() else ZoneInfo("UTC")


def first(language: str) -> str:
    """The zone of a reader who has not told one."""
    return FIRST.get(language, "UTC")


def _of_offset(sign: str, hours: int, minutes: int, moscow: bool) -> str | None:
    shift = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1) + timedelta(hours=3) * moscow
    whole, rest = divmod(abs(int(shift.total_seconds())) // 60, 60)
    if minutes > 59 or not -_WEST <= shift / timedelta(hours=1) <= _EAST:
        return None
    east = shift >= timedelta(0)
    if rest:
        return _HALVES.get((whole if east else -whole, rest))
    return f"Etc/GMT{'-' if east else '+'}{whole}" if whole else "UTC"  # POSIX signs: west is plus


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _named() -> dict[str, str]:
    named: dict[str, str] = {}
    for name in sorted(_names(), key=lambda each: (each.count("/") != 1, each)):  # Area/City before the old names
        if name in {"localtime", "posixrules", "Factory"}:
            continue
        named.setdefault(_folded(name), name)
        if "/" in name and not name.startswith(("Etc/", "SystemV/")):
            named.setdefault(_folded(name.rpartition("/")[2]), name)
    for name, city in cities("ru").items():
        if name in _names():
            named.setdefault(_folded(city), name)
    for name, words in _RUSSIAN.items():
        named.update({_folded(word): name for word in words.split(",")})
    return named | {_folded(word): name for word, name in _ENGLISH.items()}


@cache
def _declined() -> dict[str, str]:
    """Russian names as they stand behind "в" and "по", by their stems; short ones are those of other words, too."""
    named = {_roots(name): zone for name, zone in _named().items() if name[0] > "\u0400"}
    return {roots: zone for roots, zone in named.items() if len(roots) >= _SHORTEST_STEM}


def _roots(folded: str) -> str:
    return " ".join(map(stem, folded.split()))


def _folded(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.lower().replace("ё", "е")))
    return _PLAIN.sub(" ", unicodedata.normalize("NFC", plain)).strip()
