"""What a fresh interpreter has loaded."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def modules_after(program: str) -> set[str]:
    """The modules that are there when a new process of Python has run this program."""
    command = [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY)  # noqa: S603 - our tests' words
    return set(done.stdout.split())
