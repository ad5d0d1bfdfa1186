"""What was told and is no longer so: the shell around `digest.corrections`.

A part that waits is made anew before it is sent, where a post that it cites has changed since it was written. What has
been sent already stands: the reader's next digest tells what of it is no longer so.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.drawing import edition_of, payloads
from bot.looks import CLASSIC, RICH
from core.clock import Clock
from core.model import DigestId, EditionId, Part, Post, PostId, ReaderId, StoryId
from digest.build import Made
from digest.corrections import corrections, put_right, still_there
from digest.kept import from_kept
from digest.model import Correction, Digest
from storage.editions import Change, Cited, Corrected
from storage.outbox import Pending
from storage.store import Store

log = logging.getLogger(__name__)
HORIZON = timedelta(days=7)  # after which what was told is not corrected any more
_EDITIONS = 20  # that are looked up at a time
MOST = 8  # corrections in one digest; the others come in the next


class Mender:
    """Makes parts anew that wait and no longer say what their posts say."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def mend(self, parts: Sequence[Part]) -> frozenset[DigestId]:
        """Make those of the parts anew whose posts have changed, with what else waits of their digests. Gives these
        digests: their parts are others now."""
        async with self._store.read() as tx:
            outdated = await tx.editions.outdated({part.edition for part in parts if part.edition and _tells(part)})
        stale: defaultdict[EditionId, list[DigestId]] = defaultdict(list)
        for part in parts:
            if part.edition and outdated.get(part.edition, frozenset()).intersection(_tells(part)):
                stale[part.edition].append(part.digest)
        mended = [
            await self._edition(edition, outdated[edition], digests) for edition, digests in sorted(stale.items())
        ]
        return frozenset().union(*mended)

    async def _edition(
        self, edition: EditionId, stories: frozenset[StoryId], digests: Sequence[DigestId]
    ) -> frozenset[DigestId]:
        async with self._store.read() as tx:
            whole, cited = await tx.editions.whole(edition)
            found = await tx.posts.by_ids([each.post for each in cited if each.story in stories])
            pending = await tx.outbox.pending(digests)
        digest = from_kept(whole) if whole else None
        if digest is None:
            return frozenset()
        alike: defaultdict[tuple[str, frozenset[StoryId], bool, bool], list[Pending]] = defaultdict(list)
        for each in pending:
            alike[_standing(each)].append(each)
        done: list[DigestId] = []
        for (look, told, begun, corrected), group in alike.items():
            anew = replace(digest, corrections=()) if corrected else digest
            right, parts, behind = await asyncio.to_thread(_made_anew, anew, cited, found, stories - told)
            drawn = await asyncio.to_thread(payloads, right, look, told, begun=begun)
            await self._write(group, Made(digest=right, told={}, whole_until=right.until, cited=behind), drawn, parts)
            done += [each.digest for each in group]
        return frozenset(done)

    async def _write(
        self, group: Sequence[Pending], made: Made, drawn: Sequence[Mapping[str, Any]], dropped: Collection[StoryId]
    ) -> None:
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.readers.hold({each.reader for each in group})
            now_there = await tx.outbox.pending([each.digest for each in group])
            as_they_were = [each for each in group if each in now_there]  # what has changed since is looked at again
            edition = await tx.editions.publish(edition_of(made), now)
            for each in as_they_were:
                await tx.outbox.renew(each, edition, drawn)
            for reader in sorted({each.reader for each in as_they_were} if dropped else ()):
                await tx.memories.unlearn(reader, dropped)
        log.info("%d digests were corrected before they were sent", len(as_they_were))


