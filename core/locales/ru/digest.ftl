digest-all = Ваш дайджест
digest-days = { $first } – { $last }
digest-heading = { $lists } · { $day }
digest-made = { $posts } { $channels } → { $stories }, { $minutes }
digest-above-all = Больше всего: { $topics }.
digest-topic = { $topic } ({ $count })
digest-quiet = Тихий день: { $posts } { $channels }, и ничего такого, о чём сообщали бы несколько источников или чего вы ещё не знаете.
digest-silent = Тихий день: с { $since } ничего не опубликовано.
digest-silent-day = { $day } ничего не опубликовано.
digest-silent-days = С { $first } по { $last } ничего не опубликовано.
digest-silent-hours = С { $since } до { $until } ничего не опубликовано.
digest-continued = продолжение

posts = { $count ->
    [one] { $count } пост
    [few] { $count } поста
   *[many] { $count } постов
 }
# «в 11 каналах»
in-channels = { $count ->
    [one] в { $count } канале
   *[many] в { $count } каналах
 }
channels = { $count ->
    [one] { $count } канал
    [few] { $count } канала
   *[many] { $count } каналов
 }
stories = { $count ->
    [one] { $count } сюжет
    [few] { $count } сюжета
   *[many] { $count } сюжетов
 }
minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
 }

topic-other = Другие новости
topic-updates = Новое в знакомых сюжетах
field-war = Война
field-incidents = Происшествия
field-weather = Погода
field-sport = Спорт
field-economy = Экономика
field-politics = Политика
field-technology = Технологии
field-science = Наука
field-culture = Культура
field-health = Здоровье
field-transport = Транспорт
field-society = Общество

moment-day = { $clock } { $day }

story-first = { $channels }, первым – { $channel } в { $time }.
story-one = { $channel } в { $time }.
said-on = (сказано { $day })
story-earlier = Ранее, { $day }: { $title }
story-also = Об этом же: { $channels }.
# a channel whose name holds a full stop or a comma
name-quoted = «{ $name }»
more-names = { $count ->
    [one] ещё { $count }
   *[many] ещё { $count }
 }
story-differ = Расходятся
story-denied = Опровергают или не подтверждают
story-credits = Ссылаются на
story-note = ⚠ Фактчекеры{ $country ->
    [none] {""}
   *[other] {" "}({ $country })
 }: { $note }
story-answers = (в ответ на «{ $quote }»)
story-copy = теми же словами
story-timeline = Кто и когда сообщил
story-timeline-differ = Кто и когда сообщил и в чём расходятся
story-timeline-denied = Кто и когда сообщил и что из этого опровергают или не подтверждают
story-more-posts = { $count ->
    [one] и ещё { $count } пост
    [few] и ещё { $count } поста
   *[many] и ещё { $count } постов
 }
story-why = Почему здесь: { $reasons }.

corrections = Поправки
correction-values = { $channel }: было { $was }, стало { $became }: { $now }
correction-changed = { $channel }: было «{ $said }», стало «{ $now }»
correction-gone = { $channel } больше не пишет: «{ $said }»
correction-deleted = Канал { $channel } удалил: «{ $said }»

left-out = Не вошло: { $items }.
left-ads = { $count ->
    [one] { $count } объявление или реклама
    [few] { $count } объявления и рекламы
   *[many] { $count } объявлений и рекламы
 }
left-chatter = { $count ->
    [one] { $count } приветствие или подпись
    [few] { $count } приветствия и подписи
   *[many] { $count } приветствий и подписей
 }
left-known = { $count ->
    [one] { $count } пост о знакомом сюжете
    [few] { $count } поста о знакомых сюжетах
   *[many] { $count } постов о знакомых сюжетах
 }
left-unwanted = { $count ->
    [one] { $count } пост о том, чего вы не хотите
    [few] { $count } поста о том, чего вы не хотите
   *[many] { $count } постов о том, чего вы не хотите
 }
left-single = { $count ->
    [one] { $count } сообщение одного источника
    [few] { $count } сообщения одного источника
   *[many] { $count } сообщений одного источника
 }
left-beyond = { $count ->
    [one] { $count } пост о менее важном
    [few] { $count } поста о менее важном
   *[many] { $count } постов о менее важном
 }
not-read = Не прочитаны: { $channels }.
not-read-since = { $channel } с { $time }
model-took = Тексты писала модель: { $tokens ->
    [one] { $tokens } токен
    [few] { $tokens } токена
   *[many] { $tokens } токенов
 }{ $cost }.
model-cost = , по её цене { $cost }
and = и

sources = Источники
button-sources = Источники
button-more-like = Больше такого, как { $number }
button-less-like = Меньше такого, как { $number }
button-rate = Больше или меньше другого…
button-settings = Настройки

why-breadth = { $count ->
    [one] { $count } независимый канал
    [few] { $count } независимых канала
   *[many] { $count } независимых каналов
 }
why-speed = { $count ->
    [0] второй канал тут же
    [one] второй канал через { $count } минуту
    [few] второй канал через { $count } минуты
   *[many] второй канал через { $count } минут
 }
why-followed = один канал возвращался к этому: { $count ->
    [one] { $count } пост
    [few] { $count } поста
   *[many] { $count } постов
 }
why-attention = { $count ->
    [1] читают чуть больше обычного
    [one] читают в { $count } раз больше обычного
    [few] читают в { $count } раза больше обычного
    [many] читают в { $count } раз больше обычного
   *[other] читают в { $count } раза больше обычного
 }
why-freshness = { $count ->
    [0] опубликовано меньше чем за час до дайджеста
    [one] опубликовано за { $count } час до дайджеста
    [few] опубликовано за { $count } часа до дайджеста
   *[many] опубликовано за { $count } часов до дайджеста
 }
why-topic = { $count ->
    [one] ниже, потому что выше { $count } сюжет той же темы
    [few] ниже, потому что выше { $count } сюжета той же темы
   *[many] ниже, потому что выше { $count } сюжетов той же темы
 }
why-lists = { $count ->
    [one] из вашего списка { $words }
   *[other] из ваших списков { $words }
 }
why-keyword = { $count ->
    [one] ваше слово: { $words }
   *[other] ваши слова: { $words }
 }
why-taste-more = похоже на то, чего вы хотели больше
why-taste-less = ниже: такого вы хотели меньше
why-room = для этого осталось место
