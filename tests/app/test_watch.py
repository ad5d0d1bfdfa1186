"""A changed channels.toml is taken over; a broken one is told of once and changes nothing."""

import asyncio
import os
from pathlib import Path

import pytest

from app.watch import ListsWatch, take_over
from core.errors import BadInput, ListsError, StorageError
from core.list_file import ListFile
from core.lists import Lists
from core.model import FolderChannel
from storage.store import Store
from tests.moments import NOW

GOOD = "[lists.world]\nchannels = ['harbour_wire']\n"
BROKEN = "[lists.world]\nchannels = ['harbour_wire'\n"


class Watched:
    """A file of lists, the watch over it, and what administrators were told."""

    def __init__(self, store: Store, path: Path, *, has_account: bool = False) -> None:
        self.store, self.path, self.told = store, path, list[str]()
        self._writes = 0
        self.watch = ListsWatch(store, ListFile(path), self._tell, has_account=has_account)

    async def _tell(self, words: str) -> None:
        self.told.append(words)

    def write(self, text: str) -> None:
        self.path.write_text(text)
        self._writes += 1
        os.utime(self.path, ns=(self._writes * 10**9, self._writes * 10**9))

    async def lists(self) -> dict[str, tuple[str, ...]]:
        async with self.store.read() as tx:
            return {each.id: each.channels for each in await tx.channels.lists()}


@pytest.fixture
def watched(store: Store, tmp_path: Path) -> Watched:
    return Watched(store, tmp_path / "channels.toml")


async def test_the_file_is_taken_over_at_the_start_and_when_it_changes(watched: Watched) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    assert await watched.lists() == {"world": ("harbour_wire",)}
    watched.write(GOOD.replace("harbour_wire", "meridian"))
    assert await watched.watch.look() is None
    assert await watched.lists() == {"world": ("meridian",)}
    assert watched.told == []


async def test_a_change_that_leaves_the_size_or_the_time_of_the_file_as_it_was_is_seen(watched: Watched) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.write(GOOD.replace("harbour_wire", "harbour_lamp"))
    await watched.watch.look()
    assert await watched.lists() == {"world": ("harbour_lamp",)}
    found = watched.path.stat()
    watched.path.write_text(GOOD.replace("harbour_wire", "meridian"))
    os.utime(watched.path, ns=(found.st_atime_ns, found.st_mtime_ns))
    await watched.watch.look()
    assert await watched.lists() == {"world": ("meridian",)}


