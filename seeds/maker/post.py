"""A channel and a post of the made-up day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32


@dataclass(frozen=True, kw_only=True)
class Channel:
    name: str
    title: str
    description: str
    language: str
    subscribers: int
    first_id: int
    signatures: tuple[str, ...]
    reactions: tuple[str, ...]
    verified: bool = False


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post in its place: `raw` holds the keys as they stand in the source, `text` its markdown, signature and all."""

    channel: Channel
    id: int
    at: datetime
    text: str
    raw: Mapping[str, Any]

    @property
    def address(self) -> str:
        return f"{self.channel.name}/{self.id}"

    @property
    def url(self) -> str:
        return f"https://t.me/{self.address}"

    def dice(self, what: str, sides: int) -> int:
        """A number below `sides` that is this post's own for good."""
        return crc32(f"{self.channel.name} {self.at:%d%H%M} {what}".encode()) % sides


def views_of(post: Post) -> int:
    return post.channel.subscribers * (18 + post.dice("views", 45)) // 100


def short(number: int) -> str:
    """As Telegram writes counts: 842, 12.4K, 1.31M."""
    if number < 1000:
        return str(number)
    if number < 1_000_000:
        return f"{number / 1000:.1f}".removesuffix(".0") + "K"
    return f"{number / 1_000_000:.2f}M"
