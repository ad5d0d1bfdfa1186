"""Pure: what a service message of MTProto tells, as one line in the words of the web preview, where that has some."""

import re
from collections.abc import Callable
from typing import Any

from telethon.tl import types as T

Say = Callable[[Any, str], str]


def what_happened(action: Any, title: str) -> str:
    """The line of an action in the channel of this title; one that has no words of its own goes by its name:
    `MessageActionBoostApply` is "Boost apply"."""
    say = SENTENCES.get(type(action))
    return say(action, title) if say else _named(action)


def _named(action: Any) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(action).__name__.removeprefix("MessageAction"))
    return words.capitalize()


def _call(action: Any, title: str) -> str:
    if action.duration is None:
        return "Live stream started"
    minutes = max(1, round(action.duration / 60))
    return f"Live stream finished ({_many(minutes, 'minute')})"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _tasks(action: Any, title: str) -> str:
    return f"Tasks were added: {'; '.join(task.title.text for task in action.list[:20])}"


def _done(action: Any, title: str) -> str:
    changes = [(len(action.completed), "done"), (len(action.incompleted), "open again")]
    return "Checklist: " + ", ".join(f"{_many(count, 'task')} {state}" for count, state in changes if count)


def _results(action: Any, title: str) -> str:
    return f"Giveaway ended: {_many(action.winners_count, 'winner')}"


def _deletion(action: Any, title: str) -> str:
    if not action.period:
        return "Messages are no longer deleted by themselves"
    return f"Messages are deleted after {_many(max(1, round(action.period / 86400)), 'day')}"


def _copying(action: Any, title: str) -> str:
    return "Saving and forwarding was turned off" if action.new_value else "Saving and forwarding was turned on"


def _always(words: str) -> Say:
    return lambda action, title: words


SENTENCES: dict[type, Say] = {
    T.MessageActionPinMessage: lambda action, title: f"{title} pinned a message",
    T.MessageActionChannelCreate: _always("Channel created"),
    T.MessageActionChatEditTitle: lambda action, title: f"Channel name was changed to «{action.title}»",
    T.MessageActionChatEditPhoto: _always("Channel photo updated"),
    T.MessageActionChatDeletePhoto: _always("Channel photo removed"),
    T.MessageActionGroupCall: _call,
    T.MessageActionGroupCallScheduled: lambda action, title: (
        f"Live stream scheduled for {action.schedule_date:%Y-%m-%d %H:%M} UTC"
        if action.schedule_date
        else "Live stream scheduled"
    ),
    T.MessageActionCustomAction: lambda action, title: str(action.message),
    T.MessageActionChatCreate: lambda action, title: f"Group «{action.title}» created",
    T.MessageActionChannelMigrateFrom: lambda action, title: f"Group «{action.title}» became this one",
    T.MessageActionTopicCreate: lambda action, title: f"Topic «{action.title}» created",
    T.MessageActionTodoAppendTasks: _tasks,
    T.MessageActionTodoCompletions: _done,
    T.MessageActionPollAppendAnswer: lambda action, title: f"Answer added to the poll: {action.answer.text.text}",
    T.MessageActionPollDeleteAnswer: lambda action, title: f"Answer removed from the poll: {action.answer.text.text}",
    T.MessageActionGiveawayLaunch: _always("Giveaway started"),
    T.MessageActionGiveawayResults: _results,
    T.MessageActionBoostApply: lambda action, title: f"Boosted {_many(action.boosts, 'time')}",
    T.MessageActionSetMessagesTTL: _deletion,
    T.MessageActionSetChatWallPaper: _always("Channel wallpaper was changed"),
    T.MessageActionSetChatTheme: _always("Channel theme was changed"),
    T.MessageActionNoForwardsToggle: _copying,
    T.MessageActionPaidMessagesPrice: lambda action, title: f"Messages to the channel cost {action.stars} ⭐ now",
    T.MessageActionChangeCreator: _always("The channel has a new owner"),
    T.MessageActionNewCreatorPending: _always("The channel is about to have a new owner"),
    T.MessageActionStarGift: _always("The channel received a gift"),
    T.MessageActionStarGiftUnique: _always("The channel received a gift"),
}
"""What channels tell of themselves. What else the schema has happens in groups, private chats and bots only."""
