"""Memory that lives for days, in large pages where Linux has them.

What a post of a large window touches lies scattered over hundreds of megabytes. With pages of 4 KB most of the time of
a look-up goes to finding where its page is; with pages of 2 MB the processor knows that of all of them.
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LEAST = 16 << 20  # bytes of a stretch of memory that is worth it; a thread's stack is 8 MB
_PAGE = 2 << 20
_HUGE_PAGES, _NOW = 14, 25  # madvise: MADV_HUGEPAGE, and MADV_COLLAPSE (from Linux 6.1 on; else it comes by and by)
_ANONYMOUS = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\])?$", re.MULTILINE)


def use_huge_pages(maps: Path = Path("/proc/self/maps")) -> int:
    """Put what this process holds in large pages; gives how many bytes they are to hold, 0 where there is no such
    thing. To be called again as memory grows. `maps`: where Linux tells the process's memory."""
    try:
        stretches = _ANONYMOUS.findall(maps.read_text(encoding="utf-8"))
    except OSError:
        return 0
    advise = ctypes.CDLL(None).madvise
    total = 0
    for begin, end in stretches:
        first = -(-int(begin, 16) // _PAGE) * _PAGE
        size = int(end, 16) // _PAGE * _PAGE - first
        if size < LEAST:
            continue
        for advice in (_HUGE_PAGES, _NOW):
            advise(ctypes.c_void_p(first), ctypes.c_size_t(size), advice)
        total += size
    return total


@contextmanager
def in_huge_pages(every: float = 10.0, use: Callable[[], object] = use_huge_pages) -> Iterator[None]:
    """Put what this process holds in large pages each `every` seconds."""
    over = Event()

    def go_on() -> None:
        while not over.wait(every):
            use()

    thread = Thread(target=go_on, name="huge pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
