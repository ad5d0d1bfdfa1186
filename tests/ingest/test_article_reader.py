"""The process that reads articles: what it is given, what becomes of one that fails, and when another takes its place.

The process is a real one, and what it makes of a page is told here: that of a page's real article is in test_article.
"""

import os
import threading
from collections.abc import Callable

import pytest

from core.errors import FetchError
from core.model import NoArticle
from ingest.articles import reader as reader_module
from ingest.articles.pages import Page
from ingest.articles.reader import ArticleReader

A_PAGE = Page(canonical="https://a.b/c", html=b"<p>A page</p>", content_type="text/html")
_CHILD = """
import os, sys, types
from core.model import NoArticle
from ingest.articles.reader import work
def examine(html, url, content_type):
    return NoArticle(str({made}))
sys.modules["ingest.articles.article"] = types.SimpleNamespace(examine=examine)
work({{nice}})
"""


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets the process say of each page what this expression gives there."""
    return lambda made: monkeypatch.setattr("ingest.articles.reader._CHILD", _CHILD.format(made=made))


async def said(reader: ArticleReader, html: bytes = A_PAGE.html) -> str:
    found = await reader.read(Page(canonical=A_PAGE.canonical, html=html, content_type=A_PAGE.content_type))
    assert isinstance(found, NoArticle)
    return found.reason


async def test_where_the_system_bounds_no_memory_pages_are_read_all_the_same(
    making: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    making("'read'")
    refusing = "import resource\ndef refuse(*limits): raise ValueError\nresource.setrlimit = refuse\n"
    monkeypatch.setattr("ingest.articles.reader._CHILD", refusing + reader_module._CHILD)
    async with ArticleReader(nice=0) as reader:
        assert await said(reader) == "read"


async def test_the_process_is_replaced_after_so_many_pages(making: Callable[[str], None]) -> None:
    making("os.getpid()")
    async with ArticleReader(renewed_after=2, nice=0) as reader:
        first, second, third, fourth, fifth = [await said(reader) for _ in range(5)]
    assert first == second
    assert third == fourth
    assert len({first, third, fifth}) == 3, "two pages each"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param("os._exit(1) if html == b'bad' else 'read'", id="it ends"),
        pytest.param("'x' * (9 << 20) if html == b'bad' else 'read'", id="it answers without end"),
        pytest.param("len(bytearray(1 << 31)) if html == b'bad' else 'read'", id="it takes all memory"),
    ],
)
async def test_a_page_that_breaks_the_process_ends_alone(making: Callable[[str], None], made: str) -> None:
    making(made)
    async with ArticleReader(nice=0) as reader:
        assert [await said(reader, html) for html in (b"good", b"bad", b"good")] == ["read", "broke the reader", "read"]


async def test_the_process_gets_no_secret(making: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_BOT_TOKEN", "123:secret")
    making("[name for name in os.environ if name.startswith('COURANT_')]")
    async with ArticleReader(nice=0) as reader:
        assert await said(reader) == "[]"


async def test_the_process_steps_back_behind_others(making: Callable[[str], None]) -> None:
    making("os.nice(0)")
    async with ArticleReader(nice=1) as reader:
        assert await said(reader) == str(min(os.nice(0) + 1, 19))


async def test_a_process_that_ended_by_itself_is_waited_for_by_one_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waitpid = os.waitpid

    def late(pid: int, options: int) -> tuple[int, int]:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        threading.Event().wait(0.05)  # the others are sooner
        return waitpid(pid, options)

    monkeypatch.setattr("ingest.articles.reader._CHILD", "{nice}")
    monkeypatch.setattr(os, "waitpid", late)
    async with ArticleReader(nice=0) as reader:
        with pytest.raises(FetchError):
            await reader.read(A_PAGE)
    assert caplog.text == "", "of an unknown process"
