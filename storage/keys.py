"""Keys made of time. A post's key orders posts as they were published:

    seconds since 1970 (33 bits) | channel (12 bits) | message (18 bits)

Two posts share a key only within one second, with channel numbers equal modulo 4,096 and message ids equal modulo
262,144; `posts.add` then takes the next free key.
"""

from datetime import UTC, datetime

_CHANNEL_BITS, _MESSAGE_BITS = 12, 18
_SHIFT = _CHANNEL_BITS + _MESSAGE_BITS
NEWEST = (1 << 63) - 1


def post_key(date: datetime, channel_id: int, message_id: int) -> int:
    """The key of a post of this moment, channel and message id."""
    channel = channel_id & ((1 << _CHANNEL_BITS) - 1)
    message = message_id & ((1 << _MESSAGE_BITS) - 1)
    return int(date.timestamp()) << _SHIFT | channel << _MESSAGE_BITS | message


def first_key(moment: datetime) -> int:
    """The smallest key of a post published at or after `moment`."""
    seconds = moment.timestamp()
    whole = int(seconds) + (seconds > int(seconds))
    return max(whole, 0) << _SHIFT


def key_time(key: int) -> datetime:
    """The second in which the post of this key was published."""
    return datetime.fromtimestamp(key >> _SHIFT, UTC)
