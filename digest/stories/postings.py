"""Pure: which stories share the most with a post, by lists of the stories that have each thing."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

_FIRST = itemgetter(0)


def shared_weights(
    entries: Sequence[tuple[int, float, Mapping[int, object]]], most: int, among: Mapping[int, object] | None = None
) -> dict[int, float]:
    """By story the weight of what it shares, until `most` stories of lists have been looked at; `among` these only.
    `entries`: of each thing how many stories have it, its weight, and these stories. What the fewest have comes first,
    what as many have in the order in which it is given."""
    shared: dict[int, float] = {}
    for size, weight, stories in sorted(entries, key=_FIRST):
        if size > most and shared:
            break
        most -= size
        for number in stories if among is None else among.keys() & stories.keys():
            shared[number] = shared[number] + weight if number in shared else weight
    return shared
