### What the bot says in conversation. Texts of messages are Telegram's HTML; those of buttons and of short answers
### to a press (-button, -alert), of commands and of the profile are plain.

## The profile and the commands
about-short = News from Telegram channels in one digest a day. Every sentence links to its post.
about-long =
    Courant reads Telegram channels so that you do not have to.

    It groups the posts that tell of one event and sends you one digest a day, at your hour. Every sentence links to the post it came from, so each claim can be checked with one tap. You can also search everything that was published.
command-start = Begin, or see how things stand
command-digest = A digest right now
command-search = Search what was published
command-lists = Choose what to follow
command-channels = The channels behind the lists
command-subscribe = Follow a list or a channel
command-unsubscribe = Follow it no longer
command-keywords = Words you want more of, or never
command-settings = Hour, time zone, language, length
command-stop = Pause the digest, or end it for good
command-help = What I can do

## The start
start-hello =
    <b>I am Courant. I read Telegram channels so that you do not have to.</b>

    Once a day I bring one digest, about five minutes long: what happened, told once, and each sentence linked to the post it came from.

    What would you like to follow?
start-again =
    <b>Good to see you again.</b> Everything is as you left it.

    You follow: { $follows }.
    { $rhythm }
start-nothing = nothing yet
start-no-lists =
    <b>I am Courant. I read Telegram channels so that you do not have to.</b>

    No lists of channels have been set up here yet. The one who runs this bot can add them; I will be ready.
start-list-gone = The list “{ $what }” of your link is not here any more.
start-group-again = I am back, and everything is as you left it. { $rhythm } /settings changes that.
start-group = Hello. I can bring this chat one digest of the news a day. One of its admins may begin with /start.
rhythm-daily = The digest comes every day at { $at } ({ $zone }), next { $next }.
rhythm-nothing = The digest would come every day at { $at } ({ $zone }), but you follow nothing yet: /lists shows what there is.
rhythm-paused = The digest is paused. /settings starts it again.
rhythm-none = No digest comes yet: one of the admins of this chat begins with /start.
rhythm-today = today
rhythm-tomorrow = tomorrow
hour-question = <b>At what hour should the digest come each day?</b> Choose one, or { $chat ->
        [private] simply write it
       *[group] answer this message with it
    }, for example 7:45.
hour-typed = { $chat ->
        [private] Write the hour
       *[group] Answer this message with the hour
    } as you would say it: 8, 8:30 or 8 pm.
hour-unclear = I did not recognise an hour in that. Something like 8:30 or 8 pm will do, or choose one above.
hour-other-button = Another hour…
hour-offer-button = Digest at { $at }
zone-question = <b>{ $at } by which clock?</b> Choose a place with your time, or { $chat ->
        [private] write your city
       *[group] answer this message with your city
    }, or something like UTC+3.
zone-question-alone = <b>Which clock do you live by?</b> By the one that I know of it is { $now }. Choose a place with your time, or { $chat ->
        [private] write your city
       *[group] answer this message with your city
    }, something like UTC+3, or the time that your clock shows.
zone-typed = { $chat ->
        [private] Write your city
       *[group] Answer this message with your city
    }, for example Lisbon, or the difference, for example UTC+3.
zone-unclear = I do not know a place or time zone of that name. The nearest large city will do, or something like UTC+3.
zone-other-button = Another place…
start-done =
    <b>Settled.</b> { $rhythm }

    /digest brings one at any moment, /search looks through everything, /settings changes what we agreed.

## Lists and channels
lists-head = <b>What you can follow</b>
lists-line = { $mark }<b>{ $title }</b> · { $count ->
        [one] one channel
       *[other] { $count } channels
    }
lists-foot = Press to follow or to stop. /channels shows what is in each list.
lists-more = …and { $count ->
        [one] one more list
       *[other] { $count } more lists
    }: /subscribe with its name.
