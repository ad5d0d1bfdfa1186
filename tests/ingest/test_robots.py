"""What a site's robots.txt closes to us is not read; what it cannot tell for now waits."""

from time import process_time

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AddressRefused, FetchError, HostResting
from ingest.fetch.http import Limits
from ingest.fetch.robots import MAX_ROBOTS, Robots, read_robots
from ingest.fetch.robots_files import KEPT_SECONDS, LONGEST_SPACING, RobotsFiles
from tests.ingest.servers import Clock, Names, client, page, site

AT_ONCE = Limits(spacing=0)


def allowed(text: str, path: str) -> bool:
    return read_robots(text).allow(f"https://news.site{path}")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-agent: *\ndisallow: /a # closed\n", "/abc", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        # the group that names us is the only one that counts, however it is written
        ("User-agent: *\nDisallow: /\n\nUser-agent: Courant\nAllow: /", "/a", True),
        ("User-agent: COURANT/1.0\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: courant\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: courant-images\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: courant\nDisallow: /a", "/a", False),
        (
            "User-agent: courant\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: courant\nDisallow: /c",
            "/c",
            False,
        ),
        (
            "User-agent: courant\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: courant\nDisallow: /c",
            "/b",
            True,
        ),
        ("User-agent: x\n\nSitemap: /s.xml\n\nUser-agent: courant\nDisallow: /a", "/a", False),
        ("User-agent: x\nCrawl-delay: 5\nUser-agent: *\nDisallow: /a", "/a", False),
        # the longest rule decides, and the kinder of two equal ones
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nAllow: /news/\nDisallow: /news/draft", "/news/draft/1", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nAllow: /a\nDisallow: /*", "/a", True),
        # stars and the end
        ("User-agent: *\nDisallow: /*.pdf$", "/plan.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/plan.pdf?x=1", True),
        ("User-agent: *\nDisallow: *print=1", "/a?x=2&print=1&y", False),
        ("User-agent: *\nDisallow: /a**b*c", "/a-b-c", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/a-c-b", True),
        ("User-agent: *\nDisallow: /a*a$", "/a", True),
        ("User-agent: *\nDisallow: /$", "/", False),
        ("User-agent: *\nDisallow: /$", "/a", True),
        ("User-agent: *\nDisallow: /a$b", "/a$b/1", False),
        ("User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
        # one spelling of what is escaped
        ("User-agent: *\nDisallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        ("User-agent: *\nDisallow: /%d0%bd", "/н", False),
        ("User-agent: *\nDisallow: /%61bc", "/abc", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a?b", "/a?b=1", False),
        # slips and rubbish
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("Disallow: /a\nUser-agent: x", "/a", True),
        ("User-agent: *\nDisallow: a", "/a", True),
        ("User-agent: *\nDisallow: https://news.site/a", "/a", True),
        ("<html><body>User-agent: none</body></html>", "/a", True),
    ],
)
def test_a_rule_is_read_as_the_standard_has_it(text: str, path: str, expected: bool) -> None:
    assert allowed(text, path) is expected


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 1\nCrawl-delay: 3", 3),
        ("User-agent: *\nCrawl-delay: 9\nUser-agent: courant\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: *\nCrawl-delay: inf", 86_400),
        ("User-agent: *\nCrawl-delay: soon", None),
    ],
)
def test_a_delay_is_a_number_of_seconds(text: str, delay: float | None) -> None:
    assert read_robots(text).delay == delay


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_read_and_any_path_is_judged(text: str, path: str) -> None:
    read_robots(text).allow(f"https://news.site/{path.encode('utf-8', 'replace').decode()}")
    read_robots(f"User-agent: *\nDisallow: /{text}").allow("https://news.site/")


@given(st.text("ab*", max_size=12), st.text("ab", max_size=16), st.booleans())
def test_stars_match_as_a_slow_and_plain_reader_has_it(pattern: str, path: str, ends: bool) -> None:
    def plain(pattern: str, path: str) -> bool:
        if not pattern:
            return not ends or not path
        if pattern[0] == "*":
            return any(plain(pattern[1:], path[at:]) for at in range(len(path) + 1))
        return path[:1] == pattern[0] and plain(pattern[1:], path[1:])

    rule = f"/{pattern}{'$' if ends else ''}"
    assert allowed(f"User-agent: *\nDisallow: {rule}", f"/{path}") is not plain(pattern, path)


def test_the_largest_file_made_to_hurt_is_read_and_asked_in_passing() -> None:
    agents = "".join(f"User-agent: {n:x}\n" for n in range(12_000))
    rules = "User-agent: *\n" + "".join(f"Disallow: /*a*a*a*{n:x}z$\n" for n in range(12_000))
    text = (agents + rules)[:MAX_ROBOTS]
    robots = read_robots(text)
    assert len(robots.rules) > 11_000
    assert robots.allow("https://news.site/" + "a" * 2000)


