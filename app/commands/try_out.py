"""`courant try`: the real bot in the terminal, over the seeds."""

import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

import click

from app.console import in_loop, say, settings
from app.day import open_day
from core.texts import LANGUAGES

_HINT = "Write to the bot (/start, /lists, /digest, /search rain), #1 presses a button, Ctrl-D ends."


@click.command("try", short_help="The real bot in the terminal, over the seeds: no token, account or network.")
@click.option("--json", "as_json", is_flag=True, help='Print each call of the bot: {"method","text","buttons"}.')
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Your Telegram's language."
)
def command(as_json: bool, language: str) -> None:
    """A made-up day of made-up channels, and the bot as its readers meet it. A line typed is a message to it; #N
    presses the button of that number. Lines come from a pipe as well. Nothing is kept."""
    in_loop(_converse(as_json=as_json, language=language))


async def _converse(*, as_json: bool, language: str) -> None:
    async with open_day(settings(), sys.stdout, as_json=as_json, language=language) as terminal:
        for line in _lines():
            await terminal.line(line)


def _lines() -> Iterator[str]:
    """What is typed, or what comes through a pipe."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    with suppress(ImportError):  # some systems' Python lacks it
        import_module("readline")  # gives `input` its arrow keys
    say(_HINT)
    while True:
        asyncios = signal.signal(signal.SIGINT, signal.default_int_handler)  # which would wait for the line to end
        try:
            line = input("> ")
        except EOFError:
            say("")
            return
        finally:
            signal.signal(signal.SIGINT, asyncios)
        yield line
