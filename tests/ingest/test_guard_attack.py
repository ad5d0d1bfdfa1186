"""The guard, attacked as by a stranger who writes links into posts: real sockets, and a name service that lies."""

import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import product
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AddressRefused, FetchError, SettingsError
from ingest.fetch.guard import Guard, is_public, parse_allow
from ingest.fetch.http import Http, Limits, open_http
from tests.ingest.servers import Names, Site, client, page, site

AT_ONCE = Limits(spacing=0, total=60, connect=60)

# IANA's registries of special-purpose addresses, with those marked "globally reachable" left out.
SPECIAL_V4 = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29"),
    *("192.0.0.8/32", "192.0.0.170/31", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
)
SPECIAL_V6 = (
    *("::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/32"),
    *("2001:2::/48", "2001:10::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10"),
    *("fec0::/10", "ff00::/8"),
)
INSIDE = [ipaddress.IPv4Network(net) for net in SPECIAL_V4]


def within(net: ipaddress.IPv4Network | ipaddress.IPv6Network, share: int) -> int:
    return int(net.network_address) + share % net.num_addresses


@given(st.sampled_from(INSIDE), st.integers(0, 1 << 32))
def test_no_special_address_is_public_in_any_dress(net: ipaddress.IPv4Network, share: int) -> None:
    ip = ipaddress.IPv4Address(within(net, share))
    number, low = int(ip), f"{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}"
    dresses = {
        "plain": str(ip),
        "one number": str(number),
        "hexadecimal": hex(number),
        "octal": f"0{number:o}",
        "mapped": f"[::ffff:{ip}]",
        "mapped in words": f"[::ffff:{low}]",
        "mapped in full": f"[0000:0000:0000:0000:0000:ffff:{low}]",
        "compatible": f"[::{ip}]",
        "translated": f"[::ffff:0:{ip}]",
        "NAT64": f"[64:ff9b::{ip}]",
        "NAT64 of a site": f"[64:ff9b:1::{ip}]",
        "6to4": f"[2002:{low}::1]",
        "Teredo": f"[2001:0:{low}::]",
        "ISATAP": f"[fe80::5efe:{ip}]",
        "with a dot": f"{ip}.",
        "wide digits": str(ip).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        "wide dots": str(ip).replace(".", "\u3002"),
        "other dots": str(ip).replace(".", "\uff0e"),
    }
    for name, host in dresses.items():
        with pytest.raises(AddressRefused):
            pytest.fail(f"{name}: {Guard().url(f'http://{host}/')}")
        assert not Guard().reachable("evil.com", 80, host.strip("[].")), name


@given(st.sampled_from([ipaddress.IPv6Network(net) for net in SPECIAL_V6]), st.integers(0, 1 << 128))
def test_no_special_address_of_ipv6_is_public(net: ipaddress.IPv6Network, share: int) -> None:
    ip = ipaddress.IPv6Address(within(net, share))
    if not ip.ipv4_mapped:
        assert not is_public(ip)
        assert not Guard().reachable("evil.com", 443, str(ip))


TRICKS = [
    "http://127.0.0.1#@news.site/",
    "http://127.0.0.1?@news.site/",
    "http://127.0.0.1/@news.site/",
    "http://news.site@127.0.0.1/",
    "http://news.site:80@127.0.0.1/",
    "http://news.site%40127.0.0.1/",
    "http://news.site%2f@127.0.0.1/",
    "http://127.0.0.1\\@news.site/",
    "http://127.0.0.1\t/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "hTTp://LOCALHOST/",
    "http://localhost%00.news.site/",
    "http://localhost%E3%80%82/",
    "http://loc\u00adalhost/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://127.0.0.1%2f.news.site/",
    "http://127.0.0.1%20.news.site/",
    "http://[::1%25lo]/",
    "http://[::1%lo]/",
    "http://[::ffff:127.0.0.1%25eth0]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::1]:80#.news.site/",
    "http://0x7f.1/",
    "http://0177.1/",
    "http://0/",
    "http://127.000.000.001/",
    "http://169.254.169.254.:80/latest/meta-data/",
    "http://metadata.google.internal./computeMetadata/v1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://router.local./",
    "http://kubernetes.default.svc.cluster.local/",
    "http://single/",
    "dict://127.0.0.1:11211/stat",
    "ws://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "jar:http://127.0.0.1!/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "view-source:http://127.0.0.1/",
]


