"""A line of JSON Lines."""

import json
from typing import Any


def read_object(line: str) -> dict[str, Any]:
    """The object that stands on the line. Raises ValueError, in words for whoever wrote it."""
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deep") from None
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise ValueError("not an object")
    return row
