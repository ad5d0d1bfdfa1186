"""What people ask for in words where a command or a button would do it."""

import pytest

from bot.hours import hours_moved
from bot.wishes import hour_said, hour_wished, looked_for, place_told, taste_wished
from storage.store import Store
from tests.bot.world import Talk, the_reader


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("send it at 9", "at 9"),
        ("Please send me the digest every evening at 8", "every evening at 8"),
        ("хочу дайджест в 9 утра", "в 9 утра"),
        ("присылай новости вечером в 9", "вечером в 9"),
        ("change it to 7", "to 7"),
        ("Перенеси на 9 утра", "на 9 утра"),
        ("поменяйте время на 8 утра", "на 8 утра"),
        ("make it 10:30", "10:30"),
        ("news at ten", ""),
        ("9 am", ""),
        ("digest", ""),
    ],
)
def test_who_says_when_the_digest_shall_come_is_told_from_who_looks_for_words(text: str, hour: str) -> None:
    assert hour_wished(text) == hour


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("at 8, please", "at 8"),
        ("в 9 утра", "в 9 утра"),
        ("Каждый день в 9", "Каждый день в 9"),
        ("at eight in the morning", "at eight in the morning"),
        ("можно в восемь?", "в восемь"),
        ("лучше к девяти вечера", "к девяти вечера"),
        ("at 8 Downing Street", "at 8 Downing Street"),  # which is no hour, see below
        ("в 1945", ""),
        ("talks at 8", ""),
        ("send it at 9", ""),
    ],
)
def test_an_hour_that_is_said_alone_is_told_from_a_year_and_from_words(text: str, hour: str) -> None:
    assert hour_said(text) == hour


async def test_an_hour_in_words_is_taken_over_and_words_that_only_begin_like_one_are_looked_for(
    settled: Talk, world: Store
) -> None:
    assert "every day at 20:00" in await settled.hears("в восемь вечера")
    assert "every day at 21:00" in await settled.hears("давай к девяти вечера")
    assert "at 8 Downing Street" in await settled.hears("at 8 Downing Street")
    assert "<b>at the port</b>" in await settled.hears("at the port")
    assert (await the_reader(world)).at == "21:00"


async def test_what_may_be_an_hour_is_looked_for_and_offered_as_one(settled: Talk, world: Store) -> None:
    assert "<b>21:30</b>" in await settled.hears("21:30")
    assert (await the_reader(world)).at == "07:00"
    await settled.presses("Digest at 21:30")
    assert (await the_reader(world)).at == "21:30"
    for other in ("storm", "2026"):
        (found,) = await settled.says(other)
        assert found["buttons"] == [], other


async def test_a_word_that_may_be_a_command_is_looked_for_and_the_command_named(settled: Talk) -> None:
    for word, command in (("channels", "/channels"), ("настрйки", "/settings"), ("Digset!", "/digest")):
        assert f"I took this as a search. Did you mean {command}?" in await settled.hears(word)
    for word in ("snow", "слава", "storm", "channels in Venice"):
        assert "I took this as a search. /help" in await settled.hears(word)


async def test_a_clock_is_taken_over_as_it_is_written(settled: Talk, world: Store) -> None:
    assert "UTC+2" in await settled.hears("utc+2")
    assert (await the_reader(world)).zone == "Etc/GMT-2"
    await settled.says("Asia/Tokyo")
    assert (await the_reader(world)).zone == "Asia/Tokyo"
    assert "<b>Google/Apple</b>" in (await settled.hears("Google/Apple")).replace("∕", "/")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("an hour later, please", 1),
        ("на час раньше", -1),
        ("давай на два часа позже", 2),
        ("позже на 3 часа", 3),
        ("three hours earlier", -3),
        ("99 hours later", 0),
        ("two hours later the bridge fell", 0),
        ("час", 0),
    ],
)
def test_by_how_much_a_digest_shall_come_later_is_told_from_words_to_look_for(text: str, hours: int) -> None:
    assert hours_moved(text) == hours


async def test_a_digest_comes_an_hour_later_or_earlier_by_a_word(settled: Talk) -> None:
    assert "every day at 08:00" in await settled.hears("an hour later please")
    assert "every day at 22:00" in await settled.hears("на десять часов раньше")


