"""Pure: what people write who do not answer what they were asked."""

import re
from enum import StrEnum

from core.words import stem, stems
from digest.text.function_words import FUNCTION_STEMS


def _roots(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


def sayings(text: str) -> frozenset[str]:
    """What stands in it, with "; " or the end of a line between."""
    return frozenset(re.split(r"; |\n +", text))


def plain(text: str) -> str:
    """A text as sayings are written here: "what's up?" as "what up"."""
    return " ".join(re.sub(r"['’]s\b|[^\w\s]", " ", text.lower().replace("ё", "е")).split())


_SOCIAL = _roots(
    """hi hello hey help thanks thank please bot menu welcome good day sorry привет здравствуй здравствуйте
    добрый день помощь помоги помогите спасибо пожалуйста бот меню ау справка извините ok okay yes no ок окей ага да
    нет хорошо понятно ясно cool nice great wow круто супер класс lot much большое огромное очень dear friend милый
    милая дорогой дорогая друг bye goodbye"""
)
_EMPTY = FUNCTION_STEMS | _SOCIAL  # in what is said beside other words they say nothing
_THANKS = _roots("thanks thank thx great wow nice cool спасибо благодарю круто супер класс")
_STOP = _roots(
    """stop unsubscribe quit pause disable mute стоп хватит остановить останови отписаться отписка отпишись
    отписать отключить отключи выключить выключи прекратить прекрати пауза приостановить
    приостанови приостановка перестань отстань замолчи forget delete erase забудь забыть удали
    удалить сотри стереть"""
)
_OF_OURS = _roots(
    """digest digests message messages news sending send subscription sent daily дайджест дайджесты
    сообщение сообщения новости присылать присылай слать рассылка рассылку подписка подписку
    больше ежедневный поставь поставьте on off turn for now week weeks month day days
    1 2 3 4 5 two three два две три пару couple
    спамить spam spamming неделя неделю недели месяц день дня дней data account chat information данные аккаунт чат
    информацию everything всего всех"""
)
_SEND_NOTHING = re.compile(  # "don't send me anything", "больше не присылай"
    r"(?:please )?(?:do not|don t|dont) (?:send|write|text|message|bother|disturb)(?: to)?(?: me)?"
    r"(?: anything| any ?more| messages?| news| digests?| again| please)*|turn (?:it )?off"
    r"|(?:no more|(?:i )?(?:do not|don t|dont) want(?: any)?(?: more)?) (?:digests?|news|messages)"
    r"(?: any ?more| please)*"
    r"|(?:больше |мне |пожалуйста |ничего |дайджест(?:ы|ов)? |новост(?:и|ей) )*"
    r"не (?:присыла|шли|пиши|беспоко)(?:й)?(?:те)?"
    r"(?: мне| меня| больше| ничего| пожалуйста| дайджесты?| новост(?:и|ей)| сообщени[йя])*"
    r"|больше (?:мне )?не (?:надо|нужно|хочу)|не (?:надо|нужно|хочу) (?:мне )?больше"
    r"|(?:больше |мне )*не (?:надо|нужно|нужны|нужен|хочу)(?: больше| мне)* (?:дайджест(?:ы|ов|а)?|новост(?:и|ей))"
    r"(?: больше| пожалуйста)*"
)
_NEWS = _roots(
    """digest news new happened happening дайджест новости новостей нового случилось произошло было
    происходит творится слышно"""
)
_LATEST = _roots(
    """latest today's today daily give send world новый последние свежие сегодняшний сегодня дай дайте
    покажи пришли мир"""
)
_HOW_IT_GOES = sayings("what is up; what up; what is going on; what going on; что там; что в мире; что там в мире")
_LEAVE_IT = sayings(
    """cancel; skip; later; no; nope; yes; ok; okay; fine; stop; enough; whatever; never mind; not now; as it is
    отмена; отменить; пропустить; потом; позже; нет; да; ок; ладно; хорошо; стоп; хватит; неважно; не надо; не сейчас
    не нужно; как есть; все равно"""
)
_SETTINGS = _roots("settings options language timezone zone настройки настройка язык пояс")
_CHANGING = _roots(
    """change set switch choose my where show time english russian make digest смени сменить поменяй
    поменять измени изменить выбрать переключи открой мой мои где покажи часовой английский русский слишком сделай
    можно дайджест"""
)
_SUBSCRIBED = sayings(
    """what do i follow; what am i following; what am i subscribed to; my subscriptions; my subscription
    на что я подписан; на что я подписана; мои подписки; моя подписка; что я читаю"""
)
_LIKED = re.compile(r"[\s\U0001f3fb-\U0001f3ff\ufe0f👍👌👏🙏🙌💪🔥💯❤🧡💛💚💙💜🤍🖤😍🥰😘🤗]+")
_OF_THE_BOT = sayings(
    """how does this work; how does it work; how do i use this; who made you; what can you do; commands; are you a bot
    are you a robot; are you an ai; are you human; are you real; what is your name; how are you; hello how are you
    how much does it cost; how much is it; is it free; i do not understand; i don t understand; what do i press
    what do i do; good night; see you; как это работает; как ты работаешь; как пользоваться; как тобой пользоваться
    кто тебя сделал; что ты умеешь; команды; ты бот; ты робот; ты человек; как тебя зовут; сколько тебе лет; как дела
    привет как дела; кто это пишет; кто все это пишет; сколько это стоит; это бесплатно; не понимаю; я не понимаю
    ничего не понимаю; не понимаю куда нажимать; куда нажимать; что нажимать; что делать; что дальше; пока
    до свидания; спокойной ночи"""
)
_HOURS = re.compile(
    r"\d|\b(?:morning|evening|night|noon|afternoon|o['’]?clock|утр|вечер|ноч|час|полдн|обед)", re.IGNORECASE
)
_LONGEST_PLACE = 3  # words


class Aside(StrEnum):
    """What a text is that answers nothing."""

    ATTEMPT = "attempt"  # an hour or a place that was not understood
    QUESTION = "question"  # to the bot itself
    LEAVE_IT = "leave it"  # as it is
    WORDS = "words"  # something to look for


def is_small_talk(text: str) -> bool:
    """Whether there is nothing in it to look for: a greeting, "what is this?", "never mind", a sign."""
    return plain(text) in _LEAVE_IT | _OF_THE_BOT or _EMPTY.issuperset(stems(text))


def is_thanks(text: str) -> bool:
    """Whether someone thanks, or likes it, and says nothing besides."""
    return _LIKED.fullmatch(text) is not None or _says(text, _THANKS)


def is_stop(text: str) -> bool:
    """Whether someone asks for the digests to end, in however many words."""
    return bool(_SEND_NOTHING.fullmatch(plain(text))) or _says(text, _STOP, beside=_OF_OURS)


def is_for_settings(text: str) -> bool:
    """Whether someone asks for the settings in words: "change the language", "what do I follow?"."""
    return plain(text) in _SUBSCRIBED or _says(text, _SETTINGS, beside=_CHANGING)


def is_for_news(text: str) -> bool:
    """Whether someone asks for the digest in words: "digest", "what is the latest news?"."""
    said = plain(text)
    return said in _HOW_IT_GOES or (not _SEND_NOTHING.fullmatch(said) and _says(text, _NEWS, beside=_LATEST))


def aside(text: str, *, about_hour: bool) -> Aside:
    """What was written in place of an hour, or of a place."""
    if plain(text) in _LEAVE_IT:
        return Aside.LEAVE_IT
    if text.rstrip().endswith("?") or is_small_talk(text):
        return Aside.QUESTION
    attempt = (_HOURS.search(text) and "://" not in text) if about_hour else len(text.split()) <= _LONGEST_PLACE
    return Aside.ATTEMPT if attempt else Aside.WORDS


def _says(text: str, words: frozenset[str], beside: frozenset[str] = frozenset()) -> bool:
    """Whether one of these words is there, and no others than these, those `beside` them, and what means nothing."""
    roots = stems(text)
    return not words.isdisjoint(roots) and (words | beside | _EMPTY).issuperset(roots)
