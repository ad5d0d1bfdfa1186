"""Pure: what people ask in words to have otherwise from now on: the language, the length, the hour, the rhythm."""

import re
from enum import StrEnum

from bot.asides import plain, sayings

MINUTES = (2, 3, 5, 8, 12)  # that are offered; any from the first to the last may be asked for
_LONGEST_READ = 20  # minutes
_LONGEST = 80  # characters of a text that asks for no more than this
OTHER = "other"  # a language that the bot does not speak

_OWN = {"en": "english", "ru": "русск"}  # how the name of each begins in itself
_NAMES = {"en": "english|английск(?:ий|ом|и)", "ru": "russian|русск(?:ий|ом|и)"}
_OTHERS = (
    "german|french|spanish|italian|polish|turkish|ukrainian|persian|arabic|portuguese|hebrew|chinese"
    "|(?:немецк|французск|испанск|итальянск|польск|турецк|украинск|персидск|арабск|португальск|китайск)(?:ий|ом|и)"
    "|иврите?"
)
# What stands around the name of a language where somebody wants to be spoken to in it.
_AROUND_NAME = r"""(?:i|me|you|we|it|my|the|a|to|in|into|only|please|now|can|could|do|does|is|there|would|want|like
    |not|don|t|cannot|speak|talk|write|translate|know|understand|read|prefer|switch|change|set|make|use|turn|go|answer|reply|language
    |digests?|menu
    |я|мне|ты|вы|по|на|в|давай|давайте|можно|можешь|можете|хочу|лучше|только|пожалуйста|теперь|говори|говорите|говорить|говорю
    |пиши|пишите|писать|отвечай|отвечайте|понимаю|знаю|читаю|умеешь|переключи|переключись|переключить|смени|сменить
    |поменяй|перейди|переведи|сделай|язык|языке|дайджест|меню|а|и|не)"""
_SPEAKING = {
    code: re.compile(
        rf"(?:{_AROUND_NAME}\s)*(?:{names})(?:\s{_AROUND_NAME})*(?:\s(?:version|speaker))?", re.IGNORECASE | re.VERBOSE
    )
    for code, names in {**_NAMES, OTHER: _OTHERS}.items()
}
_BY_NAME = re.compile(rf"(?:{'|'.join((*_NAMES.values(), _OTHERS))})(?:\s(?:language|язык))?")
_KINDLY = r"\s(?:bitte|por favor|per favore|s il (?:te|vous) pla[iî]t|svp|будь ласка|prosz[eę])"
_IN_THEIRS = {  # how people ask for a language who speak another one
    "en": re.compile(rf"(?:auf englisch|en (?:anglais|ingl[eé]s)|in inglese|po angielsku|англійською)(?:{_KINDLY})?"),
    "ru": re.compile(rf"(?:auf russisch|en (?:russe|ruso)|in russo|po rosyjsku|російською)(?:{_KINDLY})?"),
    OTHER: re.compile(
        r"(?:auf deutsch|en (?:fran[cç]ais|espa[nñ]ol)|em portugu[eê]s|in italiano|po polsku|(?:на )?українськ(?:ою|ій)"
        rf"(?: мов(?:ою|і))?)(?:{_KINDLY})?"
        rf"|(?:deutsch|fran[cç]ais|espa[nñ]ol|portugu[eê]s|italiano|українська){_KINDLY}"
        r"|(?:sprichst du|sprechen sie|kannst du) deutsch|(?:parlez vous|tu parles|parles tu) fran[cç]ais"
        r"|hablas? espa[nñ]ol|falas? portugu[eê]s|parli italiano"
    ),
}
_NOT_THIS = re.compile(r"\b(?:(?:do|can) ?not|(?:don|can) t|not|не)\b(?! you)")
_SPEAKS = frozenset("speak talk write switch in please language по на говори говорите пиши пишите язык языке".split())

