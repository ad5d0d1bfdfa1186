"""Files as an import takes them, and what is read in them."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.model import NewPost
from ingest.exports.files import read_file
from ingest.exports.problem import Problem

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXPORTS = Path(__file__).parent / "exports"
PAGES = Path(__file__).parent / "pages" / "preview"


def read(data: bytes | str) -> tuple[list[NewPost], list[str]]:
    source = io.BytesIO(data.encode() if isinstance(data, str) else data)
    found = list(read_file(source, "it", NOW))
    return [one for one in found if isinstance(one, NewPost)], [str(one) for one in found if isinstance(one, Problem)]


def a_line(**more: Any) -> str:
    record = {"channel": "news", "id": 1, "date": "2026-11-20T10:00:00Z", "text": "hello", **more}
    return json.dumps({key: value for key, value in record.items() if value is not ...}) + "\n"


def an_export(*messages: object, **more: Any) -> str:
    chat = {"name": "News", "type": "public_channel", "id": 77, **more, "messages": list(messages)}
    return json.dumps(chat, indent=1)


def a_message(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "type": "message", "date": "2026-11-20T10:00:00", "text": "hello", **more}
