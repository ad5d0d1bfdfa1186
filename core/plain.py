"""Text by others where people read it: signs that move a cursor, colour a screen or turn a line are spelled out."""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text with each such sign as Python would write it (`\\x1b`); tabs and line breaks stay."""
    return _CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


def plain_json(document: str) -> str:
    """The same for a JSON document, which says the same then."""
    return _CONTROLS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", document)
