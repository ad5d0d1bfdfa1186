"""A 64-bit simhash of what a post says: near-identical reposts get the same value, or one a few bits away.

Charikar's method over pairs of neighbouring words: each distinct pair votes on 64 bits. Links, mentions, tags, emoji,
case and punctuation have no say, so a repost with another channel's decoration stays the same.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING

from core.words import LONGEST_WORD, fold, written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEWEST_WORDS = 5  # fewer are no text to recognise
_MOST_WORDS = 512  # a longer post is known by its beginning
_LONGEST_TEXT = 8192
_CACHED = 1 << 17
_TOGETHER = 128  # texts; 10 MB at most while they are counted
_DECORATION = re.compile(r"[h@#](?:(?<=h)ttps?://\S+|(?<!h)\w+)")  # a set at the beginning is looked for by itself
_MIX = 0x9E3779B97F4A7C15  # an odd constant (2**64 / golden ratio), so that "a b" and "b a" differ
_SALT = 0xD6E8FEB86659FD93


def fingerprint(text: str) -> int:
    """The fingerprint as a signed 64-bit integer; 0 for a text of fewer than five words."""
    return fingerprints((said(text),))[0]


def said(text: str) -> list[str]:
    """The words of a text as they are written, without links, mentions and tags: what a fingerprint is made of."""
    if says_all(text):
        return written(text)
    return written(_DECORATION.sub(" ", text[:_LONGEST_TEXT]))


def says_all(text: str) -> bool:
    """Whether all words of a text are `said`."""
    return len(text) <= _LONGEST_TEXT and not ("://" in text or "@" in text or "#" in text)


def fingerprints(texts: Sequence[Sequence[str]]) -> list[int]:
    """The fingerprint of each text, given as `said`: a hundred together take half the time that they take alone."""
    return [value for at in range(0, len(texts), _TOGETHER) for value in _voted(texts[at : at + _TOGETHER])]


def _voted(texts: Sequence[Sequence[str]]) -> list[int]:
    import numpy as np  # not above: it takes a tenth of a second that `courant --help` has not got

    found = [0] * len(texts)
    hashes: list[int] = []
    at: list[int] = []  # which texts have enough words, and how many pairs each of them makes
    sizes: list[int] = []
    for number, words in enumerate(texts):
        if len(words) >= _FEWEST_WORDS:
            at.append(number)
            sizes.append(min(len(words), _MOST_WORDS) - 1)
            hashes += map(_hashes.__getitem__, words[:_MOST_WORDS])
    if not at:
        return found
    left = np.array(hashes, dtype=np.uint64)
    owner = np.repeat(np.arange(len(at)), sizes)
    first = np.arange(len(owner)) + owner  # each text before has one word more than it has pairs
    pairs = left[first] * np.uint64(_MIX) ^ left[first + 1]
    pairs ^= pairs >> np.uint64(29)
    pairs *= np.uint64(_MIX)
    once = _first_of_equals(pairs, owner)
    pairs, owner = pairs[once], owner[once]
    counts = np.bincount(owner)
    starts = np.cumsum(counts) - counts
    # Four counters of 16 bits side by side in each sum, sixteen times: the votes on all 64 bits.
    turns = np.arange(16, dtype=np.uint64)[:, None]
    votes = np.add.reduceat(pairs >> turns & np.uint64(0x0001_0001_0001_0001), starts, axis=1).view(np.uint16)
    won = (2 * votes.reshape(16, -1, 4) > counts[:, None]).astype(np.uint16) << turns.astype(np.uint16)[:, :, None]
    bits = np.bitwise_or.reduce(won, axis=0)
    for number, value in zip(at, bits.view(np.int64)[:, 0].tolist(), strict=True):
        found[number] = value or 1  # 0 means that there is none
    return found


def _first_of_equals(pairs: "NDArray[np.uint64]", owner: "NDArray[np.intp]") -> "NDArray[np.bool_]":
    """Which pairs are the first of their kind in their text."""
    import numpy as np

    salted = pairs + owner.astype(np.uint64) * np.uint64(_SALT)  # the same pair of two texts must not be neighbours
    order = np.argsort(salted)
    ordered = salted[order]
    once = np.ones(len(pairs), dtype=np.bool_)
    once[order[1:][ordered[1:] == ordered[:-1]]] = False
    return once


class _Hashes(dict[str, int]):
    """Words as written to 64 bits, the same in every process and for every spelling; emptied when full."""

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_WORD:
            return self[word[:LONGEST_WORD]]
        if len(self) >= _CACHED:
            self.clear()
        value: int = unpack("<Q", blake2b(fold(word).encode("utf-8", "surrogatepass"), digest_size=8).digest())[0]
        self[word] = value
        return value


_hashes = _Hashes()
