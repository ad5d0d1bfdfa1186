"""`courant login`: sign the MTProto account in."""

import asyncio

import click

from app.account import account_of, is_session_string, session_file
from app.console import in_loop, say, settings
from core.errors import SettingsError
from core.settings import Settings
from ingest.telegram_login import Question, sign_in

_WORDS = {
    Question.PHONE: "The phone number of the account, as +12025550123",
    Question.CODE: "The code that Telegram sent",
    Question.PASSWORD: "The password of the second step",
}


@click.command("login", short_help="Sign a Telegram account in, to read what has no web preview.")
def command() -> None:
    """Ask for phone, code and, where the account has one, the second step's password; keep the session in the file of
    COURANT_TELEGRAM_SESSION, readable by its owner alone. Needs COURANT_TELEGRAM_API_ID and _API_HASH."""
    say(f"Signed in as {in_loop(_login(settings()))}.")


async def _login(chosen: Settings) -> str:
    account = account_of(chosen)
    if is_session_string(chosen):
        raise SettingsError("COURANT_TELEGRAM_SESSION", "is a session itself: there is nothing to sign in")
    file = session_file(chosen)
    new = not file.exists()
    try:
        name = await sign_in(account, _ask)
    except BaseException:
        if new:  # an empty session would be taken for an account
            file.unlink(missing_ok=True)
        raise
    say(f"The session is kept in {file}: whoever has this file is this account.")
    return name


async def _ask(question: Question) -> str:
    return await asyncio.to_thread(_prompt, question)


def _prompt(question: Question) -> str:
    answer: str = click.prompt(_WORDS[question], hide_input=question is Question.PASSWORD, err=True)
    return answer
