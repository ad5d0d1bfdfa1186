"""Learns what tells a post that makes no story (advertisement, announcement, chatter): the weights of
`ingest/cleaning/kind_weights.txt`. Needs scikit-learn.

    python -m benchmarks.fit_kinds [--posts FILE ...] [--write]

Labels are in `benchmarks/kinds.txt`: posts of public channels of all sorts, each read by itself. Their texts are not
ours to pass on: those of $COURANT_DATA are read from there, those of other places from `--posts`, JSON Lines with
`channel` and `text` (Markdown), a channel's other posts among them. A channel's signature is learned from those, and of
all channels' how words are used (`word_vectors.py`), so that a word which few labelled posts have speaks as its
neighbours do. A label without its text is passed over, and counted.

The 300 posts of the set of cleaning are not among them: they judge (`benchmarks.cleaning`).

Prints precision and recall of "makes no story" of the rules alone, and of the rules and the weights: for posts to learn
from with weights that have not seen their channel (five parts, by channel), and for the posts of channels that are only
there to judge by. Posts in doubt are not scored, nor those that were drawn for being near the border. `--write` learns
from all posts but those to judge by, and writes the weights.
"""

import argparse
import importlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.cleaning import NO_STORY
from benchmarks.data import ROOT, bbcbreaking_posts, json_lines, needed, nktkln_posts, packed_json, table
from benchmarks.word_vectors import DIMENSIONS, word_vectors
from core.model import Kind, Link
from core.words import stems_of
from ingest.cleaning.cues import wording
from ingest.cleaning.fingerprint import said
from ingest.cleaning.kind import LOOKED_AT, ruled, weighed
from ingest.cleaning.kind_model import (
    KINDS,
    LOOKS_SCALE,
    KindModel,
    as_weights,
    looks,
    word_scale,
    word_traits,
)
from ingest.cleaning.language import language_of
from ingest.cleaning.signature import SignatureModel, learn, strip
from ingest.exports.markdown import from_markdown
from ingest.markup import Marked

