"""What a site's robots.txt lets us read, by RFC 9309. Pure.

Own code, since the time that Protego (Scrapy's reader) takes grows with agents times rules: 80 KiB made to hurt keep it
busy for half a minute, where the standard wants at least 500 KiB read; and the reader of the standard library knows
neither `*` nor `$` nor that the longest rule counts. Here each line is looked at once, and only rules for us are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_from_bytes, urlsplit

PRODUCT: Final = "courant"
MAX_ROBOTS: Final = 500 * 1024  # bytes; what stands behind is not read

_LINE_END = re.compile(r"\r\n?|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_RULES: Final = {"allow": True, "disallow": False}
_AGENTS: Final = frozenset({"user-agent", "useragent", "user agent"})  # the last two are slips that are often made
_LONGEST_DELAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules for us, the longest first, each a path pattern and whether it allows; `delay` in seconds, where the
    site names one."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float | None = None

    def allow(self, url: str) -> bool:
        """Whether a page may be read: the longest rule that matches decides, and the kinder of two equal ones."""
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        path = path.replace("*", "%2A").replace("$", "%24")
        return next((allows for pattern, allows in self.rules if _matches(pattern, path)), True)


def read_robots(text: str) -> Robots:
    """What a robots.txt says to us, all groups that name us taken together; where none does, those for `*`."""
    groups = {PRODUCT: _Group(), "*": _Group()}
    named: set[str] = set()
    begun = False  # whether rules have followed the agents, so that the next agent begins another group
    for name, value in _fields(text):
        if name in _AGENTS:
            if begun:
                named, begun = set(), False
            token = _TOKEN.match(value)
            agent = "*" if value.startswith("*") else token[0].lower() if token else ""
            named |= {agent} & groups.keys()
        elif name in _RULES or name == "crawl-delay":
            begun = True
            for agent in named:
                groups[agent].take(name, value)
    chosen = groups[PRODUCT] if groups[PRODUCT].named else groups["*"]
    rules = sorted(chosen.rules.items(), key=lambda rule: -len(rule[0]))
    return Robots(rules=tuple(rules), delay=chosen.delay)


@dataclass(slots=True)
class _Group:
    """What stands under one agent, in however many places. Of two equal rules the kinder one counts."""

    rules: dict[str, bool] = field(default_factory=dict)
    delay: float | None = None
    named: bool = False

    def take(self, name: str, value: str) -> None:
        self.named = True
        if name == "crawl-delay":
            self.delay = max(filter(None, (self.delay, _seconds(value))), default=None)
        elif pattern := _pattern(value):
            self.rules[pattern] = self.rules.get(pattern, False) or _RULES[name]


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE_END.split(text.removeprefix("\ufeff")):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _pattern(value: str) -> str:
    """A rule's path in the spelling that addresses are compared in; `$` stays at its end only."""
    if not value.startswith(("/", "*")):
        return ""
    value, end = (value[:-1], "$") if value.endswith("$") else (value, "")
    return re.sub(r"\*{2,}", "*", _plain(value)).replace("$", "%24") + end


def _plain(path: str) -> str:
    """One spelling: letters outside ASCII escaped, escapes of plain letters undone, the others in capitals."""
    plain = _ESCAPE.sub(_unescaped, path.encode("utf-8", "replace"))
    return quote_from_bytes(plain, safe="/%:@!$&'()*+,;=~?|[]")


def _unescaped(match: re.Match[bytes]) -> bytes:
    byte = int(match[1], 16)
    return bytes((byte,)) if byte in _UNRESERVED else match[0].upper()


def _matches(pattern: str, path: str) -> bool:
    """Each piece between the stars is looked for once, from left to right: linear, whatever the pattern."""
    whole = pattern.endswith("$")
    first, *pieces = (pattern[:-1] if whole else pattern).split("*")
    if not path.startswith(first):
        return False
    if not pieces:
        return not whole or len(path) == len(first)
    at = len(first)
    for piece in pieces[:-1]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if whole:
        return len(path) - len(pieces[-1]) >= at and path.endswith(pieces[-1])
    return path.find(pieces[-1], at) >= 0


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value[:20])
    except ValueError:
        return None
    return min(seconds, _LONGEST_DELAY) if seconds > 0 else None  # NaN is not more than nothing
