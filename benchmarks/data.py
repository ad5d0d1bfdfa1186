"""The public sets that are measured on: the folder that COURANT_DATA names, else `../shared/data`."""

import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("COURANT_DATA") or ROOT.parent / "shared" / "data")


def needed(part: str) -> Path:
    """A part of the folder; ends the command with a sentence where it is not there."""
    folder = DATA / part
    if not folder.exists():
        sys.exit(f"{folder} is not there: COURANT_DATA names the folder of the public sets")
    return folder


def packed_json(path: Path) -> Any:
    """What a gzipped file of JSON holds."""
    return json.loads(gzip.decompress(path.read_bytes()))


def nktkln_posts() -> Iterator[dict[str, Any]]:
    """The posts of the 24 Russian news channels, as they were collected: channel by channel, in order."""
    for path in sorted((needed("telegram_posts/nktkln") / "raw").glob("*.json.gz")):
        yield from packed_json(path)


def bbcbreaking_posts() -> Iterator[dict[str, Any]]:
    """The messages of the BBC's channel, in order."""
    packed = needed("telegram_posts/bbcbreaking") / "bbcbreaking.jsonl.gz"
    yield from map(json.loads, gzip.decompress(packed.read_bytes()).splitlines())
