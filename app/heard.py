"""Reading on only as long as somebody reads what comes of it."""

import io
import select
from typing import Any, BinaryIO

_GONE = select.POLLERR | select.POLLHUP  # some systems tell of a terminal that it cannot be asked, and no more


def while_heard(file: BinaryIO, output: int) -> BinaryIO:
    """The file, whose reading raises BrokenPipeError as soon as nobody reads the other end of `output`, even where it
    waits for input that may never come. What is in memory only is given back as it is."""
    raw = getattr(file, "raw", None)
    return io.BufferedReader(_WhileHeard(raw, output)) if isinstance(raw, io.FileIO) else file


class _WhileHeard(io.RawIOBase):
    def __init__(self, file: io.FileIO, output: int) -> None:
        self._file, self._output = file, output
        self._ends = select.poll()
        self._ends.register(file, select.POLLIN)
        self._ends.register(output, 0)  # asked for nothing, it still tells that the other end is gone

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if any(end == self._output and told & _GONE for end, told in self._ends.poll()):
            raise BrokenPipeError
        return self._file.readinto(buffer)
