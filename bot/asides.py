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


_IN_FULL = {"pls": "please", "plz": "please", "плиз": "пожалуйста", "пж": "пожалуйста"}


def plain(text: str) -> str:
    """A text as sayings are written here: "what's up, pls?" as "what up please"."""
    words = re.sub(r"['’]s\b|[^\w\s]", " ", text.lower().replace("ё", "е")).split()
    return " ".join(_IN_FULL.get(word, word) for word in words)


_SOCIAL = _roots(
    """hi hello hey help thanks thank please bot menu welcome good day sorry привет здравствуй здравствуйте
    добрый день помощь помоги помогите спасибо пожалуйста бот меню ау справка извините ok okay yes no ок окей ага да
    нет хорошо понятно ясно cool nice great wow круто супер класс lot much большое огромное очень dear friend милый
    милая дорогой дорогая друг bye goodbye pls plz плиз пж"""
)
_EMPTY = FUNCTION_STEMS | _SOCIAL  # in what is said beside other words they say nothing
_THANKS = _roots("thanks thank thx ty great wow nice cool спасибо спс благодарю круто супер класс")
_PLEASED = sayings(
    """love it; i love it; i love this; i love this bot; i like it; i like this; good job; well done; perfect
    excellent; awesome; классный бот; хороший бот; отличный бот; ты классный; ты молодец; молодец; мне нравится
    нравится; отлично; спасибо очень полезно; очень полезно; норм дайджест; хороший дайджест; отличный дайджест
    good digest; nice digest; great digest; норм; thank u"""
)
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
    информацию everything всего всех сделай сделайте notification notifications уведомление уведомления"""
)
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|понедельника?|вторника?|сред[аыу]|четверга?|пятниц[аыу]"
    r"|суббот[аыу]|воскресень[ея]"
)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"|(?:янв|фев|мар|апр|ма|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}"
)
_SPANS = r"week|month|year|недел[иью]|месяца?|года?"
_FOR_A_WHILE = re.compile(  # "until Monday", "на выходные"; the bot's pause ends when its reader says so
    rf"\b(?:(?:until|till|til|up to|до) (?:tomorrow|завтра|послезавтра|нового года|{_WEEKDAYS}"
    rf"|(?:next|следующ[а-я]+|конца|the end of(?: the)?) (?:{_WEEKDAYS}|{_SPANS}|{_MONTHS})"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: числа| (?:of )?(?:{_MONTHS}))?|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?)"
    r"|(?:for|over|on|at|this|next) (?:the )?week ?end|(?:for|over|this|next) (?:the |a )?(?:week|holidays?)"
    r"|(?:на|в) (?:эти |эту |этой |все )?(?:выходны[ех]|недел[еюи]|время отпуска|праздники|каникулы))(?!\w)"
)
_AWAY = re.compile(  # nothing else, but for how long
    r"(?:i am|i m|im) (?:going )?(?:away|(?:on|to be on) (?:vacation|holiday|leave)|travell?ing)(?: now)?"
    r"|(?:я |мы )(?:сейчас |буду |уже )?(?:в отпуске|уехала?|в отъезде)|(?:я )?(?:уезжаю|ухожу|улетаю)(?: в отпуск)?"
)
_GO_AWAY = sayings(
    """leave me alone; shut up; go away; fuck off; piss off; отвали; отвянь; отвяжись; заткнись; оставь меня в покое
    отвалите; иди нафиг; иди нахер; иди нахуй; пошел нафиг; пошел нахуй; ты надоел; вы надоели; ты меня достал"""
)
_SEND_NOTHING = re.compile(  # "don't send me anything", "больше не присылай"
    r"(?:please )?(?:do not|don t|dont) (?:send|write|text|message|bother|disturb)(?: to)?(?: me)?"
    r"(?: anything| any ?more| messages?| news| digests?| again| please)*"
    r"|turn (?:it )?off(?: (?:the |my )?notifications)?"
    r"|no (?:digests?|messages)(?: please)?"
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
_HOW_IT_GOES = sayings(
    """what is up; what up; what is going on; what going on; whats going on; wassup; what did i miss
    what have i missed; did i miss anything; catch me up; any updates; top stories; top news; main news
    give me a summary; give me a brief; give me the headlines; send me a summary; что там; что в мире; что там в мире
    че там; чо там; че нового; чо нового; ну че нового; что я пропустил; что я пропустила; что пропустил; что важного
    что важного сегодня; что сегодня важного; что интересного; что сегодня интересного; самое важное
    самое важное за день; самое главное; самое главное за день; главное за день; главное за сегодня; главные новости
    главные новости дня; новости дня; обзор новостей; краткий обзор новостей; дай сводку; дай сводку новостей
    сводка новостей; утренние новости; вечерние новости; новости кратко; скинь новости; кинь новости; новости давай
    давай новости; скинь дайджест; кинь дайджест"""
)
_LEAVE_IT = sayings(
    """cancel; skip; later; no; nope; yes; ok; okay; fine; stop; enough; whatever; never mind; not now; as it is
    отмена; отменить; пропустить; потом; позже; нет; да; ок; ладно; хорошо; стоп; хватит; неважно; не надо; не сейчас
    не нужно; как есть; все равно; i do not know; i don t know; don t know; dunno; idk; you choose; any time; anytime
    не знаю; я не знаю; хз; не важно; любое; в любое время; когда угодно; сам выбери; на твое усмотрение"""
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
_CLOCK_IS_WRONG = sayings(
    """wrong time; wrong timezone; wrong time zone; the time is wrong; time is wrong; the timezone is wrong
    the time zone is wrong; время не то; не то время; время неправильное; неправильное время; время неверное
    неверное время; у меня другое время; часовой пояс неправильный; неправильный часовой пояс; не мой часовой пояс"""
)
_DISLIKED = sayings(
    """boring; it is boring; this is boring; too boring; i do not like it; i don t like it; i don t like this
    bad digest; not interesting; not interested; this is not interesting; i am not interested; i m not interested
    не нравится; мне не нравится; скучно; неинтересно; не интересно; это неинтересно; это не интересно
    мне неинтересно; мне не интересно; не интересует; плохой дайджест; скучный дайджест"""
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
    до свидания; спокойной ночи; good morning; good evening; good afternoon; hiya; heya; hii; heyy; yo; sup; howdy
    what can u do; what do you know; how to start; how to use this bot; how to use this; how to use you
    how do i start; how do i use you; how do i use this bot; i am new here; i m new here; im new here; are you alive
    are you working; are you there; anybody there; is anybody there; main menu; instructions; i am lost; i m lost
    доброе утро; добрый вечер; доброго времени суток; доброй ночи; здрасьте; здрасте; здрастуйте; здаров; здарова
    приветик; приветики; прив; хай; хелло; хелп; хэлп; хелп ми; помошь; инструкция; объясни; что умеешь; че умеешь
    чо умеешь; что ты можешь; что можешь; ты что умеешь; ты что умеешь делать; что ты умеешь делать; что ты делаешь
    как работает; как тут все работает; как все работает; как тут все устроено; как начать; как настроить
    как тебя настроить; как пользоваться ботом; не понял; не поняла; непонятно; я не понял; я не поняла
    я не понял как пользоваться; я тут впервые; я здесь впервые; я новенький; я новенькая; ты работаешь; ты живой
    ты тут; ты здесь; главное меню; понял; поняла; давай; ну давай; поехали; погнали"""
)
_HOURS = re.compile(
    r"\d|\b(?:morning|evening|night|noon|afternoon|o['’]?clock|утр|вечер|ноч|час|полдн|обед)", re.IGNORECASE
)
_LONGEST_PLACE = 3  # words
_LONGEST = 200  # characters of a text that asks for nothing more


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
    return _LIKED.fullmatch(text) is not None or plain(text) in _PLEASED or _says(text, _THANKS)


def is_stop(text: str) -> bool:
    """Whether someone asks for the digests to end, in however many words, or for none to come for a while."""
    said = " ".join(_FOR_A_WHILE.sub("", plain(text)).split()) if len(text) <= _LONGEST else ""
    known = said in _GO_AWAY or _SEND_NOTHING.fullmatch(said) or _AWAY.fullmatch(said)
    return bool(known) or _says(said, _STOP, beside=_OF_OURS)


def is_for_settings(text: str) -> bool:
    """Whether someone asks for the settings in words: "change the language", "what do I follow?", "wrong time"."""
    return plain(text) in _SUBSCRIBED | _CLOCK_IS_WRONG or _says(text, _SETTINGS, beside=_CHANGING)


def is_disliked(text: str) -> bool:
    """Whether someone says of what is told that it is not what they want, without saying what is."""
    return plain(text) in _DISLIKED


def is_for_news(text: str) -> bool:
    """Whether someone asks for the digest in words: "digest", "what is the latest news?"."""
    said = plain(text).removesuffix(" please").removesuffix(" пожалуйста")
    return said in _HOW_IT_GOES or (not is_stop(text) and not is_thanks(text) and _says(text, _NEWS, beside=_LATEST))


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