_NUMBERS = {
    word: at
    for words in (
        "one two three four five six seven eight nine ten",
        "одна две три четыре пять шесть семь восемь девять десять",
    )
    for at, word in enumerate(words.split(), 1)
} | {"одну": 1, "twelve": 12, "fifteen": 15, "пятнадцать": 15}
_READING = re.compile(
    rf"""(?:(?:for|up\sto|at\smost|no\smore\sthan|not\smore\sthan|about|only|max|maximum|на|до|по|не\sбольше|не\sболее
    |не\sдольше|около|примерно|максимум|только)\s)*
    (?P<count>\d{{1,2}}|{"|".join(_NUMBERS)})\s?(?:minutes?|mins?|минут[аыу]?|мин)
    (?:\s(?:at\smost|max|maximum|long|or\sless|максимум|не\sбольше|хватит|достаточно))?""",
    re.VERBOSE,
)


class Change(StrEnum):
    """What somebody wants otherwise, or to know of it."""

    SHORTER = "shorter"
    LONGER = "longer"
    HOUR = "hour"  # another one, without saying which
    RHYTHM = "rhythm"  # more or less often than once a day
    AGAIN = "again"  # digests shall come again
    WHEN = "when"  # it is asked when the digest comes


# Said of the digest, or to be kind, beside what is meant.
_BESIDE = frozenset(
    """a an the my me us it its that i d want would like is are be was please can could you make send sending give get
    show do does will shall digest digests news stories story messages message texts summary summaries way bit
    next new так это мне нам я хочу хотелось можно бы пожалуйста сделай сделайте сделать присылай присылайте присылать
    пришли шли пиши пишите давай давайте дайджест дайджеста дайджесты новости новостей новость новое сообщений сообщения
    историй чуть немного ну а он они его ее буду будет лучше следующий мой твой ваш текст""".split()
)
_SAID = {
    Change.SHORTER: sayings(
        """shorter; too long; too much; too many; fewer; less; not so long; not so much; not so many; briefer
        more brief; too much text; короче; покороче; длинно; слишком длинно; слишком длинный; слишком длинные
        очень длинно; очень длинный; слишком много; слишком много текста; меньше; поменьше; не длинно; много
        много букв; слишком много букв; многабукаф; очень много; слишком много всего; очень длинные; less text
        fewer text"""
    ),
    Change.LONGER: sayings(
        """longer; too short; too few; too little; more detail; more details; подробнее; поподробнее; длиннее
        подлиннее; побольше; слишком коротко; слишком короткий; слишком короткие; слишком мало; очень коротко; мало
        маловато; коротковато"""
    ),
    Change.HOUR: sayings(
        """earlier; too early; too late; at another time; another time; at another hour; another hour; change hour
        change time; set hour; set time; in morning; in mornings; in evening; in evenings; at night; пораньше; раньше
        попозже; рано; поздно; слишком рано; слишком поздно; в другое время; другое время; в другой час; другой час
        поменяй время; поменять время; смени время; сменить время; измени время; изменить время; поменяй час
        поменять час; измени час; изменить час; смени час; утром; по утрам; вечером; по вечерам; днем; ночью; перенеси
        перенести; не ночью; не по ночам; не утром; не вечером"""
    ),
    Change.AGAIN: sayings(
        """resume; unpause; continue; turn on; start; start again; go on; again; unmute; старт; начать; начни; начинай
        продолжить; продолжай; продолжайте; возобнови; возобновить; возобновите; включи; включить; включись; снова
        опять; начни снова; начать снова; включи обратно; m back; вернулся; вернулась; вернулся из отпуска
        вернулась из отпуска; сними с паузы; снять с паузы; убери паузу; сними паузу; выключи паузу; отключи паузу
        turn pause off; turn off pause; возвращайся; верни"""
    ),
    Change.WHEN: sayings(
        """when; when come; when comes; when coming; what time; what time come; what time comes; at what time
        at what time come; every day; once day; daily; once per day; each day; когда; когда придет; когда приходит
        когда ждать; во сколько; во сколько придет; во сколько приходит; в котором часу; раз в день; один раз в день
        каждый день; ежедневно; когда выйдет; в какое время; почему не пришел; почему нет; why no; why not come
        why did not come; why didn t come; didn t come; did not come; doesn t come; didn t; didn t receive
        did not receive; no today; не пришел; не приходит; не приходил; не получил; не получила"""
    ),
    Change.RHYTHM: sayings(
        """less often; too often; more often; not so often; often; rarer; on weekdays; only on weekdays; weekdays only
        weekdays; only weekly; not on weekends; no weekends; not on weekend; on weekends; only on weekends
        weekends only; weekly; monthly; hourly; at once; immediately; instantly; in real time; no on weekends
        no on weekend; once week enough; don t so often; only weekdays; not every day; every other day
        morning and evening; in morning and evening; in morning and in evening; реже; пореже; чаще; почаще
        слишком часто; часто; очень часто; не часто; не каждый день; по будням; только по будням; в будни
        только в будни; по выходным; только по выходным; по выходным не надо; по выходным не; в выходные не надо
        в субботу и воскресенье не надо; еженедельный; не по выходным; в выходные не; не в выходные; кроме выходных
        еженедельно; ежемесячно; ежечасно; сразу; через день; утром и вечером; по утрам и вечерам; дважды в день
        дважды в неделю; каждую неделю; каждый месяц; каждый час"""
    ),
}
_OFTEN = re.compile(
    r"(?:only |not more than |just |только |не чаще(?: чем)? )?(?:"
    r"(?:once|twice|(?:\d{1,2}|two|three|four|five|six) times|every|once every)(?: per| in| each)?"
    r"(?: \d{1,2}| two| three| four| six| few)? (?:weeks?|months?|hours?|days|minutes?|half hour|day)"
    r"|(?:\d{1,2} |два |две |три |четыре |пять |один |пару |несколько )?раза? (?:в|за) "
    r"(?:\d{1,2} |два |две |три |пару )?"
    r"(?:недел[юи]|месяца?|часа?|дня|дней|день|сутки|минут[уы]?|полчаса)"
    r"|кажды[ей] (?:\d{1,2} |два |три |полчаса)?(?:часа?|часов|дня|минут)?)"
)


