"""Pure: posts that changed after they were told. A digest that has not been sent is put right; of one that has been
sent the reader's next digest says what is no longer so, if it matters.

It matters where a sentence that was told lost a number or a name that its post no longer has, where the post now denies
what it said or the other way round, and where every post that the sentence rests on was deleted.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from core.model import Kind, Post, PostId, StoryId
from core.words import stems
from digest.compose import reading_time
from digest.model import CitedSentence, Correction, Digest, StoryView
from digest.telling import RankedStory, Views
from digest.text.evidence import Grounds, names, numbers, written_numbers
from digest.text.function_words import FUNCTION_STEMS
from digest.text.tidy import plain_sentences, shorten

LIKE = 0.5  # share of common words (Jaccard, without numbers) from which two sentences are versions of one
SURELY_LIKE = 0.6  # the same, for a "not" more or less to be a denial
LONGEST = 220  # characters of a sentence that is quoted
MOST_VALUES = 2  # numbers or names that are set against each other; of more the sentences are
_NEGATION = re.compile(
    r"\b(?:не|нет|ни|никто|ничего|никогда|нельзя|без|not|no|never|none|nobody|nothing|without|neither|nor|cannot"
    r"|(?:опроверг|отрица|отверг)\w*|den(?:y|ies|ied|ying))\b|n[’']t\b",
    re.IGNORECASE,
)


def put_right(digest: Digest, now: Mapping[StoryId, Sequence[Post]]) -> Digest:
    """The digest with the stories of `now` told anew by their posts as they are now; one that has no posts left, or
    says nothing any more, is dropped."""
    stories: list[StoryView] = []
    gone = 0
    for story in digest.stories:
        posts = now.get(story.id)
        view = story if posts is None else _told_anew(story, posts, digest.language)
        gone += len(story.posts) - (len(view.posts) if view else 0)
        if view is not None:
            stories.append(view)
    left = max(digest.posts - gone, 0)
    return replace(digest, stories=tuple(stories), posts=left, minutes=reading_time(stories))


def still_there(posts: Iterable[Post], changed: Collection[PostId]) -> tuple[Post, ...]:
    """The posts that still tell their story: not deleted, still news, and of those `changed` none that tells of another
    event by now than the rest."""
    alive = [post for post in posts if not post.deleted and post.kind is Kind.NEWS]
    steady = {post.story for post in alive if post.id not in changed}
    return tuple(post for post in alive if post.id not in changed or not steady or post.story in steady)


def corrections(
    story: StoryView, posts: Mapping[str, Post], told: Mapping[PostId, str], unchanged: Collection[PostId]
) -> tuple[Correction, ...]:
    """What of a story as it was told is no longer so, at most one correction a post.

    `posts`: the story's posts as they are now, by address; `told`: of those that were edited or deleted since, what
    they said then; `unchanged`: those that still say what they said.
    """
    found: list[Correction] = []
    for place, cited in enumerate(story.posts):
        post = posts.get(cited.url)
        if post is None or post.id not in told:
            continue
        resting = [sentence for sentence in story.told if place in sentence.sources]
        wrong = (_wrong(sentence, story, post, told[post.id], posts, unchanged) for sentence in resting)
        found += list(filter(None, wrong))[:1]
    return tuple(found)


def _told_anew(story: StoryView, posts: Sequence[Post], language: str) -> StoryView | None:
    if not posts:
        return None
    whole = all(post.story in story.joined for post in posts)  # it merged into a joined one, or its own posts are gone
    joined = () if whole else story.joined
    again = RankedStory(
        id=story.id, posts=tuple(posts), joined=joined, score=story.score, why=story.why, update=story.update
    )
    view = Views(language).of(again, max(1, len(story.summary) - len(joined)))
    return view and replace(view, joined=story.joined, topic=story.topic, earlier=story.earlier)


def _wrong(
    sentence: CitedSentence,
    story: StoryView,
    post: Post,
    before: str,
    posts: Mapping[str, Post],
    unchanged: Collection[PostId],
) -> Correction | None:
    """What is no longer so of a sentence that rests on this post, which said `before`."""
    found = Correction(
        story=story.id,
        post=post.id,
        edits=post.edits,
        channel=post.channel_title or post.channel,
        url=post.url,
        said=shorten(sentence.text, LONGEST),
        deleted=post.deleted,
    )
    if post.deleted:
        others = (posts.get(story.posts[source].url) for source in sentence.sources)
        return None if any(other is not None and other.id in unchanged for other in others) else found
    old = _closest(sentence.text, before) or before
    new = _closest(old, post.text)
    if new is None:
        return found if _lost(sentence.text, Grounds(before), Grounds(post.text)) else None
    if sentence.text in post.text:
        return None
    was, became = _values(sentence.text, old, new, before, post.text)
    if not was and not _denied(old, new):
        return None
    if len(was) > MOST_VALUES or not 0 < len(became) <= MOST_VALUES:
        was = became = ()
    return replace(found, now=shorten(new, LONGEST), was=was, became=became)


def _values(said: str, old: str, new: str, before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers and names of the told sentence that are no longer there, and those that have come in their place."""
    earlier, later, whole, old_whole = Grounds(old), Grounds(new), Grounds(after), Grounds(before)
    fresh = _fresh(new, earlier, old_whole)
    # what has only moved to another sentence is no change, unless something else stands in its place
    lost = tuple(value for value in _lost(said, earlier, later) if fresh or not _holds(whole, value))
    corrected = [value for value in lost if not any(_slip(value, other) for other in fresh)]
    return tuple(corrected), tuple(other for other in fresh if not any(_slip(value, other) for value in lost))


def _lost(said: str, earlier: Grounds, later: Grounds) -> list[str]:
    return [value for value in _told_values(said) if _holds(earlier, value) and not _holds(later, value)]


def _fresh(new: str, *earlier: Grounds) -> list[str]:
    return [value for value in _told_values(new) if not any(_holds(ground, value) for ground in earlier)]


def _told_values(text: str) -> list[str]:
    return [*written_numbers(text), *dict.fromkeys(names(text))]


def _holds(grounds: Grounds, value: str) -> bool:
    return numbers(value) <= grounds.numbers if value[0].isdigit() else grounds.hold_name(value)


def _slip(one: str, other: str) -> bool:
    """Whether a name differs by one letter only, in a word long enough for that to be a slip."""
    if one[0].isdigit() or other[0].isdigit() or min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True
    rests = {(one[same + 1 :], other[same + 1 :]), (one[same + 1 :], other[same:]), (one[same:], other[same + 1 :])}
    swapped = one[same : same + 2] == other[same : same + 2][::-1] and one[same + 2 :] == other[same + 2 :]
    return swapped or any(left == right for left, right in rests)


def _denied(old: str, new: str) -> bool:
    """Whether one of two versions of a sentence denies what the other says."""
    if _likeness(old, new) < SURELY_LIKE:
        return False
    return (len(_NEGATION.findall(old)) - len(_NEGATION.findall(new))) % 2 == 1


def _closest(sentence: str, text: str) -> str | None:
    """The sentence of `text` that is most like this one; None where none is much like it."""
    candidates = ((_likeness(sentence, each), each) for each in plain_sentences(text))
    likeness, best = max(candidates, key=itemgetter(0), default=(0.0, ""))
    return best if likeness >= LIKE else None


def _likeness(one: str, other: str) -> float:
    some, more = _content(one), _content(other)
    return len(some & more) / len(some | more) if some and more else 0.0


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in stems(text) if not word.isdigit()) - FUNCTION_STEMS
