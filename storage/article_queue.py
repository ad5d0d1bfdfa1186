"""Which linked pages are to be read now: some of each host, the newest links first.

However many pages wait, so many of the newest are looked at and no more: in most backlogs they belong to more hosts
than can be asked at once. Where they do not, as with ten thousand pages of one site, the index leads from host to
host, a step each. A chosen host's pages come from its own end of the index, a step a page.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.model import NO_VERSION, ArticleId, PageVersion
from storage.columns import UtcDateTime
from storage.keys import key_time
from storage.tables import ArticleRow, PostArticleRow, WebHostRow

LONGEST_WAIT = timedelta(days=1)  # what is to wait longer was written by a clock that has been set back since
LOOKED_AT = 1000  # of the newest pages that wait, and of those that are due to be looked at again
_AT_ONCE = literal(datetime(1970, 1, 1, tzinfo=UTC), UtcDateTime)
_NOW, _LATEST = bindparam("now", type_=UtcDateTime), bindparam("latest", type_=UtcDateTime)
_HOSTS = bindparam("hosts", type_=Integer)
_EACH, _BUT = bindparam("each", type_=Integer), bindparam("but", type_=String, expanding=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTrouble:
    """A host that failed so many times in a row, `since` then."""

    failures: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedArticle:
    """A page that posts link and that is to be read now; `attempts` failed so far. One that has been read before has
    the `length` of its text in characters and was looked at again `checks` times. `linked` is the moment of the newest
    post that links it."""

    id: ArticleId
    url: str
    host: str
    attempts: int
    trouble: HostTrouble | None = None
    length: int | None = None
    checks: int = 0
    version: PageVersion = NO_VERSION
    linked: datetime | None = None


async def wanted(
    connection: AsyncConnection, now: datetime, hosts: int, each: int, but: Collection[str]
) -> tuple[WantedArticle, ...]:
    """At most `each` pages of the `hosts` with the newest links, as `Articles.wanted` says."""
    given = {"now": now, "latest": now + LONGEST_WAIT, "hosts": hosts, "each": each, "but": sorted(but)}
    for statement in (_BY_NEWEST, _BY_HOST):
        rows = (await connection.execute(statement, given)).all()
        if len({row.host for row in rows}) >= hosts:
            break
    return tuple(
        WantedArticle(
            id=ArticleId(row.id),
            url=row.url,
            host=row.host,
            attempts=row.attempts,
            trouble=HostTrouble(failures=row.failures, since=row.since) if row.failures else None,
            length=row.length,
            checks=row.checks,
            version=PageVersion(tag=row.tag, modified=row.modified),
            linked=key_time(row.newest) if row.newest is not None else None,
        )
        for row in rows
    )


def _is_new(page: Any = ArticleRow) -> ColumnElement[bool]:
    # the word stands in the statement, for a partial index serves no parameter
    return col(page.state) == literal_column("'new'")


def _is_ready(page: Any) -> ColumnElement[bool]:
    # a bare next_at would lead SQLite through all pages that wait for nothing
    return _has_come(func.coalesce(page.next_at, _AT_ONCE))


def _has_come(moment: Any) -> ColumnElement[bool]:
    return or_(moment <= _NOW, moment > _LATEST)


def _newest() -> CTE:
    """The newest of all pages that wait, ready or not."""
    newest = select(col(ArticleRow.host), col(ArticleRow.id), col(ArticleRow.next_at)).where(_is_new())
    return newest.order_by(col(ArticleRow.id).desc()).limit(LOOKED_AT).cte("waiting")


def _of_all_hosts() -> CTE:
    """The newest page of each host that is ready."""
    named = select(func.min(col(ArticleRow.host)).label("host")).where(_is_new()).cte("named", recursive=True)
    following = select(func.min(col(ArticleRow.host))).where(_is_new(), col(ArticleRow.host) > named.c.host)
    named = named.union_all(select(following.scalar_subquery()).where(named.c.host.is_not(None)))
    newest = _end_of(named.c.host)
    return select(named.c.host, newest.label("id"), _AT_ONCE.label("next_at")).cte("waiting")


def _end_of(host: Any, before: Any = None) -> Any:
    """The newest page of a host that is new and ready, of those `before` this one."""
    page = aliased(ArticleRow)
    newest = select(col(page.id)).where(_is_new(page), col(page.host) == host, _is_ready(page))
    if before is not None:
        newest = newest.where(col(page.id) < before)
    return newest.order_by(col(page.id).desc()).limit(1).scalar_subquery()


def _pages(waiting: CTE) -> Select[Any]:
    """The pages of the hosts with the newest links among those `waiting` and those due to be looked at again."""
    due = _due()
    chosen = _chosen(waiting, due)
    placed = _placed(chosen, due)
    newest_post = (
        select(func.max(col(PostArticleRow.post_id)))
        .where(col(PostArticleRow.article_id) == col(ArticleRow.id))
        .scalar_subquery()
    )
    trouble = col(WebHostRow.failures)
    return (
        select(
            col(ArticleRow.id),
            col(ArticleRow.url),
            col(ArticleRow.attempts),
            col(ArticleRow.checks),
            col(ArticleRow.tag),
            col(ArticleRow.modified),
            case((col(ArticleRow.state) == "read", func.length(col(ArticleRow.text)))).label("length"),
            newest_post.label("newest"),
            placed.c.host,
            trouble.label("failures"),
            col(WebHostRow.since),
        )
        .select_from(placed)
        .join(ArticleRow, col(ArticleRow.id) == placed.c.id)
        .outerjoin(WebHostRow, col(WebHostRow.name) == placed.c.host)
        .where(placed.c.place <= case((trouble.is_(None), _EACH), else_=1))
        .order_by(placed.c.place, col(ArticleRow.id).desc())
    )


def _due() -> CTE:
    """Pages that were read and are to be looked at again by now, of hosts that may be asked."""
    host = func.coalesce(col(ArticleRow.host), "")
    return (
        select(host.label("host"), col(ArticleRow.id))
        .outerjoin(WebHostRow, col(WebHostRow.name) == host)
        .where(col(ArticleRow.state) == "read", col(ArticleRow.next_at) <= _NOW, _may_be_asked(host))
        .order_by(col(ArticleRow.next_at))
        .limit(LOOKED_AT)
        .cte("due")
    )


def _chosen(waiting: CTE, due: CTE) -> CTE:
    """The hosts to be asked: those with the newest links."""
    new = (
        select(waiting.c.host, waiting.c.id)
        .outerjoin(WebHostRow, col(WebHostRow.name) == waiting.c.host)
        .where(waiting.c.id.is_not(None), _is_ready(waiting.c), _may_be_asked(waiting.c.host))
    )
    either = union_all(new, select(due)).subquery()
    newest_first = select(either.c.host).group_by(either.c.host).order_by(func.max(either.c.id).desc())
    return newest_first.limit(_HOSTS).cte("chosen")


def _placed(chosen: CTE, due: CTE) -> Subquery:
    """The pages of the hosts `chosen`, each with its place among those of its host, the newest first."""
    first = select(chosen.c.host, _end_of(chosen.c.host).label("id"), literal(1).label("place"))
    taken = first.cte("taken", recursive=True)
    step = select(taken.c.host, _end_of(taken.c.host, taken.c.id), taken.c.place + 1)
    steps = taken.union_all(step.where(taken.c.id.is_not(None), taken.c.place < _EACH))
    ready = union_all(
        select(steps.c.host, steps.c.id).where(steps.c.id.is_not(None)),
        select(due.c.host, due.c.id).join(chosen, chosen.c.host == due.c.host),
    ).subquery()
    place = func.row_number().over(partition_by=ready.c.host, order_by=ready.c.id.desc()).label("place")
    return select(ready.c.host, ready.c.id, place).subquery()


def _may_be_asked(host: Any) -> ColumnElement[bool]:
    rested = or_(col(WebHostRow.next_at).is_(None), _has_come(col(WebHostRow.next_at)))
    return and_(host.not_in(_BUT), rested)


# put together once: it takes longer than most answers
_BY_NEWEST, _BY_HOST = _pages(_newest()), _pages(_of_all_hosts())
