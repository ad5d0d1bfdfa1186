"""What commands share: data goes to stdout, words and progress to stderr."""

import asyncio
import errno
import json
import os
import signal
import socket
import sys
import termios
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from typing import Any, BinaryIO, TypeVar

import click

from app.heard import while_heard
from core.errors import BadInput
from core.json_lines import lines
from core.plain import plain

Result = TypeVar("Result")
MAX_LINE = 64 << 20  # bytes of one line of JSON: a page of 16 MB with every character escaped


def in_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run the asynchronous part of a command. Ctrl-C cancels it and comes out as KeyboardInterrupt, whatever threads
    still do."""
    threads = _Threads()
    with asyncio.Runner() as runner, _woken_by_signals(runner.get_loop()):
        runner.get_loop().set_default_executor(threads)
        try:
            return runner.run(work)
        except KeyboardInterrupt:
            threads.are_left = True
            raise


@contextmanager
def _woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """A signal that comes just when the loop falls asleep wakes it; asyncio's own waiting for Ctrl-C would miss it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = socket.socketpair()
    with reading, writing:
        reading.setblocking(False)
        writing.setblocking(False)
        loop.add_reader(reading, reading.recv, 1024)
        before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(reading)


@contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C end what holds up the loop itself: asyncio's own way waits until something is awaited."""
    asyncios = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, asyncios)


class _Threads(ThreadPoolExecutor):
    """Threads that may be left behind: one of them may wait for a line that nobody types, and would hold up the end."""

    are_left = False

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=wait and not self.are_left, cancel_futures=cancel_futures)


@contextmanager
def same_terminal() -> Iterator[None]:
    """Leave the terminal as it was: what asks for a password turns its echo off, and may never come to turn it on."""
    try:
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
    except (OSError, ValueError, termios.error):  # a pipe, a file, nothing at all
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def say(words: str) -> None:
    """Tell a person something."""
    click.echo(plain(words), err=True)


def draw_code(address: str) -> None:
    """Draw an address as a QR code on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        return
    import segno

    drawn = StringIO()
    segno.make(address, error="L", micro=False).terminal(drawn, compact=True)
    for line in drawn.getvalue().splitlines():  # dark on light, whatever the terminal's own colours
        click.secho(line, fg="bright_white", bg="black", err=True)


def put(line: str) -> None:
    """Write a line of data. Raises BadInput where there is no room for it: a database that is open may have some."""
    try:
        click.echo(line.encode("utf-8", "replace").decode())
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise BadInput("stdout", "there is no room left for what is written") from error


def put_json(value: object) -> None:
    """Write a value as one line of JSON."""
    put(json.dumps(value, ensure_ascii=False))


def on_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout.isatty()


def bold(words: str) -> str:
    """Words that stand out, where stdout is a terminal that can show it."""
    return click.style(words, bold=True) if on_terminal() and os.environ.get("TERM") != "dumb" else words


def put_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal, without columns that are empty; in a pipe tab-separated lines of all, without the head."""
    if not on_terminal():
        for row in rows:
            put("\t".join(" ".join(plain(cell).split()) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    lines = list(rows)
    shown = [column for column in range(len(head)) if any(row[column] for row in lines)]
    for column in shown:
        table.add_column(head[column])
    for row in lines:
        table.add_row(*(Text(plain(row[column])) for column in shown))
    Console().print(table)


@contextmanager
def option(name: str) -> Iterator[None]:
    """What cannot be read in an option is told, and ends the command, as click does it with what it reads itself."""
    try:
        yield
    except BadInput as error:
        raise click.BadParameter(str(error), param_hint=f"'{name}'") from error


def some(number: int, what: str) -> str:
    """So many of something: "1 post", "2 posts"."""
    return f"{number} {what}{'s' * (number != 1)}"


@contextmanager
def progress(words: str, *, beside_data: bool = False) -> Iterator[Callable[[int], None]]:
    """A running count on stderr where that is a terminal; the function takes how far the work is. `beside_data`: none
    where the terminal shows what is written to stdout meanwhile."""
    if not sys.stderr.isatty() or (beside_data and sys.stdout.isatty()):
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}  {task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done: bar.update(task, completed=done)


class BadLines:
    """Lines that are skipped: each is told on stderr with its number, and the command fails at its end."""

    def __init__(self, file: BinaryIO) -> None:
        name = getattr(file, "name", "-")
        self._what = name if isinstance(name, str) and not name.startswith(("-", "<")) else "stdin"
        self.count = 0

    def add(self, number: int, reason: str) -> None:
        self.count += 1
        say(f"{self._what}, line {number}: {reason}")

    def end(self) -> None:
        """Leave with 1 where lines were skipped."""
        if self.count:
            raise SystemExitWith(1)


def json_lines(file: BinaryIO, bad: BadLines) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not blank, each with its number, from 1; one that is too long is a bad one.

    Raises BrokenPipeError where nobody reads stdout any more: lines that nobody answers need not be waited for.
    """
    for number, line in lines(while_heard(file, sys.stdout.fileno()), MAX_LINE):
        if line is None:
            bad.add(number, f"is longer than {MAX_LINE >> 20} MB")
        else:
            yield number, line


class SystemExitWith(click.exceptions.Exit):
    """End the command with this exit code; what there was to say has been said."""
