"""What people ask in words to have otherwise: the language, the length, the hour, the rhythm."""

import pytest

from bot.asides import is_stop
from bot.changes import _SAID, OTHER, Change, beside, change_asked, language_asked, minutes_asked
from storage.store import Store
from tests.bot.world import Talk, the_reader


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in English", "en"),
        ("English please!", "en"),
        ("Can you speak English?", "en"),
        ("на английском", "en"),
        ("English, not Russian", None),
        ("I don’t speak Russian", "en"),
        ("не по-русски", "en"),
        ("я не говорю по-русски", "en"),
        ("I prefer English", "en"),
        ("can't you speak English?", "en"),
        ("по-русски", "ru"),
        ("давай на русском, пожалуйста", "ru"),
        ("Русский язык", "ru"),
        ("English language", "en"),
        ("английский язык", None),
        ("Russian language", None),
        ("на английском языке", "en"),
        ("Change the language to Russian", "ru"),
        ("я не понимаю по-английски", "ru"),
        ("speak German", OTHER),
        ("English plz", "en"),
        ("translate to English", "en"),
        ("auf Englisch bitte", "en"),
        ("російською", "ru"),
        ("auf Deutsch", OTHER),
        ("en español, por favor", OTHER),
        ("Parlez-vous français ?", OTHER),
        ("українською, будь ласка", OTHER),
        ("Deutsch", None),
        ("auf Deutsch singen", None),
        ("українська мова", None),
        ("украинский язык", None),
        ("можно на украинском?", OTHER),
        ("German", None),
        ("русские", None),
        ("English football", None),
        ("talks in Russian", None),
        ("", None),
        (f"in {'the ' * 40}English", None),
    ],
)
def test_who_wants_another_language_is_told_from_who_looks_for_words(text: str, language: str | None) -> None:
    assert language_asked(text) == language


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10 minutes", 10),
        ("дайджест на 3 минуты", 3),
        ("не больше пяти минут", None),
        ("не больше пять минут", 5),
        ("make it two minutes, please", 2),
        ("5 мин", 5),
        ("a 3 minute digest please", 3),
        ("новости за 10 минут", None),
        ("the last 10 minutes", None),
        ("news 30 minutes", None),
        ("за 5 минут", None),
        ("5 minutes of silence", None),
    ],
)
def test_how_long_a_digest_shall_be_is_told_from_words_to_look_for(text: str, minutes: int | None) -> None:
    assert minutes_asked(text) == minutes


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("shorter, please", Change.SHORTER),
        ("Слишком много новостей!", Change.SHORTER),
        ("the digest is too short", Change.LONGER),
        ("that is too little!", Change.LONGER),
        ("a little longer", Change.LONGER),
        ("сделай подлиннее", Change.LONGER),
        ("change the hour", Change.HOUR),
        ("пораньше, пожалуйста", Change.HOUR),
        ("не шли по ночам", Change.HOUR),
        ("раз в неделю", Change.RHYTHM),
        ("присылай дайджест два раза в день", Change.RHYTHM),
        ("every 2 hours", Change.RHYTHM),
        ("only on weekdays", Change.RHYTHM),
        ("don't send it so often", Change.RHYTHM),
        ("присылай не так часто", Change.RHYTHM),
        ("можно не каждый день?", Change.RHYTHM),
        ("несколько раз в день", Change.RHYTHM),
        ("no digests on weekends", Change.RHYTHM),
        ("по выходным не надо", Change.RHYTHM),
        ("слишком много букв", Change.SHORTER),
        ("more details please", Change.LONGER),
        ("I'm back", Change.AGAIN),
        ("я вернулся из отпуска", Change.AGAIN),
        ("дайджест не пришёл", Change.WHEN),
        ("I didn't get my digest", Change.WHEN),
        ("продолжай присылать", Change.AGAIN),
        ("продолжай поиски", None),
        ("Старт", Change.AGAIN),
        ("выключи паузу", Change.AGAIN),
        ("turn it on", Change.AGAIN),
        ("when does the next digest come?", Change.WHEN),
        ("раз в день", Change.WHEN),
        ("longer sentences for arson", None),
        ("раз в год", None),
        ("digest", None),
        ("", None),
    ],
)
def test_what_shall_be_otherwise_is_told_from_words_to_look_for(text: str, change: Change | None) -> None:
    assert change_asked(text) is change


@pytest.mark.parametrize("change", list(_SAID))
def test_no_saying_is_lost_among_the_words_that_only_go_around_one(change: Change) -> None:
    assert [said for said in _SAID[change] if change_asked(said) is not change] == []


