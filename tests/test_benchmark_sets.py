"""What is measured on may be another part of the same sets, or lack some of them; scores are what they are called."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks import data
from benchmarks.data import NotThere, files
from benchmarks.stories import b_cubed, ecb, f1, pair_f1, present


def test_a_set_is_found_whatever_its_part_is_called(tmp_path: Path) -> None:
    row = {"doc_id": "1_1", "story": "1_ecb", "sentences": ["The port closed."]}
    (tmp_path / "ecbplus_stories").mkdir()
    (tmp_path / "ecbplus_stories/ECB_Test_corpus.jsonl").write_text(json.dumps(row))
    assert ecb(tmp_path).gold == {"1_1": "1_ecb"}


def test_what_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match=r"ecbplus_stories/\*\.jsonl is not there: COURANT_DATA names"):
        files(tmp_path, "ecbplus_stories/*.jsonl")


def test_sets_that_are_not_there_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data, "DATA", tmp_path)
    assert [labelled.name for labelled in present(tmp_path)] == ["made-up day"]
    assert capsys.readouterr().err.count("Left out: ") == 8


def test_the_scores_of_stories_are_those_of_their_definitions() -> None:
    gold = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3", "f": "3"}
    story = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2, "f": 3}
    of_gold = {i: {j for j in gold if gold[j] == gold[i]} for i in gold}
    of_story = {i: {j for j in gold if story[j] == story[i]} for i in gold}
    precision = sum(len(of_gold[i] & of_story[i]) / len(of_story[i]) for i in gold) / 6
    recall = sum(len(of_gold[i] & of_story[i]) / len(of_gold[i]) for i in gold) / 6
    assert b_cubed(gold, story) == pytest.approx(f1(precision, recall))
    pairs = [(gold[i] == gold[j], story[i] == story[j]) for i, j in combinations(gold, 2)]
    right = pairs.count((True, True))
    assert pair_f1(gold, story) == pytest.approx(
        f1(right / (right + pairs.count((False, True))), right / (right + pairs.count((True, False))))
    )
