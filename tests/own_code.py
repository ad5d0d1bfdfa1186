"""The lines of our own code, for what is asked of all of it."""

from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lines_with(folders: Iterable[str], asked: Callable[[str], object]) -> list[str]:
    """Where lines of Python files in these folders are of which something is `asked`, with the line."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if asked(line)
    ]
