"""The words that readers see, in their language: Fluent messages, plurals and all, and dates by Babel.

Every `core/locales/<language>/*.ftl` is one resource; a message missing in a language falls back to English.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_datetime
from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("en", "ru")
DEFAULT_LANGUAGE = "en"
_YEAR_IN_DAYS = 300  # from which distance a day is told with its year
_REMEMBERED = 4096  # messages, and moments, of one language: digests of one hour say most of them alike
_DIVIDES = ".!?…:;,"  # what in a name would divide the sentence that it stands in


class Texts:
    """The words of one language. Calling it gives a message: `texts("stories", count=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        chain = dict.fromkeys((language, DEFAULT_LANGUAGE))
        self._bundles = [_bundle(each) for each in chain]
        self._message = lru_cache(_REMEMBERED, typed=True)(self._made)
        self._format = lru_cache(_REMEMBERED)(self._formatted)

    def __call__(self, key: str, **values: str | int | float) -> str:
        """The message `key` with `values` in it. KeyError for a key that no language has, ValueError for values that do
        not fit the message: both are mistakes of ours."""
        return self._message(key, **values)

    def _made(self, key: str, **values: str | int | float) -> str:
        for bundle in self._bundles:
            if bundle.has_message(key) and (pattern := bundle.get_message(key).value):
                text, errors = bundle.format_pattern(pattern, values)
                if errors:
                    raise ValueError(f"{key}: {errors[0]}")
                return str(text)
        raise KeyError(key)

    def day(self, moment: datetime, zone: tzinfo, *, seen: datetime | None = None) -> str:
        """ "Tuesday, 18 February"; with its year where that lies far from the moment it is `seen`."""
        far = seen is not None and abs((seen - moment).days) > _YEAR_IN_DAYS
        pattern = ("EEEE, d MMMM y 'г'." if self.language == "ru" else "EEEE, d MMMM y") if far else "EEEE, d MMMM"
        return self._format(moment, pattern, zone)

    def date(self, moment: datetime, zone: tzinfo) -> str:
        """ "18 February 2025" """
        return self._format(moment, "d MMMM y", zone)

    def short_day(self, moment: datetime, zone: tzinfo) -> str:
        """ "18 Feb"; in Russian the month in full, for its short form ends with a full stop, and the day may end a
        sentence."""
        return self._format(moment, "d MMMM" if self.language == "ru" else "d MMM", zone)

    def clock(self, moment: datetime, zone: tzinfo) -> str:
        """ "09:05", by the clock of the zone, of 24 hours."""
        return self._format(moment, "HH:mm", zone)

    def join(self, items: tuple[str, ...] | list[str]) -> str:
        """ "a, b and c" """
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"

    def named(self, name: str) -> str:
        """A name in a sentence, in quotation marks where it would divide the sentence."""
        return self("name-quoted", name=name) if any(sign in name for sign in _DIVIDES) else name

    def _formatted(self, moment: datetime, pattern: str, zone: tzinfo) -> str:
        return format_datetime(moment.astimezone(zone), pattern, locale=self.language)


def best_language(wanted: str | None) -> str:
    """The language of ours for a code such as "ru-RU"; Russian for its neighbours, else English."""
    code = (wanted or "").lower().replace("_", "-").split("-")[0]
    return code if code in LANGUAGES else _NEIGHBOURS.get(code, DEFAULT_LANGUAGE)


@cache
def texts(language: str) -> Texts:
    """The words of the language that fits best; read once a language."""
    fitting = best_language(language)
    return Texts(fitting) if fitting == language else texts(fitting)


@cache
def cities(language: str) -> Mapping[str, str]:
    """The city after which each time zone is named, in this language, by the zone's IANA name."""
    zones = Locale(language).time_zones
    return {zone: names["city"] for zone, names in zones.items() if "city" in names}


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    folder = files("core") / "locales" / language
    for resource in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if resource.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(resource.read_text(encoding="utf-8")))
    return bundle


_NEIGHBOURS: Mapping[str, str] = {"be": "ru", "kk": "ru", "ky": "ru", "tg": "ru", "uz": "ru"}
