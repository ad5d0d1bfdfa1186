"""The folder that an installation starts from: its channels.toml, and the made-up day of `courant try`."""

import os
from pathlib import Path

from core.errors import BadInput
from core.lists import LARGEST, Lists, read_lists
from core.settings import Settings

_HERE = Path("seeds")
_PACKAGED = Path(__file__).parent / "_seeds"  # where an installed package carries them
_CHECKED_OUT = Path(__file__).parent.parent / "seeds"
_NAME = "channels.toml"


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
        if path.stat().st_size > 4 * LARGEST:
            raise BadInput(path, "is too large for lists of channels")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(path, "is no UTF-8 text", line) from error
    except FileNotFoundError as error:
        raise BadInput(path, "there is no such file: COURANT_SEEDS names the folder that holds it") from error
    except OSError as error:
        raise BadInput(path, f"cannot be read: {error.strerror}") from error


def load_lists(path: Path) -> Lists:
    """The lists in a file. Raises BadInput, and ListsError with the line for a broken one."""
    return read_lists(load_text(path), str(path))
