"""Files as one hands them to a command: one object a line."""

import json
from pathlib import Path
from typing import Any


def lines(path: Path, *records: object) -> Path:
    """A file of records, one a line; a string stands as it is."""
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def a_record(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {"channel": "abcd", "id": number, "date": f"2025-02-18T10:{number:02}:00+03:00", "text": text, **more}
