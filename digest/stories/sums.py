"""Pure: sums over vectors that are kept as term -> value.

What is asked of every term is written with `map` and `dict.get`, which never leave C; a product is a loop over what
both have, which mostly is little.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import repeat
from operator import add
from typing import TypeVar

Number = TypeVar("Number", int, float)

_NONE = repeat(0)  # what a term counts where it does not occur


def dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The product of two vectors, added up in the order of the first."""
    return sum([value * other[term] for term, value in one.items() if term in other])


def at(terms: Iterable[int], vector: Mapping[int, Number]) -> Iterable[Number]:
    """What a vector holds for each of these terms."""
    return map(vector.get, terms, _NONE)


def add_to(total: dict[int, Number], terms: Collection[int], values: Iterable[Number]) -> None:
    """Add to a sum the value of each of these terms, which are all different; `values` may go on."""
    total.update(zip(terms, map(add, values, at(terms, total)), strict=False))
