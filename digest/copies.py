"""Pure: which posts are copies, by whom they forward, or nearly, by their fingerprints (signed 64-bit simhashes, 0 for
none)."""

import re
from collections.abc import Iterator

COPY_BITS = 3  # fingerprints that differ in no more bits are of near-copies
_WHOSE = re.compile(r"https?://(?:t|telegram)\.me/[^/?#]+/?")  # whose a post was, and not which: of a person, a group


def original_of(own: str, forwarded: str | None) -> str:
    """The address of the post that one forwards; its `own`, where it forwards none, or it is not told which."""
    return own if not forwarded or _WHOSE.fullmatch(forwarded) else forwarded


def is_copy(one: int, other: int) -> bool:
    """Whether two fingerprints are of near-copies."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() <= COPY_BITS


def bands(fingerprint: int) -> Iterator[int]:
    """The four quarters of a fingerprint: two that differ in three bits or fewer share one whole quarter."""
    if fingerprint:
        for place in range(COPY_BITS + 1):
            yield (fingerprint >> 16 * place & 0xFFFF) << 2 | place