lists-own = You also follow on their own: { $channels }.
channels-head = <b>{ $title }</b>
channels-more = …and { $count ->
        [one] one more channel
       *[other] { $count } more channels
    }.
channels-empty = No channels have been set up here yet.
channels-foot = /subscribe with a name follows one channel on its own.
follow-done = You now follow <b>{ $title }</b>.
follow-already = You follow <b>{ $title }</b> already.
follow-ended = You no longer follow <b>{ $title }</b>.
follow-not = You were not following <b>{ $title }</b>.
follow-nothing-left = That was the last one: no digest will come until you follow something again.
follow-unknown = I know no list or channel called “{ $what }”.
follow-only-added = Channels are added by the one who runs this bot; what has been added can be followed.
follow-nearest = Did you mean { $names }?
follow-there-is = There is: { $names }.
subscribe-question = <b>What would you like to follow?</b>
unsubscribe-question = <b>What should I leave out from now on?</b>
unsubscribe-more = …and { $count } more: /unsubscribe with the name.
unsubscribe-nothing = You follow nothing at the moment. /lists shows what there is.
forward-offered = <b>{ $title }</b> is read here. You can follow it on its own.
forward-followed = <b>{ $title }</b> is among what you follow.
forward-unknown = <b>{ $title }</b> is not read here. The one who runs this bot can add it; /lists shows what there is.
forward-in = In the lists: { $lists }.
forward-button = Follow it
follow-on-alert = Following { $title }
follow-off-alert = No longer following { $title }

## A digest now
digest-unclear = I did not understand “{ $what }”. Write /digest for the last day, <code>/digest yesterday</code>, <code>/digest friday</code> or <code>/digest 3 days</code> for others, or the name of a list behind it: { $names }.
digest-not-yet = What you follow has not been read for the first time yet. That takes some minutes: /digest brings the news then.
digest-not-yet-admin = You run this place: /status shows whether the channels are read, and why not. It is <code>courant run</code>, its part <code>ingest</code>, that reads them.
digest-twice = I have just made you this digest: it is above, or on its way.
digest-enough = That is a lot of digests for one chat in a short time. I can make the next one in { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    }; /search answers at once.
digest-cut = A digest covers { $days } days at most: these are the last ones. /search looks further back.
digest-nothing-followed = You follow nothing yet, so there is nothing to tell. /lists shows what there is.
sources-twice-alert = The sources of this digest stand in this chat already

## Search
search-button = 🔍 Search for “{ $query }”
search-help =
    <b>Search everything that was published</b>

    <code>/search sanctions rouble</code> – both words, in any form
    <code>/search "direct talks"</code> – these words side by side
    <code>/search gas -oil</code> – without a word, and -channel:name without a channel
    <code>/search talks since:7d</code> – also until:2025-02-18
    <code>/search rate list:world</code> – also channel:name, lang:en

    You can also simply write me the words.
search-head = <b>{ $query }</b>
search-page = page { $page }
search-story = This story, as it is told here
search-story-more = …and { $count ->
        [one] one more post
       *[other] { $count } more posts
    }.
search-quote = In answer to “{ $quote }”
search-note = ⚠ Fact-checkers{ $country ->
    [none] {""}
   *[other] {" "}({ $country })
 } say: { $note }
search-article = in a linked article: { $title }
search-copies = { $count ->
        [one] and once more in the same words
       *[other] and { $count } more in the same words
    }
search-none = Nothing was found for <b>{ $query }</b>.
search-named = By name there is { $names }.
search-none-foot = { $words ->
        [1] /search without words tells how to ask.
       *[other] Fewer words find more; /search without words tells how to ask.
    }
