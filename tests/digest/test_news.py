"""Whether a story that a reader knows has news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Memory, Post, PostId, StoryId
from digest.news import arrivals, short_of_untold, unseen, with_news
from tests.posts import a_stored_post

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)
TOLD = "The grain corridor was agreed on in Istanbul on Monday; inspectors are to reach Odesa by Friday."


def post(number: int, text: str, fingerprint: int = 0) -> Post:
    return a_stored_post(number, text, date=NOON, fingerprint=fingerprint)


def news(*since: str, told: str = TOLD) -> list[str]:
    return [each.text for each in with_news([post(1, told)], [post(n, text) for n, text in enumerate(since, 2)])]


def test_what_goes_beyond_what_was_told_is_news() -> None:
    cleared = "The first two ships were cleared at noon and left the harbour towards the Bosporus, the port says."
    assert news(TOLD, cleared) == [cleared]


def test_a_rewrite_is_none() -> None:
    assert news("On Monday in Istanbul the grain corridor was agreed on; by Friday inspectors are to reach Odesa") == []


def test_other_forms_of_the_words_are_no_news() -> None:
    told = "Министры договорились о зерновом коридоре, инспекторы прибудут в порты Одессы к пятнице"
    assert news("О зерновых коридорах договорился министр: инспекторов ждут в порту Одессы в пятницу", told=told) == []


TRANSLATED = {
    "en": "A fire in a furniture factory in Osterby killed three workers on Friday; the police arrested its owner, and"
    " the mayor promised help to the families of the dead.",
    "ru": "В пятницу при пожаре на мебельной фабрике в Остербю погибли трое рабочих; полиция арестовала владельца, а"
    " мэр пообещал помощь семьям погибших.",
    "uk": "У п'ятницю в пожежі на меблевій фабриці в Остербю загинули троє робітників; поліція заарештувала власника,"
    " а мер пообіцяв допомогу родинам загиблих.",
    "de": "Bei einem Brand in einer Möbelfabrik in Osterby sind am Freitag drei Arbeiter ums Leben gekommen; die"
    " Polizei verhaftete den Besitzer, und der Bürgermeister versprach den Familien der Toten Hilfe.",
}
GOES_ON = {
    "en": "Inspectors had warned of locked doors and old cables in spring, the court was told on Monday, but nobody"
    " came back in summer to look at the building again.",
    "ru": "Весной проверяющие предупреждали о запертых дверях и старой проводке, рассказали в понедельник в суде, но"
    " летом никто не вернулся осмотреть здание.",
    "uk": "Навесні інспектори попереджали про замкнені двері й стару проводку, розповіли в понеділок у суді, але влітку"
    " ніхто не повернувся оглянути будівлю.",
    "de": "Im Frühjahr hatten Prüfer vor verschlossenen Türen und alten Kabeln gewarnt, hörte das Gericht am Montag,"
    " doch im Sommer kam niemand zurück, um sich das Gebäude noch einmal anzusehen.",
}


@pytest.mark.parametrize("tongue", TRANSLATED)
@pytest.mark.parametrize("told", TRANSLATED)
def test_a_translation_is_none_and_what_it_goes_on_with_is(told: str, tongue: str) -> None:
    assert news(TRANSLATED[tongue], GOES_ON[tongue], told=TRANSLATED[told]) == [GOES_ON[tongue]]


def test_what_was_told_in_another_language_counts_also_where_some_was_told_in_that_of_the_post() -> None:
    told = [post(1, TRANSLATED["de"]), post(2, "Es brennt in Osterby, die Feuerwehr ist da")]
    assert with_news(told, [post(3, TRANSLATED["uk"])]) == ()
    told = [post(1, TRANSLATED["en"]), post(2, "Es brennt in Osterby, die Feuerwehr ist da")]
    assert with_news(told, [post(3, TRANSLATED["de"])]) == ()
    assert [each.id for each in with_news(told, [post(3, GOES_ON["de"])])] == [3]


@pytest.mark.parametrize("told", [(), ("",), (TOLD,), (TOLD, "")])
def test_what_no_other_language_knows_the_words_of_is_news(told: tuple[str, ...]) -> None:
    posts = [post(number, text) for number, text in enumerate(told, 1)]
    chinese = post(9, "北京发生大火，造成三人死亡，消防员正在现场灭火，市长承诺帮助遇难者家属，警方逮捕了工厂老板")
    assert with_news(posts, [chinese]) == (chinese,)


def test_who_was_told_nothing_but_pictures_was_told_in_no_other_language() -> None:
    told = [post(1, TRANSLATED["en"]), *(post(number, " ") for number in range(2, 6))]
    half_new = TRANSLATED["en"].partition(";")[0] + "; inspectors had warned of locked doors and old cables in spring."
    assert [each.id for each in with_news(told, [post(9, half_new)])] == [9]


def test_a_short_aside_is_none() -> None:
    assert news("Breaking! Sirens, rockets, smoke") == []


KNOWN = "alder ash birch cedar cypress elm fir hazel juniper larch lime maple oak pine poplar rowan".split()
FRESH = "ferry orchard lantern harvest meadow tractor".split()


@pytest.mark.parametrize(
    ("known", "fresh", "figure", "is_news"),
    [
        pytest.param(0, 5, "", False, id="five new words"),
        pytest.param(0, 6, "", True, id="six"),
        pytest.param(7, 6, "", True, id="six of thirteen"),
        pytest.param(8, 6, "", False, id="six of fourteen"),
        pytest.param(15, 6, "48", True, id="six of twenty-one and a new figure"),
        pytest.param(15, 6, "47", False, id="six of twenty-one and a known figure"),
    ],
)
def test_news_are_six_new_words_that_are_nearly_half_of_all(known: int, fresh: int, figure: str, is_news: bool) -> None:
    text = " ".join([*KNOWN[:known], *FRESH[:fresh], figure])
    assert news(text, told=" ".join([*KNOWN, "47"])) == ([text] if is_news else [])


def test_unseen_is_what_came_after_a_story_was_told_and_no_more_than_a_day_late() -> None:
    came = NOON + timedelta(hours=2)
    memory = Memory(last=PostId(5), came=came)

    def of(number: int, published: datetime, stored: datetime | None) -> set[int]:
        one = replace(post(number, TOLD), date=published, stored=stored)
        told = {StoryId(1): memory}
        stories = {StoryId(1): [one], StoryId(2): [replace(one, id=PostId(9))]}
        return set(map(int, unseen(told, stories, arrivals(stories))))

    just, day = came + timedelta(seconds=1), timedelta(days=1)
    assert (of(4, NOON, just), of(5, NOON, just), of(5, just - day, just)) == ({4}, {5}, {5})
    assert of(6, NOON, just) == set()  # later than what was told: it is looked at anyhow
    assert of(4, NOON, came) == of(4, NOON, None) == set()  # was there when the story was told
    assert of(4, came - day, just) == set()  # too late to be news


def test_with_new_figures_fewer_new_words_will_do() -> None:
    old = "Rescuers found survivors under the collapsed market hall of Brenta, officials said"
    more = f"{old}; toll rises, doctors count injured families"
    assert news(f"{more}.", told=old) == []
    assert news(f"{more}: 48.", told=old) != []


def test_a_figure_that_any_of_the_posts_told_is_known() -> None:
    text = " ".join([*KNOWN[:15], *FRESH, "48"])
    told = [post(1, " ".join([*KNOWN, "47"])), post(2, "The toll is 48.")]
    assert with_news(told[:1], [post(3, text)]) != ()
    assert with_news(told, [post(3, text)]) == ()


def test_a_copy_by_its_fingerprint_is_none_whatever_it_says() -> None:
    other = "Seven wholly different words about harvests, ferries, orchards and lanterns stand here"
    told = [post(1, TOLD, fingerprint=-1)]
    assert with_news(told, [post(2, other, fingerprint=-8)]) == ()
    assert [each.id for each in with_news(told, [post(2, other, fingerprint=-16)])] == [2]


TEXTS = st.lists(st.sampled_from(f"{TOLD} ferry orchard 48 lantern harvest 7 meadow".split()), max_size=30).map(
    " ".join
)


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=6))
def test_news_are_of_the_later_posts_in_their_order_and_what_was_told_is_never_news(
    told: list[str], since: list[str]
) -> None:
    known = [post(n, text) for n, text in enumerate(told)]
    later = [post(100 + n, text) for n, text in enumerate(since)]
    found = with_news(known, later)
    assert list(found) == [each for each in later if each in found]
    assert with_news([*known, *later], later) == ()
    assert with_news(known, [replace(each, id=PostId(each.id + 100)) for each in known]) == ()


def test_a_post_without_words_is_no_news() -> None:
    assert news("", "🔥🔥🔥", "\n") == []


def test_a_post_without_end_is_read_in_time() -> None:
    assert len(news("ferry orchard lantern harvest meadow shepherd " * 30_000)) == 1


def test_what_another_channel_said_before_is_untold_where_it_is_news() -> None:
    cleared = post(
        3, "The first two ships were cleared at noon and left the harbour towards the Bosporus, the port says."
    )
    told = [post(2, TOLD), post(5, f"Once more: {TOLD}")]
    memory = Memory(last=PostId(5), came=NOON)
    assert short_of_untold(memory, told, [replace(cleared, id=PostId(6))]) == memory  # not told by anybody yet
    assert short_of_untold(memory, told, [post(4, TOLD)]) == memory
    assert short_of_untold(memory, told, [cleared]) == replace(memory, last=PostId(2))
    assert short_of_untold(memory, told[1:], [cleared]) is None
