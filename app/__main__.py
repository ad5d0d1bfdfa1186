"""`python -m app` is `courant`."""

import os
import sys
from contextlib import suppress

from app import CANCELLED, nothing_begun


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    try:
        with nothing_begun():
            from app.cli import run  # it takes a moment, in which Ctrl-C may come

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = CANCELLED
    if code == CANCELLED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)  # Python would wait for a thread that waits for a line which nobody types
    sys.exit(code)


if __name__ == "__main__":
    main()
