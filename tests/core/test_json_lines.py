"""JSON Lines: what comes in on a line goes out on a line, or is refused."""

import json

import pytest

from core.json_lines import line_of


def test_an_object_stays_on_its_line_whatever_letters_are_in_it() -> None:
    assert line_of({"text": "Мир"}) == '{"text": "Мир"}'
    for text in ("a\u2028b", "a\x85b", "a\nb", "\ud800"):
        line = line_of({"text": text})
        assert len(line.encode().splitlines()) == len(line.splitlines()) == 1
        assert json.loads(line) == {"text": text}


def test_what_is_nested_too_deep_to_be_written_is_refused_in_words() -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(ValueError, match="nested too deep"):
        line_of({"id": nested})