search-unclear-nothing = There is no word in “{ $what }” that I could look for.
search-unclear-without = “{ $what }” only says what must not be there. Write a word that I shall look for as well.
search-unclear-filters = “{ $what }” only says where to look. Write a word that I shall look for as well.
search-unclear-time = “{ $what }” is no time that I know: write 7d, 24h, today, yesterday or 2025-02-18. A channel is channel:name.
search-nowhere = Nothing here is called { $names }. /channels shows all lists and channels.
search-examples = For example: <code>/search sanctions since:7d</code> or <code>/search "direct talks" -oil</code>
search-hint = I took this as a search. /help shows what else I can do.
search-hint-near = I took this as a search. Did you mean { $near }? /help shows what else I can do.
search-slip = There is no filter “{ $typed }:”, so I took that for words. Did you mean “{ $meant }:”?
search-old-alert = This search is too old to turn its pages. Please ask it again.

## Settings
settings-head = <b>Your settings</b>
settings-follows = You follow: { $follows }
settings-hour = Hour: { $at }
settings-zone = Time zone: { $zone }, now { $now }
settings-minutes = Reading time: about { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }
settings-look = Look: { $look ->
        [rich] rich messages
       *[classic] classic
    }
settings-hour-button = Hour
settings-zone-button = Time zone
settings-language-button = Language
settings-lists-button = Lists
settings-minutes-button = Reading time
settings-look-button = Look
settings-pause-button = Pause
settings-resume-button = Resume
settings-forget-button = { $chat ->
        [private] Forget me
       *[group] Forget this chat
    }
settings-back-button = ◀ Settings
language-done = I speak English from now on. What posts say stays in their own language.
language-already = I speak English already. What posts say stays in their own language: /lists may have channels in yours.
language-unknown = I speak only English and Russian.
language-question = <b>Which language shall I speak?</b>
minutes-question = <b>How long may a digest be?</b> I keep the best stories and leave the rest out.
minutes-done = A digest takes about { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    } to read from now on.
minutes-shortest = Digests are as short as they get already, about { $minutes } minutes. Following fewer /lists makes them calmer, /stop pauses them.
minutes-longest = Digests are as long as they get already, about { $minutes } minutes. /digest brings another at any moment, /search looks through everything.
minutes-button = { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }
rhythm-only = I bring one digest a day, and know no other rhythm. It can be shorter or come at another hour, or pause: then nothing comes until you want it again, and <code>/digest</code>, <code>/digest week</code> or <code>/digest weekend</code> brings one when you ask.
hour-change-question = <b>At what hour should the digest come?</b> So far it comes at { $at } ({ $zone }). Choose one, or { $chat ->
        [private] simply write it
       *[group] answer this message with it
    }.
look-question =
    <b>How should digests look?</b>

    Classic ones can be read everywhere. Rich ones have headings and details that unfold, but some apps show them as an empty bubble. I have sent you a sample: if you can see it, press the button in it.
look-rich-question =
    <b>How should digests look?</b>

    The sample could be read here, so they come as rich messages, with headings and details that unfold. Where another app shows them as an empty bubble, choose the classic look.
look-unknown = This Telegram server does not know rich messages, so digests stay classic.
look-classic-button = Classic look
look-rich-alert = From now on digests come as rich messages
look-classic-alert = Digests come in the classic look
sample-heading = A digest as a rich message
sample-text = If you can read this, headings, folded details and the button below work in your app.
sample-summary = Also reported by three channels
sample-details = Details unfold where they stand, and fold away again.
sample-button = I can read this
saved-alert = Noted
paused-alert = The digest is paused
resumed-alert = The digest comes again
forget-question =
    <b>Forget everything about { $chat ->
        [private] you
       *[group] this chat
    }?</b>

    Subscriptions, settings, searches and digests are deleted here for good. Messages already in this chat stay until you delete them.
forget-yes-button = Yes, forget it all
forget-no-button = No, keep it
forget-done = Done: nothing is kept here any more. /start begins anew whenever you like.
stop-question =
    <b>Less of me, or nothing at all?</b>

    A pause keeps everything as it is and sends nothing until you want it again; searching and /digest go on working. You can also follow fewer lists, or have all that I know { $chat ->
        [private] of you
       *[group] of this chat
    } deleted.