@pytest.mark.parametrize("address", TRICKS)
async def test_no_trick_of_spelling_reaches_a_server_of_this_machine(address: str) -> None:
    async def everything(request: web.BaseRequest) -> web.StreamResponse:
        return page("secret")

    async with site(everything) as it, liar(it, "127.0.0.1") as http:
        for spelled in {address, address.replace("/", f":{it.port}/", 3).replace(f":{it.port}/:{it.port}/", "//", 1)}:
            with pytest.raises(FetchError):
                await http.get(spelled, AT_ONCE)
    assert it.seen == []


@asynccontextmanager
async def liar(it: Site, answer: str) -> AsyncIterator[Http]:
    """A client whose name service gives the same answer for every name, as a resolver of numbers does for numbers."""

    class Lies(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            self._names.setdefault(host, [answer])
            return await super().resolve(host, port)

    async with open_http(agent="Courant/test", guard=Guard(), resolver=Lies()) as http:
        yield http


@pytest.mark.parametrize(
    "answer",
    ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1", "fe80::1%lo", "0.0.0.1", "nonsense"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_of_the_web_that_stands_for_this_machine_is_refused(answer: str, scheme: str) -> None:
    async def everything(request: web.BaseRequest) -> web.StreamResponse:
        return page("secret")

    async with site(everything) as it, liar(it, answer) as http:
        for host in ("evil.com", "127.0.0.1.nip.io", "xn--e1afmkfd.xn--p1ai", "bbc.co.uk"):
            with pytest.raises(AddressRefused, match="private network"):
                await http.get(f"{scheme}://{host}/", AT_ONCE)
    assert it.seen == []


async def test_a_name_that_turns_to_this_machine_between_two_requests_is_refused_at_the_second() -> None:
    names = Names(news_site=["127.0.0.1"], turning_com=["127.0.0.1"])

    async def leads(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://turning.com/"})

    async with site(leads) as it, client(it, names=names) as http:
        for _ in range(2):
            with pytest.raises(AddressRefused):
                await http.get(it.base, AT_ONCE)
    assert it.seen == ["/", "/"]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_a_proxy_of_the_environment_is_not_used(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page("direct")

    async with site(answer) as it, site(answer) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        async with client(it) as http:
            await http.get(it.base, AT_ONCE)
    assert proxy.seen == []


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who keeps a password for the very site."""
    (tmp_path / "netrc").write_text("machine news.site login me password pw\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.mark.usefixtures("netrc")
async def test_neither_cookies_nor_passwords_nor_the_page_before_are_told_to_a_site() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/a":
            return web.Response(status=302, headers={"Location": "/b", "Set-Cookie": "id=1; Path=/"})
        return page(**{"Set-Cookie": "id=2", "WWW-Authenticate": "Basic realm=x"})

    async with site(answer) as it, client(it) as http:
        await http.get(f"{it.base}/a", AT_ONCE)
        await http.get(f"{it.base}/c", AT_ONCE)
    assert it.seen == ["/a", "/b", "/c"]
    for headers in it.headers:
        assert not {"Cookie", "Authorization", "Proxy-Authorization", "Referer", "X-Forwarded-For"} & headers.keys()


async def test_a_server_that_asks_for_a_password_gets_none() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=401, headers={"WWW-Authenticate": "Basic realm=x"})

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match="401"):
            await http.get(it.base, AT_ONCE)
    assert len(it.seen) == 1


@pytest.mark.parametrize("entry", ["*", "*.lan", "10.0.0.0/8", "wiki.lan/a", "a b", "me@wiki.lan", "[::1"])
def test_what_is_no_name_of_one_host_opens_nothing_and_is_refused(entry: str) -> None:
    with pytest.raises(SettingsError, match="is not a host or host:port"):
        parse_allow([entry])


def test_what_is_opened_is_opened_to_the_letter() -> None:
    opened = ("wiki.lan", "10.0.0.5:8080", "[fd00::7]", "Große.lan")
    guard = Guard(parse_allow(opened))
    for address in ("http://wiki.lan/", "https://WIKI.lan.:9/", "http://10.0.0.5:8080/", "http://[fd00::7]:1/"):
        assert guard.url(address)
    hosts = ("awiki.lan", "wiki.lan.evil.com", "x.wiki.lan", "10.0.0.5", "10.0.0.50:8080", "[fd00::70]")
    for host, scheme in product(hosts, ("http", "https")):
        with suppress(AddressRefused):
            assert "evil.com" in str(guard.url(f"{scheme}://{host}/"))
    assert not guard.reachable("wiki.lan.evil.com", 80, "10.0.0.5")
    assert not guard.reachable("evil.com", 8080, "10.0.0.5")  # a number that is opened is opened by its own name only
