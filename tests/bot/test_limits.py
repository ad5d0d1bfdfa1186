"""Telegram's limits of sending, as a law over any sequence of sendings."""

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Limits, Rate, Share

CHATS = st.sampled_from([1, 2, 3, -1, -2])
STEPS = st.lists(st.tuples(CHATS, st.floats(0, 2)), max_size=120)


@given(STEPS)
def test_in_no_second_and_no_minute_is_more_sent_than_telegram_allows(steps: list[tuple[int, float]]) -> None:
    limits, now = Limits(overall=Rate(3, 1.0), a_group=Rate(4, 20.0)), 0.0
    sent: list[tuple[float, int]] = []
    for chat, seconds in steps:
        now += seconds
        if limits.wait(chat, now) <= 0:
            limits = limits.took(chat, now)
            sent.append((now, chat))
    for at, chat in sent:
        assert sum(at <= other < at + 1.0 for other, _ in sent) <= 3
        assert sum(at <= other < at + 1.0 and chat == whose for other, whose in sent) <= 1
        if chat < 0:
            assert sum(at <= other < at + 20.0 and chat == whose for other, whose in sent) <= 4


@given(STEPS)
def test_after_the_wait_that_is_told_the_message_may_go(steps: list[tuple[int, float]]) -> None:
    limits, now = Limits(), 0.0
    for chat, _ in steps:
        now += limits.wait(chat, now) + 1e-6
        assert limits.wait(chat, now) <= 0
        limits = limits.took(chat, now)


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_a_window() -> None:
    assert Rate(1, 1.0).took(1_000_000.0).wait(5.0) == 1.0


def test_chats_that_rest_are_forgotten() -> None:
    limits = Limits()
    for chat in range(1, 3_000):
        limits = limits.took(chat, chat * 1.0)

    assert len(limits.chats) <= 1_000


def test_each_chat_has_its_share_whatever_others_take_and_chats_that_rest_are_forgotten() -> None:
    share = Share(Rate(2, 600.0))
    for chat in (3, 4, 5):
        share.took(chat, 0.0)
    share.took(3, 1.0)
    assert (share.wait(3, 1.0), share.wait(4, 1.0), share.wait(3, 600.0)) == (599.0, 0.0, 0.0)

    share.took(4, 300.0)
    share.took(6, 700.0)
    assert list(share.chats) == [4, 6]
