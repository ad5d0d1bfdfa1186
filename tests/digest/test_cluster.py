"""Posts become stories: what joins, what stays apart, and what becomes of stories."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.stories.cluster import Stories
from digest.stories.posts import Move, Placement, StoryPost
from tests.digest.events import BANK, BRIDGES, HALVES, NOISE, OTHER_QUAKE, QUAKE, START, stories_of, stream, together


@pytest.mark.parametrize("texts", [QUAKE, OTHER_QUAKE, BANK], ids=["quake", "other quake", "bank"])
def test_rewrites_of_one_event_join(texts: list[str]) -> None:
    assert together(stream(*texts, *NOISE)) == {
        frozenset(range(len(texts))),
        *(frozenset([len(texts) + i]) for i in range(len(NOISE))),
    }


def test_the_same_kind_of_event_in_another_place_stays_apart() -> None:
    assert together(stream(*QUAKE, *OTHER_QUAKE)) == {frozenset({0, 1, 2}), frozenset({3, 4})}


def test_two_rewrites_alone_in_the_world_join() -> None:
    assert together(stream(QUAKE[0], QUAKE[1])) == {frozenset({0, 1})}


def test_a_copy_joins_at_once_and_says_whose_copy_it_is() -> None:
    stories = Stories()
    first, _, copy = (stories.add(post) for post in stream(BANK[0], NOISE[0], BANK[0]))
    assert copy == Placement(post=2, story=first.story, began=False, nearest=0, copy=True)


@pytest.mark.parametrize(("text", "copy"), [("Storm hits Osterby", False), ("Storm hits Osterby harbour", True)])
def test_what_says_less_than_four_words_is_no_copy(text: str, copy: bool) -> None:
    stories = Stories()
    placed = [
        stories.add(StoryPost(id=channel, channel=channel, date=START, text=text, fingerprint=7)) for channel in "ab"
    ]
    assert [each.copy for each in placed] == [False, copy]


def test_a_forward_joins_the_post_that_it_forwards() -> None:
    stories = Stories()
    original = StoryPost(id="a", channel="a", date=START, text=BANK[0], url="https://t.me/a/1")
    forward = StoryPost(id="b", channel="b", date=START, text=NOISE[1], forwarded_from="https://t.me/a/1")
    assert stories.add(original).story == stories.add(forward).story


@pytest.mark.parametrize("whose", ["https://t.me/ana_lee", "https://t.me/ana_lee/"])
def test_forwards_of_the_same_person_are_no_copies_of_each_other(whose: str) -> None:
    stories = Stories()
    posts = [
        StoryPost(id=n, channel=f"c{n}", date=START, text=NOISE[n], url=f"https://t.me/c{n}/1", forwarded_from=whose)
        for n in (1, 3, 5)
    ]
    assert len({stories.add(post).story for post in posts}) == 3


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
    assert not linked(("https://telegram.me/orrery/",))
    assert linked(tuple(f"{article}/{i}" for i in range(5)))
    assert not linked(tuple(f"{article}/{i}" for i in range(6)))


@pytest.mark.parametrize("channel", ["orrery", "The Orrery Times"])
def test_a_link_under_every_post_of_a_channel_is_its_signature(channel: str) -> None:
    signature = ("https://orrery.example/support",)
    posts = [
        StoryPost(id=i, channel=channel, date=START + timedelta(hours=i), text=text, links=signature)
        for i, text in enumerate([NOISE[1], NOISE[3], NOISE[5]])
    ]
    stories = Stories()
    assert len({stories.add(post).story for post in posts}) == 3
    stories.expire(START + timedelta(hours=200))
    again = [
        StoryPost(id=f"{name} again", channel=name, date=START + timedelta(hours=201), text=text, links=signature)
        for name, text in [(channel, NOISE[7]), ("gull", NOISE[1])]
    ]
    assert len({stories.add(post).story for post in again}) == 1, "a link that a channel has once is evidence again"


SEEN = ["The harbour fire as seen from the ferry", "Smoke above the quay: readers send us what they filmed"]


def shown(text: str, channel: str, *files: str) -> StoryPost:
    return StoryPost(id=f"{channel} {text}", channel=channel, date=START, text=text, files=files)


def are_one(*posts: StoryPost) -> bool:
    stories = Stories()
    stories.learn([*posts, *stream(*NOISE)])
    return len({stories.add(post).story for post in posts}) == 1


def test_a_film_that_two_channels_show_is_of_one_event_whatever_they_say_of_it() -> None:
    first, second = SEEN
    saved_and_sent_anew = shown(second, "b", "film 2", "film 9000000/12")
    assert are_one(shown(first, "a", "film 1", "film 9000000/12"), saved_and_sent_anew)
    assert not are_one(shown(first, "a", "film 1", "film 9000000/13"), saved_and_sent_anew)


def test_the_last_piece_of_an_album_is_evidence_too_and_what_is_beyond_any_album_is_not() -> None:
    def in_an_album_behind(pieces: int) -> bool:
        album = (*(f"film {piece}" for piece in range(pieces)), "film 9000000/12")
        return are_one(shown(SEEN[0], "a", "film 9000000/12"), shown(SEEN[1], "b", *album))

    assert in_an_album_behind(19)
    assert not in_an_album_behind(20)


def test_of_a_film_and_a_photo_that_two_channels_show_the_film_counts() -> None:
    album = ("photo 1", "film 1")
    assert are_one(*(shown(text, channel, *album) for text, channel in zip(SEEN, "ab", strict=True)))


def test_of_an_answer_and_a_film_that_posts_share_the_film_counts() -> None:
    first, second = (shown(text, channel, "film 1") for text, channel in zip(SEEN, "ab", strict=True))
    first = replace(first, url="https://t.me/a/1")
    assert not are_one(replace(first, files=()), replace(second, reply_to=first.url, files=()))
    assert are_one(first, replace(second, reply_to=first.url))


def test_a_photo_that_two_channels_show_makes_the_same_event_likelier() -> None:
    first, second = QUAKE[0], "After the tremors off the coast: a view of the harbour at noon"
    assert are_one(shown(first, "a", "photo 1"), shown(second, "b", "photo 1"))
    assert not are_one(shown(first, "a", "photo 1"), shown(second, "b", "photo 2"))
    assert not are_one(shown(first, "a", "photo 1"), shown(NOISE[3], "b", "photo 1")), "it may be an older one"


def test_a_film_that_a_channel_shows_again_and_again_is_its_own_opening() -> None:
    stories = Stories()
    placed = [stories.add(shown(text, "orrery", "film 5")) for text in (SEEN[0], NOISE[3], NOISE[5])]
    assert len({each.story for each in placed}) == 3


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


def test_words_exchanged_for_as_many_that_nobody_else_says_are_an_edit() -> None:
    film = ("film 600x400 30s",)
    first = StoryPost(id=0, channel="a", date=START, text="Glacier swallows derelict observatory", files=film)
    second = StoryPost(id=1, channel="b", date=START, text="Astronomers lament ruined telescope", files=film)
    stories = Stories()
    assert [stories.add(post).story for post in (first, second)] == [1, 1]
    edited = StoryPost(id=1, channel="b", date=START, text="Senate confirms bilingual librarian")
    placed = stories.revise(edited, 1)
    assert (placed.story, placed.began) == (2, True)


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
