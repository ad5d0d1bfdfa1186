"""By what way each channel is read, as accounts come, fail and go."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.model import WEB_WAY, ChannelId
from ingest.ways import Settled, settle
from storage.readings import Standing

ACCOUNTS = ("ann", "bob", "cyd")


def channels(count: int, source: str = "auto", **values: Any) -> list[Standing]:
    return [Standing(channel=ChannelId(number), source=source, **values) for number in range(1, count + 1)]


def everything(count: int, *names: str, joined: bool = False) -> dict[str, dict[ChannelId, bool]]:
    """Accounts that have the addresses of all channels."""
    return {name: {ChannelId(number): joined for number in range(1, count + 1)} for name in names or ACCOUNTS}


def ways(settled: Settled) -> dict[int, str]:
    return {int(channel): way for channel, way in settled.changes.items()}


def test_without_accounts_the_preview_reads_what_leaves_the_way_open() -> None:
    standings = [*channels(2), Standing(channel=ChannelId(3), source="account")]
    assert ways(settle(standings, (), (), {}, ())) == {1: WEB_WAY, 2: WEB_WAY}


def test_channels_are_spread_over_the_accounts_that_have_their_addresses() -> None:
    found = ways(settle(channels(900), ACCOUNTS, (), everything(900), ()))
    counts = [list(found.values()).count(name) for name in ACCOUNTS]
    assert sum(counts) == 900
    assert min(counts) > 240


def test_what_an_account_has_joined_is_its_own() -> None:
    known = everything(50) | everything(50, "bob", joined=True)
    assert set(ways(settle(channels(50), ACCOUNTS, (), known, ())).values()) == {"bob"}


def test_until_its_address_is_found_another_reads_a_channel_or_the_preview() -> None:
    settled = settle(channels(300), ACCOUNTS, (), everything(100, "bob"), ())
    assert {way for channel, way in ways(settled).items() if channel <= 100} == {"bob"}
    assert {way for channel, way in ways(settled).items() if channel > 100} == {WEB_WAY}
    own = ways(settle(channels(300), ACCOUNTS, (), everything(300), ()))
    for name in ACCOUNTS:
        assert set(settled.to_find[name]) == {
            channel for channel, way in own.items() if way == name and not (name == "bob" and channel <= 100)
        }


def test_an_account_that_is_out_gives_its_channels_away_and_no_other_moves() -> None:
    known = everything(300)
    before = ways(settle(channels(300), ACCOUNTS, (), known, ()))
    now = [Standing(channel=ChannelId(number), source="auto", way=way) for number, way in before.items()]
    moved = ways(settle(now, ACCOUNTS, ("ann",), known, ()))
    assert set(moved) == {channel for channel, way in before.items() if way == "ann"}
    assert set(moved.values()) == {"bob", "cyd"}
    after = [Standing(channel=ChannelId(number), source="auto", way=way) for number, way in (before | moved).items()]
    assert ways(settle(after, ACCOUNTS, (), known, ())) == dict.fromkeys(moved, "ann"), "back where they were"


def test_where_every_account_is_out_the_preview_takes_over_what_it_may() -> None:
    standings = [*channels(2, way="ann"), Standing(channel=ChannelId(3), source="account", way="ann")]
    assert ways(settle(standings, ACCOUNTS, ACCOUNTS, everything(3), ())) == {1: WEB_WAY, 2: WEB_WAY}


def test_a_channel_that_accounts_refuse_goes_to_another_and_then_to_the_preview() -> None:
    [standing], known = channels(1), everything(1)
    first = ways(settle([standing], ACCOUNTS, (), known, ()))[1]
    refused = {(first, ChannelId(1))}
    second = ways(settle([standing], ACCOUNTS, (), known, refused))[1]
    assert second not in (first, WEB_WAY)
    refused |= {(name, ChannelId(1)) for name in ACCOUNTS}
    settled = settle([standing], ACCOUNTS, (), known, refused)
    assert (ways(settled), settled.to_find) == ({1: WEB_WAY}, {})


def test_what_nothing_else_can_read_is_found_first_and_then_what_waited_longest() -> None:
    standings = [
        Standing(channel=ChannelId(1), source="auto", way=WEB_WAY),
        Standing(channel=ChannelId(2), source="auto", way=WEB_WAY, fails_by_web=True),
        Standing(channel=ChannelId(3), source="account"),
    ]
    assert settle(standings, ("ann",), (), {}, ()).to_find == {"ann": [2, 3, 1]}


names = st.lists(st.sampled_from(["ann", "bob", "cyd", "dan"]), unique=True)


@given(accounts=names, out=names, source=st.sampled_from(["auto", "web", "account"]), data=st.data())
def test_a_channel_has_one_way_and_settling_again_changes_nothing(
    accounts: list[str], out: list[str], source: str, data: st.DataObject
) -> None:
    known = {name: {ChannelId(1): data.draw(st.booleans())} for name in data.draw(names)}
    refused = {(name, ChannelId(1)) for name in data.draw(names)}
    changes = settle(channels(1, source), accounts, out, known, refused).changes
    way = changes.get(ChannelId(1))
    again = settle(channels(1, source, way=way), accounts, out, known, refused)
    assert again.changes == {}
    if source == "web":
        assert way == WEB_WAY
    elif source == "account":
        assert way in accounts if accounts else way is None
    else:
        assert way == WEB_WAY or (way in accounts and way not in out and (way, ChannelId(1)) not in refused)
