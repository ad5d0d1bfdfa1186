"""Where everything meets: wiring, start, stop, command line."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CANCELLED = 130  # what a shell gives for a command that Ctrl-C ended


@contextmanager
def nothing_begun() -> Iterator[None]:
    """While modules are loaded, Ctrl-C ends the process at once, for nothing is to be put away: the KeyboardInterrupt
    that Python raises is dropped where it meets the locks of its own import."""
    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()  # no other thread hears of it
    if before is not signal.default_int_handler or not in_main:  # whoever started us wants it not to be heard
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(CANCELLED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
