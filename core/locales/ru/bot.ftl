### Что бот говорит в разговоре. Тексты сообщений – в HTML Telegram; кнопки и короткие ответы на нажатие
### (-button, -alert), команды и профиль – простой текст.

## Профиль и команды
about-short = Новости из телеграм-каналов в одном дайджесте в день. У каждой фразы – ссылка на пост.
about-long =
    Courant читает телеграм-каналы, чтобы вам не приходилось.

    Он собирает посты об одном событии вместе и раз в день, в ваш час, присылает один дайджест. Каждая фраза ведёт к посту, из которого она взята, так что любое утверждение можно проверить одним нажатием. По всему опубликованному есть поиск.
command-start = Начать или посмотреть, что настроено
command-digest = Дайджест прямо сейчас
command-search = Поиск по опубликованному
command-lists = Выбрать, что читать
command-channels = Какие каналы в списках
command-subscribe = Подписаться на список или канал
command-unsubscribe = Отписаться
command-keywords = Слова, о которых хочется больше или ничего
command-settings = Час, часовой пояс, язык, объём
command-stop = Поставить на паузу или закончить совсем
command-help = Что я умею

## Начало
start-hello =
    <b>Я Courant. Я читаю телеграм-каналы, чтобы вам не приходилось.</b>

    Раз в день я приношу один дайджест минут на пять: что произошло, рассказанное один раз, и у каждой фразы – ссылка на пост, из которого она взята.

    Что вам интересно?
start-again =
    <b>Рад видеть вас снова.</b> Всё осталось, как было.

    Вы читаете: { $follows }.
    { $rhythm }
start-nothing = пока ничего
start-no-lists =
    <b>Я Courant. Я читаю телеграм-каналы, чтобы вам не приходилось.</b>

    Списки каналов здесь ещё не заведены. Их может добавить тот, кто держит этого бота, – я готов.
start-list-gone = Списка «{ $what }» из вашей ссылки здесь больше нет.
start-group-again = Я снова здесь, и всё осталось, как было. { $rhythm } Изменить это можно в /settings.
start-group = Здравствуйте. Я могу раз в день приносить в этот чат дайджест новостей. Начать может администратор командой /start.
rhythm-daily = Дайджест приходит каждый день в { $at } ({ $zone }), следующий – { $next }.
rhythm-nothing = Дайджест приходил бы каждый день в { $at } ({ $zone }), но вы пока ничего не читаете: /lists покажет, что есть.
rhythm-paused = Дайджест на паузе. Вернуть его можно в /settings.
rhythm-none = Дайджест пока не приходит: начать может администратор чата командой /start.
rhythm-today = сегодня
rhythm-tomorrow = завтра
hour-question = <b>В котором часу присылать дайджест?</b> Выберите или { $chat ->
        [private] просто напишите
       *[group] ответьте на это сообщение
    }, например 7:45.
hour-typed = { $chat ->
        [private] Напишите час
       *[group] Ответьте на это сообщение: напишите час
    }, как привыкли: 8, 8:30 или «в 9 вечера».
hour-unclear = Не вижу здесь часа. Подойдёт 8:30 или «в 9 вечера», либо выберите выше.
hour-other-button = Другой час…
hour-offer-button = Дайджест в { $at }
zone-question = <b>{ $at } – по каким часам?</b> Выберите место, где время как у вас, или { $chat ->
        [private] напишите свой город
       *[group] ответьте на это сообщение: свой город
    } или, например, UTC+3.
zone-question-alone = <b>По каким часам вы живёте?</b> По тем, что знаю я, сейчас { $now }. Выберите место, где время как у вас, или { $chat ->
        [private] напишите свой город
       *[group] ответьте на это сообщение: свой город
    }, UTC+3 или время на ваших часах.
zone-typed = { $chat ->
        [private] Напишите свой город
       *[group] Ответьте на это сообщение: свой город
    }, например Лиссабон, или разницу, например UTC+3.
