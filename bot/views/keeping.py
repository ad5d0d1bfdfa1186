"""The lists as those who run the place see and change them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import Drop, Follow, Put, Shelf, Undo, target_of, target_of_word
from bot.errands import Errand
from bot.outgoing import Button, View, fitting, in_rows, turns
from bot.views.start import MOST_LISTS
from bot.views.status import LATE, channel_line, moment, way_of
from bot.wording import compose, say, tame, word
from core.addresses import is_name
from core.errors import BadInput, NotWritable
from core.model import ChannelList, Reader, Reading

PER_PAGE = 10
_WIDTH = 2  # buttons in a row
_LABEL = 30  # characters of a button that stands beside another


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an errand in one list: the entries that it changed, and those that were as they should be."""

    place: ChannelList
    adds: bool
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A channel in a list: its `name` as the file has it, how it is read, and whether it is the list's `own` and not
    its folder's."""

    name: str
    reading: Reading | None
    own: bool = True

    @property
    def shown(self) -> str:
        """What it is called: its public name, else its title."""
        title = self.reading.channel.title if self.reading else self.name
        return f"@{self.name}" if is_name(self.name) else title


def usage(reader: Reader, *, adds: bool) -> View:
    return View(say(reader.language, "keep-add-help" if adds else "keep-remove-help"))


def unclear(reader: Reader, error: BadInput) -> View:
    """What was given is no channel."""
    return View(say(reader.language, "keep-unclear", what=error.what.strip("'\"")), missed=True)


def refused(language: str, error: BadInput) -> View:
    """The file cannot be changed, and what to do about it."""
    key = "keep-read-only" if isinstance(error, NotWritable) else "keep-broken"
    return View(say(language, key, error=str(error)))


def where(reader: Reader, errand: Errand, number: int, lists: Sequence[ChannelList]) -> View:
    """Asks for the list that the channels are to go to; `number` is what the errand is kept under."""
    key = "keep-no-list" if errand.place else "keep-where"
    text = say(reader.language, key, title=errand.place, names=_names(errand.entries))
    return View(text, places(reader, errand, number, lists))


def places(reader: Reader, errand: Errand, number: int, lists: Sequence[ChannelList]) -> tuple[tuple[Button, ...], ...]:
    """A button for each list that the channels can go to, and one for a list that is not there yet."""
    language = reader.language
    begin = word(language, "keep-begin-button" if errand.place else "keep-new-button", title=errand.place)
    buttons = [
        Button(tame(each.title(language), _LABEL), Put(errand=number, place=each.id).pack())
        for each in lists[:MOST_LISTS]
    ]
    new = Button(begin, Put(errand=number).pack())
    return in_rows([new, *buttons] if errand.place else [*buttons, new], _WIDTH)


def title_question(reader: Reader) -> View:
    return View(say(reader.language, "keep-title-question"))


def done(
    reader: Reader,
    results: Sequence[Done],
    undo: int | None,
    left: Sequence[str],
    by_folder: Mapping[str, ChannelList],
) -> View:
    """What has been changed in which list; `undo` is what the errands are kept under that take it back, `left` what was
    to be removed and is not named there, `by_folder` the lists that have some of it all the same."""
    emptied = [each.place for each in results if each.changed and not each.adds and _is_empty(each.place)]
    begun = [each.place for each in results if each.begun]  # which nobody follows yet
    rows = [
        *_undo(reader, undo),
        *((_drop_list(reader, place),) for place in emptied),
        *((_follow(reader, place),) for place in begun),
    ]
    told = {entry for each in results for entry in each.same} | by_folder.keys()
    absent = [entry for entry in left if entry not in told]
    lines = [*_told(reader, results, by_folder), *_held(reader, by_folder), *_absent(reader, absent)]
    return View("\n".join(fitting(lines)), tuple(rows))


def no_such_list(reader: Reader, title: str) -> View:
    return View(say(reader.language, "keep-no-such-list", title=title), missed=True)


def list_removed(reader: Reader, title: str) -> View:
    return View(say(reader.language, "keep-list-removed", list=title), ((back(reader),),))


def opening(reader: Reader) -> tuple[Button, ...]:
    """The row of the button that leads to what the lists hold."""
    return (Button(word(reader.language, "keep-open-button"), Shelf().pack()),)


def shelves(reader: Reader, lists: Sequence[ChannelList]) -> tuple[tuple[Button, ...], ...]:
    """A button for each list, that shows what it holds."""
    return in_rows([_shelf_button(reader, each) for each in lists[:MOST_LISTS]], _WIDTH)


