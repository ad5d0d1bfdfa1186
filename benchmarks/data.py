"""The public sets that are measured on: the folder that COURANT_DATA names, else `../shared/data`."""

import csv
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("COURANT_DATA") or ROOT.parent / "shared" / "data")


class NotThere(SystemExit):
    """Something that the folder does not have: ends the command with a sentence, unless it can do without."""

    def __init__(self, what: object) -> None:
        super().__init__(f"{what} is not there: COURANT_DATA names the folder of the public sets")


def needed(part: str) -> Path:
    """A part of the folder. Raises NotThere."""
    folder = DATA / part
    if not folder.exists():
        raise NotThere(folder)
    return folder


def files(folder: Path, pattern: str) -> list[Path]:
    """The files of a set, in order, whatever its authors call the part of it that is here. Raises NotThere."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise NotThere(folder / pattern)
    return found


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file that holds one a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def table(folder: Path, pattern: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows of a set of gzipped CSV."""
    for path in files(folder, pattern):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter=delimiter)


def packed_json(path: Path) -> Any:
    """What a gzipped file of JSON holds."""
    return json.loads(gzip.decompress(path.read_bytes()))


def nktkln_posts() -> Iterator[dict[str, Any]]:
    """The posts of the 24 Russian news channels, as they were collected: channel by channel, in order."""
    for path in files(needed("telegram_posts/nktkln"), "raw/*.json.gz"):
        yield from packed_json(path)


def nktkln_window() -> Iterator[dict[str, Any]]:
    """The posts of those channels in three hours, labelled by event."""
    return json_lines(needed("clustering/nktkln_same_story_gold/gold.jsonl"))


def window_labels() -> Iterator[tuple[str, str, bool]]:
    """Post, event and whether in doubt, of five windows of other days; "" where a post has an event of its own."""
    with (ROOT / "benchmarks/windows.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                post, event, doubtful = line.rstrip("\n").split("\t")
                yield post, event, doubtful == "1"


def cleaning_gold() -> Iterator[dict[str, Any]]:
    """The posts whose signature and kind are labelled."""
    return json_lines(needed("cleaning/gold.jsonl"))


def bbcbreaking_posts() -> Iterator[dict[str, Any]]:
    """The messages of the BBC's channel, in order."""
    packed = needed("telegram_posts/bbcbreaking") / "bbcbreaking.jsonl.gz"
    yield from map(json.loads, gzip.decompress(packed.read_bytes()).splitlines())
