"""A word to those who run the place."""

from typing import Any

import pytest
from pydantic import SecretStr

from app.admins import tell_admins
from core.settings import Settings
from tests.servers.bot_api import BotApi


@pytest.mark.parametrize("fault", [{"code": 502}, {"retry_after": 1}], ids=["in trouble", "flooded"])
async def test_what_is_told_once_is_told_again_where_telegram_did_not_take_it(fault: dict[str, Any]) -> None:
    async with BotApi() as api:
        ann, bob = api.person("Ann"), api.person("Bob")
        gone = 404
        settings = Settings(bot_token=SecretStr(api.token), bot_api_url=api.url, admins=(gone, ann.id, bob.id))
        api.fault("sendMessage", chat_id=ann.id, **fault)
        await tell_admins(settings, "Account ann reads <nothing>.")
    assert (ann.inbox, bob.inbox) == (["Account ann reads <nothing>."], ["Account ann reads <nothing>."])