async def test_who_names_a_part_of_the_day_chooses_from_its_hours(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("утром")
    assert talk.labels[:3] == ["05:00", "06:00", "07:00"]
    await talk.says("не утром")
    assert "21:00" in talk.labels
    await talk.says("in the evenings")
    assert "by which clock?" in (await talk.presses("22:00"))[-1]["text"]
    assert (await the_reader(world)).at == "22:00"


async def test_an_hour_that_is_said_alone_answers_the_question_that_is_open(talk: Talk, world: Store) -> None:
    await talk.starts()
    assert "08:00 by which clock?" in await talk.hears("at 8")
    assert not any("Search" in label for label in talk.labels)
    await talk.says("London")
    await talk.says("/settings")
    await talk.presses("Time zone")
    await talk.says("at 21:00")  # what the reader's clock shows
    reader = await the_reader(world)
    assert (reader.at, reader.zone) == ("08:00", "Etc/GMT-3")
    assert "every day at 09:00" in await talk.hears("at 9")
    assert "🔍 Search for “at 9”" in talk.labels


@pytest.mark.parametrize(
    ("text", "taste"),
    [
        ("more about sanctions", "+sanctions"),
        ("Хочу больше про дачу!", "+дачу"),
        ("please, no more about storms, please.", "-storms"),
        ("Про спорт больше не надо!", "-спорт"),
        ("Больше не присылай про футбол, пожалуйста!", "-футбол"),
        ("не присылай мне про футбол", "-футбол"),
        ("don't send me anything about the world cup", '-"the world cup"'),
        ("don’t send me anything about the world cup", '-"the world cup"'),
        ("I’d like more about sanctions", "+sanctions"),
        ("Меня не интересует спорт.", "-спорт"),
        ("мне неинтересны новости спорта", '-"новости спорта"'),
        ("I'm not interested in sports", "-sports"),
        ("меня это не интересует", ""),
        ("sanctions", ""),
        ("no more coal in the North Sea", ""),
    ],
)
def test_who_wants_more_or_no_more_of_something_is_told_from_who_looks_for_words(text: str, taste: str) -> None:
    assert taste_wished(text) == taste


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I'm in London this week", "London"),
        ("а я в Екатеринбурге сейчас, у дочки", "Екатеринбурге"),
        ("Переехала в Тбилиси.", "Тбилиси"),
        ("I'm back in Moscow", "Moscow"),
        ("I’ve moved to Moscow", "Moscow"),
        ("set my time zone to Berlin", "Berlin"),
        ("set my time zone to Berlin please", "Berlin"),
        ("London", ""),
        ("the storm in London", ""),
    ],
)
def test_who_says_where_they_are_is_told_from_who_looks_for_words(text: str, place: str) -> None:
    assert place_told(text) == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("show me the latest news about the strike", "the strike"),
        ("Что пишут о пенсиях?", "пенсиях"),
        ("what’s new about the strike?", "the strike"),
        ("хочу про здоровье", "здоровье"),
        ("find news about the strike, please?", "the strike"),
        ("news", "news"),
        ("talks about tariffs", "talks about tariffs"),
        ("о войне", "о войне"),
    ],
)
def test_what_only_asks_for_words_is_not_looked_for(text: str, words: str) -> None:
    assert looked_for(text) == words


async def test_a_taste_may_be_said_in_words(settled: Talk) -> None:
    assert "From now on you get more of tariffs" in await settled.hears("more about tariffs")
    assert "You are told nothing more about storms" in await settled.hears("no more news about storms")


async def test_who_is_bored_is_told_how_to_have_more_of_one_thing_and_less_of_another(settled: Talk) -> None:
    assert "/keywords +nuclear -football" in await settled.hears("this is boring")
    assert "/keywords +nuclear -football" in await settled.hears("мне не нравится")
    assert "<b>boring machine</b>" in await settled.hears("boring machine")


async def test_who_finds_the_clock_wrong_is_shown_the_settings(settled: Talk) -> None:
    assert "Time zone: London" in await settled.hears("wrong time!")


async def test_a_place_and_another_hour_may_be_said_at_any_time(settled: Talk, world: Store) -> None:
    assert "07:00 (Tbilisi)" in await settled.hears("I moved to Tbilisi")
    assert "21:30 (Tbilisi)" in await settled.hears("change it to half past nine in the evening")
    assert (await the_reader(world)).zone == "Asia/Tbilisi"
    assert "Nothing was found for" in await settled.hears("I'm in love")


async def test_who_asks_for_news_about_something_finds_it(settled: Talk) -> None:
    (found,) = await settled.says("what is the latest news about tariffs?")
    assert found["text"].startswith("<b>tariffs</b>")


async def test_where_plain_words_find_nothing_the_way_on_is_told(settled: Talk) -> None:
    for words in ("frobnication", "frobnication of the widgets and gadgets of others"):
        assert "/help shows what else I can do" in await settled.hears(words)
    assert "/help shows what else I can do" not in await settled.hears("/search frobnication")


async def test_who_wants_to_leave_everything_is_shown_how(settled: Talk) -> None:
    for words in ("/unsubscribe all", "unsubscribe me from everything", "отпишите меня от всего", "unfollow all"):
        assert "Less of me, or nothing at all?" in await settled.hears(words)
    assert "I know no list or channel called “sports”" in await settled.hears("unfollow sports please")
