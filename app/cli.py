"""The command line: names and words of the commands, and how each of them ends.

Exit 0 done, 1 failed with a sentence on stderr, 2 bad usage. A command's module is loaded when the command is used.
"""

import contextlib
import difflib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from app import CANCELLED, nothing_begun
from core.collecting import never_collecting
from core.errors import CourantError
from core.plain import plain

COMMANDS = {
    "try": "The real bot in the terminal, over a made-up day: no token, account or network.",
    "run": "Everything until a signal: reads channels, talks to readers, brings digests.",
    "login": "Sign a Telegram account in, to read what has no web preview.",
    "import": "Read saved pages, Telegram Desktop exports and JSON Lines into the archive.",
    "backfill": "Read the history of channels.",
    "channels": "The lists of channels: show, change, discover, import, export.",
    "readers": "Who gets digests; forget one of them.",
    "digest": "Build a digest and print it; nothing is sent.",
    "search": "Search the archive.",
    "clean": "A filter: pages to articles, or posts to clean posts.",
    "stories": "A filter: posts to the stories they tell of.",
    "summarize": "A filter: texts to summaries that name their sources.",
    "check": "Look at everything that a running Courant needs.",
    "config": "The settings in force, secrets hidden.",
    "stats": "Posts a day, channels, readers, digests, cost.",
    "export": "The archive as JSON Lines.",
    "backup": "A consistent copy of the database while it runs.",
}
_MODULES = {name: f"app.commands.{name}" for name in COMMANDS} | {
    "try": "app.commands.try_out",
    "import": "app.commands.import_files",
}


class _Unheard(Exception):
    """Nobody reads our output any more."""


class _Lazy(click.Group):
    """A group that knows its commands by name and loads one when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        with nothing_begun(), never_collecting():
            command: click.Command = import_module(_MODULES[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if near := difflib.get_close_matches(args[0], COMMANDS, 1) if args[0] not in COMMANDS else []:
            ctx.fail(f"No such command {args[0]!r}: did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # before click sees it, for whom it is a failure
            raise _Unheard from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(None, "-V", "--version", package_name="courant", message="%(prog)s %(version)s")
def cli() -> None:
    """Courant reads Telegram channels so that you do not have to.

    Begin with `courant try`. Settings come from the environment or .env: see `courant config`.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command; gives its exit code. Nothing is raised for what a person can do wrong."""
    _open_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # what others wrote, or typed, may not fit the terminal's encoding
    try:
        code = cli.main(args=list(arguments), prog_name="courant", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CourantError as error:
        return _failed(str(error))
    except (_Unheard, BrokenPipeError):
        return _hushed()
    except click.Abort as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            return CANCELLED
        return _failed("Nothing was answered, so nothing was done.")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _failed("There is no room left on the disk.")


def _open_streams() -> None:
    """Put nothing in the place of what the shell has closed (`<&-`): Python has None there, and the next file that is
    opened would be taken for it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - stays open as the streams do


def our_version() -> str:
    """The version of the installed package; "0" where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("courant")
    except PackageNotFoundError:
        return "0"


def _failed(sentence: str) -> int:
    click.echo(f"courant: {plain(' '.join(sentence.split()))}", err=True)
    return 1


def _hushed() -> int:
    """Python would complain about a closed pipe once more while it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
