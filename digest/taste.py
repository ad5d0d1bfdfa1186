"""Pure: what a reader wants more and less of, and how much of it a story has.

Two kinds of wishes: words that the reader wrote, looked for in any form, and presses of "more like this" and "less like
this" below a digest, each remembered as what that story was about and fading with time.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain

from core.model import Keyword, StoryId, Taste
from core.words import LONGEST_WORD, stem, stems, written
from digest.text.function_words import FUNCTION_STEMS

TERMS = 8  # the commonest words of a story's beginnings: what it is about
LEAD = 300  # characters of a post that say what it is about
LOOKED_AT = 600  # characters of a post in which a wanted word is looked for
MANY = 40  # posts of a story, the first, that are asked
MENTIONED = 1 / 3  # share of a story's posts that have a wanted word
ABOUT = 0.5  # share of a story's posts that begin with an unwanted one
ALIKE = 0.375  # share of common terms from which a story is like another
FADES = timedelta(days=30)  # half of a press is left after these
LONGEST_PHRASE = 4  # words of a keyword
MOST_AT_ONCE = 50
SAYS_LITTLE = FUNCTION_STEMS | frozenset(  # how much, when and who said so: in news of all kinds
    stems(
        "per cent percent million billion thousand year day week month hour minute today yesterday tomorrow morning "
        "evening monday tuesday wednesday thursday friday saturday sunday said says told report reported "
        "процент процентов тысяч миллион миллиард год года лет день дня неделя месяц час часов минута сегодня вчера "
        "завтра утро вечер понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье сообщил "
        "сообщила сообщает заявил заявила рассказал рассказала который данные летний тыс млн млрд трлн"
    )
)
_WISH = re.compile(
    r"(?:([+\-−–—])\s{0,3})?(?:[\"«“]([^\"»”\n]{1,120})[\"»”]|([^\s,;\"«»“”+\-−–—][^\s,;\"«»“”]{0,119}))"
)

_CAPITALS = re.compile(r"(?<![\w.&])(?:[A-Z]\.?){2,5}(?![\w&])")


@dataclass(frozen=True, kw_only=True)  # without slots: what few readers ask for is made once, when asked for
class Gist:
    """What a story is about, by the texts of its posts: the stems of its `topic` (see `topic_stems`), and of each post
    those that it begins with (`leads`) and those in which a wanted word is looked for (`heads`), each with the names
    that are small words otherwise ("US")."""

    bodies: tuple[str, ...]

    @cached_property
    def topic(self) -> frozenset[str]:
        return topic_stems(self.bodies)

    @cached_property
    def leads(self) -> tuple[frozenset[str], ...]:
        return tuple(words_in(body[:LEAD]) for body in self.bodies[:MANY])

    @cached_property
    def heads(self) -> tuple[frozenset[str], ...]:
        return tuple(words_in(body[:LOOKED_AT]) for body in self.bodies[:MANY])


def read_keywords(text: str) -> tuple[Keyword, ...]:
    """The words of `+nuclear -football "world cup"`: wanted unless a minus stands before; what is no word, or one that
    every text has, is passed over, but for a name in capitals (US). Of words with the same stems the last counts."""
    found: dict[str, Keyword] = {}
    shouted = text.isupper() and any(" " in part.strip() for part in text.split(","))
    for sign, phrase, word in _WISH.findall(text[:2000]):
        wish = phrase or word
        said = " ".join(written(wish)[:LONGEST_PHRASE])[: 2 * LONGEST_WORD]
        key = " ".join(stems(said))
        if (sign or not shouted) and _CAPITALS.fullmatch(wish) and (name := next(_small_names(wish), "")):
            key = said = name
        if not FUNCTION_STEMS.issuperset(key.split()) and len(found) < MOST_AT_ONCE:
            found[key] = Keyword(key=key, word=said, wanted=sign in ("", "+"))
    return tuple(found.values())


def words_in(text: str) -> frozenset[str]:
    """What a wanted word is looked for among: the stems of a text, and the names that are small words otherwise. Of a
    line in capitals nobody can tell."""
    lines = (line for line in text.split("\n") if sum(map(str.islower, line)) > sum(map(str.isupper, line)))
    return frozenset(chain(stems(text), *map(_small_names, lines)))


def roots_of(word: str) -> frozenset[str]:
    """What stands in a text that has this wanted word."""
    return frozenset(_small_names(word) if _CAPITALS.fullmatch(word) else ()) or frozenset(stems(word))


def _small_names(text: str) -> Iterator[str]:
    """Names in capitals that are small words when they are written small: US, which is U.S. as well, IT, WHO."""
    for name in _CAPITALS.findall(text):
        name = name.replace(".", "")
        if FUNCTION_STEMS.issuperset(stems(name)):
            yield name


def topic_stems(bodies: Sequence[str]) -> frozenset[str]:
    """The stems that most of a story's posts begin with."""
    counted = Counter(chain.from_iterable(set(stems(body[:LEAD])) - SAYS_LITTLE for body in bodies))
    words = [root for root in counted if len(root) > 1]  # no "m" of "27 m/s"
    return frozenset(sorted(words, key=lambda root: (-counted[root], root))[:TERMS])


