"""What keeps a post out of stories: advertisement, announcement, chatter. Rules in words, precision first: a story lost
costs a reader more than a caption kept.

Each rule has a name, and the name of the rule that dropped a post can be shown.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.model import Kind, Link, NewPost
from core.words import fold
from ingest.cleaning.fingerprint import said

LOOKED_AT = 4000  # characters of a post that the rules see; Telegram allows 4,096

# Marks of paid content, and what a text must hold for each expression to be asked: a plain search takes a tenth of its
# time, and nearly every post holds none of these.
_ADVERTS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("реклам", "промо", "артнёрск", "артнерск"),
        re.compile(
            r"#(?:реклама|промо|партн[её]рск\w*)\b|\bна\sправах\sрекламы\b|\bпромокод\s?[:«\"a-z]|\bпо\sпромокоду\b"
            r"|\bреклам(?:а|одатель)(?:[.:,]?\s{0,3}(?:оао|пао|ао|зао|ип|ано|инн|16\+|18\+|0\+|реклам\w+)|[.:,]\s{0,3}(?:ооо|«)"
            r"|\s{1,3}ооо\s«[^»]{1,60}»(?!\s\w))|\bрекламодател[ье]\s?[:-]|\bпартн[её]рский\s(?:материал|пост)\b"
            r"|\A\W*(?:реклама|промо)\s?[.:|\n]"
        ),
    ),
    (
        ("erid", "sponsored", "#ad", "#promo", "advert", "paid ", "code", "affiliate", "is an ad"),
        re.compile(
            r"\berid\b|[?&]erid=|#(?:ads?|advertising|sponsored|promo)\b|\b(?:sponsored|paid)\s(?:post|partnership)\b"
            r"|(?:\A|\n)\W*sponsored\sby\s[^\n,;]{1,60}(?:\n|\Z)|\A\W*(?:sponsored|advertisement|advertorial)\s?[.:|\n]"
            r"|\b(?:this\s(?:post|message)\sis\s(?:sponsored|an\sad)|affiliate\slinks?|advertise\swith\sus\shere)\b"
            r"|\b(?:use|enter|with)\s(?:the\s|our\s|my\s)?(?:promo|discount|coupon|referral)\s?code\b|\buse\s(?:the\s)?code\s[a-z]+\d+\b"
        ),
    ),
)

# The mark that the law asks for, with slips of the pen, and a shortener of marked links.
_ADVERT_LINK = re.compile(r"(?<![a-z])erid(?:[=:]|%3[ad])|//commercial\.link/", re.IGNORECASE)
_CACHED = 1 << 17  # words
_SHORT = 60  # letters and digits: as long as a caption; a headline of that length carries a name or a number
_SHORT_PLEA = 280  # a post that ends with a call to comment; a longer one has told something first

_GREETING = (
    r"(?:с\s)?(?:добр(?:ое|ого)\s(?:утр\w|дня|день|вечер\w?)|спокойной\sночи|доброй\sночи|"
    r"good\s(?:morning|night|evening|afternoon))"
)
_HAPPENED = (
    r"\b(?:дтп|пожар|взрыв|удар|атак|обстрел|теракт|землетряс|наводнен|подтоплен|шторм|ураган|снегопад|ливень|авари|крушен|погиб|умер"
    r"|скончал|убит|ранен|подрыв|приостанов|выросл|арест|задерж|уволен|отставк|санкц|суд\b|приговор|сгорел|горит|рухнул|взорвал|прорвал|эвакуир"
    r"|объявлен|подписал|запрет|отмен|введ|ввел|выбор|дрон|беспилотник|ракет|тревог|перемири|fire|blast|explosion|attack|dead|dies|died|killed"
    r"|earthquake|crash|arrest|storm|flood|strike|resign|breaking|ceasefire|московск|российск|украинск|американск|китайск|росси[яию]\b"
    r"|метро\b|власт[иь]|депутат|министр|чиновник|учёны|учены|полици|мошенник|курс\s(?:евро|доллар|рубл|юан)|рубль\b|нефть\b|ставк[аиу]\b"
    r"|interest\srates?\b|rates\b|stocks\b|president\b|minister\b|parliament\b)"
)
_STARGAZER = r"(?:астро(?:лог|лух)|таролог|нумеролог|astrologer|numerologist)\w{0,2}"
_NO_NEWS_OF_A_DAY = r"(?![^\n]*(?:\d|выбор|голосован|тишин|памят|траур|vot|elect|mourn))"
_OPTION = "(?:👍|❤|🔥|🤔|👎|😁|🤯|😢|🥰|🌚|👾|🎉)\ufe0f?\\s?[—–-]\\s"

# Kind, name, how a word must begin ("!": the whole word) for the rule to be asked at all, the rule. What a word begins
# with is remembered, so nearly every post is known to have none of these beginnings for a look-up a word.
_RULES: tuple[tuple[Kind, str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        Kind.ANNOUNCE,
        "giveaway or contest",
        (
            *("розыгр", "разыгр", "конкурс", "участвовать!", "участия!", "участие!", "условия!", "победител", "стань!"),
            *("дарим!", "итоги!", "giv", "win!", "enter!", "prize!", "raffling!"),
        ),
        re.compile(
            r"\bразыгр(?:ываем|аем)\b|\b(?:чтобы\sучаствовать|для\sучастия|участвуй(?:те)?)\sв\s(?:нашем\s)?(?:\w+\s)?(?:розыгрыше|конкурсе|гив)\b"
            r"|\bусловия\s(?:розыгрыша|конкурса|участия)\b(?!\s\w)|\bитоги\s(?:\w+\s){0,2}розыгрыш(?!\w*\s(?:кубк|лиг|чемпион))|\bподвед[её]м\sитоги\sконкурс"
            r"|\bподводим\sитоги\s(?:\w+\s)?конкурс|\bдля\sучастия\b(?:.|\n){0,60}?\b(?:подпи|проголосу)"
            r"|\bусловия\s?:(?:.|\n){0,60}?\bподпи(?:сать|сан|ш|сыв)|\bдарим\b[^.!?\n]{0,40}\bподписчик"
            r"|\b(?:наш|нашего|нашем|дарим|объявляем)\b[^.!?]{0,40}\b(?:розыгрыш|конкурс)|\bконкурс[^.!?\n]{0,80}\bприсылайте\b"
            r"|\b(?:giveaway|enter\sto\swin|how\sto\senter|prize\sdraw|we(?:['’]re|\sare)\s(?:giving\saway|raffling))\b|\bпобедител\w+\sвыбер(?:ем|ет\sбот)|\bстань\s(?:\w+\s)?обладател"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("задонат", "поддержать!", "поддержите!", "буст"),
        re.compile(
            r"\b(?:задонат\w+|поддерж(?:ать|ите)\s(?:(?:наш|этот)\s(?:канал|проект)|(?:канал|проект)\b(?!\s\w)|автора|админа|нас\b)"
            r"|(?:отдай(?:те)?|нужн[ыо]|дайте)\s(?:\w+\s){0,3}буст)"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("канал", "чат", "бот", "рассылк"),
        re.compile(
            r"\b(?:у\sнас\s(?:есть|появил\w+|вышл?а?)\s(?:\w+[\s-]){0,4}(?:рассылк|канал|чат|бот)"
            r"|(?:мы\s(?:запустили|завели|открыли|создали)|(?:запустили|завели|открыли|создали)\sдля\sвас)"
            r"\s(?:\w+\s){0,3}(?:канал|чат|бот|рассылк)"
            r"|наш\w*\s(?:новы\w+|втор\w+|друг\w+)\s(?:телеграм-|telegram-)?канал"
            r"|проголосуйте\sза\s(?:наш\s|этот\s)?канал\b)"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("напоминаем!", "готовим!", "включим!", "помощь!", "опрос!"),
        re.compile(
            r"\b(?:напоминаем[,\s]+(?:что\s|про\s|о\s)?(?:у\s)?(?:нас|наш(?:а|е|и|у|его|ей|ем|их|им|ими)?)\b|мы\sготовим\s(?:\w+\s){0,2}(?:статью|материал)"
            r"|самые\sинтересные\b[^.!?\n]{0,40}\bвключим\b|нам\s(?:очень\s)?нужна\sваша\sпомощь\b"
            r"|пройдите\s(?:\w+\s){0,2}опрос\b)"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("нас!",),
        re.compile(r"нас(?<!\wнас)(?<!у\sнас)\s(?:(?:уже|теперь|стало)\s(?:\w+\s)?\d|\d{1,3}(?:[ \xa0.,]?000)+\b)"),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("newsletter", "podcast", "subscribers!", "followers!", "channel!", "chat!", "bot!", "boost!", "survey", "us!"),
        re.compile(
            r"\b(?:(?:support|boost)\s(?:our|this)\schannel|(?:give|send|lend)\sus\sa\sboost|take\sour\ssurvey"
            r"|our\s(?:new\s(?:channel|bot|newsletter|podcast|chat)|(?:podcast|newsletter|channel|bot|chat)\sis"
            r"\s(?:back|here|live|out|open|one|two|\w+\syears\sold))"
            r"|we(?:['’]ve|\shave)?\s(?:just\s)?(?:launched|started|opened|reached|passed|hit)\s"
            r"(?:[\w,.]+\s){0,3}(?:newsletter|podcast|chat|channel|bot|subscribers|followers)"
            r"|sign\sup\s(?:for|to)\sour\s(?:\w+\s){0,2}newsletter|there\sare\s(?:now\s)?[\d,. ]{2,12}k?\sof\sus)\b"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "speaks to its subscribers of itself",
        ("друзья!", "подписчики!", "читатели!", "friends!", "readers!", "subscribers!", "followers!"),
        re.compile(
            r"\A\W*(?:(?:привет|hi|hello|dear|дорогие|уважаемые|наши|our)[\s,]*(?:all\s)?)*(?:друзья|подписчики|читатели|friends|readers|subscribers|followers)"
            r"\s?[,!.](?=(?:.|\n){0,600}?\b(?:рассылк|наш\w*\s(?:\w+\s)?(?:канал|чат|бот|подкаст)|подпи(?:саться|сывайтесь|шитесь)|newsletter|podcast"
            r"|our\s(?:\w+\s)?(?:channel|chat|bot)|subscribe|boost))"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "looks for staff",
        ("ищем!", "looking!", "hiring!"),
        re.compile(
            r"\A\W*(?:we(?:['’]re|\sare)\s(?:looking\sfor|hiring)|(?:мы\s)?ищем\s(?:\w+\s){0,3}(?:редактор|автор|журналист|корреспондент|дизайнер|менеджер|разработчик|smm)\w*)\b"
            r"(?=(?:.|\n){0,1500}?\b(?:write\sto\sus|apply|your\scv|r[eé]sum[eé]|пишите|присылайте|откликн\w+|резюме)\b)"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "goes live",
        ("выходим!", "выйдем!", "начинаем!", "начнём!", "начнем!", "live!"),
        re.compile(
            r"\A(?=(?:.|\n){0,160}?\b(?:(?:выходим|выйдем)\sв\s(?:прямой\s)?эфир\b|нач(?:инаем|н[её]м)\s(?:\w+\s)?стрим\b"
            r"|we(?:['’]re|\sare|['’]ll\sbe|\swill\sbe)\s(?:going\s)?live\s(?:at|on|in|today|tonight|tomorrow|now|with)\b))"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "own programme",
        ("эксплейнер", "подкаст", "эпизод", "выпуск", "стрим", "слушайте!", "podcast", "episode", "season!", "listen!"),
        re.compile(
            r"\b(?:эксплейнер|подкаст|эпизод|выпуск|стрим|podcast|episode)(?:.|\n){0,1500}\n\W*(?:смотрите|слушайте|смотреть|слушать|watch|listen)\b[^\n]{0,60}"
            r"\b(?:youtube|ютуб\w*|vk|вк|rutube|сайте|spotify|apple|яндекс\w*|платформ\w*)"
            r"|\bin\s(?:the|our|this)\s(?:new|latest|first|last)\s(?:season|episode)\sof\s[^.!?\n]{2,60}\b(?:we|i)\s(?:explain|talk|discuss|tell|ask|look|explore)"
            r"|\b(?:listen|subscribe)\swherever\syou\s(?:listen|get\syour\spodcasts)\b|\bслушайте\sна\s(?:всех|любых)\s(?:площадк|платформ)\w+"
        ),
    ),
    (
        Kind.CHATTER,
        "day of the year",
        ("день", "праздник", "day"),
        re.compile(
            rf"\A\W*(?:{_GREETING}\W{{1,6}})?(?:также\s)?(?:сегодня|today)(?:,\s\d{{1,2}}\s\w+,)?\s?"
            r"(?:[—–-]|отмечается|отмечают|празднуется|празднуют|is|у\sнас)?\s?(?:the\s)?(?:\w+\s){0,2}(?:день|праздник|day\sof)\b"
            rf"{_NO_NEWS_OF_A_DAY}[^\n]{{0,120}}(?:\n(?:.|\n){{0,200}})?\Z"
            rf"|\A\W*(?:[\w-]+\s){{0,2}}(?:день|праздник)\b{_NO_NEWS_OF_A_DAY}[^\n.]{{3,60}}\s(?:сегодня\s(?:отмеча|праздну)\w+"
            r"|(?:отмеча|праздну)\w+\sсегодня)\W*(?:\n(?:.|\n){0,200})?\Z"
            r"|\A\W*(?:международный|всемирный|international|world)\s(?:день|day)\s[^\n.]{3,60}\n"
        ),
    ),
    (
        Kind.CHATTER,
        "greeting",
        (),
        re.compile(
            rf"\A\W*(?:{_GREETING}|happy\s(?:\w+day|weekend|holidays|new\syear|easter|christmas)|have\sa\s(?:good|great|nice|lovely)\s\w+"
            rf"|с\s(?:новым\sгодом|наступающим|рождеством|пасхой|праздником))\b(?![^\n]*(?:\d|поздравил|{_HAPPENED}))[^\n]{{0,80}}\s*\Z"
        ),
    ),
    (
        Kind.CHATTER,
        "horoscope",
        ("гороскоп", "horoscope", "овен!", "овны!", "aries!", "астрол", "тарол", "нумерол", "astrolog", "numerolog"),
        re.compile(
            r"\A\W*(?:\w+[\s-]){0,3}(?:гороскоп|horoscope)\w*\b(?=(?:.|\n){0,600}?\b(?:ов(?:ен|н)|тел[её]?ц|тельц|близнец|aries|taurus|gemini))"
            r"|\A(?:[^\n]{0,200}\n){0,6}\W*(?:овен|овны|aries)\b[^\n]{0,300}\n\s*\W*(?:тел[её]ц|тельцы|taurus)\b"
            rf"|\A[^\n]{{0,200}}[—–-]\s{_STARGAZER}\W*(?:\n|\Z)|\A(?:.|\n){{0,200}}?\b{_STARGAZER}\s(?:\w+\s){{0,2}}(?:совету|предупре|предреч|"
            r"рекоменд|обеща|назвал|поделил|посовет|предсказ|доказ|предрек|recommend|warn|advis|promis|predict)"
        ),
    ),
    (
        Kind.CHATTER,
        "more pictures",
        ("кадр", "видео", "фото", "pictures!", "footage", "photos!"),
        re.compile(
            r"\A\W*(?:(?:ещ[её]|нов\w+|дополнительн\w+|други\w+)\s(?:\w+\s)?(?:кадр|видео|фото)\w*"
            r"|(?:more|new|further)\s(?:pictures|photos|footage))\b[^\n]{0,60}\Z"
        ),
    ),
    # A question and what each reaction means; more text before it is a story that also asks.
    (
        Kind.CHATTER,
        "poll by reactions",
        (),
        re.compile(rf"\A(?=[^\n]{{0,110}}\?)[^\n]{{0,110}}(?:\n\s*)+{_OPTION}[^\n]+\n\s*{_OPTION}"),
    ),
    (Kind.CHATTER, "joke", (), re.compile(r"\A\W*(?:(?:pov|nobody)\s?:|(?:когда|when\syou)\s[^.\n]{3,90}:?\Z)")),
)  # fmt: skip
# A search would try a rule of a text's beginning at every letter of it.
_ASKED = tuple(
    (kind, reason, cues, rule.match if rule.pattern.startswith(r"\A") else rule.search)
    for kind, reason, cues, rule in _RULES
)
_PLEA = re.compile(
    r"\b(?:поделит[ье]сь|делитесь|пишите|напишите|расскажите|жд[её]м|tell\sus|let\sus\sknow|share)\b[^.!?\n]{0,70}\b(?:коммент\w*|историями|comments?)\b"
)
_EVENT = re.compile(_HAPPENED)
# What somebody is quoted with, the channel does not say of itself.
_OF_ITSELF = frozenset({"giveaway or contest", "the channel about itself", "looks for staff"})
_QUOTES = re.compile(
    r"[,»\"”—–-]\s{0,2}(?:как\s)?(?:сказал|заяв|сообщ|рассказал|отмет|объяв|уточн|напомн|напомина|обеща|пообещ|передал|переда[её]т|пиш[еу]т|считает|подчеркн)"
    r"|\b(?:said|says|told|announced|according\sto)\b"
)
_ATTRIBUTION = re.compile(
    r"\b(?:сообщ|заяв|переда[её]|пиш[еу]т|по\sданным|рассказал|утвержда|считает|источник|says?\b|said\b|reports?\b|according)"
    r"|[—–-]\s?(?:[А-ЯЁA-Z]{2,}|[А-ЯЁA-Z]\w+\s?\w*)\W*\Z"
)
_ALERT = re.compile("[⚡❗‼🚨🆘🔴]")
_QUOTED = re.compile('[«"„“]')
# A name: a capital inside a sentence, or an abbreviation anywhere.
_NAME = re.compile(r"(?<=[\w,:;»)—–-])\s+[«\"(]?[А-ЯЁA-Z]|\b[А-ЯЁA-Z]{2,}\b")


_PLEA_CUES = ("коммент", "историями!", "comment")
_ASKS_PLEA = len(_RULES)


@lru_cache(maxsize=256)  # asked of all posts that are read together for their signatures, and then for their kinds
def is_advert(text: str) -> bool:
    """Whether a text carries a mark of paid content anywhere: the law's, the trade's or Telegram's."""
    folded = text[:LOOKED_AT].casefold()
    return any(_hinted(folded, hints) and mark.search(folded) is not None for hints, mark in _ADVERTS)


