"""Which stored posts are gone, by what a source shows."""

import pytest

from ingest.missing import FEW, missing


@pytest.mark.parametrize(
    ("stored", "shown", "there", "gone"),
    [
        ({1, 2, 3}, {1, 3}, 2, {2}),
        ({1, 2, 3}, {1, 2, 3, 4}, 4, set()),
        (set(), {1}, 1, set()),
        (range(FEW), (), 0, set(range(FEW))),
        (range(FEW + 1), (), 0, None),
        (range(40), range(20), 20, set(range(20, 40))),
        (range(41), range(20), 20, None),
    ],
    ids=["one", "none", "nothing stored", "a few", "more than a few", "as many as there are", "more than there are"],
)
def test_what_is_stored_and_not_shown_is_gone_unless_it_is_too_much(
    stored: set[int], shown: set[int], there: int, gone: set[int] | None
) -> None:
    assert missing(stored, shown, there) == gone
