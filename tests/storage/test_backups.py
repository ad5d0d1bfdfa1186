"""A backup is a whole copy of one moment, or none."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from core.errors import BadInput, StorageError, StorageUnavailable
from storage.store import Store
from tests.posts import a_post


async def test_a_backup_is_a_whole_copy(store: Store, tmp_path: Path, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.posts.add([a_post(1)], await tx.channels.ensure(["harbour_wire"]), now)
    target = tmp_path / "copy.db"
    await store.backup(target)
    copy = sqlite3.connect(target)
    assert copy.execute("SELECT text FROM post").fetchall() == [("Ministers met in Riga.",)]
    copy.close()
    with pytest.raises(BadInput, match="exists already"):
        await store.backup(target)


async def test_a_backup_that_cannot_be_finished_leaves_no_half_of_one(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db.part").write_text("what a killed process left")
    await store.backup(tmp_path / "copy.db")
    with pytest.raises(BadInput, match="cannot be written"):
        await store.backup(tmp_path / "no folder" / "copy.db")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    with pytest.raises(BadInput, match="cannot be written: No space left"):
        await store.backup(tmp_path / "copy 2.db", full)
    assert _copies(tmp_path) == ["copy.db"]


@pytest.mark.parametrize(
    ("content", "refused", "words"),
    [
        (b"no pages of SQLite" * 1000, StorageUnavailable, "The database cannot be used .*not a database"),
        (b"", BadInput, "there is no database to be copied"),
    ],
    ids=["not a database", "empty"],
)
async def test_of_what_is_no_database_no_backup_is_made_and_the_copy_is_not_blamed(
    tmp_path: Path, content: bytes, refused: type[StorageError | BadInput], words: str
) -> None:
    (tmp_path / "courant.db").write_bytes(content)
    store = await Store.open(f"sqlite:///{tmp_path}/courant.db", as_it_is=True)
    with pytest.raises(refused, match=words):
        await store.backup(tmp_path / "copy.db")
    await store.close()
    assert _copies(tmp_path) == []


async def test_a_server_is_backed_up_by_its_own_program(postgres_url: str, tmp_path: Path) -> None:
    store = await Store.open(postgres_url, as_it_is=True)
    with pytest.raises(BadInput, match="pg_dump"):
        await store.backup(tmp_path / "copy.db")
    await store.close()


async def test_a_backup_of_a_busy_database_comes_to_its_end_and_is_of_one_moment(
    store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.store._PIECE", 50)
    copied: list[int] = []
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), check_same_thread=False)) as busy:

        def write(so_far: int) -> None:
            assert so_far > sum(copied[-1:]), "begins again and again"
            copied.append(so_far)
            busy.execute(f"CREATE TABLE filler{so_far} AS SELECT zeroblob(9999)")

        await store.backup(tmp_path / "copy.db", write)
    assert len(copied) > 2
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("SELECT name FROM sqlite_master WHERE name LIKE 'filler%'").fetchall() == []
    assert copied[-1] == (tmp_path / "copy.db").stat().st_size
    assert _copies(tmp_path) == ["copy.db"]


def _copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("copy*"))
