"""What becomes of an administrator's errands: they are asked about, carried out, taken back, and each time a view says
what has become of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.arrivals import NEW_LIST
from bot.callbacks import Drop, Put, Undo, target_of_word
from bot.errands import Errand, read_errand
from bot.keeper import Keeper
from bot.outgoing import View
from bot.views import keeping as views
from bot.views import status as status_views
from bot.views.keeping import Done, Shelved
from bot.wording import say
from core.clock import Clock
from core.errors import BadInput
from core.list_edits import add as add_entries
from core.list_edits import id_for, lists_with, remove_channel, remove_list
from core.list_names import list_named
from core.lists import Lists, folder_slug, held_by_folder, name_in_file, of_folder, read_lists
from core.model import ChannelList, Reader
from core.text_change import TextChange, change_between, read_change
from storage.store import Store


async def overview(reader: Reader, store: Store, now: datetime) -> View:
    """How all is read, and a button for each list."""
    async with store.read() as tx:
        accounts = await tx.accounts.all()
        readings = await tx.channels.present()
        folders = await tx.folders.all()
        lists = await tx.channels.lists()
    return replace(status_views.status(reader, accounts, readings, now, folders), rows=views.shelves(reader, lists))


@dataclass(frozen=True, slots=True)
class Keeping:
    """The errands of one who keeps the lists. Every method raises BadInput where the file cannot be read or changed."""

    reader: Reader
    store: Store
    clock: Clock
    keeper: Keeper

    async def answer(self, line: str) -> View:
        """What is to be said of an errand that was typed; it is carried out where nothing has to be asked."""
        lists = (await self.keeper.lists()).lists
        try:
            errand = read_errand(line, lists)
        except BadInput as error:
            return views.unclear(self.reader, error)
        place = list_named(errand.place, lists) if errand.place else None
        if not errand.entries:
            return views.usage(self.reader, adds=errand.adds)
        if errand.adds and place is None:
            return await self.offer(errand)
        if errand.place and place is None:
            return views.no_such_list(self.reader, errand.place)
        return await self._carry_out([errand])

    async def offer(self, errand: Errand) -> View:
        """Ask for the list that the channels of an errand are to go to."""
        lists = (await self.keeper.lists()).lists
        async with self.store.begin() as tx:
            number = await tx.queries.note(self.reader.id, errand.line(), self.clock())
        return views.where(self.reader, errand, number, lists)

    async def begin(self, number: int, title: str) -> View:
        """Begin the list whose title was asked for, with what was to go into it."""
        wanted = _errands(await self._kept(number), await self.keeper.lists())
        if not wanted:
            return View(say(self.reader.language, "keep-cancelled"))
        return await self._carry_out([replace(wanted[0], place=title)])

    async def put(self, pressed: Put) -> View | None:
        """Put what was asked for into the list of the button, or ask for the title of one that is to be begun; None
        where that is too old."""
        lists = await self.keeper.lists()
        wanted = _errands(await self._kept(pressed.errand), lists)
        if not wanted or (pressed.place and lists.of(pressed.place) is None):
            return None
        if place := pressed.place or wanted[0].place:
            return await self._carry_out([replace(wanted[0], place=place)])
        async with self.store.begin() as tx:
            await tx.readers.change(self.reader.id, asking=f"{NEW_LIST} {pressed.errand}")
        return views.title_question(self.reader)

    async def undo(self, pressed: Undo) -> View | None:
        """Take back what was done; None where that is too old."""
        kept = await self._kept(pressed.errands)
        wanted = _errands(kept, await self.keeper.lists())
        if not wanted:
            return None
        view = await self._carry_out(wanted, read_change(kept[-1]))
        return replace(view, rows=(*view.rows, (views.back(self.reader),)))

    async def drop(self, pressed: Drop) -> View:
        """Take the channel of the button out of its list; or the list away, where it holds none any more."""
        lists = await self.keeper.lists()
        known = lists.of(pressed.place)
        name = next((each for each in known.channels if _key(each) == pressed.channel), None) if known else None
        if known and name:
            gone = Errand(adds=False, entries=(lists.written(name),), place=known.id)
            results, change = await self._done([gone])
            return await self.shelf(known.id, pressed.page, results, await self._keep(results, change))
        if known and not pressed.channel and not known.channels and not known.folder:
            await self.keeper.change(lambda text: remove_list(text, known.id, self.keeper.what))
            return views.list_removed(self.reader, known.title(self.reader.language))
        return await self.shelf(pressed.place, pressed.page)  # pressed twice, or taken out by another hand

    async def shelf(self, place: str, page: int, results: Sequence[Done] = (), undo: int | None = None) -> View:
        """A page of a list, or how all is read where the file has none of this id; above it the `results` of what has
        just been done, with the button that takes them back, by the number of `undo`."""
        known = (await self.keeper.lists()).of(place)
        if known is None:
            return await overview(self.reader, self.store, self.clock())
        async with self.store.read() as tx:
            present = await tx.channels.present()
            in_force = next((each for each in await tx.channels.lists() if each.id == place), None)
        readings = {name_in_file(each.channel): each for each in present}
        shelved = [
            *(Shelved(name=name, reading=readings.get(name.lower())) for name in known.channels),
            *(Shelved(name=each.channel.name, reading=each, own=False) for each in of_folder(known, in_force, present)),
        ]
        return views.shelf(self.reader, known, shelved, page, self.clock(), results=results, undo=undo)

    async def _carry_out(self, errands: Sequence[Errand], back: TextChange | None = None) -> View:
        """Do what is asked for, which takes the change `back`, if any; what was done, with the button that takes it
        back."""
        results, change = await self._done(errands, back)
        changed = {entry for each in results for entry in each.changed}
        left = [entry for each in errands if not each.adds for entry in each.entries if entry not in changed]
        by_folder = await self._by_folder(left) if left else {}
        return views.done(self.reader, results, await self._keep(results, change), left, by_folder)

    async def _done(self, errands: Sequence[Errand], back: TextChange | None = None) -> tuple[list[Done], TextChange]:
        """Change the file as the errands ask, or as it was before the change that they take `back`, where nobody has
        changed it since: so what is put back stands where it stood. What became of them, each list as it is then, and
        how the file has changed."""
        results: list[Done] = []
        changes: list[TextChange] = []

        def make(text: str) -> str:
            after = text
            for errand in errands:
                after = _applied(after, errand, self.keeper.what, results)
            after = (back.taken_back(text) if back else None) or after
            changes.append(change_between(text, after))
            return after

        lists = await self.keeper.change(make)
        return [replace(each, place=lists.of(each.place.id) or each.place) for each in results], changes[-1]

    async def _keep(self, results: Sequence[Done], change: TextChange) -> int | None:
        """Keep what takes the results back; the number it is kept under, None where there is nothing to take back."""
        lines = [line for each in results if (line := _undoing(each))]
        if not lines:
            return None
        async with self.store.begin() as tx:
            return await tx.queries.note(self.reader.id, "\n".join([*lines, change.line()]), self.clock())

    async def _kept(self, number: int) -> list[str]:
        """The lines that are kept under a number; an empty one where it is too old."""
        async with self.store.read() as tx:
            return (await tx.queries.text(self.reader.id, number) or "").split("\n")

    async def _by_folder(self, entries: Sequence[str]) -> dict[str, ChannelList]:
        """The lists that have one of these by their folder."""
        lists = await self.keeper.lists()
        async with self.store.read() as tx:
            in_force = await tx.channels.lists()
        return {entry: place for entry in entries if (place := held_by_folder(lists, in_force, entry))}


def _errands(kept: Sequence[str], lists: Lists) -> list[Errand]:
    """The errands among these lines."""
    return [read_errand(line, lists.lists) for line in kept if line.startswith(("/add ", "/remove "))]


def _applied(text: str, errand: Errand, what: str, results: list[Done]) -> str:
    """The text after an errand; what became of it is added to the `results`."""
    lists = read_lists(text, what)
    place = list_named(errand.place, lists.lists) if errand.place else None
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


def _undoing(done: Done) -> str:
    entries = tuple(each for each in done.changed if folder_slug(each) is None)  # a folder goes by hand only
    return Errand(adds=not done.adds, entries=entries, place=done.place.id).line() if entries else ""


def _key(name: str) -> str:
    return target_of_word(name.lower())
