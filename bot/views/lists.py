"""Lists and channels: what there is, what is followed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.callbacks import Follow, target_of
from bot.naming import Target
from bot.outgoing import Button, View, fitting
from bot.views.start import MOST_LISTS, beyond, list_rows
from bot.wording import called, compose, escape, say, tame, word
from core.model import Channel, ChannelList, Reader, ReaderState

_MOST_NAMES = 30  # names in one sentence
_ADDRESSES = ("@", "t.me/", "https://", "http://")  # with which people write a channel


def lists(reader: Reader, all_lists: Sequence[ChannelList]) -> View:
    """What can be followed, each list with its size and description, and buttons to follow or stop."""
    language = reader.language
    if not all_lists:
        return View(say(language, "channels-empty"))
    blocks = []
    for each in all_lists[:MOST_LISTS]:
        mark, title = "✓ " if each.id in reader.lists else "", escape(each.title(language), 80)
        line = compose(language, "lists-line", mark=mark, title=title, count=len(each.channels))
        blocks.append(f"{line}\n{escape(each.description(language))}".rstrip())
    tail = [say(language, "lists-foot")]
    if reader.channels:
        own = ", ".join(called(reader, name) for name in reader.channels)
        tail.insert(0, say(language, "lists-own", channels=own))
    kept = fitting(blocks, len(say(language, "lists-head")) + sum(map(len, tail)) + 100)
    if hidden := len(all_lists) - len(kept):
        tail.insert(0, say(language, "lists-more", count=hidden))
    text = "\n\n".join([say(language, "lists-head"), *kept, *tail])
    return View(text, list_rows(reader, all_lists, "lists"))


def channels(reader: Reader, shown: Sequence[ChannelList], known: Mapping[str, Channel]) -> View:
    """The channels of these lists, linked; `known` by name in lower case."""
    language = reader.language
    lines: list[str] = []
    for each in shown:
        lines.append(("\n" if lines else "") + say(language, "channels-head", title=each.title(language)))
        lines += [_channel_line(name, known.get(name.lower())) for name in each.channels]
    if not any(each.channels for each in shown):
        return View(say(language, "channels-empty"))
    foot = say(language, "channels-foot")
    kept = fitting(lines, len(foot) + 100)
    total = sum(len(each.channels) for each in shown)
    hidden = total - sum(not line.lstrip("\n").startswith("<b>") for line in kept)
    tail = [say(language, "channels-more", count=hidden)] if hidden else []
    return View("\n".join([*kept, *tail, "", foot]))


def unknown(
    reader: Reader, what: str, nearest: Sequence[Target], all_lists: Sequence[ChannelList], *, on: bool = True
) -> View:
    """Nothing is called so; what comes near, with buttons to follow it (`on`) or to stop, else what there is."""
    language = reader.language
    lines = [say(language, "follow-unknown", what=tame(what, 60))]
    if nearest:
        names = [_typed(each.typed, each.title(language)) for each in nearest]
        lines.append(compose(language, "follow-nearest", names=", ".join(names)))
    elif all_lists:
        names = [_typed(each.id, each.title(language)) for each in all_lists[:_MOST_NAMES]]
        lines.append(compose(language, "follow-there-is", names=", ".join(names)))
    if what.startswith(_ADDRESSES):
        lines.append(say(language, "follow-only-added"))
    return View("\n".join(lines), offers(reader, nearest, on=on), missed=True)


def offers(reader: Reader, targets: Iterable[Target], *, on: bool = True) -> tuple[tuple[Button, ...], ...]:
    """A button for each of these that the reader does not follow, to follow it; or (not `on`) for each that the reader
    does, to follow it no longer."""
    sign, press = ("＋", _offer) if on else ("✕", _leave)
    return tuple(
        (Button(f"{sign} {tame(each.title(reader.language), 40)}", press(each.pressed)),)
        for each in targets
        if each.followed(reader) is not on
    )


def question(reader: Reader, all_lists: Sequence[ChannelList], *, on: bool) -> View:
    """Which list to follow, or to leave out; for a reader who follows nothing there is nothing to leave out."""
    language = reader.language
    if on:
        if not all_lists:
            return View(say(language, "channels-empty"))
        text = "\n\n".join([say(language, "subscribe-question"), *beyond(reader, len(all_lists))])
        return View(text, list_rows(reader, all_lists, "subscribe"))
    followed = [
        Button(f"✕ {tame(each.title(language), 40)}", _leave(target_of(each.id)))
        for each in all_lists
        if each.id in reader.lists
    ]
    followed += [Button(f"✕ {tame(called(reader, name), 40)}", _leave(f"@{name}")) for name in reader.channels]
    if not followed:
        return View(say(language, "unsubscribe-nothing"))
    words = [say(language, "unsubscribe-question"), *beyond(reader, len(followed), "unsubscribe-more")]
    return View("\n\n".join(words), tuple((button,) for button in followed[:MOST_LISTS]))


def adding(reader: Reader, all_lists: Sequence[ChannelList]) -> View:
    """Who adds channels, and what has been added."""
    view = question(reader, all_lists, on=True)
    return replace(view, text=f"{say(reader.language, 'follow-only-added')}\n\n{view.text}")


def about(reader: Reader, known: Channel | None, title: str, all_lists: Sequence[ChannelList]) -> View:
    """Whether a channel is read here, in which lists, and a button to follow it; `title` is what it is called where it
    is not `known`."""
    language = reader.language
    if known is None:
        return View(say(language, "forward-unknown", title=tame(title, 80)), missed=True)
    name = known.name.lower()
    inside = [each for each in all_lists if name in map(str.lower, each.channels)]
    followed = name in reader.channels or any(each.id in reader.lists for each in inside)
    text = say(language, "forward-followed" if followed else "forward-offered", title=tame(known.title, 80))
    if inside:
        titles = ", ".join(f"<b>{escape(each.title(language), 40)}</b>" for each in inside[:_MOST_NAMES])
        text += "\n" + compose(language, "forward-in", lists=titles)
    button = Button(word(language, "forward-button"), _offer(f"@{name}"))
    return View(text) if followed else View(text, ((button,),))


def changed(reader: Reader, title: str, key: str) -> View:
    """What a subscribing or unsubscribing has changed; `key` is the text that says so."""
    text = say(reader.language, key, title=tame(title, 80))
    if key == "follow-ended" and not reader.lists and not reader.channels:
        text += "\n" + say(reader.language, "follow-nothing-left")
    if key == "follow-done" and reader.state is ReaderState.PAUSED:
        text += "\n" + say(reader.language, "rhythm-paused")
    elif key == "follow-done" and reader.due_at is None:  # a group that nobody has started
        text += "\n" + say(reader.language, "rhythm-none")
    return View(text)


def pressed(reader: Reader, target: Target, *, on: bool) -> View:
    """What a press on the button of an offer has changed, with the button that takes it back."""
    view = changed(reader, target.title(reader.language), "follow-done" if on else "follow-ended")
    back = Follow(target=target.pressed, on=not on, place="offer").pack()
    return replace(view, rows=((Button(word(reader.language, "undo-button"), back),),))


def alert(language: str, title: str, *, on: bool) -> str:
    return word(language, "follow-on-alert" if on else "follow-off-alert", title=title)


def linked(reader: Reader, target: Target) -> str:
    """A list or a channel by its title, a public channel with its address, marked where it is followed."""
    title = escape(target.title(reader.language), 60)
    shown = _link(target.typed, title) if target.channel and _is_public(target.typed) else f"<b>{title}</b>"
    return f"{shown} ✓" if target.followed(reader) else shown


def _typed(name: str, title: str) -> str:
    """A name as it would be typed, and what it stands for where it does not say so itself."""
    code = f"<code>{escape(name, 60)}</code>"
    return code if title.casefold() == name.casefold() else f"{code} ({escape(title, 40)})"


def _offer(target: str) -> str:
    return Follow(target=target, on=True, place="offer").pack()


def _leave(target: str) -> str:
    return Follow(target=target, on=False, place="leave").pack()


def _channel_line(name: str, channel: Channel | None) -> str:
    title = escape(channel.title if channel else name, 80)
    return f"• {_link(name, title) if _is_public(name) else title}"


def _is_public(name: str) -> bool:
    """Whether a channel of this name has an address that anyone may open."""
    return not name.startswith(("c/", "+"))


def _link(name: str, title: object) -> str:
    return f'<a href="https://t.me/{escape(name, 80)}">{title}</a>'
