"""Pure: what people ask for in words where a command or a button would do it."""

import re
from dataclasses import dataclass

from bot.asides import plain

_LONGEST = 200  # characters that are looked at
KINDLY = "please|pls|plz|пожалуйста|плиз|пж"
_PLEASE = re.compile(rf"\A\s*(?:{KINDLY}),?\s+|,?\s(?:{KINDLY})(?=[\s.!?]*\Z)", re.IGNORECASE)
_SENDING = re.compile(  # "send me the digest at 8", "хочу дайджест в 9 утра"; the hour itself is read elsewhere
    r"\s*(?:(?:i want|i['’]d like|can you|could you|хочу|можно)\s+)?"
    r"(?:(?:send|bring|deliver|присыла(?:й|йте|ть)|(?:при)?шли(?:те)?|слать|принос(?:и|ите|ить))\s+"
    r"(?:(?:it|me|us|the|my|a|digest|news|мне|нам|дайджест|новости|его|их)\s+)*"
    r"|(?:(?:the|my|a)\s+)?(?:digest|дайджест)\s+)"
    r"(?P<hour>(?:at|around|every|в|к|около|каждый|каждое|утром|вечером)\s.{1,40})",
    re.IGNORECASE,
)
_MOVING = re.compile(  # "change it to 7", "перенеси на 9"
    r"\s*(?:(?:can you|could you|можно)\s+)?"
    r"(?:change|move|set|make|перенес(?:и|ите|ти)|(?:поставь|сделай|измени|смени|поменяй)(?:те)?)\s+"
    r"(?:(?:it|the|my|digest|hour|time|его|дайджест|время|час)\s+)*"
    r"(?P<hour>\S.{0,40})",
    re.IGNORECASE,
)
_AT = re.compile(  # "at 8", "в девять утра", and no year
    r"\s*(?:(?:лучше|давай(?:те)?|можно|пусть(?: будет)?|better|maybe)\s+)?(?P<hour>"
    r"(?:(?:every (?:day|morning|evening)|кажд(?:ый день|ый вечер|ое утро)|по (?:утр|вечер)ам|утром|вечером)\s+)?"
    r"(?:at|around|в|к|около)\s+(?!\d{3})\S.{0,30}?)[\s?]*",
    re.IGNORECASE,
)
_FOLLOWING = {  # whether to follow, and whether it can mean nothing else
    r"(?:subscribe(?: me)? to|подпиши(?:те)?(?:сь)?(?: меня)? на|подписаться на|хочу подписаться на)": (True, True),
    r"(?:unsubscribe(?: me)? from|отпиши(?:те)?(?:сь)?(?: меня)? от|отписаться от|хочу отписаться от)": (False, True),
    r"(?:unfollow|stop following)": (False, True),
    r"(?:follow|add|читать|хочу читать|добавь)": (True, False),
    r"(?:remove|stop(?: sending(?: me)?)?|mute|не читать|убери)": (False, False),
}
_CHANNELS_ASKED = re.compile(  # as `plain` has them: "what channels do you read", «какие у тебя каналы»
    r"(?:and )?(?:what|which|how many) (?:channels|sources)"
    r"(?: do you (?:have|read|use|follow)| do i (?:have|read|follow)| can i (?:read|follow|see|subscribe to)"
    r"| are (?:there|here|available|you reading)| there are)?"
    r"|(?:show|list|see|all|my|the list of|list of)(?: (?:me|all|the|my|your|list|of))* channels"
    r"|where do you (?:get|take) (?:your |the )?news(?: from)?|where does (?:the news|all this|this|it) come from"
    r"|(?:а |и )?(?:какие|что за|сколько)(?: (?:у тебя|у вас|тут|здесь|есть|ты|вы|я))* (?:канал|источник)(?:ы|и|ов)"
    r"(?: (?:у тебя|у вас|у меня|тут|здесь|есть|ты|вы|я|можно|доступны|читаешь|читаете|читаю|читать|используешь))*"
    r"|(?:покажи|покажите|посмотреть|дай|список|все|мои)(?: (?:мне|все|всех|мои|твои|список|весь))* (?:каналы|каналов)"
    r"|откуда (?:ты |вы )?(?:берешь |берете |берутся |приходят )?(?:эти |все )?новости"
)
_LISTS_ASKED = re.compile(
    r"(?:and )?(?:what|which) (?:lists|topics|categories)"
    r"(?: do you have| can i (?:read|follow|subscribe to)| are (?:there|here)| there are)?"
    r"|(?:show|see|all|my)(?: (?:me|all|the|my|your))* lists|what can i (?:follow|read|subscribe to)"
    r"|how (?:do i|can i|to) (?:subscribe|follow)(?: to)?(?: something| a list| a channel| lists| channels)?"
    r"|(?:а |и )?какие(?: (?:у тебя|у вас|тут|здесь|есть|ты|вы))* (?:списки|темы|рубрики|разделы)"
    r"(?: (?:у тебя|у вас|тут|здесь|есть|можно|читать))*"
    r"|(?:покажи|покажите|посмотреть|дай|все|мои)(?: (?:мне|все|мои|твои))* (?:списки|темы)"
    r"|на (?:что|какие каналы|какие списки|какие темы)(?: (?:тут|здесь|я|мне))*(?: можно| могу)? подписаться"
    r"|как подписаться(?: на (?:канал|каналы|список|списки|новости))?"
    r"|что (?:у тебя |у вас |тут |здесь )?(?:можно|есть) (?:по)?читать"
)
_ADDING_ASKED = re.compile(
    r"(?:how (?:do i|can i|could i|to) |(?:can|could|may) (?:i|we|you) |i (?:want|would like|d like) to )?(?:please )?"
    r"add (?:(?:a|my|own|new|another|other|some|more|your) )*channels?"
    r"|(?:(?:а|как|можно|можно ли|хочу|могу|мне|я) )*(?:добавь|добавьте|добавить)"
    r" (?:(?:еще|сюда|свой|мой|новый|другой|свои|один|новые|другие) )*каналы?(?: сюда| в бот| в бота| в список)?"
)
_ALL = frozenset("all everything it them these всего всех все этого".split())
_ABOUT = r"\s+(?:about|on|про|об?)\s+(?P<what>\w[\w-]*(?: \w[\w-]*){0,2})[\s.!]*"
_MORE = re.compile(
    r"\s*(?:(?:i want|i['’]d like|give me|send me|хочу|хотелось бы|давай(?:те)?|присылай(?:те)?(?: мне)?)\s+)?"
    rf"(?:more|больше|побольше)(?: (?:news|stories|новостей|всего))?{_ABOUT}",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\s*(?:no more|nothing(?: more)?|stop sending(?: me)?|(?:don['’]t|do not) (?:send|tell|show)(?: me)?(?: any)?"
    r"|хватит|ничего|(?:больше )?не (?:надо|нужно|хочу|интересно|(?:присылай|пиши|рассказывай|показывай|шли)(?:те)?)"
    rf"(?: мне)?(?: больше)?(?: ничего)?)(?: (?:news|anything|новост(?:и|ей)))?{_ABOUT}"
    # "I'm not interested in sport", «мне не интересен футбол»
    r"|\s*(?:(?:i am|i['’]m) not interested in|(?:меня|мне) (?:больше )?не ?интерес(?:у[ею]т|е?н[аоы]?))\s+"
    r"(?P<this>\w[\w-]*(?: \w[\w-]*){0,2})[\s.!]*",
    re.IGNORECASE,
)
_NEVER_BEHIND = re.compile(  # "про спорт не надо"
    r"\s*(?:про|об?)\s+(?P<what>\w[\w-]*(?: \w[\w-]*){0,2}?) (?:мне )?(?:больше )?"
    r"(?:не (?:надо|нужно|хочу|интересно|присылай(?:те)?|пиши(?:те)?|рассказывай(?:те)?)|хватит)(?: больше)?[\s.!]*",
    re.IGNORECASE,
)
_LIVING = re.compile(
    r"\s*(?:а |and )?(?:(?:i am|i['’]m)(?: now| currently| back)* in|i live in|(?:i(?:['’]ve| have)? )?moved to"
    r"|(?:set|change) (?:the |my )?(?:time ?zone|city) to|(?:поставь|смени|измени)(?:те)? (?:часовой )?пояс на"
    r"|(?:я|живу|переехала?|я (?:живу|сейчас|теперь|уже|переехала?))(?: сейчас| теперь)? (?:в|во|на))\s+"
    r"(?P<place>[^,.!\n]+?)(?: (?:now|today|this week|сейчас|теперь))?(?:[,.!][^\n]*)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\s*(?:(?:utc|gmt|мск|msk)\s?[+\-−–]\s?\d.{0,5}|(?-i:[A-Z][a-z]+/[A-Z][A-Za-z_]+))\s*", re.IGNORECASE
)
_LOOKING = re.compile(
    r"\s*(?:(?:please|can you|could you|i want|i['’]d like|to|read|know|show|give|find|search|look|for|tell|me|any|all"
    r"|everything|anything|something|the|what(?:['’]s| is)|new|latest|recent|news|posts|stories|updates"
    r"|пожалуйста|можно|хочу|хотелось бы|почитать|узнать|(?:покажи|найди|поищи|расскажи|дай|пришли)(?:те)?|что|есть"
    r"|мне|нам|слышно|нового|известно|пишут|говорят|последние|свежие|новости|посты|статьи|вс[её]|что-нибудь),?\s+){1,8}"
    r"(?:about|on|про|об?)\s+(?P<what>\S[^?\n]*?)[\s.!?]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Following:
    """That something of this name be followed (`on`), or no longer; not `certain` where the words may mean another
    thing."""

    name: str
    on: bool
    certain: bool


def without_please(text: str) -> str:
    """A text without the "please" with which it begins or ends."""
    return _PLEASE.sub("", text)


def following(text: str) -> Following | None:
    """What someone asks in words to follow, or to follow no longer; None where it is asked for nothing of the kind."""
    asked = without_please(text).rstrip(" \t\n.!")  # not by the pattern, which would try each full stop of a thousand
    for words, (on, certain) in _FOLLOWING.items():
        if match := re.match(rf"\s*{words}\s+(\S[^\n]*)$", asked, re.IGNORECASE):
            return Following(match[1], on, certain)
    return None


def is_for_channels(text: str) -> bool:
    """Whether someone asks which channels there are: "what channels?", «откуда новости?»."""
    return _CHANNELS_ASKED.fullmatch(plain(text[:_LONGEST])) is not None


def is_for_lists(text: str) -> bool:
    """Whether someone asks what there is to follow: "what can I follow?", «какие темы?»."""
    return _LISTS_ASKED.fullmatch(plain(text[:_LONGEST])) is not None


def is_for_adding(text: str) -> bool:
    """Whether someone wants a channel to be read that is not, without saying which: "can I add my own channel?"."""
    return _ADDING_ASKED.fullmatch(plain(text[:_LONGEST])) is not None


def is_all(name: str) -> bool:
    """Whether what is to be followed no longer is all that there is."""
    return name.strip(" .!").casefold() in _ALL


def hour_wished(text: str) -> str:
    """The hour, as it is said, at which someone asks the digest to come ("send it at 9"); empty where nobody does."""
    asked = without_please(text)
    match = _SENDING.fullmatch(asked) or _MOVING.fullmatch(asked)
    return match["hour"] if match else ""


def hour_said(text: str) -> str:
    """The hour, as it is said, where a text is nothing else ("at 9"), which may answer a question as well."""
    match = _AT.fullmatch(without_please(text))
    return match["hour"] if match else ""


def taste_wished(text: str) -> str:
    """What someone wants more of, or to hear no more of ("more about sanctions"), as /keywords takes it; empty where
    nobody does."""
    asked = without_please(text[:_LONGEST])
    for sign, pattern in (("+", _MORE), ("-", _NEVER), ("-", _NEVER_BEHIND)):
        if match := pattern.fullmatch(asked):
            what = next(filter(None, match.groups()))
            return f'{sign}"{what}"' if " " in what else f"{sign}{what}"
    return ""


def place_told(text: str) -> str:
    """Where someone says to be ("I'm in London now"), or by which clock ("UTC+3"); empty where nobody does."""
    if _CLOCK.fullmatch(text[:_LONGEST]):
        return text
    match = _LIVING.fullmatch(without_please(text[:_LONGEST]))
    return match["place"] if match else ""


def looked_for(text: str) -> str:
    """What is looked for by a text, without what only asks for it: "show me news about the strike" is the strike."""
    match = _LOOKING.fullmatch(without_please(text)) if len(text) <= _LONGEST else None
    return match["what"] if match else text
