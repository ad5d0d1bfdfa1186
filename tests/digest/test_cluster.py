"""Posts become stories: what joins, what stays apart, and the laws that hold for any stream."""

import math
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.cluster import Stories
from digest.likeness import FAINT, StorySums, cosine_of, features, likely, mean_cosine
from digest.readings import Words
from digest.story_index import MOST_CANDIDATES, Member, StoryIndex
from digest.story_lines import group
from digest.story_posts import Move, Placement, StoryPost
from digest.terms import read_terms

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

QUAKE = [
    (
        "A 6.1 magnitude earthquake struck off the coast of Velmora on Monday, the Seismic Institute said. "
        "Two people were hurt in the port of Osterby."
    ),
    "Earthquake hits Velmora coast: two hurt in Osterby, magnitude 6.1, Seismic Institute reports",
    "Two injured in Osterby as magnitude 6.1 quake strikes off Velmora coast. Seismic Institute: no tsunami.",
]
OTHER_QUAKE = [
    (
        "A 5.4 magnitude earthquake shook the Tarrund valley in Kesland overnight. Houses in Brimholt were damaged, "
        "the mayor said."
    ),
    "Kesland: earthquake of magnitude 5.4 damages houses in Brimholt, Tarrund valley",
]
BANK = [
    "Центробанк Лирании поднял ключевую ставку до 9,5 процента, сообщил глава регулятора Орест Дамиров.",
    "Ключевая ставка в Лирании выросла до 9,5 процента. Орест Дамиров объяснил решение Центробанка инфляцией.",
    "Центробанк Лирании повысил ставку до 9,5 процента на фоне инфляции",
]
NOISE = [
    "Музей кружева в Заречье открыл выставку старинных воротников.",
    "Ferry line between Holm and Grenna adds a night crossing from April.",
    "Хоккеисты «Северной звезды» обыграли «Металлург» в овертайме.",
    "New bakery on Mill Street sells out of rye bread in an hour.",
    "Учёные описали новый вид жуков из пещер Карстового хребта.",
    "Chess: Ana Belisar wins the open tournament in Porto Lume.",
    "Трамвай номер семь изменит маршрут из-за ремонта моста.",
    "Volunteers planted three thousand trees along the river Sarn.",
]


def stream(*texts: str, minutes: int = 5) -> list[StoryPost]:
    """Posts a few minutes apart, each in a channel of its own; ids are positions."""
    return [
        StoryPost(id=i, channel=f"channel{i}", date=START + timedelta(minutes=minutes * i), text=text)
        for i, text in enumerate(texts)
    ]


def together(posts: Sequence[StoryPost]) -> set[frozenset[object]]:
    """The stories as sets of post ids."""
    found: dict[object, set[object]] = {}
    for placed in group(posts):
        found.setdefault(placed.story, set()).add(placed.post)
    return {frozenset(ids) for ids in found.values()}


def stories_of(placements: Sequence[Placement]) -> list[int | str]:
    return [placed.story for placed in placements]


@pytest.mark.parametrize("texts", [QUAKE, OTHER_QUAKE, BANK], ids=["quake", "other quake", "bank"])
def test_rewrites_of_one_event_join(texts: list[str]) -> None:
    assert together(stream(*texts, *NOISE)) == {
        frozenset(range(len(texts))),
        *(frozenset([len(texts) + i]) for i in range(len(NOISE))),
    }


def test_the_same_kind_of_event_in_another_place_stays_apart() -> None:
    assert together(stream(*QUAKE, *OTHER_QUAKE)) == {frozenset({0, 1, 2}), frozenset({3, 4})}


ASH = "Volcano Arvun on Melk threw ash five kilometres high, villages were warned."


@pytest.mark.parametrize(("volcano", "island", "same"), [("Arvun", "Melk", True), ("Toskar", "Brend", False)])
def test_leads_that_each_name_what_the_other_post_does_not_know_keep_posts_apart(
    volcano: str, island: str, same: bool
) -> None:
    other = f"Ash of {volcano} rises above {island}, planes go round the volcano."
    placed = stories_of(group(stream(*NOISE, ASH, other)))
    assert (placed[-1] == placed[-2]) is same


