"""Pure: a text without the words that Russian law puts above what some may publish."""

import re

# "THIS MESSAGE (MATERIAL) WAS CREATED AND (OR) SPREAD BY A FOREIGN …", up to the end of its sentence or line, which a
# full stop behind an initial is not; what is in capitals also up to a number and to what is in small letters, for they
# are of the news.
_ANY = r"(?:[^.\n]|(?<=\b\w)\.|\.(?!\s))"
_LOUD = r"(?:[^a-zа-яё\d.\n]|(?<=\b\w)\.|\.(?!\s))"
_DISCLAIMER = re.compile(
    r"(?:18\+\s*)?(?:"
    rf"(?:ДАННОЕ СООБЩЕНИЕ|НАСТОЯЩ(?:ИЙ МАТЕРИАЛ|ЕЕ СООБЩЕНИЕ)) \((?:МАТЕРИАЛ|ИНФОРМАЦИЯ)\){_LOUD}*(?![a-zа-яё])\.?"
    r"|(?i:данное сообщение|настоящ(?:ий материал|ее сообщение)) (?i:\((?:материал|информация)\))"
    rf"{_ANY}{{0,400}}?иностранн{_ANY}*\.?)(?:\s*18\+)?"
)
_SIGNS = "(ИЛИ)", "(или)"  # what each of them has


def without_disclaimer(text: str) -> str:
    """The text without it."""
    return _DISCLAIMER.sub("", text) if any(sign in text for sign in _SIGNS) else text
