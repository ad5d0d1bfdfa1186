"""Pure: what calls of a model cost, and whether a day's budget has room for one more."""

from dataclasses import dataclass
from datetime import UTC, datetime

from storage.summaries import Spent

DAILY_TOKENS = 300_000  # about 150 stories
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent a day (UTC): tokens, in and out together, and money (None: no limit of its own) at these prices
    for a million tokens, in whatever currency they are given."""

    tokens: int = DAILY_TOKENS
    cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    def spent(self, tokens_in: int, tokens_out: int) -> Spent:
        """One call with its price."""
        cost = (tokens_in * self.price_in + tokens_out * self.price_out) / _MILLION
        return Spent(calls=1, tokens_in=tokens_in, tokens_out=tokens_out, cost=cost)

    def allows(self, *spent: Spent) -> bool:
        """Whether all of these together stay within the budget."""
        if sum(each.tokens for each in spent) > self.tokens:
            return False
        return self.cost is None or sum(each.cost for each in spent) <= self.cost


def day_start(now: datetime) -> datetime:
    """The moment from which today's spending counts."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
