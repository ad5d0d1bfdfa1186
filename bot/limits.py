"""Pure: how fast Telegram lets a bot send, and how often one chat may ask for what is dear.

By Telegram's own FAQ (https://core.telegram.org/bots/faq): 30 messages a second over all chats, one a second to one
chat, 20 a minute to one group.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

_IDLE_CHATS = 1_000  # how many chats are kept in mind before those that rest are dropped


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` sendings in any `seconds`; `times` are the last of them, oldest first."""

    limit: int
    seconds: float
    times: tuple[float, ...] = ()

    def wait(self, now: float) -> float:
        """Seconds until another one is allowed; 0 is now. A clock that was set back makes nobody wait longer."""
        if len(self.times) < self.limit:
            return 0.0
        return min(max(0.0, self.times[-self.limit] + self.seconds - now), self.seconds)

    def took(self, now: float) -> "Rate":
        return replace(self, times=(*self.times, now)[-self.limit :])


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates of one bot. Groups are the chats with a negative number; channels count as groups."""

    overall: Rate = Rate(30, 1.0)
    a_chat: Rate = Rate(1, 1.0)
    a_group: Rate = Rate(20, 60.0)
    chats: dict[int, tuple[Rate, ...]] = field(default_factory=dict)

    def wait(self, chat: int, now: float) -> float:
        """Seconds until a message may be sent to `chat`."""
        return max(self.overall.wait(now), *(rate.wait(now) for rate in self._rates(chat)))

    def held(self, now: float) -> dict[int, float]:
        """The chats that must wait, and for how many seconds each."""
        waits = {chat: max(rate.wait(now) for rate in rates) for chat, rates in self.chats.items()}
        return {chat: wait for chat, wait in waits.items() if wait > 0}

    def took(self, chat: int, now: float) -> "Limits":
        """The limits after a message to `chat` at `now`. The chats are kept in place, for there may be many."""
        if len(self.chats) >= _IDLE_CHATS and chat not in self.chats:
            for idle in [each for each, rates in self.chats.items() if rates[-1].times[-1] < now - 60]:
                del self.chats[idle]
        self.chats[chat] = tuple(rate.took(now) for rate in self._rates(chat))
        return replace(self, overall=self.overall.took(now))

    def _rates(self, chat: int) -> tuple[Rate, ...]:
        return self.chats.get(chat) or ((self.a_chat, self.a_group) if chat < 0 else (self.a_chat,))


@dataclass(frozen=True, slots=True)
class Share:
    """What each chat may have of something dear: as often as `a_chat` says."""

    a_chat: Rate
    chats: OrderedDict[int, Rate] = field(default_factory=OrderedDict)  # who had it last is the last

    def wait(self, chat: int, now: float) -> float:
        """Seconds until `chat` may have it again."""
        return self.chats.get(chat, self.a_chat).wait(now)

    def took(self, chat: int, now: float) -> None:
        """`chat` has it at `now`. The chats are kept in place; those that rest are dropped."""
        self.chats[chat] = self.chats.get(chat, self.a_chat).took(now)
        self.chats.move_to_end(chat)
        while next(iter(self.chats.values())).times[-1] < now - self.a_chat.seconds:
            self.chats.popitem(last=False)