def kind_of(post: NewPost, body: str, words: Sequence[str] | None = None) -> tuple[Kind, str]:
    """What a post is and the rule that says so; `Kind.NEWS` with an empty reason where no rule speaks.

    `body` is the text without the channel's signature; `words` what it has `said`, found here if not given. A mark of
    paid content counts wherever it stands in the text: a last line `#ad` goes as signature.
    """
    if post.service:
        return Kind.SERVICE, "service message"
    if _marked_links(post.links) or _marked_links(post.buttons):
        return Kind.PROMO, "marked as advertising"
    head = body[:LOOKED_AT]
    if words is None:
        words = said(head)
    if not words and not any(map(str.isalnum, head)):
        return Kind.CHATTER, "no words"
    if is_advert(post.text):
        return Kind.PROMO, "marked as advertising"
    folded = head.casefold()
    asked = _asked(words)
    for at, (kind, reason, cues, speaks) in enumerate(_ASKED):
        if (not cues or asked >> at & 1) and speaks(folded) and not (reason in _OF_ITSELF and _QUOTES.search(folded)):
            return kind, reason
    if asked >> _ASKS_PLEA & 1 and _letters(head, _SHORT_PLEA) <= _SHORT_PLEA and _PLEA.search(folded):
        return Kind.CHATTER, "asks for comments"
    if (
        len(words) <= _SHORT
        and sum(map(len, words)) <= _SHORT
        and _letters(head, _SHORT) <= _SHORT
        and not _tells(post, head, folded)
    ):
        return Kind.CHATTER, "a caption without a name, a number or an event"
    return Kind.NEWS, ""


