"""`python -m app` is `courant`."""

import sys

from app.cli import run


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
