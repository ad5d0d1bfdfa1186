"""Pure: sentences of posts made fit to be read in a digest, by deletion alone, and which of them can stand alone."""

import re
from collections.abc import Iterable

from core.words import stem, stems
from digest.text.disclaimer import without_disclaimer
from digest.text.function_words import FUNCTION_STEMS
from digest.text.languages import language_in
from digest.text.scripts import is_cyrillic
from digest.text.sentences import EMOJI, NEVER_END, split_sentences

LONGEST_TEXT = 20_000  # characters of one text that are looked at: news says what it has to say at the top
LONGEST_SENTENCE = 600  # characters; what is longer is no sentence, and is cut
SHORTEST_PART = 30  # characters below which a clause says too little
FEWEST_BEGUN = 2  # words of a clause that was begun, up to which it is cut off whole
MIN_WORDS = 6  # what is shorter is a stump, a caption or a cry ...
FEWEST_SPOKEN = 2  # words that are no numbers and of no date
MIN_WORDS_OPENING = 5  # ... but where a text opens with it: "Vapes are banned in Kyrgyzstan"

_MARKUP = re.compile(r"\*\*|__|~~|``|\[([^\[\]]{1,300})\]\([^()\s]{1,2000}\)")
_DATELINE = re.compile(
    r"^(?:\(\s?cnn\s?\)\s*(?:--|—|–|-)?"
    r"|[A-ZА-ЯЁ][\w.\- ]{2,24},\s*\d{1,2}\s+[а-я]{3,10}\.?\s*[—–/-]+\s*(?:[А-ЯЁA-Z][\w ]{1,20}\.\s+)?"
    r"|[A-Z][A-Z .,]{3,30}\((?:AP|Reuters|AFP)\)\s*[—–-]+"
    r"|[A-Z][A-Z ]{2,20},? [A-Z][a-z]{2,9} \d{1,2} \(\w{2,20}\)\s*[—–-]+"
    r"|UPD\d?\s?[.:—–-]+)\s*"
)
_BULLET = re.compile(  # a dash that stands at a number is its minus
    rf"^(?:[{EMOJI}\u2190-\u21ff\u25aa-\u25fe•▪■●◆➡⚡❗—*·|>:؛،]|[–-](?!\d)|\d{{1,2}}[.)](?=\s)|\d\ufe0f?\u20e3|<(?:…|\.\.\.)>|\.(?=@)|\s)+"
)
# What Chinese, Japanese and Korean news stand under: "[속보]" is "breaking".
_LABEL = r"[【\[(](?:快讯|快訊|突发|突發|速報|속보|긴급|단독|특보|종합|[1-3]보)(?:[·,] ?(?:속보|단독|종합))?[】\])]"
_RUBRIC = re.compile(  # a dash behind some of these stands for "is": "Главное — мир"
    r"^(?:(?:(?:срочно|breaking(?: news)?|just in|watch|video|(?:\w+ ){0,2}update|exclusive|alert|developing|new"
    r"|терміново|urgente|última hora|ultim['’]ora|urgent|alerte(?: info)?|eilmeldung|eil|son dakika"
    r"|flaş|pilne|z ostatniej chwili|tezkor|shoshilinch|فو+ر+ی|(?:خبر )?عاجل|快讯|快訊|突发|突發|速報|속보)"
    r"(?:\s?(?:[!:|—：！｜؛،]|\.(?!\w)|–\s)|\s-\s)|(?:молния|главное|видео|фото|photos?|now"
    r"|важливо|увага|flash)\s?(?:[!:|]|\.(?!\w))"
    rf"|{_LABEL})"
    r"(?=(?P<signs>(?:[!:|\s—：！｜؛،]|\.(?!\w)|[–-](?!\d))*))(?P=signs))+"
    r"(?=(?:\W*+\w++){3}|\d*+[\u3040-\u9fff]{3})",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"^RT @\w{1,32}:\s*")
