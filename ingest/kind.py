"""What keeps a post out of stories: advertisement, announcement, chatter. Rules in words, precision first: a story lost
costs a reader more than a caption kept.

Each rule has a name, and the name of the rule that dropped a post can be shown.
"""

import re
from collections.abc import Sequence

from core.model import Kind, Link, NewPost

LOOKED_AT = 4000  # characters of a post that the rules see; Telegram allows 4,096

_ADVERT = re.compile(
    r"\berid\b|[?&]erid=|#(?:реклама|промо|партн[её]рск\w*|ad|ads|advertising|sponsored|promo)\b|\bна\sправах\sрекламы\b"
    r"|\bреклам(?:а|одатель)[.:,]?\s{0,3}(?:ооо|оао|пао|ао|зао|ип|ано|инн|16\+|18\+|0\+|реклам\w+|«)|\bрекламодатель\s?[:-]"
    r"|\bпартн[её]рский\s(?:материал|пост)\b|\b(?:sponsored|paid)\s(?:post|partnership|by)\b|\bпо\sпромокоду\b"
    r"|\bпромокод\s?[:«\"A-Z]"
)

_ADVERT_HINTS = (
    "erid",
    "реклам",
    "промо",
    "#ad",
    "#sponsored",
    "#партн",
    "партнёрский",
    "партнерский",
    "sponsored",
    "paid p",
    "paid b",
)

_SHORT = 60  # letters and digits: as long as a caption; a headline of that length carries a name or a number
_SHORT_PLEA = 280  # a post that ends with a call to comment; a longer one has told something first

_OPTION = "(?:👍|❤|🔥|🤔|👎|😁|🤯|😢|🥰|🌚|👾|🎉)\ufe0f?\\s?[—–-]\\s"

