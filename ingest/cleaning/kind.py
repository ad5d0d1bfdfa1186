"""What keeps a post out of stories: advertisement, announcement, chatter. Rules in words, precision first: a story lost
costs a reader more than a caption kept.

Each rule has a name, and the name of the rule that dropped a post can be shown.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from core.model import UNKNOWN, Kind, Link, NewPost
from core.words import fold
from ingest.cleaning.cues import ASKS_PHRASES, ASKS_PLEA, MIXES, STYLED, TWO_ALPHABETS, Wording, is_styled, wording
from ingest.cleaning.fingerprint import said
from ingest.cleaning.kind_model import CAPTION_BAR, KINDS, KindModel, holds_any, kind_model
from ingest.cleaning.kind_rules import (
    ADVERT_LINK,
    ADVERTS,
    ALERT,
    ATTRIBUTION,
    EVENT,
    HUMOUR,
    INVITATION,
    LAUGH,
    NAME,
    OF_ITSELF,
    PLEA,
    QUOTED,
    QUOTES,
    RULES,
    SAID_BY,
    SHOWN_URL,
)
from ingest.cleaning.phrases import ruled_by_phrase

LOOKED_AT = 4000  # characters of a post that the rules see; Telegram allows 4,096

_SHORT = 60  # letters and digits: as long as a caption; headlines of that length are told from them by their words
_SHORT_PUNCHLINE = 110
_INVITATIONS = 3  # times the address of one private channel is written out: the post is about nothing else
_SHORT_PLEA = 280  # a post that ends with a call to comment; a longer one has told something first

_FEWEST_OF_AN_OFFER = 3  # words
_A_FEW_LINES = 400  # characters
_LONGEST_SPEAKER = 80  # characters
_LEARNED_FROM = {"en", "ru", "uk", UNKNOWN}  # languages of the posts that the weights were learned from
# Letters from Armenian to Tibetan and beyond, from kana and Chinese to Korean, and their forms.
_OTHER_SCRIPT = re.compile("[\u0531-\u1cff\u3041-\ud7ff\uf900-\ufdff\ufe70-\ufefc]")
_LONGEST_OFFER = 1000  # characters; what is longer has told something
_SHORT_OFFER = 450  # below a longer text stands the address of the channel's own shop
_SELLERS = 2  # who may be written to; more are a list of those of whom readers shall ask something
_END_OF_OFFER = 250  # characters
_CALL_ME = re.compile("[☎📞]")
_TELEPHONE = re.compile(r"(?<![\d/=.-])[+(]?\d(?:[ ()-]{0,2}\d){6,13}(?![\d/])")
_WRITE_ME = re.compile(
    r"\bwa\.me/\d|\bwa\.me/message/|api\.whatsapp\.com/send|[🛒🛍]\W{0,8}(?:\w++\W{1,8}?){0,4}?(?:\w*://|@\w)"
)
_MANY_STYLED = 60  # letters and digits of a text; a headline may be set in such letters
_IN_SHOP = re.compile(  # where a thing is bought: the short addresses are made for those who are paid for it
    r"//(?:www\.|m\.|s\.click\.|[a-z]{2}\.)?(?:amzn\.(?:to|eu)|amazon\.(?:com?\.)?[a-z]{2,3}|aliexpress\.(?:com|us|ru)"
    r"|temu\.(?:com|to)|ebay\.(?:com|co\.uk|de|es|fr|it|us))/",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[€£$]\s?\d|\d\s?(?:[€£$₽]|(?:eur|euros?|pln|zł|tl)\b)", re.IGNORECASE)
_LONGEST_DEAL = 1000  # characters
_MARKED = "marked as advertising"
_OF_RULES = ASKS_PLEA - 1
_HANGS = re.compile(r"[\w)»\"*]\s?:\Z")
_MIXED = re.compile(rf"\b\w*(?:{TWO_ALPHABETS.pattern})\w*")


@lru_cache(maxsize=256)  # asked of all posts that are read together for their signatures, and then for their kinds
def is_advert(text: str) -> bool:
    """Whether a text carries a mark of paid content anywhere: the law's, the trade's or Telegram's."""
    folded = text[:LOOKED_AT].casefold()
    return any(holds_any(folded, hints) and mark.search(folded) is not None for hints, mark in ADVERTS)


