"""Words by /keywords, and the buttons for more and less below a digest."""

from datetime import timedelta

from bot.callbacks import Like, Rate, Unlearn, target_of_word
from core.model import Taste
from storage.store import Store
from tests.bot.world import Talk, the_reader
from tests.moments import NOW, Moment


async def its_taste(store: Store) -> Taste:
    reader = await the_reader(store)
    async with store.read() as tx:
        return await tx.tastes.of(reader.id)


def titles(digest: str) -> list[str]:
    """The headlines of its stories."""
    return [line for line in digest.splitlines() if line.startswith("<b>") and line[3:4].isdigit()]


async def test_a_word_is_kept_and_confirmed_in_a_sentence(talk: Talk, world: Store) -> None:
    await talk.starts()
    said = await talk.hears("/keywords +storms -tariffs")

    assert "From now on you get more of storms." in said
    assert "You are told nothing more about tariffs." in said
    assert [(each.word, each.wanted) for each in (await its_taste(world)).keywords] == [
        ("storms", True),
        ("tariffs", False),
    ]


async def test_words_change_the_next_digest_and_are_taken_back_by_a_button(talk: Talk, clock: Moment) -> None:
    await talk.starts()
    assert any("talks" in title for title in titles(await talk.hears("/digest")))
    await talk.says("/keywords -tariff")
    digest = await talk.hears("/digest")
    assert not any("talks" in title for title in titles(digest))
    assert "on what you never want" in digest
    await talk.says("/keywords")
    shown = await talk.presses("✕ −tariff")
    assert shown[0]["text"] == "Taken back"
    clock.passes(seconds=11)  # what was asked for just now is not made twice
    assert any("talks" in title for title in titles(await talk.hears("/digest")))


async def test_what_is_no_word_is_said_to_be_none(talk: Talk) -> None:
    await talk.starts()
    assert "I found no word in “&lt;+the&gt;”" in await talk.hears("/keywords <+the>")
    assert "Nothing yet" in await talk.hears("/keywords")


async def test_a_press_says_what_was_learnt_and_a_second_one_takes_it_back(
    talk: Talk, world: Store, clock: Moment
) -> None:
    await talk.starts()
    await talk.says("/digest")
    (told,) = await talk.presses("More like 1")
    assert told["text"].startswith("More of this from now on: ")
    assert "/keywords" in told["text"]
    assert len((await its_taste(world)).likings) == 1
    (changed,) = await talk.presses("Less like 1")
    assert changed["text"].startswith("Less of this from now on: ")
    clock.passes(seconds=1)
    (tapped_twice,) = await talk.presses("Less like 1")
    assert tapped_twice == changed
    clock.passes(seconds=10)
    (undone,) = await talk.presses("Less like 1")
    assert undone["text"] == "Taken back"
    assert (await its_taste(world)).likings == ()


async def test_a_press_is_taken_back_after_the_clock_was_set_back(talk: Talk, world: Store, clock: Moment) -> None:
    await talk.starts()
    await talk.says("/digest")
    await talk.presses("More like 1")
    clock.passes(hours=-1)
    (undone,) = await talk.presses("More like 1")
    assert undone["text"] == "Taken back"
    assert (await its_taste(world)).likings == ()


async def test_every_story_of_a_digest_can_be_liked_and_what_was_learnt_is_listed(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/digest")
    _, shown = await talk.presses("like another")
    assert "Which do you want more of" in shown["text"]
    assert shown["buttons"][:4] == ["+ 1", "− 1", "+ 2", "− 2"]
    await talk.presses("− 2")
    assert "Once you pressed" in await talk.hears("/keywords")
    await talk.presses("✕ − ")
    assert "Nothing yet" in await talk.hears("/keywords")


async def test_a_press_about_a_story_that_is_gone_is_answered_kindly(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/digest")
    async with world.begin() as tx:
        posts = await tx.posts.between(NOW - timedelta(days=2), NOW)
        await tx.stories.assign(dict.fromkeys(post.id for post in posts), {})
    (told,) = await talk.presses("More like 1")
    assert "no longer kept" in told["text"]
    assert (await its_taste(world)).likings == ()


async def test_words_are_among_the_settings(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/settings")
    shown = await talk.presses("Words")
    assert "What you want more of" in shown[-1]["text"]


def test_every_button_fits_into_what_telegram_takes() -> None:
    longest = 2**63 - 1
    key = target_of_word("слово " * 30)
    for data in (Like(story=longest, more=False), Rate(digest=longest), Unlearn(word=key, story=longest)):
        assert len(data.pack().encode()) <= 64
