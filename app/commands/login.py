"""`courant login`: sign the MTProto account in."""

import asyncio

import click

from app.account import account_of
from app.console import draw_code, in_loop, same_terminal, say
from core.sessions import session_file
from core.settings import load_settings
from ingest.telegram.account import Account
from ingest.telegram.login import Question, sign_in

_WORDS = {
    Question.PHONE: "The phone number of the account, as +12025550123",
    Question.CODE: "The code that Telegram sent",
    Question.PASSWORD: "The password of the second step",
}


@click.command("login")
@click.option("--qr", is_flag=True, help="Show a QR code and an address for a phone, and ask for no number and code.")
@click.option("--account", "name", help="Which of several accounts: its session file, without folder and ending.")
def command(qr: bool, name: str | None) -> None:
    """Ask for phone, code and, where the account has one, the second step's password; keep the session in the file of
    COURANT_TELEGRAM_SESSION, readable by its owner alone. Where that names several files, the first that is not signed
    in yet is meant. Needs COURANT_TELEGRAM_API_ID and _API_HASH."""
    account = account_of(load_settings(), name)
    say("Asking Telegram …")  # which may take a minute where it cannot be reached
    say(f"Signed in as {in_loop(_login(account, by_address=qr))}.")
    if file := session_file(account.session):
        say(f"The session is kept in {file}: whoever has this file is this account.")


async def _login(account: Account, *, by_address: bool) -> str:
    file = session_file(account.session)
    new = file is not None and not await asyncio.to_thread(file.exists)
    try:
        return await sign_in(account, _ask, say, by_address=by_address, draw=draw_code)
    except BaseException:
        if file and new:  # an empty session would be taken for an account
            await asyncio.to_thread(file.unlink, missing_ok=True)
        raise


async def _ask(question: Question) -> str:
    with same_terminal():
        return await asyncio.to_thread(_prompt, question)


def _prompt(question: Question) -> str:
    answer: str = click.prompt(_WORDS[question], hide_input=question is Question.PASSWORD, err=True)
    return answer
