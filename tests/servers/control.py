"""A control port: one HTTP address through which a script plays the world around a server."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

Operation = Callable[..., Awaitable[Any] | Any]


async def open_control(operations: Mapping[str, Operation], port: int) -> str:
    """Serve `POST /ctl {"op": name, …}` -> `{"result": …}`, or 400 `{"error": …}`; gives the address.

    The other keys of the body are the operation's keyword arguments; `{"op": "help"}` lists the names.
    """

    async def control(request: web.Request) -> web.Response:
        try:
            asked = json.loads(await request.read())
            name = asked.pop("op")
            if name == "help":
                return web.json_response({"result": sorted(operations)})
            result = operations[name](**asked)
            if isinstance(result, Awaitable):
                result = await result
            return web.json_response({"result": result})
        except Exception as error:  # noqa: BLE001 - whatever the script got wrong, it shall read it
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    app = web.Application(client_max_size=64 << 20)
    app.router.add_post("/ctl", control)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/ctl"


def run_until_killed(start: Callable[[], Awaitable[str]]) -> None:
    """Start a server, say its one line on standard output, and run until interrupted."""

    async def run() -> None:
        sys.stdout.write(await start() + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
