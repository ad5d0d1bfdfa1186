"""An excerpt shows why a text was found."""

import re

from hypothesis import given
from hypothesis import strategies as st

from core.excerpt import excerpt
from core.words import stems

LONG = " ".join(f"filler{number}" for number in range(200))


def shown(text: str, words: str, width: int = 160) -> str:
    """The excerpt with what was found in brackets."""
    return "".join(f"[{p.text}]" if p.found else p.text for p in excerpt(text, runs(words), width))


def runs(words: str) -> list[list[str]]:
    """What stands between blanks, by itself."""
    return [run for part in words.split() if (run := stems(part))]


def test_a_short_text_is_shown_whole_with_the_words_marked() -> None:
    assert shown("New sanctions.\nMore sanction lists", "sanctions") == "New [sanctions]. More [sanction] lists"


def test_forms_of_a_word_are_marked_in_russian_too() -> None:
    assert shown("Санкции и санкциями", "санкция") == "[Санкции] и [санкциями]"


def test_letters_of_a_word_that_no_blanks_part_are_marked_as_one_and_not_elsewhere() -> None:
    assert shown("北京今天下雪，东京和北方没有。", "北京") == "[北京]今天下雪，东京和北方没有。"
    assert shown("东京下雪", "京") == "东[京]下雪"
    assert shown("Covid京都に北京", "Covid 北京") == "[Covid]京都に[北京]"
    assert shown("เปิดสะพานใหม่ 5 แห่ง", "สะพาน") == "เปิด[สะพาน]ใหม่ 5 แห่ง"


def test_without_a_hit_it_is_the_beginning() -> None:
    assert shown("Nothing here", "oil") == "Nothing here"
    assert shown(LONG, "oil", 40) == "filler0 filler1 filler2 filler3 filler4 …"


def test_words_that_are_sought_side_by_side_are_marked_where_they_stand_so() -> None:
    text = "Talks on direct flights; direct talks begin."
    found = [piece.text for piece in excerpt(text, [("direct", "talk"), ("flight",)]) if piece.found]
    assert found == ["flights", "direct", "talks"]


def test_letters_that_no_blanks_part_are_marked_as_one_wherever_they_overlap() -> None:
    assert shown("北京市的北方", "市 北") == "[北]京[市]的[北]方"
    pieces = excerpt("北京市政府的北方", [("北", "京"), ("京", "市"), ("方", "政")])
    assert [(piece.text, piece.found) for piece in pieces] == [("北京市", True), ("政府的北方", False)]


def test_it_shows_the_place_where_most_words_meet() -> None:
    text = f"oil {LONG} price of oil {LONG}"
    found = shown(text, "oil price", 60)
    assert "[price] of [oil]" in found
    assert found.startswith("… ")
    assert found.endswith(" …")


def test_of_places_that_are_far_from_each_other_each_counts_for_itself_and_the_first_of_equals_is_shown() -> None:
    assert shown(f"oil gas {LONG} price {LONG}", "oil gas price", 60).startswith("[oil] [gas] filler0")
    assert "[oil] and [oil]" in shown(f"oil {LONG} oil and oil {LONG}", "oil", 60)
    assert shown(f"oil {LONG} oil {LONG}", "oil", 60).startswith("[oil] filler0")


def test_it_begins_with_a_whole_word() -> None:
    for word in ("Orlenia's", "Orlenia’s", "half-s"):
        text = f"{LONG} {word} deputies picked Henrike Vahl"
        assert shown(text, "Vahl", 140) == "… deputies picked Henrike [Vahl]"
    assert shown(f"{LONG} {'a-' * 40}Vahl", "Vahl", 140) == f"… {'a-' * 14}[Vahl]"


def test_a_headline_and_what_follows_it_do_not_run_into_each_other() -> None:
    [piece] = excerpt("Sanctions on shippers\n\nThe two governments said:\nno.\nMore follows.", [])
    assert piece.text == "Sanctions on shippers · The two governments said: no. More follows."


def test_an_empty_text_has_no_excerpt() -> None:
    assert excerpt("", [("oil",)]) == ()


def test_one_word_wider_than_the_window_is_survived() -> None:
    wide = "y" * 64
    assert shown(f"{wide} {LONG}", wide, 40).startswith(("[y", "y", "…"))
    assert shown(f"{LONG} {wide} end", f"{wide} end", 40).endswith("[end]")


@given(st.text(max_size=600), st.text(max_size=30), st.integers(20, 200))
def test_an_excerpt_is_a_piece_of_the_text_and_not_much_wider_than_asked(text: str, words: str, width: int) -> None:
    pieces = excerpt(text, runs(words), width)
    whole = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    # a point stands between a headline and what follows it, and blanks are one
    assert re.sub(r"[\s·]+", "", whole) in re.sub(r"[\s·]+", "", text)
    assert len(whole) <= width + 64  # a last word may reach beyond


def test_a_long_text_without_a_word_is_shown_from_its_beginning() -> None:
    for text in ("🔥" * 200, "oil " + "🔥" * 200):
        cut = shown(text, "oil", 40)
        assert cut.endswith("🔥🔥 …")
        assert len(cut) < 50