# Kind, name, what must occur for the rule to speak at all (a plain search costs a tenth of the expression), the rule.
_RULES: tuple[tuple[Kind, str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        Kind.ANNOUNCE,
        "giveaway or contest",
        ("розыгр", "разыгр", "конкурс", "участ", "условия", "giveaway", "to win", "to enter", "победител", "стань"),
        re.compile(
            r"\bразыгр(?:ываем|аем)\b|\b(?:участвовать|участия|участие)\sв\s(?:нашем\s)?(?:розыгрыше|конкурсе|гив)\b"
            r"|\bусловия\s(?:розыгрыша|конкурса|участия)\b|\bитоги\s(?:\w+\s){0,2}(?:розыгрыш|конкурс)|\bдля\sучастия\b(?:.|\n){0,60}?\b(?:подпи|проголосу)"
            r"|\b(?:наш|нашего|нашем|дарим|объявляем)\b[^.!?]{0,40}\b(?:розыгрыш|конкурс)|\bконкурс[^.!?\n]{0,80}\bприсылайте\b"
            r"|\b(?:giveaway|enter\sto\swin|how\sto\senter)\b|\bпобедител\w+\sвыбер(?:ем|ет\sбот)|\bстань\s(?:\w+\s)?обладател"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        (),
        re.compile(
            r"\bзадонат\w+|\bподдерж(?:ать|ите)\s(?:наш\s|этот\s)?(?:канал|проект|автора|админа|нас\b)|\b(?:отдай(?:те)?|нужн[ыо]|дайте)\s(?:\w+\s){0,3}буст"
            r"|\bу\sнас\s(?:есть|появил\w+|вышл?а?)\s(?:\w+[\s-]){0,4}(?:рассылк|канал|чат|бот)|\bнапоминаем[,\s]+(?:что\s|про\s|о\s)?(?:у\s)?наш?\w*"
            r"|\bмы\s(?:запустили|завели|открыли|создали)\s(?:\w+\s){0,3}(?:канал|чат|бот|рассылк)|\bнаш\w*\s(?:новы\w+|втор\w+|друг\w+)\s(?:телеграм-|telegram-)?канал"
            r"|\bмы\sготовим\s(?:\w+\s){0,2}(?:статью|материал)|\bсамые\sинтересные\b[^.!?\n]{0,40}\bвключим\b|\bнам\s(?:очень\s)?нужна\sваша\sпомощь\b"
            r"|\b(?:support|boost)\s(?:our|this)\schannel\b|\bour\snew\s(?:channel|bot|newsletter)\b|\bпройдите\s(?:\w+\s){0,2}опрос\b"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "own programme",
        ("эксплейнер", "подкаст", "эпизод", "выпуск", "стрим", "podcast", "episode"),
        re.compile(
            r"\b(?:эксплейнер|подкаст|эпизод|выпуск|стрим|podcast|episode)(?:.|\n){0,1500}\n\W*(?:смотрите|слушайте|смотреть|слушать|watch|listen)\b[^\n]{0,60}"
            r"\b(?:youtube|ютуб\w*|vk|вк|rutube|сайте|spotify|apple|яндекс\w*|платформ\w*)"
        ),
    ),
    (
        Kind.CHATTER,
        "day of the year",
        ("день", "day"),
        re.compile(
            r"\A\W*(?:сегодня|today)\s?(?:[—–-]|отмечается|отмечают|празднуется|празднуют|is|у\sнас)?\s?(?:the\s)?(?:\w+\s){0,2}(?:день|day\sof)\s"
            r"(?![^\n]*(?:\d|выбор|голосован|тишин|памят|траур|vot|elect|mourn))[^\n]{0,120}(?:\n(?:.|\n){0,200})?\Z"
            r"|\A\W*(?:международный|всемирный|international|world)\s(?:день|day)\s[^\n.]{3,60}\n"
        ),
    ),
    (
        Kind.CHATTER,
        "greeting",
        (),
        re.compile(
            r"\A\W*(?:с\s)?(?:добр(?:ое|ого)\s(?:утр\w|дня|день|вечер\w?)|спокойной\sночи|доброй\sночи|good\s(?:morning|night|evening))\b"
            r"[^\n]{0,80}\s*\Z"
        ),
    ),
    # A question and what each reaction means; more text before it is a story that also asks.
    (
        Kind.CHATTER,
        "poll by reactions",
        (),
        re.compile(rf"\A(?=[^\n]{{0,110}}\?)[^\n]{{0,110}}(?:\n\s*)+{_OPTION}[^\n]+\n\s*{_OPTION}"),
    ),
    (Kind.CHATTER, "joke", (), re.compile(r"\A\W*(?:pov\s?:|когда\s[^.\n]{3,90}:?\Z)")),
)  # fmt: skip
_PLEA = re.compile(
    r"\b(?:поделит[ье]сь|делитесь|пишите|напишите|расскажите|жд[её]м|tell\sus|share)\b[^.!?\n]{0,70}\b(?:коммент\w*|историями|comments?)\b"
)
_EVENT = re.compile(
    r"\b(?:дтп|пожар|взрыв|удар|атак|обстрел|теракт|землетряс|наводнен|шторм|ураган|снегопад|ливень|авари|крушен|погиб|умер"
    r"|скончал|убит|ранен|подрыв|приостанов|выросл|арест|задерж|уволен|отставк|санкц|суд\b|приговор|сгорел|горит|рухнул|взорвал|прорвал|эвакуир"
    r"|объявлен|подписал|запрет|отмен|введ|ввел|выбор|дрон|беспилотник|ракет|fire|blast|explosion|attack|dead|dies|died|killed"
    r"|earthquake|crash|arrest|storm|flood|strike|resign|breaking|московск|российск|украинск|американск|китайск|росси[яию]\\b"
    r"|метро\\b|власт[иь]|депутат|министр|чиновник|учёны|учены|полици|мошенник)"
)
_ATTRIBUTION = re.compile(
    r"\b(?:сообщ|заяв|переда[её]|пиш[еу]т|по\sданным|рассказал|утвержда|считает|источник|says?\b|said\b|reports?\b|according)"
    r"|[—–-]\s?(?:[А-ЯЁA-Z]{2,}|[А-ЯЁA-Z]\w+\s?\w*)\W*\Z"
)
_ALERT = re.compile("[⚡❗‼🚨🆘🔴]")
_QUOTED = re.compile('[«"„“]')
# A name: a capital inside a sentence, or an abbreviation anywhere.
_NAME = re.compile(r"(?<=[\w,:;»)—–-])\s+[«\"(]?[А-ЯЁA-Z]|\b[А-ЯЁA-Z]{2,}\b")


def is_advert(folded: str) -> bool:
    """Whether a text (case-folded) carries a mark of paid content: the law's, the trade's or Telegram's."""
    # Plain searches first: they take a tenth of the expression's time, and nearly every post has none of them.
    return any(hint in folded for hint in _ADVERT_HINTS) and _ADVERT.search(folded) is not None


def kind_of(post: NewPost, body: str) -> tuple[Kind, str]:
    """What a post is and the rule that says so; `Kind.NEWS` with an empty reason where no rule speaks. `body` is the
    text without the channel's signature."""
    if post.service:
        return Kind.SERVICE, "service message"
    if _marked_links(post.links) or _marked_links(post.buttons):
        return Kind.PROMO, "marked as advertising"
    head = body[:LOOKED_AT]
    size = sum(map(str.isalnum, head))
    if not size:
        return Kind.CHATTER, "no words"
    folded = head.casefold()
    if is_advert(folded):
        return Kind.PROMO, "marked as advertising"
    for kind, reason, hints, rule in _RULES:
        if (not hints or any(hint in folded for hint in hints)) and rule.search(folded):
            return kind, reason
    if size <= _SHORT_PLEA and _PLEA.search(folded):
        return Kind.CHATTER, "asks for comments"
    if size <= _SHORT and not _tells(post, head, folded):
        return Kind.CHATTER, "a caption without a name, a number or an event"
    return Kind.NEWS, ""


def _marked_links(links: Sequence[Link]) -> bool:
    return any("erid=" in link.url for link in links)


def _tells(post: NewPost, head: str, folded: str) -> bool:
    """Whether a short text says anything of an event."""
    leads_out = any(not link.url.startswith(("https://t.me/", "http://t.me/")) for link in post.links)
    return (
        leads_out
        or any(map(str.isdigit, head))
        or _EVENT.search(folded) is not None
        or any(sign.search(head) for sign in (_ALERT, _QUOTED, _NAME, _ATTRIBUTION))
    )
