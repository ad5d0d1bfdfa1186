"""Channels, lists and readings."""

from datetime import datetime, timedelta

from core.model import ChannelList, ChannelSettings, Reader, ReaderId, Source
from storage.store import Store
from tests.posts import a_post

WORLD = ChannelList(
    id="world",
    titles={"en": "World", "ru": "Мир"},
    descriptions={"": "Capitals"},
    language="en",
    channels=("Harbour_Wire", "vestnik"),
)
CITY = ChannelList(id="city", titles={"": "City"}, channels=("city_desk", "harbour_wire"))


async def test_lists_come_back_in_their_order(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        lists = await tx.channels.lists()
    assert lists[0] == WORLD
    assert (lists[1].id, lists[1].channels) == ("city", ("city_desk", "Harbour_Wire"))
    assert (lists[0].title("ru"), lists[0].title("de"), lists[0].description("ru")) == ("Мир", "World", "Capitals")


async def test_channels_that_no_list_names_are_kept_but_not_read(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        await tx.channels.take_over([CITY], {})
        due = await tx.channels.due(Source.WEB, now, 10)
        everything = await tx.channels.all()
        active = await tx.channels.all(active=True)
    assert {reading.channel.name for reading in due} == {"city_desk", "Harbour_Wire"}
    assert [channel.name for channel in everything] == ["city_desk", "Harbour_Wire", "vestnik"]
    assert [channel.name for channel in active] == ["city_desk", "Harbour_Wire"]


async def test_settings_of_a_channel_follow_the_file(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([CITY], {"city_desk": ChannelSettings(source="web", every=300)})
        (first, _) = await tx.channels.all()
        await tx.channels.take_over([CITY], {})
        (second, _) = await tx.channels.all()
    assert ((first.source, first.every), (second.source, second.every)) == (("web", 300), ("auto", None))


async def test_a_name_is_one_channel_however_it_is_spelled(any_store: Store) -> None:
    async with any_store.begin() as tx:
        one = await tx.channels.ensure(["Harbour_Wire"], {"harbour_wire": "Harbour Wire"})
        other = await tx.channels.ensure(["HARBOUR_WIRE", "x"])
        found = await tx.channels.by_names(["harbour_WIRE", "nobody"])
    assert one["harbour_wire"] == other["harbour_wire"]
    assert {key: channel.title for key, channel in found.items()} == {"harbour_wire": "Harbour Wire"}


async def test_of_two_names_that_spell_one_number_the_plain_one_has_it(any_store: Store) -> None:
    async with any_store.begin() as tx:
        ids = await tx.channels.ensure(["c/1234567", "c/01234567"])
        owner = await tx.channels.ids_of([1234567])
    assert owner == {1234567: ids["c/1234567"]}
    assert len({*ids.values()}) == 2


async def test_a_title_and_what_was_learned_is_kept(any_store: Store) -> None:
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["city_desk"]))["city_desk"]
        await tx.channels.ensure(["city_desk", "other"], {"city_desk": "City Desk", "other": ""})
        await tx.channels.identify(channel, 1_001_234)
        await tx.channels.learn({channel: {"lines": {"subscribe": 3}}})
        (known, other) = await tx.channels.all()
    assert (known.title, known.telegram_id) == ("City Desk", 1_001_234)
    assert (other.title, other.signature) == ("other", None)
    assert known.signature == {"lines": {"subscribe": 3}}


async def test_a_reader_of_lists_and_channels_follows_their_channels(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        followed = await tx.channels.followed(["world"], ["CITY_DESK", "nobody"])
    assert set(followed) == {"Harbour_Wire", "vestnik", "city_desk"}


async def test_the_cursor_only_grows(any_store: Store, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    async with any_store.begin() as tx:
        await tx.channels.take_over([CITY], {})
        channel = (await tx.channels.ensure(["city_desk"]))["city_desk"]
        await tx.channels.was_read(channel, Source.WEB, cursor=20, oldest=10, now=now, next_at=later)
        await tx.channels.was_read(channel, Source.WEB, cursor=15, oldest=None, now=now, next_at=later)
        await tx.channels.was_read(channel, Source.WEB, cursor=None, oldest=3, now=now, next_at=later)
        reading = await tx.channels.reading(channel, Source.WEB)
        other = await tx.channels.reading(channel, Source.ACCOUNT)
    assert (reading.cursor, reading.oldest, reading.next_at) == (20, 3, later)
    assert (other.cursor, other.read_at) == (None, None)


async def test_a_channel_is_due_at_its_moment_and_a_failure_moves_it(any_store: Store, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    async with any_store.begin() as tx:
        await tx.channels.take_over([CITY], {})
        ids = await tx.channels.ensure(["city_desk", "harbour_wire"])
        await tx.channels.was_read(ids["city_desk"], Source.WEB, cursor=1, oldest=1, now=now, next_at=later)
        await tx.channels.failed(ids["harbour_wire"], Source.WEB, "no answer", later, now=now)
        await tx.channels.failed(ids["harbour_wire"], Source.WEB, "no answer again", later, now=now)
        assert await tx.channels.due(Source.WEB, now, 10) == ()
        assert len(await tx.channels.due(Source.WEB, later, 10)) == 2
        assert len(await tx.channels.due(Source.WEB, later, 1)) == 1
        readings = {reading.channel.name: reading for reading in await tx.channels.readings(Source.WEB)}
        assert (readings["harbour_wire"].failures, readings["harbour_wire"].reason) == (2, "no answer again")
        await tx.channels.was_read(ids["harbour_wire"], Source.WEB, cursor=None, oldest=None, now=now, next_at=later)
        assert (await tx.channels.reading(ids["harbour_wire"], Source.WEB)).failures == 0


async def test_what_was_read_backwards_leaves_the_cursor_and_the_next_reading_alone(
    any_store: Store, now: datetime
) -> None:
    later = now + timedelta(minutes=5)
    async with any_store.begin() as tx:
        await tx.channels.take_over([CITY], {})
        ids = await tx.channels.ensure(["city_desk", "harbour_wire"])
        await tx.channels.was_read(ids["city_desk"], Source.WEB, cursor=50, oldest=31, now=now, next_at=later)
        for oldest in (11, 21):
            await tx.channels.went_back(ids["city_desk"], Source.WEB, oldest=oldest, newest=30)
            await tx.channels.went_back(ids["harbour_wire"], Source.WEB, oldest=oldest, newest=oldest + 19)
        city = await tx.channels.reading(ids["city_desk"], Source.WEB)
        wire = await tx.channels.reading(ids["harbour_wire"], Source.WEB)
    assert (city.cursor, city.oldest, city.read_at, city.next_at) == (50, 11, now, later)
    assert (wire.cursor, wire.oldest, wire.read_at, wire.next_at) == (30, 11, None, None)


async def test_all_are_due_but_those_that_failed_or_wait(any_store: Store, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        ids = await tx.channels.ensure(["city_desk", "harbour_wire", "vestnik"])
        await tx.channels.change_over(dict.fromkeys(ids.values(), "main"), now)
        await tx.channels.was_read(ids["city_desk"], Source.ACCOUNT, cursor=1, oldest=1, now=now, next_at=later)
        await tx.channels.failed(ids["harbour_wire"], Source.ACCOUNT, "no answer", later, now=now)
        await tx.channels.postpone([ids["vestnik"], ids["harbour_wire"]], Source.ACCOUNT, "waits", later, now=now)
        assert await tx.channels.due(Source.ACCOUNT, now, 10, account="main") == ()
        await tx.channels.all_due("main", now)
        assert [reading.channel.name for reading in await tx.channels.due(Source.ACCOUNT, now, 10, account="main")] == [
            "city_desk"
        ]
        failures = {each.channel.name: each.failures for each in await tx.channels.readings(Source.ACCOUNT)}
    assert failures == {"city_desk": 0, "Harbour_Wire": 1, "vestnik": 0}


async def test_a_renamed_channel_keeps_its_history_and_takes_its_new_name_over(any_store: Store, now: datetime) -> None:
    renamed = ChannelList(id="world", titles={"": "World"}, channels=("Quay_Wire", "vestnik"))
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        old = (await tx.channels.ensure(["harbour_wire"]))["harbour_wire"]
        assert await tx.channels.identify(old, 77) == old
        await tx.posts.add([a_post(1)], {"harbour_wire": old}, now)
        await tx.channels.was_read(old, Source.ACCOUNT, cursor=1, oldest=1, now=now, next_at=now)
        for chat, followed in ((1, ["harbour_wire"]), (2, ["harbour_wire", "quay_wire"])):
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), now)
            await tx.readers.follow(reader.id, channels=followed)
        await tx.channels.take_over([renamed, CITY], {"quay_wire": ChannelSettings(source="account")})
        new = (await tx.channels.ensure(["quay_wire"]))["quay_wire"]
        assert await tx.channels.identify(new, 77) == old
        assert await tx.channels.identify(new, 77) == old  # who reads it has not heard of that yet
        await tx.channels.failed(new, Source.WEB, "no answer", now, now=now)
        await tx.channels.went_back(new, Source.WEB, oldest=1)
        await tx.channels.postpone([new], Source.ACCOUNT, "waits", now, now=now)
        await tx.channels.change_over({new: "main"}, now)
        await tx.channels.leave_name(new)
        reading = await tx.channels.reading(old, Source.ACCOUNT)
        (world, city) = await tx.channels.lists()
        follows = [reader.channels for reader in await tx.readers.all()]
        (post,) = await tx.posts.latest_of(old, 10)
    assert (reading.channel.name, reading.channel.source, reading.cursor) == ("Quay_Wire", "account", 1)
    assert (world.channels, city.channels) == (("Quay_Wire", "vestnik"), ("city_desk", "Quay_Wire"))
    assert follows == [("quay_wire",), ("quay_wire",)]
    assert post.url == "https://t.me/Quay_Wire/1"


async def test_two_histories_of_one_id_stay_apart(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire", "quay_wire"])
        await tx.channels.identify(ids["harbour_wire"], 77)
        await tx.posts.add([a_post(1, channel="quay_wire")], ids, now)
        assert await tx.channels.identify(ids["quay_wire"], 77) == ids["quay_wire"]
        known = await tx.channels.by_names(["harbour_wire", "quay_wire"])
    assert (known["harbour_wire"].telegram_id, known["quay_wire"].telegram_id) == (77, None)


async def test_an_invite_that_leads_again_where_it_led_changes_nothing(any_store: Store) -> None:
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["+AbCdEf"]))["+abcdef"]
        assert await tx.channels.admit(channel, 7, "Harbour_Wire") == channel
        known = await tx.channels.by_names(["harbour_wire"])
        assert await tx.channels.admit(channel, 7, "Harbour_Wire") == channel
        assert await tx.channels.by_names(["harbour_wire"]) == known
    assert known["harbour_wire"].id == channel


async def test_who_followed_a_channel_before_its_invite_let_an_account_in_follows_it_still(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["+abcdef"]))["+abcdef"]
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=1), now)
        await tx.readers.follow(reader.id, channels=["+abcdef"])
        await tx.channels.admit(channel, 7, "c/7")
        await tx.channels.admit(channel, 7, "c/7")
        found = await tx.readers.get(reader.id)
        assert found
        assert await tx.channels.followed(found.lists, found.channels) == {"c/7": channel}


async def test_an_invite_leads_to_a_channel_of_the_name_however_it_is_written(any_store: Store) -> None:
    async with any_store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire", "+AbCdEf"])
        assert await tx.channels.admit(ids["+abcdef"], 7, "Harbour_Wire") == ids["harbour_wire"]
        assert [each.id for each in await tx.channels.all()] == [ids["harbour_wire"]]
