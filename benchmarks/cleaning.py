"""Cleaning of posts, measured: signature, kind, language, speed. Rules of scoring: `README.md` of the data folder.

    python -m benchmarks.cleaning [DATA]

The signature of a channel is learned from its raw posts WITHOUT the labelled ones, so no labelled post takes part in
what judges it; "no posts to learn from" shows what is left where a channel is new. The words that the rules of
`ingest/cleaning/signature.py` and `ingest/cleaning/kind.py` know were chosen with these labels in view: the sealed half
judges them."""

import gzip
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from core.model import UNKNOWN, Kind, NewPost
from ingest.cleaning.clean import clean
from ingest.cleaning.language import LANGUAGES, language_of
from ingest.cleaning.signature import SignatureModel, learn
from ingest.entities import Rich
from ingest.exports.markdown import from_markdown

DATED = datetime(2024, 11, 28, tzinfo=UTC)
NO_STORY = ("promo", "announce", "chatter")
LABELLED_LANGUAGES = tuple(code for code in LANGUAGES if code not in ("it", "pt"))
_ADDRESS = re.compile(r"https?://\S+")

Key = tuple[object, int]


@dataclass
class Tally:
    """Letters of signature and of content, and how many of each are missing from the bodies."""

    signature: int = 0
    removed: int = 0
    content: int = 0
    lost: int = 0

    def add(self, visible: str, marked: list[bool], body: str) -> None:
        kept = _kept(visible, body)
        for is_signature, is_kept in zip(marked, kept, strict=True):
            if is_signature:
                self.signature += 1
                self.removed += not is_kept
            else:
                self.content += 1
                self.lost += not is_kept

    def __str__(self) -> str:
        return (
            f"signature removed {self.removed / max(self.signature, 1):.4f} ({self.removed} of {self.signature}), "
            f"content lost {self.lost / max(self.content, 1):.5f} ({self.lost} of {self.content})"
        )


@dataclass
class Score:
    """Signature by letters, with and without lines of hashtags; "makes no story" by posts."""

    letters: Tally = field(default_factory=Tally)
    without_hashtags: Tally = field(default_factory=Tally)
    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("COURANT_DATA", "../shared/data"))
    if not (data / "cleaning").exists():
        sys.exit(f"{data} has no folder 'cleaning': name the data folder as argument or in COURANT_DATA")
    gold = [json.loads(line) for line in (data / "cleaning/gold.jsonl").read_text("utf-8").splitlines()]
    posts = dict(raw_posts(data))
    labelled = {(row["sender_id"], row["message_id"]) for row in gold}
    models = learned((key, rich) for key, rich in posts.items() if key not in labelled)
    signature_and_kind("learned from the channel's other posts", gold, models)
    signature_and_kind("no posts to learn from", gold, {})
    for kind in ("sentences", "word-pairs"):
        language(data / "langid" / kind)
    channels_language(posts)
    speed(posts, models)


def raw_posts(data: Path) -> Iterator[tuple[Key, Rich]]:
    """Every raw post by (channel, message id), as visible text and links."""
    folder = data / "telegram_posts"
    for path in sorted((folder / "nktkln/raw").glob("*.json.gz")):
        for row in json.loads(gzip.decompress(path.read_bytes())):
            yield (row["sender_id"], row["message_id"]), from_markdown(row["text"])
    for row in json.loads(gzip.decompress((folder / "romanychev/channel_messages.json.gz").read_bytes())):
        yield (None, row["message_id"]), from_markdown(row["text"] or "")
    for line in gzip.decompress((folder / "bbcbreaking/bbcbreaking.jsonl.gz").read_bytes()).splitlines():
        row = json.loads(line)
        if row.get("message"):
            yield (-1001060780848, row["id"]), from_markdown(row["message"])


def learned(posts: Iterable[tuple[Key, Rich]]) -> dict[object, SignatureModel]:
    """The signature model of each channel."""
    channels: dict[object, list[Rich]] = {}
    for (channel, _), rich in posts:
        channels.setdefault(channel, []).append(rich)
    return {channel: learn(SignatureModel(), rich) for channel, rich in channels.items()}


