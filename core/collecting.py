"""How often Python looks for garbage that holds itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """A batch makes some hundred thousand small objects and no cycles: looking for cycles as often as Python does
    costs a tenth of an import, and a twentieth of finding stories."""
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def never_collecting() -> Iterator[None]:
    """While modules are loaded: the million objects that they make stay, and looking through them takes a fifth of the
    time. Nor are they looked through later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
