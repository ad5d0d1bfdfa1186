"""Telegram addresses in articles, and the names that administrators give."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.data import DATA
from core.addresses import Form, channel_name, is_name, read_address
from core.errors import BadInput
from ingest.discover import channel_names, discover

SEED = DATA / "seed" / "view-from-london.txt"


def urls(source: str) -> list[str]:
    return [find.url for find in discover(source)]


@pytest.mark.parametrize(
    ("address", "form", "url"),
    [
        ("https://t.me/kurier", Form.NAME, "https://t.me/kurier"),
        ("http://T.ME/Kurier", Form.NAME, "https://t.me/Kurier"),
        ("HTTPS://WWW.TELEGRAM.ME/kurier/", Form.NAME, "https://t.me/kurier"),
        ("t.me/kurier", Form.NAME, "https://t.me/kurier"),
        ("//t.me/kurier", Form.NAME, "https://t.me/kurier"),
        ("telegram.dog/kurier", Form.NAME, "https://t.me/kurier"),
        ("kurier.t.me", Form.NAME, "https://t.me/kurier"),
        ("https://kurier.t.me/12", Form.POST, "https://t.me/kurier/12"),
        ("t.me/s/kurier?before=100", Form.NAME, "https://t.me/kurier"),
        ("t.me/%6Burier", Form.NAME, "https://t.me/kurier"),
        ("https%3A%2F%2Ft.me%2Fkurier", Form.NAME, "https://t.me/kurier"),
        ("tg://resolve?domain=kurier", Form.NAME, "https://t.me/kurier"),
        ("tg:resolve?domain=kurier&amp;post=5", Form.POST, "https://t.me/kurier/5"),
        ("t.me/kurier/123", Form.POST, "https://t.me/kurier/123"),
        ("t.me/s/kurier/123", Form.POST, "https://t.me/kurier/123"),
        ("t.me/kurier/123?comment=7", Form.POST, "https://t.me/kurier/123"),
        ("t.me/kurier/123?single", Form.POST, "https://t.me/kurier/123"),
        ("t.me/kurier_chat/4/123", Form.POST, "https://t.me/kurier_chat/123"),
        ("t.me/c/1234567/45", Form.PRIVATE_POST, "https://t.me/c/1234567/45"),
        ("tg://privatepost?channel=1234567&post=45", Form.PRIVATE_POST, "https://t.me/c/1234567/45"),
        ("t.me/+AbC-_dEf123", Form.INVITE, "https://t.me/+AbC-_dEf123"),
        ("t.me/%2BAbCdEf12345", Form.INVITE, "https://t.me/+AbCdEf12345"),
        ("https://t.me/joinchat/AbCdEf12345", Form.INVITE, "https://t.me/+AbCdEf12345"),
        ("tg://join?invite=AbCdEf12345", Form.INVITE, "https://t.me/+AbCdEf12345"),
        ("t.me/addlist/AbCdEf12345", Form.FOLDER, "https://t.me/addlist/AbCdEf12345"),
        ("tg://addlist?slug=AbCdEf12345", Form.FOLDER, "https://t.me/addlist/AbCdEf12345"),
        ("t.me/share/url?url=https://a.org", Form.SHARE, "https://t.me/share/url?url=https%3A%2F%2Fa.org"),
        ("tg://msg_url?url=https://a.org", Form.SHARE, "https://t.me/share/url?url=https%3A%2F%2Fa.org"),
        ("t.me/iv?url=https://a.org&rhash=1", Form.OTHER, "https://t.me/iv?url=https%3A%2F%2Fa.org"),
        ("t.me/proxy?server=1.2.3.4&port=443", Form.OTHER, "https://t.me/proxy"),
        ("t.me/socks?server=1.2.3.4", Form.OTHER, "https://t.me/socks"),
        ("t.me/addstickers/Cats", Form.STICKERS, "https://t.me/addstickers/Cats"),
        ("t.me/addemoji/Cats", Form.STICKERS, "https://t.me/addemoji/Cats"),
        ("tg://addstickers?set=Cats", Form.STICKERS, "https://t.me/addstickers/Cats"),
        ("t.me/setlanguage/ru", Form.OTHER, "https://t.me/setlanguage/ru"),
        ("t.me/bg/abc", Form.OTHER, "https://t.me/bg/abc"),
        ("t.me/login/12345", Form.OTHER, "https://t.me/login/12345"),
        ("t.me/$AbC123", Form.OTHER, "https://t.me/$AbC123"),
        ("t.me/invoice/AbC123", Form.OTHER, "https://t.me/invoice/AbC123"),
        ("t.me/m/AbC123", Form.OTHER, "https://t.me/m/AbC123"),
        ("t.me/contact/1:2", Form.OTHER, "https://t.me/contact/1:2"),
        ("tg://settings/?x=1", Form.OTHER, "tg://settings"),
        ("t.me/boost/kurier", Form.BOOST, "https://t.me/kurier"),
        ("t.me/kurier?boost", Form.BOOST, "https://t.me/kurier"),
        ("tg://boost?domain=kurier", Form.BOOST, "https://t.me/kurier"),
        ("t.me/+79001234567", Form.PHONE, "https://t.me/+79001234567"),
        ("tg://resolve?phone=79001234567", Form.PHONE, "https://t.me/+79001234567"),
        ("t.me/kurier_bot", Form.BOT, "https://t.me/kurier_bot"),
        ("t.me/kurier?start=1", Form.BOT, "https://t.me/kurier"),
        ("t.me/kurier/app?startapp=1", Form.BOT, "https://t.me/kurier"),
        ("t.me/kurier/s/7", Form.NAME, "https://t.me/kurier"),
    ],
)
def test_every_form_of_address_is_told_apart(address: str, form: Form, url: str) -> None:
    [find] = discover(f"Read on {address} tomorrow")
    assert (find.form, find.url) == (form, url)


@pytest.mark.parametrize(
    "text",
    [
        "chat.me/kurier",
        "best.me/kurier",
        "t.me",
        "https://t.me/",
        "joe@t.me",
        "https://joe@t.me/kurier",
        "https://t.me@evil.org/kurier",
        "https://t.me.evil.org/kurier",
        "a.b.t.me/kurier",
        "t.me/abc",
        "t.me/1kurier",
        "t.me/ku__rier",
        "t.me/kurier-news",
        "t.me/kurier.html",
        "t.me/joinchat",
        "t.me/addlist/",
        "t.me/c/",
        "t.me/+1",
        "t.me/" + "a" * 33,
        "t.me/канал",
        "tg://resolve?domain=../x",
        "tg:",
        "https://evil.org/kurier",
    ],
)
def test_what_leads_nowhere_is_no_find(text: str) -> None:
    assert urls(f"see {text} now") == []


@pytest.mark.parametrize(
    "text",
    [
        "{}.",
        "({})",
        "«{}»",
        "{}, {}!",
        "**{}**",
        "[x]({})",
        "<{}>",
        "see:{}…",
        "Подписывайтесь{}",
        '"{}"',
        "{}_",
        "{}?",
    ],
)
def test_punctuation_around_an_address_is_not_part_of_it(text: str) -> None:
    assert urls(text.format("https://t.me/kurier", "t.me/kurier")) == ["https://t.me/kurier"]


def test_finds_come_in_order_and_once() -> None:
    text = "t.me/second1 t.me/first1/7 https://t.me/Second1 t.me/first1 t.me/first1/7"
    assert urls(text) == ["https://t.me/second1", "https://t.me/first1/7", "https://t.me/first1"]
    assert channel_names(discover(text)) == ("second1", "first1")


def test_letter_case_tells_invites_apart() -> None:
    assert urls("t.me/+AbCdEf12345 t.me/+aBcDeF12345 t.me/joinchat/AbCdEf12345") == [
        "https://t.me/+AbCdEf12345",
        "https://t.me/+aBcDeF12345",
    ]


def test_what_a_share_link_passes_on_is_found_too() -> None:
    text = "t.me/share/url?url=https%3A%2F%2Ft.me%2Fkurier%2F5&text=and+t.me/another1"
    assert [find.form for find in discover(text)] == [Form.SHARE, Form.POST, Form.NAME]


def test_share_links_within_share_links_end() -> None:
    text = "t.me/kurier"
    for _ in range(5):
        text = read_and_share(text)
    assert 1 <= len(discover(text)) <= 4


def read_and_share(text: str) -> str:
    address = read_address(f"https://t.me/share/url?url={text.replace('%', '%25').replace('&', '%26')}")
    assert address is not None
    return address.url


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Telegram: @kurier", ["kurier"]),
        ("Наш телеграм-канал @kurier!", ["kurier"]),
        ("Мы в тг: @kurier и @kurier_en", ["kurier", "kurier_en"]),
        ("@kurier (Telegram)", ["kurier"]),
        ("Write to @kurier on Telegram", ["kurier"]),
        ("Twitter: @bird, Telegram: @kurier", ["kurier"]),
        ("Telegram: @kurier, Twitter: @bird1", ["kurier"]),
        ("@bird1 (Twitter), @kurier (Telegram)", ["kurier"]),
        ("Telegram: @kurier\nX: @bird1", ["kurier"]),
        ("Follow us on Telegram. Photo by @john_doe", []),
        ("Write to desk@kurier.org or on Telegram", []),
        ("Telegram: desk@kurier.org", []),
        ("https://medium.com/@kurier Telegram", []),
        ("@kurier", []),
        ("Telegram" + " word" * 40 + " @kurier", []),
        ("Telegram @kurier.eth", []),
        ("telegram @abc", []),
    ],
)
def test_a_handle_counts_only_beside_the_word_telegram(text: str, names: list[str]) -> None:
    assert [find.name for find in discover(text)] == names


def test_a_bot_by_its_handle_is_not_offered_as_a_channel() -> None:
    finds = discover("Telegram: @kurier_bot, t.me/other_bot, t.me/+AbCdEf12345, t.me/c/12345/1")
    assert [find.form for find in finds] == [Form.BOT, Form.BOT, Form.INVITE, Form.PRIVATE_POST]
    assert channel_names(finds) == ()
    assert channel_names(finds) == ()


def test_the_line_to_add_is_toml() -> None:
    assert channel_names(discover("t.me/kurier t.me/other1/5")) == ("kurier", "other1")


PAGE = """<!DOCTYPE html><html><head><title>t.me/in_title</title>
<meta property="article:publisher" content="https://t.me/in_meta">
<script type="application/ld+json">{"sameAs": ["https:\\/\\/t.me\\/in_json"]}</script>
<script>var x = "https://t.me/in_script";</script><style>a{background:url(//t.me/in_style)}</style></head>
<body onload="open('https://t.me/in_handler')"><p>First t.me/in_text1, then
<a class="t.me/in_class" href="https://t.me/in_href" onclick="go('t.me/in_click')">our <b>channel</b></a>
and t.me/<b>in_bold</b>.</p><h4>Телеграм: <span>@in_handle</span></h4>
<img src="x.png" data-url="tg://resolve?domain=in_data"><iframe src="https://t.me/in_frame/5?embed=1"></iframe>
"""


def test_a_page_is_searched_where_a_reader_or_a_machine_would_look() -> None:
    names = [find.name for find in discover(PAGE)]
    assert names == [
        "in_title", "in_meta", "in_json", "in_text1", "in_href", "in_bold", "in_handle", "in_data", "in_frame",
    ]  # fmt: skip


def test_a_find_carries_the_words_around_it() -> None:
    contexts = {find.name: find.context for find in discover(PAGE)}
    assert contexts["in_href"] == "First t.me/in_text1, then our channel and t.me/in_bold."
    assert contexts["in_handle"] == "Телеграм: @in_handle"


def test_a_page_in_another_encoding_keeps_its_words() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Телеграм: @kurier</body></html>'.encode("cp1251")
    assert [(find.name, find.context) for find in discover(page)] == [("kurier", "Телеграм: @kurier")]
    assert discover("Телеграм: @kurier".encode("utf-16"))[0].name == "kurier"
    assert discover(b'<p>\xff charset="no-such" t.me/kurier')[0].name == "kurier"


def test_an_encoding_that_is_none_costs_no_time() -> None:
    # the time that Python takes to read it grows with the square of its length
    page = b'<meta charset="punycode"><p>\xfft.me/harbour_wire a-' + b"b9" * 300_000
    assert [find.name for find in discover(page)] == ["harbour_wire"]


@pytest.mark.skipif(not SEED.is_file(), reason="no seed article: set COURANT_DATA to its folder")
def test_the_article_that_the_project_began_with_names_its_channel() -> None:
    finds = discover(SEED.read_bytes())
    assert [(find.form, find.name) for find in finds] == [(Form.NAME, "The_International_Affairs")]
    assert channel_names(finds) == ("The_International_Affairs",)


@pytest.mark.parametrize(
    ("source", "says"),
    [(b"\0\1\2", "binary"), ("x" * (17 * 1024 * 1024), "17 MB"), ("<p>" + "<div>" * 9000 + "t.me/kurier", "nested")],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(source: str | bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        discover(source, "page.html")


def test_nothing_is_found_in_nothing() -> None:
    assert discover("") == discover(b"") == ()


@pytest.mark.parametrize(
    "piece",
    ["t.me/kurier", "_", "tg:", "@kurier ", "tg @kurier", '<a href="t.me/kurier">', "%2F", "\n", "t.me/share?url="],
)  # fmt: skip
def test_one_piece_repeated_is_searched_in_linear_time(piece: str) -> None:
    started = time.process_time()
    discover(piece * (500_000 // len(piece)))
    assert time.process_time() - started < 5


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(alphabet="t.me/tg:@<>ap =?&%+$_-S2я\n\"'", max_size=200))
def test_any_input_gives_finds_whose_names_are_names(source: str | bytes) -> None:
    try:
        finds = discover(source)
    except BadInput:
        return
    for find in finds:
        assert find.url.startswith(("https://t.me/", "tg://"))
        assert find.name is None or is_name(find.name) or find.form is Form.PRIVATE_POST


@given(st.from_regex(r"[A-Za-z](_?[A-Za-z0-9]){4,15}", fullmatch=True).filter(is_name), st.integers(1, 10**9))
def test_a_name_is_found_in_whatever_form_it_is_given(name: str, number: int) -> None:
    for form in (f"https://t.me/{name}", f"@{name}", name, f"t.me/s/{name}", f"tg://resolve?domain={name}"):
        assert channel_name(form) == name
    assert channel_name(f"https://telegram.me/{name}/{number}") == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("https://t.me/s/Kurier", "Kurier"),
        (" @kurier\n", "kurier"),
        ("https://t.me/c/1234567/8", "c/1234567"),
        ("c/1234567", "c/1234567"),
    ],
)
def test_a_channel_may_be_named_in_several_ways(value: str, name: str) -> None:
    assert channel_name(value) == name


@pytest.mark.parametrize(
    "value",
    [
        "../../etc/passwd", "/etc/passwd", "kurier/../x", "C:\\x", "kurier'; DROP TABLE posts;--", "", " ", "@", "a",
        "кот и кит", "t.me", "https://evil.org/kurier", "file:///etc/passwd", "joinchat", "https://t.me/+AbCdEf12345",
        "https://t.me/addlist/AbCdEf12345", "kurier\nother", "kurier\0", "c/", "c/x", "x" * 5000, "@@kurier", "\x1b[m",
    ],
)  # fmt: skip
def test_what_is_no_channel_name_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(BadInput) as caught:
        channel_name(value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200
