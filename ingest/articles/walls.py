"""What stands in front of an article instead of it: cookie walls, checks for a person, paywalls, pages that are gone.

Pure. Words alone decide only where next to nothing else was read: an article on cookies is longer than a cookie wall.
"""

import re
from typing import Final

STUB: Final = 1200  # characters: up to here, words of a wall mean that the wall is all there is
TEASER: Final = 600  # characters: no more than a beginning, where the page says that the whole costs something

_NOT_FREE = re.compile(r"[\"']isAccessibleForFree[\"']\s{0,9}:\s{0,9}[\"']?false\b", re.IGNORECASE)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_WALLS: Final = (
    (
        "asks for cookies",
        _any(
            r"(?:accept|enable|manage|use of|uses?|using|our) (?:\w+ ){0,2}cookies",
            r"cookies? (?:policy|settings|consent)",
            r"before you continue to (?:google|youtube)|we (?:value|respect|care about) your privacy",
            r"файл\w* cookie|включите cookie|использу\w+ (?:файлы )?cookies?|використову\w+ (?:файли )?cookies?",
            r"cookies? (?:akzeptieren|zulassen|zustimmen)|cookie-einstellungen|mit werbung (?:weiterlesen|und cookies)",
            r"utilis\w+ (?:des|les) cookies|accepter (?:et fermer|les cookies)|politique (?:de|relative aux) cookies",
            r"(?:utilizamos|usamos|aceptar|utilizziamo|usiamo|accetta) (?:\w+ ){0,2}cookies?|política de cookies",
            r"używamy (?:plików )?cookies?|polityk\w+ cookies",
        ),
    ),
    (
        "wants to see a person",
        _any(
            r"(?:enable|turn on|requires) javascript|checking (?:your|if the) (?:browser|site)|captcha|access denied",
            r"you are (?:not )?a (?:human|robot)|are you a (?:human|robot)|verify(?:ing)? (?:that )?you|just a moment",
            r"ddos.guard|attention required! \| cloudflare|pardon our interruption|unusual (?:traffic|activity) from",
            r"security (?:verification|check) (?:to|before)|performing security verification|why have i been blocked",
            r"request (?:has been|was) blocked|you have been blocked",
            r"включите javascript|вы не робот|доступ (?:к \w+ )?(?:временно )?(?:ограничен|заблокирован|запрещ[её]н)",
            r"проверка (?:вашего )?браузера|подтвердите, что (?:вы|запросы)",
            r"javascript (?:aktivieren|einschalten)|activer javascript|vérifi\w+ que vous (?:êtes|n.êtes)",
        ),
    ),
    (
        "asks to let advertisements through",
        _any(
            r"(?:disable|turn off|pause|switch off|whitelist) (?:your |the |any )?ad.?block|using an ad.?block",
            r"(?:отключите|выключите) (?:\w+ ){0,2}(?:adblock|блокировщик)",
            r"(?:werbeblocker|adblocker) (?:deaktivieren|ausschalten)|désactive\w* (?:\w+ ){0,2}bloqueur",
        ),
    ),
    (
        "is behind a paywall",
        _any(
            r"subscribe (?:now )?to (?:continue|read|unlock)",
            r"(?:continue|keep) reading (?:with|for)|already a (?:subscriber|member)",
            r"(?:subscribers?|members?)[- ]only",
            r"\b(?:post|episode|article|story) is for (?:paid |paying )?(?:subscribers|members)\b",
            r"(?:log|sign) (?:in|up) to (?:continue|read|view)",
            r"create (?:a|your) (?:free )?account to",
            r"(?:article|story|content) is (?:reserved|exclusive(?:ly)?) (?:for|to) (?:\w+ )?(?:subscribers|members)",
            r"(?:article|story|content) is only available (?:for|to) (?:\w+ )?(?:subscribers|members)",
            r"you(?:'|’)ve (?:read|reached) (?:your|all|the)\b.{0,30}\b(?:free articles?|limit)",
            r"unlock (?:this|the full) (?:article|story)",
            r"(?:оформите|купите) подписку|только (?:для|по) подпис",
            r"чтобы (?:читать|прочитать) (?:дальше|полностью|статью)",
            r"материал доступен|доступн?о? только подписчикам|эта статья доступна",
            r"réservé aux abonnés|il vous reste .{1,20} à lire|jetzt (?:weiterlesen|abonnieren)|nur für abonnenten",
            r"(?:contenido|artículo) (?:exclusivo|solo) para suscriptores|riservato agli abbonati",
        ),
    ),
    (
        "is not shown in every country",
        _any(
            r"not (?:available|accessible) in your (?:country|region|location|area)",
            r"unavailable (?:for|due to) legal reasons",
            r"(?:does not|doesn.t) (?:currently )?(?:allow|support) (?:access|visitors) from (?:your|the european)",
            r"недоступ\w+ (?:в|для) (?:вашей|вашем|вашего) (?:стран|регион)",
        ),
    ),
    (
        "is gone",
        _any(
            r"\A\s{0,9}(?:error |ошибка )?404\b|\bpage (?:was |could )?not (?:be )?found\b|\bстраница не найдена\b",
            r"(?:page|article|story) you (?:are looking|requested|were looking)\b.{0,30}exists?",
            r"(?:page|article|story) (?:no longer|does not|doesn.t) exists?",
            r"(?:can(?:.t|not)|could(?:n.t| not)) find (?:the|that|this|your) (?:page|article|story)\b",
            r"(?:такой|этой|запрашиваемой|запрошенной) страницы (?:здесь )?(?:больше )?(?:нет|не существует)",
            r"(?:материал|страница|статья) (?:был[аио]? )?(?:удал[её]н|не существует|снят)",
        ),
    ),
)


