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
    "ru": tuple(
        """Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Novosibirsk Asia/Krasnoyarsk
        Asia/Irkutsk Asia/Vladivostok Europe/Minsk Asia/Almaty Asia/Tbilisi Europe/Berlin""".split()
    ),
    "en": tuple(
        """Europe/London Europe/Berlin Europe/Moscow Asia/Dubai Asia/Kolkata Asia/Singapore Asia/Tokyo
        Australia/Sydney America/New_York America/Chicago America/Los_Angeles UTC""".split()
    ),
}
FIRST = {"ru": "Europe/Moscow"}  # the zone of a new reader, by language; UTC for others

# What people write that is not the city after which the zone is named; the first name of the Russian ones is shown.
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
    "Europe/Berlin": "munich,cologne,koln,hamburg,frankfurt,cest,germany",
    "Europe/Paris": "lyon,france",
    "Europe/Lisbon": "porto",
    "Europe/Warsaw": "krakow,gdansk",
    "Europe/Kyiv": "lviv,kharkiv,odesa,odessa,kiev,ukraine",
    "Asia/Tbilisi": "batumi,georgia",
    "Europe/Belgrade": "novi sad,serbia",
    "Europe/Tirane": "tirana",
    "Europe/Zurich": "basel,bern,lausanne,geneva",
    "Europe/London": "glasgow,oxford,cambridge,edinburgh,manchester,bst,uk,england",
    "Asia/Jerusalem": "haifa,tel aviv",
    "Europe/Istanbul": "ankara,antalya",
    "Asia/Qatar": "doha",
    "Asia/Bangkok": "phuket",
    "Asia/Tokyo": "osaka,kyoto",
    "Africa/Johannesburg": "cape town",
    "America/Sao_Paulo": "rio,rio de janeiro",
    "America/New_York": "nyc,new york city,washington,boston,miami,atlanta,est,edt",  # EST by itself knows no summer
    "America/Los_Angeles": "la,california,san francisco,seattle,las vegas,pst,pdt",
    "Asia/Kolkata": "bengaluru,chennai,hyderabad,delhi,new delhi,mumbai,bangalore,india",
    "Europe/Madrid": "barcelona,spain",
    "Europe/Rome": "milan,italy",
    "Europe/Moscow": "saint petersburg,st petersburg,msk",
    "Asia/Dubai": "abu dhabi",
    "Asia/Makassar": "bali",
    "Asia/Shanghai": "beijing,china",
    "Asia/Ho_Chi_Minh": "hanoi",
    "America/Toronto": "montreal,ottawa",
    "America/Chicago": "houston,dallas,cst,cdt",
    "Australia/Sydney": "canberra",
    "Pacific/Auckland": "wellington",
    "Asia/Almaty": "astana",
    "UTC": "gmt,z",
    "America/Denver": "mst",
    "Europe/Dublin": "ireland",
    "Europe/Amsterdam": "netherlands",
    "Europe/Stockholm": "sweden",
    "Europe/Helsinki": "finland",
    "Europe/Athens": "greece",
    "Europe/Minsk": "belarus",
    "Asia/Yerevan": "armenia",
    "Europe/Riga": "latvia",
    "Europe/Vilnius": "lithuania",
    "Europe/Tallinn": "estonia",
    "Asia/Nicosia": "cyprus",
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
    r"^(?:(?:i am|i['’]m|i live|it is|я живу|живу|я)\s+)?(?:in|from|by|в|во|на|по|из)\s+|,.*$"
    r"|\s+(?:time|clock|времени|время)$",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+|['’]")  # in a name: one is written with them and without
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
    for name, words in (*_RUSSIAN.items(), *_ENGLISH.items()):
        named.update({_folded(word): name for word in words.split(",")})
    return named


@cache
def _declined() -> dict[str, str]:
    """Russian names as they stand behind "в" and "по", by their stems; short ones are those of other words, too."""
    named = {_roots(name): zone for name, zone in _named().items() if name[0] > "\u0400"}
    return {roots: zone for roots, zone in named.items() if len(roots) >= _SHORTEST_STEM}


def _roots(folded: str) -> str:
    return " ".join(map(stem, folded.split()))


def _folded(text: str) -> str:
    plain = _SIGNS.sub("", unicodedata.normalize("NFD", text.lower().replace("ё", "е")))
    return _PLAIN.sub(" ", unicodedata.normalize("NFC", plain)).strip()
