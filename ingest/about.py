"""What a channel says of itself, kept where it changed."""

import logging

from core.model import About, Channel
from ingest.cleaning.clean import tidy
from storage.store import Store

LONGEST = 4096  # characters of a description; Telegram allows 255

log = logging.getLogger(__name__)


async def keep_about(store: Store, channel: Channel, about: About) -> None:
    """Keep what a source tells of a channel that has posts. Its number is kept once: it ties the channel to what was
    imported under that number, and to its former name."""
    description = channel.description if about.description is None else tidy(about.description, LONGEST)
    members = channel.members if about.members is None else about.members
    new_number = about.telegram_id if channel.telegram_id is None else None
    if (description, members) == (channel.description, channel.members) and new_number is None:
        return
    async with store.begin() as tx:
        await tx.channels.describe(channel.id, description, members)
        if new_number is not None:
            await tx.channels.identify(channel.id, new_number)
