"""Pages of a search."""

import html
from collections.abc import Iterator, Sequence

from bot import zones
from bot.callbacks import Turn
from bot.naming import Target
from bot.outgoing import MOST_UNITS, View, shown_length, turns
from bot.views.lists import linked, offers
from bot.wording import compose, escape, say, tame
from core.errors import BadQuery
from core.model import Post, Reader
from core.query import slip
from core.texts import texts
from digest.render.markup import utf16, without_commands
from storage.archive import Found, Page

PER_PAGE = 10
_EXCERPT = 240  # UTF-16 units of one excerpt, with what is said beside it
_BEGINNING = 140  # characters of a post of a story
_QUOTE, _NOTE, _COUNTRY = 60, 90, 8


def page(reader: Reader, query: str, number: int, at: int, found: Page, *, hint: str = "") -> View:
    """One page (`at`, from 0) of the search that is kept as `number`."""
    language = reader.language
    if not found.found and at == 0:
        return none(reader, query, hint=hint)
    head = say(language, "search-head", query=without_commands(query))
    if at or found.more:
        head += " · " + say(language, "search-page", page=at + 1)
    feet = _feet(reader, query, hint=hint)
    hits = [_found(each, reader, at * PER_PAGE + place) for place, each in enumerate(found.found, 1)]
    blocks = [head, *_in_room(hits, MOST_UNITS - shown_length("\n\n".join([head, *feet]))), *feet]
    return View("\n\n".join(blocks), turns(at, lambda to: Turn(query=number, page=to), more=found.more))


def none(reader: Reader, query: str, named: Sequence[Target] = (), *, hint: str = "") -> View:
    """Nothing was found; what is `named` like the words can be followed."""
    lines = [say(reader.language, "search-none", query=without_commands(query))]
    if named:
        lines.append(compose(reader.language, "search-named", names=", ".join(linked(reader, each) for each in named)))
    lines.append(say(reader.language, "search-none-foot", words=len(query.split())))
    lines += _feet(reader, query, hint=hint)
    return View("\n\n".join(lines), offers(reader, named), missed=True)


def _feet(reader: Reader, query: str, *, hint: str) -> list[str]:
    """How the query was taken: a misspelt filter as a word; the `hint` says the rest."""
    feet = []
    if wrong := slip(query):
        feet.append(say(reader.language, "search-slip", typed=wrong[0], meant=wrong[1]))
    if hint:
        feet.append(hint)
    return [f"<i>{foot}</i>" for foot in feet]


def taken(reader: Reader, near: str | None) -> str:
    """That words without a command were taken as a search, and which command may have been meant."""
    if near is None:
        return say(reader.language, "search-hint")
    return say(reader.language, "search-hint-near", near=f"/{near}")


def help_text(reader: Reader) -> View:
    """How to ask."""
    return View(say(reader.language, "search-help"))


def unclear(reader: Reader, query: str, error: BadQuery) -> View:
    """The query could not be read, and why; two that can be."""
    what = error.what if error.cause == "time" else query
    said = compose(reader.language, f"search-unclear-{error.cause}", what=escape(what, 60))
    return View(f"{said}\n\n{say(reader.language, 'search-examples')}", missed=True)


def nowhere(reader: Reader, unknown: Sequence[str]) -> View:
    """Nothing was found, for no channel or list is called so."""
    return View(say(reader.language, "search-nowhere", names=", ".join(unknown)), missed=True)


def story(reader: Reader, posts: Sequence[Post]) -> View:
    """The posts of a story, as many as a page takes, the first first."""
    blocks = [f"<b>{say(reader.language, 'search-story')}</b>"]
    for place, post in enumerate(posts[:PER_PAGE], 1):
        blocks.append(f"{_head(post, reader, place)}\n{escape(without_commands(post.body), _BEGINNING)}")
    if (hidden := len(posts) - PER_PAGE) > 0:
        blocks.append(say(reader.language, "search-story-more", count=hidden))
    return View("\n\n".join(blocks))


def _head(post: Post, reader: Reader, place: int) -> str:
    words, zone = texts(reader.language), zones.tz(reader.zone)
    when = f"{words.short_day(post.date, zone)} {words.clock(post.date, zone)}"
    return f'{place}. <a href="{html.escape(post.url)}">{escape(post.channel_title, 60)}</a> · {when}'


def _in_room(hits: Sequence[tuple[str, str]], room: int) -> Iterator[str]:
    """Hits in a message that has this room: each its head and what stands below it, the longest their heads alone where
    that is too much."""
    lengths = [shown_length(below) + 1 for _, below in hits]
    room -= sum(shown_length(head) + 2 for head, _ in hits)
    while sum(lengths) > room and any(lengths):
        lengths[lengths.index(max(lengths))] = 0
    for (head, below), length in zip(hits, lengths, strict=True):
        yield f"{head}\n{below}" if length and below else head


def _found(found: Found, reader: Reader, place: int) -> tuple[str, str]:
    """The head of a hit, and what stands below it."""
    post = found.post
    head = _head(post, reader, place)
    if found.copies:
        head += " · " + say(reader.language, "search-copies", count=found.copies)
    language, quote, note = reader.language, "", ""
    if post.quote:
        quote = say(language, "search-quote", quote=without_commands(tame(post.quote, _QUOTE)))
    if post.fact_check:
        country = tame(post.fact_check.country, _COUNTRY) or "none"
        note = say(language, "search-note", note=without_commands(tame(post.fact_check.text, _NOTE)), country=country)
    room = _EXCERPT - utf16(html.unescape(quote + note))
    lines = [quote and f"<i>{quote}</i>", _excerpt(found, room), note and f"<i>{note}</i>"]
    if found.article:
        lines.append(
            f"<i>{say(reader.language, 'search-article', title=without_commands(tame(found.article, 80)))}</i>"
        )
    return head, "\n".join(line for line in lines if line)


def _excerpt(found: Found, room: int) -> str:
    pieces = []
    for piece in found.excerpt:
        text = piece.text
        if utf16(text) > room:
            text = text[: room // 2]
        room -= utf16(text)
        text = html.escape(without_commands(_kept_blanks(text)))
        pieces.append(f"<b>{text}</b>" if piece.found and text else text)
        if room <= 0:
            break
    return "".join(pieces)


def _kept_blanks(text: str) -> str:
    """The text tamed, with the blanks at its ends, which part it from its neighbours."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{tame(text, _EXCERPT)}{after}"
