"""Long lists of keys, a bearable piece at a time."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

_BATCH = 500  # SQLite takes 32,766 variables in a statement; PostgreSQL plans long lists slowly


def batches(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    """The items in runs of at most 500."""
    return (items[at : at + _BATCH] for at in range(0, len(items), _BATCH))
