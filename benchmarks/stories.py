"""How well posts become stories: one operating point over all labelled sets, beside a TF-IDF baseline in the same run.

    python -m benchmarks.stories [--speed POSTS [--live]]

Reads `$COURANT_DATA/clustering` (default `../shared/data`) and goes through the same filter as `courant stories`: each
set is one stream of JSON Lines, no background, no setting per set. Prints Markdown tables.

Scores: B-cubed (per item, share of its predicted cluster that is in its gold cluster, and the other way round; F1 of
the two averages); F1 over pairs; for sets of pairs, F1 of "same" where a pair counts as same when both texts are in one
story. Posts marked `ambiguous` stay in the stream and are not scored.
"""

import argparse
import csv
import importlib
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT, NotThere, files, json_lines, needed, nktkln_posts, table, window_labels
from core.collecting import seldom_collecting
from core.huge_pages import in_huge_pages
from core.model import Kind, post_url
from core.words import stems
from digest.stories.cluster import Stories
from digest.stories.lines import group_lines
from digest.stories.posts import StoryPost, hour_of
from ingest.cleaning.clean import clean_all
from ingest.preview.page import read_preview

Record = dict[str, Any]
Grouping = Callable[[Sequence[Record]], Mapping[str, Hashable]]
"""Posts as the filter takes them -> story by post id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A stream of posts with what is known of them: `gold` story by id, or `pairs` of ids with "same" or not."""

    name: str
    posts: Sequence[Record]
    gold: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str, bool]] = ()


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def b_cubed(gold: Mapping[str, str], story: Mapping[str, Hashable]) -> float:
    """F1 of B-cubed precision and recall over the items of `gold`."""
    both = Counter((gold[i], story[i]) for i in gold)
    by_gold = Counter(gold.values())
    by_story = Counter(story[i] for i in gold)
    precision = sum(n * n / by_story[s] for (_, s), n in both.items()) / len(gold)
    recall = sum(n * n / by_gold[g] for (g, _), n in both.items()) / len(gold)
    return f1(precision, recall)


def pair_f1(gold: Mapping[str, str], story: Mapping[str, Hashable]) -> float:
    """F1 over all pairs of items: together in gold against together in one story."""

    def pairs(counts: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in counts)

    right = pairs(Counter((gold[i], story[i]) for i in gold).values())
    found = pairs(Counter(story[i] for i in gold).values())
    wanted = pairs(Counter(gold.values()).values())
    return f1(right / found if found else 0.0, right / wanted if wanted else 0.0)


def same_f1(pairs: Sequence[tuple[str, str, bool]], story: Mapping[str, Hashable]) -> float:
    """F1 of "same" over labelled pairs."""
    outcomes = Counter((same, story[a] == story[b]) for a, b, same in pairs)
    right, wrong, missed = outcomes[True, True], outcomes[False, True], outcomes[True, False]
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def window(folder: Path, level: str = "event") -> LabelledSet:
    """Every post of 24 channels in three hours, labelled by event, and by what is claimed of it."""
    rows = [row for path in files(folder, "nktkln_same_story_gold/gold.jsonl") for row in json_lines(path)]
    posts = [{"id": r["post"], "channel": r["channel"], "date": r["date"], "text": r["text"]} for r in rows]
    return LabelledSet(name="window", posts=posts, gold={r["post"]: r[level] for r in rows if not r["ambiguous"]})


def claims(folder: Path) -> LabelledSet:
    """The window by claims, which are rewrites of one piece of news within an event: finer than a story is."""
    return replace(window(folder, "claim"), name="its claims")


def ecb(folder: Path) -> LabelledSet:
    """English documents in stories, with twins: the same kind of event happening twice."""
    posts, gold = [], {}
    for path in files(folder, "ecbplus_stories/*.jsonl"):
        for row in json_lines(path):
            posts.append({"id": row["doc_id"], "channel": "", "text": " ".join(row["sentences"])})
            gold[row["doc_id"]] = row["story"]
    return LabelledSet(name="ECB+", posts=posts, gold=gold)


def uci(folder: Path) -> LabelledSet:
    """Headlines of one month with their Google-News story."""
    posts, gold = [], {}
    for row in table(folder, "uci_news_aggregator/*.csv.gz"):
        when = datetime.fromtimestamp(int(row["TIMESTAMP"]) / 1000, UTC).isoformat()
        posts.append({"id": row["ID"], "channel": row["PUBLISHER"], "date": when, "text": row["TITLE"]})
        gold[row["ID"]] = row["STORY"]
    return LabelledSet(name="UCI", posts=posts, gold=gold)


