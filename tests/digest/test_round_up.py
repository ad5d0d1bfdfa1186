"""A post that lists the news of a day tells no story by itself."""

from dataclasses import replace

import pytest

from digest.summaries.round_up import is_round_up
from digest.summaries.summarize import summarize
from digest.telling import view_story
from tests.digest.ranked import BRIDGE, TEXTS, post

LISTED = "\n\n".join(
    (
        "The main news by the evening:",
        *TEXTS[:1],
        "A fire at the mill of Eastport is out.",
        "Eel prices fell.",
        "It rains.",
    )
)


def test_a_round_up_is_quoted_only_where_nobody_else_tells_the_story() -> None:
    story = replace(BRIDGE, posts=(post(1, LISTED), post(2, TEXTS[1])))
    view = view_story(story, "en", summarize, sentences=3)
    assert view is not None
    assert {source for sentence in view.summary for source in sentence.sources} == {1}
    assert len(view.posts) == 2
    alone = view_story(replace(BRIDGE, posts=(post(1, LISTED),)), "en", summarize, sentences=3)
    assert alone is not None


@pytest.mark.parametrize(
    "heading",
    [
        "⛅️ Главные новости к утру",
        "Главное к вечеру четверга:",
        "Операция. Обстановка и главные события на 28 мая.",
        "Top stories",
        "News of the day",
        "Главное на 18:00",
        "Дайджест",
        "Пожар на мельнице, поломка парома и щедрый улов угря у берегов Заречья — коротко о главном за день",
    ],
)
def test_a_round_up_is_known_by_its_heading_and_its_list(heading: str) -> None:
    listed = "Паром ушёл в море.\nМост закрыт.\nЦена угря упала.\n\nИдёт дождь."
    assert is_round_up(f"{heading}\n{listed}")
    assert not is_round_up(f"{heading}\nПаром ушёл в море.\nМост закрыт.")
    assert not is_round_up(f"Новости пришли в порт: паром ушёл в море\n{listed}")
    assert not is_round_up(listed)


@pytest.mark.parametrize("rubric", ["Новости", "📰 NEWS", "Главное:", "Новости дня: мост закрыт", "News of the ferry"])
def test_a_rubric_that_may_head_one_event_makes_no_round_up(rubric: str) -> None:
    assert not is_round_up(f"{rubric}\nПаром ушёл в море.\nМост закрыт.\nЦена угря упала.\n\nИдёт дождь.")
