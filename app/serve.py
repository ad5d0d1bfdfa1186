"""Services run side by side until a signal; if one fails, all end, and with one sentence."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from core.errors import CourantError

log = logging.getLogger(__name__)
Service = Callable[[], Awaitable[None]]


async def serve(services: Mapping[str, Service], stop: asyncio.Event) -> None:
    """Run the services until `stop`; if one fails or ends by itself, the others end with it.

    Raises what the first failing one raised: a CourantError as it is, anything else with its traceback.
    """
    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(_forever(name, service), name=name) for name, service in services.items()]
            await stop.wait()
            for task in running:
                task.cancel()
    except BaseExceptionGroup as failed:
        raise _first(failed) from None


@contextmanager
def signals(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP (a terminal that is closed) set `stop`; a second one ends the waiting for what is
    still under way. What nohup lets pass is let pass."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def ring() -> None:
        if stop.is_set() and task is not None:
            log.warning("stopping at once")
            task.cancel()
        stop.set()

    heeded = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heeded.append(signal.SIGHUP)
    for each in heeded:
        loop.add_signal_handler(each, ring)
    try:
        yield
    finally:
        for each in heeded:
            loop.remove_signal_handler(each)


async def _forever(name: str, service: Service) -> None:
    await service()
    raise RuntimeError(f"{name} ended by itself")


def _first(failed: BaseExceptionGroup[BaseException]) -> BaseException:
    """The failure to tell of: ours before others, for it has a sentence."""
    leaves: list[BaseException] = []
    groups = [failed]
    while groups:
        for error in groups.pop().exceptions:
            if isinstance(error, BaseExceptionGroup):
                groups.append(error)
            else:
                leaves.append(error)
    return next((error for error in leaves if isinstance(error, CourantError)), leaves[0])
