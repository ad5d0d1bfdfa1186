"""A language model behind any OpenAI-compatible service: one question, one answer.

Only this file knows `openai` and `httpx2`, which comes with it; `stories/embedding_model.py` asks through it.

The answer is read by hand and up to a limit: what a service sends is input like any other.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from core.errors import ModelError, SettingsError

try:
    import httpx2
    import openai
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient
except ModuleNotFoundError as error:
    if error.name not in ("openai", "httpx2"):
        raise
    reason = "needs a part that is not installed: make llm, or pip install -e '.[llm]'"
    raise SettingsError("a model", reason) from error

Client = AsyncOpenAI
OPENAI = "https://api.openai.com/v1"
TIMEOUT = 30.0  # seconds for one try
WHOLE_TIMEOUT = 45.0  # seconds for a question with its repeats
RETRIES = 1
LONGEST_BODY = 1_000_000  # bytes of an answer, reasoning and all, that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model said, and what it took; the tokens are None where the service does not tell."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class ChatModel:
    """One model of one service."""

    def __init__(self, client: AsyncOpenAI, name: str, *, most_tokens: int, patience: float) -> None:
        """`most_tokens`: what an answer may take; `patience` in seconds, for a question with its repeats."""
        self._client, self.name = client, name
        self._most_tokens, self._patience = most_tokens, patience
        self._structured = True

    async def ask(self, system: str, user: str, schema: Mapping[str, Any]) -> Answer:
        """The answer, JSON of this schema if the service can hold a model to one. Raises ModelError."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        with model_errors():
            async with asyncio.timeout(self._patience):
                if self._structured:
                    with suppress(openai.BadRequestError, openai.UnprocessableEntityError):
                        return await self._call(messages, _structured(schema, self._most_tokens))
                # Older services know neither schemas nor the new name of the limit, newer ones not the old one.
                answer = await self._call(messages, {"max_tokens": self._most_tokens})
                self._structured = False
                return answer

    async def _call(self, messages: list[dict[str, str]], extra: Mapping[str, Any]) -> Answer:
        calls: Any = self._client.chat.completions.with_streaming_response
        return _read(await body_of(calls.create(model=self.name, messages=messages, **extra), LONGEST_BODY))


async def body_of(call: Any, longest: int) -> bytes:
    """The body of the answer to a streaming call. Raises ModelError where it has more bytes than the `longest`."""
    body = bytearray()
    async with call as response:
        async for chunk in response.iter_bytes():
            body += chunk
            if len(body) > longest:
                raise ModelError("the answer is too long", charged=True)
    return bytes(body)


@contextmanager
def model_errors() -> Iterator[None]:
    """Whatever goes wrong inside with a service is a ModelError."""
    try:
        yield
    except (TimeoutError, openai.APITimeoutError) as error:
        raise ModelError("no answer in time", charged=True) from error
    except openai.APIStatusError as error:
        raise ModelError(f"the service answers {error.status_code}") from error
    except openai.APIConnectionError as error:
        raise ModelError("the service cannot be reached") from error
    except openai.OpenAIError as error:
        raise ModelError(type(error).__name__) from error
    except httpx2.HTTPError as error:  # openai hands on as it is what goes wrong while an answer is read
        raise ModelError("the answer is cut off or broken", charged=True) from error
    except UnicodeEncodeError as error:  # a key that was copied with a long dash, say
        raise ModelError("COURANT_LLM_API_KEY has letters that no key has: copy it anew") from error


def client_of(base_url: str | None, api_key: str | None, patience: float) -> Client:
    """A client, to be closed, of the service at `base_url`, with `patience` seconds for one try. It asks nobody else: a
    redirect, which may lead into the private network, is a refusal."""
    http = DefaultAsyncHttpxClient(follow_redirects=False, event_hooks={"response": [_leave_refusal_unread]})
    return AsyncOpenAI(
        base_url=base_url or OPENAI,
        api_key=api_key or "none",
        timeout=patience,
        max_retries=RETRIES,
        http_client=http,
    )


async def _leave_refusal_unread(response: httpx2.Response) -> None:
    """Of a refusal the status says all, and openai would read it to its end, however long it is."""
    if not response.is_success:
        await response.aclose()


@asynccontextmanager
async def open_model(
    name: str,
    *,
    most_tokens: int,
    base_url: str | None,
    api_key: str | None = None,
    patience: float = TIMEOUT,
) -> AsyncIterator[ChatModel]:
    """The model `name` of the service at `base_url` (OpenAI's own if None), with `patience` seconds for one
    try and at most so many tokens an answer; local services need no key."""
    async with client_of(base_url, api_key, patience) as client:
        yield ChatModel(client, name, most_tokens=most_tokens, patience=patience * WHOLE_TIMEOUT / TIMEOUT)


def _structured(schema: Mapping[str, Any], most_tokens: int) -> dict[str, Any]:
    form = {"name": "summary", "strict": True, "schema": schema}
    return {"max_completion_tokens": most_tokens, "response_format": {"type": "json_schema", "json_schema": form}}


def _read(body: bytes) -> Answer:
    try:
        answer = json.loads(body)
        text = answer["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise ModelError("the service answers in no form that is known", charged=True) from error
    if not isinstance(text, str):
        raise ModelError("the model refuses or says nothing", charged=True)
    usage = answer.get("usage")
    taken = usage if isinstance(usage, dict) else {}
    return Answer(text=text, tokens_in=_count(taken, "prompt_tokens"), tokens_out=_count(taken, "completion_tokens"))


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and 0 <= value < 10**9 else None
