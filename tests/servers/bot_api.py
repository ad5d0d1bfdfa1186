"""A small Bot API server on loopback: what a bot calls is really checked, refused as Telegram refuses, and on record.

In a test::

    async with BotApi() as api:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
        bot = Bot(api.token, session=session)
        alice = api.person("Alice")
        await alice.says("/start")            # the bot's poller gets an update
        [greeting] = await alice.hears()      # waits for the bot's next message
        await alice.presses("World affairs")

As a process, for trying `courant run` by hand (the control port is described in `bot_api_control`)::

    python -m tests.servers.bot_api --port 8081 --ctl 8082
    COURANT_BOT_API_URL=http://127.0.0.1:8081 COURANT_BOT_TOKEN=42:TEST courant run
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.servers.bot_api_chats import PATIENCE, Chat, Person, Sent, wait_for
from tests.servers.bot_api_methods import METHODS, Request
from tests.servers.bot_api_text import Json, Refused
from tests.servers.loopback import LoopbackServer

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
TOKEN = "42:TEST"
CALLBACK_SECONDS = 900  # how long a press may wait for its answer; Telegram gives no figure, bots see minutes
TEXTS = {
    "text",
    "caption",
    "callback_query_id",
    "parse_mode",
    "language_code",
    "name",
    "description",
    "short_description",
}
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True)
class Call:
    """One call as it came in and how it went: `answer` is the whole body, None where the line was cut."""

    method: str
    params: Json
    answer: Json | None = None

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer["ok"])


@dataclass(slots=True)
class Fault:
    """What the next `times` calls of `method` (about `chat_id`, where given) meet instead of an answer.

    `drop` cuts the line: "before" the call is taken, or "after", when it has taken effect and only the answer is
    lost. Otherwise the answer is `code` with `description`; `retry_after` makes it the 429 of Telegram, `page` a
    gateway's own page, in an `encoding` that it does not name. `until` is an answer like any other that comes, or is
    lost, when this is set.
    """

    method: str = "*"
    code: int = 502
    description: str = "Bad Gateway"
    retry_after: int = 0
    times: int = 1
    chat_id: int | None = None
    drop: str | None = None
    page: str = ""
    encoding: str = "utf-8"
    until: asyncio.Event | None = None

    def refusal(self) -> Refused:
        if self.retry_after:
            words = f"Too Many Requests: retry after {self.retry_after}"
            return Refused(words, 429, retry_after=self.retry_after)
        return Refused(self.description, self.code)


class BotApi(LoopbackServer):
    """The server: `async with BotApi() as api`, or `await api.start()` and `await api.stop()`. Its `url` is what
    `TelegramAPIServer.from_base` and COURANT_BOT_API_URL take."""

    def __init__(self, port: int = 0, token: str = TOKEN, clock: Callable[[], float] = time.time) -> None:
        super().__init__(port)
        self.token, self.clock = token, clock
        self.me: Json = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Courant",
            "username": "courant_bot",
        }
        self.me |= {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        self.knows_rich = True
        self.webhook = ""
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.people: dict[str, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.files: dict[str, bytes] = {}
        self.queries: dict[str, Person] = {}
        self.answers: dict[str, Json] = {}
        self.changed = asyncio.Condition()
        self._updates: list[Json] = []
        self._next_update, self._poller, self._polling = 1, 0, 0
        self._asked: dict[str, float] = {}

    # ---- life
    def application(self) -> web.Application:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        return app

    def now(self) -> int:
        return int(self.clock())

    # ---- the cast
    def person(self, name: str = "Alice", language: str = "en", number: int | None = None) -> Person:
        """A person who has opened a chat with the bot (the same one for the same name)."""
        if name not in self.people:
            number = number or 1000 + len(self.people)
            chat = self.chats.setdefault(number, Chat(number, "private", name))
            self.people[name] = Person(self, number, name, chat, language)
        return self.people[name]

    def group(self, title: str = "Group", *, kind: str = "supergroup", admins: tuple[Person, ...] = ()) -> Chat:
        """A group, supergroup or channel that the bot is in."""
        number = -1_000_000_000_000 - len(self.chats) - 1 if kind != "group" else -5000 - len(self.chats)
        chat = self.chats[number] = Chat(number, kind, title, admins={person.id for person in admins})
        return chat

    def upgrade(self, chat: Chat) -> Chat:
        """Make a group a supergroup: calls about the old one are refused and told the new number."""
        successor = self.group(chat.title)
        chat.moved_to = successor.id
        return successor

    def vanish(self, chat: Chat) -> None:
        """The chat is gone: "chat not found"."""
        del self.chats[chat.id]

    def kick(self, chat: Chat) -> None:
        chat.refuses = (403, f"Forbidden: bot was kicked from the {chat.type} chat")

    def find(self, given: object) -> Chat | None:
        text = str(given)
        if text.startswith("@"):
            return next((chat for chat in self.chats.values() if chat.username == text[1:]), None)
        return self.chats.get(int(text)) if text.lstrip("-").isdigit() else None

    # ---- what happens
    def put(self, chat: Chat, text: str, **values: Any) -> Sent:
        sent = chat.messages[chat.next_id] = Sent(chat.next_id, chat, self.now(), text, **values)
        chat.next_id += 1
        return sent

    async def update(self, kind: str, body: Json) -> None:
        """Lay an update before the poller."""
        self._updates.append({"update_id": self._next_update, kind: body})
        self._next_update += 1
        await self._tell()

    async def pressed(self, person: Person, sent: Sent, data: str) -> str:
        query = str(len(self._asked) + 1)
        self.queries[query], self._asked[query] = person, self.clock()
        body = {"id": query, "from": person.tl(), "message": sent.tl(self.me), "chat_instance": "1", "data": data}
        await self.update("callback_query", body)
        return query

    async def until(
        self, ready: Callable[[], bool], patience: float = PATIENCE, why: Callable[[], str] = lambda: "it never came"
    ) -> None:
        """Wait, without sleeping, until `ready`; looked at after every call and every update."""
        await wait_for(self.changed, ready, patience, why)

    def of(self, method: str) -> list[Call]:
        """The calls of one method so far."""
        return [call for call in self.calls if call.method == method]

    def fault(self, method: str = "*", **values: Any) -> Fault:
        """Script a failure; see `Fault`."""
        fault = Fault(method, **values)
        self.faults.append(fault)
        return fault

    async def idle(self, patience: float = PATIENCE) -> None:
        """Wait until the poller has taken every update and asks for more."""
        await self.until(lambda: not self._updates and self._polling > 0, patience, lambda: "the bot does not poll")

    @property
    def waiting(self) -> int:
        """How many updates no poller has confirmed yet."""
        return len(self._updates)

    # ---- the wire
    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name, token = request.match_info["method"], request.match_info["token"]
        if token != self.token:
            return _reply(Refused("Unauthorized", 401).answer())
        asked = await _read(self, request)
        call = Call(name, asked.params)
        self.calls.append(call)
        fault = self._fault(name, asked)
        if fault and fault.drop == "before":
            return self._cut(request)
        if fault and fault.until:
            await self._tell()
            await fault.until.wait()
            fault = fault if fault.drop else None
        if fault and fault.page:
            await self._tell()
            return web.Response(body=fault.page.encode(fault.encoding), status=fault.code, content_type="text/html")
        call.answer = await self._answer(name, asked, fault)
        if fault and fault.drop:
            call.answer = None
            await self._tell()
            return self._cut(request)
        await self._tell()
        return _reply(call.answer)

    async def _answer(self, name: str, asked: Request, fault: Fault | None) -> Json:
        try:
            if fault and not fault.drop:
                raise fault.refusal()
            if name.lower() == "getupdates":
                return {"ok": True, "result": await self._get_updates(asked.params)}
            method = next((do for known, do in METHODS.items() if known.lower() == name.lower()), None)
            if method is None:
                raise Refused("Not Found: method not found", 404)
            self._expire()
            return {"ok": True, "result": method(asked)}
        except Refused as refused:
            return refused.answer()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return Refused(f"Bad Request: can't read the parameters: {type(error).__name__} {error}").answer()

    def _fault(self, name: str, asked: Request) -> Fault | None:
        for fault in self.faults:
            about = fault.chat_id in (None, asked.params.get("chat_id"))
            if about and (fault.method == name or (fault.method == "*" and name != "getUpdates")):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def _expire(self) -> None:
        for query in [q for q in self.queries if self.clock() - self._asked[q] > CALLBACK_SECONDS]:
            del self.queries[query]

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook:
            raise Refused(WEBHOOK, 409)
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
        if offset < 0:
            del self._updates[:offset]
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        allowed = params.get("allowed_updates")
        self._poller += 1
        number = self._poller
        await self._tell()
        self._polling += 1
        try:
            with suppress(TimeoutError):
                async with self.changed, asyncio.timeout(min(float(params.get("timeout") or 0), 50)):
                    await self.changed.wait_for(lambda: number != self._poller or self._wanted(allowed))
        finally:
            self._polling -= 1
        if number != self._poller:
            raise Refused(CONFLICT, 409)
        return self._wanted(allowed)[:limit]

    def _wanted(self, allowed: list[str] | None) -> list[Json]:
        """The waiting updates of the kinds asked for; others are dropped, as Telegram does."""

        def wanted(update: Json) -> bool:
            kind = next(key for key in update if key != "update_id")
            return kind in allowed if allowed else kind not in NOT_BY_DEFAULT

        self._updates = [update for update in self._updates if wanted(update)]
        return self._updates

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()


def _reply(body: Json) -> web.Response:
    return web.json_response(body, status=200 if body["ok"] else body["error_code"])


async def _read(api: BotApi, request: web.Request) -> Request:
    """The parameters of a call from its query, form, multipart or JSON body."""
    params: Json = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        params |= await request.json()
    else:
        for key, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[key] = value.file.read()
                value.file.close()
            else:
                params[key] = value
    return Request(api, {key: _unfold(key, value) for key, value in params.items()}, files)


def _unfold(key: str, value: Any) -> Any:
    """Numbers and JSON of a form as what they stand for; texts stay texts, also those that look like a number."""
    if not isinstance(value, str) or key in TEXTS:
        return value
    if value[:1] in "{[" or value in {"true", "false"} or value.lstrip("-").isdigit():
        with suppress(ValueError):
            return json.loads(value)
    return value


if __name__ == "__main__":
    from tests.servers.bot_api_control import main

    main()
