"""Pure: JSON Lines of stories' texts in, JSON Lines of their summaries out: what `courant summarize` does."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from core.json_lines import read_object
from core.moments import read_date
from digest.stories.lines import BadLine
from digest.summaries.summarize import summarize


def summarize_filter(lines: Iterable[str]) -> Iterator[str | BadLine]:
    """For each line, in order, a line of output, or its number and what is wrong with it; blank ones are passed over.

    In: `{"id","texts":[…],"dates"?,"language"?,"sentences"?: n,"words"?: n}`, other keys passed over.
    Out: `{"id","summary","sentences":[{"text","sources":[index…]}]}`; a story without a sentence has an empty summary.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _answer(read_object(line))
        except ValueError as error:
            yield BadLine(line=number, reason=str(error))


def _answer(row: dict[str, Any]) -> str:
    texts = row.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError('"texts" must be a list of strings')
    language = row.get("language")
    if language is not None and not isinstance(language, str):
        raise ValueError('"language" must be a string')
    chosen = summarize(
        texts, _dates(row.get("dates"), len(texts)), language, _count(row, "sentences") or 3, _count(row, "words")
    )
    answer = {
        "id": row.get("id"),
        "summary": " ".join(sentence.text for sentence in chosen),
        "sentences": [{"text": sentence.text, "sources": list(sentence.sources)} for sentence in chosen],
    }
    line = json.dumps(answer, ensure_ascii=False)
    return line if line.isprintable() else json.dumps(answer)


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
