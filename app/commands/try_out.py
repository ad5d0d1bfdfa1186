"""`courant try`: the real bot in the terminal, over the seeds."""

import asyncio
import sys
from contextlib import suppress
from importlib import import_module

import click

from app.console import heeding_ctrl_c, in_loop, say
from core.collecting import never_collecting
from core.settings import load_settings
from core.texts import LANGUAGES, texts

SHOWN = ("/start", "/subscribe world", "/digest", "/search sanctions")  # to who gives no line and has no terminal


@click.command("try")
@click.option("--json", "as_json", is_flag=True, help='Print each call of the bot: {"method","text","buttons"}.')
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Your Telegram's language."
)
def command(as_json: bool, language: str) -> None:
    """A made-up day of made-up channels, and the bot as its readers meet it. A line typed is a message to it; #N
    presses the button of that number. Lines come from a pipe as well; where none comes, some are shown. Nothing is
    kept."""
    in_loop(_converse(as_json=as_json, language=language))


async def _converse(*, as_json: bool, language: str) -> None:
    if sys.stdin.isatty():
        say(texts(language)("terminal-wait"))
    with never_collecting():  # only now: the bot takes a few seconds, in which a person wonders
        from app.day import open_day
    async with open_day(load_settings(), sys.stdout, as_json=as_json, language=language) as terminal:
        if sys.stdin.isatty():
            with suppress(ImportError):  # some systems' Python lacks it
                import_module("readline")  # gives `input` its arrow keys
            say(texts(language)("terminal-hint"))
        line = await next_line()
        if not line and not sys.stdin.isatty():
            for shown in SHOWN:
                say(f"> {shown}")
                await terminal.line(f"{shown}\n")
        while line:
            await terminal.line(line)
            line = await next_line()


async def next_line() -> str:
    """What is typed, or what comes through a pipe, with its end; empty where nothing more comes."""
    with heeding_ctrl_c():
        if (task := asyncio.current_task()) and task.cancelling():
            await asyncio.sleep(0)  # a Ctrl-C that came since something was last awaited comes out here
        return _typed() if sys.stdin.isatty() else sys.stdin.readline()


def _typed() -> str:
    try:
        return input("> ") + "\n"
    except EOFError:
        say("")
        return ""
