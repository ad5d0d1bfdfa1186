"""Streams that say they are a terminal."""

import io


class Screen(io.StringIO):
    """What a person reads."""

    def isatty(self) -> bool:
        return True


class Keyboard(io.TextIOWrapper):
    """What a person types."""

    def isatty(self) -> bool:
        return True
