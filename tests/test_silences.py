"""What silences a tool says why, so that whoever comes next can tell whether it still must."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FOLDERS = ("app", "benchmarks", "bot", "core", "digest", "ingest", "seeds", "storage", "tests")
_SILENCE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:|fmt:\s*off|ruff:|mypy:|nosec)")
_REASONED = re.compile(r"# (?:noqa: [A-Z0-9, ]+ -|type: ignore\[[a-z, -]+\] #) \S.{4}")


def test_each_silenced_line_says_why() -> None:
    assert [
        f"{path.relative_to(_ROOT)}:{number}: {line.strip()}"
        for folder in _FOLDERS
        for path in sorted((_ROOT / folder).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _SILENCE.search(line) and not _REASONED.search(line)
    ] == []
