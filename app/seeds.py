"""The folder that an installation starts from: its channels.toml, and the made-up day of `courant try`."""

from pathlib import Path

from core.list_file import ListFile, load_text
from core.lists import Lists, read_lists
from core.settings import Settings

_HERE = Path("seeds")
_PACKAGED = Path(__file__).parent / "_seeds"  # where an installed package carries them
_CHECKED_OUT = Path(__file__).parent.parent / "seeds"
_NAME = "channels.toml"


def seeds_folder(settings: Settings) -> Path:
    """COURANT_SEEDS, else `seeds` in the working directory, else those that came with the program."""
    return lists_file(settings).parent


def shipped() -> Path:
    """The seeds that came with the program."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKED_OUT


def own_lists(settings: Settings) -> ListFile:
    """The file of lists in force, which may be edited."""
    return ListFile((settings.seeds or _HERE) / _NAME, shipped() / _NAME if settings.seeds is None else None)


def lists_file(settings: Settings) -> Path:
    return own_lists(settings).present


def load_lists(path: Path) -> Lists:
    """The lists in a file. Raises BadInput, and ListsError with the line for a broken one."""
    return read_lists(load_text(path), str(path))
