"""Tags that are several words written as one: `#LondonAttacks` is "London Attacks". Pure."""

import re

_TAG = re.compile(r"#((?:[A-ZА-ЯЁ][a-zа-яё]++){2,6}\d{0,4})(?!\w)")
_NEXT_WORD = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ\d])")


def apart(text: str) -> str:
    """The text with such tags as their words; others, and words that a capital begins anew in, stay."""
    return _TAG.sub(lambda tag: _words(tag[1]), text) if "#" in text else text


def words_of_tags(text: str) -> str:
    """The words of such tags alone."""
    return " ".join(map(_words, _TAG.findall(text))) if "#" in text else ""


def _words(tag: str) -> str:
    return _NEXT_WORD.sub(" ", tag)
