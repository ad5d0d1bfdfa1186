import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AddressRefused, SettingsError
from ingest.fetch.guard import Guard, as_ip, is_public, parse_allow, shown

REFUSED = {
    "loopback": "http://127.0.0.1/",
    "loopback elsewhere": "http://127.8.9.10/x",
    "short form": "http://127.1/",
    "decimal": "http://2130706433/",
    "octal": "http://017700000001/",
    "octal parts": "http://0177.0.0.01/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.0.0.0x1/",
    "one zero": "http://0/",
    "other digits": "http://①②⑦.⓪.⓪.①/",
    "other dots": "http://127。0。0。1/",
    "percent signs": "http://%31%32%37.0.0.1/",
    "too many parts": "http://127.0.0.0.1/",
    "a number too big": "http://99999999999/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "azure": "http://168.63.129.16/",
    "ten": "http://10.0.0.1/",
    "carrier": "http://100.100.100.200/",
    "benchmark": "http://198.18.0.1/",
    "multicast": "http://224.0.1.1/",
    "broadcast": "http://255.255.255.255/",
    "v6 loopback": "http://[::1]/",
    "v6 any": "http://[::]/",
    "v6 mapped": "http://[::ffff:127.0.0.1]/",
    "v6 mapped hexadecimal": "http://[::ffff:7f00:1]/",
    "v6 compatible": "http://[::127.0.0.1]/",
    "v6 zone": "http://[fe80::1%25eth0]/",
    "v6 zone on a public address": "http://[2a00:1450:4001::1%25eth0]/",
    "v6 local": "http://[fd00:ec2::254]/",
    "v6 site": "http://[fec0::1]/",
    "nat64": "http://[64:ff9b::7f00:1]/",
    "nat64 local": "http://[64:ff9b:1::7f00:1]/",
    "6to4": "http://[2002:7f00:1::]/",
    "teredo": "http://[2001:0:7f00:1::]/",
    "documentation": "http://[2001:db8::1]/",
    "localhost": "http://localhost/",
    "localhost with a dot": "http://LOCALHOST./",
    "below localhost": "http://a.localhost/",
    "one word": "http://intranet/",
    "local": "http://printer.local/",
    "internal": "http://metadata.google.internal/",
    "onion": "http://expyuzz4wqqyqhjn.onion/",
    "home": "http://router.home.arpa/",
    "a blank": "http://exa mple.com/",
    "a line break": "http://example.com/\r\nX: y",
    "a backslash": "http://example.com\\@127.0.0.1/",
    "credentials": "https://user:secret@bbc.co.uk/",
    "a password only": "https://:secret@bbc.co.uk/",
    "ftp": "ftp://bbc.co.uk/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://bbc.co.uk:80/",
    "data": "data:text/html,hi",
    "script": "javascript:alert(1)",
    "relative": "//bbc.co.uk/",
    "nothing": "",
    "no host": "http:///x",
    "mail": "http://bbc.co.uk:25/",
    "redis": "http://bbc.co.uk:6379/",
    "port zero": "http://bbc.co.uk:0/",
    "port too big": "http://bbc.co.uk:99999/",
    "too long": "https://bbc.co.uk/" + "a" * 3000,
    "a label too long": "http://" + "a" * 70 + ".com/",
}


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED.keys())
def test_an_address_that_is_not_plainly_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        Guard().url(address)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.bbc.co.uk/news/1?a=b#c",
        "http://президент.рф/",
        "http://example.com.:80/x",
        "https://8.8.8.8/",
        "http://[2a00:1450:4001:80b::200e]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::808:808]/",
        "http://news.site:8080/",
        "https://under_score.site.ru/",
    ],
)
def test_a_public_address_passes(address: str) -> None:
    assert Guard().url(address).scheme in ("http", "https")


def test_what_the_operator_opens_passes_and_nothing_beside_it() -> None:
    guard = Guard(parse_allow(["127.0.0.1:8001", " wiki.lan ", "[::1]:80", "fd00::5", "http://news.internal"]))
    for address in (
        "http://127.0.0.1:8001/x",
        "http://wiki.lan/",
        "http://wiki.lan:5000/",
        "http://[::1]/",
        "http://[fd00::5]:99/",
        "http://news.internal/",
    ):
        assert guard.url(address)
    for address in ("http://127.0.0.1/", "http://127.0.0.1:8002/", "http://[::1]:81/", "https://news.internal/"):
        with pytest.raises(AddressRefused):
            guard.url(address)


def test_an_opened_host_still_needs_a_plain_address() -> None:
    guard = Guard(parse_allow(["wiki.lan"]))
    for address in ("ftp://wiki.lan/", "http://me:pw@wiki.lan/"):
        with pytest.raises(AddressRefused):
            guard.url(address)


@pytest.mark.parametrize("entry", ["a b", "host:port", "http://u:p@x.y", "http://"])
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    with pytest.raises(SettingsError, match="FETCH_ALLOW"):
        parse_allow([entry])


@pytest.mark.parametrize("user", ["http://me:HOSTPASS", "me:HOSTPASS", "http://me:p@HOSTPASS", "http://me:p/HOSTPASS"])
def test_a_password_beside_a_host_that_is_refused_is_not_told(user: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_allow([f"{user}@wiki.lan"])
    assert "HOSTPASS" not in str(refused.value)
    assert "wiki.lan" in str(refused.value)


def test_a_name_is_judged_by_what_it_stands_for() -> None:
    guard = Guard(parse_allow(["wiki.lan:80"]))
    assert guard.reachable("bbc.co.uk", 443, "151.101.0.81")
    assert not guard.reachable("bbc.co.uk", 443, "127.0.0.1")
    assert not guard.reachable("bbc.co.uk", 443, "fe80::1%eth0")
    assert not guard.reachable("bbc.co.uk", 443, "not a number")
    assert guard.reachable("wiki.lan", 80, "192.168.0.7")
    assert not guard.reachable("wiki.lan", 22, "192.168.0.7")


def test_an_address_in_an_error_text_is_short_and_keeps_no_password() -> None:
    assert shown("http://u:pw@a.b/c") == "http://…@a.b/c"
    assert shown("http://u:p@w@a.b/c/@d") == "http://…@a.b/c/@d"
    assert len(shown("http://a.b/" + "x" * 5000)) == 200


@given(st.integers(0, 2**32 - 1))
def test_every_notation_of_an_ipv4_address_is_the_same_address(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    a, b, c, d = plain.packed
    for text in (
        str(plain),
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0x{a:x}.0{b:o}.{c}.0x{d:X}",
    ):
        assert as_ip(text) == plain


@given(st.ip_addresses(v=4))
def test_nothing_that_python_calls_private_is_public(ip: ipaddress.IPv4Address) -> None:
    assert ip.is_global or not is_public(ip)
    mapped = ipaddress.IPv6Address(f"::ffff:{ip}")
    assert is_public(mapped) == is_public(ip)


@given(st.ip_addresses(v=6))
def test_nothing_that_python_calls_private_is_public_in_ipv6(ip: ipaddress.IPv6Address) -> None:
    assert ip.is_global or ip.ipv4_mapped or not is_public(ip)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for address in (text, f"http://{text}/"):
        with suppress(AddressRefused):
            assert Guard().url(address).host