def scored(gold: list[dict[str, Any]], models: dict[object, SignatureModel]) -> Score:
    """Both scores over the posts that are not ambiguous."""
    score = Score()
    for row in gold:
        if row["ambiguous"]:
            continue
        cleaned = clean(_post(from_markdown(row["text"])), models.get(row["sender_id"], SignatureModel()))
        visible, body = _reduced(from_markdown(row["text"])[0]), _reduced(cleaned.body)
        marked = _marked(visible, row["signature"])
        score.letters.add(visible, marked, body)
        if not any(string.startswith("#") for string in row["signature"]):
            score.without_hashtags.add(visible, marked, body)
        makes_none, should = cleaned.kind is not Kind.NEWS, row["kind"] in NO_STORY
        score.right += makes_none and should
        score.wrong += makes_none and not should
        score.missed += should and not makes_none
    return score


def signature_and_kind(title: str, gold: list[dict[str, Any]], models: dict[object, SignatureModel]) -> None:
    score = scored(gold, models)
    print(f"{title}: {score.letters}")
    print(f"  posts with hashtag lines left out: {score.without_hashtags}")
    print(
        f"  makes no story: precision {score.precision:.3f}, recall {score.recall:.3f} "
        f"({score.right} right, {score.wrong} wrong, {score.missed} missed)"
    )


def language(folder: Path) -> None:
    language_of("The model is loaded before the clock starts.")
    shares: list[str] = []
    total = answered = correct = 0
    started = time.process_time()
    for code in LABELLED_LANGUAGES:
        lines = [
            line for line in gzip.decompress((folder / f"{code}.txt.gz").read_bytes()).decode().splitlines() if line
        ]
        answers = [language_of(line) for line in lines]
        hits, unknown = answers.count(code), answers.count(UNKNOWN)
        shares.append(f"{code} {hits / len(lines):.3f}")
        total, answered, correct = total + len(lines), answered + len(lines) - unknown, correct + hits
    each = (time.process_time() - started) / total * 1e6
    print(
        f"language, {folder.name}: right {correct / total:.4f}, of those answered {correct / answered:.4f}, "
        f"unknown {1 - answered / total:.4f}, {each:.0f} µs each: {', '.join(shares)}"
    )


def channels_language(posts: dict[Key, Rich]) -> None:
    texts = [text for (channel, _), (text, _) in posts.items() if channel != -1001060780848 and text]
    answers = [language_of(text) for text in texts]
    wrong = len(texts) - answers.count("ru") - answers.count(UNKNOWN)
    print(f"language, {len(texts)} posts of Russian channels: ru {answers.count('ru') / len(texts):.4f}, other {wrong}")


def speed(posts: dict[Key, Rich], models: dict[object, SignatureModel]) -> None:
    made = [(_post(rich), models.get(channel, SignatureModel())) for (channel, _), rich in posts.items()]
    started = time.process_time()
    for post, model in made:
        clean(post, model)
    seconds = time.process_time() - started
    print(f"clean(): {len(made) / seconds:,.0f} posts/s of processor time ({seconds / len(made) * 1e6:.0f} µs a post)")


def _post(rich: Rich) -> NewPost:
    return NewPost(channel="c/1", message_id=1, date=DATED, text=rich[0], links=rich[1])


def _reduced(text: str) -> str:
    return "".join(filter(str.isalnum, _ADDRESS.sub("", text).lower()))


def _marked(visible: str, strings: list[str]) -> list[bool]:
    marked = [False] * len(visible)
    for string in strings:
        part = _reduced(from_markdown(string)[0])
        at = visible.rfind(part)
        if at < 0:
            raise SystemExit(f"the label {string!r} is not in the visible text")
        marked[at : at + len(part)] = [True] * len(part)
    return marked


def _kept(visible: str, body: str) -> list[bool]:
    kept = [False] * len(visible)
    at = visible.find(body)
    if at >= 0:
        kept[at : at + len(body)] = [True] * len(body)
        return kept
    for block in SequenceMatcher(None, visible, body, autojunk=False).get_matching_blocks():
        kept[block.a : block.a + block.size] = [True] * block.size
    return kept


if __name__ == "__main__":
    main()