class Amendments:
    """What of the digests of the last days is no longer so, as of one moment; worked out once an edition, and only for
    editions that readers have got, so that the cost grows with them and not with all that was ever told."""

    def __init__(self, store: Store, since: datetime, *, anything: bool) -> None:
        """`anything`: whether any post that was told has changed since then."""
        self._store, self._since, self._anything = store, since, anything
        self._changes: dict[EditionId, Sequence[Change]] = {}
        self._found: dict[EditionId, tuple[Correction, ...]] = {}
        self._posts: dict[PostId, Post] = {}
        self._edits: dict[PostId, list[str]] = {}

    async def of(self, readers: Collection[ReaderId]) -> dict[ReaderId, tuple[Correction, ...]]:
        """What each of the readers is to be told: corrections of what has been sent to them, told to none twice."""
        due: dict[ReaderId, dict[PostId, Correction]] = {reader: {} for reader in readers}
        if self._anything:
            async with self._store.read() as tx:
                given = await tx.editions.given_to(readers, self._since)
                fresh = given.keys() - self._changes.keys()
                self._changes |= dict.fromkeys(fresh, ())
                self._changes |= await tx.editions.changes(fresh, self._since)
                changed = {edition: some for edition, some in given.items() if self._changes[edition]}
                concerned = {reader for some in changed.values() for reader in some}
                told = await tx.editions.told(changed, concerned)
                posts = {change.post for part in told for change in self._changes[part.edition]}
                known = await tx.editions.corrected({part.reader for part in told}, posts)
            await self._look_up({part.edition for part in told})
            for part in told:
                stories = part.payload.get("stories", ())
                for correction in self._found[part.edition]:
                    if correction.story in stories and known[part.reader].get(correction.post) != version(correction):
                        due[part.reader][correction.post] = correction
        return {reader: tuple(found.values())[:MOST] for reader, found in due.items()}

    async def _look_up(self, editions: Collection[EditionId]) -> None:
        """Find the corrections of these editions, a bearable number at a time: they are large."""
        fresh = sorted(editions - self._found.keys())
        for some in (fresh[at : at + _EDITIONS] for at in range(0, len(fresh), _EDITIONS)):
            async with self._store.read() as tx:
                wholes = await tx.editions.wholes(some)
                changes = [change for edition in some for change in self._changes[edition]]
                changed = {(edition, change.story) for edition in some for change in self._changes[edition]}
                cited = {
                    each.post
                    for edition, (_, behind) in wholes.items()
                    for each in behind
                    if (edition, each.story) in changed
                }
                self._posts |= await tx.posts.by_ids(cited - self._posts.keys())
                edited = {change.post for change in changes if change.told < change.edits}
                edits = await tx.posts.edits(edited - self._edits.keys())
            self._edits |= {post: [said for _, said in before] for post, before in edits.items()}
            self._found |= await asyncio.to_thread(self._corrected, some, wholes)

    def _corrected(
        self,
        editions: Sequence[EditionId],
        wholes: Mapping[EditionId, tuple[Mapping[str, Any] | None, Sequence[Cited]]],
    ) -> dict[EditionId, tuple[Correction, ...]]:
        found: dict[EditionId, tuple[Correction, ...]] = dict.fromkeys(editions, ())
        for edition, (whole, cited) in wholes.items():
            changes = self._changes[edition]
            posts = {each.post: self._posts[each.post] for each in cited if each.post in self._posts}
            before = {change.post: self._before(change) for change in changes if change.post in posts}
            if whole and (digest := from_kept(whole)):
                found[edition] = _no_longer_so(digest, changes, posts, before)
        return found

    def _before(self, change: Change) -> str:
        """What a post said when it was told; nothing where that is not kept, or it has only been deleted since."""
        said = self._edits.get(change.post, [])
        dropped = max(0, self._posts[change.post].edits - len(said))
        return said[change.told - dropped] if dropped <= change.told < dropped + len(said) else ""


async def amendments(store: Store, now: datetime) -> Amendments:
    """What may have to be corrected as of `now`."""
    since = now - HORIZON
    async with store.read() as tx:
        return Amendments(store, since, anything=await tx.editions.anything_changed(since))


def version(correction: Correction) -> Corrected:
    """The version of its post that a correction tells of."""
    return Corrected(post=correction.post, edits=correction.edits, deleted=correction.deleted)


def _tells(part: Part) -> Collection[StoryId]:
    stories: Collection[StoryId] = part.payload.get("stories", ())
    return stories


def _standing(pending: Pending) -> tuple[str, frozenset[StoryId], bool, bool]:
    """How a digest stands: its look, the stories that are on their way or there, whether any part is, and whether one
    with corrections is."""
    gone = [part for part in pending.parts if not part.waits and "stories" in part.payload]
    rich = any(part.waits and part.payload.get("method") == "sendRichMessage" for part in pending.parts)
    told = frozenset(StoryId(story) for part in gone for story in part.payload["stories"])
    return RICH if rich else CLASSIC, told, bool(gone), any(part.payload.get("corrections") for part in gone)


def _made_anew(
    digest: Digest,
    cited: Iterable[Cited],
    posts: Mapping[PostId, Post],
    stories: Collection[StoryId],
) -> tuple[Digest, frozenset[StoryId], tuple[Cited, ...]]:
    """The digest put right in these stories; those that were dropped; and what the digest cites then. Of its other
    stories, which have been told, it still cites what it cited: there the next digest has something to correct."""
    kept = [each for each in cited if each.story not in stories]
    now: dict[StoryId, tuple[Post, ...]] = {}
    changed = {each.post for each in cited if each.post in posts and posts[each.post].edits != each.edits}
    for story in stories:
        behind = [posts[each.post] for each in cited if each.story == story and each.post in posts]
        now[story] = still_there(behind, changed)
    right = put_right(digest, now)
    there = {story.id: {post.url for post in story.posts} for story in right.stories}
    anew = [
        Cited(post=post.id, story=story, edits=post.edits)
        for story, behind in now.items()
        for post in behind
        if post.url in there.get(story, ())
    ]
    gone = (story for story in digest.stories if story.id not in there and not story.update)
    dropped = {key for story in gone for key in (story.id, *story.joined)}
    return right, frozenset(dropped), (*kept, *anew)


def _no_longer_so(
    digest: Digest, changes: Sequence[Change], posts: Mapping[PostId, Post], before: Mapping[PostId, str]
) -> tuple[Correction, ...]:
    changed = {change.post for change in changes}
    unchanged = posts.keys() - changed
    by_address = {post.url: post for post in posts.values()}
    numbered = {_moment_and_number(post.date, post.url): post for post in posts.values()}
    for cited in (post for story in digest.stories for post in story.posts if post.url not in by_address):
        if renamed := numbered.get(_moment_and_number(cited.date, cited.url)):
            by_address[cited.url] = renamed
    stories = {change.story for change in changes}
    return tuple(
        correction
        for story in digest.stories
        if story.id in stories
        for correction in corrections(story, by_address, before, unchanged)
    )


def _moment_and_number(date: datetime, url: str) -> tuple[datetime, str]:
    """What a post is known by whose channel bears another name by now."""
    return date, url.rpartition("/")[2]
