"""Changes of a text that are taken back."""

from hypothesis import given
from hypothesis import strategies as st

from core.text_change import change_between, read_change

TEXTS = st.text(alphabet="ab\n{\ud800", max_size=12)


@given(TEXTS, TEXTS)
def test_a_change_is_taken_back_to_the_letter(before: str, after: str) -> None:
    change = read_change(change_between(before, after).line())
    assert change
    assert change.taken_back(after) == before
    assert change.taken_back(after + "a") is None


def test_a_change_of_too_much_is_not_kept_and_another_line_is_none() -> None:
    line = change_between("x" * 50_001, "").line()
    assert (line, read_change(line), read_change("/add @name world")) == ("", None, None)
