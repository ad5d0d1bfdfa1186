"""Summaries whose every sentence names the texts it rests on.

`summarize` needs no model. A word or a pair of words is worth b*exp(-first/tau) + a*ln(sentences that
hold it)/ln(1 + all sentences), so what comes early and what is repeated counts; of the sentences that can stand alone
the set is taken whose expected F1 against an imaginary reference is greatest. Repetition and length cost by themselves.
The figures are in docs/benchmarks.md, the command that makes them is `python -m benchmarks.summaries`.
"""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from digest.evenly import evenly
from digest.model import CitedSentence
from digest.summaries.repetition import adds
from digest.summaries.voices import Gram, Sentence, Text, one_text_a_voice
from digest.text.denial import negations
from digest.text.function_words import FUNCTION_STEMS
from digest.text.scripts import in_cyrillic
from digest.text.tidy import FEWEST_SPOKEN, LONGEST_TEXT, shorten, spoken, stands_alone

REPEAT, EARLY, TAU = 0.51, 0.10, 12.0  # a, b and tau of the formula, for single words
PAIR_REPEAT, PAIR_EARLY = 0.5, 0.333  # the same for pairs, as shares of the above
PAIR_WEIGHT = 2.0  # pairs against single words in the value of a set
REPETITION = 0.75  # what a word costs that the set has already: a reference repeats its words, too
FUNCTION_WORD, FUNCTION_PAIR = 0.65, 0.5  # discount of function words
LEAD, LEAD_ALONE = 0.1, 0.4  # bonus for a sentence that opens a text; where one sentence of one text is wanted
REFERENCE = 17.0  # imaginary reference: words a sentence
LEAST_LENGTH = 20  # sentences that a text counts as at least: in a short one a word said twice means little
POSTS_TAU = 4.0  # tau where the texts are posts: they are sooner at an end ...
POSTS_LENGTH = 30  # ... count as so many sentences, however many they are: what more posts repeat weighs more ...
POSTS_REFERENCE, POSTS_MOST = 12.0, 24.0  # ... words a sentence of their reference, and of all of it: posts are short
POOL, FIRST = 9, 3  # candidates: the best alone, and the first whatever their worth
MAX_WORDS = 37  # words of a summary, for each sentence of it
MOST_SENTENCES = 8  # a summary is not an article
SUPPORT = 0.75  # share of a sentence's stems in a text that makes that text a source
SHORT = 6  # sentences of the middle text, up to which texts are posts rather than articles
MOST_TEXTS = 100  # texts of one story that are looked at, spread evenly from the first to the last
STORY_LENGTH = 200_000  # characters of all texts of a story that are looked at
MOST_LIKELY = 0.9
LONGEST_TITLE = 110  # characters of a headline
LONGEST_OPENING = 160  # of one that opens the summary and could only be cut between two words
BRIEFLY = 0.54  # share of a beginning's words in a longer one, from which it says this in fewer words
_MILLION = 1_000_000

Worths = tuple[Mapping[Gram, int], Mapping[Gram, int]]


class Summarizer(Protocol):
    """Sums up texts that tell of one event; the sources of a sentence are places of texts, ascending."""

    def __call__(
        self,
        texts: Sequence[str],
        dates: Sequence[datetime | None] | None = None,
        language: str | None = None,
        sentences: int = 3,
        words: int | None = None,
        context: Sequence[str] = (),
    ) -> tuple[CitedSentence, ...]: ...