zone-unclear = Не знаю такого места или часового пояса. Подойдёт ближайший большой город или, например, UTC+3.
zone-other-button = Другое место…
start-done =
    <b>Договорились.</b> { $rhythm }

    /digest приносит дайджест в любой момент, /search ищет по всему, /settings меняет то, о чём договорились.

## Списки и каналы
lists-head = <b>Что можно читать</b>
lists-line = { $mark }<b>{ $title }</b> · { $count ->
        [one] { $count } канал
        [few] { $count } канала
       *[many] { $count } каналов
    }
lists-foot = Нажмите, чтобы подписаться или отписаться. /channels покажет, что в каждом списке.
lists-more = …и ещё { $count ->
        [one] { $count } список
        [few] { $count } списка
       *[many] { $count } списков
    }: /subscribe и название.
lists-own = Отдельно вы читаете: { $channels }.
channels-head = <b>{ $title }</b>
channels-more = …и ещё { $count ->
        [one] { $count } канал
        [few] { $count } канала
       *[many] { $count } каналов
    }.
channels-empty = Каналы здесь ещё не заведены.
channels-foot = /subscribe и имя – подписка на один канал.
follow-done = Теперь вы читаете <b>«{ $title }»</b>.
follow-already = Вы уже читаете <b>«{ $title }»</b>.
follow-ended = Вы больше не читаете <b>«{ $title }»</b>.
follow-not = Вы и не читали <b>«{ $title }»</b>.
follow-nothing-left = Это было последнее: пока вы ни на что не подписаны, дайджест приходить не будет.
follow-unknown = Не знаю списка или канала «{ $what }».
follow-only-added = Каналы добавляет тот, кто держит этого бота; подписаться можно на то, что добавлено.
follow-nearest = Может быть, { $names }?
follow-there-is = Есть: { $names }.
subscribe-question = <b>Что вам интересно?</b>
unsubscribe-question = <b>Что больше не нужно?</b>
unsubscribe-more = …и ещё { $count }: /unsubscribe и название.
unsubscribe-nothing = Сейчас вы ничего не читаете. /lists покажет, что есть.
forward-offered = Канал <b>{ $title }</b> здесь читают. На него можно подписаться отдельно.
forward-followed = Канал <b>{ $title }</b> есть в том, что вы читаете.
forward-unknown = Канал <b>{ $title }</b> здесь не читают. Его может добавить тот, кто держит этого бота; /lists покажет, что есть.
forward-in = Он в списках: { $lists }.
forward-button = Подписаться
follow-on-alert = Теперь вы читаете: { $title }
follow-off-alert = Вы больше не читаете: { $title }

## Дайджест сейчас
digest-unclear = Не понимаю «{ $what }». Напишите /digest – за последний день, <code>/digest вчера</code>, <code>/digest пятница</code> или <code>/digest 3 дня</code> – за другие, или добавьте название списка: { $names }.
digest-not-yet = Ваши каналы ещё не прочитаны в первый раз. Это займёт несколько минут, а потом новости принесёт /digest.
digest-not-yet-admin = Вы этим управляете: /status покажет, читаются ли каналы и почему нет. Читает их <code>courant run</code>, его часть <code>ingest</code>.
digest-twice = Этот дайджест я только что собрал: он выше или уже в пути.
digest-enough = Для одного чата это много дайджестов за короткое время. Следующий смогу собрать через { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }, а /search отвечает сразу.
digest-cut = Дайджест охватывает не больше { $days } дней: вот последние. /search ищет и раньше.
digest-nothing-followed = Вы пока ничего не читаете, так что рассказывать не о чем. /lists покажет, что есть.
sources-twice-alert = Источники этого дайджеста уже есть в этом чате

