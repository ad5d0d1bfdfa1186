"""What posts mean to an embedding model, kept so that it is asked once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from core.model import PostId
from storage.batches import batches
from storage.subject import Subject
from storage.tables import EmbeddingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """A post's unit vector in float16 bytes; `text`: a hash of the text that it is of."""

    post: PostId
    text: str
    vector: bytes


class Embeddings(Subject):
    """What the product asks of kept embeddings, inside one transaction."""

    async def find(self, model: str, posts: Collection[PostId]) -> list[Embedding]:
        """What this model said of these posts, in the order of their keys."""
        found: list[Embedding] = []
        for batch in batches(sorted(posts)):
            statement = (
                select(col(EmbeddingRow.post_id), col(EmbeddingRow.text), col(EmbeddingRow.vector))
                .where(col(EmbeddingRow.model) == model, col(EmbeddingRow.post_id).in_(batch))
                .order_by(col(EmbeddingRow.post_id))
            )
            for post, text, vector in await self._connection.execute(statement):
                found.append(Embedding(post=PostId(post), text=text, vector=bytes(vector)))
        return found

    async def keep(self, model: str, embeddings: Sequence[Embedding], now: datetime) -> None:
        """Remember what a model said; what it said of the same posts before gives way."""
        rows = [
            {"post_id": each.post, "model": model, "text": each.text, "vector": each.vector, "made_at": now}
            for each in embeddings
        ]
        await self._put(EmbeddingRow, rows)

    async def forget(self, before: datetime) -> None:
        """Delete what was said before then."""
        await self._connection.execute(delete(EmbeddingRow).where(col(EmbeddingRow.made_at) < before))
