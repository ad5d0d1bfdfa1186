digest-all = Your digest
digest-days = { $first } to { $last }
digest-heading = { $lists } · { $day }
digest-made = { $posts } in { $channels } became { $stories }, { $minutes }
digest-above-all = Above all: { $topics }.
digest-topic = { $topic } ({ $count })
digest-quiet = A quiet day: { $posts } in { $channels }, and nothing among them that several sources tell or that is new to you.
digest-silent = A quiet day: nothing was posted since { $since }.
digest-silent-day = Nothing was posted on { $day }.
digest-silent-days = Nothing was posted from { $first } to { $last }.
digest-silent-hours = Nothing was posted from { $since } to { $until }.
digest-continued = continued

posts = { $count ->
    [one] { $count } post
   *[other] { $count } posts
 }
# "in 11 channels"
in-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
 }
channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
 }
stories = { $count ->
    [one] { $count } story
   *[other] { $count } stories
 }
minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }

topic-other = Other news
topic-updates = New in a story you know
field-war = War
field-incidents = Incidents
field-weather = Weather
field-sport = Sport
field-economy = Economy
field-politics = Politics
field-technology = Technology
field-science = Science
field-culture = Culture
field-health = Health
field-transport = Transport
field-society = Society

moment-day = { $clock } on { $day }

story-first = { $channels }, first { $channel } at { $time }.
story-one = { $channel } at { $time }.
# behind a sentence that says "today" or "tomorrow"
said-on = (said on { $day })
story-earlier = Earlier, { $day }: { $title }
story-also = Also reported by { $channels }.
# a channel whose name holds a full stop or a comma
name-quoted = “{ $name }”
more-names = { $count ->
    [one] { $count } more
   *[other] { $count } more
 }
story-differ = They differ
story-denied = Denied or not confirmed
story-credits = They name as their source
story-note = ⚠ Fact-checkers{ $country ->
    [none] {""}
   *[other] {" "}({ $country })
 } say: { $note }
story-answers = (in answer to “{ $quote }”)
story-copy = the same words
story-timeline = How it was told
story-timeline-differ = How it was told, and where they differ
story-timeline-denied = How it was told, and what is denied or not confirmed
story-more-posts = { $count ->
    [one] and { $count } more post
   *[other] and { $count } more posts
 }
story-why = Why here: { $reasons }.

corrections = Corrections
correction-values = { $channel } said { $was }, now says { $became }: { $now }
correction-changed = { $channel } said: “{ $said }” Now it says: “{ $now }”
correction-gone = { $channel } no longer says: “{ $said }”
correction-deleted = Deleted by the channel { $channel }: “{ $said }”

left-out = Left out: { $items }.
left-ads = { $count ->
    [one] { $count } advertisement or announcement
   *[other] { $count } advertisements and announcements
 }
left-chatter = { $count ->
    [one] { $count } greeting or caption
   *[other] { $count } greetings and captions
 }
left-known = { $count ->
    [one] { $count } post of a story you know
   *[other] { $count } posts of stories you know
 }
left-unwanted = { $count ->
    [one] { $count } post on what you never want
   *[other] { $count } posts on what you never want
 }
left-single = { $count ->
    [one] { $count } item from one source
   *[other] { $count } items from one source
 }
left-beyond = { $count ->
    [one] { $count } post of a smaller story
   *[other] { $count } posts of smaller stories
 }
not-read = Not read: { $channels }.
not-read-since = { $channel } since { $time }
model-took = A model wrote the summaries, in { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
 }{ $cost }.
model-cost = , at { $cost } by its price
and = and

sources = Sources
button-sources = Sources
button-more-like = More like { $number }
button-less-like = Less like { $number }
button-rate = More or less like another…
button-settings = Settings

why-breadth = { $count ->
    [one] { $count } independent channel
   *[other] { $count } independent channels
 }
why-speed = { $count ->
    [0] a second channel at once
    [one] a second channel after { $count } minute
   *[other] a second channel after { $count } minutes
 }
why-followed = one channel came back to it: { $count ->
    [one] { $count } post
   *[other] { $count } posts
 }
why-attention = { $count ->
    [1] read a little more than usual there
   *[other] read { $count } times as much as usual there
 }
why-freshness = { $count ->
    [0] posted less than an hour before the digest
    [one] posted { $count } hour before the digest
   *[other] posted { $count } hours before the digest
 }
why-topic = { $count ->
    [one] lower, since { $count } story of its topic stands above
   *[other] lower, since { $count } stories of its topic stand above
 }
why-lists = from your { $count ->
    [one] list { $words }
   *[other] lists { $words }
 }
why-keyword = your { $count ->
    [one] word: { $words }
   *[other] words: { $words }
 }
why-taste-more = like what you wanted more of
why-taste-less = lower, as you wanted less of this
why-room = there was room for it
