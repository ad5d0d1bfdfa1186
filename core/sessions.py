"""A setting that is the session of an account itself, or the path of a file that keeps one."""

import re
from pathlib import Path

_SUFFIX = ".session"  # of the file, whether the setting writes it or not
_SESSION = re.compile(r"1[\w=-]{300,}")
_LONGEST_NAME = 120  # characters of a file's name


def is_session_string(session: str) -> bool:
    """Whether this is a session itself, and not the path of a file that keeps one."""
    return _SESSION.fullmatch(session) is not None


def session_file(session: str) -> Path | None:
    """The file that keeps the session; None of one that is a session itself. Raises RuntimeError for a path in the home
    folder of one who has none, which the settings refuse."""
    return None if is_session_string(session) else Path(session.removesuffix(_SUFFIX) + _SUFFIX).expanduser()


def is_broken(session: str) -> bool:
    """Whether this is neither: taken for a file, a session in quotes or cut off would stand in names, logs and errors,
    and whoever reads it there has the account."""
    return not is_session_string(session) and len(Path(session).name) > _LONGEST_NAME
