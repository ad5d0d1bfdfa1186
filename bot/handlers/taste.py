"""A reader's taste: words by /keywords, and "more like this" and "less like this" below a digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.arrivals import arrive
from bot.asides import is_disliked
from bot.callbacks import Like, Rate, Unlearn, target_of_word
from bot.handlers import Says, on_command
from bot.outgoing import View
from bot.replies import about_digest, redraw, reply, tell
from bot.rights import for_admins
from bot.views import taste as views
from bot.wishes import taste_wished
from bot.wording import say, tame, word
from core.clock import Clock, is_within
from core.model import Keyword, Reader, StoryId
from digest.taste import about, read_keywords
from storage.store import Store

_A_TAP = timedelta(seconds=3)


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, keywords, "keywords")
    router.message.register(wished, Says(lambda text: read_keywords(taste_wished(text))))
    router.message.register(disliked, Says(is_disliked))
    router.callback_query.register(like, Like.filter())
    router.callback_query.register(rate, Rate.filter())
    router.callback_query.register(unlearn, Unlearn.filter())
    return for_admins(router)


async def keywords(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """Show what the reader wants more and less of; with words behind the command, keep those first."""
    return await _want(message, command.args or "", read_keywords(command.args or ""), here, store, clock)


async def wished(message: Message, meant: Sequence[Keyword], here: Reader, store: Store, clock: Clock) -> View:
    """The same in words: "more about sanctions"."""
    return await _want(message, "", meant, here, store, clock)


async def disliked(message: Message, here: Reader, store: Store, clock: Clock) -> View:
    """How to have more of one thing and less of another, to who finds it boring."""
    return await _want(message, "", (), here, store, clock)


async def _want(
    message: Message, given: str, asked: Sequence[Keyword], here: Reader, store: Store, clock: Clock
) -> View:
    async with store.begin() as tx:
        reader = await arrive(tx, here, clock())
        beyond = await tx.tastes.want(reader.id, asked) if asked else ()
        taste = await tx.tastes.of(reader.id)
    if given and not asked:
        said = say(reader.language, "keywords-unclear", what=tame(given, 60))
        return await reply(message, replace(views.keywords(reader, taste, said), missed=True))
    return await reply(message, views.changed(reader, taste, asked, beyond))


async def like(query: CallbackQuery, callback_data: Like, here: Reader, store: Store, clock: Clock) -> None:
    """Learn from a press, or unlearn where the same is pressed again; a story that is gone teaches nothing. Who taps
    twice because the answer is slow in coming has pressed once."""
    story, more, now = StoryId(callback_data.story), callback_data.more, clock()
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        known = {each.story: each for each in (await tx.tastes.of(reader.id)).likings}
        posts = (await tx.posts.of_stories([story]))[story]
        terms = about([post.body for post in posts])
        same = story in known and known[story].more is more
        again = same and not is_within(_A_TAP, known[story].given_at, now)
        if again:
            await tx.tastes.unlike(reader.id, story)
        elif terms:
            await tx.tastes.like(reader.id, story, terms, now, more=more)
    if again:
        await tell(query, word(reader.language, "like-undone-alert"))
    elif terms:
        await tell(query, views.learnt(reader.language, terms, more=more))
    else:
        await tell(query, word(reader.language, "like-gone-alert"))


async def rate(query: CallbackQuery, callback_data: Rate, here: Reader, store: Store) -> None:
    """The stories of a digest of this reader's with their buttons, as a message of its own."""
    await about_digest(query, callback_data.digest, here, store, views.rate)


async def unlearn(query: CallbackQuery, callback_data: Unlearn, here: Reader, store: Store, clock: Clock) -> None:
    """Forget a word, or what was said of a story."""
    async with store.begin() as tx:
        reader = await arrive(tx, here, clock())
        taste = await tx.tastes.of(reader.id)
        await tx.tastes.drop(
            reader.id, [each.key for each in taste.keywords if target_of_word(each.key) == callback_data.word]
        )
        await tx.tastes.unlike(reader.id, StoryId(callback_data.story))
        view: View = views.keywords(reader, await tx.tastes.of(reader.id))
    await tell(query, word(reader.language, "like-undone-alert"))
    await redraw(query, view)
