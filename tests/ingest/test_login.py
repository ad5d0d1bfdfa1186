"""Signing in, against MiniTelegram over a real socket."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telethon.tl import types as T

from core.errors import SettingsError, SourceError
from ingest.telegram.account import Account
from ingest.telegram.login import Question, sign_in
from ingest.telegram.source import TelegramSource
from tests.servers.mtproto import MiniTelegram
from tests.servers.mtproto_api import without_account
from tests.servers.mtproto_wire import AuthKey, Connection, Hangup, RpcRefused, make, utc

PHONE = "+10000001"


class Telegram(MiniTelegram):
    """With sign-in by address: `opened` is whose phone has opened the address that was given out."""

    opened: str | None = None
    expires = 30.0

    @without_account
    def do_auth__export_login_token(self, query: Any, key: AuthKey) -> Any:
        if self.opened is None:
            return T.auth.LoginToken(expires=utc(utc().timestamp() + self.expires), token=b"token")
        user = self.user(self.opened)
        if user["password"]:
            key.pending = user
            raise RpcRefused(401, "SESSION_PASSWORD_NEEDED")
        key.user = user["id"]
        return T.auth.LoginTokenSuccess(make(T.auth.Authorization, user=self.user_tl(user, key.user)))

    async def open_address(self, phone: str) -> None:
        self.opened = phone
        for connection in list(self.connections):
            await connection.send(T.UpdateShort(T.UpdateLoginToken(), utc()), content=True)


class Person:
    """Answers what is asked, and hears what is told."""

    def __init__(self, phone: str = PHONE, code: str = "12345", password: str = "") -> None:
        answers = {Question.PHONE: phone, Question.CODE: code, Question.PASSWORD: password}
        self.answers = {question: answer.split("|") for question, answer in answers.items()}
        self.heard: list[str] = []
        self.told = asyncio.Event()

    async def ask(self, question: Question) -> str:
        return self.answers[question].pop(0)

    def tell(self, sentence: str) -> None:
        self.heard.append(sentence)
        self.told.set()


@pytest_asyncio.fixture
async def tg() -> AsyncIterator[Telegram]:
    async with Telegram() as server:
        yield server


@pytest.fixture
def account(tg: Telegram, tmp_path: Path) -> Account:
    key = tmp_path / "key.pem"
    key.write_text(tg.rsa.pem)
    session = str(tmp_path / "kept" / "courant.session")
    return Account(api_id=1, api_hash="x", session=session, server=f"127.0.0.1:{tg.port}", server_key=key)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def try_in(account: Account, person: Person, **options: Any) -> str:
    return await sign_in(account, person.ask, person.tell, patience=60, **options)


async def test_phone_and_code_sign_in_and_the_session_is_its_owners_alone(tg: Telegram, account: Account) -> None:
    tg.user(PHONE, username="ann_w", first_name="Ann")
    person = Person(code=" 12-345 ")
    assert await try_in(account, person) == "Ann (@ann_w)"
    assert person.heard == ["Telegram has sent a code to the account's other devices, as a message from Telegram."]
    file = Path(account.session)
    assert (rights(file), rights(file.parent)) == (0o600, 0o700)
    async with TelegramSource(account, patience=60) as source:
        assert await source.joined() == ()
    assert await try_in(account, Person(phone="")) == "Ann (@ann_w)", "who is signed in is asked nothing"


async def test_a_second_step_asks_for_its_password_until_it_is_right(tg: Telegram, account: Account) -> None:
    tg.user(PHONE, password="secret", first_name="Ann")
    person = Person(password="wrong||secret")
    assert await try_in(account, person) == "Ann"
    assert person.heard[1:] == [
        "The account has a second step: its password is needed, too.",
        "This is not the password.",
        "This is not the password.",
    ]


async def test_a_wrong_number_and_a_wrong_code_are_asked_for_again(tg: Telegram, account: Account) -> None:
    tg.fault("SendCode", code=400, text="PHONE_NUMBER_INVALID")
    person = Person(phone="none|+1|" + PHONE, code="11111||12345")
    assert await try_in(account, person) == "U0001"
    assert [sentence.split(":")[0] for sentence in person.heard] == [
        "This is no phone number",
        "This is no phone number",
        "Telegram has sent a code to the account's other devices, as a message from Telegram.",
        "This is not the code",
        "This is not the code",
    ]


async def test_an_expired_code_is_sent_again(tg: Telegram, account: Account) -> None:
    tg.fault("SignIn", code=400, text="PHONE_CODE_EXPIRED")
    person = Person(code="12345|12345")
    assert await try_in(account, person) == "U0001"
    assert person.heard[1:] == ["The code has expired: a new one is on its way."]
    assert tg.called("SendCode") == 2


@pytest.mark.parametrize(
    ("person", "password", "reason"),
    [
        (Person(phone="a|b|c"), None, "there was no phone number"),
        (Person(code="1|2|3"), None, "the code was wrong 3 times"),
        (Person(password="1|2|3"), "secret", "the password was wrong 3 times"),
    ],
    ids=["number", "code", "password"],
)
async def test_three_wrong_answers_end_it(
    tg: Telegram, account: Account, person: Person, password: str | None, reason: str
) -> None:
    tg.user(PHONE, password=password)
    with pytest.raises(SourceError, match=reason) as told:
        await try_in(account, person)
    assert str(told.value).endswith("start again with `courant login`")


@pytest.mark.parametrize(
    ("method", "code", "text", "sentence"),
    [
        ("SendCode", 420, "FLOOD_WAIT_86399", "the account: Telegram asks to wait 24 hours before another attempt"),
        ("SignIn", 420, "FLOOD_WAIT_150", "the account: Telegram asks to wait 3 minutes before another attempt"),
        ("SendCode", 420, "FLOOD_WAIT_30", "the account: Telegram asks to wait 30 seconds before another attempt"),
        ("SendCode", 400, "PHONE_NUMBER_FLOOD", "the account: there were too many attempts: try again tomorrow"),
        ("SendCode", 400, "PHONE_NUMBER_BANNED", "the account: Telegram has banned this phone number"),
        ("SignIn", 400, "PHONE_NUMBER_UNOCCUPIED", "the account: nobody has this number: make the account in a"),
        ("SendCode", 406, "SEND_CODE_UNAVAILABLE", "the account: Telegram sends no more codes for now"),
        ("SignIn", 406, "UPDATE_APP_TO_LOGIN", "the account: Telegram lets newer programs sign in only"),
        ("SendCode", 400, "API_ID_INVALID", "COURANT_TELEGRAM_API_ID: is refused by Telegram"),
    ],
    ids=str,
)
async def test_what_cannot_be_mended_by_asking_again_is_one_clear_sentence(
    tg: Telegram, account: Account, method: str, code: int, text: str, sentence: str
) -> None:
    tg.fault(method, code=code, text=text)
    with pytest.raises((SourceError, SettingsError)) as told:
        await try_in(account, Person())
    assert str(told.value).startswith(sentence)


@pytest.mark.parametrize("password", [None, "secret"])
async def test_an_address_opened_on_a_phone_signs_in(tg: Telegram, account: Account, password: str | None) -> None:
    tg.user(PHONE, first_name="Ann", password=password)
    person, drawn = Person(password="secret"), list[str]()

    async def open_it() -> None:
        await person.told.wait()
        await tg.open_address(PHONE)

    async with asyncio.TaskGroup() as group:
        group.create_task(open_it())
        assert await try_in(account, person, by_address=True, draw=drawn.append) == "Ann"
    assert drawn == ["tg://login?token=dG9rZW4"]
    assert drawn[0] in person.heard[0]


async def test_an_address_that_nobody_opens_is_renewed_and_given_up(tg: Telegram, account: Account) -> None:
    tg.expires = 0.0
    person = Person()
    with pytest.raises(SourceError, match="nobody opened the address"):
        await try_in(account, person, by_address=True)
    assert tg.called("ExportLoginToken") == 10


async def test_a_session_whose_key_telegram_has_ended_begins_anew(
    tg: Telegram, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    tg.user(PHONE, first_name="Ann")
    await try_in(account, Person())
    ended = {*tg.keys}

    @without_account
    def refuse(query: Any, key: AuthKey) -> Any:
        if key.id in ended:
            raise RpcRefused(406, "AUTH_KEY_DUPLICATED")
        return Telegram.do_help__get_config(tg, query, key)

    monkeypatch.setattr(tg, "do_help__get_config", refuse)
    person = Person()
    assert await try_in(account, person) == "Ann"
    assert len(person.heard) == 1, "it was asked for a code"
    async with TelegramSource(account):
        pass


async def test_a_session_string_that_was_signed_out_is_told_to_become_a_file(tg: Telegram) -> None:
    session = tg.mint(PHONE)
    tg.revoke(PHONE)
    with pytest.raises(SettingsError, match="name a file"):
        await try_in(Account(api_id=1, api_hash="x", session=session), Person())


async def test_a_server_that_hangs_up_while_a_key_is_agreed_on_is_one_clear_sentence(
    tg: Telegram, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(connection: Connection, query: object) -> None:
        raise Hangup

    monkeypatch.setattr(Connection, "handshake", hang_up)
    with pytest.raises(SourceError, match="the account: Telegram closed the connection"):
        await try_in(account, Person())


async def test_a_server_that_is_not_there_ends_it_in_time_and_leaves_nothing_behind(
    tg: Telegram, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    before = asyncio.all_tasks()
    await tg.stop()
    with pytest.raises(SourceError, match="did not answer"):
        await sign_in(account, Person().ask, patience=0.2)
    assert asyncio.all_tasks() == before
    assert not caplog.records, "nor is each attempt told, one a second"
