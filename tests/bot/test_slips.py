"""Messages that their writer corrects by editing them."""

import pytest

from tests.bot.world import Talk


@pytest.fixture
async def settled(talk: Talk) -> Talk:
    await talk.starts("not now")
    return talk


@pytest.mark.parametrize(
    ("slip", "corrected", "answer"),
    [
        ("/serach storm", "/search storm", "12,000"),
        ("strom", "storm", "12,000"),
        ("/search -storm", "/search storm", "12,000"),
        ("/search list:wrold storm", "/search list:world storm", "12,000"),
        ("/digest moon", "/digest mood", "did not understand “mood”"),
        ("/subscribe moon", "/subscribe city", "You now follow"),
        ("/channels moon", "/channels city", "City Desk"),
        ("/keywords -", "/keywords -storm", "nothing more about storm"),
        ("@nobody_reads", "@harbour_wire", "Harbour Wire"),
    ],
)
async def test_what_was_not_understood_or_not_found_is_answered_once_it_is_corrected(
    settled: Talk, slip: str, corrected: str, answer: str
) -> None:
    assert answer not in await settled.gets(text=slip)
    assert answer in await settled.gets("edited_message", text=corrected)


async def test_what_was_answered_is_never_answered_again(settled: Talk) -> None:
    await settled.gets(text="/subscribe city")
    assert await settled.gets("edited_message", text="/subscribe novosti") == ""
    await settled.gets(text="strom")
    assert "12,000" in await settled.gets("edited_message", text="storm")
    assert await settled.gets("edited_message", text="storms") == ""


async def test_an_edit_that_changes_no_words_is_not_answered(settled: Talk) -> None:
    await settled.gets(text="strom")
    assert await settled.gets("edited_message", text="strom") == ""
    assert "12,000" in await settled.gets("edited_message", text="storm")


async def test_a_caption_is_corrected_as_a_text_is(settled: Talk) -> None:
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    await settled.gets(photo=photo, caption="strom")
    assert "12,000" in await settled.gets("edited_message", photo=photo, caption="storm")


async def test_what_came_before_a_restart_is_not_answered(settled: Talk) -> None:
    assert await settled.gets("edited_message", text="/lists") == ""


async def test_only_the_last_slips_are_kept_in_mind(settled: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slips._MOST", 1)
    await settled.gets(text="strom", message_id=1)
    await settled.gets(text="strom", message_id=2)
    assert await settled.gets("edited_message", text="storm", message_id=1) == ""
    assert "12,000" in await settled.gets("edited_message", text="storm", message_id=2)
