"""What an import tells of what it could not read."""

from dataclasses import dataclass

from core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, and why; the rest goes on. `line` where lines are counted."""

    what: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return str(BadInput(self.what, self.reason, self.line))
