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
start-group = Здравствуйте. Я могу раз в день приносить в этот чат дайджест новостей. Начать может администратор командой /start.
rhythm-daily = Дайджест приходит каждый день в { $at } ({ $zone }), следующий – { $next }.
rhythm-paused = Дайджест на паузе. Вернуть его можно в /settings.
rhythm-none = Час ещё не выбран: /settings.
rhythm-today = сегодня
rhythm-tomorrow = завтра
hour-question = <b>В котором часу присылать дайджест?</b> Выберите или просто напишите, например 7:45.
hour-typed = Напишите час, как привыкли: 8, 8:30 или «в 9 вечера».
hour-unclear = Не вижу здесь часа. Подойдёт 8:30 или «в 9 вечера», либо выберите выше. Для поиска есть /search.
hour-other-button = Другой час…
zone-question = <b>{ $at } – по каким часам?</b> Выберите место, где время как у вас, или напишите свой город, или, например, UTC+3.
zone-question-alone = <b>По каким часам вы живёте?</b> У меня сейчас { $now }. Выберите место, где время как у вас, или напишите свой город, или, например, UTC+3.
zone-typed = Напишите свой город, например Лиссабон, или разницу, например UTC+3.
zone-unclear = Не знаю такого места или часового пояса. Подойдёт ближайший большой город или, например, UTC+3.
zone-other-button = Другое место…
start-done =
    <b>Договорились.</b> { $rhythm }

    /digest приносит дайджест в любой момент, /search ищет по всему, /settings меняет то, о чём договорились.
digest-trouble = Сейчас собрать дайджест не получилось. Попробуйте /digest через минуту.

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
follow-done = Теперь вы читаете <b>{ $title }</b>.
follow-already = Вы уже читаете <b>{ $title }</b>.
follow-ended = Вы больше не читаете <b>{ $title }</b>.
follow-not = Вы и не читали <b>{ $title }</b>.
follow-nothing-left = Это было последнее: пока вы ни на что не подписаны, дайджест приходить не будет.
follow-unknown = Не знаю списка или канала «{ $what }».
follow-nearest = Может быть, { $names }?
follow-there-is = Есть: { $names }.
subscribe-question = <b>Что вам интересно?</b>
unsubscribe-question = <b>Что больше не нужно?</b>
unsubscribe-nothing = Сейчас вы ничего не читаете. /lists покажет, что есть.
follow-on-alert = Подписка: { $title }
follow-off-alert = Больше не читаем: { $title }

## Дайджест сейчас
digest-unclear = Не понимаю «{ $what }». Напишите /digest – за последний день, /digest 7d – за неделю или /digest и название списка: { $names }.
digest-nothing-followed = Вы пока ничего не читаете, так что рассказывать не о чем. /lists покажет, что есть.

## Поиск
search-help =
    <b>Поиск по всему опубликованному</b>

    <code>/search санкции рубль</code> – оба слова, в любой форме
    <code>/search "прямые переговоры"</code> – эти слова подряд
    <code>/search газ -нефть</code> – без слова
    <code>/search переговоры с:7d</code> – ещё по:2025-02-18
    <code>/search ставка список:world</code> – ещё канал:имя, язык:ru

    Можно и просто написать мне слова.
search-head = <b>{ $query }</b>
search-page = страница { $page }
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
search-none =
    По запросу <b>{ $query }</b> ничего не нашлось.

    Чем меньше слов, тем больше находится; /search без слов расскажет, как спрашивать.
search-unclear =
    Не получилось понять запрос «{ $query }».

    Например: <code>/search санкции с:7d</code> или <code>/search "прямые переговоры" -нефть</code>
search-hint = Я понял это как поиск. Что ещё я умею – /help.
search-old-alert = Этот поиск слишком давний, спросите ещё раз.
search-end-alert = Страниц больше нет.

## Настройки
settings-head = <b>Ваши настройки</b>
settings-follows = Вы читаете: { $follows }
settings-hour = Час: { $at }
settings-zone = Часы: { $zone }, сейчас { $now }
settings-minutes = Время чтения: около { $minutes ->
        [one] { $minutes } минуты
       *[other] { $minutes } минут
    }
settings-look = Вид: { $look ->
        [rich] расширенные сообщения
       *[classic] обычный
    }
settings-paused = Дайджест на паузе.
settings-hour-button = Час
settings-zone-button = Часы
settings-language-button = Язык
settings-lists-button = Списки
settings-minutes-button = Время чтения
settings-look-button = Вид
settings-pause-button = Пауза
settings-resume-button = Продолжить
settings-forget-button = Забыть меня
settings-back-button = ◀ Настройки
language-question = <b>На каком языке мне говорить?</b>
minutes-question = <b>Какой длины может быть дайджест?</b> Лучшее останется, остальное отложу.
minutes-button = { $minutes ->
        [one] { $minutes } минута
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
hour-change-question = <b>В котором часу присылать дайджест?</b> Сейчас – в { $at }. Выберите или просто напишите.
look-question =
    <b>Как должен выглядеть дайджест?</b>

    Обычный читается везде. В расширенном есть заголовки и раскрывающиеся подробности, но некоторые приложения показывают его пустым. Я прислал образец: если вы его видите, нажмите кнопку в нём.
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
    <b>Забыть о вас всё?</b>

    Подписки, настройки, поиски и дайджесты будут удалены здесь навсегда. Сообщения в этом чате останутся, пока вы их не удалите.
forget-yes-button = Да, забыть
forget-no-button = Нет, оставить
forget-done = Готово: здесь о вас больше ничего нет. /start начнёт заново, когда захотите.
settings-button = Настройки

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
keywords-full = Не хватило места для { $words }: сначала уберите что-нибудь.
keywords-unclear = В «{ $what }» нет слова, по которому одну новость можно отличить от другой.
settings-keywords-button = Слова
like-more-alert = Теперь такого больше: { $words }. Ещё одно нажатие отменит; всё видно в /keywords.
like-less-alert = Теперь такого меньше: { $words }. Ещё одно нажатие отменит; всё видно в /keywords.
like-undone-alert = Отменено
like-gone-alert = Этот сюжет уже не хранится, учиться не на чем. Такие же кнопки есть под новыми дайджестами.
rate-head = <b>Чего вы хотите больше (+), а чего меньше (−)?</b>

## Помощь и неполадки
help =
    Я читаю телеграм-каналы и раз в день приношу один дайджест их новостей. <b>Что я умею</b>

    /digest – новости прямо сейчас; /digest 7d – за неделю, /digest world – по одному списку
    /search – поиск по всему опубликованному
    /lists – выбрать, что читать
    /channels – какие каналы в списках
    /subscribe, /unsubscribe – то же по названию, и для отдельных каналов
    /keywords – слова, о которых хочется больше или ничего
    /settings – час, часовой пояс, язык, объём, вид, пауза
    /start – как всё настроено

    Или напишите мне любые слова – я их поищу.
command-unknown = Не знаю команды { $command }. Что я умею – /help.
trouble = У меня что-то пошло не так. Я это записал, попробуйте через минуту.
trouble-alert = У меня что-то пошло не так. Попробуйте через минуту.
admins-only = Это могут менять только администраторы чата.
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
