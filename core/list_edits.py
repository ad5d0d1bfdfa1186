"""channels.toml with a channel more or less: the text is edited where it stands, so that its comments stay. Pure.

An entry of a list is written as the file has it: a channel's name, its invite link, or the link of a folder.
"""

import re
import tomllib
from collections.abc import Collection, Sequence
from itertools import chain, count

from core.addresses import Form, channel_name, read_address
from core.errors import ListsError
from core.latin import latin
from core.lists import Lists, check_list_id, folder_link, folder_slug, listed_name, read_lists
from core.model import ChannelSettings
from core.toml_lines import line_of

_BY_HAND = "is written in a way that cannot be edited from here: please edit it by hand"
_NO_ID = re.compile(r"[^a-z0-9]+")
_STRING = re.compile(r"""(?P<string>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(?P<comment>#[^\n]*)|(?P<end>\])""")


def entry_of(given: str) -> str:
    """The entry that is meant by a name, an @name or an address. Raises BadInput for anything else."""
    address = read_address(given)
    return address.url if address is not None and address.form in (Form.INVITE, Form.FOLDER) else channel_name(given)


def channel_of(given: str) -> str:
    """The same without folders, whose line is taken out by hand."""
    entry = entry_of(given)
    return entry if folder_slug(entry) is None else channel_name(given)


def id_for(title: str, taken: Collection[str] = ()) -> str:
    """An id for a list of this title that is not taken: "World affairs" -> "world-affairs", «Мир» -> "mir"."""
    stem = _NO_ID.sub("-", latin(title))[:28].strip("-") or "list"
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(each for each in chain([stem], numbered) if each not in taken)


def lists_with(lists: Lists, entry: str) -> tuple[str, ...]:
    """The lists in which an entry stands."""
    name, slug = listed_name(entry).lower(), folder_slug(entry)
    return tuple(
        each.id
        for each in lists.lists
        if (slug and slug == each.folder) or name in {known.lower() for known in each.channels}
    )


def add(text: str, list_id: str, entries: Sequence[str], title: str = "", what: str = "channels.toml") -> str:
    """The text with these entries in the list, which is begun (with `title`) where it is not there. Raises as below."""
    for slug in filter(None, map(folder_slug, entries)):
        text = add_folder(text, list_id, slug, title, what)
    channels = [each for each in entries if folder_slug(each) is None]
    return add_channels(text, list_id, channels, title, what) if channels else text


def add_channels(text: str, list_id: str, names: Sequence[str], title: str = "", what: str = "channels.toml") -> str:
    """The text with `names` at the end of the list, which is begun (with `title`) where it is not there.

    Raises ListsError for a broken file, a name that is none, or a file that is written in a way not understood here.
    """
    before = read_lists(text, what)
    check_list_id(list_id, what)
    known = before.of(list_id)
    present = {name.lower() for name in known.channels} if known else set()
    new = [name for name in dict.fromkeys(names) if listed_name(name).lower() not in present]
    if known is None:
        items = ", ".join(f'"{name}"' for name in new)
        after = _begun(text, list_id, title, f"channels = [{items}]")
    else:
        after = _appended(_with_array(text, list_id, what), list_id, new, what) if new else text
    wanted = [*(known.channels if known else ()), *map(listed_name, new)]
    return _checked(after, list_id, wanted, before, what)


def add_folder(text: str, list_id: str, slug: str, title: str = "", what: str = "channels.toml") -> str:
    """The text with the folder of this slug in the list, which is begun (with `title`) where it is not there; the same
    text where it has that folder already. Raises ListsError as above, and where it has another."""
    before = read_lists(text, what)
    check_list_id(list_id, what)
    known = before.of(list_id)
    if known is not None and known.folder is not None:
        if known.folder == slug:
            return text
        reason = f"{list_id} has a folder already, and a list has one: name another list"
        raise ListsError(what, reason, line_of(text, ("lists", list_id, "folder")))
    line = f'folder = "{folder_link(slug)}"'
    after = _begun(text, list_id, title, line) if known is None else _below_header(text, list_id, line, what)
    return _checked(after, list_id, known.channels if known else (), before, what, folder=slug)


def _begun(text: str, list_id: str, title: str, line: str) -> str:
    """The text with a new list at its end, which holds this line."""
    words = title.replace("\\", "\\\\").replace('"', '\\"')
    heading = f'title = "{words}"\n' if title else ""
    return f"{text.rstrip()}\n\n[lists.{list_id}]\n{heading}{line}\n".lstrip("\n")


def _with_array(text: str, list_id: str, what: str) -> str:
    """The text with a place for the list's channels, which one with a folder need not have."""
    if "channels" in tomllib.loads(text)["lists"][list_id]:
        return text
    return _below_header(text, list_id, "channels = []", what)


def _below_header(text: str, list_id: str, line: str, what: str) -> str:
    lines, number = _headed(text, list_id, what)
    return "\n".join([*lines[:number], line, *lines[number:]])


