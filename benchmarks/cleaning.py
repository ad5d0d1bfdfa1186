"""Cleaning of posts, measured: signature, kind, language, speed. Rules of scoring: `README.md` of the data folder.
The baselines run beside: for signatures and kinds two rules of thumb, for languages langdetect, where it is installed.

    python -m benchmarks.cleaning

The signature of a channel is learned from its raw posts WITHOUT the labelled ones, so no labelled post takes part in
what judges it; "no posts to learn from" shows what is left where a channel is new. The words that the rules of
`ingest/cleaning/signature.py` and `ingest/cleaning/kind.py` know were chosen with these labels in view: the sealed half
judges them."""

import gzip
import importlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from benchmarks.data import bbcbreaking_posts, cleaning_gold, needed, nktkln_posts, packed_json
from core.model import UNKNOWN, Kind, NewPost
from ingest.cleaning.clean import clean
from ingest.cleaning.language import BY_MODEL, language_of
from ingest.cleaning.signature import SignatureModel, learn
from ingest.exports.markdown import from_markdown
from ingest.markup import Marked

DATED = datetime(2024, 11, 28, tzinfo=UTC)
NO_STORY = ("promo", "announce", "chatter")
LABELLED_LANGUAGES = tuple(code for code in BY_MODEL if code not in ("it", "pt"))
_ADDRESS = re.compile(r"https?://\S+")
_FOOTER = re.compile(r"t\.me/|подпи", re.IGNORECASE)
_PITCH = re.compile(r"erid|реклама|розыгрыш|#промо|партн[её]рский", re.IGNORECASE)
_SHORT = 40  # letters and digits

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
        removed, lost = self.removed / max(self.signature, 1), self.lost / max(self.content, 1)
        return f"{removed:.4f} ({self.removed} of {self.signature}) | {lost:.5f} ({self.lost} of {self.content})"


@dataclass
class Score:
    """Signature by letters, with and without posts that have lines of hashtags; "makes no story" by posts."""

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
    gold = list(cleaning_gold())
    posts = dict(raw_posts())
    labelled = {(row["sender_id"], row["message_id"]) for row in gold}
    models = learned((key, rich) for key, rich in posts.items() if key not in labelled)
    scores = {
        'the last line dropped where it has a link or "подпи"; words of advertising, or short': scored(gold, by_thumb),
        "Courant, no posts of the channel to learn from": scored(gold, by_courant({})),
        "Courant, learned from the channel's other posts": scored(gold, by_courant(models)),
    }
    print("| signature | removed | content lost | removed, posts with hashtag lines aside | content lost |")
    print("| --- " * 5 + "|")
    for name, score in scores.items():
        print(f"| {name} | {score.letters} | {score.without_hashtags} |")
    print("\n| posts that make no story | precision | recall | right | wrong | missed |\n" + "| --- " * 6 + "|")
    for name, score in scores.items():
        counts = f"{score.right} | {score.wrong} | {score.missed}"
        print(f"| {name} | {score.precision:.3f} | {score.recall:.3f} | {counts} |")
    languages()
    channels_language(posts)
    speed(posts, models)


def raw_posts() -> Iterator[tuple[Key, Marked]]:
    """Every raw post by (channel, message id), as visible text and links."""
    for row in nktkln_posts():
        yield (row["sender_id"], row["message_id"]), from_markdown(row["text"])
    for row in packed_json(needed("telegram_posts/romanychev") / "channel_messages.json.gz"):
        yield (None, row["message_id"]), from_markdown(row["text"] or "")
    for row in bbcbreaking_posts():
        if row.get("message"):
            yield (-1001060780848, row["id"]), from_markdown(row["message"])


def learned(posts: Iterable[tuple[Key, Marked]]) -> dict[object, SignatureModel]:
    """The signature model of each channel."""
    channels: dict[object, list[Marked]] = {}
    for (channel, _), marked in posts:
        channels.setdefault(channel, []).append(marked)
    return {channel: learn(SignatureModel(), own) for channel, own in channels.items()}


Cleaner = Callable[[dict[str, Any]], tuple[str, bool]]  # a labelled post -> its body, and whether it makes no story


def by_courant(models: Mapping[object, SignatureModel]) -> Cleaner:
    def cleaned(row: dict[str, Any]) -> tuple[str, bool]:
        made = clean(_post(from_markdown(row["text"])), models.get(row["sender_id"], SignatureModel()))
        return made.body, made.kind is not Kind.NEWS

    return cleaned