LABELS = ROOT / "benchmarks" / "kinds.txt"
WRITTEN = ROOT / "ingest" / "cleaning" / "kind_weights.txt"
FOLDS = 5
FEWEST_CHANNELS, FEWEST_POSTS = 3, 5  # that have a trait
KEPT = 3500  # traits: those that weigh most
MOST_HEADLINES = 2500  # in Russian: about as many as there are in English
FEWEST_SMALL = 0.4  # share of a word's places in which it is written small, if it is no name
DOUBTFUL, CHOSEN, HEADLINE = 0.3, 0.3, 1.1  # how much such a post counts
NEIGHBOURS = 0.3  # how much a word's vector counts beside the word itself
SOFTNESS = 3.0  # inverse strength of the regularization
_OTHER_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A post with its label. `words` and `looks` are its traits; `ruled` whether a rule keeps it out of stories;
    `counts` how much it counts in learning, and only what counts wholly is scored."""

    use: str
    channel: str
    kind: str
    counts: float
    body: str
    language: str
    links: tuple[Link, ...]
    words: frozenset[str]
    looks: frozenset[str]
    ruled: bool

    @property
    def no_story(self) -> bool:
        return self.kind in NO_STORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """A text that teaches how words are used: the stems and tags in it, those of names aside."""

    channel: str
    terms: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", nargs="*", type=Path, default=[], metavar="FILE")
    parser.add_argument("--write", action="store_true", help=f"write {WRITTEN.relative_to(ROOT)}")
    given = parser.parse_args()
    texts = _texts(given.posts)
    posts = [*labelled(texts), *headlines()]
    learned_from = [post for post in posts if post.use == "learn"]
    judging = [post for post in posts if post.use == "judge"]
    print("| posts, and those that make no story | rules: precision | recall | and weights: precision | recall |")
    print("| --- " * 5 + "|")
    unlabelled = without_labels(texts, judging)
    report("channels not seen, five parts", learned_from, crossed(learned_from, unlabelled))
    model = fit(learned_from, unlabelled)
    report("channels to judge by", judging, [_speaks(model, post) for post in judging])
    unseen = [post for post in posts if post.use == "headline"]
    lost = sum(_speaks(model, post) for post in unseen)
    print(f"\nof {len(unseen)} headlines of news, by which nothing was learned, {lost} would make no story")
    if given.write:
        write(model)


def labelled(texts: Mapping[str, Mapping[str, str]]) -> Iterator[Labelled]:
    """The posts whose labels and texts are both at hand: `texts` of a channel, by hash."""
    labels: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    missing = Counter[str]()
    for use, channel, hashed, label in _labels():
        if hashed in texts.get(channel, ()):
            labels[use, channel][hashed] = label
        else:
            missing[use] += 1
    if missing:
        print(f"labels without their texts: {dict(missing)}", file=sys.stderr)
    for (use, channel), own in labels.items():
        rich = {hashed: from_markdown(text) for hashed, text in texts[channel].items()}
        signature = learn(SignatureModel(), [one for hashed, one in rich.items() if hashed not in own])
        for hashed, label in own.items():
            yield _read(use, channel, label, rich[hashed], signature)


def headlines() -> Iterator[Labelled]:
    """Headlines of news: stories, however short, of which labelled posts hold few. Every second is to learn from, the
    others are to see how many are lost."""
    folder = needed("clustering")
    titles = [(row["PUBLISHER"], row["TITLE"]) for row in table(folder, "uci_news_aggregator/*.csv.gz")]
    russian = [row["text_1"] for row in table(folder, "paraphraser_headline_pairs/*.tsv.gz", "\t")]
    titles += [(f"headlines {at % 9}", title) for at, title in enumerate(dict.fromkeys(russian))][:MOST_HEADLINES]
    for at, (publisher, title) in enumerate(dict.fromkeys(titles)):
        yield _read("headline" if at % 2 else "learn", publisher, "news headline", Marked(title), SignatureModel())


def _read(use: str, channel: str, label: str, marked: Marked, signature: SignatureModel) -> Labelled:
    text, links = marked
    body = strip(text, links, signature, (channel, channel))[:LOOKED_AT]
    used = wording(said(body))
    return Labelled(
        use=use,
        channel=channel,
        kind=label.split(" ")[0].rstrip("?"),
        counts=(DOUBTFUL if "?" in label else 1)
        * (CHOSEN if "chosen" in label else HEADLINE if "headline" in label else 1),
        body=body,
        language=language_of(body),
        links=tuple(links),
        words=frozenset(word_traits(used.stems, body)),
        looks=frozenset(looks(body, used, links)),
        ruled=ruled(text, body, used, links)[0] is not Kind.NEWS,
    )


def _labels() -> Iterator[tuple[str, str, str, str]]:
    """Use, channel, hash and label of each labelled post."""
    use = channel = ""
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            use, _, channel = line[2:].split(" | ", 2)
        elif not line.startswith("#"):
            hashed, _, label = line.partition(" ")
            yield use, channel, hashed, label


def without_labels(texts: Mapping[str, Mapping[str, str]], judging: Sequence[Labelled]) -> list[Unlabelled]:
    """The texts of all channels but those to judge by, as words."""
    judged = {post.channel for post in judging}
    read = list[tuple[str, list[str], set[str]]]()
    for channel, own in texts.items():
        for text in own.values() if channel not in judged else ():
            body = from_markdown(text)[0][:LOOKED_AT]
            words = said(body)
            read.append((channel, words, {term for term in word_traits(stems_of(words), body) if term[0] not in "^$"}))
    names = _names([words for _, words, _ in read])
    return [Unlabelled(channel=channel, terms=frozenset(terms - names)) for channel, _, terms in read]


def _texts(files: Sequence[Path]) -> dict[str, dict[str, str]]:
    """The texts of each channel, by hash; what a collection left as HTML writes it ("&amp;") is a sign again."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for channel, text in _posts(files):
        texts[channel].setdefault(_hash(text), unescape(text))
    return texts


