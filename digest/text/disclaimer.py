"""Pure: a text without the words that Russian law puts above what some may publish."""

import re

# "THIS MESSAGE (MATERIAL) WAS CREATED AND (OR) SPREAD BY A FOREIGN …", up to what is not in capitals; in small letters
# up to the end of its line.
_DISCLAIMER = re.compile(
    r"(?:18\+\s*)?(?:"
    r"(?:ДАННОЕ СООБЩЕНИЕ|НАСТОЯЩ(?:ИЙ МАТЕРИАЛ|ЕЕ СООБЩЕНИЕ)) \((?:МАТЕРИАЛ|ИНФОРМАЦИЯ)\)[^a-zа-яё\n]*(?![a-zа-яё])"
    r"|(?i:данное сообщение|настоящ(?:ий материал|ее сообщение)) (?i:\((?:материал|информация)\))"
    r"[^\n]{0,400}?иностранн[^\n]*)"
)
_SIGNS = "(ИЛИ)", "(или)"  # what each of them has


def without_disclaimer(text: str) -> str:
    """The text without it."""
    return _DISCLAIMER.sub("", text) if any(sign in text for sign in _SIGNS) else text
