"""Pure: where a key stands in a text in TOML. The parser of the standard library tells no places; this reads only
headers and keys, which is enough for a message."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^\s."']+)""")


def line_of(text: str, path: Sequence[str], value: str | None = None) -> int | None:
    """The line where the key of this path stands, or, after it, `value` as a string; else that of the nearest table."""
    wanted = tuple(path)
    best: tuple[int, int] = (0, 0)
    table: tuple[str, ...] = ()
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table, here = _parts(header[1]), _parts(header[1])
        elif key := _KEY.match(line):
            here = (*table, *_parts(key[1]))
        else:
            here = ()
        if here:
            common = len(here) if here == wanted[: len(here)] else 0
            if here[: len(wanted)] == wanted:
                common = len(wanted)
            if common > best[0]:
                best = (common, number)
            inside = common == len(wanted)
        if inside and value is not None and (f'"{value}"' in line or f"'{value}'" in line):
            return number
    return best[1] or None


def _parts(dotted: str) -> tuple[str, ...]:
    """The parts of a dotted key, without quotes."""
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))