def _headed(text: str, list_id: str, what: str) -> tuple[list[str], int]:
    """The lines of the text, and the number of the one that is the header of the list."""
    lines = text.split("\n")  # as `line_of` counts them: a comment may hold other ends of lines
    number = line_of(text, ("lists", list_id)) or 0
    if not number or not lines[number - 1].lstrip().startswith("["):
        raise ListsError(what, _BY_HAND, number)
    return lines, number


def remove_channel(text: str, list_id: str, name: str, what: str = "channels.toml") -> str:
    """The text without `name` in this list; the same text where it is not there. Raises ListsError as above."""
    before = read_lists(text, what)
    known = before.of(list_id)
    name = listed_name(name)
    if known is None or name.lower() not in {each.lower() for each in known.channels}:
        return text
    after = text
    start, end = _array(text, list_id, what)
    for item in reversed(
        [found for found in _items(text, start, end) if listed_name(found[0]).lower() == name.lower()]
    ):
        after = _without(after, item[1], item[2])
    return _checked(after, list_id, [each for each in known.channels if each.lower() != name.lower()], before, what)


def remove_list(text: str, list_id: str, what: str = "channels.toml") -> str:
    """The text without this list; the comments above the next one stay. Raises ListsError as above."""
    before = read_lists(text, what)
    if before.of(list_id) is None:
        return text
    lines, number = _headed(text, list_id, what)
    others = (at for at in range(number, len(lines)) if re.match(rf"\[(?!lists\.{list_id}\.)", lines[at]))
    last = next(others, len(lines))
    while last > number and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    edited = "\n".join(["\n".join(lines[: number - 1]).rstrip(), *lines[last:]]).lstrip("\n")
    after = read_lists(edited, what)
    if after.lists != tuple(each for each in before.lists if each.id != list_id) or _own(after) != _own(before):
        raise ListsError(what, _BY_HAND)
    return edited


def _checked(
    text: str, list_id: str, wanted: Sequence[str], before: Lists, what: str, *, folder: str | None = None
) -> str:
    """The edited text, if it says what it should and nothing else has changed."""
    after = read_lists(text, what)
    edited = after.of(list_id)
    others = [each for each in after.lists if each.id != list_id]
    same = others == [each for each in before.lists if each.id != list_id] and _own(after) == _own(before)
    known = before.of(list_id)
    folder = folder or (known.folder if known else None)
    if edited is None or list(edited.channels) != list(wanted) or edited.folder != folder or not same:
        raise ListsError(what, _BY_HAND)
    return text


def _own(lists: Lists) -> dict[str, ChannelSettings]:
    """The settings but for invite links, which come and go with the lists."""
    return {name: each for name, each in lists.settings.items() if each.invite is None}


def _array(text: str, list_id: str, what: str) -> tuple[int, int]:
    """Where the brackets of a list's channels stand."""
    line = line_of(text, ("lists", list_id, "channels"))
    at = 0
    for _ in range((line or 1) - 1):
        at = text.index("\n", at) + 1
    start = text.find("[", text.find("=", at))
    if line is not None and start >= 0:
        for match in _STRING.finditer(text, start + 1):
            if match["end"]:
                return start, match.start()
    raise ListsError(what, _BY_HAND, line)


def _items(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The names between two brackets, with where they begin and end, quotes included."""
    found = _STRING.finditer(text, start + 1, end)
    return [(match["string"][1:-1], *match.span()) for match in found if match["string"]]


def _appended(text: str, list_id: str, names: Sequence[str], what: str) -> str:
    start, end = _array(text, list_id, what)
    items = _items(text, start, end)
    quoted = [f'"{name}"' for name in names]
    together = ", ".join(quoted)
    if not items:
        return f"{text[: start + 1]}{together}{text[end:] if not text[start + 1 : end].strip() else text[start + 1 :]}"
    last = items[-1][2]
    rest = text[last:end]
    if "\n" not in text[start:end]:
        return f"{text[:last]}, {together}{text[end:]}"
    line = text.rfind("\n", 0, items[-1][1]) + 1
    first = re.match(r"\s*", text[line:])
    indent = first.group() if first and line > start else "    "
    comma = "" if rest.lstrip().startswith(",") else ","
    tail = rest.rstrip(" \t")
    closing = rest[len(tail) :]
    tail = tail if tail.endswith("\n") else f"{tail}\n"
    added = "".join(f"{indent}{each},\n" for each in quoted)
    return f"{text[:last]}{comma}{tail}{added}{closing}{text[end:]}"


def _without(text: str, start: int, end: int) -> str:
    """The text without the string there, its comma, and its line where nothing else stands on it."""
    after = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    if after:
        end = after.end()
    elif before := re.search(r",[ \t]*$", text[:start]):
        start = before.start()
    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if not text[line:start].strip() and stop >= 0 and not text[end:stop].strip():
        return text[:line] + text[stop + 1 :]
    return text[:start] + text[end:]
