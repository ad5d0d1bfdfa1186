"""The bot in groups, topics and channels, over a real Bot API server."""

from datetime import timedelta

from bot.callbacks import Sources
from core.model import ReaderState
from tests.bot.running import Running
from tests.bot.scheduled import a_schedule
from tests.bot.world import a_forward
from tests.moments import NOW, Moment
from tests.servers.bot_api_chats import Chat, Person


async def test_a_group_in_which_nobody_may_write_is_not_answered_and_still_a_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    group.refuses = (400, "Bad Request: not enough rights to send text messages to the chat")
    await alice.says("/help", group)
    await running.refused()

    assert await running.state(group.id) is ReaderState.ACTIVE
    assert not [call for call in running.api.of("sendMessage") if "Something went wrong" in call.params["text"]]


async def test_an_admin_may_write_in_the_groups_own_name(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors")
    await alice.says("/start", group, sender_chat=group.tl())

    await alice.sees("At what hour", group)


async def test_in_a_group_only_admins_change_settings_and_everyone_may_look(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    group = running.api.group("Editors", admins=(alice,))
    await bob.says("/start@courant_bot", group)
    assert "Only admins" in (await bob.hears(1, group))[0].text
    await alice.says("/start@courant_bot", group)
    await alice.sees("At what hour", group)
    assert await bob.answered(await bob.presses("20:00", group)) == "Only admins of this chat can do that."
    assert await alice.answered(await alice.presses("20:00", group)) == "Noted"
    assert "tariffs" in (await bob.asks("/search@courant_bot tariff", 1, group))[0].text
    async with running.store.read() as tx:
        reader = await tx.readers.find(group.id)
    assert reader
    assert (reader.at, reader.kind, reader.lists) == ("20:00", "supergroup", ("world",))


async def test_in_a_group_other_bots_commands_and_chatter_are_left_alone(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    for text in ("/start@other_bot", "good morning", "/fly"):
        await alice.says(text, group)
    await running.idle()

    assert not [message for message in group.shown if message.by_bot]
    assert await running.state(group.id) is None


async def test_questions_in_a_group_are_answered_by_replies_and_its_topics_live_by_its_clock(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    question = await alice.sees("At what hour", group)
    await alice.says("7:15", group)
    await alice.says("7:45", group, reply_to_message=question.tl(running.api.me))

    question = await alice.sees("7:45 by which clock", group)
    await alice.says("Berlin", group, reply_to_message=question.tl(running.api.me))
    await alice.sees("every day at 07:45 (Berlin)", group)
    await alice.says("/lists", group, message_thread_id=5, is_topic_message=True)
    await alice.sees("What you can follow", group)
    async with running.store.read() as tx:
        topic = await tx.readers.find(group.id, 5)
    assert topic
    assert topic.zone == "Europe/Berlin"


async def test_what_members_reply_to_other_messages_of_the_bot_is_left_alone(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    question = await alice.sees("At what hour", group)
    greeting = await alice.sees("I read Telegram channels", group)
    said = len(group.shown)
    await bob.says("8 channels, nice", group, reply_to_message=greeting.tl(running.api.me))
    await running.idle()
    assert len(group.shown) == said + 1
    await bob.says("8:15", group, reply_to_message=question.tl(running.api.me))
    assert "Only admins" in (await bob.hears(1, group))[0].text


async def test_a_question_in_a_channel_is_answered_by_a_reply(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))

    async def posts(text: str, **more: object) -> None:
        post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": text}
        await running.api.update("channel_post", post | more)

    await posts("/start")
    question = await alice.sees("answer this message with it", channel)
    asked = question.tl(running.api.me)
    del asked["from"]
    await posts("7:15")
    await posts("7:45", reply_to_message=asked)

    assert "7:45 by which clock" in (await alice.sees("by which clock", channel)).text


async def test_a_command_in_what_a_channel_reposts_is_not_obeyed(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl()}
    await running.api.update("channel_post", {**post, **a_forward("evil_one", 2, text="/start")})
    await running.api.update("channel_post", {**post, "text": "/help"})

    assert "What I can do" in (await alice.hears(1, channel))[0].text


async def test_a_slip_in_a_channel_is_answered_once_it_is_corrected(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl()}
    await running.api.update("channel_post", {**post, "text": "/subscribe moon"})
    await alice.sees("I know no list or channel", channel)
    await running.api.update("edited_channel_post", {**post, "edit_date": 2, "text": "/subscribe city"})
    await alice.sees("You now follow", channel)


async def test_who_writes_in_the_name_of_another_channel_is_no_admin(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    group = running.api.group("Editors", admins=(alice,))
    bobs = running.api.group("Bob's channel", kind="channel")
    await bob.says("/start", group, sender_chat=bobs.tl())

    assert "Only admins" in (await bob.hears(1, group))[0].text


async def test_what_a_channel_posts_is_not_answered_in_its_group_of_discussion(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Discussion", admins=(alice,))
    channel = running.api.group("Our digest", kind="channel")
    await alice.says("/start", group, sender_chat=channel.tl(), is_automatic_forward=True)
    await running.idle()

    assert not running.api.of("sendMessage")


async def test_whom_telegram_does_not_find_in_a_chat_is_no_admin_of_it(running: Running) -> None:
    bob = running.api.person("Bob")
    group = running.api.group("Editors")
    running.api.fault("getChatMember", code=400, description="Bad Request: PARTICIPANT_ID_INVALID")
    await bob.says("/start", group)

    assert "Only admins" in (await bob.hears(1, group))[0].text


async def test_where_a_bot_cannot_see_the_admins_it_says_what_would_help(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    running.api.fault("getChatMember", code=400, description="Bad Request: CHAT_ADMIN_REQUIRED")
    await alice.says("/start", group)

    assert "Make me one of its admins" in (await alice.hears(1, group))[0].text


async def test_the_topics_of_a_group_sleep_and_wake_with_the_bots_place_in_it(running: Running) -> None:
    alice = running.api.person("Alice")
    forum = running.api.group("Forum", admins=(alice,))
    await alice.says("/lists", forum, message_thread_id=5, is_topic_message=True)
    await alice.sees("What you can follow", forum)
    for before, after, state in (("member", "left", ReaderState.BLOCKED), ("left", "member", ReaderState.ACTIVE)):
        await change(running, forum, alice, before, after)
        await running.idle()
        assert await running.state(forum.id, 5) is state
    async with running.store.read() as tx:
        (topic,) = await tx.readers.of_chat(forum.id)
    assert topic.due_at is None  # nobody has started it yet


async def test_each_topic_is_a_reader_of_its_own(running: Running) -> None:
    alice = running.api.person("Alice")
    forum = running.api.group("Forum", admins=(alice,))
    for thread in (5, 6):
        await alice.says("/start", forum, message_thread_id=thread, is_topic_message=True)
    await running.api.until(
        lambda: (
            {call.params.get("message_thread_id") for call in running.api.of("sendMessage") if call.ok} == {5, 6}
            and len([message for message in forum.shown if "At what hour" in message.text]) == 2
        )
    )

    assert await running.state(forum.id, 5) is ReaderState.ACTIVE
    assert await running.state(forum.id) is None


async def test_a_channel_that_the_bot_posts_in_can_be_a_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": "/start"}
    post["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    await running.api.update("channel_post", post)
    await alice.sees("At what hour", channel)

    assert await running.state(channel.id) is ReaderState.ACTIVE


async def test_a_channel_is_shown_no_buttons_that_only_its_admins_may_press(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": "/start"}
    await running.api.update("channel_post", post)
    await alice.sees("At what hour", channel)

    digest = await alice.sees("channels became", channel)
    assert digest.labels == []
    assert "07:00" in (await alice.sees("At what hour", channel)).labels

    sources = Sources(digest=1).pack()  # as digests of an older version carry it
    assert "Only admins" in await bob.answered(await running.api.pressed(bob, digest, sources))
    assert await alice.answered(await running.api.pressed(alice, digest, sources)) == ""
    assert "stand in this chat already" in await alice.answered(await running.api.pressed(alice, digest, sources))
    assert len([message for message in channel.shown if message.text.startswith("Sources")]) == 1


async def test_that_the_sources_came_already_is_told_in_the_language_of_the_group(running: Running) -> None:
    alice, bob = running.api.person("Алиса", "ru"), running.api.person("Bob")
    group = running.api.group("Редакция", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("В котором часу", group)
    await alice.asks("/subscribe world", 1, group)
    await alice.says("/digest", group)

    assert await bob.answered(await bob.presses("Источники", group)) == ""
    assert "уже есть в этом чате" in await bob.answered(await bob.presses("Источники", group))


async def test_a_group_that_asks_for_digest_after_digest_in_all_its_topics_has_to_wait_and_others_have_not(
    running: Running,
) -> None:
    alice, boris = running.api.person("Alice"), running.api.person("Борис", "ru")
    group = running.api.group("Crowd", admins=(alice,))
    await alice.says("/start", group)
    for minutes in range(1, 14):
        await alice.says(f"/digest city {minutes}h", group, message_thread_id=minutes % 2, is_topic_message=True)
    await alice.sees("That is a lot of digests for one chat", group)
    await running.idle()
    await boris.says("/digest world")
    await boris.says("/digest world")
    await boris.sees("Мир · вторник")

    async with running.store.read() as tx:
        made = (await tx.outbox.counts())["digests"]
    assert made == 1 + 10 + 2  # the first ones come by themselves
    assert sum("/search answers at once" in message.text for message in group.shown) == 3


async def test_a_group_that_moves_keeps_its_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", kind="group", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    successor = running.api.upgrade(group)
    await alice.says("", group, migrate_to_chat_id=successor.id)
    await running.idle()

    assert await running.state(successor.id) is ReaderState.ACTIVE


async def test_a_group_that_moves_keeps_its_reader_though_the_bot_is_told_first_that_it_was_let_into_another(
    running: Running,
) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", kind="group", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    await alice.answered(await alice.presses("20:00", group))
    successor = running.api.upgrade(group)
    await change(running, successor, alice, "left", "member")
    await alice.sees("/start", successor)
    await alice.says("", group, migrate_to_chat_id=successor.id)
    await running.idle()

    async with running.store.read() as tx:
        reader = await tx.readers.find(successor.id)
        assert await tx.readers.find(group.id) is None
    assert reader
    assert (reader.at, reader.lists, bool(reader.due_at)) == ("20:00", ("world",), True)


async def change(running: Running, chat: Chat, who: Person, before: str, after: str) -> None:
    """Tell the bot what has become of its place in a chat, by whom."""
    body = {"chat": chat.tl(), "from": who.tl(), "date": 1}
    for key, status in (("old_chat_member", before), ("new_chat_member", after)):
        body[key] = {"user": running.api.me, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    await running.api.update("my_chat_member", body)


async def test_being_let_into_a_group_the_bot_says_how_to_begin_and_keeps_the_language(running: Running) -> None:
    alice, bob = running.api.person("Алиса", "ru"), running.api.person("Bob")
    group = running.api.group("Редакция", admins=(alice,))
    await change(running, group, alice, "left", "member")
    assert "Начать может администратор командой /start" in (await alice.hears(1, group))[0].text

    assert "Дайджест пока не приходит" in (await bob.asks("/settings", 1, group))[0].text
    assert "Дайджест пока не приходит" in (await alice.asks("/subscribe city", 1, group))[0].text
    await bob.says("/lists", group, message_thread_id=5, is_topic_message=True)
    assert "Что можно читать" in (await bob.hears(1, group))[0].text


async def test_a_channel_is_spoken_to_in_the_language_of_who_let_the_bot_in_though_the_server_is_older(
    running: Running,
) -> None:
    alice = running.api.person("Алиса", "ru")
    channel = running.api.group("Наш дайджест", kind="channel", admins=(alice,))
    rights = "manage_chat delete_messages manage_video_chats restrict_members promote_members change_info invite_users"
    admin = {"user": running.api.me, "status": "administrator", "can_be_edited": False, "is_anonymous": False}
    admin |= {f"can_{right}": True for right in rights.split()}  # and others, of which an older server does not know
    left = {"user": running.api.me, "status": "left"}
    body = {"chat": channel.tl(), "from": alice.tl(), "date": 1, "old_chat_member": left, "new_chat_member": admin}
    await running.api.update("my_chat_member", body)
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": "/start"}
    await running.api.update("channel_post", post)

    await alice.sees("В котором часу", channel)


async def test_a_group_that_lets_the_bot_in_again_hears_that_all_is_as_it_was(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group, message_thread_id=5, is_topic_message=True)
    await alice.sees("At what hour", group)
    await change(running, group, alice, "member", "kicked")
    await change(running, group, alice, "kicked", "member")

    back = await alice.sees("I am back", group)
    assert "every day at 08:00" in back.text
    assert back.params["message_thread_id"] == 5


async def test_a_group_that_pauses_still_does_when_the_bot_is_let_in_again_and_begins_anew_where_it_was(
    running: Running, clock: Moment
) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    clock.passes(hours=14)
    assert await a_schedule(running.store, clock).deliver_due() == 1
    await alice.says("/settings", group)
    for button in ("Pause", "Hour", "20:00"):
        await alice.answered(await alice.presses(button, group))
    await change(running, group, alice, "member", "left")
    await change(running, group, alice, "left", "member")
    assert "The digest is paused" in (await alice.sees("I am back", group)).text
    assert await running.state(group.id) is ReaderState.PAUSED
    await alice.says("/settings", group)
    assert await alice.answered(await alice.presses("Resume", group)) == "The digest comes again"

    async with running.store.read() as tx:
        reader = await tx.readers.find(group.id)
    assert reader  # today's has come
    assert (reader.state, reader.at, reader.due_at) == (ReaderState.ACTIVE, "20:00", NOW + timedelta(days=2, hours=2))


async def test_a_topic_that_is_opened_again_gets_its_digests_again(running: Running) -> None:
    alice = running.api.person("Alice")
    forum = running.api.group("Forum", admins=(alice,))
    topic = {"message_thread_id": 5, "is_topic_message": True}
    await alice.says("/lists", forum, **topic)
    await alice.sees("What you can follow", forum)
    running.api.fault("sendMessage", code=400, description="Bad Request: message thread not found")
    await alice.says("/help", forum, **topic)
    await running.refused()
    assert await running.state(forum.id, 5) is ReaderState.BLOCKED
    for thread in (5, 6):
        await alice.says("", forum, message_thread_id=thread, is_topic_message=True, forum_topic_reopened={})
    await running.idle()

    assert await running.state(forum.id, 5) is ReaderState.ACTIVE
    assert await running.state(forum.id, 6) is None  # nobody has spoken to the bot there


async def test_in_a_group_a_slip_in_a_command_is_told_where_the_command_was_for_this_bot(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors")
    for text in ("/digset", "/digset@other_bot", "/digset@Courant_Bot"):
        await alice.says(text, group)

    assert "Did you mean /digest?" in (await alice.hears(1, group))[0].text
    await running.idle()
    assert len(running.api.of("sendMessage")) == 1
