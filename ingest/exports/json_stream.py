"""A JSON file of any size, read piece by piece.

The standard decoder reads one value at a time out of a window that moves over the file: as fast as reading the whole
with `json.load`, in flat memory, and without a parser of third parties (`ijson` yields single tokens to Python).
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 18
MAX_VALUE: Final = 16 << 20  # characters of one value that is read whole
_DEEPEST: Final = 20
_BLANKS: Final = " \t\r\n"
_STRANGE: Final = "Invalid \\escape"  # what the decoder says of an escape that JSON has not
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|[^x])")  # `\x0B` is how Telegram Desktop writes what cannot be seen


class BrokenJson(ValueError):
    """The text is no JSON at this place; `cut` says that it just ends."""

    def __init__(self, reason: str, *, cut: bool = False) -> None:
        self.reason, self.cut = reason, cut
        super().__init__(reason)


class JsonStream:
    """Walks through a document: `members` and `items` go into a container, `value` takes what comes next whole,
    `skip` passes over it. All raise `BrokenJson`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._text = file, codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._window, self._at, self._ended = "", 0, False
        self._decode = json.JSONDecoder(strict=False).raw_decode

    def peek(self) -> str:
        """The next character that is no blank, or nothing at the end."""
        while True:
            while self._at < len(self._window):
                if (char := self._window[self._at]) not in _BLANKS:
                    return char
                self._at += 1
            if not self._fill(_CHUNK):
                return ""

    def members(self) -> Iterator[str]:
        """The keys of an object; the caller takes or skips each value before going on."""
        self._take("{")
        while self.peek() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise BrokenJson("a key is missing")
            self._take(":")
            yield key
            self._comma("}")
        self._take("}")

    def items(self) -> Iterator[None]:
        """One turn for each value of an array; the caller takes or skips it."""
        self._take("[")
        while self.peek() != "]":
            yield
            self._comma("]")
        self._take("]")

    def value(self) -> object:
        """The next value, decoded."""
        if not self.peek():
            raise BrokenJson("it ends too early", cut=True)
        more = _CHUNK
        while True:
            try:
                found, end = self._decode(self._window, self._at)
            except json.JSONDecodeError as error:
                if error.msg.startswith(_STRANGE) and self._mend():
                    continue
                if len(self._window) - self._at > MAX_VALUE:
                    raise BrokenJson("a single value of it is too large") from error
                if not self._fill(more):
                    raise BrokenJson("it ends too early or is broken", cut=True) from error
            except (RecursionError, ValueError) as error:  # nested too deeply; a number of 5,000 digits
                raise BrokenJson("a value of it cannot be read") from error
            else:
                if end < len(self._window) or not self._fill(more):  # else it may be the first half of a number
                    self._at = end
                    return found
            more *= 2

    def _mend(self) -> bool:
        """Write the escapes of Telegram Desktop's own as JSON has them; gives whether there were any."""
        ahead = self._window[self._at :]
        mended = _ESCAPE.sub(lambda escape: f"\\u00{escape[1]}" if escape[1] else escape[0], ahead)
        self._window, self._at = mended, 0
        return mended != ahead

    def skip(self, depth: int = 0) -> None:
        """Pass over the next value."""
        match self.peek():
            case "{" if depth < _DEEPEST:
                for _ in self.members():
                    self.skip(depth + 1)
            case "[" if depth < _DEEPEST:
                for _ in self.items():
                    self.value()
            case _:
                self.value()

    def _comma(self, end: str) -> None:
        if (char := self.peek()) == ",":
            self._at += 1
        elif char != end:
            raise BrokenJson("it ends too early" if not char else "a comma is missing", cut=not char)

    def _take(self, char: str) -> None:
        if (found := self.peek()) != char:
            raise BrokenJson("it ends too early" if not found else f"{char!r} is missing", cut=not found)
        self._at += 1

    def _fill(self, size: int) -> bool:
        """Read more; what has been passed is forgotten."""
        if self._ended:
            return False
        data = self._file.read(size)
        self._ended = not data
        self._window, self._at = self._window[self._at :] + self._text(data, self._ended), 0
        return True