def _shelf_button(reader: Reader, each: ChannelList) -> Button:
    title = tame(each.title(reader.language), _LABEL)
    return Button(
        word(reader.language, "keep-shelf-button", title=title, count=len(each.channels)), Shelf(place=each.id).pack()
    )


def shelf(
    reader: Reader,
    place: ChannelList,
    channels: Sequence[Shelved],
    page: int,
    now: datetime,
    *,
    results: Sequence[Done] = (),
    undo: int | None = None,
) -> View:
    """A page of a list: its channels, how each is read, and buttons to take out those that the file names; above it
    the `results` of what has just been done."""
    language = reader.language
    pages = max(1, -(-len(channels) // PER_PAGE))
    page = min(page, pages - 1)
    shown = channels[page * PER_PAGE : (page + 1) * PER_PAGE]
    head = say(language, "keep-shelf", title=place.title(language), id=place.id, count=len(channels))
    lines = [*([*_told(reader, results), ""] if results else []), head, *(_line(reader, each, now) for each in shown)]
    lines += ["", say(language, "keep-shelf-foot", id=place.id)]
    buttons = [Button(f"✕ {tame(each.shown, _LABEL)}", _drop(place, each.name, page)) for each in shown if each.own]
    rows = [*_undo(reader, undo), *in_rows(buttons, _WIDTH)]
    if _is_empty(place):
        rows.append((_drop_list(reader, place),))
    rows += turns(page, lambda to: Shelf(place=place.id, page=to), more=page + 1 < pages)
    return View("\n".join(lines), (*rows, (back(reader),)))


def _told(reader: Reader, results: Sequence[Done], by_folder: Container[str] = ()) -> list[str]:
    language = reader.language
    lines: list[str] = []
    for each in results:
        title = each.place.title(language)
        if each.changed:
            key = "keep-removed" if not each.adds else "keep-begun" if each.begun else "keep-added"
            lines.append(
                say(language, key, list=title, names=_names(each.changed), count=len(each.changed), id=each.place.id)
            )
        if same := [entry for entry in each.same if entry not in by_folder]:
            key = "keep-known" if each.adds else "keep-absent-there"
            lines.append(say(language, key, list=title, names=_names(same), count=len(same)))
    added = [entry for each in results if each.adds for entry in each.changed]
    if any(not is_name(entry) for entry in added):
        lines.append(say(language, "keep-account"))
    if added:
        lines.append(say(language, "keep-how-read"))
    if any(each.changed for each in results if not each.adds):
        lines.append(say(language, "keep-stays"))
    return lines


def _held(reader: Reader, by_folder: Mapping[str, ChannelList]) -> list[str]:
    language = reader.language
    return [
        say(language, "keep-by-folder", names=_names([entry]), list=place.title(language))
        for entry, place in by_folder.items()
    ]


def _absent(reader: Reader, entries: Sequence[str]) -> list[str]:
    return [say(reader.language, "keep-absent", names=_names(entries), count=len(entries))] if entries else []


def _line(reader: Reader, each: Shelved, now: datetime) -> str:
    language, reading = reader.language, each.reading
    if reading is None or (reading.read_at is None and not reading.failures):
        line = say(language, "keep-channel-waits", name=each.shown)
    elif reading.failures or reading.late(now) > LATE:
        line = channel_line(reader, reading, now)
    else:
        read = moment(reader, reading.read_at or now)
        line = say(language, "keep-channel", name=each.shown, way=way_of(reader, reading), read=read)
    return line if each.own else compose(language, "keep-channel-folder", line=line)


def _names(entries: Sequence[str]) -> str:
    """Entries as they are told: a public name, or the link without what it begins with."""
    return ", ".join(f"@{each}" if is_name(each) else each.removeprefix("https://") for each in entries)


def _undo(reader: Reader, number: int | None) -> tuple[tuple[Button, ...], ...]:
    if number is None:
        return ()
    return ((Button(word(reader.language, "undo-button"), Undo(errands=number).pack()),),)


def _drop(place: ChannelList, name: str, page: int) -> str:
    return Drop(place=place.id, channel=target_of_word(name.lower()), page=page).pack()


def _drop_list(reader: Reader, place: ChannelList) -> Button:
    title = tame(place.title(reader.language), _LABEL)
    return Button(word(reader.language, "keep-drop-list-button", title=title), Drop(place=place.id).pack())


def _follow(reader: Reader, place: ChannelList) -> Button:
    return Button(
        word(reader.language, "forward-button"), Follow(target=target_of(place.id), on=True, place="offer").pack()
    )


def _is_empty(place: ChannelList) -> bool:
    return not place.channels and not place.folder


def back(reader: Reader) -> Button:
    """Leads to all lists."""
    return Button(word(reader.language, "keep-back-button"), Shelf().pack())
