"""Patterns mean the same to every Python that Courant runs on."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FOLDERS = ("app", "bot", "core", "digest", "ingest", "storage")
_POSSESSIVE_GROUP = re.compile(r"(?<![(\\])\)(?:[?*+]|\{[\d,]+\})\+")


def test_no_group_is_possessive() -> None:
    """Before 3.11.5 Python keeps what such a group took before it gave up: of "a'" in a word, of "1,23" in a number."""
    assert [
        f"{path.relative_to(_ROOT)}:{number}: {line.strip()}"
        for folder in _FOLDERS
        for path in sorted((_ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    ] == []
