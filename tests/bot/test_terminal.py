"""`courant try`: what a person at a terminal sees."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.printing import Printer, Run, plain, read
from bot.terminal import make_terminal
from storage.store import Store
from tests.bot.world import Talk
from tests.moments import Moment
from tests.screens import Screen


async def test_messages_are_plain_lines_with_numbered_buttons_and_addresses_below(world: Store, clock: Moment) -> None:
    out = io.StringIO()
    terminal = make_terminal(world, clock, out)
    await terminal.line("/start\n")

    lines = out.getvalue().splitlines()
    assert "I am Courant. I read Telegram channels so that you do not have to." in lines
    assert "  #1 [✓ World affairs]  #2 [News in Russian]" in lines
    assert any(re.fullmatch(r"    \[\d\] https://t.me/harbour_wire/18000", line) for line in lines)
    assert "  #9 [07:00]  #10 [08:00]  #11 [09:00]  #12 [12:00]" in lines
    assert "<b>" not in out.getvalue()


async def test_a_number_presses_the_button_of_the_latest_numbering(world: Store, clock: Moment) -> None:
    out = io.StringIO()
    terminal = make_terminal(world, clock, out)
    await terminal.line("/start")
    await terminal.line("/lists")
    out.seek(0)
    out.truncate()
    await terminal.line("#2")

    assert "(Following News in Russian)" in out.getvalue()
    assert "(the message above is now)" in out.getvalue()
    assert "#2 [✓ News in Russian]" in out.getvalue()


@pytest.mark.parametrize("line", ["#99", "#0", f"#{'9' * 5000}"], ids=["beyond", "none", "no number at all"])
async def test_a_button_that_is_not_there_is_told(world: Store, clock: Moment, line: str) -> None:
    out = io.StringIO()
    terminal = make_terminal(world, clock, out)
    await terminal.line(line)
    assert "There are no buttons yet" in out.getvalue()
    await terminal.line("/lists")
    await terminal.line(line)
    assert f"There is no button {line[:10]}" in out.getvalue()


async def test_the_terminal_itself_speaks_the_language_of_the_person(world: Store, clock: Moment) -> None:
    out = io.StringIO()
    terminal = make_terminal(world, clock, out, language="ru")
    for line in ("#1", "/lists", "#99", "#1"):
        await terminal.line(line)

    for note in ("(Кнопок ещё нет.)", "(Кнопки #99 нет.)", "(сообщение выше теперь такое)"):
        assert note in out.getvalue()


async def test_empty_lines_are_passed_over(world: Store, clock: Moment) -> None:
    out = io.StringIO()
    terminal = make_terminal(world, clock, out)
    await terminal.line("\n")
    await terminal.line("   ")

    assert out.getvalue() == ""


async def test_json_has_a_line_for_each_call_with_method_text_and_buttons(talk: Talk) -> None:
    await talk.starts()
    calls = await talk.says("/digest")

    assert all(list(call) == ["method", "text", "buttons"] for call in calls)
    assert calls[-1]["buttons"][-1] == "Settings"
    assert {call["method"] for call in calls} == {"sendMessage", "sendChatAction"}


async def test_on_a_screen_links_can_be_clicked_and_bold_is_bold(world: Store, clock: Moment) -> None:
    out = Screen()
    terminal = make_terminal(world, clock, out)
    await terminal.line("/start")

    assert "\x1b]8;" in out.getvalue()
    assert "https://t.me/harbour_wire/18000" in out.getvalue()
    assert "[1] https://" not in out.getvalue()


def test_on_a_screen_lines_are_broken_between_words_and_a_quotation_keeps_its_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Screen()
    words = "the old harbour bridge is closed until spring"
    Printer(out).message(f"{words}\n<blockquote>{words}</blockquote>", [], 1)

    lines = re.sub(r"\x1b\[[\d;]*m", "", out.getvalue()).splitlines()
    assert lines[:4] == [
        "the old harbour bridge is closed until",
        "spring",
        "  │ the old harbour bridge is closed",
        "  │ until spring",
    ]


def test_a_rich_message_is_shown_in_lines() -> None:
    markup = (
        '<h2>Head</h2>\n<p>One <a href="https://t.me/a/1">[1]</a></p><details><summary>More</summary>x<br/>y</details>'
    )

    assert plain(read(markup)) == "Head\nOne [1]\n  │ More\n  │ x\n  │ y\n    [1] https://t.me/a/1"


def test_a_quotation_is_marked_on_every_line() -> None:
    assert plain(read("a\n<blockquote expandable>one\ntwo</blockquote>\nb")) == "a\n  │ one\n  │ two\nb"


def test_two_links_of_the_same_words_are_both_listed() -> None:
    shown = plain([Run("x", url="https://a.example/1"), Run("x", url="https://a.example/2")])

    assert shown.splitlines()[1:] == ["    x: https://a.example/1", "    x: https://a.example/2"]


@given(st.text())
def test_no_markup_breaks_the_page(markup: str) -> None:
    out = io.StringIO()
    Printer(out).message(markup, [["one", "two"]], 1)

    assert "#1 [one]  #2 [two]" in out.getvalue()


def test_headings_of_a_rich_message_stand_apart() -> None:
    assert plain(read("<h2>Day</h2>\n<p>x</p>\n<h4>One</h4>\n<p>y</p>")) == "Day\nx\n\nOne\ny"
