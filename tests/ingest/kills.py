"""A process that ends in the midst of an intake."""

from collections.abc import Sequence

from core.model import NewPost
from ingest.intake import Intake, Taken


class Killed(BaseException):
    """The process ends here."""


class Dying(Intake):
    """Ends the process when a batch is stored, the second one, before it is kept how far was read."""

    batches = 2

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        taken = await super().take(posts)
        self.batches -= 1
        if not self.batches:
            raise Killed
        return taken


class DyingAtOnce(Dying):
    """Ends it when the first is."""

    batches = 1
