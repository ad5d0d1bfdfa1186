"""The query language: words, phrases, exclusions and filters, in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, BadQuery
from core.query import LONGEST, MOST_TERMS, Query, channel_key, language_key, one_piece, parse, slip
from core.words import stems

NOW = datetime(2025, 2, 18, 18, 30, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
_WEEK = NOW - timedelta(days=7)


def read(text: str) -> Query:
    return parse(text, NOW, RIGA)


def test_words_are_sought_in_any_form() -> None:
    assert read("Sanctions rouble").terms == (("sanction",), ("roubl",))
    assert read("санкциями").terms == read("Санкции").terms


def test_a_word_is_sought_without_the_signs_in_it_that_nobody_sees() -> None:
    assert read("sanc\u00adtions \u2060rou\u200bble channel:b\ufeffbc") == read("sanctions rouble channel:bbc")


def test_a_phrase_is_its_words_side_by_side() -> None:
    assert read('"direct talks" oil').terms == (("direct", "talk"), ("oil",))
    assert read("«прямые переговоры»").terms == (tuple(stems("прямые переговоры")),)
    for typed in ("“прямые переговоры”", "„прямые переговоры“", "”прямые переговоры”"):  # as telephones write them
        assert read(f"{typed} -“прямые линии”") == read('"прямые переговоры" -"прямые линии"')
    assert read('"unclosed phrase').terms == (tuple(stems("unclosed phrase")),)


def test_a_word_of_parts_is_a_phrase() -> None:
    assert read("COVID-19").terms == (tuple(stems("COVID 19")),)


@pytest.mark.parametrize("text", ["storms", "tell me more about storms", "any news of storms?", "расскажи про storms"])
def test_words_around_what_is_asked_tell_nothing(text: str) -> None:
    assert ("storm",) in read(text).telling
    assert set(read(text).telling) <= {("storm",), ("news",)}


def test_a_phrase_is_sought_whole_though_it_begins_like_a_question() -> None:
    assert read('"Who knows" festival').telling == (("who", "know"), ("festiv",))


def test_where_nothing_else_is_asked_such_words_are_sought() -> None:
    assert read("any more").telling == read("any more").terms


def test_a_minus_excludes_words_and_phrases() -> None:
    query = read('oil -gas -"price cap"')
    assert query.terms == (("oil",),)
    assert query.without == (("gas",), ("price", "cap"))


def test_a_word_sought_twice_is_sought_once() -> None:
    assert read("oil OIL oils").terms == (("oil",),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oil channel:@Harbour_Wire", Query(terms=(("oil",),), channels=("harbour_wire",))),
        ("oil channel:https://t.me/Harbour_Wire", Query(terms=(("oil",),), channels=("harbour_wire",))),
        ("oil channel:c/77", Query(terms=(("oil",),), channels=("c/77",))),
        ("oil channel:https://t.me/c/77/", Query(terms=(("oil",),), channels=("c/77",))),
        ("oil канал:a_b_c channel:d_e_f", Query(terms=(("oil",),), channels=("a_b_c", "d_e_f"))),
        ("oil list:World список:small", Query(terms=(("oil",),), lists=("world", "small"))),
        ('oil list:"World affairs" gas', Query(terms=(("oil",), ("gas",)), lists=("world affairs",))),
        ('oil list:" World affairs "', Query(terms=(("oil",),), lists=("world affairs",))),
        ("oil Список:«Новости дня»", Query(terms=(("oil",),), lists=("новости дня",))),
        ("oil -list:“World affairs”", Query(terms=(("oil",),), but_lists=("world affairs",))),
        ('oil channel:"Harbour_Wire" since:"7d', Query(terms=(("oil",),), channels=("harbour_wire",), since=_WEEK)),
        ("oil -channel:@Harbour_Wire -канал:abc", Query(terms=(("oil",),), but_channels=("harbour_wire", "abc"))),
        ("oil -list:World", Query(terms=(("oil",),), but_lists=("world",))),
        ("oil Channel:Harbour_Wire", Query(terms=(("oil",),), channels=("harbour_wire",))),
        ("oil lang:RU", Query(terms=(("oil",),), language="ru")),
        ("oil язык:en", Query(terms=(("oil",),), language="en")),
        ("oil since:7d", Query(terms=(("oil",),), since=NOW - timedelta(days=7))),
        ("oil с:вчера", Query(terms=(("oil",),), since=datetime(2025, 2, 16, 22, tzinfo=UTC))),
        ("oil until:2025-02-18", Query(terms=(("oil",),), until=datetime(2025, 2, 17, 22, tzinfo=UTC))),
        ("oil по:2025-02-18", Query(terms=(("oil",),), until=datetime(2025, 2, 17, 22, tzinfo=UTC))),
    ],
)
def test_a_filter_says_where_to_look(text: str, expected: Query) -> None:
    assert read(text) == expected


def test_words_that_belong_together_stay_one_piece() -> None:
    assert one_piece("direct talks") == '"direct talks"'
    assert one_piece("-list:World affairs") == '-list:"World affairs"'
    assert one_piece("said: it rains") == '"said: it rains"'


def test_what_is_given_beside_a_query_is_taken_without_the_signs_that_nobody_sees_too() -> None:
    assert channel_key("@\u200bHarbour_Wire\udcff") == "harbour_wire\ufffd"
    assert language_key("R\u200bU") == "ru"


def test_a_name_that_is_no_filter_is_words() -> None:
    assert read("re:invent").terms == (tuple(stems("re:invent")),)
    assert read("oil channel:").terms == (("oil",), tuple(stems("channel")))
    assert read('he said:"We win"').terms == (("he",), tuple(stems("said we")), ("win",))
    assert read('oil list:"" channel:" "') == read("oil")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oil form:7d", ("form", "from")),
        ("oil Chanel:bbc lits:world", ("Chanel", "channel")),
        ("oil -form:7d langauge:en", ("langauge", "language")),  # of a time nothing can be left out
        ("oil -chanel:bbc", ("-chanel", "-channel")),
        ("oil -сисок:world", ("-сисок", "-список")),
        ("oil сисок:world", ("сисок", "список")),
    ],
)
def test_what_is_nearly_a_filter_is_taken_for_a_slip(text: str, expected: tuple[str, str]) -> None:
    assert slip(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("oil since:7d channel:bbc", "Москва: дожди", "form: oil", '"form:bbc"', "at 12:30", "https://t.me/bbc"),
        *("covid-19:x", "C++:x", "Trump:tariffs", "2:1", ":", "a:b"),
    ],
)
def test_words_with_colons_are_no_slips(text: str) -> None:
    assert slip(text) is None


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("!!!", "nothing"),
        ('""', "nothing"),
        ("-oil", "without"),
        ("-oil list:world", "without"),
        ("channel:abcd", "filters"),
    ],
)
def test_a_query_for_nothing_is_refused_and_says_what_it_lacks(text: str, cause: str) -> None:
    with pytest.raises(BadQuery, match="names nothing to look for") as refused:
        read(text)
    assert refused.value.cause == cause


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(BadQuery, match="is no time") as refused:
        read("oil since:soon")
    assert refused.value.cause == "time"


def test_a_query_is_bounded() -> None:
    many = " ".join(f"word{number}" for number in range(1000))
    assert len(read(many).terms) == MOST_TERMS
    assert len(read(f"oil {many.replace('word', '-w')}").without) == MOST_TERMS
    assert read("a" * LONGEST + " hidden").terms == (tuple(stems("a" * LONGEST)),)


@given(st.text(max_size=300))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        query = read(text)
    except BadInput:
        return
    assert query.terms
    assert all(run and all(run) for run in (*query.terms, *query.without))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("COVID-19", ["covid 19"]),
        ("G20峰会", ["g20 峰 会"]),
        ("北京市府", ["北 京 市 府"]),
        ("北京市政府", ["北 京", "京 市", "市 政", "政 府"]),
        ("2024年北京马", ["2024", "年 北", "北 京", "京 马"]),
        ("中国t.me的新闻", ["中 国", "t me", "的 新", "新 闻"]),
        ("北京市政府A股", ["北 京", "京 市", "市 政", "政 府", "a", "股"]),
        ("กขคงจฉชซฌญฎฏฐ", ["ก ข ค ง จ ฉ", "ง จ ฉ ช ซ ฌ", "ช ซ ฌ ญ ฎ ฏ", "ญ ฎ ฏ ฐ"]),
        ("กขค2024กขคงจฉชซฌญ", ["ก ข ค", "2024", "ก ข ค ง จ ฉ", "ง จ ฉ ช ซ ฌ", "ช ซ ฌ ญ"]),
        ('"北京市政府"', ["北 京 市 政 府"]),
    ],
)
def test_where_no_blanks_part_words_letters_side_by_side_are_sought_and_other_scripts_apart(
    text: str, terms: list[str]
) -> None:
    assert [" ".join(term) for term in read(text).terms] == terms