## Taste
keywords-head = <b>What you want more of, and what never</b>
keywords-more = More of: { $words }
keywords-never = Never: { $words }
keywords-likings = { $count ->
        [one] Once you pressed that you want more or less of something. That fades with time.
       *[other] { $count } times you pressed that you want more or less of something. That fades with time.
    }
keywords-none = Nothing yet: every digest is ranked by what happened alone.
keywords-foot =
    <code>/keywords +nuclear -football</code> – more of the one, never the other, in whatever form the words come; <code>"world cup"</code> for several together. A button takes one back.
keywords-more-now = From now on you get more of { $words }.
keywords-never-now = You are told nothing more about { $words }.
keywords-full = There was no room for { $words }: take something back first.
keywords-unclear = I found no word in “{ $what }” that would tell one story from another.
settings-keywords-button = Words
like-more-alert = More of this from now on: { $words }. Press again to undo; /keywords shows all.
like-less-alert = Less of this from now on: { $words }. Press again to undo; /keywords shows all.
like-undone-alert = Taken back
like-gone-alert = That story is no longer kept, so there is nothing to learn from it. Newer digests have the same buttons.
rate-head = <b>Which do you want more of (+), or less (−)?</b>

## Help and trouble
thanked = You are welcome. /digest brings the news right now, /help says what else I can do.
help =
    I read Telegram channels and bring you one digest of their news a day. <b>What I can do</b>

    /digest – the news right now; also <code>/digest yesterday</code>, <code>/digest week</code>, <code>/digest world</code> (one list)
    /search – look through everything that was published
    /lists – choose what to follow
    /channels – the channels behind the lists
    /subscribe, /unsubscribe – the same by name, also for single channels
    /keywords – words you want more of, or never
    /settings – hour, time zone, language, length, look, pause
    /stop – pause the digest, or end it for good
    /start – how things stand

    Or write me any words: I search for them.
command-unknown = I do not know { $command }. /help shows what I can do.
command-near = I do not know { $command }. Did you mean { $near }? /help shows all that I can do.
words-only = I can read words only, no pictures or voices. Write what I shall look for, or /help for what else I can do.
trouble = Something went wrong on my side. It has been noted; please try again in a minute.
trouble-alert = Something went wrong on my side. Please try again in a minute.
admins-only = Only admins of this chat can do that.
forgotten-alert = Nothing is kept about this chat. /start begins anew.
admins-unseen = I cannot see who is an admin of this chat. Make me one of its admins, then try again.
old-button-alert = This button is no longer in use. /help shows what I can do.
part-in-doubt = The connection broke while part { $part } of the digest was on its way, so it may not have reached you.
resend-button = Send it again
resend-alert = It is on its way
resend-not-alert = It has been sent already

## For those who run the place
status-channels =
    { $count ->
        [one] <b>{ $count }</b> channel is followed
       *[other] <b>{ $count }</b> channels are followed
    }, { $web } of them by the web preview.
status-account-reading =
    Account { $name } reads { $channels ->
        [one] { $channels } channel
       *[other] { $channels } channels
    }.
status-account-resting = Account { $name } rests until { $at }: { $reason }
status-account-unreachable = Account { $name }: Telegram does not answer since { $at }: { $reason }
status-account-signed-out = Account { $name } is out since { $at }: { $reason }
status-account-banned = Account { $name } is out since { $at }: { $reason }
status-folder = The folder of { $lists }, read { $read }: channels { $channels }, of them closed { $closed }, other chats { $others }.
status-folder-waits = The folder of { $lists } has not been read yet, which needs an account.
status-folder-fails = The folder of { $lists } could not be read: { $reason }
status-bad = Not read as they should be (<b>{ $count }</b>):
status-web = the web preview
status-channel = { $name }, by { $way }, last read { $read }, { $late } min late: { $reason }
status-channel-never = { $name }, by { $way }, never read, { $late } min late: { $reason }
status-more = … and { $count } more: courant channels
status-not-yours =
    /status is for those who run the place. If that is you, write your number, <code>{ $person }</code>, into COURANT_ADMINS.