@pytest.mark.parametrize(
    ("text", "rivals"),
    [("Ash of Toskar rises above Brend.", True), ("Ash of Arvun rises above Melk.", False), ("Ash rises high.", False)],
)
def test_rivals_are_names_on_both_sides(text: str, rivals: bool) -> None:
    words, story = Words(), StorySums()
    counted = [words.see(read_terms(each)) for each in (*NOISE, ASH, text)]
    story.add(words.weigh(counted[-2]))
    assert (features(words.weigh(counted[-1]), story).rivals > 0.3) is rivals


def test_the_less_close_the_posts_of_a_story_the_less_a_post_needs_to_fit_it() -> None:
    post = "Osterby harbour crane ferry closed"
    close = ["Osterby harbour pier ferry strike"] * 3
    broad = [
        "Osterby harbour pier goods strike",
        "ferry crane island winter fares",
        "closed school bridge Osterby lake",
    ]
    words, sums = Words(), []
    counted = [[words.see(read_terms(text)) for text in texts] for texts in ([post], close, broad)]
    for posts in counted[1:]:
        sums.append(StorySums())
        for each in posts:
            sums[-1].add(words.weigh(each))
    reading = words.weigh(counted[0][0])
    usual = [story.usual() for story in sums]
    beside = [each.fit - 2 * math.log(each.cosine) for each in (features(reading, story) for story in sums)]
    assert usual[0] > 0.8 > 0.3 > usual[1]
    assert beside[0] < beside[1]


@given(
    texts=st.lists(st.lists(st.sampled_from(" ".join(QUAKE).split()), min_size=4, max_size=20), min_size=3, max_size=8)
)
def test_the_sums_of_two_stories_say_the_mean_cosine_of_their_posts_and_hope_for_no_less_than_these_give(
    texts: list[list[str]],
) -> None:
    words, one, other = Words(), StorySums(), StorySums()
    counted = [words.see(read_terms(" ".join(text))) for text in texts]
    here = [words.weigh(each) for each in counted[1:]]
    other.add(words.weigh(counted[0]))
    for each in here:
        one.add(each)
    cosines = [cosine_of(each, other) for each in here]
    assert mean_cosine(one, other) ** 2 == pytest.approx(statistics.fmean(cosine**2 for cosine in cosines))
    if min(cosines) > FAINT:
        given_by_posts = statistics.fmean(likely(cosine, other) for cosine in cosines)
        assert likely(mean_cosine(one, other), other) > given_by_posts - 1e-9


def test_stories_that_have_every_word_once_do_not_crowd_out_the_small_one_that_a_post_belongs_to() -> None:
    words, index = Words(), StoryIndex()
    said = QUAKE[0]
    crowd = [f"{said} " + " ".join(f"w{n}x{k}" for k in range(100)) for n in range(MOST_CANDIDATES + 2)]
    for number, text in enumerate([*crowd, said.rsplit(" ", 1)[0]]):
        reading = words.weigh(words.see(read_terms(text)))
        member = Member(
            id=number, channel="", time=0.0, packed=reading.packed, bag=0, original="", fingerprint=0, marks=()
        )
        index.put(member, reading, index.begin(number))
    post = words.weigh(words.see(read_terms(said)))
    assert index.candidates(post.rare(), 0.0)[0].key == len(crowd)


def test_two_rewrites_alone_in_the_world_join() -> None:
    assert together(stream(QUAKE[0], QUAKE[1])) == {frozenset({0, 1})}


def test_a_copy_joins_at_once_and_says_whose_copy_it_is() -> None:
    stories = Stories()
    first, _, copy = (stories.add(post) for post in stream(BANK[0], NOISE[0], BANK[0]))
    assert copy == Placement(post=2, story=first.story, began=False, nearest=0, copy=True)


def test_a_forward_joins_the_post_that_it_forwards() -> None:
    stories = Stories()
    original = StoryPost(id="a", channel="a", date=START, text=BANK[0], url="https://t.me/a/1")
    forward = StoryPost(id="b", channel="b", date=START, text=NOISE[1], forwarded_from="https://t.me/a/1")
    assert stories.add(original).story == stories.add(forward).story


