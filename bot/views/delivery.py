"""What a reader is told of a part that may have been lost."""

from bot.callbacks import Resend
from bot.outgoing import Button, View
from bot.wording import say, word
from core.model import Part


def in_doubt(part: Part) -> View:
    """The notice of a part that may not have arrived, with the button that sends it again."""
    language = part.reader.language
    again = Button(word(language, "resend-button"), Resend(part=part.id).pack())
    return View(say(language, "part-in-doubt", part=part.part + 1), ((again,),))