def by_thumb(row: dict[str, Any]) -> tuple[str, bool]:
    """The baseline: what a script of ten lines does."""
    lines = row["text"].rstrip().splitlines()
    if lines and _FOOTER.search(lines[-1]):
        lines.pop()
    body = from_markdown("\n".join(lines))[0]
    return body, bool(_PITCH.search(row["text"])) or len(_reduced(body)) < _SHORT


def scored(gold: list[dict[str, Any]], cleaner: Cleaner) -> Score:
    """Both scores over the posts that are not ambiguous."""
    score = Score()
    for row in gold:
        if row["ambiguous"]:
            continue
        text, makes_none = cleaner(row)
        visible, body = _reduced(from_markdown(row["text"])[0]), _reduced(text)
        marked = _marked(visible, row["signature"])
        score.letters.add(visible, marked, body)
        if not any(string.startswith("#") for string in row["signature"]):
            score.without_hashtags.add(visible, marked, body)
        should = row["kind"] in NO_STORY
        score.right += makes_none and should
        score.wrong += makes_none and not should
        score.missed += should and not makes_none
    return score


def languages() -> None:
    """A table of the share of lines whose language is told right, for sentences and for pairs of words."""
    language_of("The model is loaded before the clock starts.")
    print("\n| language of | ru | en | mean of all | unknown | µs each |\n" + "| --- " * 6 + "|")
    each_language: list[str] = []
    for kind in ("sentences", "word-pairs"):
        lines = {code: _lines(needed(f"langid/{kind}/{code}.txt.gz")) for code in LABELLED_LANGUAGES}
        if other := _langdetect():
            told_apart(f"{kind}, langdetect", {code: lines[code] for code in ("ru", "en")}, other)
        right = told_apart(f"{kind}, Courant", lines, language_of)
        each_language.append(f"{kind}: {', '.join(f'{code} {share:.3f}' for code, share in right.items())}")
    print("", *each_language, sep="\n")


def told_apart(name: str, lines: Mapping[str, list[str]], tell: Callable[[str], str]) -> Mapping[str, float]:
    """Print a row; gives the share that is right of each language."""
    started = time.process_time()
    answers = {code: [tell(line) for line in some] for code, some in lines.items()}
    each = (time.process_time() - started) / sum(map(len, lines.values())) * 1e6
    right = {code: found.count(code) / len(found) for code, found in answers.items()}
    unknown = sum(found.count(UNKNOWN) for found in answers.values()) / sum(map(len, answers.values()))
    mean = f"{sum(right.values()) / len(right):.3f}" if len(right) == len(LABELLED_LANGUAGES) else ""
    print(f"| {name} | {right['ru']:.3f} | {right['en']:.3f} | {mean} | {unknown:.3f} | {each:.0f} |")
    return right


def _langdetect() -> Callable[[str], str] | None:
    """langdetect, the same each time; None where it is not installed."""
    try:
        module = importlib.import_module("langdetect")
    except ImportError:
        return None
    module.DetectorFactory.seed = 0
    detect: Callable[[str], str] = module.detect
    return detect


def _lines(path: Path) -> list[str]:
    return [line for line in gzip.decompress(path.read_bytes()).decode().split("\n") if line]


def channels_language(posts: dict[Key, Marked]) -> None:
    texts = [text for (channel, _), (text, _) in posts.items() if channel != -1001060780848 and text]
    answers = [language_of(text) for text in texts]
    wrong = len(texts) - answers.count("ru") - answers.count(UNKNOWN)
    russian = answers.count("ru") / len(texts)
    print(f"{len(texts)} posts of Russian channels: told to be Russian {russian:.4f}, of another language {wrong}")


def speed(posts: dict[Key, Marked], models: dict[object, SignatureModel]) -> None:
    made = [(_post(marked), models.get(channel, SignatureModel())) for (channel, _), marked in posts.items()]
    started = time.process_time()
    for post, model in made:
        clean(post, model)
    seconds = time.process_time() - started
    print(f"clean(): {len(made) / seconds:,.0f} posts/s of processor time ({seconds / len(made) * 1e6:.0f} µs a post)")


def _post(marked: Marked) -> NewPost:
    return NewPost(channel="c/1", message_id=1, date=DATED, text=marked.text, links=marked.links)


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
