"""How the accounts fare, what each may not read or call for a while, and what it has called."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, insert, or_, select
from sqlmodel import col

from core.model import AccountState, AccountStatus, ChannelId, Refusal
from storage.subject import Subject
from storage.tables import AccountCallRow, AccountRestRow, AccountRow, JoinRefusalRow, RefusalRow, table_of

_KEPT = timedelta(days=7)  # what is over, to know what is no news


class Accounts(Subject):
    """What the product asks of accounts, inside one transaction."""

    async def begin(self, names: Collection[str], now: datetime) -> None:
        """These are the accounts now: what is kept of others goes, and of what is long over."""
        for table in (AccountRestRow, RefusalRow, JoinRefusalRow):
            await self._connection.execute(
                delete(table).where((col(table.account).not_in(sorted(names))) | (col(table.until) <= now - _KEPT))
            )
        await self._connection.execute(delete(AccountRow).where(col(AccountRow.name).not_in(sorted(names))))
        if rows := [
            {"name": name, "state": AccountState.READING.value, "since": now, "told": False} for name in sorted(names)
        ]:
            await self._connection.execute(
                self._upsert(AccountRow).on_conflict_do_nothing(index_elements=["name"]), rows
            )

    async def all(self) -> tuple[AccountStatus, ...]:
        """How each account fares, by name."""
        statement = select(table_of(AccountRow)).order_by(col(AccountRow.name))
        return tuple(
            AccountStatus(
                name=row.name,
                state=AccountState(row.state),
                since=row.since,
                until=row.until,
                reason=row.reason,
                told=row.told,
            )
            for row in await self._connection.execute(statement)
        )

    async def fares(
        self,
        name: str,
        state: AccountState,
        now: datetime,
        *,
        until: datetime | None = None,
        reason: str | None = None,
        told: bool = False,
    ) -> None:
        """Keep how an account fares, and whether the administrators were told that it reads nothing; since when stays
        while its state does."""
        values = {"state": state.value, "until": until, "reason": reason, "told": told}
        statement = self._upsert(AccountRow).values(name=name, since=now, **values)
        since = case((col(AccountRow.state) == state.value, col(AccountRow.since)), else_=statement.excluded.since)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={**values, "since": since})
        )

    # ---- channels that an account cannot read
    async def refuse(self, refusal: Refusal, now: datetime) -> bool:
        """Keep that the account cannot read the channel from now on for a while, in place of what was kept of it; gives
        whether that is news, and not what was so before it was tried again."""
        before = await self._connection.scalar(
            select(col(RefusalRow.until)).where(
                col(RefusalRow.channel_id) == refusal.channel, col(RefusalRow.account) == refusal.account
            )
        )
        await self._put(RefusalRow, [_row_of(refusal, now)])
        return before is None

    async def refusals(self, now: datetime, channels: Collection[ChannelId] | None = None) -> tuple[Refusal, ...]:
        """What accounts cannot read now, of all channels or of these."""
        statement = select(table_of(RefusalRow)).where(_holds(RefusalRow, now))
        if channels is not None:
            statement = statement.where(col(RefusalRow.channel_id).in_(sorted(channels)))
        return tuple(
            Refusal(channel=ChannelId(row.channel_id), account=row.account, until=row.until, reason=row.reason)
            for row in await self._connection.execute(statement)
        )

    # ---- channels that do not take an account for a member
    async def refuse_to_join(self, refusal: Refusal, now: datetime) -> None:
        """Keep that the account is not to ask to become a member of the channel from now on for a while."""
        await self._put(JoinRefusalRow, [_row_of(refusal, now)])

    async def join_refusal(self, account: str, channel: ChannelId, now: datetime) -> Refusal | None:
        """Why the account is not to ask to become a member of the channel now, if it is not to."""
        statement = select(col(JoinRefusalRow.until), col(JoinRefusalRow.reason)).where(
            col(JoinRefusalRow.channel_id) == channel,
            col(JoinRefusalRow.account) == account,
            _holds(JoinRefusalRow, now),
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return Refusal(channel=channel, account=account, until=row.until, reason=row.reason) if row else None

    # ---- calls
    async def rest(self, account: str, kind: str, until: datetime, reason: str, now: datetime) -> None:
        """The account is to leave calls of this kind from now on until then."""
        row = {"account": account, "kind": kind, "until": until, "reason": reason, "since": now}
        await self._put(AccountRestRow, [row])

    async def rests(self, now: datetime) -> Mapping[str, Mapping[str, tuple[datetime, str]]]:
        """By account and kind of call: until when it is left now, and why."""
        found: dict[str, dict[str, tuple[datetime, str]]] = {}
        statement = select(table_of(AccountRestRow)).where(_holds(AccountRestRow, now))
        for row in await self._connection.execute(statement):
            found.setdefault(row.account, {})[row.kind] = row.until, row.reason
        return found

    async def called(self, account: str, kind: str, at: datetime, forget_before: datetime) -> None:
        """Count a call; those before `forget_before` count no more, nor those from after `at`: the clock has
        been set back since."""
        await self._connection.execute(
            delete(AccountCallRow).where(
                col(AccountCallRow.account) == account,
                col(AccountCallRow.kind) == kind,
                or_(col(AccountCallRow.at) < forget_before, col(AccountCallRow.at) > at),
            )
        )
        await self._connection.execute(insert(AccountCallRow).values(account=account, kind=kind, at=at))

    async def calls(self, account: str, kind: str, since: datetime) -> Sequence[datetime]:
        """When the account made calls of this kind, in their order."""
        statement = (
            select(col(AccountCallRow.at))
            .where(
                col(AccountCallRow.account) == account,
                col(AccountCallRow.kind) == kind,
                col(AccountCallRow.at) >= since,
            )
            .order_by(col(AccountCallRow.at))
        )
        return [row.at for row in await self._connection.execute(statement)]


def _row_of(refusal: Refusal, now: datetime) -> dict[str, Any]:
    return {
        "channel_id": refusal.channel,
        "account": refusal.account,
        "until": refusal.until,
        "reason": refusal.reason,
        "since": now,
    }


def _holds(table: type[RefusalRow | JoinRefusalRow | AccountRestRow], now: datetime) -> ColumnElement[bool]:
    """Whether something lasts: it is not over, nor from a time when the clock was ahead."""
    return and_(col(table.until) > now, or_(col(table.since).is_(None), col(table.since) <= now))
