"""Summaries by a model: asked for once per version of a story and language, checked, kept, shared by all readers.

Whatever goes wrong (no budget, no answer, nonsense, a failing database) ends in a story without an entry here, and the
digest tells it in sentences of its posts. Nothing is raised into the digest.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

from core.errors import CourantError, ModelError
from core.model import Post, StoryId
from digest.summaries.budget import Budget, day_start
from digest.summaries.gate import Claim, Evidence, Judged, judge
from digest.summaries.prompt import MOST_TOKENS, PROMPT, SCHEMA, Question, choose, question, read_answer, version
from digest.summaries.written import Written, WrittenSentence, from_json, to_json
from storage.store import Store
from storage.summaries import Kept, Spent, SummaryKey

log = logging.getLogger(__name__)

AT_ONCE = 4  # calls at a time
PATIENCE = 60.0  # seconds of a digest after which no further call begins
TRIES = 2  # calls for one version whose answers were of no use
FAILURES = 3  # in a row, after which the service is left alone ...
REST = timedelta(minutes=10)  # ... for so long
KEEP = timedelta(days=30)
_CHARACTERS = 2  # a token, at least: Russian takes more tokens than English


class Writer(Protocol):
    """Puts stories into words, where it can."""

    async def write(
        self, stories: Mapping[StoryId, Sequence[Post]], language: str, now: datetime
    ) -> Mapping[StoryId, Written]: ...


class Model(Protocol):
    """What answers a question; see `digest.llm.ChatModel`."""

    @property
    def name(self) -> str: ...

    async def ask(self, system: str, user: str, schema: Mapping[str, object]) -> "SaidBy": ...


class SaidBy(Protocol):
    """What a model said, and the tokens that it took; None where that is not told."""

    @property
    def text(self) -> str: ...
    @property
    def tokens_in(self) -> int | None: ...
    @property
    def tokens_out(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    key: SummaryKey
    posts: tuple[Post, ...]


class ModelWriter:
    """The writer that asks a model, within a budget. One for the whole process: its calls are counted together."""

    def __init__(self, store: Store, model: Model, budget: Budget) -> None:
        self._store, self._model, self._budget = store, model, budget
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[SummaryKey, asyncio.Lock] = WeakValueDictionary()
        self._failures = 0
        self._resting_until: datetime | None = None

    async def write(
        self, stories: Mapping[StoryId, Sequence[Post]], language: str, now: datetime
    ) -> dict[StoryId, Written]:
        """What a model wrote of these stories, kept or new; stories that it failed at are missing."""
        found: dict[StoryId, Written] = {}
        with _nothing_raised():
            jobs = await asyncio.to_thread(self._jobs, stories, language)
            async with self._store.read() as tx:
                kept = await tx.summaries.find([job.key for job in jobs])
            begun = asyncio.get_running_loop().time()
            async with asyncio.TaskGroup() as group:
                for job in jobs:
                    group.create_task(self._one(job, kept.get(job.key), now, begun, found))
        return found

    def _jobs(self, stories: Mapping[StoryId, Sequence[Post]], language: str) -> list[_Job]:
        jobs: list[_Job] = []
        for story, posts in stories.items():
            chosen = choose(posts)
            if chosen:
                key = SummaryKey(
                    story=story, version=version(chosen), language=language, model=self._model.name, prompt=PROMPT
                )
                jobs.append(_Job(key, chosen))
        return jobs

    async def _one(
        self, job: _Job, kept: Kept | None, now: datetime, begun: float, found: dict[StoryId, Written]
    ) -> None:
        with _nothing_raised():
            if kept is None or (kept.value is None and kept.calls < TRIES):
                kept = await self._in_turn(job, now, begun)
            if kept is not None and kept.value is not None:
                found[job.key.story] = replace(from_json(kept.value), tokens=kept.tokens, cost=kept.cost)

    async def _in_turn(self, job: _Job, now: datetime, begun: float) -> Kept | None:
        """Ask for this version unless another digest has just done so."""
        turn = self._turns.setdefault(job.key, asyncio.Lock())
        async with turn, self._slots:
            async with self._store.read() as tx:
                kept = (await tx.summaries.find([job.key])).get(job.key)
            if kept is not None and (kept.value is not None or kept.calls >= TRIES):
                return kept
            late = asyncio.get_running_loop().time() - begun > PATIENCE
            until = self._resting_until
            resting = until is not None and until - REST <= now < until  # not where the clock was set back since
            return None if late or resting else await self._ask(job, now)

    async def _ask(self, job: _Job, now: datetime) -> Kept | None:
        """One call. What it may cost at most is written down before it, and put right after it; where the process ends
        in between, that much has been spent."""
        asked = question(job.posts, job.key.language, secrets.token_hex(8))
        tokens = (len(asked.system) + len(asked.user)) // _CHARACTERS
        expected = self._budget.spent(tokens, MOST_TOKENS)  # at most
        if not await self._reserve(job.key, expected, now):
            log.info("the model's budget for today is spent")
            return None
        try:
            answer = await self._model.ask(asked.system, asked.user, SCHEMA)
        except ModelError as error:
            self._failed(error, now)
            return None if error.charged else await self._keep(job.key, None, Spent().less(expected), now)
        self._failures = 0
        spent = self._budget.spent(
            tokens if answer.tokens_in is None else answer.tokens_in,
            len(answer.text) // _CHARACTERS if answer.tokens_out is None else answer.tokens_out,
        )
        value = await asyncio.to_thread(_checked, answer.text, asked, job.key)
        return await self._keep(job.key, value, spent.less(expected), now)

    async def _reserve(self, key: SummaryKey, expected: Spent, now: datetime) -> bool:
        """Write down the call if the budget has room for it beside what was spent and what is under way."""
        async with self._store.begin() as tx:
            if not self._budget.allows(await tx.summaries.spent(day_start(now)), expected):
                return False
            await tx.summaries.keep(key, None, expected, now)
        return True

    async def _keep(self, key: SummaryKey, value: dict[str, object] | None, more: Spent, now: datetime) -> Kept | None:
        async with self._store.begin() as tx:
            await tx.summaries.keep(key, value, more, now)
            await tx.summaries.forget(now - KEEP)
            return (await tx.summaries.find([key])).get(key)

    def _failed(self, error: ModelError, now: datetime) -> None:
        self._failures += 1
        log.warning("the model %s: %s", self._model.name, error.reason)
        if self._failures >= FAILURES:
            self._failures, self._resting_until = 0, now + REST


@asynccontextmanager
async def open_writer(
    store: Store, model: str, budget: Budget, *, base_url: str | None = None, api_key: str | None = None
) -> AsyncIterator[ModelWriter]:
    """The writer that asks `model` of the service at `base_url` (OpenAI's own if None). Raises SettingsError where the
    extra `llm` is not installed."""
    from digest.llm import open_model

    async with open_model(model, most_tokens=MOST_TOKENS, base_url=base_url, api_key=api_key) as opened:
        yield ModelWriter(store, opened, budget)


@contextmanager
def _nothing_raised() -> Iterator[None]:
    """A summary by a model is an extra: what goes wrong with it is told to the operator, not to the digest."""
    try:
        yield
    except CourantError as error:
        log.warning("no summary by the model: %s", error)
    except Exception:
        log.exception("a summary by the model failed")


def _checked(text: str, asked: Question, key: SummaryKey) -> dict[str, object] | None:
    """What of an answer may be shown, as it is kept; None where that is too little."""
    draft = read_answer(text)
    if draft is None:
        log.warning("the model's answer about story %d is not in the form it was asked for", key.story)
        return None
    evidence = [Evidence(post.body, post.date) for post in asked.posts]
    judged = judge(draft.title, draft.sentences, evidence, key.language)
    if judged.dropped:
        counts = ", ".join(f"{flaw} {count}" for flaw, count in sorted(judged.dropped.items()))
        log.info("story %d: dropped of what the model wrote: %s", key.story, counts)
    return _as_kept(judged, asked) if judged.sound else None


def _as_kept(judged: Judged, asked: Question) -> dict[str, object]:
    def cited(claim: Claim) -> WrittenSentence:
        return WrittenSentence(text=claim.text, posts=tuple(asked.posts[place].id for place in claim.sources))

    title = cited(judged.title) if judged.title else None
    written = Written(
        title=title.text if title else None,
        title_posts=title.posts if title else (),
        sentences=tuple(map(cited, judged.sentences)),
    )
    return {**to_json(written), "dropped": {flaw.value: count for flaw, count in judged.dropped.items()}}
