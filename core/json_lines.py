"""JSON Lines, and what stands on a line of them."""

import codecs
import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from core.errors import BadInput

LINE = "the line"  # what is named where nothing of it can be


def lines(file: BinaryIO, longest: int) -> Iterator[tuple[int, str | None]]:
    """The lines of a file that are not blank, each with its number, from 1; None for one that has more bytes than the
    `longest`."""
    number = 0
    while line := file.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(b"\n"):
            while (rest := file.readline(longest)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif (line := line.removeprefix(codecs.BOM_UTF8)).strip():
            yield number, line.decode("utf-8", "replace")  # what knows of the mark itself is written in Python


def read_object(line: str) -> dict[str, Any]:
    """The object that stands on the line. Raises ValueError, in words for whoever wrote it."""
    try:
        found = _decode(line)
    except RecursionError:
        raise ValueError("no JSON object: nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON object: {error.msg}, at column {error.colno}") from None
    except ValueError:  # what Python knows and JSON does not would come out again in our answers
        raise ValueError("no JSON object: a number in it is none of JSON, or too large") from None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def record_of(line: str) -> dict[str, Any]:
    """The same, where what is wrong is told of `LINE`. Raises BadInput."""
    try:
        return read_object(line)
    except ValueError as error:
        raise BadInput(LINE, f"is {error}") from None


def line_of(value: dict[str, Any]) -> str:
    """The object as a line: where some letters might break a line, all but ASCII is escaped. Raises ValueError for one
    that is nested deeper than can be written: what could just be read may be."""
    try:
        line = json.dumps(value, ensure_ascii=False)
        return line if line.isprintable() else json.dumps(value)
    except RecursionError:
        raise ValueError("no JSON object: nested too deep") from None


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


_decode = json.JSONDecoder(parse_float=_number, parse_constant=_no_number, strict=False).decode