def language_asked(text: str) -> str | None:
    """The language in which somebody asks to be spoken to: the code of one of ours, or OTHER; None where nobody asks.
    Who does not speak one of ours asks for the other. A name by itself asks for what it is written in: "russian" and
    «английский язык» are something to look for."""
    said = plain(text[:_LONGEST])
    for code, pattern in _IN_THEIRS.items():
        if pattern.fullmatch(said):
            return code
    asked = [code for code, pattern in _SPEAKING.items() if pattern.fullmatch(said)]
    if len(asked) != 1 or len(text) > _LONGEST:
        return None
    (code,) = asked
    if code == OTHER:
        return code if _SPEAKS.intersection(said.split()) and not is_name_of_language(text) else None
    if is_name_of_language(text) and not said.startswith(_OWN[code]):
        return None
    return next(other for other in _NAMES if other != code) if _NOT_THIS.search(said) else code


def is_name_of_language(text: str) -> bool:
    """Whether it is no more than the name of a language, which may be looked for: "русский язык"."""
    return _BY_NAME.fullmatch(plain(text[:_LONGEST])) is not None


def minutes_asked(text: str) -> int | None:
    """How many minutes a digest shall take to read; of more the last ones are meant."""
    match = _READING.fullmatch(_core(text))
    minutes = (int(match["count"]) if match["count"].isdecimal() else _NUMBERS[match["count"]]) if match else 0
    return minutes if 0 < minutes <= _LONGEST_READ else None


def change_asked(text: str) -> Change | None:
    """What else somebody wants otherwise: "shorter", "реже", "at another hour"."""
    said = _core(text)
    change = next((change for change, known in _SAID.items() if said in known), None)
    return change or (Change.RHYTHM if _OFTEN.fullmatch(said) else None)


def standing_change(text: str) -> Change | None:
    """The same, but of how digests shall be from now on only."""
    change = change_asked(text)
    return None if change in {Change.AGAIN, Change.WHEN} else change


def beside(minutes: int, step: int) -> int:
    """The length that is offered next to one, longer (1) or shorter (-1); the same where none is."""
    others = [each for each in MINUTES if (each - minutes) * step > 0]
    return (min(others) if step > 0 else max(others)) if others else minutes


def _core(text: str) -> str:
    """A short text without what only goes around what it says."""
    said = plain(text).replace("a little ", "") if len(text) <= _LONGEST else ""
    return " ".join(word for word in said.split() if word not in _BESIDE)
