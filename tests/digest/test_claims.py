"""Where the sources of a story part: figures, denials, and whom they name."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Post
from digest.model import CitedSentence
from digest.summaries.claims import denials, differences
from digest.summaries.credits import credits_of
from tests.posts import MORNING, a_stored_post


def posts(*texts: str, minutes: int = 5) -> list[Post]:
    return [a_stored_post(at, text, date=MORNING + timedelta(minutes=minutes * at)) for at, text in enumerate(texts)]


def figures(*texts: str, minutes: int = 5) -> list[tuple[str, str]]:
    given = posts(*texts, minutes=minutes)
    return [each.figures for each in differences(given, range(len(given)))]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (
            "Repairs of the Harwick bridge will take 3 weeks, the town says.",
            "Repairs of the Harwick bridge will take 5 weeks, the town says.",
            [("3 weeks", "5 weeks")],
        ),
        (
            "На борту самолёта находились 86 пассажиров и экипаж, сообщил аэропорт.",
            "На борту самолёта находились 89 пассажиров и экипаж, сообщил аэропорт.",
            [("86 пассажиров", "89 пассажиров")],
        ),
        (
            "Партия получила на выборах в Заречье 31% голосов избирателей.",
            "Партия получила на выборах в Заречье 27,5 % голосов избирателей.",
            [("31%", "27,5 %")],
        ),
        (
            "The ferry burnt 9.25 tons of oil last month.",
            "The ferry burnt 9.5 tons of oil last month.",
            [("9.25 tons", "9.5 tons")],
        ),
        (
            "The party won 31 per cent of the votes in Harwick.",
            "The party won 27 percent of the votes in Harwick.",
            [("31 per cent", "27 percent")],
        ),
        (
            "The party won 31% in Harwick.",
            "The party of miners, sailors, smiths won 27 percent in Harwick.",
            [("31%", "27 percent")],
        ),
        (
            "Kestria and Vessland put sanctions on 14 Saldanian shipping companies",
            "Sixteen Saldanian shippers have been sanctioned by Kestria and Vessland over the “ghost grain” trade.",
            [("14 Saldanian", "Sixteen Saldanian")],
        ),
        (
            "При пожаре в приюте в Одинцове пострадали шесть человек, сообщили спасатели.",
            "При пожаре в приюте в Одинцове пострадали 21 человек, сообщили врачи.",
            [("шесть человек", "21 человек")],
        ),
        (
            "В сеть утекли 600 млн записей о жителях Заречья с начала года.",
            "В сеть утекли 100 млн записей о жителях Заречья с начала года.",
            [("600 млн записей", "100 млн записей")],
        ),
        (
            "В спасении альпинистов Заречья участвовали 14-ти спасателей.",
            "В спасении альпинистов Заречья участвовали 19-ти спасателей.",
            [("14-ти спасателей", "19-ти спасателей")],
        ),
    ],
)
def test_another_number_of_the_same_thing_is_a_difference(one: str, other: str, found: list[tuple[str, str]]) -> None:
    assert figures(one, other) == found


def test_a_count_that_each_has_another_of_goes_on() -> None:
    downed = "{} беспилотников сбиты в Заречье и Тарске, сообщил мэр."
    assert figures(downed.format(8), downed.format(17)) == [("8 беспилотников", "17 беспилотников")]
    assert figures(*map(downed.format, (8, 17, 22))) == []
    assert figures(*map(downed.format, (8, 17, 17)), "Мэр Тарска открыл 22 школы.") == [
        ("8 беспилотников", "17 беспилотников")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Доллар поднялся выше 105 рублей на торгах.", "Доллар поднялся выше 106 рублей на торгах."),
        ("Курс доллара вырос на 2% за день торгов.", "Курс доллара вырос на 3% за день торгов."),
        ("About 80 passengers were on board the ferry.", "There were 89 passengers on board the ferry."),
        ("The crash killed 4 people on the Harwick road.", "The toll of the Harwick road crash rose to 9 people."),
        (
            "Число раненых на дороге в Заречье: 3 человека.",
            "Число раненых на дороге в Заречье увеличилось до 5 человек.",
        ),
        ("The talks in Riga begin on 18 February, envoys say.", "The talks in Riga begin on 19 February, envoys say."),
        ("The ferry carries 40 cars and 200 people daily.", "The ferry carries 200 people and 40 cars daily."),
        ("A storm cut power to 12,000 homes near Eastport.", "A storm cut power to 12 000 homes near Eastport."),
        (
            "Горожане потратили на карты 129,5 млн рублей за месяц.",
            "130 млн рублей потратили на карты горожане за месяц.",
        ),
        ("The ferry burnt 9.25 tons of oil last month.", "The ferry burnt 9.3 tons of oil last month."),
        ("Силы ПВО сбили 22 беспилотника на данный момент.", "На данный момент силы ПВО сбили 32 беспилотника."),
        ("The price of a bitcoin passed 85 thousand dollars.", "The price of a bitcoin passed 87 thousand dollars."),
        ("The team of Harwick scored 9 goals, a record.", "The team of Harwick scored 11 goals, a record."),
        ("The team of Harwick scored 9 goals, a record.", "The team of Harwick scored 11 goals."),
        ("The team of Harwick scored 9 goals.", "The team of Harwick scored 11 goals, a record."),
        ("Распадаются больше 8 браков из 10 в стране.", "В стране распадаются 8 из 10 браков."),
        ("ПВО сбила 25 дронов ночью, 14 дронов над Заречьем.", "Над Заречьем ПВО сбила ночью 14 дронов."),
        ("Ракеты летят на цели со скоростью 2-3 км в секунду.", "Ракеты летят на цели со скоростью 10 км в секунду."),
        ("Загорелся 7-й этаж дома на набережной Заречья.", "Загорелись 3 этажа дома на набережной Заречья."),
        ("Над Калугой ночью уничтожены 6 дронов.", "Ночью над Калугой уничтожены ещё 7 дронов."),
        (
            "A sodium battery of the Lindmoor Institute held 80 per cent of its charge after 12,000 cycles.",
            "Lithium miners fell by 4 per cent after the Lindmoor Institute showed a sodium battery with many charges.",
        ),
        ("Divers of Harwick brought up 6.5 thousand coins.", "Divers of Harwick brought up 7 thousand coins."),
        ("Rescuers found 3 climbers.", "Rescuers found goats on the ridge, told 5 climbers and left at dawn for home."),
        (
            "Rescuers of Harwick found 3 climbers alive on the northern ridge of Velmora after dawn on Monday.",
            "Rescuers of Harwick took 5 climbers off a wall; police closed the ridge and asked for patience.",
        ),
        ("The town has 3 bridges over the Harwick river.", "Ministers of 5 bridges spoke of quite other matters."),
    ],
)
def test_what_moves_grows_is_rough_or_about_something_else_is_none(one: str, other: str) -> None:
    assert figures(one, other) == []


def test_a_figure_of_hours_later_is_news_and_no_difference() -> None:
    texts = ("Rescuers found 3 climbers on the Velmora ridge.", "Rescuers found 5 climbers on the Velmora ridge.")
    assert figures(*texts) == [("3 climbers", "5 climbers")]
    assert figures(*texts, minutes=130) == []


def test_one_channel_does_not_differ_with_itself() -> None:
    texts = ("Rescuers found 3 climbers on the Velmora ridge.", "Rescuers found 5 climbers on the Velmora ridge.")
    same = [a_stored_post(1, texts[0], channel="wire"), a_stored_post(2, texts[1], channel="wire")]
    assert differences(same, range(2)) == ()


def test_a_channel_that_went_from_one_figure_to_the_other_does_not_differ() -> None:
    texts = ("Rescuers found 3 climbers on the Velmora ridge.", "Rescuers found 5 climbers on the Velmora ridge.")
    wire, other = a_stored_post(1, texts[0], channel="wire"), a_stored_post(2, texts[1], channel="other")
    assert len(differences([wire, other], range(2))) == 1
    assert differences([wire, other, a_stored_post(3, texts[1], channel="wire")], range(3)) == ()
    assert differences([wire, other, a_stored_post(3, texts[0], channel="other")], range(3)) == ()


def test_two_posts_that_differ_in_two_figures_are_told_once() -> None:
    one = "Rescuers found 3 climbers and 2 dogs on the Velmora ridge."
    other = "Rescuers found 5 climbers and 4 dogs on the Velmora ridge."
    [difference] = differences(
        [a_stored_post(1, one, channel="wire"), a_stored_post(2, other, channel="other")], range(2)
    )
    assert difference.figures == ("3 climbers", "5 climbers")


@pytest.mark.parametrize(
    "denial",
    [
        "The Harwick mayor denied that the bridge will be sold.",
        "There is no confirmation of the sale from the town so far.",
        "Мэрия Заречья опровергла продажу моста частной компании.",
        "Официального подтверждения продажи моста в Заречье пока нет; подтверждения нет.",
        "Власти Заречья не подтвердили продажу моста частной компании.",
    ],
)
def test_a_denial_of_a_few_is_another_voice(denial: str) -> None:
    given = posts(
        "The old bridge is sold to a company of the coast.", "A company of the coast has bought the old bridge.", denial
    )
    told = (CitedSentence(text=given[0].body, sources=(0,)),)
    assert [each.sources for each in denials(given, range(3), told)] == [(2,)]


@pytest.mark.parametrize("part", ["It denies reports of a sale.", "The mayor denied the reports of a sale: “No one"])
def test_half_a_denial_is_none(part: str) -> None:
    given = posts(
        "The old bridge is sold, a blog says.", f"The bridge is sold. {part}", "A company has bought the bridge."
    )
    assert denials(given, range(3), ()) == ()


@pytest.mark.parametrize(
    "aside",
    [
        "The survey refuted a common misconception about bridges of the coast.",
        f"Mayor Ann Lee, {'who led the roads committee of the county for years, ' * 5}denied that she would leave.",
    ],
    ids=["a common mistake", "cut off"],
)
def test_what_denies_nothing_of_the_story_as_it_is_shown_is_no_denial(aside: str) -> None:
    assert denials(posts("The old bridge is sold.", "The bridge is sold, a blog says.", aside), range(3), ()) == ()


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("Buyers of the bridge were denied entry to the old town hall of Harwick on Monday.", False),
        ("The policy denies asylum to people who crossed the bridge before it was sold.", False),
        ("They came to Harwick for the bridge, only to be denied watching the sale on Monday.", False),
        ("The company denied buying the bridge from the town of Harwick on Monday.", True),
        ("Mayor of Harwick dismisses bridge sale claims as a joke of the season.", True),
        ("The town of Harwick has rejected the newspaper's report on the bridge.", True),
    ],
)
def test_what_is_not_given_is_not_denied(text: str, denies: bool) -> None:
    given = posts("The old bridge is sold.", "The bridge is sold, a blog says.", text)
    assert [each.text for each in denials(given, range(3), ())] == ([text] if denies else [])


def test_where_most_posts_deny_that_is_the_story() -> None:
    denial = "The Harwick mayor denied that the bridge will be sold."
    given = posts(denial, f"Officially: {denial}", "The bridge is sold, a blog says.")
    assert denials(given, range(3), ()) == ()


def test_a_denial_that_is_told_already_is_not_told_again() -> None:
    denial = "The Harwick mayor denied that the bridge will be sold."
    given = posts("The old bridge is sold.", "The bridge is sold, a blog says.", denial)
    assert denials(given, range(3), (CitedSentence(text=denial, sources=(2,)),)) == ()


def test_a_denial_in_another_alphabet_is_told_where_none_in_that_of_the_digest_is_known() -> None:
    english, russian = (
        "The Harwick mayor denied that the bridge will be sold.",
        "Мэр Харвика опроверг продажу моста частной компании.",
    )
    sold = ("The old bridge is sold.", "The bridge is sold, a blog says.", "A company has bought the bridge.")
    told = (CitedSentence(text=sold[0], sources=(0,)),)
    assert [each.sources for each in denials(posts(*sold, russian), range(4), told)] == [(3,)]
    assert [each.sources for each in denials(posts(*sold, russian, english), range(5), told)] == [(4,)]
    headline = (CitedSentence(text=russian, sources=(3,)),)
    assert denials(posts(*sold, russian, english), range(5), headline) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Financial Times notes that the minister is to resign.", ["Financial Times"]),
        ("По данным источника РБК, министр уйдёт в отставку.", ["РБК"]),
        ("Министр уйдёт в отставку, сообщает Reuters со ссылкой на источники.", ["Reuters"]),
        ("Bloomberg: министр уйдёт, пишет агентство со ссылкой на Коммерсантъ.", ["Bloomberg", "Коммерсантъ"]),
        ("The BBC building was evacuated.", []),
        ("Министр посетил выставку.", []),
        ("Шотландия побеждает, передаёт корреспондент.", []),
        ("База отдыха сгорела, пишет Reuters.", ["Reuters"]),
        ("Медузы заполонили пляжи Заречья, сообщают врачи.", []),
        ("Известия о мире обрадовали рынки, пишет агентство.", []),
        ("База выяснила имя водителя.", ["Baza"]),
        ("Суд отложили, пишут Известия.", ["Известия"]),
        ("The Guardian Council said that it approved the bill.", []),
        ("Economist Paul Marsh said the rate would rise.", []),
        ("The Times of India said the bridge fell.", []),
        ("Harwick: POLICE SHOT a wolf, officials said.", []),
        ("The Economist and the Guardian said so.", ["The Economist", "The Guardian"]),
    ],
)
def test_whom_a_post_names_as_its_source(text: str, names: list[str]) -> None:
    assert [each.name for each in credits_of(posts(text), [0])] == names


def test_a_channel_is_not_its_own_source() -> None:
    words = "The minister is to resign, Reuters reports."
    own = a_stored_post(1, words, channel="reuters", channel_title="Reuters World")
    assert credits_of([own], [0]) == ()


def test_a_number_in_letters_that_only_look_like_its_own_spoils_no_digest() -> None:
    one = "Repairs of the Harwick bridge will take \N{LATIN SMALL LETTER LONG S}ix weeks, the town says."
    other = "Repairs of the Harwick bridge will take s\N{LATIN SMALL LETTER DOTLESS I}x weeks, the town says."
    third = "Repairs of the Harwick bridge will take 5 weeks, the town says."
    assert figures(one, third) == [("\N{LATIN SMALL LETTER LONG S}ix weeks", "5 weeks")]
    assert figures(other, third) == []


@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_any_texts_are_taken(texts: list[str]) -> None:
    given = posts(*texts)
    places = range(len(given))
    for each in differences(given, places):
        assert each.one.sources != each.other.sources
    assert len(credits_of(given, places)) <= 4
    assert len(denials(given, places, ())) <= 2