def pairs(folder: Path) -> LabelledSet:
    """nyan and tgcontest together: pairs of Telegram posts, and of articles with titles."""
    posts: dict[str, Record] = {}
    labelled = []
    for path in (each for name in ("nyan", "tgcontest") for each in files(folder, f"{name}*_pairs/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                for side in ("first", "second"):
                    url = row[f"INPUT:{side}_url"]
                    title = row.get(f"INPUT:{side}_title", "")
                    posts[url] = {"id": url, "channel": "", "text": row[f"INPUT:{side}_text"], "title": title}
                gold = row.get("GOLDEN:result") or row["GOLDEN:quality"]
                labelled.append((row["INPUT:first_url"], row["INPUT:second_url"], gold.lower() == "ok"))
    return LabelledSet(name="pairs", posts=list(posts.values()), pairs=labelled)


def semeval(folder: Path) -> LabelledSet:
    """English article pairs; the same when rated 2 or better."""
    posts: dict[str, Record] = {}
    labelled = []
    for row in table(folder, "semeval2022_task8_en/*.csv.gz"):
        first, _, second = row["pair_id"].partition("_")
        posts[first] = {"id": first, "channel": "", "text": row["text1"]}
        posts[second] = {"id": second, "channel": "", "text": row["text2"]}
        labelled.append((first, second, float(row["Overall"]) <= 2))
    return LabelledSet(name="SemEval", posts=list(posts.values()), pairs=labelled)


def window_in_stream(folder: Path) -> LabelledSet:
    """The window again, at the end of all posts of the 72 hours before it: what a live service sees."""
    labelled = window(folder)
    last = max(datetime.fromisoformat(post["date"]) for post in labelled.posts)
    known = {post["id"] for post in labelled.posts}
    earlier = [post for post in _posts_of(last - BEFORE, last) if post["id"] not in known]
    return LabelledSet(name="window in stream", posts=[*earlier, *labelled.posts], gold=labelled.gold)


def five_windows(folder: Path) -> LabelledSet:
    """Five windows of other days in one stream with all posts between them and of the 72 hours before: labelled for
    this (`windows.tsv`), and neither weights nor rules were made on the labels."""
    labels = {post: event or post for post, event, doubtful in window_labels() if not doubtful}
    dates = [datetime.fromisoformat(post["date"]) for post in _posts_of() if post["id"] in labels]
    if len(dates) < len(labels):
        raise NotThere("a post of the five windows")
    return LabelledSet(name="five windows in stream", posts=_posts_of(min(dates) - BEFORE, max(dates)), gold=labels)


def _posts_of(first: datetime | None = None, last: datetime | None = None) -> list[Record]:
    """The posts of the news channels from `first` to `last`, both included."""
    since, until = first.isoformat() if first else "", last.isoformat() if last else "~"
    return [
        {
            "id": f"{row['sender_id']}/{row['message_id']}",
            "channel": row["channel"],
            "date": row["date"],
            "text": row["text"],
        }
        for row in nktkln_posts()
        if row["text"] and since <= row["date"] <= until
    ]


def day(folder: Path) -> LabelledSet:
    """The made-up day of the seeds, cleaned: its news posts, an event being what both languages tell of it."""
    pages = ROOT / "seeds" / "day"
    read = [post for page in sorted(pages.glob("*.html")) for post in read_preview(page.read_bytes(), page.name).posts]
    cleaned, _ = clean_all({(post.channel, post.message_id): post for post in read}.values())
    truth = json.loads((pages / "events.json").read_text(encoding="utf-8"))
    event = {post: event["id"] for event in truth["events"] for post in event["posts"]}
    posts, gold = [], {}
    for each in cleaned:
        post = each.post
        name = f"{post.channel}/{post.message_id}"
        if each.kind is Kind.NEWS and post.date and post.message_id:
            posts.append(
                {
                    "id": name,
                    "channel": post.channel,
                    "date": post.date.isoformat(),
                    "text": each.body,
                    # its own address for those that answer it: the filter makes that of number ids only
                    "links": [post_url(post.channel, post.message_id), *(link.url for link in post.links)],
                    "forwarded_from": post.forwarded_from and {"url": post.forwarded_from.url},
                    "reply_to": post.reply_to,
                }
            )
            gold[name] = event.get(name, name)
    return LabelledSet(name="made-up day", posts=posts, gold=gold)


SETS: tuple[Callable[[Path], LabelledSet], ...] = (
    window,
    claims,
    window_in_stream,
    five_windows,
    pairs,
    uci,
    ecb,
    semeval,
    day,
)
BEFORE = timedelta(hours=72)  # as long as a service keeps a story alive


def courant(posts: Sequence[Record]) -> Mapping[str, Hashable]:
    """The stories of the filter behind `courant stories`."""
    answers, bad = group_lines(json.dumps(post) for post in posts)
    assert not bad, bad
    return {row["id"]: row["story"] for row in map(json.loads, answers)}


def singletons(posts: Sequence[Record]) -> Mapping[str, Hashable]:
    """Each post a story of its own."""
    return {post["id"]: post["id"] for post in posts}


class TfidfBaseline:
    """TF-IDF over stems, average link over cosine, cut at one distance for all sets; needs scikit-learn.

    Of `distances`, the one that scores best on `tuned_on` is taken: the baseline is fitted there, and nowhere else.
    """

    distances = (0.7, 0.75, 0.8, 0.85, 0.9)

    def __init__(self, tuned_on: LabelledSet) -> None:
        trees = importlib.import_module("sklearn.cluster")
        self._cluster = trees.AgglomerativeClustering
        self._vectors = importlib.import_module("sklearn.feature_extraction.text").TfidfVectorizer
        self.distance = max(self.distances, key=lambda d: b_cubed(tuned_on.gold, self._cut(tuned_on.posts, d)))

    def __call__(self, posts: Sequence[Record]) -> Mapping[str, Hashable]:
        return self._cut(posts, self.distance)

    def _cut(self, posts: Sequence[Record], distance: float) -> Mapping[str, Hashable]:
        texts = [f"{post.get('title', '')} {post['text']}" for post in posts]
        vectors = self._vectors(analyzer=stems, sublinear_tf=True).fit_transform(texts)
        tree = self._cluster(n_clusters=None, distance_threshold=distance, metric="precomputed", linkage="average")
        labels = tree.fit_predict(1 - (vectors @ vectors.T).toarray())  # rows have length 1: cosines
        return {post["id"]: int(label) for post, label in zip(posts, labels, strict=True)}


def figures(labelled: LabelledSet, story: Mapping[str, Hashable]) -> str:
    """The scores of one set as a table cell."""
    if labelled.pairs:
        return f"{same_f1(labelled.pairs, story):.3f}"
    return f"{b_cubed(labelled.gold, story):.3f} / {pair_f1(labelled.gold, story):.3f}"


def present(folder: Path) -> Iterator[LabelledSet]:
    """The sets, but for those that are not there, of which it is told."""
    for read in SETS:
        try:
            yield read(folder)
        except NotThere as missing:
            print(f"Left out: {missing}", file=sys.stderr)


def quality(folder: Path) -> None:
    """Print the table of scores."""
    labelled = list(present(folder))
    systems: dict[str, Grouping] = {"courant": courant, "each post alone": singletons}
    try:
        tuned_on = next(one for one in labelled if one.gold)
        baseline = TfidfBaseline(tuned_on)
        systems[f"TF-IDF, average link, cut at {baseline.distance} (best on the {tuned_on.name})"] = baseline
    except ImportError:
        print("The TF-IDF baseline is left out: scikit-learn is not installed.\n", file=sys.stderr)
    print('B-cubed F1 / pair F1, or F1 of "same" for sets of pairs; one operating point, each set one stream.\n')
    print("| system | " + " | ".join(f"{one.name} ({len(one.posts)})" for one in labelled) + " |")
    print("| --- " * (len(labelled) + 1) + "|")
    for name, system in systems.items():
        print(f"| {name} | " + " | ".join(figures(one, system(one.posts)) for one in labelled) + " |", flush=True)


def speed(folder: Path, wanted: int, live: bool) -> None:
    """Print posts a second of processor time, by tens of thousands: real posts, then copies with a quarter of their
    words exchanged, none of which leaves the window; reading the text, weighing and merging included. They come by the
    hour, as to the filter, or `live` one by one as to the service, which lets stories merge after each and puts those
    of each hour in again."""
    texts = [row["text"] for row in nktkln_posts() if row["text"]]
    rng = random.Random(1)
    rng.shuffle(texts)
    pool = [word for text in texts for word in text.split()]
    stories = Stories(window=timedelta(hours=72))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    step = timedelta(hours=72) / wanted
    print("\n| posts in the window | stories | posts a second | MB |\n| --- | --- | --- | --- |")
    spent, done, waiting = 0.0, 0, list[StoryPost]()
    for number in range(1, wanted + 1):
        text = texts[number % len(texts)]
        if number > len(texts):
            text = " ".join(rng.choice(pool) if rng.random() < 0.25 else word for word in text.split(" "))
        waiting.append(StoryPost(id=number, channel="", date=start + step * number, text=text))
        last = number == wanted
        if not live and not last and hour_of(start + step * (number + 1)) == hour_of(waiting[0].date):
            continue
        begin = time.process_time()
        stories.add_hour(waiting)
        if live:
            stories.settle(early=True)
        spent += time.process_time() - begin
        waiting = []
        if number - done >= 10_000 or (
            last and not done
        ):  # at the end of an hour: one that is cut in two is put in twice
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"| {number} | {len(stories)} | {(number - done) / spent:.0f} | {memory} |", flush=True)
            spent, done = 0.0, number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", type=int, metavar="POSTS", help="measure speed with so many posts instead")
    parser.add_argument("--live", action="store_true", help="with --speed: post by post, each when it comes")
    given = parser.parse_args()
    wanted: int | None = given.speed
    folder = needed("clustering")
    csv.field_size_limit(10_000_000)
    if wanted:
        collecting = nullcontext() if given.live else seldom_collecting()
        with collecting, in_huge_pages():  # as the filter does, and the service
            speed(folder, wanted, given.live)
    else:
        quality(folder)


if __name__ == "__main__":
    main()
