"""Reads articles in a process of its own, which may be killed.

Why a process: some pages of a few hundred KB keep trafilatura busy for minutes; a thread cannot be stopped, would hold
the interpreter's lock meanwhile, and a fault of the C parser would end the whole service. Here it ends one page. The
process gets none of our environment, so no secret either, yields to all others, and is renewed now and then. What it
answers is JSON, since it has been among strangers. Only there is trafilatura loaded: it takes most of a second.
"""

import asyncio
import json
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from core.errors import FetchError
from core.model import Article, NoArticle

if TYPE_CHECKING:
    from ingest.articles.pages import Page

_HEAD: Final = struct.Struct(">II")  # sizes of a JSON head and of the bytes after it
_MAX_ANSWER: Final = 8 << 20
_MEMORY: Final = 1 << 30
_START: Final = 300.0  # seconds: what takes one takes more than 60 on a busy machine; what cannot start ends by itself
_WARM_UP: Final = b"<html><body><article><p>" + b"The first page loads what all pages need. " * 9  # half a second
_CHILD: Final = "from ingest.articles.reader import work; work({nice})"


class ArticleReader:
    """`read` takes one page at a time; further callers wait. Use as `async with ArticleReader() as reader`.

    `seconds` is what one page may take, `renewed_after` the pages after which the process is replaced, `nice` how far
    it steps back behind other processes.
    """

    def __init__(self, *, seconds: float = 15.0, renewed_after: int = 300, nice: int = 10) -> None:
        self._seconds, self._renewed_after, self._nice = seconds, renewed_after, nice
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._pages = 0

    async def __aenter__(self) -> "ArticleReader":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def read(self, page: "Page") -> Article | NoArticle:
        """The article of a fetched page, under its canonical address, or why there is none. Raises FetchError while the
        other process cannot be started: that says nothing of the page."""
        return await self.examine(page.html, page.canonical, page.content_type)

    async def examine(self, html: bytes, url: str, content_type: str) -> Article | NoArticle:
        """`ingest.articles.article.examine` in the other process, within its time. Raises as `read`."""
        async with self._lock:
            done = False
            try:
                process = self._process or await self._started()
                async with asyncio.timeout(self._seconds):
                    found = await _ask(process, html, url, content_type)
                self._pages += 1
                done = self._pages < self._renewed_after
            except TimeoutError:
                return NoArticle(f"took longer than {self._seconds:g} s to read")
            except (OSError, EOFError, ValueError):
                return NoArticle("broke the reader")
            finally:
                if not done:
                    await self.stop()
        return found

    async def _started(self) -> asyncio.subprocess.Process:
        try:
            return await self._start()
        except (OSError, EOFError, ValueError) as error:  # TimeoutError is an OSError
            raise FetchError("the reader", "could not be started", passing=True) from error

    async def _start(self) -> asyncio.subprocess.Process:
        """A new reader, ready: what it takes to start is not counted against the first page."""
        self._pages = 0
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _CHILD.format(nice=self._nice),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        )
        async with asyncio.timeout(_START):
            await _ask(process, _WARM_UP, "http://a.b/", "")
        return process

    async def stop(self) -> None:
        """End the process; the next page begins another."""
        self.kill()
        process, self._process = self._process, None
        if process is not None:
            await process.communicate()  # closes the pipes too

    def kill(self) -> None:
        """End the process from whatever thread: the page that it reads comes out as one that broke it."""
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):  # process.kill() looks first, and takes the end from who waits for it
                os.kill(process.pid, signal.SIGKILL)


async def _ask(process: asyncio.subprocess.Process, html: bytes, url: str, content_type: str) -> Article | NoArticle:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    head = json.dumps([url, content_type]).encode()
    process.stdin.write(_HEAD.pack(len(head), len(html)) + head)
    process.stdin.write(html)
    await process.stdin.drain()
    size, _ = _HEAD.unpack(await process.stdout.readexactly(_HEAD.size))
    if size > _MAX_ANSWER:
        raise ValueError(size)
    return _unpacked(json.loads(await process.stdout.readexactly(size)))


def work(nice: int) -> None:
    """The child's whole life: pages on stdin, articles on stdout, until stdin ends."""
    os.nice(nice)
    with suppress(ValueError):  # macOS bounds no process: one has mapped more than that there when it begins
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer each page of `questions` with an article, until they end."""
    from ingest.articles.article import examine

    while len(sizes := questions.read(_HEAD.size)) == _HEAD.size:
        head, body = (questions.read(size) for size in _HEAD.unpack(sizes))
        url, content_type = json.loads(head)
        answer = json.dumps(_packed(examine(body, url, content_type))).encode()
        answers.write(_HEAD.pack(len(answer), 0) + answer)
        answers.flush()


def _packed(found: Article | NoArticle) -> dict[str, object]:
    if isinstance(found, NoArticle):
        return {"reason": found.reason, "passing": found.passing}
    return {**asdict(found), "date": found.date.isoformat() if found.date else None}


def _unpacked(answer: dict[str, Any]) -> Article | NoArticle:
    if "reason" in answer:
        return NoArticle(**answer)
    date = datetime.fromisoformat(answer["date"]) if answer["date"] else None
    return Article(**{**answer, "date": date, "links": tuple(answer["links"])})
