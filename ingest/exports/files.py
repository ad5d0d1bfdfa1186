"""Files to posts: saved preview pages, Telegram Desktop exports, JSON Lines. In flat memory, whatever their size.

What cannot be read comes out as a `Problem` in its place, and the rest goes on.
"""

import codecs
import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from core.errors import BadInput
from core.json_lines import lines, record_of
from core.model import NewPost, Source
from ingest.exports.desktop import read_export
from ingest.exports.post_object import checked_date, post_of, told_of_line
from ingest.exports.problem import Problem
from ingest.markup import MAX_PAGE
from ingest.preview.page import PageKind, read_preview, under_one_name

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAX_LINE: Final = 8 << 20
_HEAD: Final = 1 << 16
_NO_POSTS: Final = "there are no posts in this page"
_HTML_EXPORT: Final = "this is Telegram Desktop's export as HTML: export it as machine-readable JSON (result.json)"
_FILES = re.compile(r".*\.(?:html?|jsonl|ndjson)(?:\.gz)?|result[^/]*\.json(?:\.gz)?", re.IGNORECASE)
_EXPORT = re.compile(rb'\{\s*\n|[^\n]*"(?:messages|chats)"\s*:\s*[\[{]')


def read_path(path: str | Path, now: datetime) -> Iterator[NewPost | Problem]:
    """The posts of a file, of a folder with all below it in order of the names, or of stdin (`-`).

    Web pages without posts are passed over in a folder, which may hold the articles that posts link, too.
    Dates are judged by `now`. Never raises for what a file holds, or for one that cannot be opened.
    """
    if str(path) == "-":
        yield from read_file(sys.stdin.buffer, "stdin", now)
        return
    path = Path(path)
    if not path.is_dir():
        yield from _open(path, now)
        return
    files = sorted(file for file in path.rglob("*") if _FILES.fullmatch(file.name) and file.is_file())
    if not files:
        yield Problem(str(path), "there is no .html, .jsonl or result.json file in this folder")
    others: list[str] = []
    for file in files:
        for item in _open(file, now):
            if isinstance(item, Problem) and item.reason in (_NO_POSTS, _HTML_EXPORT):
                others.append(item.reason)
            else:
                yield item
    if files and len(others) == len(files):
        without = "there are no posts in the pages of this folder"
        yield Problem(str(path), _HTML_EXPORT if _HTML_EXPORT in others else without)


def read_file(file: BinaryIO, what: str, now: datetime) -> Iterator[NewPost | Problem]:
    """The same for an open file, plain or packed with gzip; what it is shows in its first bytes. `what` names it."""
    plain = io.BufferedReader(cast(io.RawIOBase, file), _HEAD)
    try:
        if plain.peek(2)[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield from _by_kind(io.BufferedReader(cast(io.RawIOBase, unpacked), _HEAD), what, now)
        else:
            yield from _by_kind(plain, what, now)
    except (EOFError, OSError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is cut off or broken"
        yield Problem(what, f"cannot be read to its end: {reason}")
    finally:
        plain.detach()  # the file is its owner's to close


def _open(path: Path, now: datetime) -> Iterator[NewPost | Problem]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "there is no such file"
        yield Problem(str(path), f"cannot be opened: {reason}")
        return
    with file:
        yield from read_file(file, str(path), now)


def _by_kind(file: "io.BufferedReader[Any]", what: str, now: datetime) -> Iterator[NewPost | Problem]:
    head = file.peek(_HEAD)[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(_UTF_16):
        yield from _by_kind(io.BufferedReader(_AsUtf8(file), _HEAD), what, now)
    elif not head:
        yield Problem(what, "the file is empty")
    elif head.startswith(b"<"):
        yield from _page(file.read(MAX_PAGE + 1), what, now)
    elif head.startswith(b"["):
        yield Problem(what, "a JSON array is not read: give one object a line, or the result.json of Telegram Desktop")
    elif not head.startswith(b"{") or b"\0" in head:
        yield Problem(what, "this is neither a saved web page, nor result.json, nor lines of JSON objects")
    elif _EXPORT.match(head):
        yield from read_export(file, what, now)
    else:
        yield from _lines(file, what, now)


class _AsUtf8(io.RawIOBase):
    """A file in UTF-16, as PowerShell writes what it is sent, read as UTF-8."""

    def __init__(self, file: "io.BufferedReader[Any]") -> None:
        self._file, self._decode = file, codecs.getincrementaldecoder("utf-16")("replace").decode
        self._left = b""  # what was more than was asked for: at the end of a block that may be a single byte

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left and (read := self._file.read1(_HEAD)):
            self._left = self._decode(read).encode("utf-8", "replace")
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _page(html: bytes, what: str, now: datetime) -> Iterator[NewPost | Problem]:
    try:
        page = read_preview(html, what)
    except BadInput as error:
        yield Problem(what, error.reason)
        return
    if not page.posts:
        landing = page.kind is PageKind.LANDING
        other = _HTML_EXPORT if b'class="page_wrap"' in html and b"Exported Data" in html else _NO_POSTS
        yield Problem(what, "this is the page of a name, without posts" if landing else other)
    for post in under_one_name(page, ""):
        try:
            if post.message_id is None or not post.channel:
                raise BadInput(what, "a post without a number was left out")
            yield replace(post, source=Source.IMPORT, date=checked_date(post.date, now))
        except BadInput as error:
            yield Problem(f"{what}, post {post.message_id}" if post.message_id else what, error.reason)


def _lines(file: "io.BufferedReader[Any]", what: str, now: datetime) -> Iterator[NewPost | Problem]:
    for number, line in lines(file, _MAX_LINE):
        if line is None:
            yield Problem(what, f"is longer than {_MAX_LINE >> 20} MB", number)
            continue
        try:
            yield post_of(record_of(line), now)
        except BadInput as error:
            yield Problem(what, told_of_line(error), number)
