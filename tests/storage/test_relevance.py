"""How well a text answers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.relevance import Places, relevance, share, weight, weights
from storage.search import _fts5_places, _tsvector_places, vector

WORDS = st.lists(st.sampled_from(["ab", "b", "abc", "снег", "7"]), max_size=40)


def places(text: str) -> Places:
    run = text.split()
    return Places(len(set(run)), {word: [n for n, each in enumerate(run) if each == word] for word in set(run)})


def ranked(texts: list[str], wanted: dict[str, float]) -> list[int]:
    found = relevance(
        {
            key: Places(each.length, {word: at for word, at in each.of.items() if word in wanted})
            for key, each in enumerate(map(places, texts))
        },
        wanted,
    )
    return sorted(found, key=lambda key: -found[key])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("rare x y z", "common x y z"),
        ("rare x y z", "common common common z"),
        ("rare common y z", "rare x y z"),
        ("rare x y", "rare x y z v w"),
        ("rare common y z", "rare y z common"),
        ("rare rare y z", "rare x y z"),
    ],
)
def test_rare_words_more_words_short_texts_and_nearness_count(better: str, worse: str) -> None:
    assert ranked([worse, better], {"rare": 6.0, "common": 1.0}) == [1, 0]


RUNS = st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).map(sorted)


@given(some=RUNS, others=RUNS)
def test_two_words_are_as_near_as_where_they_stand_nearest(some: list[int], others: list[int]) -> None:
    least = min(abs(one - other) for one in some for other in others) or 1
    far = [-1000 * number for number in reversed(range(len(some)))]
    alike = far, [least + 1000 * number for number in range(len(others))]
    pairs = {1: (some, others), 2: alike}
    texts = {key: Places(9, {"storm": storms, "coast": coasts}) for key, (storms, coasts) in pairs.items()}
    said = relevance(texts, {"storm": 1.0, "coast": 2.0})
    assert said[1] == said[2]


def test_no_texts_have_no_relevance() -> None:
    assert relevance({}, {"word": 1.0}) == {}


@given(words=WORDS, marks=st.lists(st.sampled_from(["c1", "len"]), unique=True))
def test_both_databases_tell_where_words_stand(words: list[str], marks: list[str]) -> None:
    wanted = {"ab": 1.0, "b": 1.0, "снег": 1.0, "absent": 1.0}
    assert _tsvector_places(vector(words, marks), wanted) == _fts5_places(" ".join(words), wanted)


def test_a_text_of_one_word_is_soon_read() -> None:
    assert len(_fts5_places("word " * 10_000, {"word": 1.0}).of["word"]) == 64
    assert len(_tsvector_places(vector(["word"] * 10_000, ()), {"word": 1.0}).of["word"]) == 64


@pytest.mark.parametrize("step", [1, 1000])
def test_the_share_of_a_word_is_judged_by_its_newest_places(step: int) -> None:
    keys = [n * step for n in range(20_000, 0, -1)]
    judged = []
    for every in (2, 10, 50, 400, 5000):
        hits = [key for n, key in enumerate(keys) if n % every == every - 1][:100]
        part = share(hits, 100, keys[:1000], 1000, keys[-1])
        assert part == pytest.approx(1 / every, rel=0.05)
        judged.append(weight(part))
    assert all(common < rare for common, rare in pairwise(judged))


@given(st.lists(st.integers(1, 10**18), unique=True, max_size=60), st.data())
def test_a_share_is_a_share(keys: list[int], data: st.DataObject) -> None:
    keys.sort(reverse=True)
    hits = [key for key in keys if data.draw(st.booleans())][:5]
    assert share(hits, 5, keys[:10], 10, keys[-1] if keys else 0) > 0
    assert weight(share(hits, 5, keys[:10], 10, keys[-1] if keys else 0)) > 0


def test_a_phrase_shares_its_weight_among_its_words() -> None:
    assert weights([("grain",), ("steel", "tariff")], [0.01, 0.01]) == pytest.approx(
        {"grain": 4.605, "steel": 2.303, "tariff": 2.303}, abs=0.001
    )
