"""Pure: who is who in a sentence: titles, who speaks, and who does it to whom.

A title ("governor") must stand in the texts in either language, or a word that means it, and near the one who bears it.
Who is quoted must be heard there: the name stands near a word of saying, a quotation or the dash or colon that brings
one; and where the words said are a sentence of the texts, there. And a sentence of a text with its names, or its
numbers, exchanged is not what the text says.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from core.words import stem, written
from digest.text.echoes import repeats
from digest.text.evidence import spelling
from digest.text.function_words import FUNCTION_STEMS, content_stems
from digest.text.naming import Names, names_in
from digest.text.numbers import numbers_and_words
from digest.text.sentences import split_sentences

_ORDERED = frozenset("of to из до".split())  # between two numbers: another order says something else
_ACCENT = re.compile(r"(?<=[a-zA-Z])[\u0300-\u036f]+")
FEWEST_WORDS = 4  # of a part of a sentence that tells something by itself
SAME_WORDS = 0.85  # likeness of two sentences without their names from which they are one sentence
# A title, and what else may mean it: in Russian and English, as beginnings of words.
_TITLES = tuple(
    (re.compile(rf"(?<!\w)(?:{said})", re.IGNORECASE), re.compile(rf"(?<!\w)(?:{said}|{means})", re.IGNORECASE))
    for said, means in (
        (
            r"вице-?президент|vice[- ]president",
            r"заместител\w+ президента|deputy president",
        ),
        (
            r"(?<!вице-)(?<!вице)(?<!vice )(?<!vice-)президент(?!ск)|(?<!vice )(?<!vice-)president(?!ial)",
            (
                r"президент|presiden|prasident|глав\w+ государства|head of state|лидер|(?<!team )leader|кремл"
                r"|kremlin|белый дом|white house|potus"
            ),
        ),
        (
            r"премьер(?!-?лиг)|prime minister",
            (
                r"глав\w+ (?:правительства|кабинета)|head of government|premier(?! league)|taoiseach|канцлер"
                r"|chancellor|кабмин"
            ),
        ),
        (
            r"губернатор|governor",
            r"глав\w+ (?:региона|области|края)|head of the region|врио|gouverneur|gobernador",
        ),
        (
            r"мэр(?!и)|mayor",
            r"градоначальник|глав\w+ (?:города|администрации)|мэри|мер\w{0,2}\b|burgermeister|maire\b|alcalde",
        ),
        (
            r"пос(?:ол|лы|ла|лу|лом|лов|лам)\b|ambassador",
            r"посольств|диппредстав|embassy|envoy|дипломат|diplomat|botschaft|ambassad|embajad",
        ),
        (
            r"канцлер|chancellor",
            r"глав\w+ правительства|премьер|prime minister",
        ),
        (
            r"генерал(?!ьн)|general(?=\s[A-Z])",
            r"general|генерал|командующ|commander|полководец",
        ),
        (
            r"полковник|colonel",
            r"полковник|colonel",
        ),
        (
            r"депутат|lawmaker",
            (
                r"парламент|parliament|\bmps?\b|deput|дум[аеыу]\b|рад[аеыу]\b|congress|сенатор|senator|legislat"
                r"|законодател"
            ),
        ),
        (
            r"сенатор|senator",
            r"сенат|senate|совет\w* федерации|совфед",
        ),
        (
            r"прокурор|prosecutor",
            r"прокуратур|attorney|prosecut|обвинени",
        ),
        (
            r"(?<!премьер-)министр|(?<!prime )minister(?!ial)",
            (
                r"минист|minister|ministry|мин(?:фин|обо?р|здрав|юст|эк|энерго|пром|прос|прир|транс|цифр|труд|сельхоз"
                r"|культ|спорт|строй)|мид\b|мвд\b|мчс\b|пентагон|pentagon|госсекретар|secretar|ведомств"
            ),
        ),
        (
            r"гендиректор|генеральн\w+ директор|chief executive|\bCEO\b",
            r"директор|director|глав[аыуе]|head|руковод|boss|chief|президент|председател|chair",
        ),
        (
            r"капитан|captain",
            r"капитан|captain|skipper|команд|master",
        ),
        (
            r"владел(?:ец|ьц)|owner\b",
            r"владел|собственник|хозя|own|принадлеж|belong",
        ),
        (
            r"адвокат|lawyer",
            r"адвокат|защит|юрист|lawyer|attorney|counsel|defen[cd]",
        ),
        (
            r"король|корол[яюе]м?\b|king\b",
            r"монарх|monarch|royal|королев",
        ),
        (
            r"королев(?!ск|ств)|queen\b",
            r"монарх|monarch|royal",
        ),
        (
            r"тренер|coach\b",
            r"наставник|manager",
        ),
        (
            r"священник|priest\b",
            r"отец|father|иере|архи|pastor|епископ",
        ),
        (
            r"спикер|speaker",
            r"председател|chair",
        ),
    )
)
_SPEECH_WORDS = r"""сказа|заяв|сообщ|рассказ|подчеркн|отмет|добав|ответ|пояс|объясн|написа|пишет|призва|предупр|пообещ
    |обещ|счита|утвержда|уточн|призна|напомн|назва|указа|комментир|слова|мнени|интервью|говор|обвин|предлож|потребова|спрос
    |воскликн|подтверд|опроверг|отрица|высказ|выраз|поблагодар|поздрав|обрат|объяви|намекн|анонсир|допусти|исключи
    |согласи|said|say|told|tell|announc|add|warn|promis|call|writ|wrote|note|claim|declar|stat|explain|argu|ask|answer
    |repl|admit|confirm|den[iy]|remark|accord|quot|interview|insist|urg|accus|suggest|stress|comment|speech|report|thank
    |sagt|erklar|teilte|mitgeteilt|annonc|dit\b|dijo|anunci|afirm|indiqu|повідом|сказав|заявив|зазнач|розпов|наголос
    |expect|think|believ|want|hope|describ|tweet|post|estimat"""
_SPEECH = re.compile(r"(?:" + "".join(_SPEECH_WORDS.split()) + r")", re.IGNORECASE)
_PIECE = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*|[:«»“”\"„]|[—–](?=\s)")
_SIGNS = frozenset(':«»“”"„—–')
_BY_WORD, _BY_SIGN = 7, 3  # words between a name and what shows that it speaks
_SO = re.compile(  # how a sentence goes on with what the one before it says
    r"\W*(?:об этом|так(?:ое|ую|ие|ой)?|эт[оиуа]т?|соответствующ\w+|он[аио]?|его|е[её]|их|this|that|these|such|it|he"
    r"|she|they|his|her|its|their)\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"[«“„\"]([^\s«»“”„\"]+(?:\s[^\s«»“”„\"]+){0,2})[»”\"]")
_HE = re.compile(r"\W*(?:он|она|они|he|she|they)\b", re.IGNORECASE)
_REPEATED = 0.5  # share of a claim's words that a sentence has which says it
_NEXT_BEST = 0.15  # by which another sentence may have fewer and be meant all the same
_NAME = r"((?:[A-ZА-ЯЁ][\w’'-]+\s){0,3}[A-ZА-ЯЁ][\w’'-]+)"
_BEARER = re.compile(r"[\w-]+\s((?:[A-ZА-ЯЁ][\w’'-]+\s?){1,4})")
_TITLED = re.compile(r"[\w-]*(?:\s[a-zа-яё-]+){0,2}\s[A-ZА-ЯЁ][\w’'-]")  # the rest of a title, and its bearer
_SAYS = re.compile(
    rf"(?:[Пп]о словам|[Кк]ак (?:заявил|сообщил|сказал|рассказал)[аи]?|(?:заявил|сообщил|сказал|рассказал|отметил"
    rf"|подчеркнул|добавил|пояснил|уточнил|предупредил)[аи]?|[Aa]ccording to|\bsa(?:id|ys)|\btold reporters,?)\s{_NAME}"
    rf"|{_NAME}\s(?:заявил|сообщил|сказал|рассказал|отметил|подчеркнул|добавил|пояснил|уточнил|предупредил)[аи]?\b"
    rf"|{_NAME}\s(?:said|says|told|announced|added|warned|stated|claimed)\b"
)


_WORD_REST = re.compile(r"\0[\w-]*")
_BESIDE = 4  # words between a title and its bearer


class Roles:
    """What some texts say of who is who; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(map(_plain, texts))
        self._whole = "\n".join(self._texts)

    def lack_title(self, sentence: str) -> bool:
        """Whether the sentence gives somebody a title that is not here, or is another one's."""
        for said, means in _TITLES:
            given = said.search(sentence)
            if given is None:
                continue
            if not (means.search(self._whole) and self._bears(means, sentence[given.start() :])):
                return True
            if self._adds_title(said, means, sentence, sentence[given.start() :]):
                return True
        return False

    def _adds_title(self, said: re.Pattern[str], means: re.Pattern[str], sentence: str, rest: str) -> bool:
        """Whether the sentence is one of these texts' with a title more, which stands beside none of the names that
        follow it in the `rest`."""
        bearer = _BEARER.match(rest)
        words = content_stems(_WORD_REST.sub("", said.sub("\0", sentence)))
        same = [each for text in self._sentences for each in text if repeats(words, each.words)]
        if bearer is None or not same or any(said.search(each.text) for each in same):
            return False
        sounds = _sounds(written(bearer[1]))
        return not any(
            not sounds.isdisjoint(_beside(means, each.text))
            for text in self._sentences
            for each in text
            if not sounds.isdisjoint(each.sounds)
        )

    def _bears(self, means: re.Pattern[str], rest: str) -> bool:
        """Whether the title stands near one of the names that follow it in the rest of a sentence, or none follows."""
        bearer = _BEARER.match(rest)
        sounds = _sounds(written(bearer[1])) if bearer else frozenset[str]()
        near = [
            " ".join(each.text for each in text[max(0, place - 1) : place + 2])
            for text in self._sentences
            for place, sentence in enumerate(text)
            if sounds & sentence.sounds
        ]
        return not near or (any(map(means.search, near)) and not self._is_others(means, sounds))

    def _is_others(self, means: re.Pattern[str], sounds: frozenset[str]) -> bool:
        """Whether the title stands before a name wherever it stands, and beside none of these."""
        texts = [each.text for text in self._sentences for each in text if means.search(each.text)]
        named = all(_TITLED.match(text, match.end()) for text in texts for match in means.finditer(text))
        return named and all(sounds.isdisjoint(_beside(means, text)) for text in texts)

    def lack_speaker(self, sentence: str) -> bool:
        """Whether the sentence lets somebody speak whom nobody has heard here. One who is not named here at all is no
        matter of this."""
        for match in _SAYS.finditer(sentence):
            speaker = next(filter(None, match.groups()))
            last = written(speaker)[-1:]
            if last and self._mentions(last[0]) and not self._hears(last[0], sentence):
                return True
        return False

    def exchange(self, sentence: str) -> bool:
        """Whether the sentence is one of these texts' with its names in other places, or another in one's place."""
        order, rest = _masked(_plain(sentence))
        if not order:
            return False
        alike = False
        for theirs, words, own in self._masked:
            if len(theirs) != len(order) or len(words) > 3 * len(rest):
                continue
            if sorted(theirs) == sorted(order) and len(set(order)) < 2:
                continue
            if SequenceMatcher(None, rest, words, autojunk=False).ratio() < SAME_WORDS:
                continue
            if theirs == order or (sorted(theirs) != sorted(order) and _are_forms(sentence, own)):
                return False
            alike = True
        return alike

    def exchange_numbers(self, sentence: str) -> bool:
        """Whether the sentence is one of these texts' with its numbers in each other's places: one counts there what
        another counts here."""
        own = _numbered(_plain(sentence))
        if len(set(own.order)) < 2:
            return False
        alike = False
        for other in self._numbered:
            if sorted(other.order) != sorted(own.order) or len(other.rest) > 3 * len(own.rest):
                continue
            if SequenceMatcher(None, own.rest, other.rest, autojunk=False).ratio() < SAME_WORDS:
                continue
            if not own.exchanges(other):
                return False
            alike = True
        return alike

    def _mentions(self, name: str) -> bool:
        sound = spelling(stem(name))
        return any(sound in each.sounds for text in self._sentences for each in text)

    def _hears(self, name: str, said: str) -> bool:
        """Whether the name speaks here, and says this where this is said."""
        sound = spelling(stem(name))
        if not any(sound in each.speakers for text in self._sentences for each in text):
            return False
        words = content_stems(said) - {stem(name)}
        shares = [[len(words & each.words) / max(len(words), 1) for each in text] for text in self._sentences]
        best = max((share for text in shares for share in text), default=0.0)
        if best < _REPEATED:
            return True
        return any(
            share >= best - _NEXT_BEST and sound in _in_charge(text, place)
            for text, found in zip(self._sentences, shares, strict=True)
            for place, share in enumerate(found)
        )

    @cached_property
    def _sentences(self) -> list[list["_Sentence"]]:
        return [_read(text) for text in self._texts]

    @cached_property
    def _masked(self) -> list[tuple[list[str], list[str], str]]:
        return [(*_masked(part), part) for part in self._parts]

    @cached_property
    def _numbered(self) -> list["_Numbered"]:
        return [each for each in map(_numbered, self._parts) if len(each.order) > 1]

    @cached_property
    def _parts(self) -> list[str]:
        return [part for text in self._texts for sentence in split_sentences(text) for part in _wholes(sentence)]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The numbers of a sentence in their order; its other words, each number as a gap; what each number counts, the
    next word that says something; and which stand before which in "2 of 14", "from 2 to 14"."""

    order: tuple[str, ...]
    rest: tuple[str, ...]
    counted: frozenset[tuple[str, str]]
    paired: frozenset[tuple[str, str]]

    def exchanges(self, other: "_Numbered") -> bool:
        """Whether a number has here what belongs to another one there, or, in the same words, its place."""
        if self.rest == other.rest:
            return self.order != other.order
        theirs: dict[str, set[str]] = {}
        for number, word in other.counted:
            theirs.setdefault(word, set()).add(number)
        if any(number not in theirs.get(word, {number}) for number, word in self.counted):
            return True
        return any((after, before) in other.paired for before, after in self.paired - other.paired)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a text: its content words, how all its words sound, and those (names among them) that speak."""

    text: str
    words: frozenset[str]
    sounds: frozenset[str]
    speakers: frozenset[str]