@pytest.mark.parametrize("fingerprint", [0x0123_4567_89AB_CDEF, -0x0123_4567_89AB_CDEF, -1])
def test_a_nearly_equal_fingerprint_is_a_copy_and_a_far_one_is_not(fingerprint: int) -> None:
    stories = Stories()
    for position, (text, mark) in enumerate(
        [(NOISE[0], fingerprint), (NOISE[1], fingerprint ^ 0b101), (NOISE[2], fingerprint ^ 0b11111 << 20)]
    ):
        placed = stories.add(StoryPost(id=position, channel="c", date=START, text=text, fingerprint=mark))
        assert placed.copy == (position == 1)


def test_a_shared_article_brings_posts_together_and_a_round_up_does_not() -> None:
    article = "https://news.example/2026/rate"
    said = ["Damirov explains why the regulator raised its rate", "Дамиров объяснил, почему регулятор поднял ставку"]

    def linked(links: tuple[str, ...]) -> bool:
        stories = Stories()
        placed = [
            stories.add(StoryPost(id=i, channel=str(i), date=START, text=text, links=links))
            for i, text in enumerate(said)
        ]
        return placed[0].story == placed[1].story

    assert linked((article,))
    assert not linked(())
    assert not linked(("https://news.example/",))
    assert not linked(tuple(f"{article}/{i}" for i in range(9)))


def test_a_link_under_every_post_of_a_channel_is_its_signature() -> None:
    signature = ("https://orrery.example/support",)
    posts = [
        StoryPost(id=i, channel="orrery", date=START + timedelta(hours=i), text=text, links=signature)
        for i, text in enumerate([NOISE[1], NOISE[3], NOISE[5]])
    ]
    stories = Stories()
    assert len({stories.add(post).story for post in posts}) == 3
    stories.expire(START + timedelta(hours=200))
    again = [
        StoryPost(id=f"{name} again", channel=name, date=START + timedelta(hours=201), text=text, links=signature)
        for name, text in [("orrery", NOISE[7]), ("gull", NOISE[1])]
    ]
    assert len({stories.add(post).story for post in again}) == 1, "a link that a channel has once is evidence again"


def test_an_answer_joins_the_story_of_the_post_that_it_answers_if_it_tells_of_it() -> None:
    def answered(text: str, reply_to: str | None) -> bool:
        stories = Stories()
        posts = stream(QUAKE[0], *NOISE)
        first = StoryPost(id="q", channel="c", date=START, text=QUAKE[0], url="https://t.me/c/1")
        stories.learn([first, *posts[1:]])
        key = stories.add(first).story
        for post in posts[1:]:
            stories.add(post)
        late = START + timedelta(hours=5)
        return stories.add(StoryPost(id="a", channel="c", date=late, text=text, reply_to=reply_to)).story == key

    aftermath = "No further tremors off the coast since noon; the harbour opens again in the evening"
    assert answered(aftermath, "https://t.me/c/1")
    assert not answered(aftermath, None)
    assert not answered("Hockey tonight: Holm plays Grenna at seven", "https://t.me/c/1")


def test_a_channels_serial_with_other_numbers_begins_a_new_story() -> None:
    rates = [
        "Курсы валют на сегодня: доллар 91,27, евро 99,64, юань 12,53",
        "Курсы валют на сегодня: доллар 88,15, евро 96,02, юань 12,18",
    ]
    posts = [StoryPost(id=i, channel="rates", date=START + timedelta(days=i), text=t) for i, t in enumerate(rates)]
    assert together(posts) == {frozenset({0}), frozenset({1})}


HALVES = [
    "Пожар охватил склад на улице Ткачей в Заречье, работают двадцать расчётов",
    "Артур Велин рассказал об убытках компании «Лён»: сгорела вся продукция",
    "Над улицей Ткачей в Заречье столб дыма: загорелся склад, работают двадцать расчётов",
    "Артур Велин: у компании «Лён» сгорела вся продукция, убытки считают",
]
BRIDGES = [
    "Пожар на складе «Лён» на улице Ткачей в Заречье: Артур Велин рассказал об убытках, сгорела продукция",
    (
        "Склад «Лён» на улице Ткачей в Заречье сгорел, Артур Велин рассказал об убытках компании, сгорела вся "
        "работают двадцать расчётов"
    ),
]


def test_what_started_in_two_places_merges_once_later_posts_show_it() -> None:
    stories = Stories()
    placed = [stories.add(post) for post in stream(*HALVES, *BRIDGES)]
    assert placed[0].story == placed[2].story != placed[1].story == placed[3].story
    moves = stories.merge()
    assert [(move.post, move.old, move.story) for move in moves] == [(0, 1, 2), (2, 1, 2)]
    assert set(stories.posts(2)) == {0, 1, 2, 3, 4, 5}
    assert stories.posts(1) == ()


