"""What the rules of `kind.py` say, in words: marks of paid content, pitches, what a channel says of itself, chatter,
and what a short text tells of an event by."""

import re

from core.model import Kind

# Marks of paid content, and what a text must hold for each expression to be asked: a plain search takes a tenth of its
# time, and nearly every post holds none of these.
ADVERTS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("реклам", "промо", "артнёрск", "артнерск"),
        re.compile(
            r"#(?:реклама|промо|партн[её]рск\w*)\b|\b(?:на\sправах\sрекламы\b|промокод(?:ом|у|а)?\s?[:«\"a-z]|по\sпромокоду\b"
            r"|реклам(?:а|одатель)(?:[.:,]?\s{0,3}(?:оао|пао|ао|зао|ип|ано|инн|16\+|18\+|0\+|реклам\w+)|[.:,]\s{0,3}(?:ооо|«)"
            r"|\s{1,3}ооо\s«[^»]{1,60}»(?!\s\w))|рекламодател[ье]\s?[:-]|партн[её]рский\s(?:материал|пост)\b)"
            r"|\A\W*(?:реклама|промо)\s?[.:|\n]"
        ),
    ),
    (
        ("erid", "sponsored", "#ad", "#promo", "advert", "paid ", "code", "affiliate", "is an ad"),
        re.compile(
            r"\b(?:erid|(?:sponsored|paid)\s(?:post|partnership)|this\s(?:post|message)\sis\s(?:sponsored|an\sad)|affiliate\slinks?|advertise\swith\sus\shere"
            r"|(?:use|enter|with)\s(?:the\s|our\s|my\s)?(?:promo|discount|coupon|referral)\s?code|use\s(?:the\s)?code\s[a-z]+\d+)\b"
            r"|[?&]erid=|#(?:ads?|advertising|sponsored|promo)\b"
            r"|(?:\A|\n)[^\w\n]*sponsored\sby\s[^\n,;]{1,60}(?:\n|\Z)|\A\W*(?:sponsored|advertisement|advertorial)\s?[.:|\n]"
        ),
    ),
)

INVITATION = re.compile(r"t\.me/(?<!\wt\.me/)(?:\+|joinchat/)[\w-]+")  # to a private channel or chat
# The mark that the law asks for, with slips of the pen, and a shortener of marked links; to `re` a dotless i is an i in
# the other case.
ADVERT_LINK = (
    ("erid", "erıd", "//commerc"),
    re.compile(r"(?<![a-z])erid(?:[=:]|%3[ad])|//commercial\.link/", re.IGNORECASE),
)
_GREETING = (
    r"(?:с\s)?(?:добр(?:ое|ого)\s(?:утр\w|дня|день|вечер\w?)|спокойной\sночи|доброй\sночи|"
    r"good\s(?:morning|night|evening|afternoon))"
)


def _beginning(words: str) -> str:
    """An expression for a word that begins with one of these. `re` tries alternatives one by one: told apart by their
    first letter first, they take less than half of the time."""
    by_letter: dict[str, list[str]] = {}
    for word in words.split():
        by_letter.setdefault(word[0], []).append(word[1:])
    each = [f"{letter}(?:{'|'.join(ends)})" for letter, ends in by_letter.items()]
    return rf"\b(?:{'|'.join(each)})"


