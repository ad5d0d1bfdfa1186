"""Takes figures again and writes them into docs/benchmarks.md, as their commands print them.

    COURANT_DATA=../shared/data python -m benchmarks.record [NAME ...]

A block of that page that stands between `<!-- figures: python -m benchmarks.NAME … -->` and `<!-- end -->` is what that
command prints; tables stand as tables, other lines between fences. Those named are run (all where none is), one after
the other, and what they print is shown. A command that fails leaves its block as it is; the exit code is then 1.
"""

import re
import shlex
import subprocess
import sys
from itertools import groupby

from benchmarks.data import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
_BLOCK = re.compile(
    r"(?P<begin><!-- figures: python -m benchmarks\.(?P<command>[^>\n]+) -->\n).*?(?P<end>\n<!-- end -->)", re.DOTALL
)


def commands(page: str) -> list[str]:
    """What each block of the page is made by: a benchmark and its arguments."""
    return [block["command"] for block in _BLOCK.finditer(page)]


def with_figures(page: str, command: str, printed: str) -> str:
    """The page with what this command has printed in its block."""

    def block(found: re.Match[str]) -> str:
        if found["command"] != command:
            return found[0]
        return f"{found['begin']}\n{as_markdown(printed)}\n{found['end']}"

    return _BLOCK.sub(block, page)


def as_markdown(printed: str) -> str:
    """Tables as they are, other lines between fences."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", printed.strip()):
        for is_table, lines in groupby(paragraph.splitlines(), key=lambda line: line.startswith("|")):
            text = "\n".join(lines)
            parts.append(text if is_table else f"```text\n{text}\n```")
    return "\n\n".join(parts)


def run(command: str) -> str | None:
    """What `python -m benchmarks.…` prints, shown as it comes; None where it fails."""
    name, *arguments = shlex.split(command)
    print(f"\npython -m benchmarks.{command}", file=sys.stderr, flush=True)
    printed: list[str] = []
    called = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    with subprocess.Popen(called, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own page says what
        for line in child.stdout or ():
            print(line, end="", flush=True)
            printed.append(line)
    return None if child.returncode else "".join(printed)


def main() -> None:
    names = set(sys.argv[1:])
    page = PAGE.read_text(encoding="utf-8")
    every = {command: command.split()[0] for command in commands(page)}
    if unknown := names - set(every.values()):
        sys.exit(f"{PAGE.name} has no figures of {', '.join(sorted(unknown))}; it has {', '.join(every.values())}")
    failed: list[str] = []
    for command, name in every.items():
        if names and name not in names:
            continue
        if printed := run(command):
            page = with_figures(page, command, printed)
            PAGE.write_text(page, encoding="utf-8")  # what was taken stays, whatever becomes of the next
        else:
            failed.append(command)
    if failed:
        sys.exit(f"failed, and left as it was: {', '.join(failed)}")


if __name__ == "__main__":
    main()