@pytest.mark.parametrize("sooner", [0, 3, 4])
def test_before_a_pass_is_due_stories_merge_that_are_near_one_that_has_changed(sooner: int) -> None:
    posts = stream(*HALVES, *BRIDGES, minutes=1)
    stories = Stories()
    for post in posts[:sooner]:
        stories.add(post)
    assert stories.settle(early=True) == ()
    for post in posts[sooner:]:
        stories.add(post)
    assert [(move.post, move.old, move.story) for move in stories.settle(early=True)] == [(0, 1, 2), (2, 1, 2)]


def test_a_story_that_has_outgrown_an_earlier_one_of_its_event_draws_it_to_itself() -> None:
    posts = stream(*HALVES[::2], *HALVES[1::2], *BRIDGES)
    stories = Stories()
    before = [stories.add(post).story for post in posts[:2]]
    assert stories.merge() == ()
    after = [stories.add(post).story for post in posts[2:]]
    assert set(before).isdisjoint(after)
    assert {(move.post, move.old, move.story) for move in stories.merge()} == {
        (0, before[0], after[0]),
        (1, before[0], after[0]),
    }


def test_the_merge_pass_comes_with_the_hour_and_its_moves_with_the_post() -> None:
    stories, one_by_one = Stories(), Stories()
    posts = stream(*QUAKE, *BANK, *NOISE, minutes=20)
    where: dict[object, int | str] = {}
    for post in posts:
        placed = stories.add(post)
        where.update({move.post: move.story for move in placed.moves})
        where[post.id] = placed.story
    where.update({move.post: move.story for move in stories.merge()})
    for post in posts:
        one_by_one.add(post)
    one_by_one.merge()
    assert {key: {i for i in where if where[i] == key} for key in where.values()} == {
        key: set(one_by_one.posts(key)) for key in where.values()
    }


def test_an_edit_that_changes_the_event_moves_the_post_and_a_mended_word_does_not() -> None:
    posts = stream(*QUAKE, *OTHER_QUAKE, *NOISE)
    stories = Stories()
    stories.learn(posts)
    keys = [stories.add(post).story for post in posts]
    mended = StoryPost(id=1, channel="channel1", date=posts[1].date, text=QUAKE[1].replace("hits", "shakes"))
    assert stories.revise(mended, keys[1]) == Placement(post=1, story=keys[0], began=False)
    corrected = StoryPost(id=1, channel="channel1", date=posts[1].date, text=OTHER_QUAKE[1] + " Correction.")
    placed = stories.revise(corrected, keys[1])
    assert (placed.story, placed.began) == (keys[3], False)
    assert (stories.posts(keys[0]), set(stories.posts(keys[3]))) == ((0, 2), {1, 3, 4})


def test_a_post_that_leaves_the_story_it_names_takes_the_name() -> None:
    stories = Stories(named=lambda post: int(str(post)))
    posts = stream(*QUAKE, *NOISE)
    stories.learn(posts)
    for post in posts:
        stories.add(post)
    other = StoryPost(id=0, channel="channel0", date=START, text="Correction: " + BANK[0])
    placed = stories.revise(other, 0)
    assert (placed.story, placed.began) == (0, True)
    assert placed.moves == (
        Move(post=1, old=0, story=1, began=True),
        Move(post=2, old=0, story=1, nearest=1, began=True),
    )
    assert (stories.posts(0), stories.posts(1)) == ((0,), (1, 2))


def test_what_is_removed_leaves_nothing_behind() -> None:
    posts = stream(*QUAKE, *BANK, *NOISE)
    stories, others = Stories(), Stories()
    for it in (stories, others):
        it.learn(posts)
    keys = [stories.add(post).story for post in posts]
    stories.remove([1, 1, "unknown"])
    assert stories.posts(keys[0]) == (0, 2)
    stories.remove(post.id for post in posts)
    assert (len(stories), stories.known_terms) == (0, 0)