# courant try

terminal-wait = Reading a made-up day of made-up channels …
terminal-hint = Write to the bot (/start, /lists, /digest, /search rain), #1 presses a button, Ctrl-D ends.
terminal-no-button = There is no button #{ $number }.
terminal-no-buttons = There are no buttons yet.
terminal-changed = the message above is now

## The lists, for those who run the place
command-add = Add channels to a list
command-remove = Take channels out of the lists
command-status = How all is read, and what the lists hold
keep-help =
    <b>For you, who run this place</b>
    /add – <code>/add @name world</code> puts channels into a list; a link or a forwarded post will do
    /remove – <code>/remove @name</code> takes them out
    /status – how all is read, and what the lists hold
keep-first = That is you: <code>/add @name World</code> begins the first list, and so does a post that you forward to me.
keep-add-help =
    <code>/add @name world</code> puts a channel into a list, <code>/add @first t.me/second World affairs</code> several. Without a list I ask which one; one that is not there is begun.

    You can also forward me a channel's post, or send me links.
keep-remove-help = <code>/remove @name</code> takes a channel out of all lists, <code>/remove @name world</code> out of one. /status shows what the lists hold.
keep-unclear = “{ $what }” is no channel. Write @name or its link, or forward me one of its posts.
keep-where = Which list shall I add { $names } to?
keep-no-list = There is no list “{ $title }” yet. Shall I begin it with { $names }, or choose another?
keep-begin-button = ＋ { $title }
keep-new-button = New list…
keep-title-question = <b>What is the new list called?</b> Write its title as readers should see it, or “cancel”.
keep-cancelled = Nothing has changed.
keep-added = { $names } { $count ->
        [one] is
       *[other] are
    } in <b>{ $list }</b> now.
keep-begun = The list <b>{ $list }</b> is begun with { $names }. Readers can type it as <code>{ $id }</code>.
keep-how-read = /status shows how the reading goes.
keep-known = { $names } { $count ->
        [one] was
       *[other] were
    } in <b>{ $list }</b> already.
keep-account = What has no public name is read by an account only: <code>courant login</code> signs one in.
keep-removed = { $names } { $count ->
        [one] is
       *[other] are
    } no longer in <b>{ $list }</b>.
keep-stays = What was published stays in searches.
keep-absent = { $names } { $count ->
        [one] is
       *[other] are
    } in none of the lists.
keep-absent-there = { $names } { $count ->
        [one] is
       *[other] are
    } not in <b>{ $list }</b>.
keep-by-folder = { $names } is in <b>{ $list }</b> by its folder, and leaves when the folder drops it.
keep-no-such-list = There is no list “{ $title }”.
undo-button = ↶ Undo
keep-shelf =
    <b>{ $title }</b> (<code>{ $id }</code>) · { $count ->
        [one] one channel
       *[other] { $count } channels
    }
keep-channel = { $name }, by { $way }, read { $read }
keep-channel-waits = { $name }, not read yet
keep-channel-folder = { $line } (by the folder)
keep-shelf-foot = <code>/add @name { $id }</code> adds a channel; a button takes one out.
keep-shelf-button = { $title } · { $count }
keep-back-button = ◀ All lists
keep-open-button = ✎ Edit the lists
keep-drop-list-button = ✕ Remove the empty list { $title }
keep-list-removed = The list <b>{ $list }</b> is gone.
keep-read-only = Nothing has changed, for I may not write { $error }. Give the user that runs Courant the right to write this file and its folder, or edit it by hand.
keep-broken = Nothing has changed, for I cannot edit it from here: { $error }. Mend the file by hand, then try again.