@pytest.mark.parametrize(
    "text",
    [
        "не присылай больше",
        "Больше мне ничего не присылайте!",
        "don't send me anything",
        "больше не надо",
        "no more digests, please",
        "I don't want any more news",
        "не хочу дайджест",
        "новости больше не присылай",
        "pause for a week",
        "пауза на 2 недели",
        "поставь на паузу",
        "turn it off",
        "pause until Monday",
        "пауза до понедельника",
        "до понедельника не присылай",
        "не пиши на выходных",
        "stop until the 5th",
        "не присылай до 10 января",
        "no digests this week",
        "I'm on vacation until Monday",
        "I am on holiday until the 5th of January",
        "я в отпуске до конца месяца",
        "уезжаю на неделю",
        "turn off notifications",
        "отключи уведомления",
        "leave me alone",
        "отвали",
    ],
)
def test_who_wants_nothing_more_is_told_from_who_looks_for_words(text: str) -> None:
    assert is_stop(text)
    assert not is_stop(f"{text} trains")
    assert not is_stop("не надо")
    assert not is_stop("до понедельника")


def test_the_length_next_to_one_is_one_of_those_that_are_offered() -> None:
    assert [beside(minutes, 1) for minutes in (2, 5, 6, 12, 15)] == [3, 8, 8, 12, 15]
    assert [beside(minutes, -1) for minutes in (1, 2, 5, 6, 15)] == [1, 2, 3, 5, 12]


async def test_the_language_is_changed_by_a_word_and_the_answer_is_in_it(settled: Talk, world: Store) -> None:
    assert "<b>russian</b>" in await settled.hears("russian")  # something to look for, for who writes it so
    first, *menu = await settled.says("по-русски")
    assert first["text"].startswith("Теперь я говорю по-русски.")
    assert "Ваши настройки" in first["text"]
    assert {call["method"] for call in menu} == {"setMyCommands"}
    assert (await the_reader(world)).language == "ru"
    for words in ("говори по-русски", "по-русски"):
        (again,) = await settled.says(words)
        assert again["text"].startswith("Я уже говорю по-русски.")
    assert "<b>русский</b>" in await settled.hears("русский")  # something to look for, where it is spoken already
    assert "<b>русский язык</b>" in await settled.hears("русский язык")
    assert "<b>английский</b>" in await settled.hears("английский")
    assert "I speak English from now on" in await settled.hears("English")
    assert "only English and Russian" in await settled.hears("speak German, please")


async def test_who_wants_another_language_at_the_start_is_asked_in_it(talk: Talk) -> None:
    await talk.starts()
    assert "В котором часу" in await talk.hears("на русском, пожалуйста")
    assert "по каким часам" in await talk.hears("8:30")


async def test_the_length_is_changed_by_words_and_shown_to_be_changed_back(settled: Talk, world: Store) -> None:
    assert "about 3 minutes" in await settled.hears("короче")
    assert (await the_reader(world)).minutes == 3
    assert "about 2 minutes" in await settled.hears("too long")
    assert "as short as they get" in await settled.hears("shorter")
    assert "about 10 minutes" in await settled.hears("10 minutes")
    assert "about 3 minutes" in await settled.hears("a 3 minute digest please")
    assert "about 12 minutes" in await settled.hears("20 minutes")
    assert "as long as they get" in await settled.hears("longer")
    await settled.presses("5 minutes")
    assert (await the_reader(world)).minutes == 5


async def test_another_rhythm_is_told_not_to_be_there_and_another_hour_is_asked(settled: Talk) -> None:
    assert "one digest a day, and know no other rhythm" in await settled.hears("once a week")
    assert {"Hour", "Reading time", "Pause"} <= set(settled.labels)
    assert "At what hour should the digest come?" in await settled.hears("earlier")
    assert "every day at 07:30" in await settled.hears("7:30")
    assert "every day at 21:00" in await settled.hears("в 9 вечера")
    assert "every day at 21:00" in await settled.hears("when does it come?")
    assert "Nothing was found for <b>в 1945</b>" in await settled.hears("в 1945")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("дайджест раз в неделю", "know no other rhythm"),
        ("новости через день", "know no other rhythm"),
        ("дайджест в другой час", "At what hour"),
        ("очень много новостей", "about 3 minutes"),
        ("no more digests", "Less of me, or nothing at all?"),
        ("daily news", "World affairs · "),
        ("дайджест за неделю", "World affairs · "),
    ],
)
async def test_how_digests_shall_be_is_not_taken_for_a_wish_for_one_now(settled: Talk, text: str, answer: str) -> None:
    assert answer in await settled.hears(text)


async def test_a_pause_ends_by_a_word(settled: Talk) -> None:
    await settled.says("pause")
    await settled.presses("Pause")
    assert "The digest is paused" in await settled.hears("когда?")
    assert "The digest comes every day" in await settled.hears("resume")
    assert "The digest comes every day" in await settled.hears("continue")


async def test_words_that_were_taken_for_a_wish_can_be_looked_for(settled: Talk) -> None:
    await settled.says("longer")
    (_, found) = await settled.presses("Search for “longer”")
    assert "<b>longer</b>" in found["text"]