def _posts(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for row in nktkln_posts():
        yield " ".join(row["channel"].split()), row["text"] or ""
    for row in packed_json(needed("telegram_posts/romanychev") / "channel_messages.json.gz"):
        yield "romanychev", row["text"] or ""
    for row in bbcbreaking_posts():
        yield "bbcbreaking", row.get("message") or ""
    for path in files:
        for row in json_lines(path):
            yield " ".join(str(row["channel"]).split()), row["text"]


def _hash(text: str) -> str:
    return blake2b(_OTHER_SIGNS.sub("", text.lower()).encode(), digest_size=6).hexdigest()


def crossed(posts: Sequence[Labelled], unlabelled: Sequence[Unlabelled]) -> list[bool]:
    """What weights learned from other channels say of each post."""
    split = importlib.import_module("sklearn.model_selection").GroupKFold(FOLDS)
    said_so = [False] * len(posts)
    for seen, unseen in split.split(posts, groups=[post.channel for post in posts]):
        hidden = {posts[at].channel for at in unseen}
        model = fit([posts[at] for at in seen], [text for text in unlabelled if text.channel not in hidden])
        for at in unseen:
            said_so[at] = _speaks(model, posts[at])
    return said_so


def fit(posts: Sequence[Labelled], unlabelled: Sequence[Unlabelled]) -> KindModel:
    """The weights that these posts teach: learned of all traits, and again of those that weigh most. A word's weight is
    its own, if enough posts have it, and what its vector adds: as both are kept small, that of a rare word comes from
    its neighbours, and a common word has its own."""
    vectors = word_vectors([text.terms for text in unlabelled])
    channels: dict[str, set[str]] = defaultdict(set)
    counted = Counter[str]()
    for post in posts:
        for trait in post.words | post.looks:
            channels[trait].add(post.channel)
            counted[trait] += 1
    names = _names([said(post.body) for post in posts])
    traits = {
        trait
        for trait, number in counted.items()
        if number >= FEWEST_POSTS and len(channels[trait]) >= FEWEST_CHANNELS and trait.lstrip("^$") not in names
    }
    near = {word: vector for word, vector in vectors.items() if word not in names}
    model = _fit(posts, traits, near)
    by_weight = sorted(model.traits, key=lambda trait: max(map(abs, model.traits[trait])), reverse=True)
    kept = {trait for trait in traits if trait.startswith(":")} | {*by_weight[:KEPT]}
    return _fit(posts, traits & kept, {word: vector for word, vector in near.items() if word in kept})


def _names(texts: Iterable[Sequence[str]]) -> set[str]:
    """Stems of words that are mostly written with a capital, beginnings of texts aside: whom a post names says whom its
    channel follows, and a man whom some joke about is in the news as well."""
    written, small = Counter[str](), Counter[str]()
    for words in texts:
        for word, term in zip(words[1:], stems_of(words[1:]), strict=True):
            written[term] += 1
            small[term] += word[0].islower()
    return {term for term, number in written.items() if small[term] < FEWEST_SMALL * number and not term.isdecimal()}


def _fit(posts: Sequence[Labelled], traits: Collection[str], vectors: Mapping[str, NDArray[np.float64]]) -> KindModel:
    """The weights of the traits, and of the words that have a vector."""
    sparse = importlib.import_module("scipy.sparse")
    regression = importlib.import_module("sklearn.linear_model")
    column = {trait: at for at, trait in enumerate(sorted(traits))}
    known = column.keys() | vectors.keys()
    rows, columns, values = list[int](), list[int](), list[float]()
    meant = np.zeros((len(posts), DIMENSIONS))
    for row, post in enumerate(posts):
        words = sorted(post.words & known)
        scale = word_scale(len(words))
        for word in words:
            if word in vectors:
                meant[row] += scale * NEIGHBOURS * vectors[word]
        scaled = [(word, scale) for word in words] + [(trait, LOOKS_SCALE) for trait in sorted(post.looks)]
        for trait, value in scaled:
            if trait in column:
                rows.append(row)
                columns.append(column[trait])
                values.append(value)
    own = sparse.csr_matrix((values, (rows, columns)), shape=(len(posts), len(column)))
    kinds = [*map(str, KINDS)]
    truth = [kinds.index(post.kind) + 1 if post.kind in kinds else 0 for post in posts]
    learned = regression.LogisticRegression(C=SOFTNESS, max_iter=400).fit(
        sparse.hstack([own, sparse.csr_matrix(meant)]).tocsr(), truth, sample_weight=[post.counts for post in posts]
    )
    against = learned.coef_[1:] - learned.coef_[0]  # a kind's against a story's
    constant = learned.intercept_[1:] - learned.intercept_[0]
    of_traits, of_meaning = against[:, : len(column)], against[:, len(column) :]
    weights = {trait: of_traits[:, at] for trait, at in column.items()}
    for word, vector in vectors.items():
        weights[word] = weights.get(word, 0) + NEIGHBOURS * (of_meaning @ vector)
    return KindModel(as_weights(constant), {trait: as_weights(each) for trait, each in sorted(weights.items())})


def _speaks(model: KindModel, post: Labelled) -> bool:
    return (
        post.ruled or weighed(model, post.body, wording(said(post.body)), post.links, post.language)[0] is not Kind.NEWS
    )


def report(name: str, posts: Sequence[Labelled], weighed: Sequence[bool]) -> None:
    """A row of the table, and one for each group of posts."""
    groups: dict[str, Callable[[Labelled], bool]] = {
        name: lambda _: True,
        "of them with Cyrillic letters": lambda post: bool(re.search("[а-яіїєґ]", post.body, re.IGNORECASE)),
        "of them without": lambda post: not re.search("[а-яіїєґ]", post.body, re.IGNORECASE),
    }
    for title, belongs in groups.items():
        own = [at for at, post in enumerate(posts) if belongs(post) and post.counts == 1]
        wanted = sum(posts[at].no_story for at in own)
        cells = []
        for found in ([at for at in own if posts[at].ruled], [at for at in own if weighed[at]]):
            right = sum(posts[at].no_story for at in found)
            cells.append(f"{right / max(len(found), 1):.3f} | {right / max(wanted, 1):.3f}")
        print(f"| {title}: {len(own)}, {wanted} | " + " | ".join(cells) + " |", flush=True)


def write(model: KindModel) -> None:
    """The weights as a page that people can read: in hundredths, those that weigh most first."""
    head = (
        "// What speaks for an advertisement, an announcement and chatter against a story, in hundredths of log-odds;\n"
        "// made by `python -m benchmarks.fit_kinds`, read by `kind_model.py`. The first row is what each has before.\n"
    )
    rows = [("", model.constant)]
    rows += sorted(model.traits.items(), key=lambda row: (-max(map(abs, row[1])), row[0]))
    lines = ["\t".join((trait, *(f"{weight * 100:.0f}" for weight in weights))) for trait, weights in rows]
    WRITTEN.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
