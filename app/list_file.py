"""Writing a file of lists: whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from core.errors import BadInput


def change(path: Path, before: str, after: str) -> None:
    """Put `after` in the place of `before`, in a file that may be new.

    Raises BadInput where it cannot be written, or was changed meanwhile by another hand.
    """
    if after == before:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_text(encoding="utf-8-sig") != before:
            raise BadInput(path, "was changed by someone else just now: try again")
        _replace(path, after)
    except OSError as error:
        raise BadInput(path, f"cannot be written: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    target = path.resolve()  # a link stays a link
    number, name = tempfile.mkstemp(prefix=".channels-", dir=target.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
