"""Pure: the sentence of a story in which a word stands that its reader asked for.

Such a word lifts a story, and stands beside it as a reason: who reads the story must meet it there.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from core.model import Post
from digest.model import CitedSentence
from digest.taste import LOOKED_AT, roots_of, words_in
from digest.text.tidy import plain_sentences, stands_alone


def asked_for(
    wanted: Iterable[str], told: Iterable[CitedSentence], posts: Sequence[Post], places: Sequence[int]
) -> tuple[CitedSentence, ...]:
    """The first sentence of the posts (of `places`) that has the first of the `wanted` words that no sentence told has,
    and can stand alone; none where there is no such word or sentence."""
    known = words_in(" ".join(each.text for each in told))
    missing = next((roots for word in wanted if not (roots := roots_of(word)) <= known), None)
    if missing is None:
        return ()
    sentences = (each for place in places for each in _sentences(posts[place], place))
    return tuple(islice((each for each in sentences if missing <= words_in(each.text)), 1))


def _sentences(post: Post, place: int) -> Iterator[CitedSentence]:
    for at, text in enumerate(plain_sentences(post.body, LOOKED_AT)):
        if stands_alone(text, opens=at == 0):
            yield CitedSentence(text=text, sources=(place,))