## Поиск
search-button = 🔍 Искать «{ $query }»
search-help =
    <b>Поиск по всему опубликованному</b>

    <code>/search санкции рубль</code> – оба слова, в любой форме
    <code>/search "прямые переговоры"</code> – эти слова подряд
    <code>/search газ -нефть</code> – без слова, а -канал:имя – без канала
    <code>/search переговоры с:7d</code> – ещё по:2025-02-18
    <code>/search ставка список:world</code> – ещё канал:имя, язык:ru

    Можно и просто написать мне слова.
search-head = <b>{ $query }</b>
search-page = страница { $page }
search-story = Этот сюжет – как о нём рассказывают здесь
search-story-more = …и ещё { $count ->
        [one] { $count } пост
        [few] { $count } поста
       *[many] { $count } постов
    }.
search-quote = В ответ на «{ $quote }»
search-note = ⚠ Фактчекеры{ $country ->
    [none] {""}
   *[other] {" "}({ $country })
 }: { $note }
search-article = в статье по ссылке: { $title }
search-copies = { $count ->
        [one] и ещё { $count } пост теми же словами
        [few] и ещё { $count } поста теми же словами
       *[many] и ещё { $count } постов теми же словами
    }
search-none = По запросу <b>{ $query }</b> ничего не нашлось.
search-named = С таким названием есть { $names }.
search-none-foot = { $words ->
        [1] /search без слов расскажет, как спрашивать.
       *[other] Чем меньше слов, тем больше находится; /search без слов расскажет, как спрашивать.
    }
search-unclear-nothing = В запросе «{ $what }» нет слова, которое можно поискать.
search-unclear-without = «{ $what }» говорит только о том, чего быть не должно. Напишите ещё слово, которое искать.
search-unclear-filters = «{ $what }» говорит только о том, где искать. Напишите ещё слово, которое искать.
search-unclear-time = «{ $what }» – не время: напишите 7d, 24h, сегодня, вчера или 2025-02-18. Для канала есть канал:имя.
search-nowhere = Здесь нет ничего с названием { $names }. Все списки и каналы показывает /channels.
search-examples = Например: <code>/search санкции с:7d</code> или <code>/search "прямые переговоры" -нефть</code>
search-hint = Я понял это как поиск. Что ещё я умею – /help.
search-hint-near = Я понял это как поиск. Может быть, { $near }? Что ещё я умею – /help.
search-slip = Фильтра «{ $typed }:» нет, поэтому я искал это как слова. Может быть, «{ $meant }:»?
search-old-alert = Этот поиск слишком давний, спросите ещё раз.

## Настройки
settings-head = <b>Ваши настройки</b>
settings-follows = Вы читаете: { $follows }
settings-hour = Час: { $at }
settings-zone = Часовой пояс: { $zone }, сейчас { $now }
settings-minutes = Время чтения: около { $minutes ->
        [one] { $minutes } минуты
       *[other] { $minutes } минут
    }
settings-look = Вид: { $look ->
        [rich] расширенные сообщения
       *[classic] обычный
    }
settings-hour-button = Час
settings-zone-button = Часовой пояс
settings-language-button = Язык
settings-lists-button = Списки
settings-minutes-button = Время чтения
settings-look-button = Вид
settings-pause-button = Пауза
settings-resume-button = Продолжить
settings-forget-button = { $chat ->
        [private] Забыть меня
       *[group] Забыть этот чат
    }