_HAPPENED = _beginning(
    r"""
    дтп пожар взрыв удар атак обстрел теракт землетряс наводнен подтоплен шторм ураган снегопад ливень авари крушен
    погиб умер скончал убит ранен подрыв приостанов выросл арест задерж уволен отставк санкц суд\b приговор сгорел
    горит рухнул взорвал прорвал эвакуир объявлен подписал запрет отмен введ ввел выбор дрон беспилотник ракет
    тревог перемири fire blast explosion attack dead dies died killed earthquake crash arrest storm flood strike
    resign breaking ceasefire московск российск украинск американск китайск росси[яию]\b метро\b власт[иь] депутат
    министр чиновник оштраф признан учёны учены полици мошенник курс\s(?:евро|доллар|рубл|юан) рубль\b нефть\b
    ставк[аиу]\b пожеж вибух обстріл загин поранен повін помер вбит арешт затрима звільн вирок згорі заборон скасу
    безпілот тривог перемир президент міністр поліц шахра interest\srates?\b rates\b stocks\b president\b minister\b
    parliament\b евро\s\$?\d юань\s\$?\d доллар\s\$?\d биткоин\s\$?\d bitcoin\s\$?\d dollar\s\$?\d euro\s\$?\d
    """
)
_PROGRAMME = "(?:эксплейнер|подкаст|эпизод|выпуск|стрим|podcast|episode)"
_STARGAZER = r"(?:астро(?:лог|лух)|таролог|нумеролог|astrologer|numerologist)\w{0,2}"
_NO_NEWS_OF_A_DAY = r"(?![^\n]*(?:\d|выбор|голосован|тишин|памят|траур|vot|elect|mourn))"
_OPTION = "(?:👍|❤|🔥|🤔|👎|😁|🤯|😢|🥰|🌚|👾|🎉)\ufe0f?\\s?[—–-]\\s"
_SIGN = r"[^\w\s\"«»()\[\]—–•▪▫●·*>.,:;!?%+/-]{1,4}"  # an emoji: none of the signs that a list begins with

