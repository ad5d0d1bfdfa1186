"""The tables of the accounts that read."""

from datetime import datetime

from sqlalchemy import Index, false
from sqlmodel import Field

from storage.columns import BigKey, UtcDateTime
from storage.tables.base import Row


class PeerRow(Row, table=True):
    """Where an account finds a channel: its number and the hash that opens it to this account alone; `joined` where
    the account is a member."""

    __tablename__ = "peer"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    account: str = Field(primary_key=True)
    telegram_id: int = Field(sa_type=BigKey)
    access_hash: int = Field(sa_type=BigKey)
    joined: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class AccountRow(Row, table=True):
    """How an account fares, `since` when; `until` when it rests; `told` whether the administrators were told that it
    reads nothing."""

    __tablename__ = "account"
    name: str = Field(primary_key=True)
    state: str
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
    told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class _RefusedRow(Row):
    """`since` is when it was refused, empty of old rows."""

    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    account: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RefusalRow(_RefusedRow, table=True):
    """A channel that an account cannot read for a while."""

    __tablename__ = "refusal"


class JoinRefusalRow(_RefusedRow, table=True):
    """A channel that does not take an account for a member: it asks no more before `until`."""

    __tablename__ = "join_refusal"


class AccountRestRow(Row, table=True):
    """A kind of call that an account has to leave for a while."""

    __tablename__ = "account_rest"
    account: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountCallRow(Row, table=True):
    """A call of a kind that has a daily budget."""

    __tablename__ = "account_call"
    __table_args__ = (Index("ix_account_call_account_kind_at", "account", "kind", "at"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account: str
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)
