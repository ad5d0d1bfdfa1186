"""The accounts that read, and how they fare."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import ChannelId


class AccountState(StrEnum):
    READING = "reading"
    RESTING = "resting"  # Telegram asked it to wait
    UNREACHABLE = "unreachable"  # Telegram does not answer
    SIGNED_OUT = "signed_out"
    BANNED = "banned"  # or frozen: only its owner and Telegram can settle it


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """How an account fares `since` when, and why; `until` when it rests; `told` where the administrators know that it
    reads nothing."""

    name: str
    state: AccountState
    since: datetime
    until: datetime | None = None
    reason: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A channel that an account cannot read before `until`."""

    channel: ChannelId
    account: str
    until: datetime
    reason: str
