"""Lists kept from the bot: adding, removing, looking, for those who run the place."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, Filter
from aiogram.types import CallbackQuery, Message

from bot.arrivals import NEW_LIST, PRIVATE, arrive
from bot.asides import Aside, aside
from bot.callbacks import Drop, Put, Shelf, Undo, target_of_word
from bot.errands import Errand, addresses, named, read_errand, title_of
from bot.handlers import SAID
from bot.keeper import Keeper
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.views import keeping as views
from bot.views import status as status_views
from bot.views.keeping import Done, Shelved
from bot.wording import say, word
from core.clock import Clock
from core.errors import BadInput
from core.list_edits import add as add_entries
from core.list_edits import id_for, lists_with, remove_channel, remove_list
from core.lists import Lists, folder_slug, held_by_folder, name_in_file, of_folder, read_lists
from core.model import ChannelList, Reader
from core.text_change import TextChange, change_between, read_change
from storage.store import Store

Said = TypeVar("Said", View, View | None)


def router(keeper: Keeper) -> Router:
    router = Router(name=__name__)
    mine = F.from_user.id.in_(keeper.admins)
    private, pressed = F.chat.type == PRIVATE, F.message.chat.type == PRIVATE
    router.message.register(add, Command("add", ignore_case=True), private, mine)
    router.message.register(remove, Command("remove", ignore_case=True), private, mine)
    router.message.register(begin_list, private, mine, SAID, ~F.forward_origin, Naming())
    for press, data in ((put, Put), (undo, Undo), (look, Shelf), (drop, Drop)):
        router.callback_query.register(press, data.filter(), pressed, mine)
    return router


class Naming(Filter):
    """A text that names the list which was to be begun."""

    async def __call__(self, message: Message, here: Reader, store: Store) -> bool | dict[str, int]:
        async with store.read() as tx:
            reader = await tx.readers.find(here.chat_id, here.thread_id)
        asked = (reader.asking or "").split() if reader else []
        if asked[:1] != [NEW_LIST] or addresses(message.text or ""):
            return False
        return {"errand": int(asked[1])}


async def add(
    message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> View:
    """Add channels to the list that is named; where none is, or one that is not there, ask for it."""
    return await _typed(message, command, here, store, clock, keeper, adds=True)


async def remove(
    message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> View:
    """Take channels out of the list that is named, or out of all."""
    return await _typed(message, command, here, store, clock, keeper, adds=False)


async def begin_list(message: Message, errand: int, here: Reader, store: Store, clock: Clock, keeper: Keeper) -> None:
    """Begin the list whose title was asked for, with what was to go into it."""
    text = message.text or ""
    title = title_of(text)
    reader = await _arrived(here, store, clock)
    if not title or aside(text, about_hour=False) is Aside.LEAVE_IT:
        await reply(message, View(say(reader.language, "keep-cancelled")))
        return
    await reply(message, await or_refused(reader, _begun(reader, errand, title, store, clock, keeper)))


async def put(
    query: CallbackQuery, callback_data: Put, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> None:
    """Put what was asked for into the list of the button; or ask for the title of one that is to be begun."""
    reader = await _arrived(here, store, clock)
    await _show(query, reader, _put(reader, callback_data, store, clock, keeper))


async def undo(
    query: CallbackQuery, callback_data: Undo, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> None:
    """Take back what was done."""
    reader = await _arrived(here, store, clock)
    await _show(query, reader, _undo(reader, callback_data, store, clock, keeper))


async def look(
    query: CallbackQuery, callback_data: Shelf, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> None:
    """A page of a list, or how all is read."""
    reader = await _arrived(here, store, clock)
    await _show(query, reader, _shelf(reader, callback_data.place, callback_data.page, store, clock, keeper))


async def drop(
    query: CallbackQuery, callback_data: Drop, here: Reader, store: Store, clock: Clock, keeper: Keeper
) -> None:
    """Take the channel of the button out of its list; or the list away, where it holds none any more."""
    reader = await _arrived(here, store, clock)
    await _show(query, reader, _drop(reader, callback_data, store, clock, keeper))


async def overview(reader: Reader, store: Store, now: datetime) -> View:
    """How all is read, and a button for each list."""
    async with store.read() as tx:
        accounts = await tx.accounts.all()
        readings = await tx.channels.present()
        folders = await tx.folders.all()
        lists = await tx.channels.lists()
    return replace(status_views.status(reader, accounts, readings, now, folders), rows=views.shelves(reader, lists))


async def offer(reader: Reader, errand: Errand, store: Store, clock: Clock, keeper: Keeper) -> View:
    """Ask for the list that the channels of an errand are to go to. Raises BadInput."""
    lists = (await keeper.lists()).lists
    async with store.begin() as tx:
        number = await tx.readers.note_query(reader.id, errand.line(), clock())
    return views.where(reader, errand, number, lists)


async def or_refused(reader: Reader, doing: Awaitable[Said]) -> Said | View:
    """What comes of it; where the file cannot be read or changed, that."""
    try:
        return await doing
    except BadInput as error:
        return views.refused(reader.language, error)


async def _arrived(here: Reader, store: Store, clock: Clock) -> Reader:
    async with store.begin() as tx:
        reader, _ = await arrive(tx, here, clock(), await tx.channels.lists())
    return reader


async def _show(query: CallbackQuery, reader: Reader, doing: Awaitable[View | None]) -> None:
    """Draw what comes of a press in the place of its message; None is a button that is too old."""
    view = await or_refused(reader, doing)
    await tell(query, "" if view else word(reader.language, "old-button-alert"))
    if view:
        await redraw(query, view)


async def _begun(reader: Reader, errand: int, title: str, store: Store, clock: Clock, keeper: Keeper) -> View:
    [wanted] = _errands(await _kept(reader, errand, store), await keeper.lists())
    return await _carry_out(reader, [replace(wanted, place=title)], store, clock, keeper)


async def _put(reader: Reader, pressed: Put, store: Store, clock: Clock, keeper: Keeper) -> View | None:
    lists = await keeper.lists()
    wanted = _errands(await _kept(reader, pressed.errand, store), lists)
    if not wanted or (pressed.place and lists.of(pressed.place) is None):
        return None
    if place := pressed.place or wanted[0].place:
        return await _carry_out(reader, [replace(wanted[0], place=place)], store, clock, keeper)
    async with store.begin() as tx:
        await tx.readers.change(reader.id, asking=f"{NEW_LIST} {pressed.errand}")
    return views.title_question(reader)


async def _undo(reader: Reader, pressed: Undo, store: Store, clock: Clock, keeper: Keeper) -> View | None:
    kept = await _kept(reader, pressed.errands, store)
    wanted = _errands(kept, await keeper.lists())
    if not wanted:
        return None
    view = await _carry_out(reader, wanted, store, clock, keeper, read_change(kept[-1]))
    return replace(view, rows=(*view.rows, (views.back(reader),)))


async def _drop(reader: Reader, pressed: Drop, store: Store, clock: Clock, keeper: Keeper) -> View:
    lists = await keeper.lists()
    known = lists.of(pressed.place)
    name = next((each for each in known.channels if _key(each) == pressed.channel), None) if known else None
    if known and name:
        gone = Errand(adds=False, entries=(lists.written(name),), place=known.id)
        results, change = await _done(keeper, [gone])
        number = await _keep(reader, results, change, store, clock)
        return await _shelf(reader, known.id, pressed.page, store, clock, keeper, results, number)
    if known and not pressed.channel and not known.channels and not known.folder:
        await keeper.change(lambda text: remove_list(text, known.id, keeper.what))
        return views.list_removed(reader, known.title(reader.language))
    # pressed twice, or taken out by another hand
    return await _shelf(reader, pressed.place, pressed.page, store, clock, keeper)


async def _typed(
    message: Message,
    command: CommandObject,
    here: Reader,
    store: Store,
    clock: Clock,
    keeper: Keeper,
    *,
    adds: bool,
) -> View:
    reader = await _arrived(here, store, clock)
    view = views.usage(reader, adds=adds)
    if command.args:
        line = f"{'/add' if adds else '/remove'} {command.args}"
        view = await or_refused(reader, _answer(reader, line, store, clock, keeper))
    return await reply(message, view)


async def _answer(reader: Reader, line: str, store: Store, clock: Clock, keeper: Keeper) -> View:
    """What is to be said of an errand that was typed; it is carried out where nothing has to be asked. Raises BadInput
    as `_carry_out` does."""
    lists = (await keeper.lists()).lists
    try:
        errand = read_errand(line, lists)
    except BadInput as error:
        return views.unclear(reader, error)
    place = named([errand.place], lists) if errand.place else None
    if not errand.entries:
        return views.usage(reader, adds=errand.adds)
    if errand.adds and place is None:
        return await offer(reader, errand, store, clock, keeper)
    if errand.place and place is None:
        return views.no_such_list(reader, errand.place)
    return await _carry_out(reader, [errand], store, clock, keeper)


async def _carry_out(
    reader: Reader,
    errands: Sequence[Errand],
    store: Store,
    clock: Clock,
    keeper: Keeper,
    back: TextChange | None = None,
) -> View:
    """Do what is asked for, which takes the change `back`, if any; what was done, with the button that takes it back.
    Raises BadInput."""
    results, change = await _done(keeper, errands, back)
    changed = {entry for each in results for entry in each.changed}
    left = [entry for each in errands if not each.adds for entry in each.entries if entry not in changed]
    by_folder = await _by_folder(left, store) if left else {}
    return views.done(reader, results, await _keep(reader, results, change, store, clock), left, by_folder)


async def _done(
    keeper: Keeper, errands: Sequence[Errand], back: TextChange | None = None
) -> tuple[list[Done], TextChange]:
    """Change the file as the errands ask, or as it was before the change that they take `back`, where nobody has
    changed it since: so what is put back stands where it stood. What became of them, each list as it is then, and how
    the file has changed. Raises BadInput."""
    results: list[Done] = []
    changes: list[TextChange] = []

    def make(text: str) -> str:
        after = text
        for errand in errands:
            after = _applied(after, errand, keeper.what, results)
        after = (back.taken_back(text) if back else None) or after
        changes.append(change_between(text, after))
        return after

    lists = await keeper.change(make)
    return [replace(each, place=lists.of(each.place.id) or each.place) for each in results], changes[-1]


def _applied(text: str, errand: Errand, what: str, results: list[Done]) -> str:
    """The text after an errand; what became of it is added to the `results`."""
    lists = read_lists(text, what)
    place = named([errand.place], lists.lists) if errand.place else None
    if errand.adds:
        place = place or ChannelList(id=id_for(errand.place, [each.id for each in lists.lists]), titles={})
        done = _sorted(lists, place, errand)
        results.append(replace(done, begun=lists.of(place.id) is None))
        return add_entries(text, place.id, done.changed, errand.place if results[-1].begun else "", what)
    for each in (place,) if place else lists.lists:
        done = _sorted(lists, each, errand)
        if place or done.changed:
            results.append(done if place else replace(done, same=()))
        for entry in done.changed:
            text = remove_channel(text, each.id, entry, what)
    return text


def _sorted(lists: Lists, place: ChannelList, errand: Errand) -> Done:
    there = {entry: place.id in lists_with(lists, entry) for entry in errand.entries}
    changed = tuple(entry for entry in errand.entries if there[entry] is not errand.adds)
    same = tuple(entry for entry in errand.entries if there[entry] is errand.adds)
    return Done(place=place, adds=errand.adds, changed=changed, same=same)


async def _keep(reader: Reader, results: Sequence[Done], change: TextChange, store: Store, clock: Clock) -> int | None:
    """Keep what takes the results back; the number it is kept under, None where there is nothing to take back."""
    lines = [line for each in results if (line := _undoing(each))]
    if not lines:
        return None
    async with store.begin() as tx:
        return await tx.readers.note_query(reader.id, "\n".join([*lines, change.line()]), clock())


def _undoing(done: Done) -> str:
    entries = tuple(each for each in done.changed if folder_slug(each) is None)  # a folder goes by hand only
    return Errand(adds=not done.adds, entries=entries, place=done.place.id).line() if entries else ""


async def _kept(reader: Reader, number: int, store: Store) -> list[str]:
    """The lines that are kept under a number; an empty one where it is too old."""
    async with store.read() as tx:
        return (await tx.readers.query(reader.id, number) or "").split("\n")


def _errands(kept: Sequence[str], lists: Lists) -> list[Errand]:
    """The errands among these lines."""
    return [read_errand(line, lists.lists) for line in kept if line.startswith(("/add ", "/remove "))]


async def _by_folder(entries: Sequence[str], store: Store) -> dict[str, ChannelList]:
    """The lists that have one of these by their folder."""
    async with store.read() as tx:
        lists = await tx.channels.lists()
    return {entry: place for entry in entries if (place := held_by_folder(lists, entry))}


async def _shelf(
    reader: Reader,
    place: str,
    page: int,
    store: Store,
    clock: Clock,
    keeper: Keeper,
    results: Sequence[Done] = (),
    undo: int | None = None,
) -> View:
    """A page of a list, or how all is read where the file has none of this id. Raises BadInput."""
    known = (await keeper.lists()).of(place)
    if known is None:
        return await overview(reader, store, clock())
    async with store.read() as tx:
        present = await tx.channels.present()
        in_force = next((each for each in await tx.channels.lists() if each.id == place), None)
    readings = {name_in_file(each.channel): each for each in present}
    shelved = [
        *(Shelved(name=name, reading=readings.get(name.lower())) for name in known.channels),
        *(Shelved(name=each.channel.name, reading=each, own=False) for each in of_folder(known, in_force, present)),
    ]
    return views.shelf(reader, known, shelved, page, clock(), results=results, undo=undo)


def _key(name: str) -> str:
    return target_of_word(name.lower())