def kind_of(post: NewPost, body: str, used: Wording | None = None, language: str = UNKNOWN) -> tuple[Kind, str]:
    """What a post is and the rule that says so; `Kind.NEWS` with an empty reason where nothing speaks against a story.

    `body` is the text without the channel's signature, `language` its code, `used` the words of it, found here if not
    given. Where no rule speaks the words and looks of the whole do (`kind_model.py`).
    """
    if post.service:
        return Kind.SERVICE, "service message"
    head = body[:LOOKED_AT]
    if used is None:
        used = wording(said(head))
    kind, reason = (Kind.PROMO, _MARKED) if _marked_links(post.buttons) else ruled(post.text, head, used, post.links)
    if kind is not Kind.NEWS:
        return kind, reason
    return weighed(kind_model(), head, used, post.links, language)


def ruled(text: str, head: str, used: Wording, links: Sequence[Link]) -> tuple[Kind, str]:
    """What a rule says of a post, `head` being the beginning of its text without the channel's signature and `used` the
    words of that; `Kind.NEWS` with an empty reason where none speaks. A mark of paid content counts wherever it stands
    in the text: a last line `#ad` goes as signature."""
    if _marked_links(links):
        return Kind.PROMO, _MARKED
    if _sells_in_shop(links, head):
        return Kind.PROMO, "a price and where to pay it"
    if not any(map(str.isalnum if len(head) > _SHORT else str.isalpha, head)):
        return Kind.CHATTER, "no words"
    if is_advert(text):
        return Kind.PROMO, _MARKED
    if "t.me/" in head and max(Counter(INVITATION.findall(head)).values(), default=0) >= _INVITATIONS:
        return Kind.PROMO, "invites again and again"
    folded = head.casefold()
    if used.cues & MIXES:
        folded = _MIXED.sub(lambda word: fold(word.group()), folded)  # the rules know the words of one alphabet
    for kind, reason, speaks in _may_speak(used.cues & _OF_RULES):
        if speaks(folded) and not (reason in OF_ITSELF and QUOTES.search(folded)):
            return kind, reason
    if used.cues & STYLED and _hides_from_filters(head, used):
        return Kind.PROMO, "in letters that filters do not read"
    if used.cues & ASKS_PHRASES:
        kind, reason = ruled_by_phrase(used.words, head, text)
        if reason:
            return kind, reason
    reason = _chatter(text, links, head, folded, used)
    return (Kind.CHATTER, reason) if reason else (Kind.NEWS, "")


def weighed(model: KindModel, head: str, used: Wording, links: Sequence[Link], language: str) -> tuple[Kind, str]:
    """What the words and looks of a post say where no rule does: in a language that the model does not know, whether it
    offers something. What looks like a caption is one unless its words are those of a headline."""
    if language not in _LEARNED_FROM or (language == UNKNOWN and _OTHER_SCRIPT.search(head)):
        return (Kind.PROMO, offer) if (offer := _offer(head)) else (Kind.NEWS, "")
    if caption := _caption(head, used, links):
        looks_so = model.verdict(head, used, links, bar=CAPTION_BAR) is not None
        return (Kind.CHATTER, caption) if looks_so else (Kind.NEWS, "")
    return model.verdict(head, used, links, lambda: _barred(head, used.words, links)) or (Kind.NEWS, "")


def _offer(head: str) -> str:
    """By what a text offers something, in any language; empty where it does not."""
    if len(head) > _LONGEST_OFFER:
        return ""
    if _CALL_ME.search(head) and _TELEPHONE.search(head, max(0, len(head) - _END_OF_OFFER)):
        return "gives a telephone number to call"
    if len(head) <= _SHORT_OFFER and 0 < len(_WRITE_ME.findall(head)) <= _SELLERS:
        return "asks to write to a seller"
    return ""


