"""What lives for days lies in large pages, where there are any."""

from pathlib import Path
from threading import Event

from core.huge_pages import LEAST, in_huge_pages, use_huge_pages


def test_what_a_process_holds_is_the_same_in_large_pages(tmp_path: Path) -> None:
    held = bytearray(b"news") * (LEAST // 2)
    where = (Path("/proc/self/maps"), tmp_path / "there is no such thing here")
    sizes = [use_huge_pages(maps) for maps in where]
    assert sizes[1] == 0
    assert held == bytearray(b"news") * (LEAST // 2)


def test_small_stretches_files_and_code_stay_as_they_are(tmp_path: Path) -> None:
    lines = [
        "7f0000000000-7f0000800000 rw-p 00000000 00:00 0 ",
        "7f1000000000-7f1010000000 rw-p 00000000 08:01 12 /lib/words.so",
        "7f2000000000-7f2010000000 r-xp 00000000 00:00 0 ",
    ]
    maps = tmp_path / "maps"
    maps.write_text("\n".join(lines))
    assert use_huge_pages(maps) == 0


def test_memory_that_grows_is_looked_at_again_until_the_end() -> None:
    looked = Event()
    with in_huge_pages(0.0, looked.set):
        assert looked.wait(60)
