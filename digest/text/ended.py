"""Pure: states that go on ("is on fire", «не работает»), and the words by which they are over.

What happened stays true: that a shed caught fire, or somebody went missing. Only what is told as going on is over.
"""

import re
from collections.abc import Mapping, Sequence

_GOES_ON = {
    "fire": (
        r"гор[ия]т|пыла[ею]т|туш[иа]т|охвач\w+ (?:огн|плам)\w+|out of control",
        r"(?:is|are|still) (?:on fire|burning|ablaze)",
        r"(?:is|are|still) (?:fighting|battling|tackling) (?:a |the )?(?:\w+ )?(?:fires?|blaze|flames)",
        r"flames have (?:broken|spread)|(?:fire )?(?:engines|crews|firefighters) are (?:there|on the scene|at work)",
    ),
    "outage": (
        r"не работа[ею]т|недоступ(?:ен|на|но|ны)|обесточен\w*|not working|(?:is|are|been) (?:failing|down)",
        r"без (?:света|воды|тепла|газа|связи|отопления|электр\w+)",
        r"without (?:water|power|heat\w*|gas|electricity)",
    ),
    "closed": (
        r"(?:за|пере)крыт[аоы]?|не принима[ею]т|не ход[ия]т|приостановлен\w*",
        r"огранич\w+ (?:на )?(?:при[её]м|вылет)\w*|работа [\w\s«»,-]{0,60}ограничен[аоы]?",
        r"(?:is|are|remains?|stays?) (?:closed|shut|blocked|suspended)",
    ),
    "search": (
        r"ищут|разыскива[ею]т(?:ся)?|вед[её]тся поиск|ведутся поиски|поиски продолжаются|судьба \w+ неизвестна",
        r"(?:is|are) (?:still )?(?:searching|looking) for|(?:is|are|still) missing",
    ),
    "held": (
        r"удержива[ею]т(?:ся)?|в заложниках|под стражей|под арестом|in custody",
        r"(?:is|are) (?:being |still )?held",
    ),
    "alert": (
        r"объявлен[аоы]? (?:\w+ ){0,3}(?:опасност|тревог|угроз)\w*|действует (?:режим|план|угроза|запрет)",
        r"(?:is|are) under (?:an? )?(?:\w+ ){0,2}(?:alert|warning|curfew)|warning is in (?:force|place)",
    ),
}
_OVER = {
    "fire": (
        r"потуш\w+|(?:ликвидир|локализ)\w+ (?:открыт\w+ )?(?:пожар|горени|возгорани|огонь)\w*",
        r"(?:пожар|горение|возгорание|огонь)[\w\s«»-]{0,60} (?:ликвидир|локализ)\w+",
        r"extinguished|put out|(?:brought|is|now) under control",
        r"(?:fire|blaze|flames)[\w\s'’-]{0,40} (?:is|are|was|were) (?:now |finally )?out(?! of)",
    ),
    "outage": (
        r"(?:снова|вновь|опять) (?:за)?работа\w+|(?:восстанов|возобнов)(?:лен|ил)\w*",
        r"работ[ау]\w* (?:\w+ ){0,4}(?:восстанов|возобнов|налаж)\w+",
        r"working again|works again|(?:is|are) back|back online|(?:has|have|was|were) (?:been )?restored",
    ),
    "closed": (
        r"(?:снова|вновь|опять) (?:откры|ход[ия]т|принима)\w*|возобнов(?:лен|ил)\w*",
        r"сня(?:ты|ли) (?:\w+ ){0,2}ограничения",
        r"(?:движение|проезд|трасса|аэропорт|мост)[\w\s«»-]{0,60} (?:открыт|открыл|восстанов|возобнов)\w*",
        r"ограничения[\w\s«»-]{0,60} (?:снят|отмен)\w+",
        r"re-?open(?:s|ed)|open again|resume[sd]|(?:is|are|was|were|been) lifted",
    ),
    "search": (
        r"(?:найден|обнаружен)[аоы]? (?:жив|м[её]ртв|погиб|невредим)\w*|нашл(?:ась|ся|ись)|наш[её]лся",
        r"нашли (?:жив|м[её]ртв|погиб|невредим)\w*|found (?:alive|dead|safe|unharmed)",
    ),
    "held": (
        r"освобо(?:жд[её]н|дил)\w*|отпу(?:щен|стил)\w*",
        r"(?:is|are|was|were|been|has|have) (?:freed|released)",
    ),
    "alert": (
        r"отбой|(?:опасность|тревога|угроза|режим|план|запрет)[\w\s«»-]{0,60} (?:отмен[её]?н|снят)\w*",
        r"(?:отменил|сня)\w+ (?:\w+ ){0,2}(?:опасност|тревог|угроз|режим|план|запрет)\w*",
        r"(?:is|are|was|were|been|has|have) lifted|called off",
    ),
}
# A clause with such a word does not say that anything is over.
_NOT_YET = re.compile(
    r"(?<!\w)(?:не|not|until|пока|once|if|если|когда|when|will|могут|должн\w+|n[’']t)(?!\w)", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:.](?!\d)|\s[—–]\s|[()]")


def over(text: str) -> frozenset[str]:
    """The kinds of states that the text says are over."""
    clauses = (clause for clause in _CLAUSE.split(text) if not _NOT_YET.search(clause))
    return frozenset(str(found.lastgroup) for clause in clauses for found in _END.finditer(clause))


def lasting(text: str) -> frozenset[str]:
    """The kinds of states that the text says go on."""
    return frozenset(str(found.lastgroup) for found in _STATE.finditer(text)) - over(text)


def _any_of(states: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    kinds = (rf"(?<!\w)(?P<{kind}>{'|'.join(forms)})(?!\w)" for kind, forms in states.items())
    return re.compile("|".join(kinds), re.IGNORECASE)


_STATE, _END = _any_of(_GOES_ON), _any_of(_OVER)
