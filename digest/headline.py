"""Pure: a headline for a story, chosen from its titles or first sentences and shortened by deletion alone."""

import re
from collections.abc import Sequence

from core.words import stems
from digest.summarize import CYRILLIC_LANGUAGES, MOST_TEXTS, most_central
from digest.tidy import TRAILING, is_cyrillic, plain_sentences, shorten

LONGEST = 110  # characters
FEWEST_WORDS = 3

_CREDIT = re.compile(
    r"\s*(?:[—–-]\s*(?:РИА Новости|ТАСС|Интерфакс|Reuters|Bloomberg|BBC|AP|AFP|СМИ|источники?|Минобороны[^,]{0,20})"
    r"|,\s*(?:сообща(?:ет|ют)|сообщил[аои]?|передает|передаёт|пишет|пишут|заявил[аои]?)\s[^,.]{2,40}"
    r"|,\s*(?:according to|reports?|said)\s[^,.]{2,40})\s*[.]?$",
    re.IGNORECASE,
)
_RUBRIC = re.compile(
    r"^(?:[\"«]?(?:срочно|молния|главное|видео|фото|breaking(?: news)?|just in|watch|video|photos?|update|exclusive)"
    r"[!:.|—–-][!:.|\s—–-]*)+",
    re.IGNORECASE,
)


def headline(
    texts: Sequence[str], titles: Sequence[str] = (), language: str | None = None, longest: int = LONGEST
) -> str:
    """The most central title, or, without titles, the most central first sentence of `texts`, as a headline of at most
    `longest` characters; in the script of `language` where there is one. Empty if nothing can be read."""
    candidates = [lead for text in titles[:MOST_TEXTS] if (lead := _lead(text))]
    candidates = candidates or [lead for text in texts[:MOST_TEXTS] if (lead := _lead(text))]
    if language and language != "unknown":
        wanted = language in CYRILLIC_LANGUAGES
        candidates = [lead for lead in candidates if is_cyrillic(lead) == wanted] or candidates
    statements = [lead for lead in candidates if not lead.endswith("?")] or candidates
    if not statements:
        return ""
    return shorten(as_headline(statements[most_central([stems(lead) for lead in statements])]), longest)


def as_headline(sentence: str) -> str:
    """The sentence without rubric, credit and full stop; left whole where that would leave a stump."""
    bare = _RUBRIC.sub("", sentence)
    bare = _CREDIT.sub("", bare)
    if len(stems(bare)) < FEWEST_WORDS:
        bare = sentence
    if bare.endswith(".") and not bare.endswith(".."):
        bare = bare[:-1]
    return bare.rstrip(TRAILING)


def _lead(text: str) -> str:
    """The first sentence that is long enough to say something."""
    read = plain_sentences(text[:4000])
    return next((sentence for sentence in read if len(stems(sentence)) >= FEWEST_WORDS), read[0] if read else "")
