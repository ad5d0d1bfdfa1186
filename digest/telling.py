"""Pure: a ranked story in words: its headline, its sentences with the posts they rest on, and what stands beside."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.model import UNKNOWN, Post, PostId, StoryId
from digest.asked_for import asked_for
from digest.model import CitedPost, CitedSentence, Note, StoryView
from digest.summaries.claims import denials, differences
from digest.summaries.credits import credits_of
from digest.summaries.headline import as_headline, headline, opening, own_headline
from digest.summaries.last_word import as_it_stands, with_last_word, with_word
from digest.summaries.repetition import goes_on, retells, says_again
from digest.summaries.round_up import is_round_up
from digest.summaries.summarize import LONGEST_TITLE, Summarizer, summarize
from digest.summaries.voices import Sentence, Text, one_text_a_voice
from digest.summaries.written import Written
from digest.text.denial import negations
from digest.text.evidence import bears_out
from digest.text.function_words import content_stems
from digest.text.tidy import plain_sentences, shorten
from digest.topics import Subject, subject

log = logging.getLogger(__name__)

SAID = 0.6  # share of a headline's words in a sentence, or of the first sentence's in it, from which they say the same
LONGEST_LEAD = 120  # characters of a post's lead in the timeline
LONGEST_QUOTE, LONGEST_NOTE = 80, 160  # characters of what a post answers, and of what fact-checkers say
MOST_NOTES = 2
MOST_VOICES = 60  # posts of a story in which differences are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story as ranked for a reader. `posts`: those to be told, at least one; of an `update` only those with the news.
    `joined`: stories of the same event whose posts are among these; each is told in a sentence below this one's.
    `since`: what came before is summed up only where one channel alone told of it later. `context`: the texts of
    articles that the posts link; they weigh what matters and are never quoted. `wanted`: words that the reader asked
    for and the story has. `written`: the story in a model's words, checked; without it the story is told in sentences
    of its posts."""

    id: StoryId
    posts: tuple[Post, ...]
    joined: tuple[StoryId, ...] = ()
    score: float = 0.0
    why: tuple[str, ...] = ()
    since: datetime | None = None
    update: bool = False
    context: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    written: Written | None = None

    @property
    def own(self) -> tuple[Post, ...]:
        """The posts without those of the `joined` stories."""
        return tuple(post for post in self.posts if post.story not in self.joined)


def view_story(story: RankedStory, language: str, summarizer: Summarizer, *, sentences: int) -> StoryView | None:
    """The story in words; None where no post of it says anything."""
    telling = _Telling(story, language, summarizer, sentences)
    told = telling.told()
    if told is None:
        return None
    title, summary = told
    posts, copies = telling.posts, telling.copies
    voices = [place for place in _fresh(posts, telling.every, story.since) if place not in copies][:MOST_VOICES]
    return StoryView(
        id=story.id,
        joined=story.joined,
        title=title.text,
        title_sources=title.sources,
        summary=summary,
        posts=tuple(_cite(post, copy=place in copies) for place, post in enumerate(posts)),
        score=story.score,
        why=story.why,
        update=story.update,
        differences=differences(posts, voices),
        denials=denials(posts, voices, (title, *summary)),
        credits=credits_of(posts, voices),
        notes=_notes(posts, summary),
    )


