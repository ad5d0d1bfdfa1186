"""A server as a process of its own, played through its control port as a script does it."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

PATIENCE = 120.0  # seconds: a process of Python takes its time to start on a busy machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """`said` is the line with which the server began, `http` speaks to it."""

    said: str
    http: aiohttp.ClientSession
    _ctl: str

    async def control(self, **asked: object) -> Any:
        """What the control port answers: a result, or the words of an error."""
        async with self.http.post(self._ctl, data=json.dumps(asked)) as answer:
            body = await answer.json()
            return body.get("result", body.get("error"))


@asynccontextmanager
async def played(server: str, *options: str) -> AsyncIterator[Played]:
    """Start a server by the name of its module; it is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.servers.{server}", "--port", "0", "--ctl", "0", *options),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        said = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        *served, control = re.findall(r"http://[\w.:]+", said)
        async with aiohttp.ClientSession(*served) as http:
            yield Played(said=said, http=http, _ctl=f"{control}/ctl")
    finally:
        process.kill()
        await process.wait()
