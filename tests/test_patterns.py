"""Patterns mean the same to every Python that Courant runs on."""

import re

from tests.own_code import lines_with

_FOLDERS = ("app", "bot", "core", "digest", "ingest", "storage")
_POSSESSIVE_GROUP = re.compile(r"(?<![(\\])\)(?:[?*+]|\{[\d,]+\})\+")


def test_no_group_is_possessive() -> None:
    """Before 3.11.5 Python keeps what such a group took before it gave up: of "a'" in a word, of "1,23" in a number."""
    assert lines_with(_FOLDERS, _POSSESSIVE_GROUP.search) == []
