"""An embedding model behind any OpenAI-compatible service: texts in, vectors out.

The answer is read by hand, up to a limit and off the event loop.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from core.errors import ModelError
from digest.llm import Client, body_of, client_of, model_errors

PATIENCE = 10.0  # seconds for a question with its repeats
LONGEST_BODY = 16_000_000  # bytes: 64 vectors of 8,192 numbers as most services write them
WIDEST = 8192


class EmbeddingModel:
    """One model of one service; the width of its vectors is that of the first that it gave."""

    def __init__(self, client: Client, name: str, patience: float) -> None:
        self._client, self.name, self._patience = client, name, patience
        self._width: int | None = None

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes | None]:
        """A unit vector in float16 bytes for each text; None where the answer has none that can be used. Raises
        ModelError."""
        calls: Any = self._client.embeddings.with_streaming_response
        with model_errors():
            async with asyncio.timeout(self._patience):
                call = calls.create(model=self.name, input=list(texts), encoding_format="float")
                body = await body_of(call, LONGEST_BODY)
        vectors = await asyncio.to_thread(read_vectors, body, len(texts))
        self._width = self._width or next((len(vector) for vector in vectors if vector), None)
        return [vector if vector and len(vector) == self._width else None for vector in vectors]


@asynccontextmanager
async def open_embedder(
    name: str, *, base_url: str | None = None, api_key: str | None = None, patience: float = PATIENCE
) -> AsyncIterator[EmbeddingModel]:
    """The model `name` of the service at `base_url` (OpenAI's own if None), with `patience` seconds a question."""
    async with client_of(base_url, api_key, patience) as client:
        yield EmbeddingModel(client, name, patience)


def read_vectors(body: bytes, number: int) -> list[bytes | None]:
    """The vectors of an answer to so many texts, by their place. Raises ModelError where it is no such answer."""
    try:
        items = json.loads(body)["data"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise ModelError("the service answers in no form that is known", charged=True) from error
    if not isinstance(items, list):
        raise ModelError("the service answers in no form that is known", charged=True)
    found: list[bytes | None] = [None] * number
    for item in items[:number]:
        place = item.get("index") if isinstance(item, dict) else None
        if type(place) is int and 0 <= place < number:
            found[place] = _unit(item.get("embedding"))
    return found


def _unit(values: object) -> bytes | None:
    if not isinstance(values, list) or not 1 < len(values) <= WIDEST:
        return None
    if not all(type(value) is float or type(value) is int for value in values):
        return None
    try:
        vector = np.array(values, dtype=np.float64)
    except OverflowError:
        return None
    with np.errstate(all="ignore"):
        unit = vector / np.linalg.norm(vector)
    return unit.astype(np.float16).tobytes() if np.isfinite(unit).all() and unit.any() else None
