"""The shell around what posts mean: kept vectors are taken, missing ones asked for, and nobody waits long for them.

Whatever the service does, posts go into their stories: without a vector the words decide alone.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from core.clock import Clock
from core.errors import ModelError
from core.model import Post, PostId
from digest.stories.cluster import WINDOW
from storage.embeddings import Embedding
from storage.store import Store

AT_ONCE = 64  # texts in a question
LONGEST = 1000  # characters of a post that are asked about
REST = timedelta(minutes=1)  # after a failure
KEPT = 2 * WINDOW

log = logging.getLogger(__name__)


class Embedder(Protocol):
    """What gives texts their vectors; see `digest.stories.embedding_model.EmbeddingModel`."""

    @property
    def name(self) -> str: ...

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes | None]:
        """A unit vector in float16 bytes for each of up to 64 texts, None where there is none. Raises ModelError."""
        ...


class Vectors:
    """The vectors of posts by one model."""

    def __init__(self, store: Store, clock: Clock, embedder: Embedder) -> None:
        self._store, self._clock, self._embedder = store, clock, embedder
        self._rests_until: datetime | None = None
        self._missed = 0  # texts without a vector since the last failure was told

    async def kept(self, posts: Sequence[Post]) -> dict[PostId, bytes]:
        """The kept vectors of these posts as they read now."""
        texts = {post.id: _hash(_text(post)) for post in posts}
        async with self._store.read() as tx:
            found = await tx.embeddings.find(self._embedder.name, list(texts))
        return {each.post: each.vector for each in found if each.text == texts[each.post]}

    async def of(self, posts: Sequence[Post]) -> dict[PostId, bytes]:
        """The same; missing ones are asked for and kept, but not those of posts of long ago, which nobody waits for."""
        known = await self.kept(posts)
        since = self._clock() - WINDOW
        missing = [post for post in posts if post.id not in known and post.date >= since and _text(post)]
        for at in range(0, len(missing), AT_ONCE):
            known |= await self._ask(missing[at : at + AT_ONCE])
        return known

    async def _ask(self, posts: Sequence[Post]) -> dict[PostId, bytes]:
        now = self._clock()
        until = self._rests_until
        if until is not None and until - REST <= now < until:  # not where the clock was set back since
            self._missed += len(posts)
            return {}
        texts = [_text(post) for post in posts]
        try:
            vectors = await self._embedder.embed(texts)
        except ModelError as error:
            self._rests_until = now + REST
            self._tell(len(posts), str(error))
            return {}
        self._rests_until = None
        new = [
            Embedding(post=post.id, text=_hash(text), vector=vector)
            for post, text, vector in zip(posts, texts, vectors, strict=True)
            if vector is not None
        ]
        if len(new) < len(posts):
            self._tell(len(posts) - len(new), "the answer lacks vectors, or has some that are none")
        elif self._missed:
            log.info("embeddings are back; %d posts went without", self._missed)
            self._missed = 0
        async with self._store.begin() as tx:
            await tx.embeddings.keep(self._embedder.name, new, now)
            await tx.embeddings.forget(now - KEPT)
        return {each.post: each.vector for each in new}

    def _tell(self, missed: int, reason: str) -> None:
        """Once, until all is well again."""
        if not self._missed:
            log.warning("stories go by the words alone where embeddings are missing: %s", reason)
        self._missed += missed


def _text(post: Post) -> str:
    return post.body.strip()[:LONGEST]


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