# Kind, name, how a word must begin ("!": the whole word) for the rule to be asked at all, the rule. What a word begins
# with is remembered, so nearly every post is known to have none of these beginnings for a look-up a word.
RULES: tuple[tuple[Kind, str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        Kind.PROMO,
        "sells a course",
        (
            *("курс", "обучени", "консультаци", "видеолекц", "бессрочн", "вебинар", "интенсив", "мастер!", "воркшоп"),
            *("вебінар", "інтенсив", "майстер!", "webinar", "workshop", "course!", "courses!"),
        ),
        re.compile(
            r"[-−–]\s?\d{1,2}\s?%\s(?:на|от)\s(?:[\w«»-]+\s){0,3}курс"
            r"|\b(?:(?:скидк\w+|распродаж\w+)\b[^.!?\n]{0,30}\bна\s(?:[\w«»-]+\s){0,3}(?:курс|обучени)\w*"
            r"|\d+\sвидеолекци|бессрочн\w+\sдоступ\w*\s(?:ко?\s)?(?:\w+\s)?материал"
            r"|(?:приглашаем|приходите|присоединяйтесь|записывайтесь|запишитесь|(?:за)?регистрируй(?:тесь|ся)|запишись|записывайся|запрошуємо|реєструй(?:тесь|ся)|приходьте|join\sus|sign\sup|register)"
            r"\s(?:\w+\s){0,3}?(?:на|к|for)\s(?:[\w«»-]+\s){0,4}?(?:\w+-)?(?:вебинар|интенсив|мастер-класс|воркшоп|курс|вебінар|інтенсив|майстер-клас|webinar|workshop|course)|(?:conducting|hosting|holding)\sa\s(?:\w+\s)?(?:webinar|workshop)\b"
            r"|остав(?:ить|ь|ьте|ляйте)\sзаявку\sна\s(?:[\w«»-]+\s){0,2}(?:курс|обучение|консультацию)|на\s(?:вебинаре|интенсиве|воркшопе)\s(?:вы\s|мы\s)?(?:узна|разбер|расска|поговор|науч))"
        ),
    ),
    (
        Kind.PROMO,
        "sells",
        (
            *("заявку!", "скидк", "знижк", "распродаж", "купить!", "заказать!", "приобрести!", "регистрац"),
            *("рекомендуем!", "советуем!"),
        ),
        re.compile(
            r"\bостав(?:ьте|ляйте)\sзаявку\b(?=[\s\S]{0,200}\Z)|\b(?:рекомендуем|советуем)\s(?:вам\s)?(?:подписаться\sна\s)?(?:[\w-]+\s){0,2}канал(?:ы)?\b"
            r"|\b(?:скидк\w+|распродаж\w+)\b[\s\S]{0,200}?\b(?:подробн\w+|переходите|заказ\w+|покупайте)\s(?:\w+\s)?(?:по\sссылке|на\sсайте)\W*\Z"
            r"|\b(?:скидк|знижк)[^.!?\n]{0,40}\s[-−–]\d{1,2}\s?%"
            r"|\b(?:купить|заказать|приобрести)\sза\s\d[\d\s]*(?:₽|руб)[\s\S]{0,600}?\b(?:подробн\w+|заказ\w+)\s(?:\w+\s)?(?:по\sссылке|на\sсайте)\W*\Z"
            r"|\bучастие\s(?:\w+\s){0,3}?бесплатн\w+[.,;]?\s(?:\w+\s)?регистраци\w+\s(?:\w+\s)?по\sссылке"
        ),
    ),
    (
        Kind.PROMO,
        "collects money",
        ("карт", "сбер", "тинькофф!", "монобанк", "моно!", "приват", "реквізит", "реквизит", "paypal!", "card!"),
        re.compile(  # how to pay, and the number of a card; at the foot of a longer text it is a story's own
            r"\A[\s\S]{0,700}?\b(?:карт(?:[аеуыцкі]|ой)\w{0,3}|сбер\w*|тинькофф|монобанк\w*|моно|приват\w*|рекв[иі]зит\w*|paypal|card)\b"
            r"[\s\S]{0,100}?(?<![\d/=])(?:2[2-7]|[45]\d)\d\d[ \xa0-]?\d{4}[ \xa0-]?\d{4}[ \xa0-]?\d{4}(?![\d/])"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "giveaway or contest",
        (
            *("розыгр", "разыгр", "конкурс", "участвовать!", "поучаств", "участия!", "участие!", "условия!"),
            *("победител", "стань!", "дарим!", "итоги!"),
            *("розіграш", "розігру", "умови!", "участь!", "участі!", "даруємо!"),
            *("giv", "win!", "enter!", "prize!", "raffling!"),
        ),
        re.compile(
            r"\bразыгр(?:ываем|аем)\b|\b(?:чтобы\sучаствовать|для\sучастия|участвуй(?:те)?)\sв\s(?:нашем\s)?(?:\w+\s)?(?:розыгрыше|конкурсе|гив)\b"
            r"|\bусловия\s(?:розыгрыша|конкурса|участия)\b(?!\s\w)|\bитоги\s(?:\w+\s){0,2}розыгрыш(?!\w*\s(?:кубк|лиг|чемпион))|\bподвед[её]м\sитоги\sконкурс"
            r"|\bподводим\sитоги\s(?:\w+\s)?конкурс|\bдля\sучастия\b[\s\S]{0,60}?\b(?:подпи|проголосу)"
            r"|\bусловия\s?:[\s\S]{0,60}?\bподпи(?:сать|сан|ш|сыв)|\bдарим\b[^.!?\n]{0,40}\bподписчик"
            r"|\b(?:наш|нашего|нашем|дарим|объявляем)\b[^.!?]{0,40}\b(?:розыгрыш|конкурс)|\bконкурс[^.!?\n]{0,80}\bприсылайте\b"
            r"|\b(?:напомина\w+|не\sзабудьте|успе(?:й|йте|ваете|ть))\b[^.!?\n]{0,40}\b(?:розыгрыш|поучаствовать)"
            r"|\bчтобы\s(?:принять\sучастие|поучаствовать)\b[\s\S]{0,80}?\bподпи|\bрозіграш\w*\s(?:серед|для)\s(?:\w+\s)?підписник"
            r"|\bрозігру(?:ємо|єм)\b|\bумови\s(?:розіграшу|участі|конкурсу)\b(?!\s\w)|\bвиконуй(?:те)?\sумови\b|\b(?:дарим|даруємо)\s(?:вам\s)?\d+\s(?:билет|квитк|подпис|підпис)|\b(?:взяти\sучасть|для\sучасті)\b[\s\S]{0,80}?\bпідпи"
            r"|\b(?:giveaway|enter\sto\swin|how\sto\senter|prize\sdraw|we(?:['’]re|\sare)\s(?:giving\saway|raffling))\b|\bпобедител\w+\sвыбер(?:ем|ет\sбот)|\bстань\s(?:\w+\s)?обладател"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("задонат", "поддержать!", "поддержите!", "буст"),
        re.compile(
            r"\A(?=[\s\S]{0,700}\Z)[\s\S]*?\b(?:задонат\w+|поддерж(?:ать|ите)\s(?:(?:наш|этот)\s(?:канал|проект)|(?:канал|проект)\b(?!\s\w)|автора|админа|нас\b)"
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
        ("напоминаем!", "готовим!", "включим!", "помощь!", "опрос", "опитування!"),
        re.compile(
            r"\b(?:напоминаем[,\s]+(?:что\s|про\s|о\s)?(?:у\s)?(?:нас|наш(?:а|е|и|у|его|ей|ем|их|им|ими)?)\b|мы\sготовим\s(?:\w+\s){0,2}(?:статью|материал)"
            r"|самые\sинтересные\b[^.!?\n]{0,40}\bвключим\b|нам\s(?:очень\s)?нужна\sваша\sпомощь\b"
            r"|пройдите\s(?:[\w-]+\s){0,3}опрос\b|за\sпрохождение\sопроса\b|(?:пройд(?:іть|и)|заповн(?:іть|и))\s(?:[\w-]+\s){0,3}опитування\b)"
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
        "the channel about itself",
        ("исполнилось!", "исполняется!", "исполнился!", "виповнюється!", "виповнилось!", "виповнилося!"),
        re.compile(
            r"(?<!\w)(?:нам|(?:наш\w+|этому)\s(?:канал|паблик|сообществ|чат|каналу|проекту|проєкту)\w*)\s(?:сегодня\s|уже\s|вже\s)?(?:исполн|виповн)"
            r"|\b(?:исполн\w+|виповн\w+)\s(?:уже\s|вже\s)?нам\b"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "the channel about itself",
        ("спасибо!", "дякуємо!", "thanks!", "thank!"),
        re.compile(r"\A\W*(?:(?:большое|огромное|щиро)\s)?(?:спасибо\s(?:всем|вам)|дякуємо\s(?:всім|вам|усім)|(?:thank\syou|thanks)\s(?:all|everyone|to\severyone))\b"),
    ),
    (
        Kind.ANNOUNCE,
        "speaks to its subscribers of itself",
        (
            *("друзья!", "подписчики!", "читатели!", "друзі!", "підписники!", "читачі!"),
            *("friends!", "readers!", "subscribers!", "followers!"),
        ),
        re.compile(
            r"\A\W*(?:(?:привет|hi|hello|dear|дорогие|уважаемые|наши|our|шановні|любі)[\s,]*(?:all\s)?)*(?:друзья|подписчики|читатели|друзі|підписники|читачі|friends|readers|subscribers|followers)"
            r"\s?[,!.](?=[\s\S]{0,600}?\b(?:рассылк|наш\w*\s(?:\w+\s)?(?:канал|чат|бот|подкаст)|подпи(?:саться|сывайтесь|шитесь)|прос\w+\s(?:у\s)?вас\s(?:о\s)?помощ|розсилк|підпи(?:сатися|суйтесь|шіться)|newsletter|podcast"
            r"|our\s(?:\w+\s)?(?:channel|chat|bot)|subscribe|boost))"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "looks for staff",
        ("ищем!", "поиске!", "шукаємо!", "шукає!", "відбір!", "looking!", "hiring!"),
        re.compile(
            r"\A\W*(?:we(?:['’]re|\sare)\s(?:looking\sfor|hiring)|(?:мы\s)?ищем\s(?:\w+\s){0,3}(?:редактор|автор|журналист|корреспондент|дизайнер|менеджер|разработчик|smm)\w*)\b"
            r"(?=[\s\S]{0,1500}?\b(?:write\sto\sus|apply|your\scv|r[eé]sum[eé]|пишите|присылайте|откликн\w+|резюме)\b)"
            r"|\A[\s\S]{0,300}?\b(?:ищем\s(?:[\w-]+\s){0,3}(?:админ|автор|редактор|журналист)\w*\s(?:в|для)\sнаш|находится\sв\sпоиске\s(?:[\w-]+\s){0,2}(?:автор|редактор|админ)"
            r"|наша\sкоманда\sшукає|шукаємо\s(?:[\w-]+\s){0,2}(?:редактор|автор|дизайнер|волонтер|журналіст)|оголошу(?:ємо|ють)\sвідбір)"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "goes live",
        ("выходим!", "выйдем!", "начинаем!", "начнём!", "начнем!", "ефірі!", "наживо!", "live!"),
        re.compile(
            r"\A\W*в\sефірі\b|\A(?=[\s\S]{0,160}?\b(?:(?:выходим|выйдем)\sв\s(?:прямой\s)?эфир\b|нач(?:инаем|н[её]м)\s(?:\w+\s)?стрим\b|\b(?:виходимо|починаємо|говоримо)\s(?:\w+\s)?(?:наживо|в\sефірі)\b"
            r"|we(?:['’]re|\sare|['’]ll\sbe|\swill\sbe)\s(?:going\s)?live\s(?:at|on|in|today|tonight|tomorrow|now|with)\b))"
        ),
    ),
    (
        Kind.ANNOUNCE,
        "own programme",
        (
            *("эксплейнер", "подкаст", "эпизод", "выпуск", "стрим", "слушайте!", "випуск", "нашем!"),
            *("podcast", "episode", "season!", "listen!"),
        ),
        re.compile(
            # From the last of its words before the call, and no line twice: else a wall of them takes seconds.
            rf"\b(?:{_PROGRAMME}(?:(?!\b{_PROGRAMME})[\s\S]){{0,1500}}\n[^\w\n]*"
            r"(?:смотрите|слушайте|смотреть|слушать|watch|listen)\b[^\n]{0,60}"
            r"\b(?:youtube|ютуб\w*|vk|вк|rutube|сайте|spotify|apple|яндекс\w*|платформ\w*)"
            r"|in\s(?:the|our|this)\s(?:new|latest|first|last)\s(?:season|episode)\sof\s[^.!?\n]{2,60}\b(?:we|i)\s(?:explain|talk|discuss|tell|ask|look|explore)"
            r"|(?:listen|subscribe)\swherever\syou\s(?:listen|get\syour\spodcasts)\b|выпуск\w*\sподкаста\b[^.!?\n]{0,60}\bможно\s(?:\w+\s)?слушать\b"
            r"|(?:разместили|выложили|вышло|вышел)\b[^.!?\n]{0,60}\bна\sнашем\s(?:[\w-]+-)?(?:канале|youtube|ютуб\w*)\b|(?:записати|слухайте|дивіться)\s(?:\w+\s)?(?:випуск|подкаст)"
            r"|подкаст\s\w+\s\#\d|слушайте\sна\s(?:всех|любых)\s(?:площадк|платформ)\w+)"
            r"|\A[^\n]{0,80}?\b(?:(?:new|latest)\sepisode\sof\s(?:our|my)\s(?:\w+\s){0,2}podcast"
            r"|(?:нов|свеж|последн)\w+\s(?:выпуск|эпизод)\w*\s(?:нашего|моего)\s(?:\w+\s)?подкаста)\b"
            r"|\A(?=[\s\S]{0,500}\Z)[\s\S]*?\b(?:анализируем|разбираем(?:ся)?|обсуждаем|говорим|поговорили|рассказываем|спорим|отвечаем|объясняем|выясняем)\b[^.!?\n]{0,60}"
            r"\bв\s(?:нов\w+|свеж\w+|эт\w+|наш\w+|последн\w+)\s(?:выпуске|эпизоде|подкасте)\b"
        ),
    ),
    (
        Kind.CHATTER,
        "day of the year",
        ("день", "праздник", "свято!", "day"),
        re.compile(
            rf"\A\W*(?:{_GREETING}\W{{1,6}})?(?:также\s)?(?:сегодня|сьогодні|today)(?:,\s\d{{1,2}}\s\w+,)?\s?(?:[ву]\s[\w-]+\s)?"
            r"(?:[—–-]|отмечается|отмечают|празднуется|празднуют|is|у\sнас)?\s?(?:the\s)?(?:\w+\s){0,2}(?:день|праздник|свято|day\sof)\b"
            rf"{_NO_NEWS_OF_A_DAY}[^\n]{{0,120}}(?:\n[\s\S]{{0,200}})?\Z"
            rf"|\A\W*(?:[\w-]+\s){{0,2}}(?:день|праздник)\b{_NO_NEWS_OF_A_DAY}[^\n.]{{3,60}}\s(?:сегодня\s(?:отмеча|праздну)\w+"
            r"|(?:отмеча|праздну)\w+\sсегодня(?:,\s\d{1,2}\s\w+)?)\W*(?:\n[\s\S]{0,200})?\Z"
            r"|\A\W*(?:международный|всемирный|всесвітній|міжнародний|international|world)\s(?:день|day)\s[^\n.]{3,60}\n"
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
            r"\A\W*(?:\w+[\s-]){0,3}(?:гороскоп|horoscope)\w*\b(?=[\s\S]{0,600}?\b(?:ов(?:ен|н)|тел[её]?ц|тельц|близнец|aries|taurus|gemini))"
            r"|\A(?:[^\n]{0,200}\n){0,6}\W*(?:овен|овны|aries)\b[^\n]{0,300}\n\s*\W*(?:тел[её]ц|тельцы|taurus)\b"
            rf"|\A[^\n]{{0,200}}[—–-]\s{_STARGAZER}\W*(?:\n|\Z)|\A[\s\S]{{0,200}}?\b{_STARGAZER}\s(?:\w+\s){{0,2}}(?:совету|предупре|предреч|"
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
    (
        Kind.CHATTER,
        "points at a link",
        ("here!", "тут!", "здесь!", "ссылке!"),
        re.compile(
            r"\A\W*(?:(?:source|(?:more\s)?(?:details|info)|read(?:\smore)?|link|full\s(?:story|article))\shere"
            r"|(?:подробн\w+|источник|ссылка|читать)\s(?:тут|здесь|по\sссылке))\W*(?:https?://\S+\s*)?\Z"
        ),
    ),
    (
        Kind.CHATTER,
        "wishes its readers something",
        (
            *("поздравляем!", "вітаємо!", "надеемся!", "желаем!", "бажаємо!"),
            *("хорошего!", "приятного!", "приятных!", "гарного!"),
        ),
        re.compile(
            r"\A[^\n]{0,120}\b(?:поздравляем|вітаємо)\s(?:всех|вас|усіх|женщин|мужчин|мам)\b"
            r"|\A\W*(?:надеемся|желаем|бажаємо)\b[^\n]{0,120}\b(?:ваш\w*|вам|вас)\b[^\n]{0,80}\Z"
            r"|\A[^\n]{0,80}\b(?:хорошего|приятного|приятных|гарного)\s(?:(?:вам|всем|усім)\s)?(?:дня|вечера|выходных|вечора)\W*\Z"
        ),
    ),
    (
        Kind.CHATTER,
        "counts the days",
        ("осталось!", "остался!", "залишилось!"),
        re.compile(
            r"\A[^\n]{0,40}\bдо\s(?:нового\sгода|нового\sроку|рождества|лета|весны|зимы|выходных|отпуска|пятницы)\s(?:всего\s)?(?:осталось|остался|залишилось)\b"
            r"[^\n]{0,40}\Z|\A[^\n]{0,40}\b(?:осталось|остался|залишилось)\s[^\n]{0,20}\sдо\s(?:нового\sгода|нового\sроку|лета|весны|выходных|отпуска)\W*\Z"
        ),
    ),
    # A question and what each reaction means; more text before it is a story that also asks.
    (
        Kind.CHATTER,
        "poll by reactions",
        (),
        re.compile(
            rf"\A(?=[^?]{{0,400}}\?)(?:(?=[^\n]{{0,110}}\?)[^\n]{{0,110}}\n\s*{_OPTION}[^\n]+\n\s*{_OPTION}"
            rf"|[^\n]{{0,110}}\?\W*\n\s*(?P<sign>{_SIGN})\s?[—–-]\s[^\n]{{1,40}}\n\s*(?!(?P=sign))"
            rf"(?:{_SIGN}\s?[—–-]\s[^\n]{{1,40}}(?:\n\s*|\Z)){{1,9}}\Z"
            rf"|(?:[^\n]*\n){{1,6}}?(?:[^\n]{{1,60}}\s[—–-]\s?{_SIGN}\s*(?:\n\s*|\Z)){{2,8}}\Z)"
        ),
    ),
    (
        Kind.CHATTER,
        "joke",
        ("момент!",),
        re.compile(r"\A[^\n]{1,100}\n\s*[^\n.]{0,60}\bв\sэтот\sмомент\s?:?\W*\Z"),
    ),
    (
        Kind.CHATTER,
        "joke",
        (),
        re.compile(
            r"\A\W*(?:(?:pov|nobody)\s?:|(?:когда|коли|when\syou)\s[^.?!\n]{3,90}[.:…]*\W{0,4}\Z|то\sчувство,?\sкогда|(?:мем|милота|шутка|вайб|настроение|meme)\s(?:дня|на\s\w+|of\sthe\sday)\b[^\n]{0,140}(?:\n\s*[^\n]{0,60})?\Z)"
        ),
    ),
)  # fmt: skip

PLEA = re.compile(
    r"\b(?:поделит[ье]сь|делитесь|пишите|напишите|расскажите|жд[её]м|tell\sus|let\sus\sknow|share)\b[^.!?\n]{0,70}\b(?:коммент\w*|историями|comments?)\b"
)
EVENT = re.compile(_HAPPENED)
# What somebody is quoted with, the channel does not say of itself.
OF_ITSELF = frozenset({"giveaway or contest", "the channel about itself", "looks for staff"})
QUOTES = re.compile(
    r"[,»\"”—–-]\s{0,2}(?:как\s)?(?:сказал|заяв|сообщ|рассказал|отмет|объяв|уточн|напомн|напомина|обеща|пообещ|передал|переда[её]т|пиш[еу]т|считает|подчеркн)"
    r"|\b(?:said|says|told|announced|according\sto)\b"
)
# Who said it, at the end: "…, — Пётр Иванов".
SAID_BY = re.compile(r"\s[—–-]\s(?:[А-ЯЁA-Z]{2,}|[А-ЯЁA-Z]\w+(?:\s[А-ЯЁA-Z]\w+)?)\W*\Z")
ATTRIBUTION = re.compile(
    r"\b(?:сообщ|заяв|переда[её]|пиш[еу]т|по\sданным|рассказал|утвержда|считает|источник|says?\b|said\b|reports?\b|according)"
    r"|[—–-]\s?(?:[А-ЯЁA-Z]{2,}|[А-ЯЁA-Z]\w+\s?\w*)\W*\Z"
)
ALERT = re.compile("[⚡❗‼🚨🆘🔴]")
QUOTED = re.compile('[«"„“]')
# A name: a capital inside a sentence, or an abbreviation anywhere.
NAME = re.compile(r"(?<=[\w,:;»)—–-])\s+[«\"(]?[А-ЯЁA-Z]|\b[А-ЯЁA-Z]{2,}\b")
PLEA_CUES = ("коммент", "историями!", "comment")
HUMOUR = re.compile(r"#(?:кек|жиза|юмор|мем(?:ы|ас\w*)?|шутк\w*|прикол\w*|гумор|memes?|humou?r|jokes?)\b")
# A picture, as bots hang it in; a clip or a picture where they are looked at, of which a post is the caption.
SHOWN_URL = re.compile(
    r"\.(?:jpe?g|png|gif|webp|mp4)(?:\?|\Z)|//[^/]+/file/|//(?:www\.|m\.|v\.|i\.)?(?:redd\.it|reddit\.com|ift\.tt|youtu\.be"
    r"|(?:youtube|imgur|x|twitter|instagram|tiktok|vimeo|rumble|flickr)\.com|t\.co)/"
)
LAUGH = re.compile("[😁-😆😅🤭🤣🤪🤡😹🙈]")
