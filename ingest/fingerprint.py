"""A 64-bit simhash of what a post says: near-identical reposts get the same value, or one a few bits away.

Charikar's method over pairs of neighbouring words: each distinct pair votes on 64 bits. Links, mentions, tags, emoji,
case and punctuation have no say, so a repost with another channel's decoration stays the same.
"""

import re
from hashlib import blake2b
from struct import unpack

from core.words import tokens

NEAR = 7  # bits: of 18,928 real posts, pairs this close share .7 of their word pairs on average, at 12 bits .58

_FEWEST_WORDS = 5  # fewer are no text to recognise
_MOST_WORDS = 512  # a longer post is known by its beginning
_LONGEST_TEXT = 8192
_CACHED = 1 << 16
_DECORATION = re.compile(r"https?://\S+|[@#]\w+")
_MIX = 0x9E3779B97F4A7C15  # an odd constant (2**64 / golden ratio), so that "a b" and "b a" differ


def fingerprint(text: str) -> int:
    """The fingerprint as a signed 64-bit integer; 0 for a text of fewer than five words."""
    import numpy as np  # not above: it takes a tenth of a second that `courant --help` has not got

    head = text[:_LONGEST_TEXT]
    words = tokens(_DECORATION.sub(" ", head))
    if len(words) < _FEWEST_WORDS:
        return 0
    hashes = np.array([_hashes[word] for word in words[:_MOST_WORDS]], dtype=np.uint64)
    pairs = hashes[:-1] * np.uint64(_MIX) ^ hashes[1:]
    pairs ^= pairs >> np.uint64(29)
    pairs *= np.uint64(_MIX)
    pairs.sort()
    first = np.empty(len(pairs), dtype=np.bool_)  # of equal pairs: what np.unique does, without its overhead
    first[0] = True
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    pairs = pairs[first]
    votes = np.add.reduce(np.unpackbits(pairs.view(np.uint8)).reshape(-1, 64), axis=0, dtype=np.uint16)
    bits = np.packbits(2 * votes > len(pairs))
    return int(bits.view(np.int64)[0]) or 1  # 0 means that there is none


def distance(a: int, b: int) -> int:
    """In how many of 64 bits two fingerprints differ."""
    return ((a ^ b) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def near(a: int, b: int) -> bool:
    """Whether two fingerprints are of one text, give or take a word or two; none (0) is near nothing."""
    return bool(a) and bool(b) and distance(a, b) <= NEAR


class _Hashes(dict[str, int]):
    """Words to 64 bits, the same in every process; emptied when full."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        value: int = unpack("<Q", blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())[0]
        self[word] = value
        return value


_hashes = _Hashes()
