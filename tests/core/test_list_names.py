"""The list that a name means."""

from core.list_names import by_ids, list_named
from core.model import ChannelList
from core.query import Query

LISTS = (
    ChannelList(id="news", titles={"en": "World", "ru": "Мир"}),
    ChannelList(id="world", titles={"": "Planet"}),
    ChannelList(id="other", titles={"": "Мир"}),
)


def test_an_id_is_the_list_of_that_id_whatever_others_are_titled() -> None:
    named = {name: list_named(name, LISTS) for name in ("World", "planet", "«мир»", "nothing")}
    assert {name: found and found.id for name, found in named.items()} == {
        "World": "world",
        "planet": "world",
        "«мир»": "news",
        "nothing": None,
    }


def test_the_lists_of_a_query_are_told_by_their_ids() -> None:
    query = by_ids(Query(lists=("world", "planet", "wrld"), but_lists=("мир",)), LISTS)
    assert (query.lists, query.but_lists) == (("world", "world", "wrld"), ("news",))