# one between two numbers stays: without it they would be read as one
_EMOJI = re.compile(rf"(\d\s*+[{EMOJI}]++\s*+(?=\d))|[{EMOJI}]++")
_JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u1780-\u17ff\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\U0001f000-\U0001faff"
)
# Directions, zero width and control characters say nothing and can turn a message around. Joiners stay between what is
# written with them: letters of Persian and the like, emoji.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
    rf"|[\u200c\u200d](?![{_JOINING}])|(?<![{_JOINING}])[\u200c\u200d]"
)
_LINK = r"\(?(?<!\w)(?:https?://|www\.|t\.me/)\S*"
_ADDRESS = re.compile(rf"(\d\s++{_LINK}\s++(?=\d))|{_LINK}")
_ASTERISK = re.compile(
    r"(?:(?<=\w{4})|(?<=[»”\"]))\*(?=[\s.,;:!?)]|$)"
)  # to a footnote; not in a word that is half hidden
_PICTURED = re.compile(
    r"\s?\((?:[^\W\d]+\s)?(?:на (?:фото|видео|кадрах|снимке)|pictured)(?:\s[^\W\d]+)?\)", re.IGNORECASE
)
_TAG = re.compile(r"(?<!\w)#(?=[^\W\d])(\w*)")
_SEPARATORS = frozenset("|:/•·—–-")  # behind a tag: "#Storm | The harbour is closed"
_AWAITS = re.compile(r",$|^(?:[–-]|following|during|amid|despite)$")  # a long dash stands before whose post it is
_TOLD = "".join(  # what somebody told a channel, or wrote to it, is news
    f"(?<!{verb}{end} )" for verb in ("рассказал", "сообщил", "написал", "прислал") for end in ("", "а", "и")
)
_OURS = re.compile(  # what a channel has beside itself; «в нашей стране сайт» is another's
    rf"{_TOLD}\b(?:в|на|из|о|к|для) наш(?:ем|его|ей|ему|их|у)? "
    r"(?:(?:[\w-]*(?:ый|ий|ой|ом|ем|ого|его|ему|ому|ую|юю|ые|ие|ых|их|ей)|[a-z-]+|телеграм|тг|ютуб) ){0,2}?(?:\w+-)?"
    r"(?:канал(?:е|а|у|ов|ах)?|сайте?|чат(?:е|ик|ике)?|боте?|подкаст[еа]?|паблике?|соцсет[ия]х?)\b"
    r"|\bпапк(?:а|и|е|у|ой|ам|ами|ах) с нашими каналами"
    r"|\b(?:on|at|to|via|join|visit|follow) our (?:[\w-]+ ){0,2}?(?:channels?|website|podcast|bot|newsletter)\b"
)
_OUR = "наш", "our"  # what each of them has
_NOISE = re.compile(
    r"подпис(?:аться|ыва(?:йтесь|йся)|ка на (?:наш|канал|рассыл))|подпи(?:шись|шитесь)|прислать новость|наш канал|"
    r"читайте также|читать далее|^[\W_]*подробнее |подробнее:|^реклама(?:[.:]|$)|\bэрид\b|\berid\b|"
    r"^(?:объясняем|рассказываем|разбираемся|собрали|показываем)\b|scroll down|click here|^read more|"
    r"read more (?:at|about|here|on)\b|^(?:sign up|subscribe)\b|\b(?:sign up|subscribe) (?:here|now|for our|to our)\b|"
    r"all rights reserved|(?-i:[Ff]ollow us|FOLLOW US)\b|"
    r"^(?:все |больше )?подробност\w+(?: и \w+)?\s?(?:[—–:-]|(?:в|на|по) (?:наш\w+|комментари\w+|материале|стать\w+"
    r"|видео|карточках|сюжете|сайте|ссылке|телефону)\b)|фото:|видео:|photo:|^источник:(?: \S+){1,3}$|"
    rf"^(?:слушайте(?!,)|успейте|напоминаем:)|^{_LABEL}$",
    re.IGNORECASE,
)
# Where to read more: "to examine it in more detail" («подробнее изучили») is news.
_MORE = re.compile(
    r"чита|проч[её]|прочит|узна|(?<!рас)смотр|ссылк|статье|здесь|\bтут\b|сайт|рассказ[аы]|расписа|ознаком"
)
_DANGLING = re.compile(
    r"^(?:…|\.{3})[.…\s]*(?-i:[a-zа-яё])|"  # the rest of a sentence
    r"^(?:[\"«“'‘]\s*)?(?:он|она|они|оно|его|её|ее|их|это|этот|эта|эти|этого|также|кроме того|однако|при этом|но|а|и|"
    r"поэтому|тогда|там|затем|ранее|напомним|(?:по|с) (?:его|ее|её|их) \w+|такой|такая|такое|такие|об этом|"
    r"(?:для|из-за|за сч[её]т|с помощью|на (?:основ\w+|базе|фоне)|в (?:рамках|ходе|отличие от)|по (?:итогам"
    r"|результатам)) эт(?:ого|ой|их)(?! (?:год|сезон|недел|месяц|ден|дн|раз))|благодаря эт(?:ому|ой|им)|более того|"
    r"в связи с этим|тем самым|кстати|впрочем|(?:правда|так|ну)(?=,)|в этой связи|"
    r"(?:помимо|кроме|после) этого|по словам (?:его|ее|её|их)|предварительно сообщается|ведь|в частности|"
    r"особенно(?: это|(?=,)|(?= (?:если|когда|учитывая|тем)\b))|"
    r"так (?:[\w-]+ ){0,5}(?:(?:от|про)?реагировал|прокомментировал|ответил|оценил|охарактеризовал|назвал|описал)[аи]?|"
    r"(?:\w+ ){0,2}котор\w+|или|то есть|тем более|зато|за то,? что|"
    r"тот|причём|причем|вдобавок|сперва|далее|дальше|тем временем|между тем|вместе с тем|к тому же|если (?:да|так)|"
    r"тем не менее|теперь|где|(?:все )?(?:указанные|названные|перечисленные)|когда (?:его|ее|её|их|он)|мы|я|нам|нас|"
    r"речь ид[её]т|у нас|мне|we|our|i|my|according to (?:him|her|it|them)|плюс (?!\d)|"
    r"(?:указыва|отмеча|уточня|подч[её]ркива|поясня)ется,? что|собеседник\w* (?:издания|газеты|агентства)|"
    r"(?:издание|газета|агентство) (?:указыва|пиш|отмеча|уточня|подч[её]ркива|добавля|напомина)[ею]т|"
    r"(?:в|на|за|по|с|из|к) эт(?:ом|ой|их|у|о|от|им)(?! (?:год|сезон|недел|месяц|ден|дн|раз))|he|she|they|it|this|that|"
    r"він|вона|воно|вони|його|її|їх(?:н\w+)?|це|цей|ця|ці|цього(?! (?:ро[кц]|раз|тиж|місяц|дн|веч|ран|літ))|та|й|і|але|"
    r"також|(?:крім|окрім) того|однак|проте|при цьому|тому|тоді|потім|раніше|нагадаємо|за (?:його|її|їхніми) словами|"
    r"на (?:його|її|їхню) думку|такий|така|таке|такі|про це|для цього|через це|у зв['’ʼ]язку з цим|до речі|втім|"
    r"водночас|натомість|зате|тим часом|разом з тим|більше? того|ми(?!-\d)|мені|[ув] нас|"
    r"(?:[ву]|на|за|по|з|із) ц(?:ьому|ій|их|ього|ієї|им)(?! (?:ро[кц]|сезон|веч|тиж|місяц|ден|дн|раз))|"
    r"these|those|his|her|their|its|and|but|however|also|so|meanwhile|then|earlier|"
    r"(?:(?:предварительно|понятно|конечно|наверное|скорее всего|в конце концов|в итоге|сейчас|накануне(?: вечером)?"
    r"|вчера|сегодня|потом|сначала|now|at first|in the end|of course|probably|yesterday|today),?\s)+"
    r"(?:он|она|они|мне|я|мы|he|she|they|i|we))\b",
    re.IGNORECASE,
)
# The same in other languages, each by its code: "Er" is German for "he" and Dutch for "there", "Ma" is Italian for
# "but" and Hungarian for "today". Verbs without a subject: "Añadió que …", "Dodał, że …". No acronym: ESA, ILS.
_DANGLING_ELSEWHERE = re.compile(
    r"^(?:[\"«“„'‘]\s*)?(?!(?-i:[A-Z]{2,})\b)(?:"
    r"(?P<de>er|sie(?=\s(?-i:[a-zäöü]))|ihm|ihnen|dies(?:e[rs]?)?(?! (?:woche|jahr|monat|mal|nacht|tage|saison|sommer"
    r"|winter|herbst|frühling|frühjahr|mon|diens|mittwoch|donners|frei|sams|sonn))|zudem|außerdem"
    r"|darüber hinaus|dabei|damit|dazu|daraufhin|danach|allerdings|jedoch|dennoch|deshalb|daher|doch|aber|und"
    r"|(?:laut|nach) (?:ihm|ihr|ihnen)|das (?:teilte|sagte|berichtete|bestätigte|erklärte|geht aus))"
    r"|(?P<fr>il (?:a|avait|était|ajoute|affirme|explique|précise|souligne|estime|indique)"
    r"|il (?:s['’](?:est|agit)|n['’]a)"
    r"|il est(?! (?:\d|possible|probable|important|nécessaire|clair|temps|interdit|difficile|trop))"
    r"|elles?|ils|cependant|toutefois|par ailleurs|en outre|de plus(?! en plus)|pourtant"
    r"|(?:ce|cette|ces) derni[eè]re?s?(?! (?:an|jour|semaine|mois|heure|temps|décennie|saison|nuit|soir|été|hiver|\d))"
    r"|(?:celui|celle|ceux|celles)-ci|(?:selon|d['’]après) (?:lui|elle|eux))"
    r"|(?P<es>también|además(?! de )|asimismo|sin embargo|no obstante|por su parte|por otr[ao] (?:parte|lado)|a su vez"
    r"|al respecto|en (?:ese|este) sentido|mientras tanto|pero|él|ellos|ellas"
    r"|es[ao]s?(?! (?:semana|noche|tarde|mañana|año|día))|dich[ao]s?"
    r"|según (?:él|ella|ellos)|según (?:dijo|explicó|añadió|agregó|indicó|señaló)"
    r"|(?:dijo|agregó|añadió|señaló|indicó|explicó|afirmó|aseguró|sostuvo|precisó|detalló|subrayó|manifestó|recordó)"
    r"(?: también| además)? que)"
    r"|(?P<pt>ele|ela|eles|elas|também|além disso|no entanto|porém|contudo|por sua vez|isso|isto|ess[ae]s"
    r"|(?:segundo|de acordo com) (?:ele|ela|eles)|ainda segundo"
    r"|(?:disse|afirmou|acrescentou|explicou|destacou|ressaltou)(?: também| ainda)? que)"
    r"|(?P<it>(?:lui|lei|loro|ma|poi)(?=\s(?-i:[a-zàèìòù]))|egli|inoltre|tuttavia|intanto|però"
    r"|quest[aeio](?! (?:mattina|notte|sera|pomeriggio|settimana|weekend|stagione|estate|autunno|inverno|primavera|anno"
    r"|mese|volta))|(?:anche|secondo) (?:lui|lei)"
    r"|ha (?:anche |inoltre |poi )?(?:aggiunto|detto|spiegato|affermato|sottolineato|ricordato|precisato))"
    r"|(?P<pl>ponadto|jednak|również|także|jednocześnie|natomiast|tymczasem|z kolei|dlatego|następnie|dodatkowo"
    r"|jego|jej|(?:według|zdaniem) (?:niego|niej|nich)"
    r"|(?:doda|podkreśli|zaznaczy|wyjaśni|wskaza|stwierdzi|powiedzia|oceni|poinformowa|przypomnia|przekaza)(?:ł|ła|li|eli)"
    r"(?: (?:też|także|również|jednocześnie|ponadto))?,? (?:że|iż))"
    r"|(?P<tr>ayrıca|ancak|fakat|öte yandan|bun(?:un|a|u|lar|unla)|bu (?:nedenle|arada|kapsamda|çerçevede|durum|sırada)"
    r"|söz konusu|daha sonra|böylece)"
    # not Urdu, which has these letters, and where it is a Latin letter of an acronym
    r"|(?P<fa>(?!.*[ٹڈڑںہھے])(?:وی|او|آنها|آن‌ها|ایشان|همچنین|اما|به گفته (?:وی|او)"
    r"|در ادامه(?=،| (?:وی|او|افزود|گفت|تصریح|اظهار))|این(?! (?:هفته|ماه|سال|روز|بار))))"
    r")\b",
    re.IGNORECASE,
)
_ALIKE = {"az": "tr"}  # what points back in Turkish does so in Azerbaijani
# "In 2022 he …", «На родине он …»: who that is stands in a sentence before, where no name stands before it here.
# Where it is told behind a comma ("Since he took office, Mayor Lund …"), and where somebody says so of himself ("On
# Monday police said they …"), it is known.
_MONTHS = "(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber"
_KNOWN_LATER = (
    r"(?!(?:как\s(?:он|она|они)|(?:[Aa]fter|[Bb]efore|[Ss]ince|[Uu]ntil|when|while|as)\s(?:he|she|they))\s[^,]{1,200},"
    r"\s(?:[а-яёa-z]+\s){0,2}[А-ЯЁA-Z])"
)
_NO_SPEAKER = (
    r"(?!(?:\w+ed|says?|said|tells?|told|thinks?|thought|knows?|knew|feels?|felt|believes?|hopes?|fears?|claims?|admits?"
    r"|saw|found|that)\s(?:he|she|they)\b)"
)
_OF_WHOM = re.compile(
    r"^(?:(?:Во?|На|По|Со?|После|До|Из|За|У|Ко?|При|Перед|Через|От|Для|Около|Вскоре|Позже|Позднее|Впоследствии|Недавно"
    rf"|Раньше|Утром|Вечером|Ночью|Дн[её]м|Завтра|Сейчас)(?:\s{_KNOWN_LATER}[а-яё\d][а-яё\d-]*){{0,5}}\s(?:он|она|они)"
    r"|(?:[ВУ]|На|По|Зі?|Із|Після|До|За|При|Перед|Через|Від|Для|Біля|Пізніше|Згодом|Нещодавно|Вранці|Ввечері|Вночі|Зараз)"
    r"(?:\s[а-яґєії\d][а-яґєії'’\d-]*){0,5}\s(?:він|вона|вони)"
    rf"|{_KNOWN_LATER}(?:In|On|At|After|Before|During|Since|By|From|For|Last|Later|Today|Yesterday|Until)"
    rf"(?:\s{_KNOWN_LATER}{_NO_SPEAKER}(?:[a-z\d][a-z\d'’-]*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{_MONTHS})){{0,6}}"
    r",?\s(?:he|she|they))\s"
)
_ITEM_OF_COUNT = re.compile(  # of a list whose head is lost: "29.3% — from 46 to 65 years"
    r"^\d[\d ,.]*(?:%|\s[A-ZА-ЯЁ]{2,5})?\s?[—–]\s(?=[a-zа-яё])"
)
# What begins as a call does, and is a name or a noun: «Никите Иванову грозит …», «Элите вручили …».
NO_CALL = r"(?!(?:никите|маргарите|рите|аните|лолите|элите|свите|орбите|сайте)\b)"
# What the reader is to do: "Stay at home and call a doctor", below the news of how many are ill; not where a colon
# leads on to what is so.
_CALL = re.compile(
    rf"^(?:не\s)?{NO_CALL}\w{{2,}}(?:[йиь]те(?:с[ья])?|іть(?:ся)?)(?=[\s,!])(?!.*:\s)",
    re.IGNORECASE,
)
_BY_PRONOUN = re.compile(  # "…, he adds, …": who that is stands in a sentence before
    r"[,»\"”’]\s(?:[—–-]\s)?(?:(?:he|she|they)\s(?:also\s)?(?:add|say|said|tell|told|writ|wrote|not(?:es|ed)|think"
    r"|thought|argu|explain|believe|warn|insist|claim)\w{0,3}|(?:(?:также\s)?(?:сказал|добавил|отметил|заявил|пояснил"
    r"|подчеркнул|рассказал|уточнил|напомнил|объяснил|предупредил)[аи]?|счита[ею]т|отмеча[ею]т|добавля[ею]т|говор[ия]т"
    r"|уверен[аы]?)\s(?:он|она|они)|(?:також\s)?(?:сказа|дода|зазначи|заяви|поясни|підкресли|розпові|уточни|нагада"
    r"|наголоси|повідоми)(?:в|ла|ли)\s(?:він|вона|вони))(?=[,.]|$)",
    re.IGNORECASE,
)
# What a picture shows, that there is something to be seen or known, or a greeting; not Hello Kitty, nor Good Morning
# Britain, which are names.
_CAPTION = re.compile(
    r"^(?:(?:(?:всем|друзья|коллеги),? )?прив[еі]т(?=[\s,!])|здравствуйте|добр(?:ое утро|ый день|ый вечер)"
    r"|(?:hello|hi|hey)(?=[,!]|\s(?-i:[a-z]))|good (?:morning|evening)(?!\s(?-i:[A-Z]))"
    r"|так выгляд\w+|перед вами|(?:а )?вот (?:так|как)(?:ой|ая|ое|ие)?"
    r"|(?:кадры|видео|фото) (?:с места|момента|из|последствий|тушения|пожара|аварии|дтп|взрыва|урагана|шторма|смерча"
    r"|торнадо|наводнения|удара|атаки|крушения|нападения|задержания|обрушения)"
    r"|(?:\w+ )?публику(?:ют|ем) (?:\w+ )?(?:кадры|видео|фото|момент)"
    r"|перв\w+ последствия (?:\S+ )?(?:шторма|урагана|ливня|снегопада|наводнения|пожара|взрыва|удара|атаки|аварии|дтп)"
    r"|(?:(?:дополнительн|нов|первы|эксклюзивн)\w+|ещ[её]) (?:кадры|видео|фото)"
    r"|(?:(?:нов|свеж)\w+ )?(?:выпуск )?подкаста?(?=\s[«\"“])"
    r"|(?:появились|стали известны|всплыли) (?:\w+ )?(?:подробности|детали|кадры)"
    r"|момент\w* (?:подрыва|взрыва|удара|падения|аварии|дтп|столкновения|наезда|обрушения|нападения|задержания"
    r"|прол[её]та|прил[её]та|сбития|уничтожения|пожара|стрельбы|крушения|ограбления|поджога|драки)"
    r"|на (?:видео|фото|кадрах|снимк\w+)\s[—–-]|ставьте|посмотрите|смотрите"
    r"|here(?:['’]s| is) (?:how|what)|this is (?:how|what)"
    r"|(?:aerial |cctv )?(?:footage|video|(?:photo|picture|image|screenshot)s?) (?:of|shows? (?:the )?moment|emerges?)"
    r"|watch|pictured|(?:вс[её],? )?что (?:ещ[её]|известно|нужно знать)|what (?:else|we know|to know)"
    r"|(?:all|everything) (?:that )?we know)(?!\w)",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"^[\"«“'‘`„]+\s?(?!(?:\S+\s+){0,3}\S*[\"»”'’])")  # not a name such as «Газпром»