class _Telling:
    """A story as it is put into words. `posts`: its posts in order of time, from here on known by their places;
    `every`: those that say anything, `own`: what is summed up of those that are none of a joined story, `copies`: those
    that say what an earlier one says."""

    def __init__(self, story: RankedStory, language: str, summarizer: Summarizer, sentences: int) -> None:
        self._story, self._language, self._summarizer, self._sentences = story, language, summarizer, sentences
        self.posts = sorted(story.posts, key=lambda post: (post.date, post.id))
        self.every = [place for place, post in enumerate(self.posts) if post.body.strip()]
        self.own = self._heard([place for place in self.every if self.posts[place].story not in story.joined])
        self.copies = _copies(self.posts)

    def told(self) -> tuple[CitedSentence, tuple[CitedSentence, ...]] | None:
        """The title and the summary: those that a model has written, or else of the posts' own sentences; None where
        there are none."""
        story, posts = self._story, self.posts
        summary = _as_written(story.written, posts)[: self._sentences + len(story.joined)]
        if summary:
            title = _written_title(story.written, summary, posts)
        elif summary := self.summed_up(self.own):
            places = self._in_one_language(summary)
            title = _title([posts[place].body for place in places], places, summary, self._language)
        else:
            return None
        if not story.written:
            title, summary = self._brought_up_to_date(title, summary)
        return title, with_word(title, summary, posts, asked_for(story.wanted, (title, *summary), posts, self.own))

    def summed_up(self, places: Sequence[int], sentences: int | None = None) -> tuple[CitedSentence, ...]:
        """What some of the posts come to, in so many sentences; each is in the posts that it names."""
        bodies, dates = [self.posts[place].body for place in places], [self.posts[place].date for place in places]
        most = self._sentences if sentences is None else sentences
        found = self._summarizer(bodies, dates, self._language, most, context=self._story.context)
        return tuple(
            CitedSentence(text=sentence.text, sources=tuple(places[source] for source in sentence.sources))
            for sentence in found
            if sentence.sources and all(bears_out(sentence.text, bodies[source]) for source in sentence.sources)
        )

    def _brought_up_to_date(
        self, title: CitedSentence, summary: tuple[CitedSentence, ...]
    ) -> tuple[CitedSentence, tuple[CitedSentence, ...]]:
        """Title and summary as the story stands by now, with its last word and a sentence of each joined story."""
        first_said = [place for place in self.own if place not in self.copies]
        title, summary = as_it_stands(title, summary, self.posts, first_said, self.summed_up)
        summary = with_last_word(title, summary, self.posts, first_said)
        for other in self._story.joined:
            theirs = [place for place in self.every if self.posts[place].story == other]
            word = self.summed_up(self._heard(theirs), 1) if theirs else ()
            new = [each for each in word if not _said(each, (title, *summary))]
            summary = with_word(title, summary, self.posts, new)
        return title, summary

    def _in_one_language(self, summary: Sequence[CitedSentence]) -> Sequence[int]:
        """The own posts from which the headline is taken: those in the language of the summary, where none is in the
        reader's."""
        if any(self.posts[place].language == self._language for place in self.own):
            return self.own
        told = self.posts[summary[0].sources[0]].language
        return [place for place in self.own if self.posts[place].language == told]

    def _heard(self, places: Sequence[int]) -> Sequence[int]:
        """Of the places of posts those that are summed up: no round-ups, what is fresh, and in the reader's language,
        as far as there are any."""
        alone = [place for place in places if not is_round_up(self.posts[place].body)] or places
        heard = _fresh(self.posts, alone, self._story.since)
        return [place for place in heard if self.posts[place].language == self._language] or heard


class Views:
    """Stories in words, for digests in one language: each is put into words once, whoever is told of it."""

    def __init__(self, language: str, summarizer: Summarizer | None = None) -> None:
        self.language, self._summarizer = language, summarizer or summarize
        self._known: dict[tuple[object, ...], StoryView | None] = {}
        self._subjects: dict[_Version, Subject] = {}

    def of(self, story: RankedStory, sentences: int) -> StoryView | None:
        """What `view_story` gives for this story, in so many sentences; nothing where that fails."""
        key = _version(story), story.since, sentences, story.wanted, story.written
        if key not in self._known:
            self._known[key] = self._put(story, sentences)
        view = self._known[key]
        return view and replace(view, id=story.id, score=story.score, why=story.why, update=story.update)

    def _put(self, story: RankedStory, sentences: int) -> StoryView | None:
        try:
            return view_story(story, self.language, self._summarizer, sentences=sentences)
        except Exception:  # a post that we cannot read must not keep all who follow its channel from their digests
            log.exception("story %d cannot be put into words", story.id)
            return None

    def subject(self, story: RankedStory) -> Subject:
        """What the story's heading is made of."""
        key = _version(story)
        if key not in self._subjects:
            self._subjects[key] = subject([post.body for post in story.own])
        return self._subjects[key]


_Version = tuple[tuple[StoryId, ...], tuple[tuple[PostId, int], ...]]


def _version(story: RankedStory) -> _Version:
    """The story's posts, each after so many edits: what it is told from."""
    return story.joined, tuple((post.id, post.edits) for post in story.posts)


def _notes(posts: Sequence[Post], summary: Sequence[CitedSentence]) -> tuple[Note, ...]:
    """What fact-checkers say of the posts; of those that are cited first."""
    cited = list(dict.fromkeys(source for sentence in summary for source in sentence.sources))
    found: dict[tuple[str, str], list[int]] = {}
    for place in dict.fromkeys((*cited, *range(len(posts)))):
        if note := posts[place].fact_check:
            found.setdefault((_short(note.text, LONGEST_NOTE), note.country), []).append(place)
    notes = (Note(text=text, country=country, sources=tuple(sources)) for (text, country), sources in found.items())
    return tuple(note for note in notes if note.text)[:MOST_NOTES]


