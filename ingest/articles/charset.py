"""The bytes of a web page to text, whatever alphabet it was written in. Pure.

As browsers do: a byte order mark, then the header, then what the page says of itself, then a guess. With two
exceptions, for the sake of pages as they are: what can be read as UTF-8 is UTF-8, for no other alphabet reads so by
chance; and a server that says ISO-8859-1, which many say of every page, is believed after the page.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

MAX_HTML: Final = 3_000_000  # characters of a page that are read
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_WINDOWS = re.compile(r"(?:x[-_])?(?:win|windows|cp|ms)[-_]?(125\d|866|874|932|949|950)")
_BROKEN = re.compile(r"[\udc80-\udcff]+")
_WORDS = re.compile(rb"[\x80-\xff]{3,}")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LOOKED_AT = 8192
_SAMPLE = 1 << 21
_FORGIVEN = 0.002  # the share of a page that may be broken: a cut character, a pasted one

# What pages are written in; Python knows more codecs, among them such as are no alphabets at all.
_TEXT = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "kz1048", "ptcp154"}
    | {f"cp{number}" for number in (*range(1250, 1259), 874, 949, 950)}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {"gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "iso2022_jp"}
)
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
_SLIPS = {"utf8mb4": "utf-8", "utf-8-sig": "utf-8", "unicode": "utf-8", "x-sjis": "cp932", "x-gbk": "gb18030"}
_RUSSIAN: Final = ("cp1251", "koi8-r", "cp866", "iso8859-5")
_COMMONEST: Final = "оеаинтсрвлкмдпу"


def decode_page(page: bytes, content_type: str = "") -> str:
    """The text of a page; `content_type` is the header it came with. Never raises: what fits nowhere is replaced."""
    for mark, name in _BOMS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    if order := _two_bytes(page):
        return page.decode(order, "replace")
    if not page.isascii() and (whole := _strict(page)) is not None:
        return whole
    text, good, bad = _as_utf8(page)
    if good and good >= 4 * bad:
        return text
    for name in _named(page, content_type):
        found = page.decode(name, "replace")
        if found.count("\ufffd") <= len(found) * _FORGIVEN and not (name == "cp1252" and _is_cyrillic(page)):
            return found
    return text if good >= bad else page.decode(_guess(page), "replace")


def is_two_byte(page: bytes) -> bool:
    """Whether a page is written in UTF-16, so that bytes of zero belong into it."""
    return page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _two_bytes(page) is not None


def _two_bytes(page: bytes) -> str | None:
    """UTF-16 without its mark: of a page's Latin markup every other byte is zero."""
    sample = page[:512]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(page: bytes) -> str | None:
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _as_utf8(page: bytes) -> tuple[str, int, int]:
    """The page read as UTF-8, with how many of its letters outside ASCII are that and how many bytes are not; those
    were pasted from elsewhere."""
    text = page.decode("utf-8", "surrogateescape")
    high = len(text) - len(text.encode("ascii", "ignore"))
    runs = _BROKEN.findall(text)
    bad = sum(map(len, runs))
    if bad and high >= 2 * bad:
        foreign = "cp1251" if len(_CYRILLIC.findall(text)) * 2 > high else "cp1252"
        text = _BROKEN.sub(lambda run: run[0].encode("utf-8", "surrogateescape").decode(foreign, "replace"), text)
    return text, high - bad, bad


def _named(page: bytes, content_type: str) -> Iterator[str]:
    head = page[:_LOOKED_AT]
    closed = head.rfind(b"-->") + 3  # a comment that nothing closes would be followed to the end from each beginning
    head = _COMMENT.sub(b"", head[:closed]) + head[closed:]
    header, *own = (_HEADER.search(content_type), _META.search(head), _XML.search(head))
    names = [name for match in (header, *own) if match and (name := _codec(match[1]))]
    if header and names and names[0] == "cp1252":
        names = [*names[1:], "cp1252"]
    for name in names:
        if not (name.startswith("utf-16") or name == "utf-8"):  # what is either has been seen to be
            yield name


def _codec(label: str | bytes) -> str | None:
    """The codec that a page means by a name, as Python calls it; the wider one where pages mean that."""
    text = (label if isinstance(label, str) else label.decode("ascii")).lower()
    if windows := _WINDOWS.fullmatch(text):
        text = f"cp{windows[1]}"
    try:
        name = codecs.lookup(_SLIPS.get(text, text)).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if name in _TEXT else None


def _is_cyrillic(page: bytes) -> bool:
    """Whether the letters outside ASCII stand together as words do; in the West they stand alone."""
    sample = page[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    return high > 8 and sum(map(len, _WORDS.findall(sample))) * 2 > high


def _guess(page: bytes) -> str:
    """Western, or the Russian alphabet in which the commonest letters of Russian are the commonest."""
    if not _is_cyrillic(page):
        return "cp1252"
    words = b" ".join(_WORDS.findall(page[:_SAMPLE]))
    return max(_RUSSIAN, key=lambda name: sum(map(words.decode(name, "replace").count, _COMMONEST)))
