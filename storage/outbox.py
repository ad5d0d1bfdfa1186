"""Digests and their parts: written down before they are sent.

waiting ──begin──▶ sending ──▶ sent
   ▲                  ├──▶ waiting   refused for now: again at `not_before`
   │                  ├──▶ failed    refused for good
   ├──the reader──── unsure          the answer was lost or the process died while sending: it may have arrived
   └──is back──────── held           its reader has blocked the bot or is gone, with all of theirs that waited

A part that may have arrived is never sent again by itself: the reader is told and may ask for it. What waits may be
made anew (`renew`) until its sending begins. What is held waits again where its reader comes back within a week, for
they have not been told it. A part that waits while its reader counts as blocked knocks at a group that is closed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.model import DigestId, EditionId, Part, PartId, Reader, ReaderId, ReaderState
from storage.batches import batches
from storage.editions import Editions, NewEdition
from storage.lock import in_turn
from storage.readers import Readers
from storage.subject import Subject
from storage.tables import DRAWN, UNSENT, DigestRow, EditionRow, OutboxRow, ReaderRow, table_of

LONGEST_WAIT = timedelta(days=1)  # before a part is tried again
HELD = timedelta(days=7)  # for readers who may come back
_WAITING, _SENDING, _SENT, _UNSURE, _FAILED = "waiting", "sending", "sent", "unsure", "failed"
_HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPart:
    """A part by its number in its digest; `waits` unless it was sent, failed or is on its way, `held` where it waits
    behind one that knocks at a closed group."""

    number: int
    waits: bool
    held: bool
    payload: Mapping[str, Any]
    attempts: int
    not_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A digest that is on its way, and all its parts in order."""

    digest: DigestId
    reader: ReaderId
    parts: tuple[PendingPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An edition as these parts for several readers; `due` is the moment at which each reader's digest was due."""

    edition: EditionId
    due: Mapping[ReaderId, datetime | None]
    payloads: Sequence[Mapping[str, Any]]


class Outbox(Subject):
    """What the product asks of digests on their way, inside one transaction."""

    async def add(
        self,
        reader: ReaderId,
        value: Mapping[str, Any],
        payloads: Sequence[Mapping[str, Any]],
        *,
        due_at: datetime | None,
        now: datetime,
    ) -> DigestId | None:
        """Keep a digest of one reader, with an edition of its own, and its parts, to be sent from `now` on; None where
        this reader has the digest of `due_at`."""
        edition = await Editions(self._connection).publish(NewEdition(value=value), now)
        return (await self.give(edition, {reader: due_at}, payloads, now)).get(reader)

    async def give(
        self,
        edition: EditionId,
        due: Mapping[ReaderId, datetime | None],
        payloads: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> dict[ReaderId, DigestId]:
        """Keep the same edition and parts for several readers, to be sent from `now` on. `due` is the moment at which
        each reader's digest was due; who has the digest of that moment is missing from what comes back."""
        return await self.give_all([Issue(edition=edition, due=due, payloads=payloads)], now)

    async def give_all(self, issues: Sequence[Issue], now: datetime) -> dict[ReaderId, DigestId]:
        """The same for several issues, each reader being in one of them."""
        rows = [
            {"reader_id": reader, "due_at": due, "made_at": now, "edition_id": issue.edition}
            for issue in issues
            for reader, due in sorted(issue.due.items())
        ]
        if not rows:
            return {}
        statement = (
            self._upsert(DigestRow)
            .on_conflict_do_nothing(index_elements=["reader_id", "due_at"])
            .returning(col(DigestRow.reader_id), col(DigestRow.id))
        )
        added = await self._connection.execute(statement, rows)
        given = {ReaderId(reader): DigestId(key) for reader, key in added}
        parts = [
            row
            for issue in issues
            for reader in sorted(given.keys() & issue.due.keys())
            for row in _rows(given[reader], reader, issue.payloads, now)
        ]
        if parts:
            await self._connection.execute(insert(OutboxRow), parts)
        return given

    async def waiting(self, now: datetime, limit: int, but_of: Collection[int] = ()) -> tuple[Part, ...]:
        """Parts that may be sent now, of each digest the first that is not done; the chats `but_of` are left out. None
        waits for longer than a day: one that is to was written by a clock that has been set back since.

        A reader who paused gets no digest by the hour, but still what was asked for; one who is blocked, only what was
        tried before and waits all the same.
        """
        return await self._parts(_NEXT_PARTS, now=now, later=now + LONGEST_WAIT, but_of=sorted(but_of), most=limit)

    async def begin(self, part: PartId) -> bool:
        """The part is about to be sent; False where it is no longer waiting."""
        began = (
            update(OutboxRow)
            .where(col(OutboxRow.id) == part, col(OutboxRow.state) == _WAITING)
            .values(state=_SENDING, attempts=col(OutboxRow.attempts) + 1)
        )
        return (await self._connection.execute(began)).rowcount == 1

    async def is_sending(self, part: PartId) -> bool:
        """Whether the part is still being sent: another sender may have taken over, and found it interrupted."""
        statement = select(col(OutboxRow.id)).where(col(OutboxRow.id) == part, col(OutboxRow.state) == _SENDING)
        return await self._connection.scalar(statement) is not None

    async def sent(self, part: PartId, message_id: int, now: datetime) -> None:
        """The part arrived as this message."""
        await self._end(part, state=_SENT, message_id=message_id, sent_at=now, reason=None)

    async def again(self, part: PartId, not_before: datetime, reason: str) -> None:
        """The part was refused for now and certainly did not arrive."""
        await self._end(part, state=_WAITING, not_before=not_before, reason=reason)

    async def fail(self, part: PartId, reason: str) -> None:
        """The part was refused for good."""
        await self._end(part, state=_FAILED, reason=reason)

    async def rewrite(self, part: PartId, payload: Mapping[str, Any]) -> None:
        """Put another form of a part in its place, to be sent."""
        await self._end(part, state=_WAITING, payload=dict(payload))

    async def doubt(self, part: Part, notice: Mapping[str, Any] | None, now: datetime, reason: str) -> None:
        """The part may have arrived. `notice` is what the reader is told of it, as one more part of the digest."""
        await self._end(part.id, state=_UNSURE, reason=reason)
        if notice is not None:
            await self.append(part, [notice], now)

    async def append(self, part: Part, payloads: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Put more parts behind the last one of this part's digest."""
        last = select(func.max(col(OutboxRow.part))).where(col(OutboxRow.digest_id) == part.digest)
        first = (await self._connection.scalar(last) or 0) + 1
        if rows := _rows(part.digest, part.reader.id, payloads, now, first=first):
            await self._connection.execute(insert(OutboxRow), rows)

    async def pending(self, digests: Collection[DigestId]) -> tuple[Pending, ...]:
        """These digests with all their parts, in order."""
        found: dict[tuple[int, int], list[PendingPart]] = {}
        for batch in batches(sorted(digests)):
            statement = (
                select(table_of(OutboxRow))
                .where(col(OutboxRow.digest_id).in_(batch))
                .order_by(col(OutboxRow.digest_id), col(OutboxRow.part))
            )
            for row in await self._connection.execute(statement):
                found.setdefault((row.digest_id, row.reader_id), []).append(
                    PendingPart(
                        number=row.part,
                        waits=row.state in {_WAITING, _HELD},
                        held=row.state == _HELD,
                        payload=row.payload,
                        attempts=row.attempts,
                        not_before=row.not_before,
                    )
                )
        return tuple(
            Pending(digest=DigestId(digest), reader=ReaderId(reader), parts=tuple(parts))
            for (digest, reader), parts in found.items()
        )

    async def renew(self, pending: Pending, edition: EditionId, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Put these payloads in the place of those that wait and tell stories. What waits behind them (a question, a
        notice) still does; what was sent stays, and behind one that knocks what was held is held. The digest is of this
        edition then."""
        waiting = [part for part in pending.parts if part.waits]
        telling = [part for part in waiting if "stories" in part.payload]
        if not telling:
            return
        first = telling[0]
        behind = [part.payload for part in waiting if part.number > first.number and part not in telling]
        await self._connection.execute(
            delete(OutboxRow).where(
                col(OutboxRow.digest_id) == pending.digest,
                col(OutboxRow.state).in_([_WAITING, _HELD]),
                col(OutboxRow.part) >= first.number,
            )
        )
        done = [part.number for part in pending.parts if not part.waits and part.number > first.number]
        number = max(done) + 1 if done else first.number
        new = [*payloads, *behind]
        rows = _rows(pending.digest, pending.reader, new, first.not_before, first=number, attempts=first.attempts)
        if held := next((part for part in waiting if part.held), None):
            rows[1:] = [{**row, "state": _HELD, "not_before": held.not_before} for row in rows[1:]]
        if rows:
            await self._connection.execute(insert(OutboxRow), rows)
        renewed = update(DigestRow).where(col(DigestRow.id) == pending.digest).values(edition_id=edition)
        await self._connection.execute(renewed)

    async def interrupted(self) -> tuple[Part, ...]:
        """Parts that were being sent when the process died. Only the one sender may ask, before it sends."""
        return await self._parts(_PARTS.where(col(OutboxRow.state) == _SENDING).order_by(col(OutboxRow.id)))

    async def resend(self, part: PartId, reader: ReaderId, now: datetime) -> bool:
        """The reader did not get the part: send it again. False where it is not in doubt, or another reader's."""
        wanted = (
            update(OutboxRow)
            .where(col(OutboxRow.id) == part, col(OutboxRow.reader_id) == reader, col(OutboxRow.state) == _UNSURE)
            .values(state=_WAITING, not_before=now)
        )
        return (await self._connection.execute(wanted)).rowcount == 1

    async def drop_waiting(self, reader: ReaderId, reason: str) -> None:
        """Nothing more goes to this reader, ever: its waiting parts have failed."""
        await self._all_of(reader, _WAITING, state=_FAILED, reason=reason)

    async def hold(self, reader: ReaderId, now: datetime, reason: str) -> None:
        """Nothing goes to this reader (blocked, gone) until they are back: its waiting parts are held, all since
        `now`."""
        await self._all_of(reader, _WAITING, state=_HELD, not_before=now, reason=reason)

    async def unhold(self, reader: ReaderId, now: datetime) -> None:
        """This reader is back: what was held waits again, but for what was held for too long."""
        await self._all_of(reader, _WAITING, state=_WAITING, not_before=now)
        await self._all_of(reader, _HELD, col(OutboxRow.not_before) >= now - HELD, state=_WAITING)
        await self._all_of(reader, _HELD, state=_FAILED)

    async def value(self, digest: DigestId, reader: ReaderId) -> dict[str, Any] | None:
        """A digest of this reader, as it was composed."""
        statement = (
            select(col(EditionRow.value))
            .join(DigestRow, col(DigestRow.edition_id) == col(EditionRow.id))
            .where(col(DigestRow.id) == digest, col(DigestRow.reader_id) == reader)
        )
        value: dict[str, Any] | None = await self._connection.scalar(statement)
        return value

    async def forget_payloads(self, before: datetime, limit: int) -> int:
        """Drop the drawn messages of at most `limit` parts that were sent, or refused for good, and were written before
        then, the oldest first; how many. That each was sent, when and as which message stays, and its edition says what
        it said."""
        await in_turn(self._connection)  # a reader who is forgotten takes parts along
        old = (
            select(col(OutboxRow.id))
            .where(text(DRAWN), col(OutboxRow.not_before) < before)
            .order_by(col(OutboxRow.not_before))
            .limit(limit)
        )
        emptied = update(OutboxRow).where(col(OutboxRow.id).in_(old)).values(payload={})
        return (await self._connection.execute(emptied)).rowcount

    async def give_up(self, before: datetime) -> None:
        """What was held since before then has failed: its reader has not come back."""
        stale = (text(UNSENT), col(OutboxRow.state) == _HELD, col(OutboxRow.not_before) < before)
        await self._connection.execute(update(OutboxRow).where(*stale).values(state=_FAILED))

    async def release(self, after: datetime) -> None:
        """What was made for moments after this one, by a clock that was ahead, was made for none: once they have come,
        readers get their digests."""
        await self._connection.execute(update(DigestRow).where(col(DigestRow.due_at) > after).values(due_at=None))

    async def last_due(self, readers: Collection[ReaderId], now: datetime) -> dict[ReaderId, datetime | None]:
        """When the last digest that came at its hour was due, of each of these readers to whom one came."""
        found: dict[ReaderId, datetime | None] = {}
        for batch in batches(sorted(readers)):
            came = (col(DigestRow.reader_id).in_(batch), col(DigestRow.due_at) <= now)
            statement = select(col(DigestRow.reader_id), func.max(col(DigestRow.due_at))).where(*came)
            rows = await self._connection.execute(statement.group_by(col(DigestRow.reader_id)))
            found |= {ReaderId(row[0]): row[1] for row in rows}
        return found

    async def last_made(self) -> dict[ReaderId, datetime]:
        """When the last digest of each reader was made."""
        statement = select(col(DigestRow.reader_id), func.max(col(DigestRow.made_at))).group_by(
            col(DigestRow.reader_id)
        )
        return {ReaderId(key): moment for key, moment in await self._connection.execute(statement)}

    async def counts(self) -> dict[str, int]:
        """How many digests were made, and how many parts are in each state. Monitors ask for it every few seconds:
        those that were sent, which are nearly all, are what the others leave."""
        states = select(col(OutboxRow.state), func.count()).where(text(UNSENT)).group_by(col(OutboxRow.state))
        unsent = {row[0]: row[1] for row in await self._connection.execute(states)}
        every = await self._connection.scalar(select(func.count()).select_from(OutboxRow)) or 0
        numbers = {_SENT: every - sum(unsent.values()), **unsent}
        parts = {f"parts_{state}": number for state, number in numbers.items() if number}
        return {"digests": await self._connection.scalar(select(func.count()).select_from(DigestRow)) or 0, **parts}

    async def _all_of(self, reader: ReaderId, state: str, /, *conditions: ColumnElement[bool], **fields: Any) -> None:
        those = (col(OutboxRow.reader_id) == reader, col(OutboxRow.state) == state, *conditions)
        await self._connection.execute(update(OutboxRow).where(*those).values(**fields))

    async def _end(self, part: PartId, **fields: Any) -> None:
        await self._connection.execute(update(OutboxRow).where(col(OutboxRow.id) == part).values(**fields))

    async def _parts(self, statement: Select[Any], **values: Any) -> tuple[Part, ...]:
        rows = (await self._connection.execute(statement, values)).all()
        readers: dict[int, Reader] = {}
        if rows:
            wanted = {row.reader_id for row in rows}
            readers = {reader.id: reader for reader in await Readers(self._connection).by_ids(wanted)}
        return tuple(
            Part(
                id=PartId(row.id),
                digest=DigestId(row.digest_id),
                reader=readers[row.reader_id],
                part=row.part,
                payload=row.payload,
                attempts=row.attempts,
                edition=EditionId(row.edition_id) if row.edition_id else None,
            )
            for row in rows
            if row.reader_id in readers  # else they have had all forgotten since
        )


def _rows(
    digest: DigestId,
    reader: ReaderId,
    payloads: Sequence[Mapping[str, Any]],
    not_before: datetime,
    *,
    first: int = 0,
    attempts: int = 0,
) -> list[dict[str, Any]]:
    """Parts of a digest from number `first` on."""
    return [
        {
            "digest_id": digest,
            "reader_id": reader,
            "part": number,
            "payload": dict(payload),
            "state": _WAITING,
            "attempts": attempts,
            "not_before": not_before,
        }
        for number, payload in enumerate(payloads, first)
    ]


_PARTS: Select[Any] = select(
    col(OutboxRow.id),
    col(OutboxRow.digest_id),
    col(OutboxRow.reader_id),
    col(OutboxRow.part),
    col(OutboxRow.payload),
    col(OutboxRow.attempts),
    col(DigestRow.edition_id),
).join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
_BEFORE = aliased(OutboxRow)
# of each digest the first that is not done, in the order in which they are sent
_NEXT_PARTS = (
    _PARTS.join(ReaderRow, col(ReaderRow.id) == col(OutboxRow.reader_id))
    .where(
        col(OutboxRow.state) == _WAITING,
        or_(
            col(OutboxRow.not_before) <= bindparam("now"),
            col(OutboxRow.not_before) > bindparam("later"),
        ),
        or_(
            col(ReaderRow.state).in_([ReaderState.ACTIVE.value, ReaderState.PAUSED.value]),
            and_(col(ReaderRow.state) == ReaderState.BLOCKED.value, col(OutboxRow.attempts) > 0),
        ),
        col(ReaderRow.chat_id).not_in(bindparam("but_of", expanding=True)),
        ~exists().where(
            col(_BEFORE.digest_id) == col(OutboxRow.digest_id),
            col(_BEFORE.part) < col(OutboxRow.part),
            col(_BEFORE.state).in_([_WAITING, _SENDING]),
        ),
    )
    .order_by(col(OutboxRow.not_before), col(OutboxRow.id))
    .limit(bindparam("most"))
)
