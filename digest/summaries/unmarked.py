"""Pure: a model's text without markup and what nobody sees, and whether something in it may be taken for a link."""

import re
import unicodedata
from html import unescape

from core.words import normal
from digest.text.tidy import INVISIBLE

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,300}>")
_BARE_TAG = re.compile(r"</?[A-Za-z]{1,10}>")  # nothing in it leads anywhere
_MARKS = re.compile(
    r"[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}|^\s*(?:#{1,6}\s|[-*•>]\s|\d{1,2}[.)]\s)|#(?=\w)|\$(?=[A-Za-z])"
)
_REFERENCE = re.compile(r"\s?\[\d{1,3}(?:\s?,\s?\d{1,3}){0,20}\]")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:/?/|\b(?:mailto|tel|tg|javascript|data|sms|ton):\S|\bwww\.|\]\s?\(|\[[^\]]{1,200}\]:"
    r"|@\s?\w|\w\s?[(\[]\s?(?:at|dot|собака|точка)\s?[)\]]\s?\w|(?<![\w/])/[a-z_]\w*"
    r"|[a-z0-9-]{1,63}[.。．](?:com|org|net|ru|me|io|info|biz|gov|edu|xyz|ly|gl|cc|su|ua|by|kz|uk|de|eu|tv|app|dev|site|"
    r"online|shop|club|top|link|ai|co|us)\b(?!\s[a-z])|[a-z0-9-]{1,63}\.[a-z]{2,24}(?=[/:]\w)"
    r"|\w{2,63}\.(?:рф|рус|москва|онлайн|сайт|xn--\w+)\b|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[a-z0-9-]{2,63}\.[a-z]{2,24}\b", re.IGNORECASE)
# Endings of files and of names such as Vue.js; none is a domain, so nothing makes a link of them.
_FILE = re.compile(
    r".*\.(?:js|jsx|tsx|json|txt|csv|xml|html|css|toml|yaml|yml|ini|cfg|sql|exe|dll|apk|pdf|docx|xlsx|png|jpg|jpeg|gif|svg"
    r"|wav|mp3|mp4|avi)",
    re.IGNORECASE,
)
_KEYCAP = re.compile(r"[\d#*]\ufe0f?\u20e3")
_KEPT_SYMBOLS = frozenset("°№℃℉")


def unmarked(text: str) -> str:
    """The text without markup, references in brackets, emoji and whatever else is not seen or turns a line around."""
    text = _KEYCAP.sub(" ", normal("NFC", INVISIBLE.sub("", unescape(text))))
    text = _REFERENCE.sub("", _TAG.sub("", text))
    text = _MARKS.sub("", "".join(filter(_seen, text)))
    return " ".join(_fewer_accents(text).split())


def has_link(text: str) -> bool:
    """Whether Telegram or a reader could take something in `text` for a link, a mention or a command."""
    plain = normal("NFKC", _BARE_TAG.sub("", INVISIBLE.sub("", text)))
    if _LINK.search(plain):
        return True
    # "end.The next" is a slip, "bit.ly" is not: a slip has a capital after the full stop
    glued = (match[0] for match in _GLUED.finditer(plain))
    return any(not each.rpartition(".")[2][0].isupper() and not _FILE.fullmatch(each) for each in glued)


def _seen(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in "\t\n"
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Me", "Sk"):
        return False
    return (kind != "So" or character in _KEPT_SYMBOLS) and not "\ufe00" <= character <= "\ufe0f"


def _fewer_accents(text: str) -> str:
    """At most two combining marks on a letter: more are a prank."""
    kept: list[str] = []
    for character in text:
        if not (unicodedata.combining(character) and len(kept) > 1 and all(map(unicodedata.combining, kept[-2:]))):
            kept.append(character)
    return "".join(kept)