def test_a_word_that_has_become_common_leads_to_no_story_that_is_gone() -> None:
    posts = stream(*[QUAKE[0]] * 60, minutes=0)
    stories = Stories()
    for post in posts:  # its words are rare for the first only
        stories.add(post)
    for post in posts:
        stories.remove([post.id])
    assert len(stories) == 0
    assert stories.add(posts[0]).began


def test_a_story_retires_a_window_after_its_last_post_and_leaves_nothing_behind() -> None:
    stories = Stories(window=timedelta(hours=72))
    key = stories.add(stream(QUAKE[0])[0]).story
    assert stories.expire(START + timedelta(hours=72)) == ()
    assert stories.expire(START + timedelta(hours=73)) == (key,)
    assert len(stories) == 0
    assert stories.known_terms == 0
    later = StoryPost(id="late", channel="z", date=START + timedelta(hours=80), text=QUAKE[0])
    assert stories.add(later).began


def test_restored_stories_go_on_as_if_nothing_had_happened() -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE]
    random.Random(5).shuffle(texts)
    posts = stream(*texts, minutes=3)
    whole, early = Stories(), Stories()
    for stories in (whole, early):
        stories.learn(posts)
    run = [whole.add(post) for post in posts]
    before = [early.add(post) for post in posts[:9]]
    late = Stories()
    late.restore(zip(posts[:9], (f"row {key}" for key in stories_of(before)), strict=True))
    after = [late.add(post) for post in posts[9:]]
    for earlier, later in zip(run[9:], after, strict=True):
        assert earlier.began == later.began
        if not earlier.began:
            assert earlier.nearest == later.nearest
    assert [key for key in stories_of(after) if isinstance(key, str)], "no post joined a restored story"


def test_a_merge_that_was_due_at_a_restart_is_made_after_it() -> None:
    posts = stream(*QUAKE)
    stories = Stories()
    stories.restore([(posts[0], "a"), (posts[1], "a"), (posts[2], "b")])
    assert [(move.post, move.old, move.story) for move in stories.merge()] == [(2, "b", "a")]


def test_new_keys_do_not_collide_with_restored_ones() -> None:
    stories = Stories()
    stories.restore([(post, 41) for post in stream(QUAKE[0])])
    began = stories.add(stream(NOISE[0], NOISE[1])[1])
    assert (began.story, began.began) == (42, True)
    assert stories.posts(42) == (1,)


def test_a_story_may_be_named_by_the_post_that_begins_it() -> None:
    stories = Stories(named=lambda post: f"story of {post}")
    assert [stories.add(post).story for post in stream(QUAKE[0], BANK[0], QUAKE[1])] == [
        "story of 0",
        "story of 1",
        "story of 0",
    ]


def test_a_like_event_days_later_is_another_story() -> None:
    def stories_after(days: int) -> int:
        texts = [
            "Пожар на складе в Заречье: огонь охватил кровлю",
            "В Заречье горит склад, огонь перешёл на соседний дом",
        ]
        dates = [START, START + timedelta(days=days)]
        posts = [
            StoryPost(id=i, channel=str(i), date=date, text=text)
            for i, (date, text) in enumerate(zip(dates, texts, strict=True))
        ]
        return len(together(posts))

    assert stories_after(days=0) == 1
    assert stories_after(days=2) == 2


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_within_an_hour_changes_nothing(rng: random.Random) -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE, QUAKE[0]]
    hours = [0, 1, 0, 0, 1, 2, 1, 0, *[number % 3 for number in range(len(NOISE))], 1]

    def stories(order: Sequence[int], minutes: Sequence[int]) -> set[frozenset[str]]:
        posts = [
            StoryPost(
                id=number,
                channel=f"channel{number}",
                date=START + timedelta(hours=hours[number], minutes=minutes[number]),
                text=texts[number],
            )
            for number in order
        ]
        return {frozenset(f"channel{number}" for number in ids) for ids in together(posts)}

    places = range(len(texts))
    assert stories(rng.sample(places, len(places)), [rng.randrange(60) for _ in places]) == stories(
        places, [0] * len(places)
    )


