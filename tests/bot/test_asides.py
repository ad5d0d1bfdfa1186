"""What people write who do not answer what they were asked."""

import pytest

from bot.asides import (
    Aside,
    aside,
    is_for_news,
    is_for_settings,
    is_small_talk,
    is_stop,
    is_thanks,
)
from bot.commands import nearest


@pytest.mark.parametrize(
    ("text", "hour", "place"),
    [
        ("what is this?", Aside.QUESTION, Aside.QUESTION),
        ("Привет", Aside.QUESTION, Aside.QUESTION),
        ("зачем вам мой город?", Aside.QUESTION, Aside.QUESTION),
        ("🙂", Aside.QUESTION, Aside.QUESTION),
        ("Never mind.", Aside.LEAVE_IT, Aside.LEAVE_IT),
        ("всё равно", Aside.LEAVE_IT, Aside.LEAVE_IT),
        ("утром, часов в восемь", Aside.ATTEMPT, Aside.WORDS),
        ("https://www.example.org/8", Aside.WORDS, Aside.ATTEMPT),
        ("25:99", Aside.ATTEMPT, Aside.ATTEMPT),
        ("Atlantis", Aside.WORDS, Aside.ATTEMPT),
        ("sanctions against the shipping companies", Aside.WORDS, Aside.WORDS),
    ],
)
def test_questions_attempts_and_words_are_told_apart(text: str, hour: Aside, place: Aside) -> None:
    assert (aside(text, about_hour=True), aside(text, about_hour=False)) == (hour, place)


@pytest.mark.parametrize(
    "text",
    [
        "who are you?",
        "что это?",
        "help",
        "спасибо!",
        "never mind",
        "Отмена",
        "…",
        "",
        "Ты робот?",
        "I don't understand",
        "Доброе утро!",
        "хэлп",
        "how do I use this bot?",
    ],
)
def test_there_is_nothing_to_look_for_in_small_talk(text: str) -> None:
    assert is_small_talk(text)
    assert not is_small_talk(f"{text} санкции")


@pytest.mark.parametrize(
    "text",
    [
        "спасибо!",
        "Thanks a lot",
        "ok, great",
        "большое спасибо",
        "👍🏽",
        "🙏 ❤️",
        "спасибо, милый!",
        "спс",
        "хороший дайджест",
    ],
)
def test_thanks_are_told_from_a_greeting_and_from_words_to_look_for(text: str) -> None:
    assert is_thanks(text)
    assert not is_thanks("hello")
    assert not is_thanks(f"{text} sanctions")


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "Unsubscribe",
        "how do I stop it?",
        "stop sending me news!",
        "как отписаться?",
        "хватит присылать",
        "delete my data",
        "forget me please",
        "удали мои данные",
        "забудь меня",
        "отпишите меня от всего",
    ],
)
def test_who_wants_no_more_is_told_from_who_looks_for_a_stop(text: str) -> None:
    assert is_stop(text)
    assert not is_stop(f"{text} trains")


@pytest.mark.parametrize("text", ["news", "fire", "пожар", "", "🙂"])
def test_other_words_ask_for_no_end(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "Digest, please",
        "what's new?",
        "the latest news",
        "дайджест",
        "что нового?",
        "дай новости за сегодня",
        "what's up?",
        "что важного?",
        "обзор новостей",
        "what did I miss",
        "give me a summary pls",
    ],
)
def test_who_asks_for_the_news_is_told_from_who_looks_for_some(text: str) -> None:
    assert is_for_news(text)
    assert not is_for_news(f"{text} Eastport")


@pytest.mark.parametrize("text", ["hello", "today", "", "что это?", "no digests this week", "хороший дайджест"])
def test_other_words_ask_for_no_news(text: str) -> None:
    assert not is_for_news(text)


@pytest.mark.parametrize(
    "text",
    [
        "change the language",
        "where are my settings?",
        "где мои настройки?",
        "смени часовой пояс",
        "на что я подписан?",
    ],
)
def test_who_asks_for_the_settings_is_told_from_who_looks_for_words(text: str) -> None:
    assert is_for_settings(text)
    assert not is_for_settings(f"{text} school")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("digset", "digest"),
        ("serch", "search"),
        ("Language", "settings"),
        ("дайджест", "digest"),
        ("стоп", "stop"),
        ("frobnicate", None),
        ("", None),
    ],
)
def test_a_command_is_known_by_a_slip_and_by_what_people_call_it(written: str, meant: str | None) -> None:
    assert nearest(written) == meant


def test_who_runs_the_place_may_mean_a_command_of_theirs() -> None:
    assert (nearest("stats"), nearest("stats", admin=True)) == ("start", "status")
