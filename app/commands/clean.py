"""`courant clean`: what Courant makes of pages and posts, as a filter."""

import os
import pickle
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import IO, BinaryIO

import click

from app.console import BadLines, json_lines, put_json
from app.in_order import InOrder
from app.post_lines import clean_object
from core.clock import utc_now
from core.errors import BadInput, FetchError
from core.json_lines import record_of
from core.model import Link, NewPost
from ingest.articles.filter import ArticleFilter, html_of
from ingest.cleaning.clean import clean, tidy
from ingest.cleaning.signature import SignatureModel, learn
from ingest.exports.post_object import post_of, told_of_line
from ingest.preview.page import PageKind, read_preview

_PAGE = "page"
_WITH_POSTS = frozenset({PageKind.PREVIEW, PageKind.FRAGMENT})
_BATCH = 500  # posts that are learned from and laid aside together
_READERS = min(2, os.cpu_count() or 1)  # a third would take the memory of two and find no core
_IN_MEMORY = 64 << 20  # bytes of laid-aside posts that stay off the disk


@click.command("clean")
@click.option(
    "--posts", is_flag=True, help='Read preview pages {"id","html"} and posts {"channel","id","date","text"…}.'
)
@click.argument("file", type=click.File("rb"), default="-")
def command(posts: bool, file: BinaryIO) -> None:
    """JSON Lines in, JSON Lines out, in the same order; FILE is stdin where it is not given.

    Without --posts each line is an article's page, {"id","html","url"?}. With it each line is a preview page or a post,
    and each channel's signature is learned from the whole input before anything is written.
    """
    bad = BadLines(file)
    if posts:
        _posts(file, bad)
    else:
        _articles(file, bad)
    bad.end()


def _articles(file: BinaryIO, bad: BadLines) -> None:
    def read(number: int, record: Mapping[str, object], html: str) -> tuple[int, dict[str, object] | FetchError]:
        try:
            return number, articles.read(record, html)
        except FetchError as error:
            return number, error

    def answer(read: tuple[int, dict[str, object] | FetchError]) -> None:
        number, found = read
        if isinstance(found, FetchError):  # told at once: whoever waits for this answer asks nothing more meanwhile
            bad.add(number, str(found))
        else:
            put_json(found)

    with (
        ArticleFilter(_READERS) as articles,
        reading(articles) as readers,
        InOrder(answer, 2 * _READERS) as answers,
    ):
        for number, line in json_lines(file, bad):
            try:
                record = record_of(line)
                html = html_of(record)
            except BadInput as error:
                bad.add(number, error.reason)
                continue
            answers.add(readers.submit(read, number, record, html))


@contextmanager
def reading(articles: ArticleFilter) -> Iterator[ThreadPoolExecutor]:
    """Threads that read; whoever leaves them by an error, as by Ctrl-C, waits for no page."""
    with ThreadPoolExecutor(_READERS) as readers:
        try:
            yield readers
        except BaseException:
            readers.shutdown(wait=False, cancel_futures=True)
            articles.give_up()
            raise


def _posts(file: BinaryIO, bad: BadLines) -> None:
    models: dict[str, SignatureModel] = {}
    posts = _read(file, bad)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as aside:
        while batch := list(islice(posts, _BATCH)):
            _learn(models, batch)
            pickle.dump(batch, aside, pickle.HIGHEST_PROTOCOL)
        aside.seek(0)
        for post in _laid_aside(aside):
            put_json(clean_object(clean(post, models[post.channel.lower()])))


def _read(file: BinaryIO, bad: BadLines) -> Iterator[NewPost]:
    now = utc_now()
    for number, line in json_lines(file, bad):
        try:
            record = record_of(line)
            html = record.get("html")
            if "channel" in record or not isinstance(html, str):
                yield post_of(record, now)
                continue
            page = read_preview(html, _PAGE)
            if page.kind not in _WITH_POSTS:
                raise BadInput(_PAGE, "the page is no preview of a channel, nor a part of one")
            yield from page.posts
        except BadInput as error:
            bad.add(number, error.reason if error.what == _PAGE else told_of_line(error))


def _learn(models: dict[str, SignatureModel], posts: list[NewPost]) -> None:
    by_channel: dict[str, list[NewPost]] = {}
    for post in posts:
        by_channel.setdefault(post.channel.lower(), []).append(post)
    for channel, own in by_channel.items():
        known = models.get(channel, SignatureModel())
        models[channel] = learn(known, map(_tidied, own))


def _tidied(post: NewPost) -> tuple[str, list[Link]]:
    """What a post says as the cleaning sees it: a signature must be found where it was learned."""
    return tidy(post.text), [Link(url=link.url, label=tidy(link.label)) for link in post.links]


def _laid_aside(file: IO[bytes]) -> Iterator[NewPost]:
    while True:
        try:
            yield from pickle.load(file)  # noqa: S301 - our own, of this run, in a file without a name
        except EOFError:
            return