def _short(text: str, longest: int) -> str:
    """One line of another's words."""
    return shorten(" ".join(text.split()), longest)


def _as_written(written: Written | None, posts: Sequence[Post]) -> tuple[CitedSentence, ...]:
    """A model's sentences with the places of their posts; none where a post is not among these."""
    places = {post.id: place for place, post in enumerate(posts)}
    sentences = written.sentences if written else ()
    if not all(post in places for sentence in sentences for post in sentence.posts):
        return ()
    return tuple(
        CitedSentence(text=sentence.text, sources=tuple(sorted(places[post] for post in sentence.posts)))
        for sentence in sentences
    )


def _written_title(written: Written | None, summary: Sequence[CitedSentence], posts: Sequence[Post]) -> CitedSentence:
    """A model's title, with the posts that it cites or that bear it out, those of its first sentence before others; how
    the summary opens, where it has none."""
    if written is None or not written.title:
        return opening(summary)
    places = dict.fromkeys((*summary[0].sources, *range(len(posts))))
    sources = tuple(
        place
        for place in places
        if posts[place].id in written.title_posts or bears_out(written.title, posts[place].body)
    )
    if not sources:
        return opening(summary)
    return CitedSentence(text=shorten(as_headline(written.title), LONGEST_TITLE), sources=sources)


def _fresh(posts: Sequence[Post], places: Sequence[int], since: datetime | None) -> Sequence[int]:
    """Of the places of posts those of what came `since`, unless that is one channel's alone."""
    fresh = [place for place in places if since is None or posts[place].date >= since]
    return fresh if len({posts[place].channel for place in fresh}) > 1 else places


def _title(
    texts: Sequence[str], places: Sequence[int], summary: Sequence[CitedSentence], language: str
) -> CitedSentence:
    """The most central headline of the texts, which are of the posts at these places; how the summary opens, where it
    says the same itself, the headline had to be cut short or there is no centre. Where the summary opens with what
    stands further on in its posts, one of these is the centre."""
    found = headline(texts, language=language) if len(texts) > 2 else None
    if found and not found.text.endswith("…"):
        title = CitedSentence(text=found.text, sources=tuple(places[source] for source in found.sources))
    else:
        cited = [place for place in summary[0].sources if place in places]
        own = own_headline([texts[places.index(place)] for place in cited], summary[0].text)
        if own is None:
            return opening(summary)
        title = CitedSentence(text=own[0], sources=(cited[own[1]],))
    same = _said(title, summary) or _said(summary[0], [title]) or any(_says_again(title, each) for each in summary)
    return opening(summary) if same else title


def _says_again(title: CitedSentence, sentence: CitedSentence) -> bool:
    """Whether title and sentence tell the same in other words, neither with more in it; one that denies it does not."""
    one, other = Sentence(title.text, 0, 0), Sentence(sentence.text, 1, 0)
    alike = (says_again(one, other) and says_again(other, one)) or (retells(one, [other]) and not goes_on(other, [one]))
    return alike and negations(title.text) == negations(sentence.text)


def _said(sentence: CitedSentence, told: Iterable[CitedSentence]) -> bool:
    """Whether one of those told says most of what the sentence does."""
    words = content_stems(sentence.text)
    return any(len(words & content_stems(each.text)) >= SAID * len(words) for each in told)


def _copies(posts: Sequence[Post]) -> frozenset[int]:
    """The places of posts that say what an earlier one says, in the same words."""
    texts = [Text(post.body[:2000], place) for place, post in enumerate(posts[:100])]
    kept = {text.index for text in one_text_a_voice(texts)}
    return frozenset(text.index for text in texts if text.sentences and text.index not in kept)


def _cite(post: Post, *, copy: bool) -> CitedPost:
    read = plain_sentences(post.body[:600])
    return CitedPost(
        channel=post.channel,
        channel_title=post.channel_title or post.channel,
        url=post.url,
        date=post.date,
        lead=shorten(as_headline(read[0]), LONGEST_LEAD) if read else "",
        quote=_short(post.quote or "", LONGEST_QUOTE),
        copy=copy,
        language="" if post.language == UNKNOWN else post.language,
    )
