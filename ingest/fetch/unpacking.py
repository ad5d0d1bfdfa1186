"""Pure: what servers send packed, unpacked with an eye on the size."""

import zlib
from dataclasses import dataclass, field

from core.errors import FetchError

_GZIP = b"\x1f\x8b"  # how a member begins
_MOST_MEMBERS = 200  # of gzip in one page: behind each, what is left is copied


@dataclass(slots=True)
class Unpacker:
    """Unpacks gzip or deflate piece by piece, and stops at `size` bytes whatever a bomb still holds."""

    url: str
    size: int
    coding: str
    cut: bool = False
    out: bytearray = field(default_factory=bytearray)
    _machine: "zlib._Decompress | None" = None
    _members: int = 0

    def feed(self, data: bytes) -> None:
        """Take a piece of what came. Raises FetchError for what is too large or in too many pieces, and zlib.error."""
        if self.coding == "identity":
            self.out += data
        while data and self.coding != "identity":
            if self._machine is None or self._machine.eof:
                if self._machine is not None and not _GZIP.startswith(data[:2]):
                    break  # what pads a file to some length; browsers pass over it, too
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise FetchError(self.url, "is packed in too many pieces")
                self._machine = zlib.decompressobj(self._wbits(data))
            self.out += self._machine.decompress(data, self.size + 1 - len(self.out))
            if len(self.out) > self.size:
                break
            data = self._machine.unused_data  # a further gzip member
        if len(self.out) > self.size and not self.cut:
            raise FetchError(self.url, f"is larger than {self.size:,} bytes")

    def finish(self) -> bytes:
        """All that came, unpacked. Raises FetchError where its end is missing."""
        if self._machine is not None and not self._machine.eof:
            raise FetchError(self.url, "ended before its end", passing=True)
        return bytes(self.out)

    def _wbits(self, data: bytes) -> int:
        if self.coding == "gzip":
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if data[0] & 15 == 8 else -zlib.MAX_WBITS  # some servers send raw deflate
