"""The bytes of a web page to text, whatever alphabet it was written in. Pure.

As browsers do: a byte order mark, then the header, then what the page says of itself, then a guess. A name that does
not fit the bytes is passed over, since many servers name UTF-8 for pages of windows-1251.
"""

import codecs
import re
from collections.abc import Iterator

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_LOOKED_AT = 4096
_FORGIVEN = 0.002  # the share of a page that may be broken: a cut character, a pasted one

# What pages are written in; Python knows more codecs, among them such as are no alphabets at all.
_TEXT = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "kz1048", "ptcp154"}
    | {f"cp{number}" for number in (*range(1250, 1259), 874, 949, 950)}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {"gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "iso2022_jp"}
)
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}


def decode_page(page: bytes, content_type: str = "") -> str:
    """The text of a page; `content_type` is the header it came with. Never raises: what fits nowhere is replaced."""
    for mark, name in _BOMS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    for name in _named(page, content_type):
        text = page.decode(name, "replace")
        if text.count("\ufffd") <= len(text) * _FORGIVEN:
            return text
    return page.decode(_guess(page), "replace")


def _named(page: bytes, content_type: str) -> Iterator[str]:
    head = page[:_LOOKED_AT]
    for match in (_HEADER.search(content_type), _META.search(head), _XML.search(head)):
        if match is None:
            continue
        label = match[1] if isinstance(match[1], str) else match[1].decode("ascii")
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        name = _WIDER.get(name, name)
        if name.startswith("utf-16") and page[:1] == b"<" and page[1:2] != b"\0":
            continue  # a page whose "<" is one byte is not of two-byte letters, whatever it says
        if name in _TEXT:
            yield name
    yield "utf-8"


def _guess(page: bytes) -> str:
    """Between windows-1251 and KOI8-R the place of the small letters decides; without many high bytes it is Western."""
    sample = page[: 1 << 16]
    high = sum(sample.count(byte) for byte in range(0xC0, 0x100))
    letters = sum(map(bytes.isalpha, (sample[i : i + 1] for i in range(0, len(sample), 7)))) * 7
    if high < max(4, letters // 10):
        return "cp1252"
    upper_half = sum(sample.count(byte) for byte in range(0xE0, 0x100))
    return "cp1251" if 2 * upper_half > high else "koi8-r"
