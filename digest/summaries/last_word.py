"""Pure: a story's headline and summary brought up to its last word, with the posts that say so."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from core.model import Post
from digest.model import CitedSentence
from digest.summaries.headline import opening
from digest.summaries.repetition import retells
from digest.summaries.standing import Standing, latest
from digest.summaries.summarize import SUPPORT
from digest.summaries.voices import Sentence
from digest.text.evidence import Grounds
from digest.text.tidy import plain_sentences, stands_alone

LONG_AFTER = timedelta(minutes=90)  # after the newest post that is cited: then the story's last word is told as well
LONG_AGO = timedelta(hours=12)  # before a toll was counted: what was told then is how it began
FEWEST_COMMON = 2  # words of the story that a sentence has which can stand over it
MOST_SENTENCES = 3  # of a summary
MOST_POSTS = 60  # of a story that are asked whether they say the same


def as_it_stands(
    title: CitedSentence,
    summary: tuple[CitedSentence, ...],
    posts: Sequence[Post],
    places: Sequence[int],
    summed_up: Callable[[Sequence[int]], Sequence[CitedSentence]],
) -> tuple[CitedSentence, tuple[CitedSentence, ...]]:
    """Headline and summary without what posts (of `places`) have overtaken by how they begin: what overtook it, a toll
    that has grown, or, where the headline tells of no dead, how many died, opens the summary, and is the headline,
    before what the posts since then come to and what was said before; it comes second where it does not say of what it
    speaks."""
    told = _Told(title, summary, posts, places)
    if (overtaking := told.overtaking()) is None:
        return title, summary
    place, now = overtaking
    kept = told.still_so(now)
    if told.headline_stays(now):
        return title, kept or summary
    said = CitedSentence(text=now.text, sources=_bearing_out(now.text, posts, place))
    since = summed_up([each for each in places if posts[each].date >= now.date])
    summary_now = told.opened_by(said, now, kept, since)
    room = len(summary) + (not summary[0].text.startswith(title.text.removesuffix("…")))
    return opening(summary_now), summary_now[:room]


class _Told:
    """Headline and summary of a story, each sentence as of its date, and how its posts (of `places`) begin."""

    def __init__(
        self, title: CitedSentence, summary: tuple[CitedSentence, ...], posts: Sequence[Post], places: Sequence[int]
    ) -> None:
        self._title, self._summary, self._posts = title, summary, posts
        leads = ((place, _lead_alone(posts[place])) for place in places)
        self._leads = [(place, Standing(lead, posts[place].date)) for place, lead in leads if lead]
        self._told = {sentence: _standing(sentence, posts) for sentence in (title, *summary)}
        self._past = {
            each for each, standing in self._told.items() if any(lead.overtakes(standing) for _, lead in self._leads)
        }
        self._headline = self._told[title]

    def overtaking(self) -> tuple[int, Standing] | None:
        """How a post begins, with its place, that overtakes what is told: the last of these; None where none does."""
        found = [(place, lead) for place, lead in self._leads if self._is_overtaking(lead)]
        return latest(found) if found else None

    def _is_overtaking(self, lead: Standing) -> bool:
        if any(lead.overtakes(self._told[each]) for each in self._past) or self._tells_how_many_died(lead):
            return True
        return any(lead.counts_more(other) for _, other in self._leads if other.tolls)

    def _tells_how_many_died(self, lead: Standing) -> bool:
        """Whether it does, and the headline tells of no dead."""
        return lead.counts_dead and not self._headline.tells_of_dead

    def still_so(self, now: Standing) -> tuple[CitedSentence, ...]:
        """What of the summary is not overtaken, and not what `now` says."""
        return tuple(each for each in self._summary if each not in self._past and not self._told[each].says(now.words))

    def headline_stays(self, now: Standing) -> bool:
        """Whether the headline is still so, and newer than `now`, or counts the same."""
        if self._title in self._past:
            return False
        newer = self._headline.date >= now.date and not self._tells_how_many_died(now)
        return newer or now.counts_the_same(self._headline)

    def opened_by(
        self, said: CitedSentence, now: Standing, kept: tuple[CitedSentence, ...], since: Iterable[CitedSentence]
    ) -> tuple[CitedSentence, ...]:
        """The summary that `said`, which is `now`, opens: what was told `since` goes before what is `kept`."""
        since = [each for each in since if not _standing(each, self._posts).counts_the_same(now)]
        newer = self._headline.date >= now.date and kept[:1] == self._summary[:1]
        at = 1 if newer else 0  # what was the headline, and is newer, follows
        kept = (*kept[:at], *_adding(since, [said, *kept], self._posts), *kept[at:])
        if not self._speaks_of_it(now):
            return (*kept[:1], said, *kept[1:])
        if now.tolls:  # how it began is no news beside what it came to
            told, long_ago = self._told, now.date - LONG_AGO
            kept = tuple(each for each in kept if each not in told or told[each].date > long_ago)
        return (said, *kept)

    def _speaks_of_it(self, now: Standing) -> bool:
        """Whether `now` has words of what is told, and so says by itself of what it speaks."""
        words = frozenset().union(*(each.words for each in self._told.values() if each.words != now.words))
        return len(now.words & words) >= FEWEST_COMMON


def _adding(
    sentences: Iterable[CitedSentence], told: Sequence[CitedSentence], posts: Sequence[Post]
) -> Iterator[CitedSentence]:
    """Those of the sentences that do not say again what is told."""
    known = frozenset().union(*(_standing(each, posts).words for each in told))
    before = [Sentence(each.text, 0, 0, _standing(each, posts).date) for each in told]
    for sentence in sentences:
        now = _standing(sentence, posts)
        if not now.says(known) and not retells(Sentence(sentence.text, 1, 0, now.date), before):
            yield sentence


def _standing(sentence: CitedSentence, posts: Sequence[Post]) -> Standing:
    return Standing(sentence.text, min(posts[place].date for place in sentence.sources))


def _lead_alone(post: Post) -> str:
    """How a post begins, where that can stand alone."""
    lead = next(iter(plain_sentences(post.body[:2000])), "")
    return lead if stands_alone(lead, opens=True) else ""


def _bearing_out(sentence: str, posts: Sequence[Post], own: int) -> tuple[int, ...]:
    """The places of the posts that hold the sentence: its `own`, and those with its numbers, names and most words;
    where it says that something is over, those that say so."""
    grounds = ((place, Grounds(post.body[:2000])) for place, post in enumerate(posts[:MOST_POSTS]))
    found = {
        place
        for place, each in grounds
        if each.bear_out(sentence) and each.share(sentence) >= SUPPORT and each.ends(sentence)
    }
    return tuple(sorted(found | {own}))


def with_word(
    title: CitedSentence,
    summary: tuple[CitedSentence, ...],
    posts: Sequence[Post],
    words: Iterable[CitedSentence],
) -> tuple[CitedSentence, ...]:
    """The summary with what another story of the event says, as far as what is told has not overtaken it."""
    told = [_standing(each, posts) for each in (title, *summary)]
    return (*summary, *(word for word in words if not any(each.overtakes(_standing(word, posts)) for each in told)))


def with_last_word(
    title: CitedSentence, summary: tuple[CitedSentence, ...], posts: Sequence[Post], places: Sequence[int]
) -> tuple[CitedSentence, ...]:
    """The summary, ending with how the story stands: where it went on long after what is told, the beginning of its
    last post (of `places`) comes last, for the third sentence if there are as many; not where it repeats it."""
    if not places:
        return summary
    last = places[-1]
    told = max(posts[place].date for sentence in summary for place in sentence.sources)
    lead = _lead_alone(posts[last])
    if posts[last].date - told < LONG_AFTER or not lead:
        return summary
    word = CitedSentence(text=lead, sources=(last,))
    said = tuple(_adding([word], [title, *summary], posts))
    return (*summary[: MOST_SENTENCES - 1], *said) if said else summary