class _Cues(dict[str, int]):
    """Which rules a word lets speak, as bits; remembered, emptied when full."""

    def __missing__(self, word: str) -> int:
        folded = fold(word)
        bits = _WHOLE.get(folded, 0)
        for length in _LENGTHS:
            bits |= _BEGINNINGS.get(folded[:length], 0)
        if len(self) >= _CACHED:
            self.clear()
        self[word] = bits
        return bits


def _bits(*, whole: bool) -> dict[str, int]:
    """The cues that are whole words, or that are not, each with the bits of its rules."""
    found: dict[str, int] = {}
    for at, cues in enumerate((*(cues for _, _, cues, _ in _RULES), _PLEA_CUES)):
        for cue in cues:
            if cue.endswith("!") is whole:
                key = cue.removesuffix("!")
                found[key] = found.get(key, 0) | 1 << at
    return found


_WHOLE = _bits(whole=True)
_BEGINNINGS = _bits(whole=False)
_LENGTHS = sorted({len(cue) for cue in _BEGINNINGS})
_cues = _Cues()


def _asked(words: Sequence[str]) -> int:
    """The rules that some word lets speak."""
    asked = 0
    for bits in {*map(_cues.__getitem__, words)}:
        asked |= bits
    return asked


def _hinted(folded: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 - `any` takes twice the time
        if hint in folded:
            return True
    return False


def _letters(text: str, enough: int) -> int:
    """How many letters and digits there are; where there are more than `enough`, no fewer than one more."""
    count = 0
    for at in range(0, len(text), 128):
        count += sum(map(str.isalnum, text[at : at + 128]))
        if count > enough:
            break
    return count


def _marked_links(links: Sequence[Link]) -> bool:
    return any(_ADVERT_LINK.search(link.url) for link in links)


def _tells(post: NewPost, head: str, folded: str) -> bool:
    """Whether a short text says anything of an event."""
    leads_out = any(not link.url.startswith(("https://t.me/", "http://t.me/")) for link in post.links)
    return (
        leads_out
        or any(map(str.isdigit, head))
        or _EVENT.search(folded) is not None
        or any(sign.search(head) for sign in (_ALERT, _QUOTED, _NAME, _ATTRIBUTION))
    )
