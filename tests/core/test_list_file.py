"""The file of lists is edited whole or not at all, and by one hand at a time."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import BadInput, NotWritable
from core.list_edits import add_channels
from core.list_file import ListFile, text_of
from tests.read_only import only_read

TEXT = "# ours\n[lists.world]\nchannels = ['harbour_wire']\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "channels.toml"
    path.write_text(TEXT)
    return path


def test_what_two_add_at_once_is_both_there(path: Path) -> None:
    with ThreadPoolExecutor() as others:

        def add_while_another_does(text: str) -> str:
            other = others.submit(ListFile(path).edit, lambda text: add_channels(text, "world", ["city_desk"]))
            with pytest.raises(TimeoutError):  # it waits for this one
                other.result(0.2)
            return add_channels(text, "world", ["mayak"])

        ListFile(path).edit(add_while_another_does)
    text = path.read_text()
    assert ("mayak" in text, "city_desk" in text, text.startswith("# ours")) == (True, True, True)


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(path: Path) -> None:
    path.chmod(0o640)
    link = path.parent / "link.toml"
    link.symlink_to(path)
    ListFile(link).edit(str.upper)
    assert (path.read_text(), path.stat().st_mode & 0o777, link.is_symlink()) == (TEXT.upper(), 0o640, True)
    assert sorted(each.name for each in path.parent.iterdir()) == ["channels.toml", "link.toml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root gives files away.")
def test_a_file_keeps_its_owner(path: Path) -> None:
    os.chown(path, 1234, 4321)
    ListFile(path).edit(str.upper)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_whether_a_file_may_be_edited_is_known_before(path: Path) -> None:
    assert ListFile(path).may_be_edited()
    assert ListFile(path.parent / "not" / "yet" / "there.toml").may_be_edited()
    with only_read(path.parent) as folder:
        assert not ListFile(folder / "channels.toml").may_be_edited()
        assert not ListFile(folder / "not" / "there.toml").may_be_edited()
    path.chmod(0o444)
    assert not ListFile(path).may_be_edited()


def test_a_file_that_nobody_may_write_is_not_replaced(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(NotWritable, match="is read-only"):
        ListFile(path).edit(str.upper)
    assert path.read_text() == TEXT


def test_a_folder_that_takes_no_file_is_told_and_nothing_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(NotWritable, match="cannot be written: No space left on device"):
        ListFile(path).edit(str.upper)
    assert [each.read_text() for each in path.parent.iterdir()] == [TEXT]


def test_what_another_hand_wrote_meanwhile_is_not_written_over(path: Path) -> None:
    def slow(text: str) -> str:
        path.write_text("[lists]\n")
        return text.upper()

    with pytest.raises(BadInput, match="was changed by someone else just now"):
        ListFile(path).edit(slow)
    assert path.read_text() == "[lists]\n"


def test_a_new_file_begins_as_the_one_that_came_with_the_program(path: Path, tmp_path: Path) -> None:
    own = ListFile(tmp_path / "seeds" / "channels.toml", shipped=path)
    assert own.present == path
    own.edit(str.upper)
    assert (own.present.read_text(), path.read_text()) == (TEXT.upper(), TEXT)
    assert own.path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1251"])
def test_a_text_in_another_encoding_is_refused_with_its_line(encoding: str) -> None:
    with pytest.raises(BadInput, match=r"channels.toml, line \d: is no UTF-8 text"):
        text_of('[lists.world]\ntitle = "Мир"\n'.encode(encoding), "channels.toml")