# What a page of choices says in the words of the standard for them (IAB's Transparency and Consent Framework). It is
# longer than other walls, but one that says several of them is no article.
_CHOICES: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"store and/or access information on a device|store and access information on a device",
        r"precise geolocation data",
        r"scan(?:ning)? (?:of )?device characteristics|identification through device scanning",
        r"create profiles (?:for|to) personali[sz]ed|personali[sz]ed advertising",
        r"measure (?:advertising|content) performance",
        r"legitimate interest",
        r"save and communicate privacy choices",
        r"vendors? list|list of (?:vendors|partners)|our (?:[\d,. ]{1,12} )?partners",
    )
)
_MANY: Final = 4
_LONGEST_CHOICES: Final = 4000  # characters


# A site that is being worked on says so and speaks to who has come, both in its own voice; news of one that is down
# tells of it as of another, or quotes it.
CLOSED: Final = "is closed for maintenance"
_WORKS: Final = _any(
    r"(?<!will be )\b(?:down|closed|offline|unavailable) (?:for|due to) (?:\w+[- ]){0,4}(?:maintenance|upgrades?)\b",
    r"(?<!will be )\bunder(?:going)? (?:\w+[- ]){0,3}maintenance\b|\bmaintenance (?:mode|in progress)\b",
    r"\b(?:perform|do|conduct|carry)(?:ing)? (?:out )?(?:\w+[- ]){0,3}maintenance\b|\b(?:web)?site maintenance\b",
    r"\b(?:ведутся|проводятся|идут|проводим|вед[её]м) (?:\w+ )?(?:технические|профилактические|плановые) работы\b",
    r"\bиз-за (?:\w+ )?технических работ|\b(?:проводится|проводим|ид[её]т) (?:\w+ )?техническое обслуживание",
    r"\bна сайте (?:\w+ ){0,2}работы\b|\bсайт (?:временно )?(?:закрыт|недоступен|не доступен|не работает)\b",
    r"\b(?:ведуться|проводяться) (?:\w+ )?технічні роботи\b",
    r"\bwartungsarbeiten\b|\bwartungsmodus\b|\bwird (?:gerade|derzeit|zurzeit) gewartet\b",
    r"\ben (?:cours de )?maintenance\b|\ben mantenimiento\b|\bem manutenção\b|\bin manutenzione\b|przerwa techniczna",
)
_TO_WHO_CAME: Final = _any(
    r"\bwe(?: will|(?:'|’)ll| should) be (?:right )?(?:back|online)\b|\bbe right back\b|\bcheck back\b",
    r"\btry again (?:soon|later|shortly)\b|\bthank you for your (?:patience|understanding)\b",
    r"\bwe (?:\w+ )?apologi[sz]e\b|\bsorry for (?:the|any) inconvenience\b|\b(?:our|this) (?:web ?)?site is\b",
    r"\bwe(?:'|’| a)re (?:\w+ ){0,2}(?:down|offline|under|undergoing|performing|doing|conducting|carrying)\b",
    r"\bмы (?:\w+ )?(?:верн[её]мся|работаем над|проводим)\b|\bскоро (?:мы )?(?:верн[её]мся|вс[её] заработает)\b",
    r"\bприносим (?:\w+ ){0,2}извинения\b|\bизвините за\b|\bспасибо за (?:\w+ )?(?:понимание|терпение|ожидание)\b",
    r"\b(?:зайдите|попробуйте|загляните|заходите|повторите)\b.{0,40}\b(?:позже|позднее|снова|ещ[её] раз)\b",
    r"\bперепрошуємо\b|\bскоро повернемо|\bнаш сайт\b|\b(?:этот|данный) сайт\b|\bнашем сайте\b",
    r"\b(?:bald|gleich|kürze) wieder\b|\bspäter (?:noch einmal|erneut|wieder)\b|\bbitten um (?:ihr )?verständnis\b",
    r"\bnous (?:serons|revenons)\b|\bmerci de (?:votre|revenir)\b|\bvolveremos\b|\bvoltaremos\b|\btorneremo\b",
    r"\bdisculpen?\b|\bprzepraszamy za\b",
)
_QUOTED: Final = re.compile(r"[\"“„«][^\"“”„«»]{0,600}[\"”“»]")


def wall_of(text: str, source: str = "") -> str | None:
    """What stands in the article's place, or None. `text` is all that was read of the page, its title first, and
    `source` the page itself: one that calls itself not free and shows a beginning only is behind a paywall."""
    if len(text) <= _LONGEST_CHOICES and sum(words.search(text) is not None for words in _CHOICES) >= _MANY:
        return "asks for cookies"
    if len(text) > STUB:
        return None
    own = _QUOTED.sub(" ", text) if len(text) <= TEASER else ""
    if _WORKS.search(own) and _TO_WHO_CAME.search(own):
        return CLOSED
    if reason := next((reason for reason, words in _WALLS if words.search(text)), None):
        return reason
    cut_off = len(text) <= TEASER or text.rstrip().endswith(("…", "..."))
    return "is behind a paywall" if cut_off and _NOT_FREE.search(source) else None
