"""The archive as tests fill it by its door, and as it is then."""

from core.model import Post
from ingest.intake import Intake
from storage.store import Store
from tests.moments import NOW, Moment


def intake(store: Store) -> Intake:
    """The door, at the moment at which tests begin."""
    return Intake(store, Moment(NOW))


async def all_posts(store: Store) -> list[Post]:
    """All that is kept, in the order of publishing."""
    async with store.read() as tx:
        return [post async for post in tx.posts.every()]