def summarize(
    texts: Sequence[str],
    dates: Sequence[datetime | None] | None = None,
    language: str | None = None,
    sentences: int = 3,
    words: int | None = None,
    context: Sequence[str] = (),
) -> tuple[CitedSentence, ...]:
    """One to `sentences` whole sentences chosen over all `texts`, in an order that reads; none if there is nothing.

    `dates` (one a text, None where unknown) say who spoke first; without them the order of `texts` does. With a
    `language`, sentences in it are preferred wherever one can stand alone, then those in its letters. At most `words`
    words (37 a sentence if not given), but always one sentence. `context` (linked articles, say) weighs what matters
    and is never quoted.
    """
    sentences = max(1, min(sentences, MOST_SENTENCES))
    ordered = _in_order(texts, dates)
    longest = min(LONGEST_TEXT, STORY_LENGTH // max(1, len(ordered) + len(context[:MOST_TEXTS])))
    when = dates if dates and len(dates) == len(texts) else [None] * len(texts)
    read = [Text(text, index, longest, when[index]) for index, text in ordered]
    heard = one_text_a_voice(read)
    if not heard:
        return ()
    limit = words if words and words > 0 else MAX_WORDS * sentences
    pages = [page for page in (Text(text, -1, longest) for text in context[:MOST_TEXTS]) if page.sentences]
    chosen = _choose(heard, pages, language, sentences, limit)
    by_index = {text.index: text for text in read}
    own = (s for s in chosen if by_index[s.source].grounds.bear_out(s.text))
    return tuple(CitedSentence(text=s.text, sources=_sources(s, read)) for s in own)


def most_central(leads: Sequence[Sequence[str]]) -> int:
    """Which of the leads (as stems) is most like the others: greatest mean cosine, the first of equals."""
    vectors = [Counter(word for word in lead if word not in FUNCTION_STEMS) for lead in leads]
    total: Counter[str] = Counter()
    lengths = [math.sqrt(sum(n * n for n in vector.values())) or 1.0 for vector in vectors]
    weights = [{w: n / length for w, n in vector.items()} for vector, length in zip(vectors, lengths, strict=True)]
    for weight in weights:
        total.update(weight)
    scores = [round(sum(part * (total[w] - part) for w, part in weight.items()), 9) for weight in weights]
    return max(range(len(scores)), key=scores.__getitem__)


def _choose(heard: list[Text], pages: list[Text], language: str | None, sentences: int, limit: int) -> list[Sentence]:
    """The best set of at most so many sentences and `limit` words: the one that opens it first, the rest in order."""
    fit = _fit(heard, language)
    few = statistics.median(len(text.sentences) for text in heard) <= SHORT
    value = _value(heard, pages, sentences, short=few and len(heard) > 1)
    alone = {id(sentence): value.of((sentence,)) for sentence in fit}
    pool = sorted(fit, key=lambda sentence: alone[id(sentence)], reverse=True)[:POOL]
    pool += [sentence for sentence in fit[:FIRST] if sentence not in pool]
    alone_and_long = len(heard) == 1 and (pages or not few)  # then what matters may stand further on
    opening = None if alone_and_long else _opening(fit)
    best = _best_set(pool, opening, value, sentences, limit)
    if not best:
        best = (opening or min(pool, key=lambda s: (len(s.words) > limit, -alone[id(s)])),)
    return sorted(best, key=lambda s: (s is not opening, s.place, _heard_at(heard, s)))


def _fit(heard: Sequence[Text], language: str | None) -> list[Sentence]:
    """The sentences to choose from: those that can stand alone, in one language; all of it where none can."""
    said: defaultdict[str, list[Sentence]] = defaultdict(list)
    texts: Counter[str] = Counter()
    for text in heard:
        tongues = [text.tongue_of(sentence) for sentence in text.sentences]
        texts.update(dict.fromkeys(tongues, 1))
        for tongue, sentence in zip(tongues, text.sentences, strict=True):
            said[tongue].append(sentence)
    ranked = sorted(said, key=lambda tongue: (_legible(tongue, language), texts[tongue]), reverse=True)
    fit = ([sentence for sentence in said[tongue] if sentence.fit] for tongue in ranked)
    return next(filter(None, fit), _rest(said[ranked[0]]))


def _rest(said: list[Sentence]) -> list[Sentence]:
    """Of sentences of which none can stand alone those that say something: no dates alone, nor questions at an end."""
    telling = [s for s in said if spoken(s.words) >= FEWEST_SPOKEN and (s.place == 0 or not s.text.endswith("?"))]
    return telling or said


def _legible(tongue: str, language: str | None) -> int:
    """How well who reads `language` can read another: best his own, and then what is in its letters."""
    cyrillic = in_cyrillic(language)
    return 2 if tongue == language else int(cyrillic is not None and in_cyrillic(tongue) == cyrillic)


def _value(heard: Sequence[Text], pages: Sequence[Text], sentences: int, *, short: bool) -> "_Value":
    """What sets of so many sentences of these texts are worth; `short`: they are several posts of few sentences."""
    lead = LEAD_ALONE if sentences == 1 and len(heard) == 1 else LEAD if len(heard) == 1 else 0.0
    if short:
        tau, length, reference = POSTS_TAU, POSTS_LENGTH, min(POSTS_REFERENCE * sentences, POSTS_MOST)
    else:
        length = max(LEAST_LENGTH, sum(len(text.sentences) for text in (*heard, *pages)))
        tau, reference = TAU, REFERENCE * sentences
    worths = (_worth(heard, pages, 0, tau, length), _worth(heard, pages, 1, tau, length))
    return _Value(worths, reference, lead)


def _best_set(
    pool: Sequence[Sentence], opening: Sentence | None, value: "_Value", most: int, limit: int
) -> tuple[Sentence, ...]:
    """Of all sets of one to `most` sentences and at most `limit` words, without repetition, the most valuable, with the
    `opening` in it if there is one; an empty one where none is allowed."""
    best: tuple[Sentence, ...] = ()
    greatest = -1.0

    def grow(some: tuple[Sentence, ...], from_: int, words: int) -> None:
        nonlocal best, greatest
        if some and (worth := value.of(some)) > greatest:
            best, greatest = some, worth
        if len(some) == most:
            return
        for place in range(from_, len(pool)):
            sentence = pool[place]
            longer = words + len(sentence.words)
            if sentence is not opening and longer <= limit and (not some or adds(sentence, some)):
                grow((*some, sentence), place + 1, longer)

    if opening is None:
        grow((), 0, 0)
    elif len(opening.words) <= limit:
        grow((opening,), 0, len(opening.words))
    return best


def _heard_at(heard: Sequence[Text], sentence: Sentence) -> int:
    """The place of the sentence's text among those heard."""
    return next(place for place, text in enumerate(heard) if text.index == sentence.source)


def _opening(fit: Sequence[Sentence]) -> Sentence | None:
    """How the most central post begins; of the posts that begin fitly, and better without pointing back. Where that is
    too long for a headline, which would end within a phrase, how another begins that says much of it in fewer words."""
    begin = [sentence for sentence in fit if sentence.place == 0]
    leads: dict[int, Sentence] = {}
    for sentence in [each for each in begin if stands_alone(each.text, opens=False)] or begin or fit:
        leads.setdefault(sentence.source, sentence)
    if not leads:
        return None
    first = list(leads.values())
    central = first[most_central([lead.words for lead in first])]
    if len(central.text) <= LONGEST_OPENING or not shorten(central.text, LONGEST_TITLE).endswith("…"):
        return central
    said = {
        lead: len(lead.content & central.content) / len(lead.content)
        for lead in first
        if lead.content and len(lead.text) <= LONGEST_OPENING and negations(lead.text) == negations(central.text)
    }
    shorter = [lead for lead in said if said[lead] >= BRIEFLY]
    return max(shorter, key=said.__getitem__, default=central)


def _worth(heard: Sequence[Text], pages: Sequence[Text], kind: int, tau: float, length: int) -> dict[Gram, int]:
    """How likely each word (kind 0) or pair (kind 1) belongs in the summary of texts of `length` sentences, in
    millionths.

    Over one text the first place is what counts; over several the mean of exp(-first/tau) over the texts that hold it.
    """
    early: defaultdict[Gram, float] = defaultdict(float)
    times: Counter[Gram] = Counter()
    texts: Counter[Gram] = Counter()
    for text in (*heard, *pages):
        first: dict[Gram, int] = {}
        for sentence in reversed(text.sentences):
            times.update(sentence.grams[kind])
            first.update(dict.fromkeys(sentence.grams[kind], sentence.place))
        texts.update(first.keys())
        decay = [math.exp(-place / tau) for place in range(len(text.sentences))]
        for gram, place in first.items():
            early[gram] += decay[place]
    repeat, soon = (REPEAT, EARLY) if kind == 0 else (REPEAT * PAIR_REPEAT, EARLY * PAIR_EARLY)
    repeat /= math.log(1 + length)
    discount = FUNCTION_WORD if kind == 0 else FUNCTION_PAIR
    worth: dict[Gram, int] = {}
    for gram, total in early.items():
        words = (gram,) if isinstance(gram, str) else gram
        function = sum(map(FUNCTION_STEMS.__contains__, words)) / len(words)
        factor = 1 - function + function * discount
        known = factor * (soon * total / texts[gram] + repeat * math.log(times[gram]))
        worth[gram] = round(min(MOST_LIKELY, known) * _MILLION)
    return worth


class _Value:
    """The expected F1 of the words of a set of sentences, plus a multiple of that of their pairs."""

    def __init__(self, worths: Worths, reference: float, lead: float) -> None:
        self._worths, self._reference, self._lead = worths, reference, lead

    def of(self, some: Sequence[Sentence]) -> float:
        """A gram earns its worth once; each repetition costs length."""
        total = 0.0
        for kind, weight in ((0, 1.0), (1, PAIR_WEIGHT)):
            seen = some[0].grams[kind].union(*(sentence.grams[kind] for sentence in some[1:]))
            every = sum(max(len(sentence.words) - kind, 0) for sentence in some)
            length = len(seen) + REPETITION * (every - len(seen))
            earned = sum(map(self._worths[kind].__getitem__, seen))  # whole numbers: their order does not matter
            total += weight * 2 * earned / (length + self._reference)
        return total * (1 + self._lead * sum(s.place == 0 for s in some) / len(some))


def _sources(sentence: Sentence, read: Iterable[Text]) -> tuple[int, ...]:
    """The texts that bear the sentence out: its own, and those that hold its numbers, names and most other words; where
    it says that something is over, those that say so."""
    enough = max(1, math.ceil(SUPPORT * len(sentence.content)))
    found = {sentence.source}
    for text in read:
        enough_said = len(sentence.content & text.content) >= enough
        if enough_said and text.grounds.bear_out(sentence.text) and text.grounds.ends(sentence.text):
            found.add(text.index)
    return tuple(sorted(found))


def _in_order(texts: Sequence[str], dates: Sequence[datetime | None] | None) -> list[tuple[int, str]]:
    """At most `MOST_TEXTS` texts with their indexes, by date (those without one keep their place after the dated)."""
    order = list(range(len(texts)))
    if dates and len(dates) == len(texts):
        order.sort(key=lambda i: (dates[i] is None, (date := dates[i]) and date.timestamp(), i))
    return [(index, texts[index]) for index in evenly(order, MOST_TEXTS)]
