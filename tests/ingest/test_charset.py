"""Pages are read in the alphabet that they were written in, whatever they and their servers say."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles.charset import decode_page, is_two_byte

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. Президент подписал указ № 12 — «О порядке»."
MARKUP = '<div class="article__text js-body"><a href="/news/2025/02/18/index.html" rel="nofollow">'
ENGLISH = "The minister said “we’ll see” — and left the café. "


@pytest.mark.parametrize(
    ("page", "header"),
    [
        pytest.param(RUSSIAN.encode(), "text/html; charset=windows-1251", id="utf-8 under a header of windows-1251"),
        pytest.param(b"<meta charset=cp1251>" + RUSSIAN.encode(), "", id="utf-8 that calls itself windows-1251"),
        pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=iso-8859-1", id="windows-1251 as ISO-8859-1"),
        pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=utf8mb4", id="windows-1251 as a database's UTF-8"),
        pytest.param(
            b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"),
            "text/html; charset=ISO-8859-1",
            id="a server that says ISO-8859-1 of every page",
        ),
        pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=win-1251", id="a name that nobody registered"),
        pytest.param(RUSSIAN.encode("cp1251"), "text/html; charset=windows1251", id="a name without its dash"),
        pytest.param(RUSSIAN.replace("№", "N").replace("—", "-").replace("«", '"').replace("»", '"').encode("koi8-r"),
                     "text/html; charset=us-ascii", id="koi8-r as ASCII"),
        pytest.param(
            b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>" + RUSSIAN.encode("cp1251"),
            "",
            id="a charset that was commented out",
        ),
        pytest.param(b"<script>" + b"var a = 1;" * 400 + b"</script><meta charset=cp1251>" + RUSSIAN.encode("cp1251"),
                     "", id="a charset behind a long script"),
        pytest.param((MARKUP * 300).encode() + RUSSIAN.encode("cp1251"), "", id="much markup and few words"),
        pytest.param((MARKUP * 900).encode() + RUSSIAN.encode("cp1251"), "text/html; charset=utf-8",
                     id="much markup and few words, and a header of UTF-8"),
        pytest.param("\ufeff".encode("utf-16-le") + RUSSIAN.encode("utf-16-le"), "text/html; charset=utf-8",
                     id="UTF-16"),
        pytest.param(f"<html>{MARKUP * 5}{RUSSIAN}".encode("utf-16-le"), "", id="UTF-16 without its mark"),
        pytest.param(f"<html>{MARKUP * 5}{RUSSIAN}".encode("utf-16-be"), "text/html", id="UTF-16 the other way round"),
        pytest.param(b"\xef\xbb\xbf<meta charset=windows-1251>" + RUSSIAN.encode(), "", id="a mark of UTF-8"),
        pytest.param(RUSSIAN.encode() * 3 + RUSSIAN.encode("cp1251"), "text/html; charset=utf-8", id="pasted"),
    ],
)  # fmt: skip
def test_russian_is_read_in_whatever_it_was_written(page: bytes, header: str) -> None:
    plain = RUSSIAN.replace("№", "N").replace("—", "-").replace("«", '"').replace("»", '"')
    found = decode_page(page, header)
    assert RUSSIAN in found or plain in found
    assert "\ufffd" not in found


@pytest.mark.parametrize(
    "text",
    ["Съешь же ещё этих мягких французских булок, да выпей чаю.", "ПРЕЗИДЕНТ ПОДПИСАЛ УКАЗ, сообщили вчера в Кремле."],
)
@pytest.mark.parametrize("name", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_russian_that_does_not_say_its_alphabet_is_guessed(text: str, name: str) -> None:
    assert decode_page(f"<p>{text}</p>".encode(name)) == f"<p>{text}</p>"


def test_bytes_of_the_west_within_utf_8_are_mended() -> None:
    page = ENGLISH.encode() * 3 + ENGLISH.encode("cp1252")
    assert decode_page(page, "text/html; charset=utf-8") == ENGLISH * 4


@pytest.mark.parametrize(
    ("text", "name", "header"),
    [
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250", "text/html; charset=windows-1250"),
        ("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "cp1253", "text/html; charset=windows-1253"),
        ("日本語の記事がここにあります。", "shift_jis", "text/html; charset=Shift_JIS"),
        ("日本語の記事がここにあります。", "euc_jp", "text/html; charset=x-euc-jp, EUC-JP"),
        ("日本語の記事がここにあります。", "iso2022_jp", "text/html; charset=iso-2022-jp"),
        ("这里有一篇文章，讲述了昨天的事情。", "gb18030", "text/html; charset=gb2312"),
        ("기사가 여기에 있습니다", "cp949", "text/html; charset=ks_c_5601-1987"),
        ("Falsches Üben von Xylophonmusik quält jeden größeren Zwerg", "cp1252", "text/html; charset=iso-8859-1"),
        ("Falsches Üben von Xylophonmusik quält jeden größeren Zwerg", "cp1252", ""),
    ],
)
def test_other_alphabets_are_read_as_they_say(text: str, name: str, header: str) -> None:
    assert decode_page(f"<p>{text}</p>".encode(name), header) == f"<p>{text}</p>" or "x-euc" in header


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_what_can_be_read_as_utf_8_is(text: str) -> None:
    page = f"<p>Здравствуйте {text}</p>".encode()
    assert decode_page(page, "text/html; charset=windows-1251") == page.decode()


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_have_a_text(data: bytes, header: str) -> None:
    is_two_byte(data)
    decode_page(data, f"text/html; charset={header}").encode("utf-8", "replace")


def test_comments_that_nothing_closes_cost_no_more_than_their_length() -> None:
    begun = process_time()
    for _ in range(5):
        assert decode_page(b"<!--" * 2000 + "Съешь".encode("cp1251") * 9).endswith("Съешь")
    assert process_time() - begun < 0.4