def _read(text: str) -> list[_Sentence]:
    own = split_sentences(text)
    found: list[_Sentence] = []
    for one, following in zip(own, [*own[1:], ""], strict=True):
        speakers = _speakers(one)
        if _HE.match(following) and _SPEECH.search(following):
            speakers |= _sounds(names_in(one))
        found.append(_Sentence(one, content_stems(one), _sounds(written(one)), speakers))
    return found


def _speakers(sentence: str) -> frozenset[str]:
    """How the capitalised words near a word or sign of speech sound; a short quotation is a name or a phrase."""
    pieces = _PIECE.findall(_PHRASE.sub(r" \1 ", sentence))
    near: set[str] = set()
    for place, piece in enumerate(pieces):
        reach = _BY_SIGN if piece in _SIGNS else _BY_WORD if _SPEECH.match(piece) else None
        if reach:
            near.update(each for each in pieces[max(0, place - reach) : place + reach + 1] if each[0].isupper())
    return _sounds(word for each in near for word in written(each))


def _in_charge(text: Sequence[_Sentence], place: int) -> frozenset[str]:
    """Who speaks in a sentence: there, in the next that goes on with it, or the last who spoke before."""
    before = next((each.speakers for each in reversed(text[: place + 1]) if each.speakers), frozenset[str]())
    return before.union(*(each.speakers for each in text[place + 1 : place + 2] if _SO.match(each.text)))


