"""A small t.me on loopback: previews paged by 20, landing pages, redirects, faults, and every request on record.

In a test::

    async with PreviewSite() as site:
        site.channel("news", title="The News")
        number = site.post("news", "Hello <b>there</b>")
        # COURANT_PREVIEW_URL=site.url reads http://127.0.0.1:…/s/news

As a process (`--folder` serves saved pages, `<name>.html` and `<name>-before-<id>.html`, such as those of `seeds/day`;
the control port takes the operations `channel`, `post`, `edit`, `delete`, `fault` and `requests` with the keyword
arguments of the methods here)::

    python -m tests.servers.preview_site --port 8083 --ctl 8084 --folder seeds/day
"""

import argparse
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.servers.control import Operation, open_control, run_until_killed
from tests.servers.loopback import LoopbackServer
from tests.servers.preview_pages import SiteChannel, SitePost, landing_page, preview_page

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class SiteFault:
    """What the next `times` requests (for pages of `name`, or with `query`, where given) get instead of a page.

    `drop` cuts the line; `cut` sends only so many bytes of the page that was asked for.
    """

    status: int = 429
    times: int = 1
    name: str | None = None
    query: str | None = None
    retry_after: int | None = None
    body: str = ""
    drop: bool = False
    cut: int | None = None


class PreviewSite(LoopbackServer):
    """The site: `async with PreviewSite() as site`. With `etags` it answers If-None-Match, which t.me does not."""

    def __init__(self, port: int = 0, *, etags: bool = False, folder: Path | None = None) -> None:
        super().__init__(port)
        self.etags, self.folder = etags, folder
        self.channels: dict[str, SiteChannel] = {}
        self.faults: list[SiteFault] = []
        self.requests: list[Seen] = []
        self.answers: dict[str, Answer] = {}  # by a channel's name: what is answered to whatever is asked for it

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/s/{name}", self._preview)
        app.router.add_get("/{name}", self._landing)
        return app

    # ---- what happens
    def channel(self, name: str, title: str | None = None, **values: Any) -> SiteChannel:
        """A name and what it stands for; keys of `SiteChannel` may be given."""
        channel = self.channels[name.lower()] = SiteChannel(name, title or name, **values)
        return channel

    def post(self, name: str, html: str = "", *, id: int | None = None, **values: Any) -> int:  # noqa: A002 - Telegram's word
        """Publish a post; keys of `SitePost` may be given, `date` also as ISO 8601. Gives its id."""
        channel = self.channels[name.lower()]
        number = channel.next_id if id is None else id
        if isinstance(values.get("date"), str):
            values["date"] = datetime.fromisoformat(values["date"]).astimezone(UTC)
        channel.posts[number] = SitePost(number, html, **values)
        channel.next_id = max(channel.next_id, number + max(1, channel.posts[number].photos))
        return number

    def edit(self, name: str, id: int, html: str) -> None:  # noqa: A002 - Telegram's word
        post = self.channels[name.lower()].posts[id]
        post.html, post.edited = html, True

    def delete(self, name: str, *ids: int) -> None:
        for number in ids:
            del self.channels[name.lower()].posts[number]

    def fault(self, **values: Any) -> None:
        """Script a failure; see `SiteFault`."""
        self.faults.append(SiteFault(**values))

    # ---- the wire
    async def _preview(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in self.answers:
            self.requests.append(Seen(request.path, dict(request.query), dict(request.headers)))
            return await self.answers[name](request)
        before, after = (_number(request.query.get(key)) for key in ("before", "after"))
        page = self._saved(name, before, after)
        channel = self.channels.get(name.lower())
        if page is None and channel is not None and channel.kind == "channel" and channel.preview:
            page = preview_page(channel, before=before, after=after)
        return self._answer(request, name, page)

    async def _landing(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        channel = self.channels.get(name.lower()) or SiteChannel(name, name, kind="missing")
        return self._answer(request, name, landing_page(channel))

    def _answer(self, request: web.Request, name: str, page: str | None) -> web.StreamResponse:
        """A page, or the redirect of a name without a preview, or the fault that is due."""
        self.requests.append(Seen(request.path, dict(request.query), dict(request.headers)))
        fault = self._due(name, request.query)
        if fault and fault.drop:
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fault and fault.cut is None:
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return web.Response(status=fault.status, text=fault.body, headers=headers)
        if page is None:
            return web.Response(status=302, headers={"Location": f"/{name}"})
        body = page.encode()[: fault.cut if fault else None]
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.etags and request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        headers = {"ETag": tag} if self.etags else {"Cache-Control": "no-store"}
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    def _due(self, name: str, query: Mapping[str, str]) -> SiteFault | None:
        for fault in self.faults:
            if fault.name in (None, name) and (fault.query is None or fault.query in query):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def _saved(self, name: str, before: int | None, after: int | None) -> str | None:
        if self.folder is None or after is not None or not name.isidentifier():
            return None
        path = self.folder / (f"{name}.html" if before is None else f"{name}-before-{before}.html")
        return path.read_text("utf-8") if path.is_file() else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def operations(site: PreviewSite) -> dict[str, Operation]:
    """What the control port can do."""

    def channel(**values: Any) -> None:
        site.channel(**values)

    def delete(name: str, ids: list[int]) -> None:
        site.delete(name, *ids)

    def requests(since: int = 0) -> list[dict[str, Any]]:
        return [{"path": seen.path, "query": seen.query} for seen in site.requests[since:]]

    return {
        "channel": channel,
        "post": site.post,
        "edit": site.edit,
        "delete": delete,
        "fault": site.fault,
        "requests": requests,
    }


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser(description="A small t.me on loopback.")
    parser.add_argument("--port", type=int, default=8083)
    parser.add_argument("--ctl", type=int, default=8084)
    parser.add_argument("--folder", type=Path, help="saved pages to serve")
    asked = parser.parse_args()

    async def start() -> str:
        site = await PreviewSite(asked.port, folder=asked.folder).start()
        control = await open_control(operations(site), asked.ctl)
        return f"previews on {site.url}/s/<name>, control on {control}"

    run_until_killed(start)


if __name__ == "__main__":
    main()
