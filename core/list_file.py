"""The file of lists: read, and edited whole or not at all."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from core.errors import BadInput, NotWritable
from core.lists import LARGEST

MOST_BYTES = 4 * LARGEST  # of a file of lists: a letter may take four


class ListFile:
    """The file of lists at `path`. Where there is none yet it begins as the one that came with the program (`shipped`),
    which itself is never touched, else empty."""

    def __init__(self, path: Path, shipped: Path | None = None) -> None:
        self.path, self._shipped = path, shipped

    @property
    def present(self) -> Path:
        """The file that is in force now."""
        if self._shipped is None or os.path.lexists(self.path):  # one that cannot be read is told of
            return self.path
        return self._shipped

    def may_be_edited(self) -> bool:
        """Whether this process may write the file and put another in its place."""
        target = self.path.resolve()
        folder = next(each for each in target.parents if each.exists())
        return os.access(folder, os.W_OK, effective_ids=True) and (not target.exists() or _may_be_written(target))

    def text(self) -> str:
        """What the file says, or begins as. Raises BadInput where it cannot be read."""
        return load_text(self.present) if self._shipped or self.path.exists() else ""

    def edit(self, change: Callable[[str], str]) -> None:
        """Put what `change` makes of the text in its place, while no other Courant edits it; what `change` raises
        leaves the file as it was. Raises BadInput where it cannot be read, NotWritable where it cannot be written."""
        target = self.path.resolve()  # a link stays a link
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _alone(target.parent):
                before = self.text()
                after = change(before)
                if after == before:
                    return
                if target.exists() and not _may_be_written(target):
                    raise NotWritable(self.path, "is read-only")
                if self.text() != before:
                    raise BadInput(self.path, "was changed by someone else just now: try again")
                _replace(target, after)
        except OSError as error:
            raise NotWritable(self.path, f"cannot be written: {error.strerror}") from error


def load_text(path: Path) -> str:
    """What stands in a file of lists. Raises BadInput where it cannot be read."""
    try:
        found = path.stat()
        if not (S_ISREG(found.st_mode) or S_ISDIR(found.st_mode)):  # a pipe without a writer is waited for, for ever
            raise BadInput(path, "is a pipe or a device: lists are kept in a file")
        if found.st_size > MOST_BYTES:
            raise BadInput(path, "is too large for lists of channels")
        return text_of(path.read_bytes(), path)
    except FileNotFoundError as error:
        raise BadInput(path, "there is no such file: COURANT_SEEDS names the folder that holds it") from error
    except OSError as error:
        raise BadInput(path, f"cannot be read: {error.strerror}") from error


def text_of(document: bytes, what: str | Path) -> str:
    """The text of a file of lists; `what` names it. Raises BadInput."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(what, "is no UTF-8 text", line) from error
    if "\0" in text:  # every second byte of a text in UTF-16
        raise BadInput(what, "is no UTF-8 text", text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else edits the lists of this folder. The lock ends with its process, however that ends, and
    leaves no file behind."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _may_be_written(target: Path) -> bool:
    """Whether the file itself may: moving another into its place asks only its folder."""
    return os.access(target, os.W_OK, effective_ids=True) and bool(target.stat().st_mode & 0o222)


def _replace(target: Path, text: str) -> None:
    """Write the file beside itself and move it into its place, with the rights and the owner that it had."""
    number, name = tempfile.mkstemp(prefix=".channels-", dir=target.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(number)
            if target.exists():
                before = target.stat()
                with suppress(PermissionError):  # only root gives files away
                    os.fchown(number, before.st_uid, before.st_gid)
                os.fchmod(number, before.st_mode & 0o777)
            else:
                os.fchmod(number, 0o644)
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
