"""Pure: numbers, months and days in German, French, Spanish and Ukrainian, put into English."""

import re
from functools import cache

from digest.text.word_lists import lines_of

_FOREIGN = re.compile(
    r"[іїєґ]|\b(?:und|der|das|ist|mit|von|bei|einem|hat|am|sind|wurde|auf|für|les|des|une|dans|pour|sur|aux|le|la|du|est"
    r"|un|los|las|una|del|por|para|fue|tras|que|el|en|de)\b",
    re.IGNORECASE,
)
_FOREIGN_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_DAY_OF = re.compile(r"(?<=\b\d)(\d?)(?:\.|\sde)\s(?=[A-Z])")


def is_foreign(text: str) -> bool:
    """Whether the text is probably neither English nor Russian."""
    return len({match[0].lower() for match in _FOREIGN.finditer(text)}) > 1  # one may be a name: "Los Angeles"


def in_english(text: str) -> str | None:
    """The text with the numbers, months and days of other languages in English; None where there are none."""
    if not is_foreign(text):
        return None
    known = _known()
    translated = _FOREIGN_WORD.sub(lambda match: known.get(match[0].lower(), match[0]), text)
    # German and Spanish put something between a day and its month
    return _DAY_OF.sub(r"\1 ", translated) if translated != text else None


@cache
def _known() -> dict[str, str]:
    table = (line.split("; ") for line in lines_of("foreign_figures.txt"))
    return {word: english for english, *words in table for word in words}
