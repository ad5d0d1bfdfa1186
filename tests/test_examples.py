"""What a property is tried on is said by its test."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies


def drawn() -> list[tuple[int, str]]:
    found = []

    @settings(max_examples=200)
    @given(strategies.integers(), strategies.text())
    def draw(number: int, text: str) -> None:
        found.append((number, text))

    draw()
    return found


@pytest.mark.skipif(not settings().derandomize, reason="other examples are looked for")
def test_what_was_loaded_before_changes_no_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    file = tmp_path / "numbers.py"
    file.write_text("\n".join(f"n{each} = {each}; t{each} = 'word {each}'" for each in range(7_000_000, 7_000_050)))
    spec = spec_from_file_location("made_up_numbers", file)
    assert spec is not None
    monkeypatch.setitem(sys.modules, "made_up_numbers", module_from_spec(spec))
    assert drawn() == before
