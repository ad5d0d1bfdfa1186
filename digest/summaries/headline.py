"""Pure: a headline for a story, chosen from the first sentences of its posts and shortened by deletion alone."""

import re
from collections.abc import Sequence

from core.words import stems
from digest.model import CitedSentence
from digest.summaries.summarize import LONGEST_OPENING, LONGEST_TITLE, MOST_TEXTS, most_central
from digest.text.function_words import content_stems
from digest.text.scripts import in_cyrillic, is_cyrillic
from digest.text.tidy import (
    FEWEST_SPOKEN,
    NO_CALL,
    TRAILING,
    balanced,
    has_verb,
    is_caption,
    plain_sentences,
    points_back,
    shorten,
    spoken,
    stands_alone,
)

SHORTEST = 40  # below which nothing more is cut off
FEW_LEFT = 16  # characters that are not left to stand behind a title in other letters
FEWEST_WORDS = 3
FEWEST_STATING = 4  # words of a post's own headline
FEWEST_ASKING = 6  # of one that asks

_CREDIT = re.compile(
    r"\s*(?:[—–-]\s*(?:РИА Новости|ТАСС|Интерфакс|Reuters|Bloomberg|BBC|AP|AFP|СМИ|источники?|Минобороны[^,]{0,20})"
    r"|,\s*(?:сообща(?:ет|ют)|сообщил[аои]?|передает|передаёт|пишет|пишут)\s[^,.]{2,40}"
    r"|,\s*(?:according to|reports?)\s[^,.]{2,40})\s*[.]?$",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"\s(?=(?:в|во|на|с|со|по|для|от|из|к|ко|о|об|у|за|при|без|до|после|против|между|через|под|над|не|и"
    r"|in|on|at|of|for|with|from|to|by|against|after|before|over|into|under|between|through|and)\s)",
    re.IGNORECASE,
)

# What speaks to the reader, or of what the channel does: "Ваши новости", "Читайте …", "Продолжаем следить …".
_TO_READER = re.compile(
    rf"\b(?:вы|вас|вам|ваш\w*|ты|теб[яе])\b|^(?:ну|всем)\b|^{NO_CALL}\w{{3,}}(?:[йи]те(?:сь)?|[еи]мся)\b|^\w{{4,}}ем\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
_DASH = re.compile(r"\s[—–-]\s")
_ABBREVIATED = re.compile(r"(?<![\w’'])(?:[^\W\d_]|гг|руб|тыс)\.$")  # "Anna T.", "2024 г.", "5 a.m."


def headline(texts: Sequence[str], language: str | None = None) -> CitedSentence | None:
    """The most central first sentence of `texts` as a headline of at most `LONGEST_TITLE` characters, with the texts
    that begin so; in the script of `language` where there is one. None if nothing can be read."""
    candidates = [(lead, place) for place, text in enumerate(texts[:MOST_TEXTS]) if (lead := _lead(text))]
    if (wanted := in_cyrillic(language)) is not None:
        legible = [each for each in candidates if is_cyrillic(each[0]) == wanted]
        candidates = [each for each in legible if len(stems(each[0])) >= FEWEST_STATING] or candidates
    statements = [each for each in candidates if not each[0].endswith(("?", "؟", "？", ":", "："))] or candidates
    statements = [each for each in statements if balanced(each[0])] or statements
    statements = [each for each in statements if not points_back(each[0]) and not is_caption(each[0])] or statements
    if not statements:
        return None
    words = [stems(lead) for lead, _ in statements]
    chosen = most_central(words)
    same = [place for (_, place), other in zip(statements, words, strict=True) if other == words[chosen]]
    return CitedSentence(text=shorten(as_headline(statements[chosen][0]), LONGEST_TITLE), sources=tuple(same))


def own_headline(texts: Sequence[str], sentence: str) -> tuple[str, int] | None:
    """How the first of the `texts` begins, and its place, if `sentence` stands further on in all of them: a post's own
    headline, without which one may not know of whom the sentence speaks. None where that is no statement."""
    leads = [next(iter(plain_sentences(text[:4000])), "") for text in texts]
    if sentence in leads:
        return None
    own = ((lead, place) for place, lead in enumerate(leads) if _states(lead) and not _answered(lead, sentence))
    return next(((as_headline(lead), place) for lead, place in own), None)


def _answered(lead: str, sentence: str) -> bool:
    """Whether a lead asks, and the sentence says by itself what is spoken of."""
    return lead.endswith("?") and not content_stems(lead).isdisjoint(content_stems(sentence))


def _states(lead: str) -> bool:
    """Whether it says something by itself, in a line: no rubric such as "The news at this hour", nor "You have scrolled
    all the way down". Only of Russian it is known what does, for it has to have a verb."""
    said = _QUOTATION.sub("", lead)
    if len(lead) > LONGEST_TITLE or points_back(lead) or _TO_READER.search(said) or not is_cyrillic(lead):
        return False
    fewest = FEWEST_ASKING if lead.endswith("?") else FEWEST_STATING
    told = lead.removesuffix("?")  # a question tells of what the answer below it speaks
    return any(map(has_verb, _DASH.split(said))) and stands_alone(told, opens=True, fewest=fewest)


def opening(summary: Sequence[CitedSentence]) -> CitedSentence:
    """How the summary opens, as a title."""
    whole = as_headline(summary[0].text)
    title = shorten(whole, LONGEST_TITLE)
    if len(whole) - len(title) <= FEW_LEFT:
        title = whole
    elif title.endswith("…"):
        cut = _outside_quotations(title)
        title = whole if len(whole) <= LONGEST_OPENING else cut if cut != title else _before_phrase(title)
    return CitedSentence(text=title, sources=summary[0].sources)


def _outside_quotations(cut: str) -> str:
    """A headline that was cut, without the beginning of a quotation whose end is cut off."""
    opened = max(cut.rfind("«"), cut.rfind("“"))
    whole = balanced(cut.removesuffix("…")) or opened < SHORTEST
    return cut if whole else cut[:opened].rstrip(TRAILING) + "…"


def _before_phrase(cut: str) -> str:
    """A headline that was cut between two words, cut before the phrase that these stand in: the rest of the sentence
    follows in other letters, and "in the Turkish | capital" would fall apart."""
    begun = [found.start() for found in _PHRASE.finditer(cut) if found.start() >= SHORTEST]
    return cut[: begun[-1]].rstrip(TRAILING) + "…" if begun else cut


def as_headline(sentence: str) -> str:
    """The sentence without credit and full stop; left whole where that would leave a stump."""
    bare = _CREDIT.sub("", sentence)
    if len(stems(bare)) < FEWEST_WORDS:
        bare = sentence
    if bare.endswith(".") and not bare.endswith("..") and not _ABBREVIATED.search(bare):
        bare = bare[:-1]
    return bare.rstrip(TRAILING)


def _lead(text: str) -> str:
    """The first sentence that is long enough to say something."""
    read = plain_sentences(text[:4000])
    said = (sentence for sentence in read if _says_something(stems(sentence)))
    return next(said, read[0] if read else "")


def _says_something(words: Sequence[str]) -> bool:
    return len(words) >= FEWEST_WORDS and spoken(words) >= FEWEST_SPOKEN