_SPOKEN = re.compile(r"[»\"”],?\s*[—–-]\s*[а-яё]|^[—–-]\s")
# A name amid how a post begins, before a dash: "the ferry «Арго» — the oldest". Speech begins it or follows a sign.
_NAMED_SO = re.compile(r"(?<=[^\s:,.!?«\"“—–-]\s)(?:«[^«»]*»|“[^“”]*”|\"[^\"]*\")(?=,?\s[—–-]\s)")
# What a post opens with in somebody's words, with the name of who said it: «…» — заявил Песков.
_ATTRIBUTED = re.compile(r"^«[^«»]+»,?\s*[—–-]\s(?=(?:[а-яё-]+\s){1,4}[А-ЯЁ])")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)['‘`].*")  # where a single mark closes is not certain
# Also who thinks so himself, or speaks to somebody. Not Николай I, World War I, the road I-95 and George I. Smith, nor
# a name such as My Ferry in a Russian sentence.
_MYSELF = re.compile(
    r"\b(?:[Яя]|[Мм]не|[Мм]еня|[Мм]ной|[Мм]ен[іе]|[Вв]важаю|[Тт]ы|[Тт]ебя|[Дд]умаю|[Сс]читаю|[Пп]олагаю|[Нн]адеюсь|[Бб]оюсь"
    r"|[Нн]е знаю|(?<![а-яё] )(?:(?<!War )I(?!-\d|\.\s)|[Mm]e|[Mm]y))\b"
)
_UNFINISHED = re.compile(r"(?:[:,;：，、；—–-]|\b(?:и|или|а|в|на|с|and|or|of|the|to))$|\.\.\.$|…$", re.IGNORECASE)
_OF_DATES = frozenset(
    stems(
        """понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа четвер п'ятниця
        субота неділя monday tuesday wednesday thursday friday saturday sunday
        января февраля марта апреля мая июня июля августа сентября октября ноября декабря
        січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
        january february march april may june july august september october november december
        г года року р мск utc gmt am pm в о на at on"""
    )
)
TRAILING = " ,;:—–|/\\*_~`#-"
_CLAUSE = re.compile(
    r"(?:[;:]|,|\s[—–-])(?=\s)|\s(?=\(|(?:which|who|after|while|because|котор\w{2,3}|после|чтобы|потому)\b)",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\b(?:того|тому|тем|том|то|такой|такая|такое|так|тот|те|тех|сразу|вскоре|лишь|только|даже|спустя|ровно|котор\w+"
    r"|перв(?:ый|ую|ое|ые)|ожидается|считает|считают|в результате|по всей видимости|возможно|вероятно|:\s\d+"
    r"|shortly|soon|just|right|long|immediately|even|only|minutes|hours|days|weeks|months|years)$",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(  # what a statement is still to follow
    r"(?:^|\b(?:что|that),?\s)(?:по (?:мнению|данным|словам|информации|версии|оценк\w+|предварительным данным)|согласно"
    r"|если|когда|чтобы|according to|if|when|while|since)\b[^,]*$",
    re.IGNORECASE,
)
# A bracket in the midst of a phrase, and what somebody said, told or thinks.
_NO_END = re.compile(r"\s?\([^()]*\)\s?\w|,\s(?:что|кто)\b|:\s(?:[—–-]\s)?[\"«“„‘]")
_WHICH = re.compile(r",?\s(?:котор|где\b|who\b|which\b|that\b)")
_THOSE = re.compile(  # "those countries", before which ones
    r"\b(?:тот|т[ауое]|те[хм]|теми|того|то[йм]|тому|таки[ехм]|такими|тако[гй]о?|those)(?:\s[\w-]+){1,2}$", re.IGNORECASE
)
_NAMED = re.compile(r"(?<=\s)[«\"]?[А-ЯЁ][\w-]+")  # "Стивен" ends as a participle does
_ATTRIBUTE = re.compile(
    r"\s*(?:\w+(?:вш|щ|н|т)(?:ий|ый|ая|ее|ое|ие|ые|его|ого|ей|ой|их|ых|ую|ему|ому|им|ым)(?:ся)?|котор\w+)\b"
)
_DASH = re.compile(r"\s[—–-]\s")
# What stands between two commas, and the conjunctions and attributes that do not go on with a list.
_ITEM = re.compile(r",\s([^,.;:()]+)")
_NO_ITEM = re.compile(r"(?:а|но|и|или|включая|кроме|особенно|в том числе|(?:\w{1,3} )?котор\w+)\b|[—–-]", re.IGNORECASE)
# How a Russian verb may end, a short participle, or a dash in its place; nouns that end so do no harm, but for the many
# of "жители" and "производители".
_VERB = re.compile(
    r"[а-яё]{2}(?:л[ао]?|(?<!те)ли|ет|ёт|ит|ут|ют|ат|ят|ешь|им|ем|ть)(?:с[ья])?\b|[а-яё]{3}(?:ен|ан|ят|ыт|ут)[аоы]?\b|[—–-]\s"
    r"|\bнет\b",
    re.IGNORECASE,
)


def tidy(sentence: str) -> str:
    """The sentence by deletion alone: no markup, bullet, "RT @name:", dateline, address, asterisk to a footnote, hash
    tags around it, emoji, rubric; what stands between two numbers stays, lest they become one. Within it a tag is read
    as its words: "В рубрике #Люди_Заречья"."""
    sentence = _MARKUP.sub(lambda found: found[1] or "", INVISIBLE.sub("", sentence))
    sentence = _ADDRESS.sub(lambda found: found[1] or "", sentence)
    sentence = _ASTERISK.sub("", _DATELINE.sub("", _REPEATED.sub("", _BULLET.sub("", sentence))))
    sentence = _PICTURED.sub("", sentence)
    words = _without_tags(_EMOJI.sub(lambda found: found[1] or "", sentence).split())
    return _RUBRIC.sub("", _TAG.sub(lambda found: found[1].replace("_", " "), " ".join(words)))


def _without_tags(words: list[str]) -> list[str]:
    """The words without the tags around them and the names at the end; a tag that is needed ("#NATO says …") stays, as
    does who is quoted ("… - @NicolaSturgeon")."""
    end = len(words)
    while end and words[end - 1].startswith(("#", "@")):
        end -= 1
    if end and (_AWAITS.search(words[end - 1]) or stem(words[end - 1]) in FUNCTION_STEMS):
        end = len(words)  # "to be launched after #GE2017", "in Idlib, #Syria"
    elif 0 < end < len(words) and _is_title(words[end - 1]):
        end += 1  # "in St. #Petersburg"
    begin = 0
    while begin < end and words[begin].startswith("#"):
        begin += 1
    said = begin
    while 0 < said < end and words[said] in _SEPARATORS:
        said += 1
    if begin and said < end and words[said][0].islower():
        return words[begin - 1 : end]
    return words[said:end]


def _is_title(word: str) -> bool:
    """Whether it is an abbreviation that a name follows."""
    return word.endswith(".") and word[:-1].lower() in NEVER_END


def plain_sentences(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """The tidied sentences of the first `longest` characters of `text`, calls to subscribe left out."""
    text = without_disclaimer(text)
    whole = len(text) <= longest
    found = split_sentences(text[:longest])
    if not whole and len(found) > 1:
        found.pop()  # cut off in its middle
    kept = (tidy(sentence) for sentence in found if not _is_noise(sentence))
    return [shorten(sentence, LONGEST_SENTENCE) for sentence in kept if sentence and not _NOISE.match(sentence)]


def _is_noise(sentence: str) -> bool:
    """Whether it calls to subscribe, or to what else the channel has."""
    if _NOISE.search(sentence):
        return True
    low = sentence.lower()
    if "подробнее " in low and _MORE.search(low):
        return True
    return any(word in low for word in _OUR) and _OURS.search(low) is not None


def shorten(text: str, longest: int) -> str:
    """`text` in at most `longest` characters: cut at the end of a clause, or else after a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    clauses = [m.start() for m in _CLAUSE.finditer(text, 0, longest) if m.start() >= SHORTEST_PART]
    whole = [at for at in clauses if balanced(text[:at]) and _says_something(text, at)]
    if whole and whole[-1] >= longest * 0.4:
        return text[: whole[-1]].rstrip(TRAILING)
    at = text.rfind(" ", SHORTEST_PART, longest)
    while at > 0 and text[at - 1].isdigit() and (earlier := text.rfind(" ", SHORTEST_PART, at)) > 0:
        at = earlier  # half of "1 000" is another number
    cut = text[: at if at > 0 else longest - 1]
    while len(shorter := cut.rpartition(" ")[0]) > SHORTEST_PART and stem(cut.rpartition(" ")[2]) in FUNCTION_STEMS:
        cut = shorter  # "trade from the" waits for a word that does not come
    clause, _, begun = cut.rpartition(", ")
    if len(clause) >= SHORTEST_PART and len(begun.split()) <= FEWEST_BEGUN:
        cut = clause
    return cut.rstrip(TRAILING) + "…"


def _says_something(text: str, at: int) -> bool:
    """Whether what is before a clause's end is a statement: not a subject without its verb, nor half of a name with a
    colon, nor "he said" without what, nor "of that" which waits for a "what", "those countries" for a "which",
    "shortly" for its "after", nor "according to the mayor" alone."""
    if (text[at] == ":" and text.count(":") > 1) or _NO_END.match(text, at):
        return False
    head = text[:at].rstrip(TRAILING)
    if text[:at].endswith(":") or (_WHICH.match(text, at) and _THOSE.search(head)):
        return False
    if _WAITS.search(head) or _INTRODUCES.search(head) or stem(head.rpartition(" ")[2]) in FUNCTION_STEMS:
        return False
    if is_cyrillic(head) is not True:
        return True
    first, *others = head.split(",")
    if _ATTRIBUTE.match(first):  # "the elected president" before its verb, not before a dash in its place
        first = _DASH.split(first, 1)[0]
    clauses = [first, *(clause for clause in others if not _ATTRIBUTE.match(clause))]
    return any(map(has_verb, clauses)) and not _goes_on(text, at)


def _goes_on(text: str, at: int) -> bool:
    """Whether a list goes on behind the comma here: what stands up to the next one is no clause."""
    item = _ITEM.match(text, at)
    if item is None or _NO_ITEM.match(item[1]) or _ATTRIBUTE.match(item[1]):
        return False
    return not has_verb(item[1])


def has_verb(clause: str) -> bool:
    """Whether a Russian clause has what ends as a verb does, or a dash in its place."""
    return _VERB.search(_NAMED.sub("", clause)) is not None


def balanced(text: str) -> bool:
    """Whether each quotation and bracket that is opened is closed."""
    return _whole_quotations(text) and text.count("(") == text.count(")")


def spoken(words: Iterable[str]) -> int:
    """How many of a sentence's words, as stems, are neither numbers nor of a date: in "CVE-2021-48" one, in "Monday, 3
    May" none."""
    return sum(not word.isdigit() and word not in _OF_DATES for word in words)


def stands_alone(sentence: str, *, opens: bool, fewest: int = MIN_WORDS_OPENING) -> bool:
    """No question, stump, speech or unfinished clause, nobody's "I" outside quotation marks; no start that points back,
    unless it `opens` its text, which it may do in so few words."""
    words = stems(sentence)
    if len(words) < (fewest if opens else MIN_WORDS) or sentence.endswith(("?", "؟", "？")):
        return False
    if spoken(words) < FEWEST_SPOKEN:
        return False
    told = _NAMED_SO.sub("", _ATTRIBUTED.sub("", sentence)) if opens else sentence
    if is_caption(sentence) or _SPEECH.match(told) or _SPOKEN.search(told) or _UNFINISHED.search(sentence):
        return False
    if _MYSELF.search(_QUOTED.sub("", sentence)):
        return False
    if sentence.count(")") > sentence.count("(") or not _whole_quotations(sentence):  # the rest of one that was cut
        return False
    return opens or not (points_back(sentence) or _CALL.match(sentence) or _ITEM_OF_COUNT.match(sentence))


def is_caption(sentence: str) -> bool:
    """Whether it begins as what stands below a picture, or before what there is to be seen or known."""
    return _CAPTION.match(sentence) is not None


def points_back(sentence: str) -> bool:
    """Whether it begins with what only a sentence before it explains, or is told by "him"."""
    if any(pattern(sentence) for pattern in (_DANGLING.match, _OF_WHOM.match, _BY_PRONOUN.search)):
        return True
    elsewhere = _DANGLING_ELSEWHERE.match(sentence)
    return elsewhere is not None and _ALIKE.get(code := language_in(sentence), code) == elsewhere.lastgroup


def _whole_quotations(sentence: str) -> bool:
    """Whether each quotation that is opened is closed, „so“, „so” or „so" where it is opened below the line."""
    low, curly, straight = sentence.count("„"), sentence.count("“") + sentence.count("”"), sentence.count('"')
    closing = max(low - curly, 0)  # of the straight ones
    if sentence.count("«") != sentence.count("»") or straight < closing or (straight - closing) % 2:
        return False
    return low > 0 or sentence.count("“") == sentence.count("”")
