"""What all channels write under their posts: short calls to subscribe, to send news in, to boost or to give. Pure.

Precision first: a line that tells something stays, even where it leads to a channel.
"""

import re
from collections.abc import Sequence

from ingest.cleaning.phrases import joins, shares

_LONGEST_NAME = 3  # words of a channel's name before "Subscribe"
_LONGEST_PLEA = 4  # words
_LONGEST_GIVE = 8
_LONGEST_CALL = 14  # words; a longer call to subscribe is the pitch of an advertisement

ITEM = re.compile(r"#\w+|@\w+|https?://\S+|[^\W\d_]+")
SENTENCE = re.compile(r"\s(?<=[.!?…»)]\s)\s*+(?=\S)")
CHANNEL_URL = re.compile(
    r"(?i)https?://(?:www\.)?(?:t|telegram)\.me/(?!s/|c/|iv\?|share/)(?:\+|joinchat/|boost/)?[\w-]+/?(?:\?[^/]*)?$"
)
# Whose page it is: what stands on it is a source.
_PAGE_URL = re.compile(
    r"(?i)https?://(?:www\.|m\.)?(?:(?:vk\.(?:com|ru)|max\.ru|dzen\.ru|x\.com|twitter\.com|instagram\.com|facebook\.com|ok\.ru|rutube\.ru"
    r"|youtube\.com)/(?!wall|video|clip|story|status|watch)(?:join/|(?:group|channel|c|id|public)/)?[@\w.-]+|whatsapp\.com/channel/\w+)/?(?:\?[^/]*)?$"
)
_CHANNEL_IN_LINE = re.compile(
    r"(?i)(?<!\w)@[a-z]\w{3,31}|\b(?:t|telegram)\.me/(?:\+|joinchat/|boost/)?[\w-]+/?(?![\w/-])"
)

_SUBSCRIBE = re.compile(
    r"(?:\A|[|:.!•—–-])\W*(?:join|follow)\b"
    r"|\b(?:подпи(?:саться|сыва(?:й|ться)|шись|шитесь)\w*|присоедин(?:яй\w*|иться\b(?!\sк\s(?!нам|нашем|канал|чат|групп)))"
    r"|вступ(?:ай(?:те)?|ить)\b(?=\W*(?:\Z|@|https?:|в\s(?:наш\w*\s)?(?:канал|чат|групп|сообществ)))|subscribe\b"
    r"|підпи(?:сати(?:ся|сь)|су(?:йтесь|йтеся|йся)|ши(?:сь|ться|ться))|приєдну(?:йтесь|йтеся|йся)|падпі(?:сацца|сывайцеся|шыцеся)"
    r"|долуча(?:йтесь|йтеся|йся)\b(?=\W*(?:\Z|@|https?:|до\s(?:нас|наш\w*|канал|чат)))|жазылыңыз"
    r"|(?:join|follow)\s(?:us|our)\b|резервн\w+\s(?:канал|чат)\w*"
    r"|наш\w*\s(?:\w+[\s-])?(?:канал|чат|бот|telegram|телеграм|тг|max)\w*"
    r"|(?:мы|нас|больше|ещё|еще|далее|читай\w*)\s(?:есть\s)?в\s(?:telegram|телеграм|тг|max|вк|vk|дзен)\w*"
    r"|(?:telegram|телеграм|тг|tg)[\s-]?(?:канал(?!е\b)|channel|чат)\w*|our\s(?:\w+\s)?(?:channel|chat|group|bot)\b|read\smore\sin\b"
    r"|(?:вся\sинформация|все\s(?:новости|подробности)|самые\sважные\sновости)\b.*\sв\s"
    r"|обсу(?:дить|ждаем|дим)\sв\s(?:\w+\s)?(?:чат|коммент)\w*|(?:оставайтесь\sс\sнами|будьте\sв\sкурсе|stay\stuned|stay\swith\sus)\b)"
)
_TOLD = re.compile(  # somebody's words, and the channel where they were read
    r"\b(?:сообщил|написал|заявил|опубликовал|отметил|уточнил|передал|рассказал|said|told|wrote|announced|posted|reported)(?:а|и|о)?\b"
)
_SEND = re.compile(
    r"\b(?:присла(?:ли|но)|пришли(?:те)?|присыла\w+|(?:прислать|предложить)(?=\W*(?:\Z|@|https?:|(?:\w+\s)?(?:новост|пост|тем|иде|сюжет|фото|видео|истори|мем|нам)))|предложк\w+|надісла(?:ти|ли|но)|надсила\w+|запропонувати\sновин\w+|даслаць\sнавін\w+|дасылайце"
    r"|(?:напис(?:ать|ите)|пиши(?:те)?)\sнам|обратн\w+\sсвяз\w+|зворотн\w+\sзв.яз\w+|(?:по\s(?:вопросам\s)?)реклам\w+|реклама\sв\s(?:\w+\s)?канале"
    r"|(?:по\s(?:вопросам\s)?|и\s)сотрудничеств\w+|send\s(?:us|your|tips)|got\sa\stip|submit|contact\sus|feedback)\b"
    r"|\A\W*сотрудничество\W*(?:\Z|@|https?:)"
)
_BOOST = re.compile(r"\b(?:буст(?:ы|ить|ани\w*|а|ом)?|boosts?)\b|\?boost\b")
_ABOUT_US = re.compile(
    r"\b(?:нас|наш\w*|us|our)\b.*\b(?:без|without(?:\sa)?)\svpn\b|\b(?:чита|слуша|смотр)\w+\sнас\b|\bнас\sможно\b"
    r"|\bподпи(?:сать|сыв|ш)\w*\sна\s(?:наш|нас\b|(?:[\w-]+[\s-])?рассылк)|\b(?:read|watch|follow)\sus\b"
    r"|\b(?:subscribe\sto|sign\sup\s(?:for|to)|get|download)\sour\b|\bскача(?:ть|йте)\s(?:наше\s)?приложение\b"
)
_GIVE = re.compile(
    r"\W*(?:\w+\s)?(?:поддерж(?:ать|ите|и)\s(?:нас\b|редакци\w+|(?:наш\s)?(?:канал|проект)\b(?!\s\w)|автор\w+)|підтрима(?:ти|йте|й)\s(?:нас\b|редакці\w+|(?:наш\s)?(?:канал|проєкт)\b(?!\s\w)|автор\w+)|донат\w*(?=\W*(?:\Z|https?:|@|\d))|задонатить)"
    r"|\W*(?:support|donate\sto)\s(?:us|our|independent)\b|\W*buy\s(?:me|us)\sa\scoffee\b"
)
_PURSE = re.compile(  # where an author is given money: the page itself, nothing on it
    r"\b(?:(?:www\.)?patreon\.com/(?:c/)?|buymeacoffee\.com/|ko-fi\.com/|boosty\.to/|donationalerts\.com/r/|paypal\.me/|send\.monobank\.ua/jar/)[\w.-]+"
    r"(?:/donate)?/?(?:\?[^/\s]*)?(?=\s|\Z)"
)
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?!\d)")
_PLEA = re.compile(
    r"(?:максимальн\w+\s)?(?:распространите|репост|перешлите|поделит(?:есь|ься)(?:\sс\sдрузьями)?|share|please\sshare|rt)"
)
_PICTURE = re.compile("[📷📸📹🎥🎞]")
_PLACES = re.compile(
    r"(?:(?:telegram|телеграм|tg|тг|vk|вк|вконтакте|дзен|youtube|ютуб|rutube|рутуб|max|макс|одноклассники|ok|ок|twitter|x"
    r"|facebook|instagram|whatsapp|tiktok|viber|threads|bluesky|сайт|site|website|чат|chat|бот|bot|канал|channel|и|and)\s?){2,}"
)


