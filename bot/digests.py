"""Digests on their way to a reader: built, rendered in the reader's look, written into the outbox."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.asked import MADE_AT_ONCE, Asked
from bot.corrections import Amendments, amendments, version
from bot.issues import AT_ONCE, Draft, draw, publish, together, write_down
from bot.limits import Rate, Share
from bot.looks import Looks
from bot.outgoing import View, payload
from bot.recollection import told_before
from bot.views.digest import not_yet
from bot.windows import Window
from core.clock import Clock, Monotonic
from core.model import Reader, ReaderId, StoryId
from digest.build import Made, Wish, known_of, make_digests, wish_of
from digest.earlier import with_earlier
from digest.model import Correction, Earlier
from digest.summaries.writer import Writer
from digest.telling import Views
from storage.store import Store

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
TWICE = timedelta(seconds=10)  # within which the same digest is not made again: who taps twice wants one
LONGEST = timedelta(days=7)  # of what a digest tells at most, after a downtime or when asked for
OFTEN = Rate(10, 600.0)  # how often one chat, with its topics, may ask for a digest

_Told = tuple[tuple[Correction, ...], tuple[tuple[StoryId, Earlier], ...]]  # what is no longer so, and headlines


class Desk:
    """Where digests are asked for. Each goes through the outbox, so that it is sent once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        wake: asyncio.Event,
        looks: Looks,
        writer: Writer | None = None,
        admins: Collection[int] = (),
        *,
        often: Rate | None = OFTEN,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """`admins` are those who run the place: they are told what to do where nothing is read. `often`: how often a
        chat may ask for a digest, None for always; `monotonic` gives seconds that only grow, for that."""
        self._store, self._clock, self._wake, self._looks, self._writer = store, clock, wake, looks, writer
        self._admins = frozenset(admins)
        self._asked, self._monotonic = Share(often) if often else None, monotonic
        self._on_demand = Asked(self._make, writer)
        self._looking_up = asyncio.Semaphore(MADE_AT_ONCE)

    def asks(self, chat: int) -> float:
        """A chat asks for a digest: the seconds until it may have one. Where that is now, it is counted."""
        now = self._monotonic()
        seconds = self._asked.wait(chat, now) if self._asked else 0.0
        if self._asked and not seconds:
            self._asked.took(chat, now)
        return seconds

    async def mark(self, reader: Reader, line: str) -> str | None:
        """What a digest that is asked for by this line is known by; None where the same one, by the same settings and
        tastes, was made just now."""
        now = self._clock()
        async with self._store.read() as tx:
            taste = await tx.tastes.of(reader.id)
            wanted = (line, replace(reader, due_at=None, told_until=None, asking=None), taste)
            mark = f"digest {blake2b(repr(wanted).encode(), digest_size=8).hexdigest()}"
            return None if await tx.queries.asked_within(reader.id, mark, TWICE, now) else mark

    async def now(
        self,
        reader: Reader,
        window: Window,
        *,
        lists: Sequence[str] | None = None,
        behind: View | None = None,
        mark: str = "",
    ) -> None:
        """Bring a digest of what was published in this window, of these lists or of all that is followed; what was told
        already is told again. `behind` is a message that follows it, `mark` what it is known by."""
        now = self._clock()
        draft = await self._on_demand.draft(reader, _wish(reader, window, lists))
        if (made := draft.made) is None:
            return
        parts = draft.parts[draft.looks[reader.id]]
        if behind:
            parts = [*parts, payload(behind)]
        told = made.told
        if lists is not None:
            async with self._looking_up:  # all who waited for one digest come here together
                told = await known_of(self._store, made, lists, reader)
        async with self._store.begin() as tx:
            if not await tx.readers.hold([reader.id]):
                return  # has had all forgotten while it was made
            keys = await publish(tx, [draft], now)
            await tx.outbox.give(keys[draft], {reader.id: None}, parts, now)
            await tx.memories.remember(reader.id, told)
            corrected = [version(each) for each in made.digest.corrections]
            await tx.editions.remember_corrected({reader.id: corrected}, now)
            if mark:  # in one transaction with the digest: where that is lost, so is this, and the next one is made
                await tx.queries.note(reader.id, mark, self._clock())
        draft.key = keys[draft]
        self._wake.set()

    async def _make(
        self, readers: Mapping[ReaderId, Reader], wishes: Mapping[ReaderId, Wish], writer: Writer | None
    ) -> list[Draft]:
        """What readers get who have asked for the same at one time."""
        now = self._clock()
        matter = next(iter(wishes.values())).matter
        digests = make_digests(self._store, wishes, now, Views(matter.language), writer)
        made = [some async for some in digests]
        return await self._drawn(matter, made, readers, await amendments(self._store, now), now)

    async def _read_before(self, wish: Wish) -> bool:
        """Whether any of the channels has been read; just after the first start none has, and that is no quiet day."""
        async with self._store.read() as tx:
            followed = await tx.channels.followed(wish.lists, wish.channels)
            if await tx.posts.any_of(followed.values()):
                return True
            return any(each.read_at for each in await tx.channels.present() if each.channel.name in followed)

    async def first(self, reader: Reader, behind: View) -> None:
        """Bring the first digest and the first question behind it; where no digest can be built, the question alone."""
        now = self._clock()
        try:
            await self.now(reader, Window(now - DAY, now), behind=behind)
        except Exception:
            log.exception("the first digest of reader %d could not be built", reader.id)
            async with self._store.begin() as tx:
                await tx.outbox.add(reader.id, {}, [payload(behind)], due_at=None, now=now)
            self._wake.set()

    async def due(
        self, readers: Sequence[Reader], following: Mapping[ReaderId, datetime], now: datetime
    ) -> tuple[int, tuple[ReaderId, ...]]:
        """Bring the digests that are due, each once; how many, and the readers for whom that failed. One is left out
        where another process was first, or the reader changed the hour meanwhile. `following` is each one's next
        moment. Readers who want the same of the same posts are served together."""
        alike: defaultdict[Wish, list[Reader]] = defaultdict(list)
        for reader in readers:
            alike[_wish_at(reader, now).matter].append(reader)
        amended = await amendments(self._store, now)
        views = {matter.language: Views(matter.language) for matter in alike}
        brought = 0
        failed: list[ReaderId] = []
        for matter, group in alike.items():
            served: set[ReaderId] = set()
            try:
                async with aclosing(self._drafts(matter, group, amended, views[matter.language], now)) as drafts:
                    async for some in drafts:
                        for issues in together(some):
                            brought += await write_down(self._store, issues, following, now)
                            served.update(reader.id for _, readers in issues for reader in readers)
                            self._wake.set()
            except Exception:
                missed = [reader.id for reader in group if reader.id not in served]
                failed += missed
                log.exception("digests for %d readers could not be built", len(missed))
        if brought:
            log.info("%d readers have got their digests", brought)
        return brought, tuple(failed)

    async def _drafts(
        self, matter: Wish, readers: Sequence[Reader], amended: Amendments, views: Views, now: datetime
    ) -> AsyncGenerator[list[Draft]]:
        """What readers of this matter get, drawn, for a hundred of them and more at a time: those who want the same,
        know the same and were told the same share a draft."""
        if not matter.lists and not matter.channels:
            yield [Draft(made=None, readers=readers)]
            return
        waiting = {reader.id: reader for reader in readers}
        wishes = {reader.id: _wish_at(reader, now) for reader in readers}
        some: list[tuple[Sequence[ReaderId], Made]] = []
        async with aclosing(make_digests(self._store, wishes, now, views, self._writer)) as digests:
            async for group, made in digests:
                some.append((group, made))
                if sum(len(each) for each, _ in some) >= AT_ONCE:
                    yield await self._drawn(matter, some, waiting, amended, now)
                    some = []
        if some:
            yield await self._drawn(matter, some, waiting, amended, now)

    async def _drawn(
        self,
        matter: Wish,
        made: Sequence[tuple[Sequence[ReaderId], Made]],
        readers: Mapping[ReaderId, Reader],
        amended: Amendments,
        now: datetime,
    ) -> list[Draft]:
        corrections = await amended.of([reader for group, _ in made for reader in group])
        earlier = await told_before(self._store, [(group, each.digest) for group, each in made], now)
        drafts: list[Draft] = []
        unread = any(not each.digest.posts for _, each in made) and not await self._read_before(matter)
        for group, each in made:
            alike: defaultdict[tuple[_Told, View | None], list[Reader]] = defaultdict(list)
            for reader in map(readers.__getitem__, group):
                told = corrections[reader.id], tuple(sorted(earlier[reader.id].items()))
                admin = reader.chat_id in self._admins
                nothing = not each.digest.posts and not corrections[reader.id]
                instead = not_yet(reader.language, admin=admin) if unread and nothing else None
                alike[told, instead].append(reader)
            drafts += [
                Draft(made=_with(each, *told), readers=some, instead=instead) for (told, instead), some in alike.items()
            ]
        await asyncio.to_thread(draw, drafts, self._looks)
        return drafts


def _wish_at(reader: Reader, now: datetime) -> Wish:
    """What the reader's digest is made of that is due now, whoever the reader is."""
    since = max(reader.told_until or now - DAY, now - LONGEST)
    if since > now:  # the clock has been set back: when the reader was told of what is not known, but of what it is
        since = now - LONGEST
    return replace(wish_of(reader, since, now), reader=None)


def _with(made: Made, corrections: tuple[Correction, ...], earlier: Iterable[tuple[StoryId, Earlier]] = ()) -> Made:
    digest = with_earlier(made.digest, dict(earlier))
    return replace(made, digest=replace(digest, corrections=corrections))


def _wish(reader: Reader, window: Window, lists: Sequence[str] | None) -> Wish:
    """What a digest that is asked for is made of: what was told comes again; `lists` instead of what is followed."""
    wish = wish_of(reader, window.since, window.until, repeat=True)
    return wish if lists is None else replace(wish, lists=tuple(lists), channels=())
