"""Services run side by side; one that fails ends all, a stop ends all, and nothing is left running."""

import asyncio
import os
import signal

import pytest

from app.serve import serve, signals
from core.errors import AlreadyRunning


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_stop_ends_all_services_and_waits_for_what_they_finish() -> None:
    finished: list[str] = []
    stop = asyncio.Event()

    async def busy() -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0)
            finished.append("busy")

    before = asyncio.all_tasks()
    task = asyncio.get_running_loop().create_task(serve({"busy": busy, "idle": forever}, stop))
    await asyncio.sleep(0)
    stop.set()
    stop.set()
    await task
    assert finished == ["busy"]
    assert asyncio.all_tasks() == before


async def test_a_stop_before_the_start_is_kept() -> None:
    stop = asyncio.Event()
    stop.set()
    await serve({"idle": forever}, stop)


async def test_one_that_fails_ends_the_others_and_is_raised_as_it_is() -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise AlreadyRunning("bot")

    before = asyncio.all_tasks()
    with pytest.raises(AlreadyRunning):
        await serve({"idle": forever, "failing": failing}, asyncio.Event())
    assert asyncio.all_tasks() == before


async def test_a_failure_with_a_sentence_is_told_before_others() -> None:
    async def failing(error: Exception) -> None:
        await asyncio.sleep(0)
        raise error

    services = {"a": lambda: failing(ZeroDivisionError()), "b": lambda: failing(AlreadyRunning("bot"))}
    with pytest.raises(AlreadyRunning):
        await serve(services, asyncio.Event())


async def test_of_failures_without_a_sentence_the_first_is_told() -> None:
    async def failing(error: Exception) -> None:
        await asyncio.sleep(0)
        raise error

    services = {"a": lambda: failing(ZeroDivisionError()), "b": lambda: failing(KeyError())}
    with pytest.raises(ZeroDivisionError):
        await serve(services, asyncio.Event())


async def test_a_failure_with_a_sentence_is_found_among_those_of_a_service_that_does_several_things_at_once() -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise ExceptionGroup("several", [ZeroDivisionError(), ExceptionGroup("others", [AlreadyRunning("bot")])])

    with pytest.raises(AlreadyRunning):
        await serve({"idle": forever, "failing": failing}, asyncio.Event())


async def test_one_that_ends_by_itself_is_a_failure() -> None:
    async def done() -> None:
        return

    with pytest.raises(RuntimeError, match="done ended by itself"):
        await serve({"idle": forever, "done": done}, asyncio.Event())


@pytest.mark.parametrize(
    ("first", "second"), [(signal.SIGTERM, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)], ids=["TERM", "INT"]
)
async def test_a_first_signal_asks_and_a_second_one_insists(first: signal.Signals, second: signal.Signals) -> None:
    stop = asyncio.Event()
    with signals(stop):
        os.kill(os.getpid(), first)
        await asyncio.wait_for(stop.wait(), 60)
        os.kill(os.getpid(), second)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.Event().wait(), 60)
    task = asyncio.current_task()
    assert task is not None
    assert task.uncancel() == 0


async def test_a_terminal_that_is_closed_stops_what_runs_in_it() -> None:
    stop = asyncio.Event()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may be run by nohup
    try:
        with signals(stop):
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.wait_for(stop.wait(), 60)
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_what_was_started_to_outlive_its_terminal_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals(asyncio.Event()):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_signals_are_heeded_while_services_run_and_no_longer() -> None:
    with signals(asyncio.Event()):
        pass
    removed = [asyncio.get_running_loop().remove_signal_handler(each) for each in (signal.SIGINT, signal.SIGTERM)]
    assert removed == [False, False]
