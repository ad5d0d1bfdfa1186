"""Pure: what people write who do not answer what they were asked."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.words import stem, stems
from digest.text.tidy import FUNCTION_STEMS

_SOCIAL = frozenset(
    stem(word)
    for word in """hi hello hey help thanks thank please bot menu welcome good day sorry привет здравствуй здравствуйте
    добрый день помощь помоги помогите спасибо пожалуйста бот меню ау справка извините ok okay yes no ок окей ага да
    нет хорошо понятно ясно cool nice great wow круто супер класс lot much большое огромное очень""".split()
)
_THANKS = frozenset(
    stem(word) for word in "thanks thank thx great wow nice cool спасибо благодарю круто супер класс".split()
)
_STOP = frozenset(
    stem(word)
    for word in """stop unsubscribe quit pause disable mute стоп хватит остановить останови отписаться отписка отпишись
    отписать отключить отключи выключить выключи прекратить прекрати пауза forget delete erase забудь забыть удали
    удалить сотри стереть""".split()
)
_OF_OURS = frozenset(
    stem(word)
    for word in """digest digests message messages news sending send subscription sent daily дайджест дайджесты
    сообщение сообщения новости присылать присылай слать рассылка рассылку подписка подписку
    больше ежедневный data account chat information данные аккаунт чат информацию""".split()
)
_NEWS = frozenset(
    stem(word) for word in "digest news new happened дайджест новости новостей нового случилось произошло было".split()
)
_LATEST = frozenset(
    stem(word)
    for word in """latest today's today daily give send новый последние свежие сегодняшний сегодня дай дайте покажи
    пришли""".split()
)
_LEAVE_IT = frozenset(
    """cancel; skip; later; no; nope; yes; ok; okay; fine; stop; enough; whatever; never mind; not now; as it is
    отмена; отменить; пропустить; потом; позже; нет; да; ок; ладно; хорошо; стоп; хватит; неважно; не надо; не сейчас
    не нужно; как есть; все равно""".replace("\n    ", "; ").split("; ")
)
_SETTINGS = frozenset(
    stem(word) for word in "settings options language timezone zone настройки настройка язык пояс".split()
)
_CHANGING = frozenset(
    stem(word)
    for word in """change set switch choose my where show time english russian смени сменить поменяй поменять измени
    изменить выбрать переключи открой мой мои где покажи часовой английский русский""".split()
)
_LANGUAGE = frozenset(
    """english please; in english; in english please; speak english; in russian; russian please; speak russian
    по английски; на английском; по русски; на русском; говори по русски""".replace("\n    ", "; ").split("; ")
)
_LIKED = re.compile(r"[\s\U0001f3fb-\U0001f3ff\ufe0f👍👌👏🙏🙌💪🔥💯❤🧡💛💚💙💜🤍🖤😍🥰😘🤗]+")
_SENDING = re.compile(  # "send me the digest at 8", "хочу дайджест в 9 утра"; the hour itself is read elsewhere
    r"\s*(?:please,?\s+|пожалуйста,?\s+)?(?:(?:i want|i'd like|can you|could you|хочу|можно)\s+)?"
    r"(?:(?:send|bring|deliver|присыла(?:й|йте|ть)|шли(?:те)?|слать|принос(?:и|ите|ить))\s+"
    r"(?:(?:it|me|us|the|my|a|digest|news|мне|нам|дайджест|новости|его|их)\s+)*"
    r"|(?:(?:the|my|a)\s+)?(?:digest|дайджест)\s+)"
    r"(?P<hour>(?:at|around|every|в|к|около|каждый|каждое|утром|вечером)\s.{1,40})",
    re.IGNORECASE,
)
_OF_THE_BOT = frozenset(
    """how does this work; how does it work; how do i use this; who made you; what can you do; commands
    как это работает; как ты работаешь; как пользоваться; как тобой пользоваться; кто тебя сделал; что ты умеешь
    команды""".replace("\n    ", "; ").split("; ")
)
_HOURS = re.compile(
    r"\d|\b(?:morning|evening|night|noon|afternoon|o'?clock|утр|вечер|ноч|час|полдн|обед)", re.IGNORECASE
)
_LONGEST_PLACE = 3  # words
_WISHES = {  # whether to follow, and whether it can mean nothing else
    r"(?:subscribe(?: me)? to|подпиши(?:те)?(?:сь)?(?: меня)? на|подписаться на|хочу подписаться на)": (True, True),
    r"(?:unsubscribe(?: me)? from|отпиши(?:те)?(?:сь)?(?: меня)? от|отписаться от|хочу отписаться от)": (False, True),
    r"(?:follow|add|читать|хочу читать|добавь)": (True, False),
    r"(?:unfollow|stop following|remove|не читать|убери)": (False, False),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """That something of this name be followed (`on`), or no longer; not `certain` where the words may mean another
    thing."""

    name: str
    on: bool
    certain: bool


class Aside(StrEnum):
    """What a text is that answers nothing."""

    ATTEMPT = "attempt"  # an hour or a place that was not understood
    QUESTION = "question"  # to the bot itself
    LEAVE_IT = "leave it"  # as it is
    WORDS = "words"  # something to look for


def is_small_talk(text: str) -> bool:
    """Whether there is nothing in it to look for: a greeting, "what is this?", "never mind", a sign."""
    return _plain(text) in _LEAVE_IT | _OF_THE_BOT or all(
        root in FUNCTION_STEMS or root in _SOCIAL for root in stems(text)
    )


def is_thanks(text: str) -> bool:
    """Whether someone thanks, or likes it, and says nothing besides."""
    return _LIKED.fullmatch(text) is not None or _says(text, _THANKS)


def is_stop(text: str) -> bool:
    """Whether someone asks for the digests to end, in however many words."""
    return _says(text, _STOP, beside=_OF_OURS)


def is_for_settings(text: str) -> bool:
    """Whether someone asks for the settings in words: "change the language", "english please"."""
    return _plain(text) in _LANGUAGE or _says(text, _SETTINGS, beside=_CHANGING)


def hour_wished(text: str) -> str:
    """The hour, as it is said, at which someone asks the digest to come ("send it at 9"); empty where nobody does."""
    match = _SENDING.fullmatch(text)
    return match["hour"] if match else ""


def is_for_news(text: str) -> bool:
    """Whether someone asks for the digest in words: "digest", "what is the latest news?"."""
    return _says(text, _NEWS, beside=_LATEST)


def wish(text: str) -> Wish | None:
    """What someone asks in words to follow, or to follow no longer; None where it is asked for nothing of the kind."""
    for words, (on, certain) in _WISHES.items():
        if match := re.match(rf"\s*(?:please,?\s+|пожалуйста,?\s+)?{words}\s+([^\n]+?)[\s.!]*$", text, re.IGNORECASE):
            return Wish(match[1], on, certain)
    return None


def aside(text: str, *, about_hour: bool) -> Aside:
    """What was written in place of an hour, or of a place."""
    if _plain(text) in _LEAVE_IT:
        return Aside.LEAVE_IT
    if text.rstrip().endswith("?") or is_small_talk(text):
        return Aside.QUESTION
    attempt = (_HOURS.search(text) and "://" not in text) if about_hour else len(text.split()) <= _LONGEST_PLACE
    return Aside.ATTEMPT if attempt else Aside.WORDS


def _says(text: str, words: frozenset[str], beside: frozenset[str] = frozenset()) -> bool:
    """Whether one of these words is there, and no others than these, those `beside` them, and what means nothing."""
    roots = stems(text)
    return any(root in words for root in roots) and all(
        root in words or root in beside or root in FUNCTION_STEMS or root in _SOCIAL for root in roots
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower().replace("ё", "е")).split())