def _sounds(words: Iterable[str]) -> frozenset[str]:
    return frozenset(spelling(stem(word)) for word in words)


def _are_forms(sentence: str, own: str) -> bool:
    """Whether the names of the sentence that the other lacks are those that it lacks itself, in another form."""
    ours, theirs = names_in(sentence), written(own)
    roots, known = set(map(stem, ours)), set(map(stem, theirs))
    gone = Names(word for word in theirs if word[0].isupper() and stem(word) not in roots)
    return all(gone.hold(name) for name in ours if stem(name) not in known)


def _beside(title: re.Pattern[str], sentence: str) -> frozenset[str]:
    """How the words beside a title in a sentence sound."""
    near: list[str] = []
    for match in title.finditer(sentence):
        near += written(sentence[: match.start()])[-_BESIDE:]
        near += written(sentence[match.end() :])[: _BESIDE + 1]
    return _sounds(near)


def _plain(text: str) -> str:
    """The text without accents; "й" is a letter."""
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", text)))


def _wholes(sentence: str) -> list[str]:
    """The sentence, and what of it stands between commas: each may be said by itself."""
    parts = sentence.split(", ") if ", " in sentence else []
    return [sentence, *(part for part in parts if len(part.split()) >= FEWEST_WORDS)]


def _masked(sentence: str) -> tuple[list[str], list[str]]:
    """The names of a sentence in their order, and its other words, each name as a gap."""
    named = {stem(name) for name in names_in(sentence)}
    roots = [stem(word) for word in written(sentence)]
    order: Sequence[str] = [root for root in roots if root in named]
    return list(order), ["" if root in named else root for root in roots]


def _numbered(sentence: str) -> _Numbered:
    said = [*numbers_and_words(sentence.casefold().replace("ё", "е"))]
    pieces = [("" if number is None else str(number.normalize()), stem(word) if word else "") for number, word in said]
    counted, paired = set(), set()
    word, after, between = "", "", ""
    for number, root in reversed(pieces):
        if number:
            counted |= {(number, word)} if word else set()
            paired |= {(number, after)} if after and between in _ORDERED else set()
            after, between = number, ""
        elif root in FUNCTION_STEMS:
            between = root
        else:
            word, after = root, ""
    order = tuple(number for number, _ in pieces if number)
    return _Numbered(order, tuple(root for _, root in pieces), frozenset(counted), frozenset(paired))
