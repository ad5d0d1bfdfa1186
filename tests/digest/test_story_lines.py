"""The filter `courant stories`: JSON Lines in, the same lines with their stories out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.stories.lines import group_lines
from digest.stories.terms import read_terms
from tests.digest.events import NOISE, QUAKE


def test_the_filter_answers_in_order_and_names_bad_lines() -> None:
    lines = [
        json.dumps({"id": "b", "channel": "x", "date": "2026-03-02T10:05:00Z", "text": QUAKE[1], "mood": "calm"}),
        "",
        "{broken",
        json.dumps({"id": 7, "channel": "y", "date": "2026-03-02T10:00:00+00:00", "text": QUAKE[0], "title": None}),
        json.dumps(["no", "object"]),
        json.dumps({"channel": "y", "text": "no id"}),
        json.dumps({"id": "t", "text": 5}),
        json.dumps({"id": "d", "text": "x", "date": "yesterday"}),
        "[" * 100_000,
        json.dumps({"id": "n", "channel": "z", "text": NOISE[0]}, ensure_ascii=False),
    ]
    answers, bad = group_lines(lines)
    first, second, third = map(json.loads, answers)
    assert [first["id"], second["id"], third["id"]] == ["b", 7, "n"]
    assert first["story"] == second["story"] != third["story"]
    assert set(first) == {"id", "story"}
    assert [item.line for item in bad] == [3, 5, 6, 7, 8, 9]
    assert all(item.reason for item in bad)


def test_the_filter_knows_answers_and_forwards_of_posts_that_it_was_given() -> None:
    texts = [QUAKE[0], "No further tremors off the coast since noon; the harbour opens again in the evening", NOISE[1]]
    links: list[dict[str, object]] = [
        {},
        {"reply_to": "https://t.me/c/10"},
        {"forwarded_from": {"url": "https://t.me/c/10"}},
    ]
    rows = [{"id": 10 + i, "channel": "c", "text": text} for i, text in enumerate(texts)]
    rest = [{"id": 50 + i, "channel": "d", "text": text} for i, text in enumerate(NOISE)]
    answers, bad = group_lines(
        json.dumps(row) for row in [*(row | link for row, link in zip(rows, links, strict=True)), *rest]
    )
    assert not bad
    first, answer, forward, *_ = (json.loads(line)["story"] for line in answers)
    assert first == answer == forward
    alone = [json.loads(line)["story"] for line in group_lines(map(json.dumps, [*rows, *rest]))[0]]
    assert len(set(alone[:3])) == 3


def test_the_filter_knows_a_film_again() -> None:
    rows = [{"id": i, "channel": str(i), "text": text, "files": ["film 7"]} for i, text in enumerate(NOISE)]
    lines = map(json.dumps, [*rows[:2], {**rows[2], "files": "film 7"}, {**rows[3], "files": [7, None]}])
    answers, bad = group_lines(lines)
    first, second, *others = (json.loads(answer)["story"] for answer in answers)
    assert not bad
    assert first == second not in others


@pytest.mark.parametrize(
    ("tagged", "said"),
    [
        ("A pillar of #HarwickBridge2026 has sunk.", "A pillar of Harwick Bridge 2026 has sunk."),
        ("Вертолёты у #ПожарВЗаречье.", "Вертолёты у #ПожарВЗаречье."),
        ("Пожар в #СевернаяГавань.", "Пожар в Северная Гавань."),
        ("#Harwick, #GE2017 and #BBCNews", "Harwick, GE2017 and BBCNews"),
    ],
)
def test_a_tag_of_several_words_is_read_as_these_words(tagged: str, said: str) -> None:
    assert read_terms(tagged).counts == read_terms(said).counts


def test_the_agency_that_tells_it_is_nothing_that_posts_have_in_common() -> None:
    said = "Посол прибыл в министерство, передает корреспондент РИА Новости"
    assert read_terms(said).counts == read_terms("Посол прибыл в министерство, передает Новости").counts


def test_explain_says_with_whom_and_how_sure() -> None:
    rows = [{"id": f"p{i}", "channel": "c", "text": text} for i, text in enumerate([*QUAKE, *NOISE])]
    answers, _ = group_lines(map(json.dumps, rows), explain=True)
    began, joined, *_ = map(json.loads, answers)
    assert (began["score"], began["with"]) == (None, None)
    assert joined["with"] in ("p0", "p2")
    assert joined["score"] > 0.1


@pytest.mark.parametrize(
    "date", [0, 1_772_445_600, 1e10, "1970-01-01", "2106-02-07T06:28:15Z", "0001-01-01T00:00:00+14:00"]
)
def test_any_date_is_taken_or_refused_with_its_line(date: object) -> None:
    answers, bad = group_lines([json.dumps({"id": 1, "text": "Fire in Holm", "date": date})])
    assert len(answers) + len(bad) == 1


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.recursive(
                st.none() | st.integers() | st.text(max_size=5),
                lambda inner: st.dictionaries(
                    st.sampled_from(["id", "text", "date", "title", "links", "forwarded_from"]), inner
                ),
                max_leaves=6,
            ).map(json.dumps),
        ),
        max_size=8,
    )
)
def test_no_line_breaks_the_filter(lines: list[str]) -> None:
    answers, bad = group_lines(lines, explain=True)
    assert len(answers) + len(bad) == sum(bool(line.strip()) for line in lines)
