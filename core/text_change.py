"""A change of a text that can be taken back to the letter while the text is still what the change made of it. Pure."""

import json
from dataclasses import asdict, dataclass
from hashlib import blake2s

_LONGEST = 50_000  # characters that are kept of what the text said


@dataclass(frozen=True, slots=True)
class TextChange:
    """From `at` on the text said `was`, where now `length` other characters stand; `mark` is of the text as it is."""

    at: int
    was: str
    length: int
    mark: str

    def line(self) -> str:
        """The change on one line, for `read_change`; empty where it is too large to be kept."""
        return json.dumps(asdict(self)) if len(self.was) <= _LONGEST else ""

    def taken_back(self, text: str) -> str | None:
        """What the text was before; None where it has been changed since."""
        if _mark(text) != self.mark:
            return None
        return text[: self.at] + self.was + text[self.at + self.length :]


def change_between(before: str, after: str) -> TextChange:
    """The change that made the one of the other."""
    at = _alike(before, after)
    same = _alike(before[at:][::-1], after[at:][::-1])  # at their ends
    return TextChange(at, before[at : len(before) - same], len(after) - same - at, _mark(after))


def read_change(line: str) -> TextChange | None:
    """The change that a line was made of; None for any other line."""
    return TextChange(**json.loads(line)) if line.startswith("{") else None


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _mark(text: str) -> str:
    return blake2s(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