@pytest.mark.parametrize("failure", [StorageError("the disk is full"), RuntimeError("a mistake of ours")], ids=repr)
async def test_a_look_that_fails_is_followed_by_the_next(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    watched.write(GOOD)
    failures, taken = [failure], asyncio.Event()

    async def fail_once(store: Store, lists: Lists) -> None:
        if failures:
            raise failures.pop()
        await take_over(store, lists)
        taken.set()

    monkeypatch.setattr("app.watch.take_over", fail_once)
    monkeypatch.setattr("app.watch.SECONDS", 0.0)
    running = asyncio.get_running_loop().create_task(watched.watch.run())
    waiting = asyncio.get_running_loop().create_task(taken.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert taken.is_set()
    running.cancel()
    await asyncio.wait({running})
    assert await watched.lists() == {"world": ("harbour_wire",)}


async def test_a_file_of_ones_own_takes_the_place_of_the_shipped_one_while_it_runs(
    store: Store, tmp_path: Path
) -> None:
    shipped, own = tmp_path / "shipped.toml", tmp_path / "channels.toml"
    shipped.write_text(GOOD)
    watched = Watched(store, own)
    watched.watch = ListsWatch(store, ListFile(own, shipped), watched._tell)
    await watched.watch.begin()
    ListFile(own, shipped).edit(lambda text: text.replace("harbour_wire", "meridian"))
    assert await watched.watch.look() is None
    assert await watched.lists() == {"world": ("meridian",)}
    assert shipped.read_text() == GOOD


async def test_a_file_of_ones_own_as_long_and_as_old_as_the_shipped_one_is_seen(store: Store, tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped.toml", tmp_path / "channels.toml"
    watched = Watched(store, own)
    watched.watch = ListsWatch(store, ListFile(own, shipped), watched._tell)
    shipped.write_text(GOOD)
    os.utime(shipped, ns=(10**9, 10**9))
    await watched.watch.begin()
    watched.write(GOOD.replace("harbour_wire", "harbour_lamp"))
    await watched.watch.look()
    assert await watched.lists() == {"world": ("harbour_lamp",)}


async def test_what_the_file_sets_for_a_channel_is_taken_over(watched: Watched) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.write(f"{GOOD}[channels.harbour_wire]\nevery = '5m'\n")
    await watched.watch.look()
    async with watched.store.read() as tx:
        assert [channel.every for channel in await tx.channels.all()] == [300]


async def test_a_broken_file_changes_nothing_and_is_told_of_once(watched: Watched) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.write(BROKEN)
    for _ in range(3):
        error = await watched.watch.look()
        assert isinstance(error, ListsError)
        assert error.line == 3
    assert await watched.lists() == {"world": ("harbour_wire",)}
    assert watched.told == [f"The lists stay as they were. {watched.path}, line 3: Unclosed array"]
    watched.write(GOOD)
    assert await watched.watch.look() is None
    watched.write(BROKEN)
    await watched.watch.look()
    assert len(watched.told) == 2


async def test_a_file_that_vanished_changes_nothing(watched: Watched) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.path.unlink()
    assert "there is no such file" in str(await watched.watch.look())
    assert await watched.lists() == {"world": ("harbour_wire",)}


@pytest.mark.parametrize("text", ["", " \n\n"])
async def test_an_empty_file_ends_no_lists(watched: Watched, text: str) -> None:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.write(text)
    assert "is empty" in str(await watched.watch.look())
    assert await watched.lists() == {"world": ("harbour_wire",)}
    assert len(watched.told) == 1
    watched.write("[lists]\n")
    assert await watched.watch.look() is None
    assert await watched.lists() == {}


async def test_where_there_are_no_lists_an_empty_file_is_none_to_wonder_at(watched: Watched) -> None:
    watched.write("")
    await watched.watch.begin()
    assert await watched.watch.look() is None
    assert watched.told == []


async def test_the_first_start_needs_a_good_file(watched: Watched) -> None:
    with pytest.raises(BadInput, match="no such file"):
        await watched.watch.begin()
    watched.write(BROKEN)
    with pytest.raises(ListsError):
        await watched.watch.begin()


async def started_later_beside_a_broken_file(watched: Watched) -> Watched:
    watched.write(GOOD)
    await watched.watch.begin()
    watched.write(BROKEN)
    later = Watched(watched.store, watched.path)
    await later.watch.begin()
    return later


async def test_a_later_start_goes_on_with_the_lists_in_force(watched: Watched) -> None:
    later = await started_later_beside_a_broken_file(watched)
    assert len(later.told) == 1
    assert await later.lists() == {"world": ("harbour_wire",)}


async def test_what_is_no_text_is_refused(watched: Watched) -> None:
    watched.path.write_bytes(b"[lists.world]\nchannels = ['\xff']\n")
    with pytest.raises(BadInput, match="line 2: is no UTF-8 text"):
        await watched.watch.begin()


FOLDER = "[lists.world]\nfolder = 'https://t.me/addlist/AbCdEfGh1'\n"


async def test_a_folder_without_an_account_is_told_once(watched: Watched) -> None:
    watched.write(FOLDER)
    await watched.watch.begin()
    watched.write(f"{FOLDER}title = 'World'\n")
    await watched.watch.look()
    assert watched.told == ["The folder of world needs an account to be read: sign one in with `courant login`."]
    assert await watched.lists() == {"world": ()}


async def test_a_folder_without_an_account_that_went_and_comes_back_is_told_again(watched: Watched) -> None:
    for text in (FOLDER, GOOD, FOLDER):
        watched.write(text)
        await watched.watch.look()
    assert len(watched.told) == 2


async def test_where_there_is_an_account_nothing_is_told_of_a_folder(store: Store, tmp_path: Path) -> None:
    watched = Watched(store, tmp_path / "channels.toml", has_account=True)
    watched.write(FOLDER)
    await watched.watch.begin()
    assert watched.told == []


async def test_a_folder_that_changes_beside_a_file_that_was_never_good_changes_nothing(watched: Watched) -> None:
    later = await started_later_beside_a_broken_file(watched)
    await later.watch.again()
    assert await later.lists() == {"world": ("harbour_wire",)}


async def test_what_a_folder_holds_is_taken_over_without_a_change_of_the_file(watched: Watched) -> None:
    watched.write(FOLDER)
    await watched.watch.begin()
    async with watched.store.begin() as tx:
        member = FolderChannel(telegram_id=7, name="harbour_wire", title="Harbour Wire")
        assert await tx.folders.was_read("AbCdEfGh1", "Papers", [member], 0, NOW, NOW)
    await watched.watch.again()
    assert await watched.lists() == {"world": ("harbour_wire",)}


async def test_lists_that_could_not_be_taken_over_again_are_with_the_next_look(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.write(FOLDER)
    await watched.watch.begin()
    async with watched.store.begin() as tx:
        member = FolderChannel(telegram_id=7, name="harbour_wire", title="Harbour Wire")
        await tx.folders.was_read("AbCdEfGh1", "Papers", [member], 0, NOW, NOW)

    async def fail(store: Store, lists: Lists) -> None:
        raise StorageError("the database is locked")

    with monkeypatch.context() as broken:
        broken.setattr("app.watch.take_over", fail)
        with pytest.raises(StorageError):
            await watched.watch.again()
    assert await watched.watch.look() is None
    assert await watched.lists() == {"world": ("harbour_wire",)}


async def test_a_folder_that_changes_beside_the_file_does_not_bring_its_former_lists_back(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.write(FOLDER)
    await watched.watch.begin()
    begun, may_go = asyncio.Event(), asyncio.Event()

    async def slow(store: Store, lists: Lists) -> None:
        begun.set()
        await may_go.wait()
        await take_over(store, lists)

    monkeypatch.setattr("app.watch.take_over", slow)
    watched.write(GOOD)
    async with asyncio.TaskGroup() as group:
        group.create_task(watched.watch.look())
        await begun.wait()
        group.create_task(watched.watch.again())
        await asyncio.sleep(0)
        may_go.set()
    assert await watched.lists() == {"world": ("harbour_wire",)}