def about(bodies: Sequence[str]) -> dict[str, str]:
    """The same with the form of each that is written most often, the commonest first; numbers say nothing here."""
    counted: dict[str, Counter[str]] = {}
    for body in bodies:
        for form in dict.fromkeys(written(body[:LEAD])):
            counted.setdefault(stem(form), Counter())[form] += 1
    common = sorted(topic_stems(bodies), key=lambda root: (-counted[root].total(), root))
    return {root: counted[root].most_common(1)[0][0] for root in common if not root[0].isdigit()}


def unwanted(taste: Taste, gist: Gist) -> bool:
    """Whether a story is about something that the reader never wants."""
    never = [set(each.key.split()) for each in taste.keywords if not each.wanted]
    return bool(never) and any(_share(roots, gist.leads) >= ABOUT for roots in never)


def wanted_words(taste: Taste, gist: Gist) -> tuple[str, ...]:
    """The reader's words that a story has, as they wrote them."""
    return tuple(
        each.word for each in taste.keywords if each.wanted and _share(set(each.key.split()), gist.heads) >= MENTIONED
    )


class Concerned:
    """Finds the stories that a taste may concern by their words, so that the others need not be looked at."""

    def __init__(self, gists: Mapping[StoryId, Gist]) -> None:
        self._gists = gists

    def by(self, taste: Taste) -> frozenset[StoryId]:
        """At least the stories that have a wanted or unwanted word of the taste, or are like what it likes or not."""
        found: set[StoryId] = set()
        for keyword in taste.keywords:
            found.update(*(self._by_head.get(root, ()) for root in keyword.key.split()[:1]))
        for liked in taste.likings:
            found.update(*(self._by_topic.get(root, ()) for root, _ in liked.terms))
        return frozenset(found)

    @cached_property
    def _by_head(self) -> Mapping[str, Sequence[StoryId]]:
        heads = {key: frozenset(chain.from_iterable(gist.heads)) for key, gist in self._gists.items()}
        return _by_word(heads)

    @cached_property
    def _by_topic(self) -> Mapping[str, Sequence[StoryId]]:
        return _by_word({key: gist.topic for key, gist in self._gists.items()})


def _by_word(stories: Mapping[StoryId, frozenset[str]]) -> Mapping[str, Sequence[StoryId]]:
    found: defaultdict[str, list[StoryId]] = defaultdict(list)
    for story, words in stories.items():
        for word in words:
            found[word].append(story)
    return found


def liking(taste: Taste, terms: frozenset[str], now: datetime) -> float:
    """How much a story about these terms is what the reader wanted more of (up to 1) or less of (down to -1)."""
    total = 0.0
    for each in taste.likings:
        known = {root for root, _ in each.terms}
        alike = len(known & terms) / max(min(len(known), len(terms)), 1)
        if alike >= ALIKE:
            age = max(now - each.given_at, timedelta())
            total += (1 if each.more else -1) * alike * 0.5 ** (age / FADES)
    return max(-1.0, min(total, 1.0))


def _share(roots: set[str], posts: Sequence[frozenset[str]]) -> float:
    return sum(roots <= post for post in posts) / len(posts) if posts else 0.0


def words_of(terms: Mapping[str, str] | Sequence[tuple[str, str]], most: int = 4) -> str:
    """What a story was about, in words for people."""
    return ", ".join(list(dict(terms).values())[:most])