settings-back-button = ◀ Настройки
language-done = Теперь я говорю по-русски. Сами посты остаются на своём языке.
language-already = Я уже говорю по-русски. Сами посты остаются на своём языке: каналы на вашем, возможно, есть в /lists.
language-unknown = Я говорю только по-английски и по-русски.
language-question = <b>На каком языке мне говорить?</b>
minutes-question = <b>Какой длины может быть дайджест?</b> Лучшее останется, остальное отложу.
minutes-done = Теперь дайджест – примерно на { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    } чтения.
minutes-shortest = Короче дайджест уже не бывает: около { $minutes } минут. Спокойнее будет, если читать меньше списков (/lists), а /stop ставит на паузу.
minutes-longest = Длиннее дайджест уже не бывает: около { $minutes } минут. Ещё один в любой момент – /digest, поиск по всему – /search.
minutes-button = { $minutes ->
        [one] { $minutes } минута
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
rhythm-only = Я приношу один дайджест в день, другого ритма у меня нет. Его можно сделать короче, перенести на другой час или поставить на паузу: тогда ничего не приходит, пока не захотите, а <code>/digest</code>, <code>/digest неделя</code> или <code>/digest выходные</code> принесёт его по просьбе.
hour-change-question = <b>В котором часу присылать дайджест?</b> Сейчас – в { $at } ({ $zone }). Выберите или { $chat ->
        [private] просто напишите
       *[group] ответьте на это сообщение
    }.
look-question =
    <b>Как должен выглядеть дайджест?</b>

    Обычный читается везде. В расширенном есть заголовки и раскрывающиеся подробности, но некоторые приложения показывают его пустым. Я прислал образец: если вы его видите, нажмите кнопку в нём.
look-rich-question =
    <b>Как должен выглядеть дайджест?</b>

    Образец здесь прочитали, так что дайджест приходит расширенными сообщениями: с заголовками и раскрывающимися подробностями. Если другое приложение показывает его пустым, выберите обычный вид.
look-unknown = Этот сервер Telegram не знает расширенных сообщений, дайджест останется обычным.
look-classic-button = Обычный вид
look-rich-alert = Теперь дайджест приходит расширенными сообщениями
look-classic-alert = Дайджест приходит в обычном виде
sample-heading = Дайджест расширенным сообщением
sample-text = Если вы это читаете, то заголовки, раскрывающиеся подробности и кнопка ниже в вашем приложении работают.
sample-summary = Об этом же – ещё три канала
sample-details = Подробности раскрываются на месте и сворачиваются обратно.
sample-button = Я это вижу
saved-alert = Принято
paused-alert = Дайджест на паузе
resumed-alert = Дайджест снова приходит
forget-question =
    <b>Забыть всё { $chat ->
        [private] о вас
       *[group] об этом чате
    }?</b>

    Подписки, настройки, поиски и дайджесты будут удалены здесь навсегда. Сообщения в этом чате останутся, пока вы их не удалите.
forget-yes-button = Да, забыть
forget-no-button = Нет, оставить
forget-done = Готово: здесь больше ничего не хранится. /start начнёт заново, когда захотите.
stop-question =
    <b>Присылать меньше или совсем ничего?</b>

    На паузе всё остаётся как есть, но ничего не приходит, пока вы не захотите снова; поиск и /digest работают. Ещё можно читать меньше списков или удалить всё, что я знаю { $chat ->
        [private] о вас
       *[group] об этом чате
    }.

## Вкус
keywords-head = <b>Чего вы хотите больше, а чего – никогда</b>
keywords-more = Больше: { $words }
keywords-never = Никогда: { $words }
keywords-likings = { $count ->
        [one] { $count } раз вы нажали, что хотите чего-то больше или меньше. Со временем это слабеет.
        [few] { $count } раза вы нажали, что хотите чего-то больше или меньше. Со временем это слабеет.
       *[many] { $count } раз вы нажали, что хотите чего-то больше или меньше. Со временем это слабеет.
    }
keywords-none = Пока ничего: место в дайджесте зависит только от самих событий.
keywords-foot =
    <code>/keywords +ядерный -футбол</code> – первого больше, второго никогда, в любой форме слова; <code>"чемпионат мира"</code> – слова вместе. Кнопка убирает слово.
keywords-more-now = Теперь в дайджесте будет больше о том, где есть: { $words }.
keywords-never-now = Больше не рассказываю о том, где есть: { $words }.
keywords-full = Не хватило места: { $words }. Сначала уберите что-нибудь.
keywords-unclear = В «{ $what }» нет слова, по которому одну новость можно отличить от другой.
settings-keywords-button = Слова
like-more-alert = Теперь такого больше: { $words }. Ещё одно нажатие отменит; всё видно в /keywords.
like-less-alert = Теперь такого меньше: { $words }. Ещё одно нажатие отменит; всё видно в /keywords.
like-undone-alert = Отменено
like-gone-alert = Этот сюжет уже не хранится, учиться не на чем. Такие же кнопки есть под новыми дайджестами.
rate-head = <b>Чего вы хотите больше (+), а чего меньше (−)?</b>

## Помощь и неполадки
thanked = Пожалуйста! /digest – новости прямо сейчас, /help – что ещё я умею.
help =
    Я читаю телеграм-каналы и раз в день приношу один дайджест их новостей. <b>Что я умею</b>

    /digest – новости прямо сейчас; ещё <code>/digest вчера</code>, <code>/digest неделя</code>, <code>/digest world</code> (один список)
    /search – поиск по всему опубликованному
    /lists – выбрать, что читать
    /channels – какие каналы в списках
    /subscribe, /unsubscribe – то же по названию, и для отдельных каналов
    /keywords – слова, о которых хочется больше или ничего
    /settings – час, часовой пояс, язык, объём, вид, пауза
    /stop – поставить на паузу или закончить совсем
    /start – как всё настроено

    Или напишите мне любые слова – я их поищу.
command-unknown = Не знаю команды { $command }. Что я умею – /help.
command-near = Не знаю команды { $command }. Может быть, { $near }? Всё, что я умею, – в /help.
words-only = Я понимаю только слова, не картинки и не голос. Напишите, что поискать, или /help – что ещё я умею.
trouble = У меня что-то пошло не так. Я это записал, попробуйте через минуту.
trouble-alert = У меня что-то пошло не так. Попробуйте через минуту.
admins-only = Это могут только администраторы чата.
forgotten-alert = Об этом чате здесь ничего нет. /start начнёт заново.
admins-unseen = Мне не видно, кто здесь администратор. Сделайте меня администратором чата и попробуйте снова.
old-button-alert = Эта кнопка больше не действует. Что я умею – /help.
part-in-doubt = Связь оборвалась, пока часть { $part } дайджеста была в пути: возможно, она до вас не дошла.
resend-button = Прислать ещё раз
resend-alert = Уже в пути
resend-not-alert = Она уже отправлена

## Для тех, кто этим управляет
status-channels = Каналов: <b>{ $count }</b>, из них через веб-страницы: { $web }.
status-account-reading = Аккаунт { $name } читает каналов: { $channels }.
status-account-resting = Аккаунт { $name } ждёт до { $at }: { $reason }
status-account-unreachable = Аккаунт { $name }: Telegram не отвечает с { $at }: { $reason }
status-account-signed-out = Аккаунт { $name } не читает с { $at }: { $reason }
status-account-banned = Аккаунт { $name } не читает с { $at }: { $reason }
status-folder = Папка для { $lists }, прочитана { $read }: каналов { $channels }, из них закрытых { $closed }, других чатов { $others }.
status-folder-waits = Папка для { $lists } ещё не прочитана: для неё нужен аккаунт.
status-folder-fails = Папку для { $lists } не удалось прочитать: { $reason }
status-bad = Читаются не так, как надо (<b>{ $count }</b>):
status-web = веб-страницы
status-channel = { $name }, через { $way }, прочитан { $read }, опаздывает на { $late } мин: { $reason }
status-channel-never = { $name }, через { $way }, ещё не прочитан, опаздывает на { $late } мин: { $reason }
status-more = … и ещё { $count }: courant channels
status-not-yours =
    /status – для тех, кто этим управляет. Если это вы, впишите свой номер, <code>{ $person }</code>, в COURANT_ADMINS.

# courant try

terminal-wait = Читаю выдуманный день выдуманных каналов…
terminal-hint = Пишите боту (/start, /lists, /digest, /search снег); #1 нажимает кнопку, Ctrl-D заканчивает.
terminal-no-button = Кнопки #{ $number } нет.
terminal-no-buttons = Кнопок ещё нет.
terminal-changed = сообщение выше теперь такое

## Списки – для тех, кто этим управляет
command-add = Добавить каналы в список
command-remove = Убрать каналы из списков
command-status = Как всё читается и что в списках
keep-help =
    <b>Для вас: вы этим управляете</b>
    /add – <code>/add @name world</code> добавляет каналы в список; подойдёт и ссылка, и пересланный пост
    /remove – <code>/remove @name</code> убирает их
    /status – как всё читается и что в списках
keep-first = Это вы: <code>/add @name Мир</code> начнёт первый список, как и пересланный мне пост.
keep-add-help =
    <code>/add @name world</code> добавляет канал в список, <code>/add @first t.me/second Мир</code> – несколько. Если список не назван, я спрошу, в какой; если такого списка ещё нет, начну его.

    Ещё можно переслать мне пост канала или прислать ссылки.
keep-remove-help = <code>/remove @name</code> убирает канал из всех списков, <code>/remove @name world</code> – из одного. Что в списках, покажет /status.
keep-unclear = «{ $what }» – не канал. Напишите @name или ссылку на него либо перешлите его пост.
keep-where = В какой список добавить { $names }?
keep-no-list = Списка «{ $title }» ещё нет. Начать его и добавить { $names } или выбрать другой?
keep-begin-button = ＋ { $title }
keep-new-button = Новый список…
keep-title-question = <b>Как назвать новый список?</b> Напишите название, каким его увидят читатели, или «отмена».
keep-cancelled = Ничего не изменилось.
keep-added = Теперь в списке <b>«{ $list }»</b>: { $names }.
keep-begun = Начат список <b>«{ $list }»</b>, в нём { $names }. Читатели могут набирать его как <code>{ $id }</code>.
keep-how-read = Как идёт чтение, покажет /status.
keep-known = Уже было в списке <b>«{ $list }»</b>: { $names }.
keep-account = То, у чего нет публичного имени, читает только аккаунт: его подключает <code>courant login</code>.
keep-removed = Больше не в списке <b>«{ $list }»</b>: { $names }.
keep-stays = Опубликованное остаётся в поиске.
keep-absent = Нет ни в одном списке: { $names }.
keep-absent-there = Нет в списке <b>«{ $list }»</b>: { $names }.
keep-by-folder = { $names } – в списке <b>«{ $list }»</b> из папки и уйдёт, когда его уберут из папки.
keep-no-such-list = Списка «{ $title }» нет.
undo-button = ↶ Вернуть
keep-shelf =
    <b>{ $title }</b> (<code>{ $id }</code>) · { $count ->
        [one] { $count } канал
        [few] { $count } канала
       *[many] { $count } каналов
    }
keep-channel = { $name }, через { $way }, прочитан { $read }
keep-channel-waits = { $name }, ещё не прочитан
keep-channel-folder = { $line } (из папки)
keep-shelf-foot = <code>/add @name { $id }</code> добавит канал, кнопка – уберёт.
keep-shelf-button = { $title } · { $count }
keep-back-button = ◀ Все списки
keep-open-button = ✎ Править списки
keep-drop-list-button = ✕ Удалить пустой список «{ $title }»
keep-list-removed = Списка <b>«{ $list }»</b> больше нет.
keep-read-only = Ничего не изменилось: мне нельзя писать в { $error }. Дайте пользователю, под которым работает Courant, право писать в этот файл и его папку или правьте его сами.
keep-broken = Ничего не изменилось, отсюда это не исправить: { $error }. Поправьте файл сами и попробуйте ещё раз.
