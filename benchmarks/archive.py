"""How well the archive answers questions: `python -m benchmarks.archive [FILE ...]`.

XQuAD (CC BY-SA 4.0; `search/xquad` of COURANT_DATA): each paragraph is stored as a post, each question is a search, the
paragraph that it belongs to the one right answer. MRR@10 and recall, on SQLite and, where it is installed, PostgreSQL,
beside FTS5 as it comes (words joined by OR, no stems) in the same run. Files of the same form may be given instead.
"""

import argparse
import asyncio
import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.data import needed
from benchmarks.databases import databases
from core.model import NewPost
from core.query import parse
from ingest.intake import Intake
from storage.store import Store

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    answer: int


def read(path: Path) -> tuple[list[str], list[Question]]:
    """Paragraphs, and questions by the place of their paragraph."""
    paragraphs: list[str] = []
    questions: list[Question] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            answered = [each for each in paragraph["qas"] if not each.get("is_impossible")]
            questions += [Question(each["question"], len(paragraphs)) for each in answered]
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


async def ranks(address: str, paragraphs: Sequence[str], questions: Sequence[Question]) -> list[int | None]:
    """The place of the right answer among the first ten, from 1, for each question."""
    store = await Store.open(address)
    posts = [NewPost(channel="xquad", message_id=n + 1, date=NOW, text=text) for n, text in enumerate(paragraphs)]
    await Intake(store, lambda: NOW).take(posts)
    found: list[int | None] = []
    async with store.read() as tx:
        for question in questions:
            page = await tx.archive.search(parse(question.text, NOW, UTC), NOW, limit=10)
            places = [each.post.message_id - 1 for each in page.found]
            found.append(places.index(question.answer) + 1 if question.answer in places else None)
    await store.close()
    return found


def plain_ranks(paragraphs: Sequence[str], questions: Sequence[Question]) -> list[int | None]:
    """The same by FTS5 as it comes."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE pages USING fts5(body)")
    database.executemany("INSERT INTO pages (rowid, body) VALUES (?, ?)", enumerate(paragraphs))
    found: list[int | None] = []
    for question in questions:
        match = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question.text))
        rows = database.execute("SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY rank LIMIT 10", (match,))
        places = [row[0] for row in rows]
        found.append(places.index(question.answer) + 1 if question.answer in places else None)
    database.close()
    return found


def row(name: str, language: str, found: Sequence[int | None]) -> str:
    number = len(found)
    mrr = sum(1 / place for place in found if place) / number
    recall = [sum(place is not None and place <= most for place in found) / number for most in (1, 5, 10)]
    return f"| {name} | {language} | {mrr:.3f} | " + " | ".join(f"{share:.3f}" for share in recall) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*")
    files = parser.parse_args().files or [
        needed("search/xquad") / f"xquad.{language}.json" for language in ("ru", "en")
    ]
    print("| system | language | MRR@10 | recall@1 | @5 | @10 |\n| --- | --- | --- | --- | --- | --- |")
    for file in files:
        paragraphs, questions = read(file)
        language = file.suffixes[0].strip(".") if len(file.suffixes) > 1 else file.stem
        print(row("FTS5 as it comes", language, plain_ranks(paragraphs, questions)))
        for name, address in databases():
            print(row(f"Courant, {name}", language, asyncio.run(ranks(address, paragraphs, questions))))


if __name__ == "__main__":
    main()
