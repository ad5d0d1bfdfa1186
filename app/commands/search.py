"""`courant search`: the archive, in the query language of the bot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from app.console import bold, in_loop, option, put, put_json, say
from app.post_lines import story_of, utc
from app.wiring import open_store
from core.clock import utc_now
from core.excerpt import Piece
from core.list_names import by_ids
from core.moments import moment
from core.plain import plain
from core.query import Query, channel_key, language_key, one_piece, parse, slip
from core.settings import Settings, load_settings
from storage.archive import Found, Page
from storage.store import Transaction

_MOST = 1000


@click.command(
    "search",
    # -oil is a word that must not be there, and no row of short options
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--channel", "channels", multiple=True, help="Only in this channel; may be given several times.")
@click.option("--since", help="From this moment on: 2025-02-17, 2025-02-17T08:00, today, 24h, 7d.")
@click.option("--until", help="Until this moment, written in the same ways.")
@click.option("--lang", help="Only posts in this language: en, ru.")
@click.option("--limit", type=click.IntRange(1, _MOST), default=10, show_default=True, help="The most to be shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a post.")
def command(
    query: tuple[str, ...],
    channels: tuple[str, ...],
    since: str | None,
    until: str | None,
    lang: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Words in any of their forms, "a phrase", -without; channel:name list:id lang:en since:7d until:2025-02-18."""
    for word in query:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    now = utc_now()
    wanted = parse(_one_line(query), now, UTC)
    with option("--since"):
        first = moment(since, now) if since else wanted.since
    with option("--until"):
        end = moment(until, now) if until else wanted.until
    wanted = replace(
        wanted,
        channels=(*wanted.channels, *map(channel_key, channels)),
        since=first,
        until=end,
        language=language_key(lang) if lang else wanted.language,
    )
    if wrong := slip(_one_line(query)):
        say(f'There is no filter "{wrong[0]}:", so that is sought as words; did you mean "{wrong[1]}:"?')
    page, why_none = in_loop(_search(load_settings(), wanted, now, limit))
    for found in page.found:
        if as_json:
            put_json(_object(found))
        else:
            _print(found)
    if not page.found:
        say(why_none)
    elif page.more:
        say(f"There is more: --limit {min(limit * 5, _MOST)}")


async def _search(chosen: Settings, query: Query, now: datetime, limit: int) -> tuple[Page, str]:
    """What is found, and where that is nothing, a sentence about it."""
    async with open_store(chosen) as store, store.read() as tx:
        query = by_ids(query, await tx.channels.lists())
        page = await tx.archive.search(query, now, limit=limit)
        return page, "" if page.found else await _why_none(tx, query)


async def _why_none(tx: Transaction, query: Query) -> str:
    if await tx.posts.count() == 0:
        return "The archive is empty: `courant run` reads what the lists name, `courant import` what was saved."
    lists = [each.id for each in await tx.channels.lists()]
    channels = {name.lower() for name in await tx.channels.followed((), query.channels)}
    if missing := [each for each in query.lists if each not in lists]:
        return f"Nothing was found: there is no list {plain(missing[0])}; there are: {', '.join(lists) or 'none'}"
    if missing := [each for each in query.channels if each not in channels]:
        return f"Nothing was found: no post of {plain(missing[0])} was read; `courant channels` names what is read"
    return "Nothing was found."


def _one_line(words: Sequence[str]) -> str:
    """The words of the shell as one query: what was quoted there and holds a blank is quoted here."""
    return (
        words[0]
        if len(words) == 1
        else " ".join(one_piece(word) if " " in word and '"' not in word else word for word in words)
    )


def _print(found: Found) -> None:
    post = found.post
    put(f"{post.date:%Y-%m-%d %H:%M}  {post.channel_title}  {post.url}")
    if found.article:
        put(f"  in the linked page: {plain(' '.join(found.article.split()))}")
    put(f"  {_words(found.excerpt)}")


def _words(pieces: Sequence[Piece]) -> str:
    return "".join(bold(plain(piece.text)) if piece.found else plain(piece.text) for piece in pieces)


def _object(found: Found) -> dict[str, object]:
    post = found.post
    return {
        "channel": post.channel,
        "id": post.message_id,
        "url": post.url,
        "date": utc(post.date),
        "language": post.language,
        "excerpt": "".join(piece.text for piece in found.excerpt),
        "words": [piece.text for piece in found.excerpt if piece.found],
        "article": found.article,
        "story": story_of(post),
    }
