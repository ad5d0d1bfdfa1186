"""Pure: whom the posts of a story name as their source: newspapers and agencies."""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.model import Post
from digest.model import Credit
from digest.summaries.claims import sentences_of

MOST_CREDITS = 4

# Who news is taken from: how it is shown, and how it is written.
_OUTLETS: Mapping[str, str] = {
    "Reuters": r"Reuters|Рейтер\w*",
    "Bloomberg": r"Bloomberg|Блумберг\w*",
    "Associated Press": r"Associated Press|AP",
    "AFP": r"AFP|Agence France-Presse",
    "BBC": r"BBC|Би-би-си",
    "CNN": r"CNN",
    "Financial Times": r"Financial Times|FT",
    "New York Times": r"New York Times|NYT",
    "Wall Street Journal": r"Wall Street Journal|WSJ",
    "Washington Post": r"Washington Post|WP",
    "The Guardian": r"Guardian(?! Council)",
    "The Times": r"The Times(?! of)",
    "The Telegraph": r"(?:The |Daily )Telegraph",
    "The Economist": r"Economist(?! [A-Z])",
    "Politico": r"Politico",
    "Axios": r"Axios",
    "NBC News": r"NBC(?: News)?",
    "CBS News": r"CBS(?: News)?",
    "Fox News": r"Fox News",
    "Sky News": r"Sky News",
    "Al Jazeera": r"Al[- ]Jazeera|Аль-Джазир\w*",
    "Der Spiegel": r"Spiegel",
    "Bild": r"Bild",
    "Le Monde": r"Le Monde",
    "Forbes": r"Forbes",
    "The Kyiv Independent": r"Kyiv Independent",
    "РИА Новости": r"РИА Новости|РИА|RIA Novosti",
    "ТАСС": r"ТАСС|TASS",
    "Интерфакс": r"Интерфакс\w{0,2}|Interfax",
    "РБК": r"РБК",
    "Коммерсантъ": r"Коммерсант\w{0,2}|Ъ|Kommersant",
    "Ведомости": r"Ведомост(?:и|ей|ям)",
    "Известия": r"Извести(?:я|й|ям)",
    "Медуза": r"Медуз[аыеу]|Meduza",
    "Baza": r"Baza|База",
    "Mash": r"Mash",
    "SHOT": r"(?<![A-Z]{2} )SHOT",
    "Синьхуа": r"Синьхуа|Xinhua",
    "Anadolu": r"Anadolu|Анадолу",
}
_OUTLET = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<o{at}>{form})" for at, form in enumerate(_OUTLETS.values())) + r")(?![\w-])"
)
_NAMES = tuple(_OUTLETS)
_WORDS = frozenset({"Baza", "Медуза", "Известия", "Ведомости"})  # also a base, jellyfish, tidings, lists
_CITES = re.compile(
    r"сообща(?:ет|ют)|сообщил|переда[её]т|пишет|пишут|по данным|со ссылкой|по информации|по сведениям|отмеча(?:ет|ют)|"
    r"рассказал\w{0,2} |выяснил|узнал|источник|заявил\w{0,2} в (?:интервью|беседе)|according to|report(?:s|ed)?\b|"
    r"writes|wrote|notes|noted|citing|told |quot(?:es|ed)|says|said",
    re.IGNORECASE,
)


def credits_of(posts: Sequence[Post], places: Sequence[int]) -> tuple[Credit, ...]:
    """Whom the posts name as their source (a newspaper, an agency), with the posts that do; not a channel itself."""
    found: dict[str, list[int]] = {}
    for place in places:
        for text in sentences_of(posts[place]):
            for name in _credited(text) if _CITES.search(text) else ():
                if name.casefold() not in posts[place].channel_title.casefold() and place not in found.get(name, ()):
                    found.setdefault(name, []).append(place)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[1][0]))
    return tuple(Credit(name=name, sources=tuple(named)) for name, named in ordered[:MOST_CREDITS])


def _credited(text: str) -> Iterator[str]:
    for match in _OUTLET.finditer(text):
        name = _NAMES[int((match.lastgroup or "o0")[1:])]
        if name not in _WORDS or match.start() or _CITES.match(text, match.end() + 1):
            yield name
