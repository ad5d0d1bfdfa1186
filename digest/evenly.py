"""Pure: some of many, from the first to the last."""

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def evenly(things: Sequence[Thing], most: int) -> list[Thing]:
    """At most so many, evenly from all."""
    last = min(len(things), most) - 1
    return [things[n * (len(things) - 1) // max(last, 1)] for n in range(last + 1)]
