"""Files and folders into the archive."""

import asyncio
import json
from pathlib import Path

import pytest

from ingest.exports.importing import BATCH, MOST_PROBLEMS, import_paths
from storage.store import Store
from tests.fragile import FragileStore
from tests.ingest.archive import intake
from tests.moments import NOW

DAY = Path(__file__).parents[2] / "seeds" / "day"
NOTHING = {"posts": 0, "new": 0, "edited": 0, "unchanged": 0, "skipped": 0, "channels": 0}


def line(number: int, text: str = "Ministers met in Riga.", **fields: object) -> str:
    return json.dumps({"channel": "harbour_wire", "id": number, "date": "2025-02-18T09:00:00Z", "text": text, **fields})


def write(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


async def test_the_made_up_day_is_taken_in_whole_and_once(any_store: Store) -> None:
    first = await import_paths(intake(any_store), [DAY], NOW)
    assert first.counts == NOTHING | {"posts": 230, "new": 230, "channels": 15}
    assert first.problems == ()
    again = await import_paths(intake(any_store), [DAY], NOW)
    assert again.counts == NOTHING | {"posts": 230, "unchanged": 230, "channels": 15}


async def test_counts_tell_what_became_of_the_posts(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", line(1), line(2), line(3))
    await import_paths(intake(store), [file], NOW)
    edited = line(2, "Ministers did not meet.", edited=True)
    file = write(tmp_path, "b.jsonl", line(1), edited, line(4), "{", line(5, channel="Other_Wire"), line(4))
    imported = await import_paths(intake(store), [str(file)], NOW)
    counts = {"posts": 5, "new": 2, "edited": 1, "unchanged": 2, "skipped": 1, "channels": 2}
    assert imported.counts == counts
    assert sorted(imported.channels) == ["harbour_wire", "other_wire"]


async def test_broken_files_are_problems_and_the_rest_goes_on(store: Store, tmp_path: Path) -> None:
    write(tmp_path, "1-empty.jsonl")
    (tmp_path / "2-empty.html").touch()
    (tmp_path / "3-binary.jsonl").write_bytes(b"\x89PNG\r\n\x00\x00")
    (tmp_path / "4-cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00")
    write(tmp_path, "5-article.html", "<html><body><article>An article that a post links.</article></body></html>")
    write(tmp_path, "6-old.jsonl", line(1, date="1970-01-01T00:00:00Z"), line(2, date="2106-01-01T00:00:00Z"))
    write(tmp_path, "7-good.jsonl", line(1))
    imported = await import_paths(intake(store), [tmp_path / "nowhere.html", tmp_path], NOW)
    told = [(Path(problem.what).name, problem.line) for problem in imported.problems]
    assert imported.counts == NOTHING | {"posts": 1, "new": 1, "channels": 1, "skipped": len(told)}
    assert told == [
        ("nowhere.html", None),
        ("1-empty.jsonl", None),
        ("2-empty.html", None),
        ("3-binary.jsonl", None),
        ("4-cut.jsonl.gz", None),
        ("6-old.jsonl", 1),
        ("6-old.jsonl", 2),
    ]


async def test_a_page_without_posts_is_passed_over_in_a_folder_but_not_where_it_is_named(
    store: Store, tmp_path: Path
) -> None:
    page = write(tmp_path, "article.html", "<html><body>An article</body></html>")
    assert (await import_paths(intake(store), [page], NOW)).counts["skipped"] == 1
    (problem,) = (await import_paths(intake(store), [tmp_path], NOW)).problems
    assert (problem.what, problem.reason) == (str(tmp_path), "there are no posts in the pages of this folder")
    write(tmp_path, "posts.jsonl", line(1))
    assert (await import_paths(intake(store), [tmp_path], NOW)).counts["skipped"] == 0


async def test_all_problems_are_counted_but_only_the_first_are_kept(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path, "a.jsonl", *["{]"] * (MOST_PROBLEMS + 50), line(1))
    imported = await import_paths(intake(store), [file], NOW)
    assert (imported.unreadable, len(imported.problems)) == (MOST_PROBLEMS + 50, MOST_PROBLEMS)
    assert imported.problems[0].line == 1


async def test_progress_is_told_batch_by_batch(store: Store, tmp_path: Path) -> None:
    lines = [line(number, f"Ship {number} left Riga.") for number in range(1, 2 * BATCH + 51)]
    told: list[int] = []
    imported = await import_paths(intake(store), [write(tmp_path, "a.jsonl", *lines)], NOW, told.append)
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 50]
    assert imported.counts["new"] == 2 * BATCH + 50


async def test_an_import_that_was_killed_can_be_repeated(any_store: Store, tmp_path: Path) -> None:
    lines = [line(number, f"Ship {number} left Riga.") for number in range(1, BATCH + 11)]
    file = write(tmp_path, "a.jsonl", *lines)
    dying = FragileStore(any_store, error=asyncio.CancelledError())

    def die(_: int) -> None:
        dying.failures = 1

    with pytest.raises(asyncio.CancelledError):
        await import_paths(intake(dying), [file], NOW, die)
    again = await import_paths(intake(any_store), [file], NOW)
    assert (again.counts["new"], again.counts["unchanged"]) == (10, BATCH)
