"""A small OpenAI-compatible service on loopback, scripted: every answer, and every fault, is what the test says.

In a test::

    async with LlmService() as service:
        service.answers = lambda question: {"title": ..., "sentences": [...]}
        service.faults.append(LlmFault(status=429))
        # COURANT_LLM_BASE_URL=service.url

It also says what texts mean (`/embeddings`): alike for texts that tell of one event of its table, in both languages.

As a process, for trying a digest by hand; it answers each question with a true sentence of the first post and, if asked
to, with an invention of each kind::

    python -m tests.servers.llm --port 8085 [--invent]
"""

import argparse
import asyncio
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.servers.loopback import LoopbackServer

_POST = re.compile(r"^(\w+) post (\d+): [^\n]*\n(.*?)\n\1 end of post \2$", re.DOTALL | re.MULTILINE)
INVENTIONS = (
    "The damage amounts to 4817 million dollars.",
    "Balthazar Quimby confirmed it.",
    'A witness said: "the purple whale returned at dusk".',
    "More at https://evil.example/x now.",
    "It happened on 31 February 1987.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it came in."""

    path: str
    key: str
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def posts(self) -> dict[int, str]:
        """The posts of the question by their numbers."""
        return {int(number): text for _, number, text in _POST.findall(str(self.body["messages"][1]["content"]))}


@dataclass(slots=True)
class LlmFault:
    """What the next request gets instead of an answer: a status, a cut line, raw bytes, an answer that breaks off
    (`cut`), a refusal without end (`endless`), a redirect (`to`), or nothing at all (`hang`)."""

    status: int = 500
    drop: bool = False
    hang: bool = False
    raw: bytes | None = None
    cut: bool = False
    endless: bool = False
    to: str = ""


Answers = Callable[[Question], object]
Vectors = Callable[[Sequence[str]], object]
WIDTH = 64
EVENTS = (  # what a text of each says somewhere
    ("warehouse fire", "горел склад"),
    ("tramway strike", "забастовк"),
    ("museum robbery", "ограблен"),
)


class LlmService(LoopbackServer):
    """The service: `async with LlmService() as service`. An answer that is no string is sent as JSON.

    `old`: it knows neither `response_format` nor `max_completion_tokens`. `usage` goes out with each answer.
    """

    def __init__(self, port: int = 0, *, answers: Answers | None = None, old: bool = False) -> None:
        super().__init__(port)
        self.old = old
        self.answers: Answers = answers or first_sentences
        self.faults: list[LlmFault] = []
        self.questions: list[Question] = []
        self.vectors: Vectors = by_events
        self.embedded: list[Question] = []
        self.usage: object = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
        self.crowd = 1  # questions that must be there at one time before the first is answered
        self.most_at_once = 0
        self.poured = 0  # bytes of refusals without end
        self._now = 0
        self._crowded = asyncio.Event()
        self._stop = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application(client_max_size=10**7)
        application.router.add_post("/v1/chat/completions", self._answer)
        application.router.add_post("/v1/embeddings", self._embed)
        return application

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    async def stop(self) -> None:
        self._stop.set()
        await super().stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        question = Question(request.path, request.headers.get("Authorization", ""), await request.json())
        self.questions.append(question)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            if self._now >= self.crowd:
                self._crowded.set()
            await self._crowded.wait()
            return await self._said(request, question)
        finally:
            self._now -= 1

    async def _said(self, request: web.Request, question: Question) -> web.StreamResponse:
        if self.faults:
            return await self._fail(request, self.faults.pop(0))
        if self.old and {"response_format", "max_completion_tokens"} & set(question.body):
            return web.json_response({"error": {"message": "unknown parameter"}}, status=400)
        said = self.answers(question)
        content = said if isinstance(said, str) or said is None else json.dumps(said, ensure_ascii=False)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        body = {"id": "c", "object": "chat.completion", "created": 0, "model": question.body["model"]}
        return web.json_response({**body, "choices": [choice], "usage": self.usage})

    async def _embed(self, request: web.Request) -> web.StreamResponse:
        question = Question(request.path, request.headers.get("Authorization", ""), await request.json())
        self.embedded.append(question)
        if self.faults:
            return await self._fail(request, self.faults.pop(0))
        body = {"object": "list", "model": question.body["model"], "data": self.vectors(question.body["input"])}
        return web.json_response(body)

    async def _fail(self, request: web.Request, fault: LlmFault) -> web.StreamResponse:
        if fault.hang:
            await self._stop.wait()
        if fault.drop and request.transport is not None:
            request.transport.close()
        if fault.raw is not None:
            return web.Response(body=fault.raw, content_type="application/json")
        if fault.cut or fault.endless:
            return await self._pour(request, fault)
        if fault.to:
            return web.Response(status=307, headers={"Location": fault.to})
        headers = {"retry-after-ms": "1"}
        return web.json_response({"error": {"message": "scripted"}}, status=fault.status, headers=headers)

    async def _pour(self, request: web.Request, fault: LlmFault) -> web.StreamResponse:
        response = web.StreamResponse(status=200 if fault.cut else fault.status)
        response.content_length = 1000 if fault.cut else None
        await response.prepare(request)
        await response.write(b'{"choices": ')
        with suppress(ConnectionError):
            while fault.endless and not self._stop.is_set():
                await response.write(b" " * 1_000_000)
                self.poured += 1_000_000
        if request.transport is not None:
            request.transport.close()
        return response


def by_events(texts: Sequence[str]) -> list[dict[str, Any]]:
    """The `data` of an answer: texts of one event at a cosine of about .9, all others at about .3."""
    return [{"object": "embedding", "index": place, "embedding": meaning_of(text)} for place, text in enumerate(texts)]


def meaning_of(text: str) -> list[float]:
    """A vector of length 1: something that all texts have, the event (or the text itself), and a little of its own."""
    low = text.lower()
    event = next((str(number) for number, words in enumerate(EVENTS) if any(word in low for word in words)), low)
    parts = ((0.55, "text"), (0.78, event), (0.3, f"own {low}"))
    axes = [[share * value for value in _axis(name)] for share, name in parts]
    return _scaled([sum(values) for values in zip(*axes, strict=True)])


def _axis(name: str) -> list[float]:
    drawn = random.Random(name)
    return _scaled([drawn.gauss(0, 1) for _ in range(WIDTH)])


def _scaled(vector: list[float]) -> list[float]:
    length = sum(value * value for value in vector) ** 0.5
    return [value / length for value in vector]


def first_sentences(question: Question) -> dict[str, Any]:
    """A true answer: the first line of each of the first three posts."""
    lines = [(number, text.strip().partition("\n")[0]) for number, text in sorted(question.posts.items())[:3]]
    sentences = [{"text": line, "posts": [number]} for number, line in lines]
    return {"title": sentences[0], "sentences": sentences}


def with_inventions(question: Question) -> dict[str, Any]:
    """The same with an invention of each kind."""
    answer = first_sentences(question)
    answer["sentences"] += [{"text": text, "posts": [1]} for text in INVENTIONS]
    return answer


async def _serve(port: int, answers: Answers) -> None:
    async with LlmService(port, answers=answers) as service:
        sys.stdout.write(service.url + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--invent", action="store_true")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, with_inventions if given.invent else first_sentences))
