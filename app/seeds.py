"""The folder that an installation starts from: its channels.toml, and the made-up day of `courant try`."""

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from core.errors import BadInput
from core.lists import LARGEST, Lists, read_lists
from core.settings import Settings

_HERE = Path("seeds")
_PACKAGED = Path(__file__).parent / "_seeds"  # where an installed package carries them
_CHECKED_OUT = Path(__file__).parent.parent / "seeds"
_NAME = "channels.toml"
MOST_BYTES = 4 * LARGEST  # of a file of lists: a letter may take four


def seeds_folder(settings: Settings) -> Path:
    """COURANT_SEEDS, else `seeds` in the working directory, else those that came with the program."""
    if settings.seeds is not None:
        return settings.seeds
    if os.path.lexists(_HERE / _NAME):  # one that cannot be read is told of, and no other is taken for it
        return _HERE
    return shipped()


def shipped() -> Path:
    """The seeds that came with the program."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKED_OUT


def lists_file(settings: Settings) -> Path:
    return seeds_folder(settings) / _NAME


def own_lists(settings: Settings) -> tuple[Path, str]:
    """The file of lists that may be edited, and its text. Where there is none yet, it begins as the one that came with
    the program, which itself is never touched. Raises BadInput for one that cannot be read."""
    path = (settings.seeds or _HERE) / _NAME
    if not path.exists() and settings.seeds is None:
        return path, load_text(lists_file(settings))
    return path, load_text(path) if path.exists() else ""


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
        return document.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(what, "is no UTF-8 text", line) from error


def load_lists(path: Path) -> Lists:
    """The lists in a file. Raises BadInput, and ListsError with the line for a broken one."""
    return read_lists(load_text(path), str(path))