def is_call(folded: str, line: str, words: Sequence[str], targets: Sequence[str]) -> bool:
    """Whether a line is what all channels write; needs no learning. `folded` is it in lower case, `words` are its
    items, `targets` where it leads."""
    if len(words) > _LONGEST_CALL:
        return False
    if len(words) <= _LONGEST_PLEA and (_PLEA.fullmatch(" ".join(words)) or shares(words)):
        return True
    if not targets and "@" not in line and "." not in line.rstrip(" ."):
        return _asks_for_money(folded, words) and _CARD.search(line) is not None  # else it leads nowhere
    if _asks_for_money(folded, words) or (len(words) <= _LONGEST_GIVE and _leads_to_purse(folded, targets)):
        return True
    if targets and _PLACES.fullmatch(" ".join(words)):
        return True  # a row of buttons: "Telegram | VK | YouTube"
    if _ABOUT_US.search(folded) and not _TOLD.search(folded):
        return bool(targets) or "." in line.rstrip(" .")  # a link, or an address that Telegram made none
    subscribes = _SUBSCRIBE.search(folded) is not None
    if not subscribes and joins(folded):
        subscribes = all(map(_is_place, targets))  # else an article, and the call behind it
    if not subscribes and not any(call.search(folded) for call in (_SEND, _BOOST)):
        return False
    first = SENTENCE.split(folded, maxsplit=1)[0]
    if first != folded and len(ITEM.findall(first)) > _LONGEST_NAME and not _subscribes(first):
        return False  # a sentence that says something, and the call behind it
    if _TOLD.search(first):
        return False
    if subscribes and any(map(_PAGE_URL.match, targets)):
        return True
    return bool(_CHANNEL_IN_LINE.search(line)) or any(map(CHANNEL_URL.match, targets))


def _subscribes(folded: str) -> bool:
    return _SUBSCRIBE.search(folded) is not None or joins(folded)


def _is_place(url: str) -> bool:
    return CHANNEL_URL.match(url) is not None or _PAGE_URL.match(url) is not None


def _asks_for_money(folded: str, words: Sequence[str]) -> bool:
    return len(words) <= _LONGEST_GIVE and _GIVE.match(folded) is not None and _TOLD.search(folded) is None


def _leads_to_purse(folded: str, targets: Sequence[str]) -> bool:
    return _TOLD.search(folded) is None and any(map(_PURSE.search, (folded, *targets)))


def is_plug(line: str, labels: Sequence[tuple[str, str]]) -> bool:
    """Whether a line is nothing but names of channels that lead there, given its (label, address) pairs: a sister
    channel, or where the post was taken from. A picture's credit stays."""
    if not labels or len(ITEM.findall(line)) > _LONGEST_GIVE or _PICTURE.search(line):
        return False
    rest = line
    for label, url in sorted(labels, key=lambda pair: len(pair[0]), reverse=True):
        if not label or not CHANNEL_URL.match(url):
            return False
        rest = rest.replace(label, "")
    return rest != line and not any(map(str.isalnum, rest))
