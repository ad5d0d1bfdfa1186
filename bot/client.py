"""The bot as a client of the Bot API, and what its failures say about a message: arrived, not, or unknown."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any, cast

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Update
from aiohttp import ClientConnectorError, ClientResponse, ClientSession, ConnectionTimeoutError
from pydantic import ValidationError

log = logging.getLogger(__name__)
TIMEOUT = 30.0  # seconds for one call; polling adds its own patience
_TIMEOUTS = (408, 504)  # of a gateway that has handed the call on


class AnswerLost(TelegramNetworkError):
    """The call may have taken effect; its answer did not come."""


class TurnedAway(TelegramServerError):
    """A gateway's page instead of an answer: the call did not reach the Bot API."""


class _Answer(ClientResponse):
    """What a server answers, whatever its bytes: a gateway's page may be in another encoding than it says, and is told
    by its status all the same."""

    async def text(self, encoding: str | None = None, errors: str = "replace") -> str:
        return await super().text(encoding, errors)


class BotApiSession(AiohttpSession):
    """aiogram's session, which also tells a gateway's page of error (HTML, not JSON) by its status, and passes over
    single updates that cannot be read: aiogram would ask for them again and again, and the bot hear nothing else."""

    def __init__(self, api: TelegramAPIServer = PRODUCTION) -> None:
        super().__init__(api=api, timeout=TIMEOUT, json_loads=read_json)
        # an idle connection that the server closes meanwhile looks like a lost answer: drop it first
        self._connector_init["keepalive_timeout"] = 10.0

    async def create_session(self) -> ClientSession:
        session = await super().create_session()
        session._response_class = _Answer
        return session

    async def close(self) -> None:
        if self.api.base.startswith("https"):
            await super().close()
        elif self._session is not None:  # without TLS there is no farewell to wait for
            await self._session.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own parameter
    ) -> TelegramType:
        try:
            return await super().make_request(bot, method, timeout)
        except TelegramNetworkError as error:
            # aiohttp names the address of a call, which holds the token: it would stand in logs and in the outbox
            error.message = error.message.replace(bot.token, "…")
            raise

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        answer = _kind_of_answer(method.__returning__)
        try:
            return super().check_response(bot, method, status_code, content)
        except (TelegramServerError, ClientDecodeError) as error:
            unread = getattr(error, "original", None)
            if isinstance(method, GetUpdates) and isinstance(unread, ValidationError):
                updates = [_update(bot, each) for each in self.json_loads(content)["result"]]
                return cast(Response[TelegramType], answer(ok=True, result=updates))
            if isinstance(unread, ValidationError) and (whole := _with_rights(self.json_loads(content), unread)):
                with suppress(ValidationError):
                    return answer.model_validate(whole, context={"bot": bot})
            words = f"{status_code} {content[:100]!r}"
            if status_code in _TIMEOUTS or status_code < 400:
                raise AnswerLost(method=method, message=words) from error
            kind = TurnedAway if isinstance(error, ClientDecodeError) else TelegramServerError
            raise kind(method=method, message=words) from error


def read_json(content: str) -> Any:
    """What a server answers. JSON can hold half a sign (a lone surrogate), which nothing that takes text bears: each is
    a question mark from here on."""
    value = json.loads(content)
    if "\\ud" not in content.lower():
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


@cache
def _kind_of_answer(returned: object) -> type[Response[Any]]:
    """aiogram names this type for each answer, and pydantic, which takes long to build one, forgets it where nobody
    holds it."""
    return Response[returned]  # type: ignore[valid-type] # a type that is known when the method is


def open_bot(token: str, api_url: str | None = None) -> Bot:
    """The bot of this token on Telegram's own servers or on the one at `api_url`; `async with` closes it.

    Raises aiogram's TokenValidationError for what is no token.
    """
    server = TelegramAPIServer.from_base(api_url.rstrip("/")) if api_url else PRODUCTION
    return Bot(token, session=BotApiSession(server), default=properties())


def properties() -> DefaultBotProperties:
    """What holds for every message: HTML, and no preview of the links it cites."""
    return DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)


def never_left(error: TelegramNetworkError) -> bool:
    """Whether the call certainly did not reach the server: no connection was made."""
    return any(isinstance(each, ClientConnectorError | ConnectionTimeoutError) for each in _causes(error))


def _update(bot: Bot, given: dict[str, Any]) -> Update:
    """An update; of one that holds what this aiogram does not know yet, only its number."""
    try:
        return Update.model_validate(given, context={"bot": bot})
    except ValidationError as error:
        if whole := _with_rights(given, error):
            return _update(bot, whole)
        kinds = ", ".join(sorted(given.keys() - {"update_id"}))
        places = {".".join(map(str, each["loc"][:4])) for each in error.errors(include_input=False, include_url=False)}
        log.warning("an update (%s) that cannot be read is passed over: %s", kinds, ", ".join(sorted(places)[:5]))
        return Update(update_id=given["update_id"])


def _with_rights(given: Any, error: ValidationError) -> Any:
    """What a server gave that is older than this aiogram, with the rights that it does not know yet, which nobody has
    then; None where it is not for them that it cannot be read."""
    faults: defaultdict[tuple[int | str, ...], list[str]] = defaultdict(list)
    for each in error.errors(include_input=False, include_url=False):
        *path, name = each["loc"] or ("",)  # at no place where it is no object at all
        faults[tuple(path)].append(str(name) if each["type"] == "missing" else "")
    unknown = {path: names for path, names in faults.items() if all(name.startswith("can_") for name in names)}
    for where, names in unknown.items():
        place = given
        for step in where:  # among them names of kinds, which do not stand in what was given
            if isinstance(step, int) or step in place:
                place = place[step]
        place.update(dict.fromkeys(names, False))
    return given if unknown else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 20:
        yield error
        error = error.__cause__ or error.__context__
        seen += 1
