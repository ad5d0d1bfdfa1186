"""Messages that nothing came of, so that one which its writer corrects by editing it is answered after all."""

from aiogram import Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Message, Update

from bot.outgoing import View

EDITED = ("edited_message", "edited_channel_post")
_MOST = 1_000  # messages kept in mind, of all chats


class Slips:
    """Keeps the last messages that were not understood, or for which nothing was found. Others are never answered
    twice; nor is any that came before a restart."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, int], str] = {}

    def as_new(self, update: Update, bot: Bot) -> Update | None:
        """The update itself; for an edited message the update of a new one that says the same, None where it is not
        to be answered."""
        if (edited := update.edited_message or update.edited_channel_post) is None:
            return update
        before = self._texts.get(_key(edited))
        if before is None or before == _text(edited):  # answered, or something else of it has changed: its reactions
            return None
        event = {"message": edited} if update.edited_message else {"channel_post": edited}
        return Update.model_construct(None, update_id=update.update_id, **event).as_(bot)

    def note(self, update: Update, said: object) -> None:
        """Keep in mind that `said`, what its handler gave, was no help, or that it was one."""
        if (message := update.message or update.channel_post) is None:
            return
        self._texts.pop(_key(message), None)
        if said is UNHANDLED or (isinstance(said, View) and said.missed):
            self._texts[_key(message)] = _text(message)
            if len(self._texts) > _MOST:
                del self._texts[next(iter(self._texts))]


def _key(message: Message) -> tuple[int, int]:
    return message.chat.id, message.message_id


def _text(message: Message) -> str:
    return message.text or message.caption or ""
