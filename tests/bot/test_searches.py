"""What people look for is looked for, however many words the bot understands besides."""

from collections.abc import Callable, Iterator
from pathlib import Path

from aiogram import Router

from bot.handlers import Says
from bot.wishes import Following
from tests.bot.world import Talk

QUERIES = (Path(__file__).parent / "queries.txt").read_text(encoding="utf-8").splitlines()


def _heard(router: Router) -> Iterator[Callable[[str], object]]:
    """What the bot takes plain words of a private chat for, in all its handlers."""
    for handler in router.message.handlers:
        yield from (each.callback._read for each in handler.filters or () if isinstance(each.callback, Says))
    for each in router.sub_routers:
        yield from _heard(each)


def test_no_plausible_search_is_taken_for_a_wish(talk: Talk) -> None:
    heard = list(_heard(talk.dispatcher))
    assert len(heard) > 10
    assert len(QUERIES) > 500
    assert {query: meant for query in QUERIES for read in heard if _is_wish(meant := read(query))} == {}


def _is_wish(meant: object) -> bool:
    """Whether it is a wish, and not only one if a list is called so, as in "remove tariffs"."""
    return bool(meant) and not (isinstance(meant, Following) and not meant.certain)