def _barred(head: str, words: Sequence[str], links: Sequence[Link]) -> frozenset[Kind]:
    """What a post cannot be, whatever its words and looks say: what is as a whole the title of a page may be a story,
    as may what tells in a few lines of an event with a name or a number; two words offer nothing; who is quoted does
    not speak for the channel; what leads to a page or has a word for an event ("missile launched" is as short as a
    caption) is no chatter."""
    leads_out = _leads_out(links)
    if leads_out and any(link.label.strip() == head.strip() for link in links if link.label):
        return frozenset(KINDS)
    folded = head.casefold()
    in_few_lines = len(head) < _A_FEW_LINES
    if in_few_lines and (NAME.search(head) or any(map(str.isdigit, head))) and EVENT.search(folded):
        return frozenset(KINDS)
    barred = {Kind.PROMO, Kind.ANNOUNCE} if len(words) < _FEWEST_OF_AN_OFFER else set[Kind]()
    if QUOTES.search(folded) or SAID_BY.search(head[-_LONGEST_SPEAKER:]):
        barred |= {Kind.ANNOUNCE, Kind.CHATTER}
    elif leads_out or EVENT.search(folded):
        barred.add(Kind.CHATTER)
    return frozenset(barred)


def _caption(head: str, used: Wording, links: Sequence[Link]) -> str:
    """By what a short text looks like a caption; empty where it does not."""
    if used.letters > _SHORT_PUNCHLINE or (letters := _letters(head, _SHORT_PUNCHLINE)) > _SHORT_PUNCHLINE:
        return ""
    folded = head.casefold()
    if letters <= _SHORT and not _tells(links, head, folded):
        return "a caption without a name, a number or an event"
    if _HANGS.search(head) and not _leads_out(links) and not _reports(head, folded):
        return "a line whose end is in the picture"
    return ""


def _hides_from_filters(head: str, used: Wording) -> bool:
    """Whether most words of a text that leads somewhere in Telegram are in letters made for formulas."""
    if used.letters < _MANY_STYLED or not ("@" in head or "t.me/" in head):
        return False
    return 2 * sum(map(is_styled, used.words)) > len(used.words)


def _chatter(text: str, links: Sequence[Link], head: str, folded: str, used: Wording) -> str:
    """What a short text is instead of news; empty where it may be news."""
    if used.letters > _SHORT_PLEA:
        return ""
    if used.cues & ASKS_PLEA and _letters(head, _SHORT_PLEA) <= _SHORT_PLEA and PLEA.search(folded):
        return "asks for comments"
    if "#" in text and HUMOUR.search(text.casefold()) and not _leads_out(links):
        return "marked as a joke"
    return ""


@lru_cache(maxsize=1024)
def _may_speak(asked: int) -> Sequence[tuple[Kind, str, Callable[[str], object]]]:
    """The rules that are asked, of a text with words for `asked`: kind, name, and whether it speaks."""
    return [
        # A search would try a rule of a text's beginning at every letter of it.
        (kind, reason, rule.match if rule.pattern.startswith(r"\A") else rule.search)
        for at, (kind, reason, cues, rule) in enumerate(RULES)
        if not cues or asked >> at & 1
    ]


def _letters(text: str, enough: int) -> int:
    """How many letters and digits there are; where there are more than `enough`, no fewer than one more."""
    count = 0
    for at in range(0, len(text), 128):
        count += sum(map(str.isalnum, text[at : at + 128]))
        if count > enough:
            break
    return count


def _marked_links(links: Sequence[Link]) -> bool:
    if not links:
        return False
    hints, mark = ADVERT_LINK
    urls = "\n".join([link.url for link in links])
    return holds_any(urls.lower(), hints) and mark.search(urls) is not None


def _sells_in_shop(links: Sequence[Link], head: str) -> bool:
    """Whether a short text names a price and leads to a thing in a shop."""
    if not links or len(head) > _LONGEST_DEAL or not any(_IN_SHOP.search(link.url) for link in links):
        return False
    return _PRICE.search(head) is not None


def _tells(links: Sequence[Link], head: str, folded: str) -> bool:
    """Whether a short text says anything of an event; one that laughs does not by a name alone."""
    if _leads_out(links) or any(map(str.isdigit, head)) or _reports(head, folded):
        return True
    return NAME.search(head) is not None and LAUGH.search(head) is None


def _reports(head: str, folded: str) -> bool:
    """Whether a text has a word for an event, a sign of alarm, a quotation or a source."""
    return EVENT.search(folded) is not None or any(sign.search(head) for sign in (ALERT, QUOTED, ATTRIBUTION))


def _leads_out(links: Sequence[Link]) -> bool:
    """Whether a link leads to a page outside Telegram; one to a picture or a clip is what the post shows."""
    return any(
        not link.url.startswith(("https://t.me/", "http://t.me/")) and SHOWN_URL.search(link.url) is None
        for link in links
    )
