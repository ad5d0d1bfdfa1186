"""The lists of words, which people read and mend: one entry a line, a comment after `#`."""

import re
from collections.abc import Sequence
from importlib.resources import files


def lines_of(name: str, package: str = "digest.text") -> Sequence[str]:
    """The entries of the list of this name beside the modules of a package."""
    lines = (files(package) / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def beginnings(words: str) -> re.Pattern[str]:
    """What matches a folded word that begins like one of these; like one with a full stop, only that word itself."""
    return re.compile("|".join(f"{each[:-1]}$" if each.endswith(".") else each for each in words.split()))