def test_a_file_of_letters_outside_ascii_is_read_in_passing() -> None:
    begun = process_time()
    robots = read_robots("User-agent: *\nDisallow: /" + "я" * (MAX_ROBOTS // 2))
    assert process_time() - begun < 1  # it took two
    assert len(robots.rules) == 1


class Sites:
    """One server by two names: robots.txt, pages, redirects to the other name."""

    def __init__(self, robots: str | int = "", *, other: str | int = 404) -> None:
        self.robots: dict[str, str | int] = {"news.site": robots, "other.site": other}
        self.location = ""

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/robots.txt":
            told = self.robots[request.host.partition(":")[0]]
            if told in (301, 429):
                return web.Response(status=int(told), headers={"Location": self.location, "Retry-After": "90"})
            return web.Response(status=told) if isinstance(told, int) else web.Response(text=told)
        if request.path == "/go":
            return web.Response(status=302, headers={"Location": self.location})
        return page()


NAMES = {"news_site": ["127.0.0.1"], "other_site": ["127.0.0.1"]}


async def test_a_closed_page_is_not_asked_for_and_the_file_is_fetched_once() -> None:
    async with site(Sites("User-agent: *\nDisallow: /closed")) as it, client(it) as http:
        files = RobotsFiles(http)
        for _ in range(2):
            with pytest.raises(FetchError, match="closed to programs") as caught:
                await http.get(f"{it.base}/closed/1", AT_ONCE, admit=files.admit)
            assert not caught.value.passing
            await http.get(f"{it.base}/open", AT_ONCE, admit=files.admit)
    assert it.seen == ["/robots.txt", "/open", "/open"]


async def test_a_file_is_read_again_after_a_day() -> None:
    sites, clock = Sites("User-agent: *\nDisallow: /a"), Clock()
    async with site(sites) as it, client(it, clock=clock) as http:
        files = RobotsFiles(http, monotonic=clock)
        for robots, seconds in (("", 0.0), ("", KEPT_SECONDS - 1), ("User-agent: *\nDisallow: /b", KEPT_SECONDS + 1)):
            clock.now = seconds
            with pytest.raises(FetchError):
                await http.get(f"{it.base}/{'b' if robots else 'a'}", AT_ONCE, admit=files.admit)
            sites.robots["news.site"] = "User-agent: *\nDisallow: /b"
    assert it.seen == ["/robots.txt", "/robots.txt"]


@pytest.mark.parametrize("status", [404, 401, 403, 410, 301])
async def test_a_site_without_the_file_is_open(status: int) -> None:
    sites = Sites(status)
    sites.location = "http://169.254.169.254/latest/meta-data/"
    async with site(sites) as it, client(it) as http:
        await http.get(f"{it.base}/a", AT_ONCE, admit=RobotsFiles(http).admit)
    assert it.seen == ["/robots.txt", "/a"]


@pytest.mark.parametrize(("status", "kind"), [(500, FetchError), (503, FetchError), (429, HostResting)])
async def test_a_site_that_cannot_tell_for_now_is_left_alone(status: int, kind: type[FetchError]) -> None:
    async with site(Sites(status)) as it, client(it) as http:
        with pytest.raises(kind) as caught:
            await http.get(f"{it.base}/a", AT_ONCE, admit=RobotsFiles(http).admit)
    assert caught.value.passing
    assert it.seen == ["/robots.txt"]


async def test_a_file_may_lie_at_another_place() -> None:
    sites = Sites(301, other="User-agent: courant\nDisallow: /a")
    async with site(sites) as it, client(it, names=Names(**NAMES), allow=["other.site"]) as http:
        sites.location = it.base.replace("news", "other") + "/robots.txt"
        with pytest.raises(FetchError, match="closed"):
            await http.get(f"{it.base}/a", AT_ONCE, admit=RobotsFiles(http).admit)


async def test_each_site_that_a_link_leads_through_has_its_say() -> None:
    sites = Sites("", other="User-agent: *\nDisallow: /")
    async with site(sites) as it, client(it, names=Names(**NAMES), allow=["other.site"]) as http:
        sites.location = it.base.replace("news", "other") + "/a"
        with pytest.raises(FetchError, match="closed"):
            await http.get(f"{it.base}/go", AT_ONCE, admit=RobotsFiles(http).admit)
    assert it.seen == ["/robots.txt", "/go", "/robots.txt"]


async def test_the_private_network_is_refused_before_it_is_asked_for_its_rules() -> None:
    async with client() as http:
        with pytest.raises(AddressRefused):
            await http.get("http://127.0.0.1/a", AT_ONCE, admit=RobotsFiles(http).admit)


async def test_a_delay_is_kept_within_reason() -> None:
    sites, clock = Sites("User-agent: *\nCrawl-delay: 7"), Clock()
    async with site(sites) as it, client(it, clock=clock) as http:
        files = RobotsFiles(http, monotonic=clock)
        for _ in range(3):
            await http.get(f"{it.base}/a", Limits(spacing=1), admit=files.admit)
        assert clock.slept == [1, 7, 7]
        files = RobotsFiles(http, monotonic=clock)
        sites.robots["news.site"] = "User-agent: *\nCrawl-delay: 3600"
        await http.get(f"{it.base}/a", Limits(spacing=1), admit=files.admit)
        await http.get(f"{it.base}/a", Limits(spacing=1), admit=files.admit)
        assert clock.slept[-1] == LONGEST_SPACING


async def test_only_the_beginning_of_an_endless_file_is_read() -> None:
    text = "User-agent: *\nDisallow: /a\n" + "# more of it\n" * 100_000 + "Disallow: /b\n"
    async with site(Sites(text)) as it, client(it) as http:
        files = RobotsFiles(http)
        await http.get(f"{it.base}/b", AT_ONCE, admit=files.admit)
        with pytest.raises(FetchError, match="closed"):
            await http.get(f"{it.base}/a", AT_ONCE, admit=files.admit)


async def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.fetch.robots_files.MOST_SITES", 2)
    async with client() as http:
        files = RobotsFiles(http)
        for n in range(5):
            files._keep(f"http://{n}.site", Robots())
        assert list(files._kept) == ["http://3.site", "http://4.site"]
        monkeypatch.setattr("ingest.fetch.robots_files.MOST_RULES", 3)
        files._keep("http://9.site", Robots(rules=(("/a", True),) * 4))
        assert list(files._kept) == ["http://9.site"]
