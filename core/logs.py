"""How the services tell what they do: a line for people, or a JSON object for machines, on stderr."""

import copy
import json
import logging
import math
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from core.errors import CourantError, StorageError
from core.plain import plain, plain_json

_QUIET = (
    "aiogram.event",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "telethon",
    "urllib3",
)
_POLLING = "aiogram.dispatcher"
_NOISY = ("psycopg",)  # it warns of what it does about an error that comes to us as well
AGAIN_AFTER = 300.0  # seconds
_REMEMBERED = 1000  # lines
_LONGEST = 2000  # characters of a message: what was said by others stays readable
_TOKEN = re.compile(r"(?<=/bot)\d+:[\w-]+")  # the address of a call of the Bot API holds it, and libraries tell that


class JsonLines(logging.Formatter):
    """One object a line: `{"time", "level", "logger", "message", "error"?}`."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:_LONGEST],
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return plain_json(_TOKEN.sub("…", json.dumps(entry, ensure_ascii=False)).encode("utf-8", "replace").decode())


class Lines(logging.Formatter):
    """`2025-02-18 18:00:03Z WARNING ingest.preview.source: …`, on one line; what others wrote can neither begin a line
    of its own nor move about on a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - the library's name
        return datetime.fromtimestamp(record.created, UTC).strftime(datefmt or "%Y-%m-%d %H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        record.message = plain(_TOKEN.sub("…", record.message[:_LONGEST]).replace("\r", " ").replace("\n", " "))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return plain(_TOKEN.sub("…", super().formatException(ei)))


class _Handler(logging.StreamHandler[TextIO]):
    """Writes an error of ours as its sentence, for a traceback says no more than that, and what goes wrong again and
    again once in a while: what waits for room on a disk says so every second, and its log may be on that disk."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._told: dict[tuple[str, str], float] = {}  # when it was last written, the longest ago first

    def emit(self, record: logging.LogRecord) -> None:
        try:
            record = _in_words(record)
            if record.levelno >= logging.WARNING and not self._is_new(record):
                return
        except Exception:  # noqa: BLE001 - a line that cannot be put into words stops nobody who says it
            self.handleError(record)
            return
        super().emit(record)

    def _is_new(self, record: logging.LogRecord) -> bool:
        said = record.name, f"{record.getMessage()}{record.exc_info and record.exc_info[1]!r}"
        if abs(record.created - self._told.get(said, math.inf)) < AGAIN_AFTER:  # a clock may be set back
            return False
        self._told.pop(said, None)
        self._told[said] = record.created
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return True


@contextmanager
def going_on(log: logging.Logger, waits: str) -> Iterator[None]:
    """A round of what goes on for ever: what goes wrong in it is told, with what `waits` for the next round, and ends
    nothing else that runs in this process, a mistake of ours neither."""
    try:
        yield
    except StorageError as error:
        log.error("%s: %s", waits, error)
    except Exception:
        log.exception("%s", waits)


def _tells_of_polling(record: logging.LogRecord) -> bool:
    """Whether aiogram says something new: that it polls is told by us, and how long it sleeps before it tries again,
    every five seconds until a network is back, tells nobody anything; that it is back does."""
    words = str(record.msg)
    return words.startswith("Connection established") or (
        record.levelno >= logging.WARNING and not words.startswith("Sleep for")
    )


def _in_words(record: logging.LogRecord) -> logging.LogRecord:
    error = record.exc_info[1] if record.exc_info else None
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:  # a TaskGroup wraps what ends it
        error = error.exceptions[0]
    if not isinstance(error, CourantError):
        return record
    record = copy.copy(record)  # others may write it, too
    record.msg, record.args, record.exc_info = f"{record.getMessage()}: {error}", None, None
    return record


def set_up(form: str, stream: TextIO | None = None) -> None:
    """Send what is logged to `stream` (stderr), in this form: console or json."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Lines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(_POLLING).addFilter(_tells_of_polling)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
