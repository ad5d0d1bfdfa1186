"""What silences a tool says why, so that whoever comes next can tell whether it still must."""

import re

from tests.own_code import lines_with

_FOLDERS = ("app", "benchmarks", "bot", "core", "digest", "ingest", "seeds", "storage", "tests")
_SILENCE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:|fmt:\s*off|ruff:|mypy:|nosec)")
_REASONED = re.compile(r"# (?:noqa: [A-Z0-9, ]+ -|type: ignore\[[a-z, -]+\] #) \S.{4}")


def test_each_silenced_line_says_why() -> None:
    assert lines_with(_FOLDERS, lambda line: _SILENCE.search(line) and not _REASONED.search(line)) == []
