"""What a model made of stories, kept so that all readers share it, and what that cost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, null, select
from sqlmodel import col

from core.model import StoryId
from storage.batches import batches
from storage.subject import Subject
from storage.tables import SummaryRow

_KEY = ("story_id", "version", "language", "model", "prompt")
_NAMES = ("story", *_KEY[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryKey:
    """One version of a story (a hash of its posts) in one language, by one model with one prompt."""

    story: StoryId
    version: str
    language: str
    model: str
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Calls of a model, what they took in and gave out in tokens, and their price."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def less(self, other: "Spent") -> "Spent":
        """This without the other: what is to be added where the other was written down and this is true."""
        return Spent(
            calls=self.calls - other.calls,
            tokens_in=self.tokens_in - other.tokens_in,
            tokens_out=self.tokens_out - other.tokens_out,
            cost=self.cost - other.cost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept result: its own JSON, None where nothing of the answer could be used, and what it took."""

    value: Mapping[str, Any] | None
    calls: int = 1
    tokens: int = 0
    cost: float = 0.0


class Summaries(Subject):
    """What the product asks of kept summaries, inside one transaction."""

    async def find(self, keys: Collection[SummaryKey]) -> dict[SummaryKey, Kept]:
        """The kept results among these; the keys may be of several languages, models and prompts."""
        found: dict[SummaryKey, Kept] = {}
        wanted = set(keys)
        columns = [getattr(SummaryRow, name) for name in (*_KEY, "value", "calls", "tokens_in", "tokens_out", "cost")]
        for batch in batches(sorted({key.version for key in wanted})):
            statement = select(*columns).where(col(SummaryRow.version).in_(batch))
            statement = statement.where(col(SummaryRow.story_id).in_({k.story for k in wanted if k.version in batch}))
            for row in await self._connection.execute(statement):
                key = SummaryKey(**{name: getattr(row, f"{name}_id" if name == "story" else name) for name in _NAMES})
                if key in wanted:
                    tokens = row.tokens_in + row.tokens_out
                    found[key] = Kept(value=row.value, calls=row.calls, tokens=tokens, cost=row.cost)
        return found

    async def keep(self, key: SummaryKey, value: Mapping[str, Any] | None, spent: Spent, now: datetime) -> None:
        """Remember the result and add to what it took (less than nothing, where too much was written down before the
        call); an earlier result of the same key gives way."""
        statement = self._upsert(SummaryRow).values(
            story_id=key.story,
            version=key.version,
            language=key.language,
            model=key.model,
            prompt=key.prompt,
            value=null() if value is None else dict(value),
            calls=spent.calls,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            cost=spent.cost,
            made_at=now,
        )
        new = statement.excluded
        summed = {
            name: getattr(new, name) + col(getattr(SummaryRow, name))
            for name in ("calls", "tokens_in", "tokens_out", "cost")
        }
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(_KEY), set_={"value": new.value, "made_at": new.made_at, **summed}
            )
        )

    async def spent(self, since: datetime) -> Spent:
        """What was spent on results made since then."""
        columns = (SummaryRow.calls, SummaryRow.tokens_in, SummaryRow.tokens_out, SummaryRow.cost)
        statement = select(*(func.coalesce(func.sum(col(column)), 0) for column in columns))
        row = (await self._connection.execute(statement.where(col(SummaryRow.made_at) >= since))).one()
        return Spent(calls=int(row[0]), tokens_in=int(row[1]), tokens_out=int(row[2]), cost=float(row[3]))

    async def forget(self, before: datetime) -> None:
        """Delete the results made before then."""
        await self._connection.execute(delete(SummaryRow).where(col(SummaryRow.made_at) < before))
