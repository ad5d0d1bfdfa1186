"""The model that is cut down says what the whole one says."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ingest.cleaning.language import BY_MODEL, _model

LETTERS = (
    "abcdefghijklmnopqrstuvwxyzäöüßñçğışøłżабвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґљњћџқңөابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ"
)


@cache
def whole() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(BY_MODEL)
    return model


@given(st.text(st.sampled_from(LETTERS + 20 * " "), max_size=200))
def test_any_words_are_ranked_as_by_the_whole_model(text: str) -> None:
    assert dict(_model().rank(text)) == pytest.approx(dict(whole().rank(text)), abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "ministers met in the harbour town and spoke of grain",
        "министры встретились в портовом городе и говорили о зерне",
        "міністри зустрілися в портовому місті та говорили про зерно",
        "die minister trafen sich in der hafenstadt und sprachen über getreide",
        "التقى الوزراء في المدينة الساحلية وتحدثوا عن الحبوب",
        "ইউক্রেন — a script that is not asked for",
        "",
    ],
)
def test_the_first_of_a_sentence_is_the_same(text: str) -> None:
    assert _model().rank(text)[0][0] == whole().rank(text)[0][0]
