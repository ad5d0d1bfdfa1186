"""The start: greeting, the hour, the zone, and what was agreed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import zones
from bot.arrivals import OF_HOUR, OF_START
from bot.callbacks import Follow, Hour, Show, Turn, Zone, target_of
from bot.outgoing import Button, View, in_rows
from bot.wording import called, compose, escape, say, tame, word
from core.model import ChannelList, Reader, ReaderState
from core.texts import texts

HOURS = ("07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "21:00")
MOST_LISTS = 40  # buttons of lists below one message; Telegram takes 100
_IN_A_ROW = 4  # hours; what is longer has a row with one other, or of its own: a phone cuts it off
_LABEL = 40  # characters of a list's title in a button


def hello(reader: Reader, lists: Sequence[ChannelList], *, keeps: bool = False) -> View:
    """The first words, with the lists to choose from; without any, one who `keeps` them learns how to begin."""
    if not lists:
        lines = ["start-no-lists", *(["keep-first"] if keeps else ())]
        return View("\n\n".join(say(reader.language, line) for line in lines))
    text = "\n\n".join([say(reader.language, "start-hello"), *beyond(reader, len(lists))])
    return View(text, list_rows(reader, lists, "start"))


def again(reader: Reader, lists: Sequence[ChannelList], now: datetime) -> View:
    """The greeting of one who is known: how things stand."""
    text = compose(reader.language, "start-again", follows=follows(reader, lists), rhythm=rhythm(reader, now))
    return View("\n\n".join([text, *beyond(reader, len(lists))]), list_rows(reader, lists, "again"))


def group_again(reader: Reader, now: datetime) -> View:
    """The greeting of a group that let the bot in again: its digest comes as before."""
    return View(compose(reader.language, "start-group-again", rhythm=rhythm(reader, now)))


def hour_question(reader: Reader, place: str, hours: Sequence[str] = ()) -> View:
    """Asks for the hour, to be chosen from these, if any are given; `place` is start or settings."""
    key = "hour-question" if place == "start" else "hour-change-question"
    buttons = [Button(hour, Hour(at=hour.replace(":", ""), place=place).pack()) for hour in hours or HOURS]
    other = Button(word(reader.language, "hour-other-button"), Hour(at="", place=place).pack())
    rows = (*in_rows(buttons, _IN_A_ROW), (other,))
    place_of_clock = zones.label(reader.zone, reader.language)
    text = say(reader.language, key, at=reader.at, zone=place_of_clock, chat=reader.kind)
    return View(text, rows if place == "start" else (*rows, back(reader)))


def hour_offer(reader: Reader, hour: str) -> tuple[Button, ...]:
    """The row of the button that has the digest come at an hour which was looked for."""
    label = word(reader.language, "hour-offer-button", at=hour)
    return (Button(label, Hour(at=hour.replace(":", "")).pack()),)


def no_answer(reader: Reader, text: str, search: int | None, *, about_hour: bool) -> View:
    """The text is no hour, or no place; a button looks for it, where it is kept as a `search`."""
    view = View(say(reader.language, "hour-unclear" if about_hour else "zone-unclear"), missed=True)
    return view if search is None else replace(view, rows=(search_row(reader, text, search),))


def search_row(reader: Reader, text: str, search: int) -> tuple[Button, ...]:
    """The row of the button that looks for a text, which is kept as a `search`."""
    label = word(reader.language, "search-button", query=tame(text, _LABEL))
    return (Button(label, Turn(query=search, page=0).pack()),)


def open_question(reader: Reader, now: datetime) -> View | None:
    """The question of the start that the reader has not answered yet, once more; None where there is none, and while
    the digest is paused."""
    if reader.asking not in OF_START or reader.state is ReaderState.PAUSED:
        return None
    return hour_question(reader, "start") if reader.asking in OF_HOUR else zone_question(reader, "start", now)


def zone_question(reader: Reader, place: str, now: datetime) -> View:
    """Asks for the zone; each place shows its present time, for people know their clock better than its zone."""
    language = reader.language
    places = zones.LIKELY.get(language, zones.LIKELY["en"])
    buttons = [
        Button(f"{zones.label(name, language)} {zones.local(now, name):%H:%M}", Zone(name=name, place=place).pack())
        for name in places
    ]
    buttons.append(Button(word(language, "zone-other-button"), Zone(name="", place=place).pack()))
    rows = in_rows(buttons, 2)
    if place == "start":
        return View(say(language, "zone-question", at=reader.at, chat=reader.kind), rows)
    clock = f"{zones.local(now, reader.zone):%H:%M}"
    return View(say(language, "zone-question-alone", now=clock, chat=reader.kind), (*rows, back(reader)))


def back(reader: Reader) -> tuple[Button, ...]:
    """The row of the button that leads back to the settings."""
    return (Button(word(reader.language, "settings-back-button"), Show(page="settings").pack()),)


def done(reader: Reader, now: datetime) -> View:
    """What was agreed, at the end of the start."""
    return View(compose(reader.language, "start-done", rhythm=rhythm(reader, now)))


def rhythm(reader: Reader, now: datetime) -> str:
    """When the digest comes, as HTML."""
    language = reader.language
    if reader.state is ReaderState.PAUSED:
        return say(language, "rhythm-paused")
    if reader.due_at is None:
        return say(language, "rhythm-none")
    zone = zones.label(reader.zone, language)
    if not reader.lists and not reader.channels:
        return say(language, "rhythm-nothing", at=reader.at, zone=zone)
    following = _day(max(reader.due_at, now), now, zones.tz(reader.zone), language)
    return say(language, "rhythm-daily", at=reader.at, zone=zone, next=following)


def follows(reader: Reader, lists: Sequence[ChannelList]) -> str:
    """What a reader follows, on one line, as HTML."""
    titles = [each.title(reader.language) for each in lists if each.id in reader.lists]
    names = [str(escape(title, 60)) for title in (*titles, *(called(reader, name) for name in reader.channels))]
    if not names:
        return say(reader.language, "start-nothing")
    shown = names[:20]
    return ", ".join(shown) + (f" +{len(names) - 20}" if len(names) > len(shown) else "")


def beyond(reader: Reader, lists: int, key: str = "lists-more") -> list[str]:
    """That there are more of so many than a message has buttons for, and how to come to these."""
    return [say(reader.language, key, count=lists - MOST_LISTS)] if lists > MOST_LISTS else []


def list_rows(reader: Reader, lists: Sequence[ChannelList], place: str) -> tuple[tuple[Button, ...], ...]:
    """The lists as buttons that follow or stop, with a mark at those that are followed."""
    buttons = []
    for each in lists[:MOST_LISTS]:
        followed = each.id in reader.lists
        title = tame(each.title(reader.language), _LABEL)
        data = Follow(target=target_of(each.id), on=not followed, place=place).pack()
        buttons.append(Button(f"✓ {title}" if followed else title, data))
    return in_rows(buttons, 2)


def _day(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days in {0, 1}:
        return word(language, ("rhythm-today", "rhythm-tomorrow")[days])
    return texts(language).day(moment, zone)
