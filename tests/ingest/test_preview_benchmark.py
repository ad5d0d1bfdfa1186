"""The race against BeautifulSoup is fair only while both read the same."""

from pathlib import Path

import pytest

from benchmarks.preview import PARSERS, check_same, fastest, load, read_with_lxml

OUR_PAGES = load(Path("no saved pages here"))


@pytest.mark.parametrize("parser", PARSERS)
def test_both_readers_give_the_same_posts(parser: str) -> None:
    assert len(OUR_PAGES) >= 1
    check_same(OUR_PAGES, parser)


def test_cleaning_is_part_of_the_second_figure() -> None:
    reading, both = fastest(read_with_lxml, OUR_PAGES, 1)
    assert 0 < reading <= both
