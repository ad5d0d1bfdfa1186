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
    leads = [(place, Standing(lead, posts[place].date)) for place in places if (lead := _lead_alone(posts[place]))]
    told = {sentence: _standing(sentence, posts) for sentence in (title, *summary)}
    past = {each for each, standing in told.items() if any(lead.overtakes(standing) for _, lead in leads)}
    tolls = [lead for _, lead in leads if lead.tolls]
    silent = not told[title].tells_of_dead
    overtaking = [
        (place, lead)
        for place, lead in leads
        if any(lead.overtakes(told[each]) for each in past)
        or any(map(lead.counts_more, tolls))
        or (silent and lead.counts_dead)
    ]
    if not overtaking:
        return title, summary
    place, now = latest(overtaking)
    kept = tuple(each for each in summary if each not in past and not told[each].says(now.words))
    later = told[title].date >= now.date
    stays = later and not (silent and now.counts_dead)
    if title not in past and (stays or now.counts_the_same(told[title])):
        return title, kept or summary
    said = CitedSentence(text=now.text, sources=_bearing_out(now.text, posts, place))
    since = summed_up([each for each in places if posts[each].date >= now.date])
    since = [each for each in since if not _standing(each, posts).counts_the_same(now)]
    next_ = 1 if later and kept[:1] == summary[:1] else 0  # what was the headline, and is newer, follows
    kept = (*kept[:next_], *_adding(since, [said, *kept], posts), *kept[next_:])
    before = frozenset().union(*(each.words for each in told.values() if each.words != now.words))
    anchored = len(now.words & before) >= FEWEST_COMMON
    if anchored and now.tolls:  # how it began is no news beside what it came to
        kept = tuple(each for each in kept if each not in told or told[each].date > now.date - LONG_AGO)
    told_now = (said, *kept) if anchored else (*kept[:1], said, *kept[1:])
    room = len(summary) + (not summary[0].text.startswith(title.text.removesuffix("…")))
    return opening(told_now), told_now[:room]


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
