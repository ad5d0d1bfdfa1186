"""What is logged is one line, for people or for machines."""

import inspect
import io
import json
import logging

import pytest

from bot.dispatcher import InTurns
from core.errors import StorageFull
from core.logs import AGAIN_AFTER, set_up

pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_people_get_a_line_a_message_whatever_others_wrote_into_it() -> None:
    out = io.StringIO()
    set_up("console", out)
    logging.getLogger("ingest.web").warning("%s is gone", "news\nERROR forged line")
    line = out.getvalue()
    assert line.count("\n") == 1
    assert line.endswith("Z WARNING ingest.web: news ERROR forged line is gone\n")


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x9b2J", "\x07", "\u202e", "\x7f"])
def test_signs_that_move_about_on_a_terminal_are_spelled_out(sign: str) -> None:
    for form in ("console", "json"):
        out = io.StringIO()
        set_up(form, out)
        try:
            raise ValueError(f"of {sign}")
        except ValueError:
            logging.getLogger("ingest.web").exception("a channel named %s", sign)
        said = out.getvalue()
        assert sign[0] not in said
        assert sign[1:] in said
        if form == "json":
            assert json.loads(said)["message"] == f"a channel named {sign}"


def test_machines_get_an_object_a_message() -> None:
    out = io.StringIO()
    set_up("json", out)
    try:
        raise ValueError("because")
    except ValueError:
        logging.getLogger("bot").exception("it failed: %s", "новости\ud800")
    entry = json.loads(out.getvalue())
    assert entry["level"] == "error"
    assert entry["logger"] == "bot"
    assert entry["message"] == "it failed: новости?"
    assert entry["error"].endswith("ValueError: because")
    assert entry["time"].endswith("+00:00")


@pytest.mark.parametrize("form", ["console", "json"])
def test_the_token_in_an_address_that_a_library_tells_is_not_told(form: str) -> None:
    out = io.StringIO()
    set_up(form, out)
    try:
        raise ValueError("url='http://localhost:8081/bot42:SECRET-_x/getMe'")
    except ValueError as error:
        logging.getLogger("bot").exception("it failed: %s", error)
    said = out.getvalue()
    assert "/bot42" not in said
    assert "SECRET" not in said
    assert said.count("localhost:8081/bot…/getMe") >= 2


def test_setting_up_twice_does_not_say_things_twice() -> None:
    out = io.StringIO()
    set_up("console", out)
    set_up("console", out)
    logging.getLogger("x").info("once")
    logging.getLogger("x").debug("never")
    assert out.getvalue().count("\n") == 1


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_error_of_ours_is_told_by_its_sentence_and_any_other_with_where_it_happened(form: str) -> None:
    out = io.StringIO()
    set_up(form, out)
    grouped = ExceptionGroup("of a task", [ExceptionGroup("of a task in it", [StorageFull()])])
    for number, error in enumerate((StorageFull(), grouped, ValueError("because")), 1):
        try:
            raise error
        except Exception:
            logging.getLogger("bot").exception("%d digests wait", number)
    first, second, *others = out.getvalue().splitlines()
    assert "1 digests wait: The disk under the database is full" in first
    assert "2 digests wait: The disk under the database is full" in second
    assert any("Traceback" in line for line in others)
    assert "StorageFull" not in out.getvalue()


def test_what_goes_wrong_again_and_again_is_told_once_in_a_while() -> None:
    out = io.StringIO()
    set_up("console", out)

    def say(words: str, at: float, level: int = logging.ERROR, error: Exception | None = None) -> bool:
        before = out.getvalue()
        said = {"name": "bot", "levelno": level, "msg": words, "created": at}
        logging.getLogger().handle(logging.makeLogRecord({**said, "exc_info": error and (type(error), error, None)}))
        return out.getvalue() != before

    assert say("part 1 waits", 0)
    assert not say("part 1 waits", 2)
    assert say("part 2 waits", 3)
    assert say("part 1 waits", 4, error=ValueError("because"))
    assert not say("part 1 waits", AGAIN_AFTER - 1)
    assert say("part 1 waits", AGAIN_AFTER)
    assert not say("part 1 waits", AGAIN_AFTER + 1)
    assert say("part 3 waits", 1_000_000)
    assert say("part 3 waits", 3)  # the clock was ahead
    assert say("20 new posts", 5, logging.INFO)
    assert say("20 new posts", 6, logging.INFO)
    for number in range(1000):
        say(f"another {number}", AGAIN_AFTER + 2)
    assert say("part 1 waits", AGAIN_AFTER + 3)  # forgotten: what is remembered has an end


def test_a_line_that_cannot_be_put_into_words_stops_nobody_who_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    set_up("console", out)
    logging.getLogger("x").warning("%d readers", "no")
    assert out.getvalue() == ""
    assert "Logging error" in capsys.readouterr().err


def test_what_a_library_says_beside_an_error_that_comes_to_us_is_not_told() -> None:
    out = io.StringIO()
    set_up("console", out)
    logging.getLogger("psycopg").warning("error ignored terminating the pipeline")
    assert out.getvalue() == ""


def test_while_a_network_is_gone_its_end_is_told_and_no_pause_between_attempts() -> None:
    stream = io.StringIO()
    set_up("console", stream)
    ours = inspect.getsource(InTurns._listen_updates)
    log = logging.getLogger("aiogram.dispatcher")
    said = {
        "Failed to fetch updates - %s: %s": ("TelegramNetworkError", "no connection"),
        "Sleep for %f seconds and try again... (tryings = %d, bot id = %d)": (5.03, 7, 42),
        "Connection established (tryings = %d, bot id = %d)": (7, 42),
    }
    for level, (words, values) in zip((logging.ERROR, logging.WARNING, logging.INFO), said.items(), strict=True):
        assert words in ours
        log.log(level, words, *values)
    log.info("Start polling")

    assert [line.split(": ", 1)[1] for line in stream.getvalue().splitlines()] == [
        "Failed to fetch updates - TelegramNetworkError: no connection",
        "Connection established (tryings = 7, bot id = 42)",
    ]