WORDS = [
    "fire",
    "Velmora",
    "bank",
    "Пожар",
    "ставка",
    "Орест",
    "42",
    "7,5",
    "coast",
    "мост",
    "🎉",
    "«",
    "\n",
    "https://x.y/z",
]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
DATES = st.one_of(st.none(), st.integers(0, 4_300_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
POSTS = st.lists(st.tuples(TEXTS, DATES), max_size=25).map(
    lambda items: [StoryPost(id=i, channel="c", date=date, text=text) for i, (text, date) in enumerate(items)]
)


@given(POSTS)
@settings(max_examples=80, deadline=None)
def test_each_post_is_in_exactly_one_story_and_the_same_input_gives_the_same_stories(posts: list[StoryPost]) -> None:
    placed = group(posts)
    assert [item.post for item in placed] == [post.id for post in posts]
    assert placed == group(posts)


CHANGES = st.lists(st.tuples(st.integers(0, 24), st.one_of(st.none(), TEXTS)), max_size=10)


@given(POSTS, CHANGES)
@settings(max_examples=80, deadline=None)
def test_what_a_live_service_has_is_what_its_placements_and_moves_said(
    posts: list[StoryPost], changes: list[tuple[int, str | None]]
) -> None:
    stories = Stories(named=lambda post: int(str(post)))
    where: dict[object, int | str] = {}

    def follow(moves: Sequence[Move]) -> None:
        for move in moves:
            assert where[move.post] == move.old
            where[move.post] = move.story

    for post in posts:
        placed = stories.add(post)
        follow(placed.moves)
        where[post.id] = placed.story
    follow(stories.settle(early=True))
    for number, text in changes:
        if number in where and text is not None:
            placed = stories.revise(replace(posts[number], text=text), where[number])
            follow(placed.moves)
            where[number] = placed.story
        elif number in where:
            stories.remove([number])
            del where[number]
    follow(stories.settle())
    alive = {key: {post for post in where if where[post] == key} for key in where.values()}
    assert alive == {key: set(stories.posts(key)) for key in alive}
    assert len(stories) == len(alive)
    stories.expire(datetime(2200, 1, 1, tzinfo=UTC))
    undated = [post for post in posts if post.date is None]
    assert undated or len(stories) == stories.known_terms == 0


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "слово " * 170_000,
        "Пожар! " * 150_000,
        "«" * 500_000,
        "[" * 1_000_000,
        "[a](" * 250_000,
        " " * 1_000_000,
        "t.me/" * 200_000,
        "\n" * 1_000_000,
        ".\"'" * 300_000,
        "ﷺ" * 300_000,
        "1" * 1_000_000,
        "\u202e<script>&#x" * 80_000,
    ],
    ids=[
        "one word",
        "word",
        "name",
        "quotes",
        "bracket",
        "link",
        "blank",
        "host",
        "lines",
        "stops",
        "wide",
        "digits",
        "rtl",
    ],
)
def test_a_million_characters_cost_no_more_than_a_long_post(text: str) -> None:
    begin = time.process_time()
    [placed, other] = group(stream(text, "An ordinary post about a bridge in Holm."))
    assert placed.story != other.story
    assert time.process_time() - begin < 1


def test_a_flood_of_one_text_and_of_one_word_stays_linear() -> None:
    begin = time.process_time()
    group(stream(*(f"Пожар {i} {i * 7} {i * 13}" for i in range(600)), *["Пожар на складе в Заречье сегодня"] * 600))
    assert time.process_time() - begin < 4


def test_a_retired_story_attracts_nothing_by_its_links_originals_or_fingerprint() -> None:
    stories = Stories()

    def post(number: int, hours: int) -> StoryPost:
        return StoryPost(
            id=number,
            channel="c",
            date=START + timedelta(hours=hours),
            text=NOISE[number],
            url=f"https://t.me/c/{number}",
            forwarded_from="https://t.me/origin/5",
            links=("https://news.example/a/b",),
            fingerprint=12345,
        )

    first, second = stories.add(post(0, 0)), stories.add(post(1, 1))
    assert (second.story, second.copy) == (first.story, True)
    stories.expire(START + timedelta(hours=200))
    assert stories.add(post(2, 200)).score is None


def test_a_post_from_2106_retires_no_story_of_a_service() -> None:
    stories = Stories()
    key = stories.add(stream(QUAKE[0])[0]).story
    stories.add(StoryPost(id="far", channel="c", date=datetime(2106, 2, 7, tzinfo=UTC), text=NOISE[0]))
    assert stories.posts(key) == (0,)
    assert stories.add(StoryPost(id="next", channel="d", date=START + timedelta(minutes=9), text=QUAKE[1])).story == key
