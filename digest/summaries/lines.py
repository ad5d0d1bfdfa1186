"""Pure: a JSON line of a story's texts in, a line of its summary out: what `courant summarize` does."""

import re
from datetime import datetime
from typing import Any

from core.json_lines import line_of, read_object
from core.moments import read_date
from digest.summaries.summarize import summarize

_COUNTRY = re.compile("[-_]")  # of whose country a language is: "ru-RU"


def summarize_line(line: str) -> str:
    """`{"id","texts":[…],"dates"?,"language"?,"sentences"?: n,"words"?: n}`, other keys passed over, to
    `{"id","summary","sentences":[{"text","sources":[index…]}]}`; a story without a sentence has an empty summary.

    Raises ValueError with what is wrong with the line.
    """
    row = read_object(line)
    texts = row.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError('"texts" must be a list of strings')
    language = row.get("language")
    if language is not None and not isinstance(language, str):
        raise ValueError('"language" must be a string')
    code = language and _COUNTRY.split(language)[0].lower()
    chosen = summarize(
        texts, _dates(row.get("dates"), len(texts)), code, _count(row, "sentences") or 3, _count(row, "words")
    )
    return line_of(
        {
            "id": row.get("id"),
            "summary": " ".join(sentence.text for sentence in chosen),
            "sentences": [{"text": sentence.text, "sources": list(sentence.sources)} for sentence in chosen],
        }
    )


def _count(row: dict[str, Any], key: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f'"{key}" must be a whole number from 1')
    return value


def _dates(value: object, texts: int) -> list[datetime | None] | None:
    """ISO 8601, UTC where no zone is named; null for unknown."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != texts:
        raise ValueError('"dates" must be a list with one date (or null) for each text')
    return [None if date is None else _date(date) for date in value]


def _date(value: object) -> datetime:
    date = read_date(value) if isinstance(value, str) else None
    if date is None:
        raise ValueError(f"{str(value)[:40]!r} is no date in ISO 8601")
    return date
